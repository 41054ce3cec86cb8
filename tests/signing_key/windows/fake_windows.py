"""One computer with Windows, as its libraries show it: services, devices, folders, certificates, from plain values."""

from __future__ import annotations

import ctypes
import struct
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enn_desktop.signing_key.windows import files, services, store
from tests.signing_key.windows.fake_dll import FakeDll, text_at, utf16, write

DEMAND, DISABLED, AUTOMATIC = 3, 4, 2
STOPPED, STARTING, RUNNING = 1, 2, 4


@dataclass(frozen=True, slots=True)
class FakeService:
    """One service: how it starts, its state, or the code with which opening it is refused."""

    start: int = DEMAND
    state: int = STOPPED
    refused: int = 0


def service_libraries(known: dict[str, FakeService], *, remote: bool = False, manager: bool = True) -> Any:
    """Return the libraries of a computer with these services; any other one does not exist there."""
    advapi, opened = FakeDll(), {}

    def open_manager(machine: int | None, database: int | None, access: int) -> int:
        assert (machine, database, access) == (None, None, 1)
        return advapi.opened() if manager else advapi.fail(5)

    def open_service(_manager: int, name: int, access: int) -> int:
        assert access == 5
        service = known.get(text_at(name), FakeService(refused=1060))
        if service.refused:
            return advapi.fail(service.refused)
        handle = advapi.opened()
        opened[handle] = service
        return handle

    def query_status(handle: int, status: Any) -> int:
        write(ctypes.addressof(status.contents), struct.pack("<7I", 0x20, opened[handle].state, 5, 0, 0, 0, 0))
        return 1

    def query_config(handle: int, buffer: int, size: int, _needed: Any) -> int:
        assert size == 8192
        texts = utf16("C:\\Windows\\system32\\svchost.exe")
        pointers = (buffer + 64, 0, 0, 0, 0, 0)
        write(buffer, struct.pack("<3I4xQQI4xQQQ", 0x20, opened[handle].start, 1, *pointers) + texts)
        return 1

    advapi.players = {
        "OpenSCManagerW": open_manager,
        "OpenServiceW": open_service,
        "QueryServiceStatus": query_status,
        "QueryServiceConfigW": query_config,
        "CloseServiceHandle": advapi.close,
    }
    user = FakeDll(GetSystemMetrics=lambda what: int(remote and what == 0x1000))
    return services.ServiceLibraries(advapi, user)


NO_CLASS = "{00000000-0000-0000-0000-000000000000}"
CARD_READERS = "{50DD5230-BA8A-11D1-BF5D-0000F805F530}"
USB_CLASS = "{36FC9E60-C465-11CF-8056-444553540000}"


@dataclass(frozen=True, slots=True)
class FakeDevice:
    """One device of the tree; ``gone``: pulled out between two calls."""

    instance: str
    of_class: str = NO_CLASS
    compatible: Sequence[str] = ()
    gone: bool = False


def setup_library(plugged: Sequence[FakeDevice], *, ends_with: int = 259) -> FakeDll:
    """Return the devices' library of a computer with these USB devices."""
    setup = FakeDll()

    def class_devices(guid: int | None, enumerator: int, parent: int | None, flags: int) -> int:
        assert (guid, text_at(enumerator), parent, flags) == (None, "USB", None, 6)
        return setup.opened()

    def next_device(_listed: int, number: int, device: Any) -> int:
        assert device.contents.size == 32
        if number >= len(plugged):
            return setup.fail(ends_with)
        guid = uuid.UUID(plugged[number].of_class).bytes_le
        write(ctypes.addressof(device.contents), struct.pack("<I16sIQ", 32, guid, number, 0))
        return 1

    def instance_id(_listed: int, device: Any, buffer: int, signs: int, _needed: Any) -> int:
        one = plugged[device.contents.instance]
        if one.gone:
            return setup.fail(0xE000_020B)
        assert len(one.instance) < signs
        write(buffer, utf16(one.instance))
        return 1

    def property_of(_listed: int, device: Any, what: int, _kind: Any, buffer: int, size: int, _needed: Any) -> int:
        ids = plugged[device.contents.instance].compatible
        data = b"".join(utf16(one) for one in ids) + b"\0\0"
        if what != 2 or not ids or len(data) > size:
            return setup.fail(13)
        write(buffer, data)
        return 1

    setup.players = {
        "SetupDiGetClassDevsW": class_devices,
        "SetupDiEnumDeviceInfo": next_device,
        "SetupDiGetDeviceInstanceIdW": instance_id,
        "SetupDiGetDeviceRegistryPropertyW": property_of,
        "SetupDiDestroyDeviceInfoList": setup.close,
    }
    return setup


