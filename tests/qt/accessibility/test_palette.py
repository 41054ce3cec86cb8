"""The palette has the contrast that it promises, measured, in both modes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QRadioButton,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Health, Tone
from enn_desktop.qt.look import DARK, LIGHT, Colours, Look, _palette, _sheet
from enn_desktop.qt.marks import OF_HEALTH
from tests.qt.accessibility.contrast import PART, TEXT, contrast

MODES = {"light": LIGHT, "dark": DARK}
GROUNDS = ("window", "base", "raised")
TEXTS = (
    *(("text", ground) for ground in (*GROUNDS, "line", "accent_soft", "good_soft", "warn_soft", "bad_soft")),
    *(("muted", ground) for ground in GROUNDS),
    *((tone, ground) for tone in ("good", "warn", "bad") for ground in ("window", "base", f"{tone}_soft")),
    *(("accent", ground) for ground in GROUNDS),
    *(("on_accent", ground) for ground in ("accent", "accent_lit")),
)
"""Every text and what it stands on: pages, cards, hovered and pressed buttons, coloured cards, links, selections."""
PARTS = (
    *(("edge", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in (*GROUNDS, "accent_soft")),
    *((tone, ground) for tone in ("good", "warn", "bad") for ground in ("window", "base", f"{tone}_soft")),
    *(("text", ground) for ground in ("window", "base", "accent_lit")),
)
"""Every edge and mark that says something: fields, focus, coloured cards, the ring of a filled button."""


@pytest.fixture
def worn(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Colours]:
    """Dress the application in one of the modes for the time of a test."""
    before, sheet = qapp.palette(), qapp.styleSheet()
    look = Look(qapp)
    look.dress(Qt.ColorScheme.Dark if request.param == "dark" else Qt.ColorScheme.Light)
    yield look.colours
    qapp.setStyleSheet(sheet)
    qapp.setPalette(before)


def too_faint(pairs: tuple[tuple[str, str], ...], colours: Colours, least: float) -> list[str]:
    """Return the pairs that have less contrast than that."""
    measured = {pair: contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) for pair in pairs}
    return [f"{one} on {other}: {found:.2f}" for (one, other), found in measured.items() if found < least]


@pytest.mark.parametrize("mode", MODES)
def test_every_text_can_be_read(mode: str) -> None:
    assert too_faint(TEXTS, MODES[mode], TEXT) == []


@pytest.mark.parametrize("mode", MODES)
def test_every_edge_and_mark_can_be_seen(mode: str) -> None:
    assert too_faint(PARTS, MODES[mode], PART) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("tone", list(Tone))
def test_every_tone_can_be_read_on_its_own_ground(mode: str, tone: Tone) -> None:
    assert contrast(MODES[mode].tone(tone), MODES[mode].soft(tone)) >= TEXT


@pytest.mark.parametrize("mode", MODES)
def test_every_rule_of_the_style_that_sets_text_and_ground_can_be_read(qapp: QApplication, mode: str) -> None:
    assert qapp is not None
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", _sheet(MODES[mode]))
    found = {}
    for name, body in rules:
        said = dict(re.findall(r"(?<![\w-])([\w-]+):\s*(#[0-9a-f]{6})\b", body))
        for text, ground in (("color", "background"), ("selection-color", "selection-background-color")):
            if text in said and ground in said:
                found[" ".join(name.split()), text] = contrast(said[text], said[ground])
    assert len(found) > 8
    assert {name: round(value, 2) for name, value in found.items() if value < TEXT} == {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("WindowText", "Window"),
        ("Text", "Base"),
        ("Text", "AlternateBase"),
        ("ButtonText", "Button"),
        ("ToolTipText", "ToolTipBase"),
        ("PlaceholderText", "Base"),
        ("HighlightedText", "Highlight"),
        ("Link", "Window"),
        ("Link", "Base"),
    ],
)
@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive])
def test_what_qt_draws_by_itself_can_be_read(mode: str, text: str, ground: str, group: QPalette.ColorGroup) -> None:
    palette = _palette(MODES[mode])
    one, other = (palette.color(group, QPalette.ColorRole[name]).name() for name in (text, ground))
    assert contrast(one, other) >= TEXT


@pytest.mark.parametrize("health", list(Health))
def test_the_white_sign_of_every_state_stands_out_of_its_ground(health: Health) -> None:
    assert contrast("#ffffff", OF_HEALTH[health][1]) >= TEXT


def test_every_state_has_a_shape_of_its_own_but_for_the_colour() -> None:
    assert len({mark for mark, _ in OF_HEALTH.values()}) == len(Health)


@pytest.mark.parametrize("mode", MODES)
def test_every_colour_of_the_palette_is_a_plain_colour(mode: str) -> None:
    for one in fields(Colours):
        assert re.fullmatch(r"#[0-9a-f]{6}", getattr(MODES[mode], one.name))


def edge_of(widget: QWidget, where: QPoint) -> str:
    """Return the colour that stands out most from the page around a point, as painted."""
    image = widget.grab().toImage()
    around = [QColor(image.pixel(where.x() + step, where.y())).name() for step in range(-2, 3) if where.x() + step >= 0]
    ground = widget.palette().color(QPalette.ColorRole.Base).name()
    return max(around, key=lambda colour: contrast(colour, ground))


@pytest.mark.parametrize("worn", MODES, indirect=True)
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QSpinBox, QComboBox])
def test_the_edge_of_what_is_ticked_or_chosen_can_be_seen_as_painted(
    qtbot: QtBot, worn: Colours, kind: type[QWidget]
) -> None:
    widget = kind()
    qtbot.addWidget(widget)
    widget.resize(160, 32)
    left = QPoint(0, 16)
    if isinstance(widget, QCheckBox | QRadioButton):
        option = QStyleOptionButton()
        widget.initStyleOption(option)
        part = (
            QStyle.SubElement.SE_CheckBoxIndicator if kind is QCheckBox else QStyle.SubElement.SE_RadioButtonIndicator
        )
        box = widget.style().subElementRect(part, option, widget)
        left = QPoint(box.left(), box.center().y())
    edge = edge_of(widget, left)
    assert contrast(edge, worn.window) >= PART
    assert contrast(edge, worn.base) >= PART


@pytest.mark.parametrize(
    ("one", "other", "value"), [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48)]
)
def test_the_measure_is_that_of_wcag(one: str, other: str, value: float) -> None:
    assert contrast(one, other) == pytest.approx(value, abs=0.01)


def test_the_check_sees_a_text_that_is_too_faint() -> None:
    assert too_faint((("line", "base"),), LIGHT, TEXT) == [f"line on base: {contrast(LIGHT.line, LIGHT.base):.2f}"]
