"""Starting with the session is written where each system looks, and undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from enn_desktop.core.errors import SettingsError
from enn_desktop.system.autostart import APPROVED, NAME, RUN, DesktopEntryAutostart, WindowsAutostart, own_autostart
from enn_desktop.system.launching import program_command

NASTY = ['/opt/Mairie de l’Été/enn "desktop" 100 % $HOME `x`', "-m", "enn_desktop"]


class FakeRegistry:
    """The few keys that matter, in memory."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}
        self.locked = False

    def read(self, key: str, name: str) -> str | bytes | None:
        return self.values.get((key, name))

    def write(self, key: str, name: str, value: str) -> None:
        if self.locked:
            raise PermissionError(5, "refused")
        self.values[key, name] = value

    def remove(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)


def test_on_windows_the_command_is_quoted_and_starts_in_the_tray() -> None:
    registry = FakeRegistry()
    start = WindowsAutostart(registry, [r"C:\Program Files\enn\enn-desktop.exe"])
    start.set(True)
    assert registry.values[RUN, NAME] == r'"C:\Program Files\enn\enn-desktop.exe" --tray'
    assert start.enabled()
    start.set(False)
    assert registry.values == {}


def test_what_she_switched_off_in_the_task_manager_is_off_until_she_says_otherwise_here() -> None:
    registry = FakeRegistry()
    start = WindowsAutostart(registry, ["enn.exe"])
    start.set(True)
    registry.values[APPROVED, NAME] = bytes([3, 0, 0, 0])
    assert not start.enabled()
    start.set(True)
    assert start.enabled()


def test_a_locked_registry_is_a_sentence() -> None:
    registry = FakeRegistry()
    registry.locked = True
    with pytest.raises(SettingsError) as refused:
        WindowsAutostart(registry, ["enn.exe"]).set(True)
    assert "session" in refused.value.message


def test_on_linux_the_entry_quotes_what_the_specification_says(tmp_path: Path) -> None:
    start = DesktopEntryAutostart(tmp_path / "autostart", NASTY)
    start.set(True)
    text = (tmp_path / "autostart" / "enn-desktop.desktop").read_text(encoding="utf-8")
    assert r'Exec="/opt/Mairie de l’Été/enn \\"desktop\\" 100 %% \\$HOME \\`x\\`" "-m" "enn_desktop" "--tray"' in text
    assert start.enabled()
    start.set(False)
    assert list((tmp_path / "autostart").iterdir()) == []
    start.set(False)


def test_an_entry_of_another_installation_is_not_this_one_s(tmp_path: Path) -> None:
    DesktopEntryAutostart(tmp_path, ["/ancien/enn"]).set(True)
    assert not DesktopEntryAutostart(tmp_path, ["/nouveau/enn"]).enabled()


def test_here_the_program_knows_how_to_start_itself(own_environment: Path) -> None:
    start = own_autostart()
    assert start.possible
    start.set(True)
    assert start.enabled()
    assert any(own_environment.rglob("enn-desktop.desktop"))
    assert program_command()[-2:] == ["-m", "enn_desktop"]
