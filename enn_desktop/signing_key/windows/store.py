"""The user's certificates as Windows has them, and whether each one's key answers in silence. In the child only.

Providers may load their vendor's code: whoever calls this runs in the probe's process, after ``loading.harden``.
Nothing is written, no window may open, no PIN is given, no private key is used. Every handle is given back.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes import byref
from dataclasses import dataclass, field

from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.values import KeyAnswer
from enn_desktop.signing_key.windows import api
from enn_desktop.system.windows_dll import SystemDll

_SYSTEM_STORE = 10
_CURRENT_USER_READ_ONLY_EXISTING = 0x0001_0000 | 0x8000 | 0x4000
_ABSENT = {2, 0x8007_0002}
_KEY_PROVIDER = 2
_LONGEST_PROPERTY = 65_536

_SILENT_ACQUISITION = 0x40 | 0x4 | 0x8 | 0x1_0000
"""Silent, comparing the public key, without repairing the store's notes (that would write), CNG keys allowed."""
_IS_CNG_KEY = 0xFFFF_FFFF

_VERIFY_CONTEXT_SILENT = 0xF000_0000 | 0x40
_IMPLEMENTATION = 3
_HARDWARE, _SOFTWARE, _REMOVABLE = 1, 2, 8
_OWN_TO_THIS_COMPUTER = ("Microsoft Platform Crypto Provider", "Microsoft Passport Key Storage Provider")
"""The computer's own chip and Windows Hello: hardware indeed, but no key that one plugs in."""

_RESET_BY_SOMEBODY = 0x8010_0068
_FAILED_WITHOUT_SAYING_WHY = 0x8000_4005


@dataclass(frozen=True, slots=True)
class StoreEntry:
    """One certificate that has a private key somewhere, as plain values that go through JSON.

    ``hardware``: whether its provider says that keys are on something one plugs in; ``None`` when it does not say.
    """

    der: bytes
    provider: str
    provider_type: int
    """0: the new kind (KSP)."""
    hardware: bool | None
    answer: KeyAnswer
    key_code: int


@dataclass(frozen=True, slots=True)
class StoreLibraries:
    """What the questions need of Windows."""

    crypt: api.Dll = field(default_factory=lambda: SystemDll("crypt32"))
    advapi: api.Dll = field(default_factory=lambda: SystemDll("advapi32"))
    ncrypt: api.Dll = field(default_factory=lambda: SystemDll("ncrypt"))


def entries(libraries: StoreLibraries | None = None) -> Iterator[StoreEntry]:
    """Yield each certificate that has a private key, as soon as its key was asked; ``OSError`` if the store is closed.

    A certificate without a note on its key's provider is somebody else's: it is passed over. Use it up, or close it.
    """
    asked = libraries or StoreLibraries()
    crypt = asked.crypt
    store = crypt.call(api.OPEN_STORE, _SYSTEM_STORE, 0, None, _CURRENT_USER_READ_ONLY_EXISTING, api.wide("MY"))
    if not store:
        if crypt.last_error() in _ABSENT:
            return
        raise api.refused(crypt, api.OPEN_STORE)
    context = 0
    try:
        # Each call frees the context it is given; the one we stop at is ours to free.
        while context := crypt.call(api.NEXT_CERTIFICATE, store, context or None):
            if found := _entry(asked, context):
                yield found
    finally:
        if context:
            crypt.call(api.FREE_CERTIFICATE, context)
        crypt.call(api.CLOSE_STORE, store, 0)


def _entry(asked: StoreLibraries, context: int) -> StoreEntry | None:
    held = api.CertContext.from_address(context)
    provider = _provider(asked.crypt, context)
    if provider is None or not held.encoded:
        return None
    name, kind = provider
    hardware = _is_hardware(asked, name, kind)
    code = acquire_silently(asked, context)
    der = ctypes.string_at(held.encoded, held.encoded_length)
    return StoreEntry(der, name, kind, hardware, known_keys.answer_of_code(code), code)


def _provider(crypt: api.Dll, context: int) -> tuple[str, int] | None:
    """Return the provider's name and kind. The container's name stands beside it; it may name a person: not read."""
    size = ctypes.c_uint32()
    if not crypt.call(api.CERTIFICATE_PROPERTY, context, _KEY_PROVIDER, None, byref(size)):
        return None
    if not ctypes.sizeof(api.KeyProviderInfo) <= size.value <= _LONGEST_PROPERTY:
        return None
    buffer = ctypes.create_string_buffer(size.value)
    if not crypt.call(api.CERTIFICATE_PROPERTY, context, _KEY_PROVIDER, buffer, byref(size)):
        return None
    info = api.KeyProviderInfo.from_buffer(buffer)
    return api.read_wide(info.provider), info.provider_type


def acquire_silently(asked: StoreLibraries, context: int) -> int:
    """Ask a certificate's provider for its key, without a window; return 0, or the provider's code.

    The provider compares the public key of the card with the certificate's. Nothing is signed; the handle goes back.
    """
    code = _acquisition(asked, context)
    # Another program has just started the card afresh: that says nothing of the key, and passes.
    return _acquisition(asked, context) if code == _RESET_BY_SOMEBODY else code


def _acquisition(asked: StoreLibraries, context: int) -> int:
    key, spec, ours = ctypes.c_void_p(), ctypes.c_uint32(), ctypes.c_int()
    arguments = (context, _SILENT_ACQUISITION, None, byref(key), byref(spec), byref(ours))
    if not asked.crypt.call(api.ACQUIRE_KEY, *arguments):
        # A failure that left no code would else be taken for a success.
        return asked.crypt.last_error() or _FAILED_WITHOUT_SAYING_WHY
    if ours.value:
        if spec.value == _IS_CNG_KEY:
            asked.ncrypt.call(api.FREE_KSP, key)
        else:
            asked.advapi.call(api.RELEASE_PROVIDER, key, 0)
    return 0


def _is_hardware(asked: StoreLibraries, name: str, kind: int) -> bool | None:
    if name in _OWN_TO_THIS_COMPUTER:
        return False
    bits = _csp_implementation(asked.advapi, name, kind) if kind else _ksp_implementation(asked.ncrypt, name)
    if bits & (_HARDWARE | _REMOVABLE):
        return True
    return False if bits & _SOFTWARE else None


def _csp_implementation(advapi: api.Dll, name: str, kind: int) -> int:
    provider = ctypes.c_void_p()
    if not advapi.call(api.ACQUIRE_PROVIDER, byref(provider), None, api.wide(name), kind, _VERIFY_CONTEXT_SILENT):
        return 0
    bits, size = ctypes.c_uint32(), ctypes.c_uint32(4)
    told = advapi.call(api.PROVIDER_PARAMETER, provider, _IMPLEMENTATION, byref(bits), byref(size), 0)
    advapi.call(api.RELEASE_PROVIDER, provider, 0)
    return bits.value if told else 0


def _ksp_implementation(ncrypt: api.Dll, name: str) -> int:
    provider = ctypes.c_void_p()
    if ncrypt.call(api.OPEN_KSP, byref(provider), api.wide(name), 0):
        return 0
    bits, size = ctypes.c_uint32(), ctypes.c_uint32()
    code = ncrypt.call(api.KSP_PROPERTY, provider, api.wide("Impl Type"), byref(bits), 4, byref(size), 0)
    ncrypt.call(api.FREE_KSP, provider)
    return 0 if code else bits.value
