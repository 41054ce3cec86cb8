"""Which driver modules are here, under Windows's own folders, and for which processor."""

from __future__ import annotations

from pathlib import Path

import pytest

from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.known_keys import ModulePath
from enn_desktop.signing_key.values import DriverFile, Machine
from enn_desktop.signing_key.windows import files
from tests.signing_key.windows.fake_windows import folder_libraries
from tests.signing_key.windows.pe_files import ARM64, X64, X86, pe, put


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Make the four folders of a computer."""
    made = {word: tmp_path / word for word in files.FOLDERS}
    for folder in made.values():
        folder.mkdir()
    return made


def test_the_folders_are_those_that_windows_names_and_their_texts_are_given_back() -> None:
    paths = {"system32": r"C:\Windows\System32", "program_files": r"D:\Programmes été"}
    libraries = folder_libraries(paths)
    found = files.program_folders(libraries)
    assert {word: str(path) for word, path in found.items()} == paths
    assert libraries.ole.open == []  # type: ignore[attr-defined] # a test's library


def test_a_folder_of_another_computer_is_left_out() -> None:
    assert files.program_folders(folder_libraries({"program_files": r"\\serveur\programmes"})) == {}


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    assert files.program_folders(folder_libraries({})) == {}


@pytest.mark.parametrize(
    "module", [*known_keys.WINDOWS_MODULES, *known_keys.WINDOWS_MODULES_32_BITS], ids=lambda one: one.relative
)
def test_every_known_module_is_found_where_its_installer_puts_it(module: ModulePath, folders: dict[str, Path]) -> None:
    machine = X64 if module in known_keys.WINDOWS_MODULES else X86
    file = put(folders[module.folder], module.relative, pe(machine))
    found = files.driver_files(folders)
    assert DriverFile(module.middleware, str(file), Machine.X64 if machine == X64 else Machine.X86) in found
    assert len(found) == 1


def test_a_computer_without_any_has_none(folders: dict[str, Path]) -> None:
    assert files.driver_files(folders) == ()
    assert files.driver_files({}) == ()


def test_a_module_under_a_link_is_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    module = next(one for one in known_keys.WINDOWS_MODULES if one.middleware == "OpenSC")
    elsewhere = put(tmp_path / "elsewhere", module.relative, pe(X64))
    (folders["program_files"] / "OpenSC Project").symlink_to(tmp_path / "elsewhere" / "OpenSC Project")
    assert files.driver_files(folders) == ()
    (folders["program_files"] / "OpenSC Project").unlink()
    linked = put(folders["program_files"], module.relative, b"")
    linked.unlink()
    linked.symlink_to(elsewhere)
    assert files.driver_files(folders) == ()


def test_a_folder_with_the_name_of_a_module_is_none(folders: dict[str, Path]) -> None:
    (folders["system32"] / "eTPKCS11.dll").mkdir()
    assert files.driver_files(folders) == ()


@pytest.mark.parametrize(
    ("data", "machine"),
    [
        (pe(X64), Machine.X64),
        (pe(X86), Machine.X86),
        (pe(ARM64), Machine.ARM64),
        (pe(X64, 0x80), Machine.X64),
        (pe(0x01C4), Machine.OTHER),
        (pe(X64)[:-4], Machine.OTHER),
        (pe(X64).replace(b"PE\0\0", b"NE\0\0"), Machine.OTHER),
        (pe(X64).replace(b"MZ", b"ZM"), Machine.OTHER),
        (b"MZ".ljust(0x3C, b"\0") + b"\xff\xff\xff\x7f", Machine.OTHER),
        (b"\x7fELF", Machine.OTHER),
        (b"", Machine.OTHER),
    ],
)
def test_a_module_says_for_which_processor_it_is_made(tmp_path: Path, data: bytes, machine: Machine) -> None:
    (tmp_path / "x.dll").write_bytes(data)
    assert files.machine_of(tmp_path / "x.dll") is machine


def test_a_file_that_is_gone_is_made_for_none(tmp_path: Path) -> None:
    assert files.machine_of(tmp_path / "gone.dll") is Machine.OTHER


def test_a_module_she_names_is_allowed_under_these_folders_only(folders: dict[str, Path], tmp_path: Path) -> None:
    inside = put(folders["program_files"], r"Autre pilote\p11.dll", pe(X64))
    outside = put(tmp_path / "Téléchargements", "p11.dll", pe(X64))
    assert files.is_allowed(str(inside), folders)
    assert not files.is_allowed(str(outside), folders)
    assert not files.is_allowed("p11.dll", folders)
    assert not files.is_allowed(str(folders["program_files"] / "gone.dll"), folders)
    assert not files.is_allowed(str(folders["program_files"]), folders)


def test_below_system32_only_what_is_in_it_itself_is_allowed(folders: dict[str, Path]) -> None:
    itself = put(folders["system32"], "p11.dll", pe(X64))
    below = put(folders["system32"], r"spool\drivers\color\p11.dll", pe(X64))
    assert files.is_allowed(str(itself), folders)
    assert not files.is_allowed(str(below), folders)


def test_a_path_that_climbs_out_is_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    put(tmp_path / "Téléchargements", "p11.dll", pe(X64))
    assert not files.is_allowed(f"{folders['program_files']}/../Téléchargements/p11.dll", folders)
    climbing = ModulePath("x", "program_files", r"..\Téléchargements\p11.dll")
    assert files.driver_files(folders, [climbing]) == ()
