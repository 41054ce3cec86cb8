"""Windows as the wrappers see it: structures of 64-bit Windows, functions with their types, texts in UTF-16.

Nothing here loads a library. Texts go in and out as UTF-16 bytes, never as ``c_wchar_p``: a ``wchar_t`` is four bytes
on Linux, and recorded Windows bytes must be read alike on both. For the same reason a DWORD is a ``c_uint32``.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int, c_ubyte, c_uint32, c_void_p
from typing import Protocol

from enn_desktop.system.windows_dll import Prototype

Dword, Bool, Handle, Text, Buffer = c_uint32, c_int, c_void_p, c_void_p, c_void_p
DwordOut = POINTER(c_uint32)
BoolOut = POINTER(c_int)
HandleOut = POINTER(c_void_p)

INVALID_HANDLE = 2**64 - 1
INSUFFICIENT_BUFFER = 122
LONGEST_TEXT = 32_767


class Dll(Protocol):
    """One library: the real one (``SystemDll``), or a test's."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function; a null pointer and no result at all both come out as 0."""
        ...

    def last_error(self) -> int:
        """Return what the last call of this thread left as its error, without a sign."""
        ...


class ServiceState(ctypes.Structure):
    """SERVICE_STATUS, 28 bytes."""

    _fields_ = (
        ("service_type", Dword),
        ("current_state", Dword),
        ("controls_accepted", Dword),
        ("win32_exit_code", Dword),
        ("service_exit_code", Dword),
        ("check_point", Dword),
        ("wait_hint", Dword),
    )
    current_state: int


class ServiceConfig(ctypes.Structure):
    """QUERY_SERVICE_CONFIGW, 64 bytes, its texts after it in the same buffer."""

    _fields_ = (
        ("service_type", Dword),
        ("start_type", Dword),
        ("error_control", Dword),
        ("binary_path", Text),
        ("load_order_group", Text),
        ("tag", Dword),
        ("dependencies", Text),
        ("start_name", Text),
        ("display_name", Text),
    )
    start_type: int


class DeviceInfo(ctypes.Structure):
    """SP_DEVINFO_DATA, 32 bytes; ``size`` must be filled in before a call."""

    _fields_ = (("size", Dword), ("class_guid", c_ubyte * 16), ("instance", Dword), ("reserved", c_void_p))
    size: int
    class_guid: ctypes.Array[c_ubyte]


class CertContext(ctypes.Structure):
    """CERT_CONTEXT, 40 bytes."""

    _fields_ = (
        ("encoding", Dword),
        ("encoded", c_void_p),
        ("encoded_length", Dword),
        ("info", c_void_p),
        ("store", c_void_p),
    )
    encoded: int | None
    encoded_length: int


class KeyProviderInfo(ctypes.Structure):
    """CRYPT_KEY_PROV_INFO, 48 bytes, its texts after it in the same buffer."""

    _fields_ = (
        ("container", Text),
        ("provider", Text),
        ("provider_type", Dword),
        ("flags", Dword),
        ("parameter_count", Dword),
        ("parameters", c_void_p),
        ("key_spec", Dword),
    )
    provider: int | None
    provider_type: int


# advapi32: services.
OPEN_MANAGER = Prototype("OpenSCManagerW", Handle, (Text, Text, Dword))
OPEN_SERVICE = Prototype("OpenServiceW", Handle, (Handle, Text, Dword))
CLOSE_SERVICE = Prototype("CloseServiceHandle", Bool, (Handle,))
QUERY_STATUS = Prototype("QueryServiceStatus", Bool, (Handle, POINTER(ServiceState)))
QUERY_CONFIG = Prototype("QueryServiceConfigW", Bool, (Handle, Buffer, Dword, DwordOut))

# user32.
SYSTEM_METRICS = Prototype("GetSystemMetrics", c_int, (c_int,))

