"""Everything known of one dossier: what it is, what the copy is worth, until when, its life, its files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTabWidget, QVBoxLayout, QWidget

from enn_desktop.agenda.sheet import DossierSheet, SheetEvent, SheetFile
from enn_desktop.agenda.values import KeyBadge, Tone
from enn_desktop.core.french import NARROW, NBSP, clock_time, long_date, short_date, size
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.preview import Preview
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, button, plain_tip, row, scrolled, selectable, words

NOTHING = "Choisissez un dossier dans la liste."


def copy_sentence(sheet: DossierSheet) -> str:
    """Say what the copy on this computer is worth; « vérifiée » only after proof."""
    if sheet.gone_at is not None:
        return f"Absent de la plateforme{NARROW}; votre copie est {'complète' if sheet.complete else 'incomplète'}."
    if sheet.complete and sheet.verified_on is not None:
        return f"Copie sur ce poste, complète, vérifiée le {long_date(sheet.verified_on)}."
    if sheet.complete:
        return "Copie sur ce poste, complète."
    return f"Copie sur ce poste{NBSP}: {sheet.copy}."


def file_words(file: SheetFile, *, old: bool = False) -> str:
    """Return what a file is: its name, and below it its size and what is known of it."""
    checked = f"vérifié le {short_date(file.checked_at.astimezone())}" if file.checked_at else ""
    kept = "version remplacée sur la plateforme, gardée" if old else ""
    unlisted = "" if file.listed or old else "n’est plus annoncé par la plateforme"
    facts = (size(file.size), checked, kept, unlisted, "douteux" if file.doubt else "")
    return f"{file.name}\n{', '.join(fact for fact in facts if fact)}"


def event_words(event: SheetEvent) -> str:
    """Return one step of a dossier's life."""
    when = f"{short_date(event.when)} {clock_time(event.when, table=True)}" if event.when else "sans date"
    said = event.said if event.said and event.said != event.word else ""
    return " · ".join(part for part in (when, event.word, said, event.person) if part)


