"""« Dossier »: where the documents go, how much room there is, who may open it, and that nothing moves."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.core.french import NBSP, size
from enn_desktop.core.settings import Settings
from enn_desktop.qt.pieces import announce, button, plain_tip, row, words
from enn_desktop.qt.place_words import RESERVE, RESERVE_MEANS, cloud_sentence, place_sentence, reserve_words
from enn_desktop.qt.settings.parts import SectionPage, muted, show_ticked, tick
from enn_desktop.system.documents_place import PlaceKind

NOTHING_MOVES = (
    "Les dossiers déjà récupérés restent où ils sont\u00a0: rien n’est déplacé, rien n’est effacé, et ils restent dans "
    "la liste. Les prochaines récupérations se font dans le nouveau dossier."
)


class FolderPage(SectionPage):
    """The folder of the documents."""

    change_wanted = Signal(object)
    """A ``Path``."""
    open_wanted = Signal(object)
    """A ``Path``."""
    reserve_wanted = Signal(object, bool)
    """A ``Path``, and whether it is to be opened to the user's account alone."""
    title = "Dossier"

    def __init__(self, folder: Path, free_bytes: int | None) -> None:
        super().__init__()
        self.folder = folder
        self._dialog: QFileDialog | None = None
        self.body.addWidget(words("Les documents récupérés sont copiés dans ce dossier, lisibles sans ce logiciel."))
        self.path = QLineEdit()
        self.path.setReadOnly(True)
        self.path.setAccessibleName("Dossier des documents")
        self.body.addWidget(self.path)
        self.free = muted()
        self.body.addWidget(self.free)
        self.cloud = words(role="warn")
        self.cloud.hide()
        self.body.addWidget(self.cloud)
        self.place = muted()
        self.body.addWidget(self.place)
        self.open_button = button("Ouvrir", lambda: self.open_wanted.emit(self.folder), name="Ouvrir le dossier")
        self.change_button = button("Choisir un autre dossier…", self._choose)
        self.body.addLayout(row(self.open_button, self.change_button, None))
        self.body.addWidget(words(NOTHING_MOVES))
        self.reserve = tick(RESERVE, description=RESERVE_MEANS)
        self.reserve.toggled.connect(lambda ticked: self.reserve_wanted.emit(self.folder, ticked))
        self.body.addWidget(self.reserve)
        self.reserve_means = muted(RESERVE_MEANS)
        self.body.addWidget(self.reserve_means)
        self.others = muted()
        self.body.addWidget(self.others)
        self.body.addStretch(1)
        self.show_facts(FolderFacts(free_bytes), folder)

    def fill(self, settings: Settings) -> None:
        """Show the folder, and the accounts that have one of their own."""
        if settings.folder and Path(settings.folder) != self.folder:
            self.show_facts(FolderFacts(), Path(settings.folder))
        own = [f"«{NBSP}{one.name}{NBSP}»{NBSP}: {one.folder}" for one in settings.accounts if one.folder]
        self.others.setText("\n".join(["Comptes dont les documents vont dans un autre dossier\u00a0:", *own]))
        self.others.setVisible(bool(own))

    def show_facts(self, facts: FolderFacts, folder: Path) -> None:
        """Show a folder and what is known of it: free space, cloud that copies it, kind of disk, whose it is."""
        self.folder = folder
        self.path.setText(str(folder))
        self.path.setCursorPosition(0)
        self.path.setToolTip(plain_tip(str(folder)))
        free = facts.free_bytes
        self.free.setText("" if free is None else f"Place libre sur ce disque{NBSP}: {size(free)}.")
        self.free.setVisible(free is not None)
        for label, said in (
            (self.cloud, cloud_sentence(facts, there_already=True)),
            (self.place, place_sentence(facts)),
        ):
            label.setText(said)
            label.setVisible(bool(said))
        show_ticked(self.reserve, facts.reserved)
        self.reserve.setEnabled(facts.reserved or facts.kind is not PlaceKind.NETWORK)
        self.reserve.setAccessibleDescription(reserve_words(facts))
        self.reserve_means.setText(reserve_words(facts))

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Dossier où copier les dossiers de la mairie", str(self.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._chosen)
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def _chosen(self, path: str) -> None:
        if not path or Path(path) == self.folder:
            return
        self.show_facts(FolderFacts(), Path(path))
        announce(self.path, f"Dossier choisi{NBSP}: {path}")
        self.change_wanted.emit(self.folder)
