"""The fields of the first start: one line with its name, a secret that can be shown, a path that can be chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from enn_desktop.qt.pieces import SMALL_GAP, row, words

FIELD_SIGNS = 58
"""Signs: a usual address fits, and the eye does not have to travel."""

QWIDGETSIZE_MAX = 16_777_215
"""Qt's own « no limit »."""


def column(*, gap: int = SMALL_GAP) -> tuple[QWidget, QVBoxLayout]:
    """Return a widget without frame, and its layout from top to bottom."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    return made, layout


def line(name: str, *, description: str = "", hint: str = "") -> QLineEdit:
    """Return a field of one line, with its accessible name and what a screen reader adds to it."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setAccessibleDescription(description)
    made.setPlaceholderText(hint)
    made.setMaximumWidth(made.fontMetrics().averageCharWidth() * FIELD_SIGNS)
    return made


def label_for(field: QWidget, text: str) -> QLabel:
    """Return the name of a field, written above it."""
    made = words(text)
    made.setBuddy(field)
    return made


def muted(text: str = "") -> QLabel:
    """Return a help under a field; it takes the width it is given."""
    return words(text, "muted")


class SecretField(QWidget):
    """A secret: hidden until « Afficher » is ticked; never copied from while hidden."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.edit = line(name)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.shown = QCheckBox("Afficher")
        self.shown.setAccessibleName(f"Afficher\u00a0: {name[:1].lower()}{name[1:]}")
        self.shown.toggled.connect(self._show)
        layout = row(self.edit, self.shown, None)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setStretch(0, 100)
        self.setLayout(layout)
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """Return the secret as typed."""
        return self.edit.text()

    def hide_text(self) -> None:
        """Hide the secret again."""
        self.shown.setChecked(False)

    def _show(self, shown: bool) -> None:  # noqa: FBT001 - Qt's own signal
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