@dataclass(slots=True)
class FakeMachineKeys:
    """The computer's part of the registry: (width, key) → values."""

    keys: dict[tuple[int, str], dict[str, str | bytes]]

    def subkeys(self, key: str, bits: int) -> tuple[str, ...]:
        inside = f"{key}\\"
        return tuple(
            name.removeprefix(inside) for width, name in self.keys if width == bits and name.startswith(inside)
        )

    def values(self, key: str, bits: int) -> dict[str, str | bytes]:
        return self.keys.get((bits, key), {})


def folder_libraries(paths: Mapping[str, str | Path]) -> files.FolderLibraries:
    """Return the libraries of a computer whose known folders are there; any other is refused."""
    texts: dict[int, Any] = {}
    by_guid = {uuid.UUID(files.FOLDERS[word]).bytes_le: str(path) for word, path in paths.items()}

    def known_folder(guid: int, flags: int, token: int | None, answer: Any) -> int:
        assert (flags, token) == (0, None)
        path = by_guid.get(ctypes.string_at(guid, 16))
        if path is None:
            return 0x8007_0002
        text = ctypes.create_string_buffer(utf16(path))
        texts[ctypes.addressof(text)] = text
        ole.open.append(ctypes.addressof(text))
        answer[0] = ctypes.addressof(text)
        return 0

    def free(address: int | None) -> None:
        if address:
            ole.close(address)

    ole = FakeDll(CoTaskMemFree=free)
    return files.FolderLibraries(FakeDll(SHGetKnownFolderPath=known_folder), ole)


@dataclass(frozen=True, slots=True)
class FakeCertificate:
    """One certificate of the store: its bytes, whose key it says it has, and what that provider answers in turn."""

    der: bytes
    provider: str = "Microsoft Smart Card Key Storage Provider"
    provider_type: int = 0
    codes: Sequence[int] = (0,)
    noted: bool = True
    spec: int = 0xFFFF_FFFF
    ours: bool = True
    container: str = "Camille EXEMPLE"


