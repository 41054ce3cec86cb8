"""The small pieces every page is made of: texts that wrap, cards, buttons of one voice; server texts stay plain."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from enn_desktop.qt.look import with_role

GAP = 12
"""Space between the parts of a page, logical pixels."""
SMALL_GAP = 6


class ElidedLabel(QLabel):
    """One line of text, cut with « … » when there is no room; the whole text is in the tooltip then."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Show a text, newlines as spaces."""
        self._whole = " ".join(text.split())
        self.setAccessibleName(self._whole)
        self._cut()

    def whole(self) -> str:
        """Return the whole text."""
        return self._whole

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Let the line shrink to a few signs."""
        return QSize(self.fontMetrics().averageCharWidth() * 6, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of the whole text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        self.setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


def plain_tip(text: str) -> str:
    """Return a text for a tooltip, which guesses whether it is HTML: it is shown as it is written."""
    return escape(text).join(("<span>", "</span>")) if GuiQt.mightBeRichText(text) else text


def words(text: str = "", role: str = "", *, wrap: bool = True) -> QLabel:
    """Return a text, of a role of the style (title, section, muted, good, warn, bad); it wraps."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        with_role(label, role)
    return label


def selectable(label: QLabel, *, by_tab: bool = False) -> QLabel:
    """Let the text of a label be selected and copied; ``by_tab``: the Tab key stops there, since one would want to."""
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    if by_tab:
        label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return label


def button(text: str, act: Callable[[], object], role: str = "", *, name: str = "") -> QPushButton:
    """Return a button; ``name`` is its accessible name where the text alone would not tell (« Récupérer » of what?)."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.clicked.connect(lambda _checked=False: act())
    if role:
        with_role(made, role)
    made.setAccessibleName(name or text.replace("&", ""))
    return made


def card(role: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """Return a framed part of a page, and its layout."""
    frame = QFrame()
    with_role(frame, role)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(GAP, GAP, GAP, GAP)
    layout.setSpacing(SMALL_GAP)
    return frame, layout


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Return parts side by side; ``None`` is a stretch."""
    layout = QHBoxLayout()
    layout.setSpacing(SMALL_GAP)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        else:
            layout.addWidget(part)
    return layout


class _FollowingArea(QScrollArea):
    """Scrolls to what gets the focus from outside; Qt itself only does so from one of its own controls to another."""

    def __init__(self) -> None:
        super().__init__()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        content = self.widget()
        # What is partly in sight stays where it is: nothing may move under a mouse that is being pressed.
        if now is not None and content is not None and content.isAncestorOf(now) and now.visibleRegion().isEmpty():
            self.ensureWidgetVisible(now)


def scrolled(content: QWidget) -> QScrollArea:
    """Return content that scrolls when it is taller than its place, and takes the width it is given."""
    area = _FollowingArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def page_layout(page: QWidget) -> QVBoxLayout:
    """Return the layout of a page, with its margins."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(GAP, GAP, GAP, GAP)
    layout.setSpacing(GAP)
    return layout


def fit_height(dialog: QWidget) -> None:
    """Give a dialog at least the height that its wrapped texts take at its present width; call it once it is shown."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        dialog.setMinimumHeight(layout.totalHeightForWidth(dialog.width()))


def clear(layout: QBoxLayout) -> None:
    """Take everything out of a layout; its widgets are deleted."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)  # type: ignore[arg-type] # only boxes are put into boxes


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say a change of state that happens without the focus moving."""
    event = QAccessibleAnnouncementEvent(widget, text)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
