"""The three Windows services that cards need, and whether this session is a remote one. Read only, no elevation."""

from __future__ import annotations

import ctypes
from contextlib import closing
from dataclasses import dataclass, field

from enn_desktop.signing_key.values import Services, ServiceStatus
from enn_desktop.signing_key.windows import api
from enn_desktop.system.windows_dll import SystemDll

CARDS, ENUMERATION, PROPAGATION = "SCardSvr", "ScDeviceEnum", "CertPropSvc"
_CONNECT = 0x0001
_QUERY = 0x0001 | 0x0004
_REMOTE_SESSION = 0x1000
_DOES_NOT_EXIST = 1060
_START_PENDING, _RUNNING = 2, 4
_DISABLED = 4
_LONGEST_CONFIG = 8192
"""More is refused by Windows itself."""


@dataclass(frozen=True, slots=True)
class ServiceLibraries:
    """What the question needs of Windows."""

    advapi: api.Dll = field(default_factory=lambda: SystemDll("advapi32"))
    user: api.Dll = field(default_factory=lambda: SystemDll("user32"))


class _Handle:
    """A handle of the service manager, closed with ``closing``; 0 when it was refused."""

    def __init__(self, advapi: api.Dll, value: int) -> None:
        self.value = value
        self._advapi = advapi

    def close(self) -> None:
        if self.value:
            self._advapi.call(api.CLOSE_SERVICE, self.value)


def look(libraries: ServiceLibraries | None = None) -> Services:
    """Return the state of the three services; one that may not be asked is ``UNKNOWN``."""
    asked = libraries or ServiceLibraries()
    remote = asked.user.call(api.SYSTEM_METRICS, _REMOTE_SESSION) != 0
    advapi = asked.advapi
    with closing(_Handle(advapi, advapi.call(api.OPEN_MANAGER, None, None, _CONNECT))) as manager:
        if not manager.value:
            return Services(remote_session=remote)
        cards, enumeration, propagation = (
            _status(advapi, manager.value, name) for name in (CARDS, ENUMERATION, PROPAGATION)
        )
    return Services(cards, enumeration, propagation, remote_session=remote)


def _status(advapi: api.Dll, manager: int, name: str) -> ServiceStatus:
    opened = advapi.call(api.OPEN_SERVICE, manager, api.wide(name), _QUERY)
    if not opened:
        return ServiceStatus.ABSENT if advapi.last_error() == _DOES_NOT_EXIST else ServiceStatus.UNKNOWN
    with closing(_Handle(advapi, opened)) as service:
        start_type = _start_type(advapi, service.value)
        state = api.ServiceState()
        if start_type is None or not advapi.call(api.QUERY_STATUS, service.value, ctypes.byref(state)):
            return ServiceStatus.UNKNOWN
    if start_type == _DISABLED:
        return ServiceStatus.DISABLED
    # Any other one that is stopped is started by Windows when a reader comes: its trigger does not look at the type.
    return ServiceStatus.RUNNING if state.current_state in (_START_PENDING, _RUNNING) else ServiceStatus.ON_DEMAND


def _start_type(advapi: api.Dll, service: int) -> int | None:
    buffer = ctypes.create_string_buffer(_LONGEST_CONFIG)
    needed = ctypes.c_uint32()
    if not advapi.call(api.QUERY_CONFIG, service, buffer, _LONGEST_CONFIG, ctypes.byref(needed)):
        return None
    return api.ServiceConfig.from_buffer(buffer).start_type
