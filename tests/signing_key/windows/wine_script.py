"""What a Windows Python runs under Wine: each wrapper for real, against libraries that are not ours.

Not a test by itself: ``test_wine.py`` starts it and reads the one JSON line it ends with. It uses nothing but the
standard library and the wrappers, and raw ``ctypes`` to prepare what they are to find.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import sys
from collections.abc import Callable
from ctypes import byref, c_int, c_uint32, c_void_p
from pathlib import Path
from typing import Any

PROJECT, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(PROJECT))

from enn_desktop.signing_key.windows import api, files, loading, registry, services, store, usb  # noqa: E402
from enn_desktop.system.windows_dll import Prototype, SystemDll  # noqa: E402

ATR = bytes.fromhex("3BD5180081313A7D8073C8211030")
CRYPT, KERNEL = SystemDll("crypt32"), SystemDll("kernel32")
IMPORT_PFX = Prototype("PFXImportCertStore", c_void_p, (c_void_p, c_void_p, c_uint32))
OPEN_STORE = api.OPEN_STORE
ADD = Prototype("CertAddCertificateContextToStore", c_int, (c_void_p, c_void_p, c_uint32, c_void_p))
NEW_CONTEXT = Prototype("CertCreateCertificateContext", c_void_p, (c_uint32, c_void_p, c_uint32))
SET_PROPERTY = Prototype("CertSetCertificateContextProperty", c_int, (c_void_p, c_uint32, c_uint32, c_void_p))
OPEN_HANDLES = Prototype("GetProcessHandleCount", c_int, (c_void_p, c_void_p))
REPLACE_EXISTING, KEY_PROVIDER, CURRENT_USER = 3, 2, 0x10000


class Blob(ctypes.Structure):
    """CRYPT_DATA_BLOB."""

    _fields_ = (("size", c_uint32), ("data", c_void_p))


def import_pfx(pfx: bytes) -> bytes:
    """Put a certificate and its key into the user's store; return the note on its key, as Windows laid it out."""
    held = ctypes.create_string_buffer(pfx, len(pfx))
    temporary = CRYPT.call(IMPORT_PFX, byref(Blob(len(pfx), ctypes.addressof(held))), api.wide("essai"), 0x1000)
    assert temporary, hex(CRYPT.last_error())
    context = CRYPT.call(api.NEXT_CERTIFICATE, temporary, None)
    note = property_of(context)
    into_store(context)
    CRYPT.call(api.FREE_CERTIFICATE, context)
    CRYPT.call(api.CLOSE_STORE, temporary, 0)
    return note


def property_of(context: int) -> bytes:
    """Return a certificate's note on its key."""
    size = c_uint32()
    assert CRYPT.call(api.CERTIFICATE_PROPERTY, context, KEY_PROVIDER, None, byref(size)), hex(CRYPT.last_error())
    buffer = ctypes.create_string_buffer(size.value)
    assert CRYPT.call(api.CERTIFICATE_PROPERTY, context, KEY_PROVIDER, buffer, byref(size))
    info = api.KeyProviderInfo.from_buffer(buffer)
    NOTES.append((api.read_wide(info.container), api.read_wide(info.provider), info.provider_type, info.key_spec))
    return buffer.raw


NOTES: list[tuple[str, str, int, int]] = []


def into_store(context: int) -> None:
    """Add a certificate to the user's store for good: Wine writes it when the store is closed."""
    mine = CRYPT.call(OPEN_STORE, 10, 0, None, CURRENT_USER, api.wide("MY"))
    assert mine, hex(CRYPT.last_error())
    assert CRYPT.call(ADD, mine, context, REPLACE_EXISTING, None), hex(CRYPT.last_error())
    CRYPT.call(api.CLOSE_STORE, mine, 0)