class DossierPanel(QWidget):
    """Shows a sheet; asks to open what it names."""

    folder_wanted = Signal(object)
    file_wanted = Signal(object)
    web_wanted = Signal(str)
    back_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: DossierSheet | None = None
        self._badge: KeyBadge | None = None
        self._key = words()
        self._title, self._about = words(NOTHING, "section"), words(role="muted")
        self._copy, self._limit, self._troubles = words(), words(role="muted"), words(role="warn")
        self.files, self.events = QListWidget(), QListWidget()
        self.preview = Preview(bridge)
        self._back = button("Retour à la liste", self.back_wanted.emit, "link")
        self._folder = button("Ouvrir le dossier", self._open_folder)
        self._web = button("Ouvrir dans Pastell", self._open_web)
        self._open = button("Ouvrir le fichier", self._open_file)
        self._folder.setToolTip("Ctrl+O")
        self.tabs = QTabWidget()
        self._assemble()
        self.files.currentItemChanged.connect(lambda *_: self._file_chosen())
        self.files.itemActivated.connect(lambda _: self._open_file())
        self._buttons()

    def _assemble(self) -> None:
        head = QWidget()
        inside = QVBoxLayout(head)
        inside.setContentsMargins(0, 0, SMALL_GAP, 0)
        inside.setSpacing(2)
        for part in (self._title, self._about, self._key, self._copy, self._limit, self._troubles):
            # A word longer than the panel must not make it wider than its place.
            part.setMinimumWidth(1)
            inside.addWidget(selectable(part))
        inside.addStretch(1)
        facts, listing = scrolled(head), scrolled(files := QWidget())
        for area in (facts, listing):
            # On a very narrow screen with large letters, sideways is better than not at all.
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        facts.setMinimumHeight(60)
        listed = QVBoxLayout(files)
        listed.setContentsMargins(0, SMALL_GAP, 0, 0)
        listed.setSpacing(SMALL_GAP)
        listed.addWidget(self.files, 2)
        listed.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        listed.addWidget(self.preview, 3)
        self.files.setAccessibleName("Fichiers du dossier")
        self.files.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.files.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.files.setUniformItemSizes(True)
        self.files.setAlternatingRowColors(True)
        self.events.setAccessibleName("Histoire du dossier")
        self.events.setWordWrap(True)
        self.tabs.addTab(facts, "En bref")
        self.tabs.addTab(listing, "Fichiers")
        self.tabs.addTab(self.events, "Histoire")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, 0, 0, 0)
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(row(self._folder, self._web, None))

    def show_sheet(self, sheet: DossierSheet | None) -> None:
        """Show what is known of a dossier; the same dossier again keeps the tab and the file chosen."""
        same = sheet is not None and self._sheet is not None and sheet.ref == self._sheet.ref
        chosen = self.chosen_file() if same else None
        self._sheet = sheet
        self.files.clear()
        self.events.clear()
        if sheet is None:
            self._title.setText(NOTHING)
            for part in (self._about, self._copy, self._limit, self._troubles):
                part.clear()
            self.tabs.setTabText(1, "Fichiers")
            self.preview.show_file(None)
        else:
            self._tell(sheet)
            self._choose_again(chosen)
        self._tell_key()
        self._buttons()

    def show_key(self, badge: KeyBadge) -> None:
        """Show how the signing key is, where the dossier needs it."""
        self._badge = badge
        self._tell_key()

    def _tell_key(self) -> None:
        badge = self._badge if self._sheet is not None and self._sheet.needs_key else None
        self._key.setVisible(badge is not None)
        if badge is not None:
            self._key.setText(f"{badge.alone}.")
            with_role(self._key, "muted" if badge.tone is Tone.PLAIN else badge.tone.value)

    def _tell(self, sheet: DossierSheet) -> None:
        title = " ".join(sheet.title.split()) or "Sans objet"
        self._title.setText(f"{sheet.number} {title}" if sheet.number and sheet.number not in title else title)
        day = f"depuis le {long_date(sheet.state_date.date())}" if sheet.state_date else ""
        self._about.setText(" · ".join(part for part in (sheet.family, sheet.entity, sheet.word, day) if part))
        self._copy.setText(copy_sentence(sheet))
        with_role(self._copy, "good" if sheet.complete else "warn" if sheet.gone_at or sheet.failures else "")
        self._limit.setText(sheet.limit_sentence)
        lines = [f"{one.original or 'Dossier'}{NBSP}: {one.message} {one.advice}" for one in sheet.failures]
        self._troubles.setText("\n".join(lines))
        self._troubles.setVisible(bool(lines))
        for file, old in (*((one, False) for one in sheet.files), *((one, True) for one in sheet.versions)):
            item = QListWidgetItem(file_words(file, old=old))
            item.setData(Qt.ItemDataRole.UserRole, str(file.path))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(item.text().splitlines()))
            item.setToolTip(plain_tip(file_words(file, old=old)))
            self.files.addItem(item)
        for event in reversed(sheet.events):
            self.events.addItem(event_words(event))
        self.tabs.setTabText(1, f"Fichiers ({len(sheet.files)})")

    def _choose_again(self, chosen: Path | None) -> None:
        if chosen is None:
            self.preview.show_file(None)
            return
        for rank in range(self.files.count()):
            if self.files.item(rank).data(Qt.ItemDataRole.UserRole) == str(chosen):
                self.files.setCurrentRow(rank)

    def set_alone(self, *, alone: bool) -> None:
        """Show the way back to the list where the panel hides it."""
        self._back.setVisible(alone)

    def chosen_file(self) -> Path | None:
        """Return the file chosen in the list."""
        item: QListWidgetItem | None = self.files.currentItem()
        return Path(str(item.data(Qt.ItemDataRole.UserRole))) if item is not None else None

    def _file_chosen(self) -> None:
        self.preview.show_file(self.chosen_file())
        self._buttons()

    def _buttons(self) -> None:
        sheet = self._sheet
        self._folder.setEnabled(sheet is not None and sheet.folder is not None)
        self._web.setEnabled(sheet is not None and bool(sheet.web_address) and sheet.gone_at is None)
        self._open.setEnabled(self.chosen_file() is not None)

    def open_folder(self) -> None:
        """Ask for the dossier's folder in the file explorer."""
        self._open_folder()

    def _open_folder(self) -> None:
        if self._sheet is not None and self._sheet.folder is not None:
            self.folder_wanted.emit(self._sheet.folder)

    def _open_web(self) -> None:
        if self._sheet is not None:
            self.web_wanted.emit(self._sheet.web_address)

    def _open_file(self) -> None:
        if (file := self.chosen_file()) is not None:
            self.file_wanted.emit(file)
