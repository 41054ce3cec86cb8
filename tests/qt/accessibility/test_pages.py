"""Every page and dialog: used by keyboard, read aloud, whole in large letters on the smallest screen."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.qt.look import Look
from tests.house.source_tree import PACKAGE, dotted, parsed, python_files
from tests.qt.accessibility.conftest import HEIGHT, SCREEN_HEIGHT, WIDTH, Shown
from tests.qt.accessibility.pages import PAGES
from tests.qt.accessibility.walk import clipped, controls, defects, trapped


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_heard_and_touched(
    shown: Shown, dress: Callable[[str, float], Look], name: str, mode: str, scale: float
) -> None:
    dress(mode, scale)
    assert defects(shown(PAGES[name]())) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_the_smallest_screen(
    shown: Shown, dress: Callable[[str, float], Look], name: str, scale: float
) -> None:
    dress("light", scale)
    page = shown(PAGES[name]())
    assert page.width() <= WIDTH
    assert page.height() <= (SCREEN_HEIGHT if isinstance(page, QDialog) else HEIGHT)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("name", ["error", "contact", "contact-unknown", "password", "password-without-vault"])
def test_a_question_opens_as_tall_as_its_texts(
    qtbot: QtBot, dress: Callable[[str, float], Look], name: str, scale: float
) -> None:
    dress("light", scale)
    dialog = PAGES[name]()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert clipped(dialog) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_gone_round_by_keyboard(shown: Shown, dress: Callable[[str, float], Look], name: str) -> None:
    dress("light", 1.0)
    page = shown(PAGES[name]())
    assert controls(page) != []
    assert trapped(page) == []


def test_no_page_and_no_dialog_is_left_out(shown: Shown) -> None:
    walked: set[str] = set()
    for make in PAGES.values():
        page = shown(make())
        walked |= {type(one).__name__ for one in (page, *page.findChildren(QWidget))}
        page.close()
    assert sorted(named_pages() - walked) == []


def named_pages() -> set[str]:
    """Return the names of the classes that are a place or a window of their own."""
    return {
        node.name
        for path in python_files(PACKAGE / "qt")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and _is_page(node)
    } - {"SectionPage"}


def _is_page(node: ast.ClassDef) -> bool:
    bases = {dotted(base) for base in node.bases}
    return node.name.endswith(("Page", "Step")) or bool(bases & {"QDialog", "QMainWindow", "SectionPage"})
