"""Windows learns the program's name once, for this user alone."""

from __future__ import annotations

from enn_desktop.system.app_identity import APP_ID, be_known, register
from tests.system.fake_registry import FakeRegistry


def test_the_name_shown_on_notifications_is_written_once() -> None:
    registry = FakeRegistry()
    register(registry)
    assert registry.values == {(rf"Software\Classes\AppUserModelId\{APP_ID}", "DisplayName"): "enn-desktop"}
    registry.locked = True
    register(registry)


def test_a_locked_registry_is_left_as_it_is() -> None:
    registry = FakeRegistry()
    registry.locked = True
    register(registry)
    assert registry.values == {}


def test_elsewhere_nothing_has_to_be_told() -> None:
    be_known()