class FakeStore:
    """The user's store and the providers behind it. ``open`` of each library is empty when all was given back."""

    def __init__(self, certificates: Sequence[FakeCertificate], implementations: dict[str, int] | None = None) -> None:
        self.certificates = certificates
        self.implementations = implementations or {}
        self.crypt, self.advapi, self.ncrypt = FakeDll(), FakeDll(), FakeDll()
        self.contexts: list[Any] = []
        self.flags: list[int] = []
        self.store_refused = 0
        self._asked = [0] * len(certificates)
        self._providers: dict[int, str] = {}
        self._play()

    @property
    def libraries(self) -> store.StoreLibraries:
        return store.StoreLibraries(self.crypt, self.advapi, self.ncrypt)

    @property
    def left_open(self) -> list[int]:
        return self.crypt.open + self.advapi.open + self.ncrypt.open

    def _play(self) -> None:
        self.crypt.players = {
            "CertOpenStore": self._open_store,
            "CertCloseStore": self.crypt.close,
            "CertEnumCertificatesInStore": self._next,
            "CertFreeCertificateContext": self.crypt.close,
            "CertGetCertificateContextProperty": self._property,
            "CryptAcquireCertificatePrivateKey": self._acquire,
        }
        self.advapi.players = {
            "CryptAcquireContextW": self._open_csp,
            "CryptGetProvParam": self._csp_parameter,
            "CryptReleaseContext": self.advapi.close,
        }
        self.ncrypt.players = {
            "NCryptOpenStorageProvider": self._open_ksp,
            "NCryptGetProperty": self._ksp_property,
            "NCryptFreeObject": self.ncrypt.close_without_code,
        }

    def _open_store(self, kind: int, encoding: int, provider: int | None, flags: int, name: int) -> int:
        # Current user, read only, only if it exists: nothing can be created or written.
        assert (kind, encoding, provider, flags, text_at(name)) == (10, 0, None, 0x1C000, "MY")
        return self.crypt.fail(self.store_refused) if self.store_refused else self.crypt.opened()

    def _next(self, _store: int, previous: int | None) -> int:
        if previous:
            self.crypt.close(previous)
        if len(self.contexts) == len(self.certificates):
            return self.crypt.fail(0x8009_2004)
        der = self.certificates[len(self.contexts)].der
        encoded = ctypes.create_string_buffer(der, len(der))
        context = ctypes.create_string_buffer(struct.pack("<I4xQI4xQQ", 1, ctypes.addressof(encoded), len(der), 0, 0))
        self.contexts.append((context, encoded))
        self.crypt.open.append(ctypes.addressof(context))
        return ctypes.addressof(context)

    def _at(self, context: int) -> int:
        return [ctypes.addressof(one) for one, _ in self.contexts].index(context)

    def _property(self, context: int, what: int, buffer: int | None, size: Any) -> int:
        certificate = self.certificates[self._at(context)]
        if what != 2 or not certificate.noted:
            return self.crypt.fail(0x8009_2004)
        texts = utf16(certificate.container), utf16(certificate.provider)
        needed = 48 + len(texts[0]) + len(texts[1])
        if buffer:
            assert size[0] >= needed
            head = (buffer + 48, buffer + 48 + len(texts[0]), certificate.provider_type, 0, 0, 0, certificate.spec)
            write(buffer, struct.pack("<QQIII4xQI4x", *head) + b"".join(texts))
        size[0] = needed
        return 1

    def _acquire(self, context: int, flags: int, *rest: Any) -> int:
        window, key, spec, ours = rest
        assert window is None
        self.flags.append(flags)
        place = self._at(context)
        certificate = self.certificates[place]
        code = certificate.codes[min(self._asked[place], len(certificate.codes) - 1)]
        self._asked[place] += 1
        if code:
            return self.crypt.fail(code)
        holder = self.ncrypt if certificate.spec == 0xFFFF_FFFF else self.advapi
        key[0] = holder.opened() if certificate.ours else 0x7FF0_0000_0008
        spec[0], ours[0] = certificate.spec, int(certificate.ours)
        return 1

    def _open_csp(self, provider: Any, container: int | None, name: int, _kind: int, flags: int) -> int:
        # No container and in silence: no key is looked for and no window opens.
        assert (container, flags) == (None, 0xF000_0040)
        if text_at(name) not in self.implementations:
            return self.advapi.fail(0x8009_0019)
        provider[0] = self.advapi.opened()
        self._providers[provider[0]] = text_at(name)
        return 1

    def _csp_parameter(self, provider: int, what: int, buffer: int, size: Any, flags: int) -> int:
        assert (what, size[0], flags) == (3, 4, 0)
        write(buffer, struct.pack("<I", self.implementations[self._providers[provider]]))
        return 1

    def _open_ksp(self, provider: Any, name: int, flags: int) -> int:
        assert flags == 0
        if text_at(name) not in self.implementations:
            return 0x8009_0030
        provider[0] = self.ncrypt.opened()
        self._providers[provider[0]] = text_at(name)
        return 0

    def _ksp_property(self, provider: int, name: int, buffer: int, *rest: Any) -> int:
        size, needed, flags = rest
        assert (text_at(name), size, flags) == ("Impl Type", 4, 0)
        bits = self.implementations[self._providers[provider]]
        if bits < 0:
            return 0x8009_0029  # not supported: what some providers answer
        write(buffer, struct.pack("<I", bits))
        needed[0] = 4
        return 0
