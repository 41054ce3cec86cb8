"""Walks over every widget of a page: names, targets, texts that are whole and plain, a round of the keyboard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QAbstractListModel, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)

from enn_desktop.qt.pieces import ElidedLabel

LEAST_TARGET = 24
"""Logical pixels (WCAG 2.2, 2.5.8)."""
INTERACTIVE = (
    *(QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QTabBar, QPlainTextEdit),
    QAbstractSlider,
)
MADE_OF_PARTS = (QAbstractSpinBox, QComboBox, QAbstractItemView, QTabBar, QLineEdit, QScrollBar)
"""Widgets of Qt whose own parts (a field, a list, small buttons) are no controls of ours."""
FIRST_ROWS = 20
"""Rows of a table whose tooltips are looked at."""
MORE_KEYS = 5
"""Presses beyond the number of controls, after which a round that has not come back never will."""


def visible(page: QWidget) -> list[QWidget]:
    """Return the page and everything that is shown in it."""
    return [page, *(one for one in page.findChildren(QWidget) if one.isVisible())]


def controls(page: QWidget) -> list[QWidget]:
    """Return what can be used, by mouse or by keyboard."""
    return [one for one in visible(page) if (_interactive(one) or reached_by_tab(one)) and not _is_part(one)]


def _interactive(widget: QWidget) -> bool:
    return isinstance(widget, INTERACTIVE) and not isinstance(widget, QScrollBar)


def _is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, MADE_OF_PARTS):
            return True
        parent = parent.parentWidget()
    return False


def reached_by_tab(widget: QWidget) -> bool:
    """Whether the Tab key stops here."""
    policy = widget.focusPolicy()
    return bool(policy & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.focusProxy() is None


def stop_of(widget: QWidget) -> QWidget:
    """Return the widget, or the first of its group: Tab stops once at several choices, arrows go through them."""
    if not isinstance(widget, QAbstractButton):
        return widget
    group, parent = _group_of(widget), widget.parentWidget()
    if group is not None:
        return group.buttons()[0] if group.exclusive() else widget
    if not widget.autoExclusive() or parent is None:
        return widget
    siblings = parent.findChildren(QRadioButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return next((one for one in siblings if _group_of(one) is None), widget)


def _group_of(widget: QAbstractButton) -> QButtonGroup | None:
    return widget.group()


def name_of(widget: QWidget) -> str:
    """Return the name that a screen reader says."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()


def shown_as(widget: QWidget) -> str:
    """Return a widget in words, for a report: its class, its name, its text."""
    text = name_of(widget) or getattr(widget, "text", str)() or widget.objectName()
    parent = widget.parentWidget()
    return f"{type(widget).__name__} «{text}»" + ("" if text or parent is None else f" of {shown_as(parent)}")


def nameless(page: QWidget) -> list[str]:
    """Return the controls that have no name, or one that says nothing."""
    return [
        f"no name: {shown_as(one)} in {type(one.parentWidget()).__name__}"
        for one in controls(page)
        if not re.search(r"\w", name_of(one))
    ]


def ambiguous(page: QWidget) -> list[str]:
    """Return the names that several buttons share: nobody could tell which is which."""
    found = Counter((type(one).__name__, name_of(one)) for one in controls(page) if isinstance(one, QAbstractButton))
    return [f"{many} times the same name: {kind} «{name}»" for (kind, name), many in found.items() if many > 1]


def too_small(page: QWidget) -> list[str]:
    """Return the targets that a tired hand misses."""
    return [
        f"target of {one.width()} × {one.height()}: {shown_as(one)}"
        for one in controls(page)
        if min(one.width(), one.height()) < LEAST_TARGET and not isinstance(one, QLabel)
    ]


def clipped(page: QWidget) -> list[str]:
    """Return the texts and controls that have less room than they need."""
    found = []
    for one in visible(page):
        if isinstance(one, QLabel | QAbstractButton) and not _is_part(one) and not isinstance(one, ElidedLabel):
            need = _need(one)
            if one.width() < need.width() or one.height() < need.height():
                found.append(
                    f"has {one.width()} × {one.height()}, needs {need.width()} × {need.height()}: {shown_as(one)}"
                )
        if (outside := _outside(one, page)) and not _is_part(one):
            found.append(f"{outside}: {shown_as(one)}")
    return found


def _need(widget: QLabel | QAbstractButton) -> QSize:
    if isinstance(widget, QLabel):
        if not widget.text():
            return QSize(0, 0)
        if widget.wordWrap():
            return QSize(widget.minimumSizeHint().width(), widget.heightForWidth(widget.width()))
    if isinstance(widget, QToolButton) and widget.text():
        # Qt counts a few lines too many for a tool button in a style sheet: the height of the text counts here.
        return QSize(widget.minimumSizeHint().width(), widget.fontMetrics().height())
    return widget.minimumSizeHint()


def _outside(widget: QWidget, page: QWidget) -> str:
    """Return where a widget leaves what holds it; a page that scrolls may be taller than its place, not wider."""
    parent = widget.parentWidget()
    if widget is page or parent is None or isinstance(widget, QScrollBar) or widget.isWindow():
        return ""
    area = parent.parentWidget()
    scrolls = isinstance(area, QAbstractScrollArea) and area.viewport() is parent
    room, place = parent.rect(), QRect(widget.geometry())
    if scrolls and isinstance(area, QAbstractScrollArea):
        room.setHeight(max(room.height(), place.bottom() + 1))
        room.setTop(min(0, place.top()))
        if area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            room.setWidth(max(room.width(), place.right() + 1))
            room.setLeft(min(0, place.left()))
    return "" if room.contains(place) or place.isEmpty() else f"goes out of {type(parent).__name__} by its edge"


