"""Starting with the session is written where each system looks, and undone."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enn_desktop.core.errors import SettingsError
from enn_desktop.system.autostart import APPROVED, NAME, RUN, DesktopEntryAutostart, WindowsAutostart, own_autostart
from enn_desktop.system.launching import program_command
from tests.system.fake_registry import FakeRegistry

NASTY = ['/opt/Mairie de l’Été/enn "desktop" 100 % $HOME `x`', "-m", "enn_desktop"]


ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
A_WINDOWS_PATH = st.text(st.characters(codec="utf-8", exclude_characters='\0"\t<>|?*'), min_size=1, max_size=100)


def read_by_windows(line: str) -> list[str]:
    """Split a command as Windows does (CommandLineToArgvW): the program, then what it is told."""
    program, _, rest = line[1:].partition('"') if line.startswith('"') else line.partition(" ")
    told: list[str] = []
    word: str | None = None
    quoted = False
    for backslashes, sign in re.findall(r"(\\*)([^\\]|$)", f"{rest} ", re.DOTALL):
        if sign == '"':
            word = (word or "") + "\\" * (len(backslashes) // 2) + '"' * (len(backslashes) % 2)
            quoted ^= len(backslashes) % 2 == 0
        elif quoted or sign not in " \t":
            word = (word or "") + backslashes + sign
        elif word is not None or backslashes:
            told.append((word or "") + backslashes)
            word = None
    return [program, *told]


def read_by_a_desktop(entry: str) -> list[str]:
    """Read the command of a desktop entry: escapes of the value, then quotes, then codes (``%%``)."""
    (value,) = [line.removeprefix("Exec=") for line in entry.split("\n") if line.startswith("Exec=")]
    text = re.sub(r"\\(.)", lambda one: {"n": "\n", "t": "\t", "r": "\r", "s": " "}.get(one[1], one[1]), value)
    parts = re.findall(r'"((?:[^"\\]|\\["`$\\])*)"(?: |$)', text, re.DOTALL)
    assert " ".join(f'"{part}"' for part in parts) == text
    assert not re.search(r"(?<!%)(%%)*%(?!%)", "".join(parts))
    return [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL).replace("%%", "%") for part in parts]


@given(A_WINDOWS_PATH, st.lists(ANYTHING.filter(lambda text: len(text) < 40), max_size=2))
@example(r"C:\Mairie de l’Été\100 %\enn-desktop.exe", ["a b", 'c"d', "e\\", 'f\\"'])
def test_windows_reads_back_any_command(program: str, told: list[str]) -> None:
    registry = FakeRegistry()
    with suppress(SettingsError):
        WindowsAutostart(registry, [program, *told]).set(True)
        assert read_by_windows(str(registry.values[RUN, NAME])) == [program, *told, "--tray"]


@given(st.lists(ANYTHING, min_size=1, max_size=3))
@example(NASTY)
def test_a_desktop_reads_back_any_command(command: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        DesktopEntryAutostart(Path(folder), command).set(True)
        entry = (Path(folder) / "enn-desktop.desktop").read_bytes().decode()
    assert read_by_a_desktop(entry) == [*command, "--tray"]


def test_a_folder_whose_name_is_no_text_is_written_as_it_is(tmp_path: Path) -> None:
    start = DesktopEntryAutostart(tmp_path, [os.fsdecode(b"/opt/\xe9t\xe9/enn")])
    start.set(True)
    assert start.enabled()
    assert b'Exec="/opt/\xe9t\xe9/enn"' in (tmp_path / "enn-desktop.desktop").read_bytes()


def test_a_command_too_long_for_windows_is_said_and_not_written() -> None:
    registry = FakeRegistry()
    with pytest.raises(SettingsError):
        WindowsAutostart(registry, ["C:\\" + "a" * 260]).set(True)
    assert registry.values == {}


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


def test_an_entry_is_whole_or_not_there(tmp_path: Path) -> None:
    start = DesktopEntryAutostart(tmp_path / "autostart", NASTY)
    (tmp_path / "autostart").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(SettingsError):
        start.set(True)
    assert not start.enabled()


def test_the_folder_of_settings_that_the_desktop_names_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_environment: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own_autostart().set(True)
    assert (tmp_path / "autostart" / "enn-desktop.desktop").is_file()
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    own_autostart().set(True)
    assert (own_environment / ".config" / "autostart" / "enn-desktop.desktop").is_file()


def test_where_nobody_knows_how_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    start = own_autostart()
    assert not start.possible
    assert not start.enabled()
    with pytest.raises(SettingsError, match="session"):
        start.set(True)
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
