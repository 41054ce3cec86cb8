"""The way to an address as Windows would go it: detection, PAC file, the user's own proxy, the computer's."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from enn_desktop.system.proxy_route import DIRECT, Asked, Route, Source, excepted, places_of
from enn_desktop.system.winhttp import (
    BAD_SCRIPT,
    NOT_DETECTED,
    UNREACHABLE_SCRIPT,
    NamedProxies,
    UserProxies,
    WinHttp,
    WinHttpError,
)

STEP_S, WHOLE_S = 5.0, 15.0
"""How long each step of fetching a PAC file may last, and the whole of one question."""
_TOO_SLOW = -1
_TROUBLES = {
    UNREACHABLE_SCRIPT: "le fichier de configuration automatique ne peut pas être lu",
    BAD_SCRIPT: "le fichier de configuration automatique est incorrect",
    _TOO_SLOW: "la configuration automatique ne répond pas",
}


@dataclass(frozen=True, slots=True)
class WindowsProxies:
    """Asks Windows. A question may last :data:`WHOLE_S`: never in the main thread."""

    winhttp: WinHttp = field(default_factory=WinHttp)
    whole_s: float = WHOLE_S

    def source(self) -> Source:
        """Return who names the proxy, without asking the network anything."""
        user = self._of_user()
        if user.script:
            return Source.SCRIPT
        if user.proxy:
            return Source.MANUAL
        if self._of_computer().proxy:
            return Source.COMPUTER
        # Windows looks for one by itself unless told not to: that alone is no proxy.
        return Source.DETECTED if user.detect else Source.NONE

    def route(self, asked: Asked) -> Route | None:
        """Return the user's way, in the order in which Windows itself looks; ``None`` when nothing is set there."""
        user = self._of_user()
        trouble = ""
        for source, script in ((Source.DETECTED, ""), (Source.SCRIPT, user.script)):
            if not (script or (source is Source.DETECTED and user.detect)):
                continue
            try:
                return _automatic(source, asked, self._ask(asked.url, script))
            except WinHttpError as error:
                trouble = trouble if error.code == NOT_DETECTED else _trouble(error)
        if user.proxy:
            return _named(Source.MANUAL, asked, NamedProxies(user.proxy, user.bypass), trouble)
        return Route(Source.NONE, trouble=trouble) if trouble else None

    def route_of_computer(self, asked: Asked) -> Route | None:
        """Return the way that an administrator set for every program, ``None`` when none is set."""
        named = self._of_computer()
        return _named(Source.COMPUTER, asked, named) if named.proxy else None

    def _of_user(self) -> UserProxies:
        try:
            return self.winhttp.of_user()
        except OSError:
            return UserProxies()

    def _of_computer(self) -> NamedProxies:
        try:
            return self.winhttp.of_computer()
        except OSError:
            return NamedProxies()

    def _ask(self, url: str, script: str) -> NamedProxies:
        return _in_time(lambda: self.winhttp.ask(url, script, STEP_S), self.whole_s)


def _automatic(source: Source, asked: Asked, named: NamedProxies) -> Route:
    return Route(source) if not named.proxy else _named(source, asked, named)


def _named(source: Source, asked: Asked, named: NamedProxies, trouble: str = "") -> Route:
    places = () if excepted(asked, named.bypass) else places_of(named.proxy, asked.scheme)
    return Route(source, places or (DIRECT,), trouble=trouble)


def _trouble(error: WinHttpError) -> str:
    return _TROUBLES.get(error.code, f"la configuration automatique a échoué (WinHTTP {error.code})")


def _in_time(work: Callable[[], NamedProxies], whole_s: float) -> NamedProxies:
    """Return what some work answers; it is left alone, to end by its own limits, when it lasts too long."""
    answered: queue.SimpleQueue[NamedProxies | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answered.put(work())
        except Exception as error:  # noqa: BLE001 - carried to the caller, whole
            answered.put(error)

    threading.Thread(target=run, name="proxy de Windows", daemon=True).start()
    try:
        answer = answered.get(timeout=whole_s)
    except queue.Empty:
        raise WinHttpError(_TOO_SLOW) from None
    if isinstance(answer, OSError) and not isinstance(answer, WinHttpError):
        raise WinHttpError(answer.errno or 0) from answer
    if isinstance(answer, Exception):
        raise answer
    return answer
