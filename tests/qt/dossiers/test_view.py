"""The list paints by itself what its model says: grounds, the chosen row, words in their colour, long texts cut."""

from __future__ import annotations

from array import array

import pytest
from PySide6.QtGui import QColor, QImage, QPalette
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.shelf import ShelfAnswer, ShelfQuery
from enn_desktop.agenda.values import Tone
from enn_desktop.qt.dossiers.cells import DossierView
from enn_desktop.qt.dossiers.model import COPY, TITLE, DossierTable
from enn_desktop.qt.look import LIGHT
from tests.qt.dossiers.test_model import made


@pytest.fixture
def view(qtbot: QtBot) -> DossierView:
    table = DossierTable(lambda: LIGHT)
    rows = (made(1), made(2, here=False, complete=False, tone=Tone.BAD), made(3, title=""))
    table.set_answer(ShelfAnswer(ShelfQuery(), array("q", [1, 2, 3]), rows))
    shown = DossierView(table)
    table.setParent(shown)
    shown.resize(1200, 300)
    qtbot.addWidget(shown)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    return shown


def colours(view: DossierView, row: int, column: int) -> set[str]:
    """Return the colours of one cell's pixels."""
    image = cell(view, row, column)
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def cell(view: DossierView, row: int, column: int) -> QImage:
    """Return one cell as it is painted."""
    place = view.visualRect(view.model().index(row, column)).adjusted(2, 2, -2, -2)
    return view.viewport().grab().toImage().copy(place)


def ground(view: DossierView, role: QPalette.ColorRole) -> str:
    return view.palette().color(QPalette.ColorGroup.Active, role).name()


def test_a_chosen_row_has_its_own_ground_and_the_others_take_turns(view: DossierView) -> None:
    view.selectRow(0)
    roles = QPalette.ColorRole
    assert ground(view, roles.Highlight) in colours(view, 0, TITLE)
    assert ground(view, roles.AlternateBase) in colours(view, 1, TITLE)
    assert ground(view, roles.Base) in colours(view, 2, TITLE)
    assert ground(view, roles.Highlight) not in colours(view, 1, TITLE) | colours(view, 2, TITLE)


def test_words_that_matter_are_in_their_colour_until_the_row_is_chosen(view: DossierView) -> None:
    bad = QColor(LIGHT.bad).name()
    assert bad in colours(view, 1, COPY)
    assert bad not in colours(view, 0, COPY)
    view.selectRow(1)
    assert bad not in colours(view, 1, COPY)


def test_a_text_that_is_too_long_stays_in_its_cell(view: DossierView) -> None:
    view.setColumnWidth(TITLE, 300)
    before = cell(view, 0, TITLE - 1), cell(view, 0, TITLE + 1)
    view.setColumnWidth(TITLE, 30)
    assert len(colours(view, 0, TITLE)) > 1
    assert (cell(view, 0, TITLE - 1), cell(view, 0, TITLE + 1)) == before


def test_letters_of_another_size_are_laid_out_anew(view: DossierView) -> None:
    small = view.viewport().grab().toImage()
    font = view.font()
    font.setPointSizeF(16)
    view.setFont(font)
    assert view.viewport().grab().toImage() != small
