"""Step 3: where the documents go, what the account sees, what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.core.french import count, join_words, size
from enn_desktop.qt.first_start.fields import QWIDGETSIZE_MAX, column, label_for, line
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import button, card, page_layout, plain_tip, row, words
from enn_desktop.qt.place_words import (
    RESERVE,
    RESERVE_MEANS,
    STAY_HERE,
    cloud_sentence,
    may_leave,
    place_sentence,
    reserve_words,
)
from enn_desktop.qt.settings.parts import tick
from enn_desktop.system.documents_place import PlaceKind

if TYPE_CHECKING:
    from enn_desktop.backup.connection_test import Discovered

SHOWN = 8
"""Names listed before the rest is only counted."""
NEXT = (
    "Ensuite, tout ce que ce compte voit est copié dans ce dossier\u00a0; rien n’est effacé sur la plateforme. "
    "La première fois peut être longue\u00a0: vous pouvez continuer à travailler, arrêter et reprendre."
)
UNTRIED = (
    "La connexion n’a pas été essayée. Elle le sera à la première récupération\u00a0; si elle est refusée, "
    "vous pourrez corriger le compte dans les réglages."
)
SEES_NOTHING = "Ce compte ne voit aucune collectivité\u00a0: appelez ENN pour faire ouvrir ses droits."
NO_FLOW = "Ce compte ne voit aucun flux\u00a0: appelez ENN pour faire ouvrir ses droits."
IN_CLEAR = "Attention\u00a0: cette adresse n’est pas chiffrée (http)."
WHY = (
    "Une note des Archives de France (5\u00a0avril 2016) juge qu’un tel service ne convient pas à des archives "
    "publiques. Et un fichier effacé ailleurs, sur un téléphone par exemple, disparaîtrait aussi d’ici. "
    "Préférez un disque de ce poste ou le serveur de la mairie. Vous pouvez continuer\u00a0: la mairie décide."
)


def listed(names: Sequence[str]) -> str:
    """Return names joined, the rest counted when they are many."""
    if len(names) <= SHOWN:
        return join_words(names)
    return f"{', '.join(names[:SHOWN])} et {count(len(names) - SHOWN, 'autre')}"


def seen_sentence(entities: Sequence[str], flows: Sequence[str]) -> str:
    """Say what the account sees."""
    if not entities:
        return SEES_NOTHING
    communes = f"Ce compte voit\u00a0: {listed(entities)}"
    return f"{communes}. {NO_FLOW}" if not flows else f"{communes}\u00a0; flux\u00a0: {listed(flows)}."


class FolderStep(QWidget):
    """Proposes a folder; says its free space and whether a consumer cloud copies it."""

    title = "Le dossier de la mairie sur ce poste"
    folder_changed = Signal(object)
    """A ``Path`` whose facts are wanted."""
    another_wanted = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._dialog: QFileDialog | None = None
        layout = page_layout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._seen_card, inside = card("good")
        self.seen_title, self._seen = words(role="good"), words()
        inside.addWidget(self.seen_title)
        inside.addWidget(self._seen)
        layout.addWidget(self._seen_card)
        self.path = line("Dossier de la mairie sur ce poste")
        self.path.setReadOnly(True)
        self.path.setMaximumWidth(QWIDGETSIZE_MAX)
        self.choose = button("Choisir…", self._choose_folder, name="Choisir le dossier")
        self.name = line("Nom de ce compte", description="Pour le reconnaître s’il y en a plusieurs.")
        self.another_button = button("Ajouter un autre compte…", self.another_wanted.emit, "link")
        self._path_label = label_for(self.path, "Dossier")
        layout.addWidget(self._make_places())
        layout.addWidget(self._make_cloud_card())
        layout.addWidget(words(NEXT))
        layout.addLayout(row(self.another_button, None))
        layout.addStretch(1)
        self.why.hide()
        self._cloud_card.hide()
        self.show_folder(folder)

    @property
    def field(self) -> QWidget:
        """The first field to fill in."""
        return self.path

    @property
    def folder(self) -> Path:
        """The folder chosen."""
        return self._folder

    @property
    def reserved(self) -> bool:
        """Whether the folder is to be opened to her account alone."""
        return self.reserve.isChecked() and self.reserve.isEnabled()

    def show_folder(self, folder: Path) -> None:
        """Show a folder; its facts are not known yet."""
        self._folder = folder
        self.path.setText(str(folder))
        self.path.setToolTip(plain_tip(str(folder)))
        self.reserve.setChecked(False)
        self.show_facts(FolderFacts())

    def show_facts(self, facts: FolderFacts) -> None:
        """Show the free space, the cloud that copies the folder, what kind of disk it is on, whose it is."""
        free = "" if facts.free_bytes is None else f" (place libre\u00a0: {size(facts.free_bytes)})"
        self._path_label.setText(f"Dossier{free}")
        cloud = cloud_sentence(facts, there_already=False)
        self._cloud.setText(cloud)
        self._cloud_card.setVisible(bool(cloud))
        self.why.setText(f"{WHY}\n{STAY_HERE}" if may_leave(facts) else WHY)
        self.why.hide()
        place = "" if cloud else place_sentence(facts)
        self._place.setText(place)
        self._place.setVisible(bool(place))
        # One that is reserved already is given back in the settings; a share has rights of its own.
        self.reserve.setEnabled(not facts.reserved and facts.kind is not PlaceKind.NETWORK)
        if facts.reserved or facts.kind is PlaceKind.NETWORK:
            self.reserve.setChecked(facts.reserved)
        self._reserve_means.setText(reserve_words(facts))
        self.reserve.setAccessibleDescription(reserve_words(facts))

    def show_seen(self, discovered: Discovered) -> None:
        """Show what a successful test saw."""
        self._dress("warn" if discovered.lacking else "good")
        version = f" (Pastell\u00a0{discovered.version})" if discovered.version else ""
        self.seen_title.setText(f"Connexion réussie{version}")
        seen = seen_sentence(discovered.entities, discovered.flows)
        self._seen.setText(f"{seen} {IN_CLEAR}" if discovered.in_clear else seen)

    def show_untried(self) -> None:
        """Say that nothing was tried."""
        self._dress("warn")
        self.seen_title.setText("Connexion non essayée")
        self._seen.setText(UNTRIED)

    def seen_words(self) -> str:
        """Return what is said of the account."""
        return self._seen.text()

    def path_words(self) -> str:
        """Return what is written above the folder."""
        return self._path_label.text()

    def place_words(self) -> str:
        """Return what is said of the kind of disk, empty when there is nothing to say."""
        return "" if self._place.isHidden() else self._place.text()

    def cloud_words(self) -> str:
        """Return the warning about a cloud, empty when there is none."""
        return "" if self._cloud_card.isHidden() else self._cloud.text()

    def missing(self) -> tuple[str, QWidget] | None:
        """Return what is not filled in and where, ``None`` when all is."""
        return None if self.name.text().strip() else ("Donnez un nom à ce compte.", self.name)

    def _dress(self, role: str) -> None:
        with_role(self._seen_card, role)
        with_role(self.seen_title, role)

    def _make_places(self) -> QWidget:
        part, layout = column()
        layout.addWidget(self._path_label)
        layout.addLayout(row(self.path, self.choose))
        named = row(label_for(self.name, "Nom de ce compte"), self.name, None)
        named.setStretch(1, 100)
        layout.addLayout(named)
        self._place = words(role="muted")
        self._place.hide()
        layout.addWidget(self._place)
        self.reserve = tick(RESERVE, description=RESERVE_MEANS)
        layout.addWidget(self.reserve)
        self._reserve_means = words(RESERVE_MEANS, "muted")
        layout.addWidget(self._reserve_means)
        return part

    def _make_cloud_card(self) -> QWidget:
        self._cloud_card, cloud = card("warn")
        self._cloud, self.why = words(), words(WHY)
        self.why_button = button("Pourquoi\u202f?", self._toggle_why, "link")
        said = row(self._cloud, self.why_button)
        said.setStretch(0, 1)
        cloud.addLayout(said)
        cloud.addWidget(self.why)
        return self._cloud_card

    def _toggle_why(self) -> None:
        self.why.setVisible(self.why.isHidden())

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Dossier où copier les dossiers de la mairie", str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def _folder_chosen(self, path: str) -> None:
        if not path:
            return
        self.show_folder(Path(path))
        self.folder_changed.emit(self._folder)