def note_certificate(der: bytes, container: str) -> None:
    """Add a certificate whose note names some container of the software provider."""
    held = ctypes.create_string_buffer(der, len(der))
    context = CRYPT.call(NEW_CONTEXT, 1, held, len(der))
    _, provider, kind, spec = NOTES[0]
    texts = api.wide(container), api.wide(provider)
    info = api.KeyProviderInfo(ctypes.addressof(texts[0]), ctypes.addressof(texts[1]), kind, 0, 0, None, spec)
    assert CRYPT.call(SET_PROPERTY, context, KEY_PROVIDER, 0, byref(info)), hex(CRYPT.last_error())
    into_store(context)
    CRYPT.call(api.FREE_CERTIFICATE, context)


def stored() -> list[dict[str, object]]:
    """Read the store through the wrapper."""
    return [
        {
            "der": hashlib.sha256(one.der).hexdigest(),
            "provider": one.provider,
            "kind": one.provider_type,
            "hardware": one.hardware,
            "answer": one.answer.name,
            "code": one.key_code,
        }
        for one in store.entries()
    ]


def open_handles() -> int:
    """Return how many handles this process has."""
    count = c_uint32()
    assert KERNEL.call(OPEN_HANDLES, 2**64 - 1, byref(count))
    return count.value


def handles_left() -> int:
    """Return how many more handles there are after fifty looks."""

    def look() -> None:
        services.look()
        usb.devices()
        registry.registered_driver(ATR)
        list(store.entries())

    look()
    before = open_handles()
    for _ in range(50):
        look()
    return open_handles() - before


def looks() -> dict[str, Callable[[], Any]]:
    """Return each thing to be done, in order, by its name."""
    return {
        "harden": loading.harden,
        "whole process with the library's folder": lambda: (
            KERNEL.call(api.DEFAULT_FOLDERS, 0x900) or KERNEL.last_error()
        ),
        "services": lambda: [getattr(services.look(), name).name for name in ("cards", "enumeration", "propagation")],
        "remote": lambda: services.look().remote_session,
        "a service that runs": lambda: (
            services._status(  # the three for cards do not exist in Wine
                SystemDll("advapi32"), SystemDll("advapi32").call(api.OPEN_MANAGER, None, None, 1), "PlugPlay"
            ).name
        ),
        "usb": lambda: [[one.vendor, one.product, one.name, one.card_class] for one in usb.devices()],
        "registered": lambda: fields_of(registry.registered_driver(ATR)),
        "registered elsewhere": lambda: fields_of(registry.registered_driver(ATR[:-1] + b"\x31")),
        "folders": lambda: {word: str(path) for word, path in files.program_folders().items()},
        "files": lambda: [[one.middleware, one.path, one.machine.name] for one in files.driver_files()],
        "allowed": lambda: [files.is_allowed(path) for path in (r"C:\windows\system32\eTPKCS11.dll", r"C:\x.dll")],
        "empty store": stored,
        "note": lambda: len(import_pfx((FOLDER / "mine.pfx").read_bytes())),
        "other": lambda: note_certificate((FOLDER / "other.der").read_bytes(), NOTES[0][0]),
        "ghost": lambda: note_certificate((FOLDER / "ghost.der").read_bytes(), "gone"),
        "store": stored,
        "loads": lambda: [
            loading.preload(path)
            for path in (r"C:\windows\system32\gone.dll", str(FOLDER / "text.dll"), r"C:\windows\system32\eTPKCS11.dll")
        ],
        "handles left": handles_left,
    }


def fields_of(found: registry.Registration | None) -> list[object]:
    """Return a registration as a list."""
    return [found.name, found.minidriver, found.provider, found.key_storage, found.bits] if found else []


def main() -> None:
    """Do everything, and write one JSON line; what breaks is said in its place."""
    seen: dict[str, object] = {}
    for name, look in looks().items():
        try:
            seen[name] = look()
        except Exception as error:  # noqa: BLE001 - each is told, the others go on
            seen[name] = f"{type(error).__name__}: {error}"
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()


main()