# setupapi: devices.
CLASS_DEVICES = Prototype("SetupDiGetClassDevsW", Handle, (Buffer, Text, Handle, Dword))
NEXT_DEVICE = Prototype("SetupDiEnumDeviceInfo", Bool, (Handle, Dword, POINTER(DeviceInfo)))
INSTANCE_ID = Prototype("SetupDiGetDeviceInstanceIdW", Bool, (Handle, POINTER(DeviceInfo), Buffer, Dword, DwordOut))
DEVICE_PROPERTY = Prototype(
    "SetupDiGetDeviceRegistryPropertyW", Bool, (Handle, POINTER(DeviceInfo), Dword, DwordOut, Buffer, Dword, DwordOut)
)
END_DEVICES = Prototype("SetupDiDestroyDeviceInfoList", Bool, (Handle,))

# crypt32: the store. A certificate's context is an address, read as a ``CertContext``.
OPEN_STORE = Prototype("CertOpenStore", Handle, (c_void_p, Dword, Handle, Dword, Text))
CLOSE_STORE = Prototype("CertCloseStore", Bool, (Handle, Dword))
NEXT_CERTIFICATE = Prototype("CertEnumCertificatesInStore", c_void_p, (Handle, c_void_p))
FREE_CERTIFICATE = Prototype("CertFreeCertificateContext", Bool, (c_void_p,))
CERTIFICATE_PROPERTY = Prototype("CertGetCertificateContextProperty", Bool, (c_void_p, Dword, Buffer, DwordOut))
ACQUIRE_KEY = Prototype(
    "CryptAcquireCertificatePrivateKey", Bool, (c_void_p, Dword, c_void_p, HandleOut, DwordOut, BoolOut)
)

# advapi32: providers of the old kind (CSP).
ACQUIRE_PROVIDER = Prototype("CryptAcquireContextW", Bool, (HandleOut, Text, Text, Dword, Dword))
PROVIDER_PARAMETER = Prototype("CryptGetProvParam", Bool, (Handle, Dword, Buffer, DwordOut, Dword))
RELEASE_PROVIDER = Prototype("CryptReleaseContext", Bool, (Handle, Dword))

# ncrypt: providers of the new kind (KSP); these return their code instead of leaving it.
OPEN_KSP = Prototype("NCryptOpenStorageProvider", Dword, (HandleOut, Text, Dword))
KSP_PROPERTY = Prototype("NCryptGetProperty", Dword, (Handle, Text, Buffer, Dword, DwordOut, Dword))
FREE_KSP = Prototype("NCryptFreeObject", Dword, (Handle,))

# kernel32: loading.
DEFAULT_FOLDERS = Prototype("SetDefaultDllDirectories", Bool, (Dword,))
LOAD_LIBRARY = Prototype("LoadLibraryExW", Handle, (Text, Handle, Dword))
FIND_FUNCTION = Prototype("GetProcAddress", c_void_p, (Handle, c_void_p))
ERROR_MODE = Prototype("SetErrorMode", Dword, (Dword,))

# shell32 and ole32: known folders. The folder's text belongs to the caller, who frees it.
KNOWN_FOLDER = Prototype("SHGetKnownFolderPath", Dword, (Buffer, Dword, Handle, HandleOut))
FREE_TEXT = Prototype("CoTaskMemFree", None, (c_void_p,))


def wide(text: str) -> ctypes.Array[ctypes.c_char]:
    """Return a text as Windows reads it: UTF-16 with two zero bytes at the end."""
    return ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0")


def read_wide(address: int | None) -> str:
    """Return the text that stands at an address; empty for a null pointer."""
    if not address:
        return ""
    end = 0
    while end < LONGEST_TEXT and ctypes.string_at(address + 2 * end, 2) != b"\0\0":
        end += 1
    return ctypes.string_at(address, 2 * end).decode("utf-16-le", "replace")


def refused(dll: Dll, function: Prototype) -> OSError:
    """Return the error to raise when a call that never fails in peace has failed."""
    code = dll.last_error()
    return OSError(code, f"{function.name}: 0x{code:08X}")
