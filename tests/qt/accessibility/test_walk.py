"""The walk sees what is wrong: each defect is made here, and found."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from enn_desktop.qt.pieces import ElidedLabel, button, plain_tip, scrolled, words
from tests.qt.accessibility.conftest import Shown
from tests.qt.accessibility.walk import (
    ambiguous,
    clipped,
    defects,
    guessing,
    nameless,
    sideways,
    too_small,
    trapped,
)

W = TypeVar("W", bound=QWidget)


def page_of(*parts: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    for part in parts:
        layout.addWidget(part)
    return page


def named(widget: W, name: str) -> W:
    widget.setAccessibleName(name)
    return widget


def press(text: str) -> QPushButton:
    made = button(text, lambda: None)
    made.setMinimumHeight(28)
    return made


def test_a_page_without_defect_has_none(shown: Shown) -> None:
    page = shown(page_of(words("Un texte qui se lit."), press("Agir"), press("Autre"), ElidedLabel("Long" * 200)))
    assert defects(page) + trapped(page) == []


def test_a_field_without_name_is_found(shown: Shown) -> None:
    page = shown(page_of(QLineEdit(), named(QLineEdit(), "Identifiant")))
    assert len(nameless(page)) == 1


def test_a_name_of_dots_says_nothing(shown: Shown) -> None:
    assert len(nameless(shown(page_of(press("…"), press("..."))))) == 2


def test_a_label_gives_its_name_to_its_field(shown: Shown) -> None:
    field, label = QLineEdit(), QLabel("Identifiant")
    label.setBuddy(field)
    assert nameless(shown(page_of(label, field))) == []


def test_two_buttons_that_say_the_same_are_found(shown: Shown) -> None:
    assert len(ambiguous(shown(page_of(press("Récupérer"), press("Récupérer"), press("Autre"))))) == 1


def test_a_target_that_is_too_small_is_found(shown: Shown) -> None:
    small = press("Agir")
    small.setStyleSheet("min-height: 0; padding: 0;")
    small.setFixedSize(80, 20)
    assert len(too_small(shown(page_of(small, press("Autre"))))) == 1


def test_a_text_cut_in_height_or_in_width_is_found(shown: Shown) -> None:
    low, narrow = words("mot " * 200), press("Une action au nom assez long")
    low.setFixedHeight(20)
    narrow.setFixedWidth(60)
    found = clipped(shown(page_of(low, narrow)))
    assert len(found) == 2


def test_a_part_that_leaves_its_frame_is_found(shown: Shown) -> None:
    frame = QWidget()
    frame.setMinimumHeight(50)
    inside = QLabel("dehors", frame)
    page = shown(page_of(frame))
    assert clipped(page) == []
    inside.setGeometry(frame.width() - 10, 0, 60, 20)
    assert len(clipped(page)) == 1


def test_a_page_that_has_to_be_scrolled_sideways_is_found(shown: Shown) -> None:
    wide = QWidget()
    wide.setMinimumWidth(2000)
    area = QScrollArea()
    area.setWidget(wide)
    assert len(sideways(shown(page_of(area)))) == 1


def test_content_wider_than_a_place_that_cannot_scroll_is_found(shown: Shown) -> None:
    wide = QWidget()
    wide.setMinimumWidth(2000)
    assert len(clipped(shown(page_of(scrolled(wide))))) == 1


def test_a_label_that_might_read_html_is_found(shown: Shown) -> None:
    assert len(guessing(shown(page_of(QLabel("objet"), words("objet"))))) == 1


def test_a_tooltip_that_reads_html_is_found(shown: Shown) -> None:
    dressed, plain, table = press("Un"), press("Deux"), named(QTableWidget(1, 1), "Table")
    dressed.setToolTip("<b>objet</b>")
    plain.setToolTip(plain_tip("<b>objet</b>"))
    item = QTableWidgetItem("objet")
    item.setToolTip("<img src='x'>")
    table.setItem(0, 0, item)
    found = guessing(shown(page_of(dressed, plain, table)))
    assert found == [
        "tooltip read as HTML: <b>objet</b> on QPushButton «Un»",
        "tooltip read as HTML: <img src='x'> on QTableWidget «Table»",
    ]


def test_a_table_that_swallows_tab_is_found(shown: Shown) -> None:
    table = named(QTableWidget(2, 2), "Table")
    found = trapped(shown(page_of(press("Avant"), table, press("Après"))))
    assert any("at QTableWidget «Table»" in defect for defect in found)


def test_an_area_that_takes_the_focus_without_a_name_is_found(shown: Shown) -> None:
    area = scrolled(page_of(press("Dedans")))
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    assert len(nameless(shown(page_of(area)))) == 1


def test_what_only_the_mouse_reaches_is_found(shown: Shown) -> None:
    lost = press("Perdu")
    lost.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    assert trapped(shown(page_of(press("Avant"), lost, press("Après")))) == ["no key comes to QPushButton «Perdu»"]


def test_of_several_choices_the_keyboard_comes_to_the_one_that_is_made(shown: Shown) -> None:
    one, other = QRadioButton("Un"), QRadioButton("Autre")
    other.setChecked(True)
    assert trapped(shown(page_of(one, other, press("Agir")))) == []


def test_a_control_that_tab_never_comes_to_is_found(shown: Shown) -> None:
    class Jumps(QWidget):
        """Goes from anything to its first field."""

        def focusNextPrevChild(self, following: bool) -> bool:  # noqa: FBT001, N802 - Qt's own
            first.setFocus()
            return following

    page = Jumps()
    layout = QVBoxLayout(page)
    first, second, third = press("Un"), press("Deux"), press("Trois")
    for one in (first, second, third):
        layout.addWidget(one)
    assert "Tab never comes to QPushButton «Trois»" in trapped(shown(page))


def test_a_focus_out_of_sight_is_found_and_our_own_areas_have_none(shown: Shown) -> None:
    tall, ours = QScrollArea(), scrolled(page_of(*(press(f"Dedans {number}") for number in range(30))))
    tall.setWidget(page_of(*(press(f"Caché {number}") for number in range(30))))
    tall.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    found = trapped(shown(page_of(press("Avant"), tall, press("Après"))))
    assert found == ["Shift+Tab stops out of sight at QPushButton «Caché 29»"]
    assert trapped(shown(page_of(press("Avant"), ours, press("Après")))) == []
