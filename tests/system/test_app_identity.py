"""Windows learns the program's name once, for this user alone."""

from __future__ import annotations

from pathlib import Path

from enn_desktop.system.app_identity import APP_ID, ICON, be_known, register
from enn_desktop.system.paths import resource
from tests.system.fake_registry import FakeRegistry


def test_the_name_and_the_picture_shown_on_notifications_are_written_once() -> None:
    registry = FakeRegistry()
    register(registry, resource(ICON))
    key = rf"Software\Classes\AppUserModelId\{APP_ID}"
    assert registry.values == {(key, "DisplayName"): "enn-desktop", (key, "IconUri"): str(resource(ICON))}
    registry.locked = True
    register(registry, resource(ICON))


def test_the_picture_of_another_folder_replaces_the_one_of_before() -> None:
    registry = FakeRegistry()
    register(registry, Path("C:/ancien/enn-desktop.png"))
    register(registry, resource(ICON))
    assert str(resource(ICON)) in registry.values.values()
    assert resource(ICON).is_file()


def test_a_locked_registry_is_left_as_it_is() -> None:
    registry = FakeRegistry()
    registry.locked = True
    register(registry, resource(ICON))
    assert registry.values == {}


def test_elsewhere_nothing_has_to_be_told() -> None:
    be_known()
