"""The ladder behind the sentence: one line per rung, lowest first, with its sign, its word and what was seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from enn_desktop.agenda.values import Tone
from enn_desktop.qt.key.faces import standing_words
from enn_desktop.qt.look import colours_of, with_role
from enn_desktop.qt.marks import mark_pixmap
from enn_desktop.qt.pieces import GAP, SMALL_GAP, words
from enn_desktop.signing_key.values import Rung, RungLine, Standing

SIGN = 14
SIGN_ROOM = 22


class Ladder(QFrame):
    """Shows how every rung stands; the words say all, the signs repeat it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "card")
        self.lines: dict[Rung, _Line] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setHorizontalSpacing(GAP)
        layout.setVerticalSpacing(SMALL_GAP)
        layout.setColumnStretch(3, 1)
        for place, rung in enumerate(Rung):
            line = self.lines[rung] = _Line(rung)
            for column, part in enumerate((line.sign, line.name, line.word, line.fact)):
                layout.addWidget(part, place, column, Qt.AlignmentFlag.AlignTop if column else Qt.AlignmentFlag(0))
        self.show_ladder(())

    def show_ladder(self, ladder: Sequence[RungLine]) -> None:
        """Show these rungs; those that are not among them were not looked at."""
        known = {line.rung: line for line in ladder}
        for rung, shown in self.lines.items():
            shown.tell(known.get(rung, RungLine(rung, Standing.UNKNOWN)))
        told = (f"{line.name.text()}, {line.word.text()}" for line in self.lines.values())
        self.setAccessibleName(f"Détail de la vérification. {' ; '.join(told)}.")


class _Line:
    """The four parts of one rung."""

    def __init__(self, rung: Rung) -> None:
        self.sign = QLabel()
        self.sign.setFixedWidth(SIGN_ROOM)
        self.name = words(rung.value, wrap=False)
        self.word, self.fact = words(wrap=False), words(role="muted")

    def tell(self, line: RungLine) -> None:
        """Show how it stands now."""
        mark, word, tone = standing_words(line.standing)
        colours = colours_of(self.sign)
        unknown = line.standing is Standing.UNKNOWN
        colour = colours.muted if unknown else colours.tone(tone)
        self.sign.setPixmap(mark_pixmap(mark, colour, SIGN, self.sign.devicePixelRatioF()))
        self.word.setText(word)
        with_role(self.word, "muted" if unknown else "" if tone is Tone.PLAIN else tone.value)
        self.fact.setText(line.fact)
