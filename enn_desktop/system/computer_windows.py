"""What Windows this is, for a diagnostic: edition, build, session, long paths, trusted roots. No name, no address.

From the registry and a few calls of Windows, never from WMI: it takes seconds, and Wine's one ends the program.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from ctypes import byref, c_int, c_uint32, c_void_p
from dataclasses import dataclass
from typing import Protocol

from enn_desktop.system.windows_dll import Prototype, SystemDll

VERSION_KEY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
FILES_KEY = r"SYSTEM\CurrentControlSet\Control\FileSystem"
OWN_ROOTS_KEY = r"Software\Microsoft\SystemCertificates\Root\Certificates"
POLICY_ROOTS_KEY = r"SOFTWARE\Policies\Microsoft\SystemCertificates\Root\Certificates"
SETUP_KEY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\enn-desktop"
"""Where the setup notes what it installed; it writes there for this user alone."""
ELEVEN = 22_000
"""Build of the first Windows 11, which calls itself 10 in the registry."""
_METRICS = Prototype("GetSystemMetrics", c_int, (c_int,))
_OPEN_DESKTOP = Prototype("OpenInputDesktop", c_void_p, (c_uint32, c_int, c_uint32))
_CLOSE_DESKTOP = Prototype("CloseDesktop", c_int, (c_void_p,))
_PROCESS_ID = Prototype("GetCurrentProcessId", c_uint32, ())
_SESSION_OF = Prototype("ProcessIdToSessionId", c_int, (c_uint32, c_void_p))
_REMOTE_SESSION, _SWITCH_DESKTOP = 0x1000, 0x0100
"""SM_REMOTESESSION; DESKTOP_SWITCHDESKTOP: refused while the screen is locked."""


class Registry(Protocol):
    """The few things that are read, a test's or Windows's own; what is absent is empty, 0 or ``None``."""

    def text(self, key: str, name: str) -> str:
        """Return a text of the computer's part."""
        ...

    def number(self, key: str, name: str) -> int | None:
        """Return a number of the computer's part."""
        ...

    def own_text(self, key: str, name: str) -> str:
        """Return a text of the user's part."""
        ...

    def count_below(self, key: str, *, own: bool) -> int:
        """Return how many keys are below one, of the user's part or the computer's."""
        ...


class Library(Protocol):
    """A library of Windows: the real one, or a test's."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function."""
        ...


@dataclass(frozen=True, slots=True)
class WindowsFacts:
    """Where the facts are read; ``build`` is what Windows says of itself to this program."""

    registry: Registry
    build: int
    user: Library
    kernel: Library
    rights: Callable[[], str]


def describe(facts: WindowsFacts) -> list[tuple[str, str]]:
    """Return facts about Windows as (name, value) in French; each one looks after its own failure."""
    parts: tuple[tuple[str, Callable[[], str]], ...] = (
        ("système", lambda: _version(facts)),
        ("architecture", lambda: os.environ.get("PROCESSOR_ARCHITECTURE", "inconnue")),
        ("session", lambda: _session(facts)),
        ("droits", facts.rights),
        ("chemins longs", lambda: _long_paths(facts)),
        ("racines de confiance ajoutées", lambda: _roots(facts)),
    )
    return [(name, _safe(part)) for name, part in parts]


def setup_version(registry: Registry) -> str:
    """Return the version that the setup installed for this user, empty when it did not."""
    return registry.own_text(SETUP_KEY, "DisplayVersion")


def _safe(part: Callable[[], str]) -> str:
    try:
        return part()
    except (OSError, ValueError) as error:
        return f"inconnu ({type(error).__name__})"


def _version(facts: WindowsFacts) -> str:
    registry = facts.registry
    edition = registry.text(VERSION_KEY, "EditionID") or "édition inconnue"
    display = registry.text(VERSION_KEY, "DisplayVersion") or registry.text(VERSION_KEY, "ReleaseId")
    update = registry.number(VERSION_KEY, "UBR")
    build = str(facts.build) if update is None else f"{facts.build}.{update}"
    name = "Windows 11" if facts.build >= ELEVEN else "Windows 10"
    return f"{' '.join(part for part in (name, edition, display) if part)} (build {build})"


def _session(facts: WindowsFacts) -> str:
    number = c_uint32()
    if facts.kernel.call(_SESSION_OF, facts.kernel.call(_PROCESS_ID), byref(number)) and number.value == 0:
        return "sans bureau (service)"
    kind = "bureau à distance" if facts.user.call(_METRICS, _REMOTE_SESSION) else "sur place"
    desktop = facts.user.call(_OPEN_DESKTOP, 0, 0, _SWITCH_DESKTOP)
    if desktop:
        facts.user.call(_CLOSE_DESKTOP, desktop)
    return f"{kind}, {'ouverte' if desktop else 'verrouillée'}"


def _long_paths(facts: WindowsFacts) -> str:
    return "permis" if facts.registry.number(FILES_KEY, "LongPathsEnabled") == 1 else "non permis par Windows"


def _roots(facts: WindowsFacts) -> str:
    own = facts.registry.count_below(OWN_ROOTS_KEY, own=True)
    policy = facts.registry.count_below(POLICY_ROOTS_KEY, own=False)
    return f"{own} par l’utilisateur, {policy} par stratégie"


def own_library(name: str) -> Library:
    """Return a library of Windows."""
    return SystemDll(name)
