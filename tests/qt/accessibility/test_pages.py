"""Every page and dialog: used by keyboard, read aloud, whole in large letters on the smallest screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from enn_desktop.qt.look import Look
from tests.qt.accessibility.conftest import HEIGHT, WIDTH, Shown
from tests.qt.accessibility.pages import PAGES
from tests.qt.accessibility.walk import controls, defects, trapped


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
    assert page.height() <= HEIGHT


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_gone_round_by_keyboard(shown: Shown, dress: Callable[[str, float], Look], name: str) -> None:
    dress("light", 1.0)
    page = shown(PAGES[name]())
    # The place of the key has nothing to press yet: it only tells.
    assert bool(controls(page)) is (name != "key")
    assert trapped(page) == []
