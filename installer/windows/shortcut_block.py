"""The name of the program inside a shortcut, in the bytes that Windows itself writes there."""

from __future__ import annotations

import struct
import uuid

APP_ID = "fr.enn.desktop"
"""AppUserModelID: the same as in ``enn_desktop/system/app_identity.py``, or notifications lose their buttons."""
APP_ID_KEY = (uuid.UUID("9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3"), 5)
"""PKEY_AppUserModel_ID, from propkey.h."""
PROPERTY_STORE = 0xA0000009
"""Signature of a PropertyStoreDataBlock ([MS-SHLLINK] 2.5.7)."""
_TEXT = 0x1F
"""VT_LPWSTR."""


def property_block(app_id: str) -> bytes:
    """Return the PropertyStoreDataBlock that gives a shortcut this AppUserModelID ([MS-PROPSTORE] 2.2)."""
    form, number = APP_ID_KEY
    text = (app_id + "\0").encode("utf-16-le")
    text += bytes(-len(text) % 4)
    value = struct.pack("<IBHHI", number, 0, _TEXT, 0, len(app_id) + 1) + text
    value = struct.pack("<I", len(value) + 4) + value
    storage = b"1SPS" + form.bytes_le + value + bytes(4)
    storage = struct.pack("<I", len(storage) + 4) + storage + bytes(4)
    return struct.pack("<II", len(storage) + 8, PROPERTY_STORE) + storage
