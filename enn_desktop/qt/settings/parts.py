"""What the sections of the settings are made of: numbers with their unit, remarks beside a field, a section itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLabel, QSpinBox, QVBoxLayout, QWidget

from enn_desktop.core.french import NBSP
from enn_desktop.core.settings import Settings
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, row, words

FIELD_HEIGHT = 30
"""Logical pixels, at least: a target that a tired hand hits."""
INDENT = 26
"""Logical pixels: what depends on a box to tick stands under its text."""


class NumberField(QSpinBox):
    """A whole number with its unit; told once it is typed, and never changed by a wheel that only scrolls the page."""

    def __init__(self, name: str, lowest: int, highest: int, unit: str, units: str = "") -> None:
        super().__init__()
        self._unit, self._units = unit, units or unit
        self.setRange(lowest, highest)
        self.setKeyboardTracking(False)
        self.setMinimumHeight(FIELD_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setAccessibleDescription(f"De {lowest} à {highest} {self._units}")
        self.setToolTip(f"De {lowest} à {highest} {self._units}")
        self.valueChanged.connect(self._agree)
        self._agree(self.value())

    def show_value(self, value: int) -> None:
        """Show a value that the user did not type: nothing is told."""
        if value != self.value():
            self.blockSignals(True)  # noqa: FBT003 - Qt's own
            self.setValue(value)
            self.blockSignals(False)  # noqa: FBT003 - Qt's own
            self._agree(value)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page unless this field is the one in use."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _agree(self, value: int) -> None:
        self.setSuffix(f"{NBSP}{self._unit if value <= 1 else self._units}")


class DelayField(QDoubleSpinBox):
    """A number of seconds, with a decimal only where there is one."""

    def __init__(self, name: str, lowest: float, highest: float) -> None:
        super().__init__()
        self.setDecimals(1)
        self.setRange(lowest, highest)
        self.setKeyboardTracking(False)
        self.setMinimumHeight(FIELD_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSuffix(f"{NBSP}s")
        self.setAccessibleName(name)
        self.setAccessibleDescription(f"De {lowest:.0f} à {highest:.0f} secondes")
        self.setToolTip(f"De {lowest:.0f} à {highest:.0f} secondes")

    def show_value(self, value: float) -> None:
        """Show a value that the user did not type: nothing is told."""
        self.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.setValue(value)
        self.blockSignals(False)  # noqa: FBT003 - Qt's own

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        """Write « 10 », « 12,5 »."""
        return f"{value:g}".replace(".", self.locale().decimalPoint())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page unless this field is the one in use."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Remark(QLabel):
    """What is wrong with a field, under it; hidden when all is well, read out when it appears."""

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        self._field, self._usual = field, field.accessibleDescription()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        with_role(self, "bad")
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence, or nothing when it is empty."""
        if text == self.text():
            return
        self.setText(text)
        self.setVisible(bool(text))
        self._field.setAccessibleDescription(text or self._usual)
        if text and self._field.isVisible():
            announce(self._field, text)


def tick(text: str, *, description: str = "") -> QCheckBox:
    """Return a box to tick; what a screen reader adds to its text is the explanation written under it."""
    made = QCheckBox(text)
    made.setAccessibleName(text)
    made.setAccessibleDescription(description)
    return made


def show_ticked(box: QCheckBox, ticked: bool) -> None:  # noqa: FBT001 - the value of a box to tick
    """Tick a box, or not, without telling anyone."""
    box.blockSignals(True)  # noqa: FBT003 - Qt's own
    box.setChecked(ticked)
    box.blockSignals(False)  # noqa: FBT003 - Qt's own


def muted(text: str = "") -> QLabel:
    """Return an explanation."""
    return words(text, "muted")


def under_a_tick() -> tuple[QWidget, QVBoxLayout]:
    """Return a part that stands under the text of a box to tick, and its layout."""
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(INDENT, 0, 0, 0)
    layout.setSpacing(SMALL_GAP)
    return part, layout


class SectionPage(QWidget):
    """One section of the settings: shows them all, tells other ones when something valid was changed."""

    changed = Signal(object)
    """A ``Settings`` to be used from now on."""
    title = ""

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(GAP, GAP, GAP, GAP)
        self.body.setSpacing(GAP)
        self.heading = row(words(self.title, "title"))
        self.heading.setStretch(0, 1)
        self.body.addLayout(self.heading)

    def show_settings(self, settings: Settings) -> None:
        """Show settings; a field that is being typed in keeps its text unless its own setting changed."""
        self.settings = settings
        self.fill(settings)

    def fill(self, settings: Settings) -> None:
        """Put the values into the fields."""

    def commit(self) -> None:
        """Tell what was typed and not told yet: the window is about to close."""
