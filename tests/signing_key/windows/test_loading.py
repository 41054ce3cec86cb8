"""How the probe narrows what it loads from."""

from __future__ import annotations

import ctypes

import pytest

from enn_desktop.signing_key.windows import loading
from tests.signing_key.windows.fake_dll import FakeDll, text_at

LOADED = 0x7FFE_0000_0000


def test_a_process_is_narrowed_to_system32_and_opens_no_box() -> None:
    given: list[tuple[str, int]] = []

    def boxes(mode: int) -> int:
        given.append(("boxes", mode))
        return 0

    def folders(flags: int) -> int:
        given.append(("folders", flags))
        return 1

    kernel = FakeDll(SetErrorMode=boxes, SetDefaultDllDirectories=folders)
    loading.harden(kernel)
    assert given == [("boxes", 0x8003), ("folders", 0x800)]


def test_a_process_that_cannot_be_narrowed_says_so_and_goes_no_further() -> None:
    kernel = FakeDll(SetErrorMode=lambda _: 0, SetDefaultDllDirectories=lambda _: kernel.fail(87))
    with pytest.raises(OSError, match="SetDefaultDllDirectories: 0x00000057"):
        loading.harden(kernel)


def test_a_module_is_loaded_from_its_full_path_with_what_stands_beside_it() -> None:
    given: list[tuple[str, int | None, int]] = []

    def load(path: int, file: int | None, flags: int) -> int:
        given.append((text_at(path), file, flags))
        return LOADED

    kernel = FakeDll(LoadLibraryExW=load, GetProcAddress=found)
    assert loading.preload(r"C:\Windows\System32\clé.dll", kernel) == 0
    assert given == [(r"C:\Windows\System32\clé.dll", None, 0x900)]


@pytest.mark.parametrize(("code", "told"), [(126, 126), (193, 193), (5, 5), (0, 127)])
def test_a_module_that_does_not_load_gives_windows_own_number(code: int, told: int) -> None:
    kernel = FakeDll(LoadLibraryExW=lambda *_: kernel.fail(code))
    assert loading.preload(r"C:\Windows\System32\x.dll", kernel) == told


def test_a_library_that_is_no_module_is_told_from_one_that_fails() -> None:
    kernel = FakeDll(LoadLibraryExW=lambda *_: LOADED, GetProcAddress=lambda *_: kernel.fail(127))
    assert loading.preload(r"C:\Windows\System32\version.dll", kernel) == 127


def found(module: int, name: int) -> int:
    """Play GetProcAddress for a PKCS#11 module."""
    assert (module, ctypes.string_at(name)) == (LOADED, b"C_GetFunctionList")
    return LOADED + 0x100
