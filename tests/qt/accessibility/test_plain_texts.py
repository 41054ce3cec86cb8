"""A text is shown as it is written, even where Qt would guess that it is HTML."""

from __future__ import annotations

import pytest
from PySide6.QtGui import Qt, QTextDocument
from pytestqt.qtbot import QtBot

from enn_desktop.qt.pieces import ElidedLabel, plain_tip

HOSTILE = "<b>Budget</b> <img src='file:///c:/secret.png'> & suite"


@pytest.mark.parametrize("text", ["Délibération 12", "3 < 5 et 7 > 2", "R & D", "« Budget »"])
def test_an_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert plain_tip(text) == text


def test_a_text_that_looks_like_html_is_shown_sign_by_sign() -> None:
    assert Qt.mightBeRichText(HOSTILE)
    read = QTextDocument()
    read.setHtml(plain_tip(HOSTILE))
    assert read.toPlainText() == HOSTILE


def test_the_tooltip_of_a_line_that_is_cut_is_plain(qtbot: QtBot) -> None:
    line = ElidedLabel(HOSTILE * 5)
    qtbot.addWidget(line)
    line.resize(60, 20)
    assert "<img" not in line.toolTip()
    assert "&lt;img" in line.toolTip()
