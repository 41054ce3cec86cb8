"""Another program is let come forward where the system asks for it; nowhere does asking fail."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace

import pytest

from enn_desktop.system.foreground import let_another_come_forward


def test_elsewhere_than_on_windows_nothing_is_asked() -> None:
    let_another_come_forward()


def test_windows_is_asked_for_any_program(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    user32 = SimpleNamespace(AllowSetForegroundWindow=asked.append)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    let_another_come_forward()
    assert asked == [-1]


def test_a_windows_that_refuses_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(), raising=False)
    let_another_come_forward()
