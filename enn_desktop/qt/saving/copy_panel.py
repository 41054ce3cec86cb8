"""The copy on this computer: where it lies, and whether every document is still what was brought home."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Tone
from enn_desktop.archive.metadata import INDEX
from enn_desktop.qt.pieces import GAP, SMALL_GAP, ElidedLabel, button, clear, row, words
from enn_desktop.qt.saving.parts import ReadingTable, ToneLine, lines_in
from enn_desktop.qt.saving.sentences import added_sentence, check_sentence
from enn_desktop.qt.saving.tables import Damage, DamageTable

if TYPE_CHECKING:
    from enn_desktop.backup.checking import CheckedRoot

MEANING = "Relit chaque fichier copié et dit si l’un d’eux a changé ou disparu."
NOT_READ = "Ce dossier n’a pas pu être relu."
NOWHERE = "Rien n’a encore été copié sur ce poste."


class CopyPanel(QWidget):
    """Opens the folders, asks for a check, shows what it found."""

    verify_wanted = Signal()
    index_wanted = Signal(object)
    folder_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._roots: tuple[Path, ...] = ()
        self._openers: list[QPushButton] = []
        self._places, self._results = QVBoxLayout(), QVBoxLayout()
        self.verify_button = button("Vérifier", self.verify_wanted.emit, name="Vérifier la copie sur ce poste")
        self.verify_button.setAccessibleDescription(MEANING)
        self.nowhere = words(NOWHERE)
        self.model = DamageTable(self)
        self.table = ReadingTable(self.model, "Fichiers abîmés", stretched=(0, 2))
        self.table.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SMALL_GAP, 0, 0)
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(self.nowhere)
        layout.addLayout(self._places)
        layout.addSpacing(SMALL_GAP)
        asked = row(self.verify_button, words(MEANING, "muted"))
        asked.setSpacing(GAP)
        asked.setStretch(1, 1)
        layout.addLayout(asked)
        layout.addLayout(self._results)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)

    def show_roots(self, roots: Sequence[Path]) -> None:
        """Show where the documents lie; nothing moves when nothing changed."""
        if tuple(roots) == self._roots:
            return
        self._roots = tuple(roots)
        clear(self._places)
        self._openers.clear()
        self.nowhere.setVisible(not self._roots)
        for root in self._roots:
            self._places.addLayout(self._place(root))

    def show_checked(self, results: Sequence[CheckedRoot]) -> str:
        """Show what a check found; return it in words."""
        clear(self._results)
        said = [self._show_result(result, named=len(results) > 1) for result in results]
        damages = [Damage(one.root, each) for one in results if one.report is not None for each in one.report.damages]
        self.model.set_rows(damages)
        self.table.setVisible(bool(damages))
        return " ".join(said)

    def results(self) -> tuple[str, ...]:
        """Return what is said of the last check, in order."""
        return tuple(line.said() for line in lines_in(self._results))

    def openers(self) -> tuple[QPushButton, ...]:
        """Return the buttons that open a folder or its index, in order."""
        return tuple(self._openers)

    def show_busy(self, *, busy: bool) -> None:
        """Nothing can be checked while something goes on."""
        self.verify_button.setEnabled(not busy)

    def _show_result(self, result: CheckedRoot, *, named: bool) -> str:
        name = f"{result.root.name}\u00a0: " if named else ""
        if result.report is None:
            why = f"{result.error.message} {result.error.advice}" if result.error is not None else NOT_READ
            self._say(name + why, Tone.BAD)
            return name + why
        sentence = name + check_sentence(result.report)
        self._say(sentence, Tone.BAD if result.report.damages else Tone.GOOD)
        if added := added_sentence(result.report):
            self._say(name + added, Tone.PLAIN)
        return sentence

    def _say(self, sentence: str, tone: Tone) -> None:
        line = ToneLine(strong=tone is Tone.BAD)
        self._results.addWidget(line)
        line.say(sentence, tone)

    def _place(self, root: Path) -> QHBoxLayout:
        folder = button("Ouvrir le dossier", lambda: self.folder_wanted.emit(root))
        folder.setAccessibleName(f"Ouvrir le dossier {root.name}")
        index = button("Ouvrir l’index", lambda: self.index_wanted.emit(root / INDEX))
        index.setAccessibleName(f"Ouvrir la page d’index de {root.name}")
        index.setToolTip("Tous les dossiers en une page, dans le navigateur, même hors ligne")
        self._openers += [folder, index]
        line = row(ElidedLabel(str(root)), folder, index)
        line.setStretch(0, 1)
        return line
