"""The structures are those of 64-bit Windows, wherever the test runs; texts are UTF-16."""

from __future__ import annotations

import ctypes

import pytest

from enn_desktop.signing_key.windows import api
from enn_desktop.system.windows_dll import Prototype, SystemDll
from tests.signing_key.windows.fake_dll import FakeDll, utf16

LAYOUTS = [
    (api.ServiceState, 28, {"service_type": 0, "current_state": 4, "controls_accepted": 8, "wait_hint": 24}),
    (
        api.ServiceConfig,
        64,
        {"start_type": 4, "error_control": 8, "binary_path": 16, "load_order_group": 24, "tag": 32}
        | {"dependencies": 40, "start_name": 48, "display_name": 56},
    ),
    (api.DeviceInfo, 32, {"size": 0, "class_guid": 4, "instance": 20, "reserved": 24}),
    (api.CertContext, 40, {"encoding": 0, "encoded": 8, "encoded_length": 16, "info": 24, "store": 32}),
    (
        api.KeyProviderInfo,
        48,
        {"container": 0, "provider": 8, "provider_type": 16, "flags": 20, "parameter_count": 24, "parameters": 32}
        | {"key_spec": 40},
    ),
]


@pytest.mark.parametrize(("structure", "size", "offsets"), LAYOUTS, ids=lambda one: getattr(one, "__name__", None))
def test_a_structure_has_the_documented_size_and_offsets(
    structure: type[ctypes.Structure], size: int, offsets: dict[str, int]
) -> None:
    assert ctypes.sizeof(structure) == size
    assert {name: getattr(structure, name).offset for name in offsets} == offsets


def test_a_dword_is_four_bytes_here_too() -> None:
    assert ctypes.sizeof(api.Dword) == ctypes.sizeof(api.Bool) == 4
    assert ctypes.sizeof(api.Handle) == 8


def test_every_function_is_declared_with_windows_sizes() -> None:
    declared = [one for one in vars(api).values() if isinstance(one, Prototype)]
    used = {kind for one in declared for kind in (*one.arguments, one.result) if kind is not None}
    # An ``unsigned long`` has eight bytes here and four on Windows; a ``wchar_t`` four and two.
    assert used & {ctypes.c_ulong, ctypes.c_long, ctypes.c_wchar_p} == set()
    assert {ctypes.sizeof(kind) for kind in used} == {4, 8}


@pytest.mark.parametrize("text", ["", "SCardSvr", "Carte à puce", "clé 🔑"])
def test_a_text_goes_to_windows_and_comes_back(text: str) -> None:
    handed = api.wide(text)
    assert handed.raw == utf16(text)
    assert api.read_wide(ctypes.addressof(handed)) == text


def test_no_text_at_all_is_an_empty_one() -> None:
    assert api.read_wide(None) == api.read_wide(0) == ""


def test_a_refusal_names_the_function_and_its_code_only() -> None:
    dll = FakeDll()
    dll.error = 0x8009_0016
    error = api.refused(dll, api.OPEN_STORE)
    assert error.args == (0x8009_0016, "CertOpenStore: 0x80090016")


def test_a_windows_library_asked_for_elsewhere_says_so_at_the_first_call() -> None:
    dll = SystemDll("advapi32")
    with pytest.raises(OSError, match="advapi32 is a library of Windows"):
        dll.call(api.CLOSE_SERVICE, 1)
    assert dll.last_error() == 0
