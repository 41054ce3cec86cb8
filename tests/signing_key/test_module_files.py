"""Which driver modules of a computer are looked at: a tree of the test's own, with what may be there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from enn_desktop.signing_key.module_files import driver_files, machine_of, own_machine, trusted
from enn_desktop.signing_key.values import DriverFile, Machine
from tests.signing_key.rigs import needs
from tests.signing_key.rigs.bad_modules import ARM64, X64, X86, elf_header, pe_header

US = os.getuid()
LIBRARIES = "usr/lib/x86_64-linux-gnu"


def put(root: Path, where: str, content: bytes = elf_header(X64), mode: int = 0o644) -> Path:
    """Put a file into the tree, its folders made as an administrator makes them."""
    path = root / where
    for folder in reversed(path.relative_to(root).parents):
        (root / folder).mkdir(exist_ok=True)
        (root / folder).chmod(0o755)
    path.write_bytes(content)
    path.chmod(mode)
    return path


def names(root: Path) -> list[tuple[str, str]]:
    return [(one.middleware, Path(one.path).name) for one in driver_files(root, US)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    return tmp_path / "tree"


def test_this_computer_has_opensc_and_softhsm_each_once() -> None:
    found = driver_files()
    assert [one.path for one in found if one.middleware == "OpenSC"] == [
        str(needs.file("lib/*/opensc-pkcs11.so").resolve())
    ]
    assert sum("softhsm" in one.path for one in found) == 1
    assert {one.machine for one in found} == {own_machine()}


def test_a_computer_without_any_has_none(root: Path) -> None:
    assert driver_files(root, US) == ()


def test_a_known_module_is_found_by_its_whole_path(root: Path) -> None:
    path = put(root, f"{LIBRARIES}/libeToken.so")
    assert driver_files(root, US) == (DriverFile("SafeNet Authentication Client", str(path), Machine.X64),)


def test_one_file_with_two_names_is_one_module(root: Path) -> None:
    real = put(root, f"{LIBRARIES}/opensc-pkcs11.so")
    link = root / LIBRARIES / "pkcs11" / "opensc-pkcs11.so"
    link.parent.mkdir()
    link.symlink_to("../opensc-pkcs11.so")
    assert [one.path for one in driver_files(root, US)] == [str(real)]


def test_p11_kit_names_modules_with_or_without_their_folder(root: Path) -> None:
    put(root, "usr/share/p11-kit/modules/a.module", b"module: a-pkcs11.so\n")
    put(root, "etc/pkcs11/modules/b.module", b"module: /opt/b/b-pkcs11.so\n")
    put(root, "usr/lib64/pkcs11/a-pkcs11.so")
    put(root, "opt/b/b-pkcs11.so")
    assert names(root) == [("a", "a-pkcs11.so"), ("b", "b-pkcs11.so")]


def test_the_administrators_word_on_a_module_wins(root: Path) -> None:
    put(root, "usr/share/p11-kit/modules/a.module", b"module: /usr/lib/a.so\n")
    put(root, "etc/pkcs11/modules/a.module", b"module: /usr/lib/b.so\n")
    put(root, "usr/lib/a.so")
    put(root, "usr/lib/b.so")
    assert names(root) == [("a", "b.so")]


@pytest.mark.parametrize(
    "settings",
    [
        b"",
        b"# module: /usr/lib/a.so\n",
        b"module: /usr/lib/a.so\nenable-in: p11-kit-proxy\n",
        b"\xff\xfe\n",
        b"module:\n",
    ],
)
def test_settings_that_name_no_module_for_us_name_none(root: Path, settings: bytes) -> None:
    put(root, "usr/share/p11-kit/modules/a.module", settings)
    put(root, "usr/lib/a.so")
    assert driver_files(root, US) == ()


def test_a_module_outside_the_programs_is_refused(root: Path) -> None:
    put(root, "etc/pkcs11/modules/a.module", b"module: /srv/camille/a.so\n")
    put(root, "srv/camille/a.so")
    assert driver_files(root, US) == ()


def test_a_way_round_is_refused(root: Path) -> None:
    put(root, "srv/camille/a.so")
    put(root, "usr/lib/empty")
    assert trusted(root / "usr/lib/../../srv/camille/a.so", root, US) is None


def test_a_link_that_leaves_the_programs_is_refused(root: Path) -> None:
    outside = put(root, "srv/camille/a.so")
    put(root, "usr/lib/empty")
    (root / "usr/lib/a.so").symlink_to(outside)
    assert trusted(root / "usr/lib/a.so", root, US) is None


def test_a_link_that_turns_in_a_circle_is_refused(root: Path) -> None:
    put(root, "usr/lib/empty")
    (root / "usr/lib/a.so").symlink_to("a.so")
    assert trusted(root / "usr/lib/a.so", root, US) is None


@pytest.mark.parametrize("mode", [0o666, 0o664, 0o646])
def test_a_file_that_others_may_write_is_refused(root: Path, mode: int) -> None:
    assert trusted(put(root, "usr/lib/a.so", mode=mode), root, US) is None


@pytest.mark.parametrize("folder", ["usr", "usr/lib"])
def test_a_file_in_a_folder_where_others_may_write_is_refused(root: Path, folder: str) -> None:
    path = put(root, "usr/lib/a.so")
    (root / folder).chmod(0o777)
    assert trusted(path, root, US) is None


def test_a_link_in_a_folder_where_others_may_write_is_refused(root: Path) -> None:
    put(root, "usr/lib/a.so")
    put(root, "usr/local/open/empty")
    link = root / "usr/local/open/a.so"
    link.symlink_to(root / "usr/lib/a.so")
    assert trusted(link, root, US) == root / "usr/lib/a.so"
    link.parent.chmod(0o777)
    assert trusted(link, root, US) is None


def test_a_file_of_somebody_else_is_refused(root: Path) -> None:
    path = put(root, "usr/lib/a.so")
    assert trusted(path, root, US) == path
    assert trusted(path, root, US + 1) is None


def test_a_folder_is_no_module(root: Path) -> None:
    put(root, "usr/lib/a.so/inside")
    assert trusted(root / "usr/lib/a.so", root, US) is None


@pytest.mark.parametrize(
    ("content", "machine"),
    [
        (elf_header(X64), Machine.X64),
        (elf_header(X86), Machine.X86),
        (elf_header(ARM64), Machine.ARM64),
        (elf_header(X64)[:18] + b"\x15\x00", Machine.OTHER),
        (elf_header(X64)[:19], Machine.OTHER),
        (elf_header(ARM64)[:5] + b"\x02" + elf_header(ARM64)[6:18] + b"\x00\xb7", Machine.ARM64),
        (pe_header(X64), Machine.X64),
        (pe_header(X86), Machine.X86),
        (b"", Machine.OTHER),
        (b"not a library", Machine.OTHER),
    ],
)
def test_the_processor_is_read_from_the_header(tmp_path: Path, content: bytes, machine: Machine) -> None:
    file = tmp_path / "module"
    file.write_bytes(content)
    assert machine_of(file) is machine


def test_a_file_that_is_not_there_is_for_no_processor(tmp_path: Path) -> None:
    assert machine_of(tmp_path / "absent") is Machine.OTHER