def sideways(page: QWidget) -> list[str]:
    """Return what is too wide where a page has to be scrolled sideways to be read."""
    areas = [one for one in visible(page) if isinstance(one, QScrollArea) and one.horizontalScrollBar().maximum() > 0]
    return [
        f"{too_far} too wide for its page: {shown_as(one)}"
        for area in areas
        for one in (*controls(area), *(label for label in visible(area) if isinstance(label, QLabel)))
        if (too_far := one.mapTo(area, one.rect().topRight()).x() - area.viewport().width() + 1) > 0
    ] or [f"has to be scrolled sideways: {shown_as(area)}" for area in areas]


def guessing(page: QWidget) -> list[str]:
    """Return the labels that would read a text as HTML if it looked like it, and the tooltips that do."""
    labels = [one for one in visible(page) if isinstance(one, QLabel) and one.text() and not _is_part(one)]
    found = [f"not plain: {shown_as(one)}" for one in labels if one.textFormat() != Qt.TextFormat.PlainText]
    tips = [(one.toolTip(), one) for one in visible(page)]
    views = [one for one in visible(page) if isinstance(one, QAbstractItemView) and not isinstance(one, QHeaderView)]
    tips += [(tip, view) for view in views for tip in _tips_of(view)]
    return found + [f"tooltip read as HTML: {tip[:60]} on {shown_as(one)}" for tip, one in tips if _reads_as_html(tip)]


def _tips_of(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    for row in range(min(model.rowCount(), FIRST_ROWS)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
            yield str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or "")


def _reads_as_html(tip: str) -> bool:
    """Whether something of a tooltip is lost or dressed up; what was made plain is wrapped whole, its signs escaped."""
    inside = tip.removeprefix("<span>").removesuffix("</span>")
    return GuiQt.mightBeRichText(tip) and "<" in inside


def defects(page: QWidget) -> list[str]:
    """Return everything that is wrong with a page that stands still."""
    looks = (nameless, ambiguous, too_small, clipped, sideways, guessing)
    return [defect for look in looks for defect in look(page)]


# -- by keyboard -------------------------------------------------------------------------------------------


def trapped(page: QWidget) -> list[str]:
    """Return what is wrong with the round of the Tab key: each control once, both ways, and back to the first."""
    wanted = list(dict.fromkeys(stop_of(one) for one in controls(page) if reached_by_tab(one)))
    found = [f"no key comes to {shown_as(one)}" for one in controls(page) if _only_by_mouse(one)]
    if not wanted:
        return found
    wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
    start = QApplication.focusWidget()
    if start is None:
        return [f"cannot have the focus: {shown_as(wanted[0])}"]
    rounds = {}
    for key, way in ((Qt.Key.Key_Tab, "Tab"), (Qt.Key.Key_Backtab, "Shift+Tab")):
        visited = []
        _scroll_up(page)
        for one in _round(start, key, len(wanted)):
            visited.append(stop_of(one))
            if one.visibleRegion().isEmpty():
                found.append(f"{way} stops out of sight at {shown_as(one)}")
        rounds[way] = visited
        # A choice made on the way may have woken a button up.
        now = {stop_of(one) for one in controls(page) if reached_by_tab(one)}
        found += _compare(visited, wanted, way)
        found += [f"{way} stops at what is no control: {shown_as(one)}" for one in {*visited} - {*wanted} - now]
    forwards, back = rounds["Tab"], rounds["Shift+Tab"]
    if not found and [forwards[0], *reversed(forwards[1:])] != back:
        found.append("Shift+Tab does not go back the way that Tab came")
    return found


def _scroll_up(page: QWidget) -> None:
    for area in page.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(0)


def _only_by_mouse(widget: QWidget) -> bool:
    if not widget.isEnabled() or widget.focusProxy() is not None or not _interactive(widget):
        return False
    return not reached_by_tab(widget) and not _chosen_by_arrows(widget)


def _chosen_by_arrows(widget: QWidget) -> bool:
    if not isinstance(widget, QAbstractButton):
        return False
    group = _group_of(widget)
    return widget.isCheckable() and (widget.autoExclusive() if group is None else group.exclusive())


def _round(start: QWidget, key: Qt.Key, many: int) -> Iterator[QWidget]:
    """Yield what has the focus, press by press, until it is back where it started, or never will be."""
    shift = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Backtab else Qt.KeyboardModifier.NoModifier
    here: QWidget | None = start
    for _ in range(many + MORE_KEYS):
        if here is None:
            return
        yield here
        QTest.keyClick(here, key, shift)
        here = QApplication.focusWidget()
        if here is start:
            return


def _compare(visited: list[QWidget], wanted: list[QWidget], way: str) -> list[str]:
    times = Counter(visited)
    found = [f"{way} never comes to {shown_as(one)}" for one in wanted if not times[one]]
    return found + [f"{way} stops {many} times at {shown_as(one)}" for one, many in times.items() if many > 1]
