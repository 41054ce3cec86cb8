"""The rows of the first screen: one dossier each, one obvious thing to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Act, KeyBadge, TodoRow, TodoSection, Tone
from enn_desktop.core.french import days_left, long_date, number
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import SMALL_GAP, ElidedLabel, button, words

WIDEST_DATE = "depuis le 24 septembre 2026"
"""What the dates' column has room for."""
PASSED = "déjà possible"
READY = 5
"""Rows of each section made in advance."""


def date_words(row: TodoRow) -> tuple[str, str]:
    """Return the date of a possible deletion and how far it is."""
    if row.removable_from is None or row.days_left is None:
        return "sans date", ""
    if row.days_left <= 0:
        return PASSED, f"depuis le {long_date(row.removable_from)}" if row.days_left < 0 else "aujourd’hui"
    return long_date(row.removable_from), days_left(row.days_left)


def title_words(row: TodoRow) -> str:
    """Return number and object."""
    title = " ".join(row.title.split()) or "sans objet"
    return f"{row.number} {title}" if row.number and row.number not in title else title


def about_words(row: TodoRow, *, entity: bool) -> str:
    """Return flow, town hall and situation."""
    parts = [row.family, row.entity if entity else "", row.word]
    return " · ".join(part for part in parts if part)


class RowWidget(QFrame):
    """Shows one row; it is used again for another one at the next refresh."""

    acted = Signal(object, object)
    """The ``TodoRow``, the ``Act``."""
    opened = Signal(object)
    """The ``TodoRow``: its dossier is to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: TodoRow | None = None
        self._badge: KeyBadge | None = None
        with_role(self, "row")
        self._when, self._left = words(wrap=False), words(role="muted", wrap=False)
        self._title, self._about = ElidedLabel(), ElidedLabel()
        strong = QFont(self._title.font())
        strong.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(strong)
        with_role(self._about, "muted")
        self._cause: QLabel | None = None
        self._key = words(wrap=False)
        self._act = QPushButton()
        self._act.setAutoDefault(False)
        self._act.clicked.connect(self._do)
        layout = self._grid = QGridLayout(self)
        layout.setContentsMargins(SMALL_GAP, 4, SMALL_GAP, 4)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(0)
        layout.addWidget(self._when, 0, 0)
        layout.addWidget(self._left, 1, 0)
        layout.addWidget(self._title, 0, 1)
        layout.addWidget(self._about, 1, 1)
        # On a line of its own: beside the button, it would be too wide in large letters.
        layout.addWidget(self._key, 3, 1)
        layout.addWidget(self._act, 0, 2, 4, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.setColumnMinimumWidth(0, self.fontMetrics().horizontalAdvance(WIDEST_DATE))
        layout.setColumnStretch(1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_row(self, row: TodoRow, *, entity: bool, dated: bool) -> None:
        """Show a dossier; ``dated``: the date is what matters here."""
        self._row = row
        when, left = date_words(row)
        self._when.setText(when)
        self._left.setText(left)
        with_role(self._when, {Tone.BAD: "bad", Tone.WARN: "warn"}.get(row.tone, "") if dated else "muted")
        self._title.set_whole(title_words(row))
        self._about.set_whole(about_words(row, entity=entity))
        self._show_cause(row.cause)
        self._act.setText(row.act.value)
        self._act.setAccessibleName(f"{row.act.value}\u00a0: {title_words(row)}")
        self._tell_key()

    def show_key(self, badge: KeyBadge) -> None:
        """Show how the signing key is, beside a dossier that needs it."""
        self._badge = badge
        self._tell_key()

    def _tell_key(self) -> None:
        badge = self._badge if self._row is not None and self._row.act is Act.SEE_KEY else None
        self._key.setVisible(badge is not None)
        if badge is not None:
            self._key.setText(badge.alone)
            with_role(self._key, "muted" if badge.tone is Tone.PLAIN else badge.tone.value)
        if self._row is not None:
            key = badge.beside if badge else ""
            said = (title_words(self._row), about_words(self._row, entity=True), self._row.cause, key)
            when = " ".join(date_words(self._row)).strip()
            self.setAccessibleName(", ".join(part for part in (*said, when) if part))

    def _show_cause(self, cause: str) -> None:
        """Show why the dossier is here, whole: it is what she acts upon. Most rows need no such line."""
        if self._cause is None:
            if not cause:
                return
            self._cause = words()
            self._grid.addWidget(self._cause, 2, 1)
        self._cause.setText(cause)
        self._cause.setVisible(bool(cause))

    @property
    def row(self) -> TodoRow | None:
        """The dossier shown."""
        return self._row

    @property
    def act_button(self) -> QPushButton:
        """The row's one button."""
        return self._act

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the row above or below, or show the dossier."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._row is not None:
            self.opened.emit(self._row)
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the dossier."""
        super().mouseDoubleClickEvent(event)
        if self._row is not None:
            self.opened.emit(self._row)

    def _do(self) -> None:
        if self._row is not None:
            self.acted.emit(self._row, self._row.act)


class SectionWidget(QWidget):
    """One kind of rows: its name, how many there are, the first of them, the way to the others."""

    acted = Signal(object, object)
    opened = Signal(object)
    all_wanted = Signal(str)

    def __init__(self, name: str, title: str, hint: str, *, dated: bool = False) -> None:
        super().__init__()
        self._name, self._title, self._dated = name, title, dated
        self._rows: list[RowWidget] = []
        self._key: KeyBadge | None = None
        self._heading = words(role="section", wrap=False)
        self._hint = words(hint, "muted")
        self._more = button("", lambda: self.all_wanted.emit(self._name), "link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._heading)
        head.addWidget(self._hint, 1)
        layout.addLayout(head)
        self._box = QFrame()
        with_role(self._box, "card")
        self._list = QVBoxLayout(self._box)
        self._list.setContentsMargins(2, 2, 2, 2)
        self._list.setSpacing(0)
        layout.addWidget(self._box)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        # Made while the catalogues are being read, so that the first screen has only to fill them.
        self._make_rows(READY)
        self.hide()

    def show_section(self, section: TodoSection, *, entity: bool) -> None:
        """Show what there is now; rows that stay keep their focus."""
        self.setVisible(bool(section.total))
        self._heading.setText(f"{self._title} ({number(section.total)})")
        self._heading.setAccessibleName(f"{self._title}, {number(section.total)}")
        self._make_rows(len(section.rows))
        for widget, row in zip(self._rows, section.rows, strict=False):
            widget.show_row(row, entity=entity, dated=self._dated)
        for rank, widget in enumerate(self._rows):
            widget.setVisible(rank < len(section.rows))
        others = section.total - len(section.rows)
        self._more.setVisible(others > 0)
        text = f"Voir les {number(others)} autres" if others > 1 else "Voir l’autre"
        self._more.setText(text)
        self._more.setAccessibleName(f"{text}\u00a0: {self._title}")

    def show_key(self, badge: KeyBadge) -> None:
        """Show how the signing key is, on the rows that need it."""
        self._key = badge
        for widget in self._rows:
            widget.show_key(badge)

    def _make_rows(self, number_of_rows: int) -> None:
        while len(self._rows) < number_of_rows:
            made = RowWidget()
            made.hide()
            made.acted.connect(self.acted)
            made.opened.connect(self.opened)
            if self._key is not None:
                made.show_key(self._key)
            self._rows.append(made)
            self._list.addWidget(made)

    @property
    def shown(self) -> list[RowWidget]:
        """The rows shown now."""
        return [row for row in self._rows if not row.isHidden()]
