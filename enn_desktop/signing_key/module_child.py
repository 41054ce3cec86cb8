"""Looks into one PKCS#11 module, in the probe's process: every token, its flags, what it shows to anybody.

Nothing here logs in, signs, or reads a private key.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pkcs11
from pkcs11 import Attribute, KeyType, ObjectClass, Session, Slot, SlotFlag, TokenFlag
from pkcs11.exceptions import PKCS11Error, TokenNotPresent

from enn_desktop.signing_key.module_files import machine_of, own_machine
from enn_desktop.signing_key.probe_lines import Line, Loaded, PublicKey, Token, TokenCertificate, Trouble
from enn_desktop.system.paths import on_windows

CANNOT_LOAD, NO_MODULE, OTHER_MACHINE = 126, 127, 193
"""Windows's numbers for a library that is not there or lacks one, that is no module, that is for another processor."""
GENERAL_ERROR = 0x05
_CODES = {
    "HostMemory": 0x02,
    "SlotIDInvalid": 0x03,
    "GeneralError": GENERAL_ERROR,
    "FunctionFailed": 0x06,
    "ArgumentsBad": 0x07,
    "DeviceError": 0x30,
    "DeviceMemory": 0x31,
    "DeviceRemoved": 0x32,
    "PinLocked": 0xA4,
    "SessionHandleInvalid": 0xB3,
    "TokenNotPresent": 0xE0,
    "TokenNotRecognised": 0xE1,
    "UserNotLoggedIn": 0x101,
}
"""The binding names its errors and keeps no number: those that mean something here."""


def look(path: str) -> Generator[Line, None, None]:
    """Yield what the module at this full path shows, as it comes."""
    if code := _loading_code(path):
        yield Loaded(code)
        return
    try:
        slots = pkcs11.lib(path).get_slots(token_present=True)
    except PKCS11Error as error:
        yield Loaded(_code(error))
        return
    yield Loaded()
    for slot in slots:
        yield from _slot_lines(slot)


def close(path: str) -> None:
    """Let the module give the card back. It may hang, or worse: all must have been said before."""
    with contextlib.suppress(PKCS11Error):
        pkcs11.lib(path).finalize()


def _loading_code(path: str) -> int:
    """Load the library beforehand: the binding tells a failure in the system's language, without its number."""
    if machine_of(Path(path)) is not own_machine():
        return OTHER_MACHINE if Path(path).is_file() else CANNOT_LOAD
    if on_windows():
        from enn_desktop.signing_key.windows import files, loading

        return loading.preload(path) if files.is_allowed(path) else CANNOT_LOAD
    try:
        library = ctypes.CDLL(path, mode=os.RTLD_LAZY)
    except OSError:
        return CANNOT_LOAD
    return 0 if hasattr(library, "C_GetFunctionList") else NO_MODULE


def _slot_lines(slot: Slot) -> Iterator[Line]:
    try:
        token = slot.get_token()
        flags = token.flags
        if not flags & TokenFlag.TOKEN_INITIALIZED:
            # SoftHSM always shows one more, blank: its flags speak of nobody's PIN.
            return
        removable = bool(slot.flags & (SlotFlag.REMOVABLE_DEVICE | SlotFlag.HW_SLOT))
        yield _token_line(flags, removable=removable)
        # Without a PIN the binding opens a session that reads, and does not log in.
        with token.open() as session:
            yield from _certificates(session)
            yield from _public_keys(session)
    except TokenNotPresent:
        return
    except PKCS11Error as error:
        yield Trouble(_code(error))


def _token_line(flags: TokenFlag, *, removable: bool) -> Token:
    never_set = bool(flags & TokenFlag.LOGIN_REQUIRED) and not flags & TokenFlag.USER_PIN_INITIALIZED
    return Token(
        removable,
        low=bool(flags & TokenFlag.USER_PIN_COUNT_LOW),
        last_try=bool(flags & TokenFlag.USER_PIN_FINAL_TRY),
        locked=bool(flags & TokenFlag.USER_PIN_LOCKED),
        to_change=never_set or bool(flags & TokenFlag.USER_PIN_TO_BE_CHANGED),
    )


def _certificates(session: Session) -> Iterator[Line]:
    for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            yield TokenCertificate(bytes(one[Attribute.ID]), bytes(one[Attribute.VALUE]))
        except PKCS11Error as error:
            yield Trouble(_code(error))


def _public_keys(session: Session) -> Iterator[Line]:
    for one in session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY}):
        try:
            identity = bytes(one[Attribute.ID])
            if one[Attribute.KEY_TYPE] is KeyType.RSA:
                yield PublicKey(identity, bytes(one[Attribute.MODULUS]), bytes(one[Attribute.PUBLIC_EXPONENT]))
            elif one[Attribute.KEY_TYPE] is KeyType.EC:
                yield PublicKey(identity, point=bytes(one[Attribute.EC_POINT]))
        except PKCS11Error:
            # A key that does not show itself proves nothing, and spoils nothing.
            continue


def _code(error: PKCS11Error) -> int:
    return _CODES.get(type(error).__name__, GENERAL_ERROR)
