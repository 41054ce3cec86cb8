"""The set-up's question « can a window open here? » gets Qt's own answer, on a screen and where it is gone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from installer.preparation import Place
from installer.screen import make_window_open, try_window
from tests.screen.virtual_screen import Screen

pytestmark = pytest.mark.screen


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, Path(sys.prefix))


def test_on_a_screen_a_window_opens(screen: Screen, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", screen.display)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    trial = try_window(place)
    assert trial.opened, trial.printed


def test_a_screen_that_does_not_answer_is_said_in_a_sentence(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":9999")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert not make_window_open(place)
    said = capsys.readouterr().out
    assert "s’ouvrir\u00a0: l’écran que nomme DISPLAY ou WAYLAND_DISPLAY ne répond pas." in said
