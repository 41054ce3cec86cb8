"""The way out of the town hall's network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from enn_desktop.core.settings import PROXY_MODES, ProxySettings
from enn_desktop.pastell.address import on_this_computer
from enn_desktop.system.proxy import system_route
from enn_desktop.system.proxy_route import DIRECT, Route, Source, asked_of, split_identity

_SYSTEM, _NONE, _MANUAL = PROXY_MODES


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy to go through: ``url`` is ``http://host:port``. ``direct``: none, whatever the environment says.

    The password never shows in ``repr``, and goes to the proxy alone (Proxy-Authorization).
    """

    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    direct: bool = False
    session_identity: bool = False
    """Whether the identity of the session may be offered to it: only where Windows or the user named this proxy."""
    others: tuple[str, ...] = ()
    """Where to go when it does not answer, in order, as a PAC file says; an empty one is a direct way."""

    @property
    def credentials(self) -> tuple[str, str] | None:
        """What was typed for the proxy, ``None`` where nothing was."""
        return (self.user, self.password) if self.user else None

    @property
    def places(self) -> tuple[str, ...]:
        """Every place to try, in order; an empty one is a direct way."""
        return (DIRECT,) if self.direct or not self.url else (self.url, *self.others)


STRAIGHT = Proxy(direct=True)


class WayOut:
    """The way out that the user chose, or the system's, for any address. Thread-safe.

    The system is asked once per address, and again after :meth:`forget` (the connection failed: perhaps the computer
    is elsewhere now). It may take some seconds: call it in a thread, never in the main one.
    """

    def __init__(
        self,
        settings: ProxySettings | None = None,
        secret: Callable[[], str] = str,
        ask: Callable[[str], Route] = system_route,
    ) -> None:
        self._settings = settings or ProxySettings()
        self._secret = secret
        self._ask = ask
        self._known: dict[str, Proxy] = {}
        self._lock = threading.Lock()

    def __call__(self, address: str) -> Proxy:
        """Return the proxy to go through for an address. Raises ``ValueError`` for what is no web address."""
        if self._settings.mode == _NONE or on_this_computer(address):
            return STRAIGHT
        place = asked_of(address).url
        with self._lock:
            if place not in self._known:
                self._known[place] = self._manual() if self._settings.mode == _MANUAL else self._of_system(place)
            return self._known[place]

    def forget(self, address: str) -> None:
        """Ask again next time: what was answered for this address may have changed."""
        with self._lock:
            self._known.pop(asked_of(address).url, None)

    def _manual(self) -> Proxy:
        # A password pasted with the address is taken out of what shows.
        url, pasted_user, pasted = split_identity(self._settings.address)
        user, password = self._typed() or (pasted_user, pasted)
        return Proxy(url, user, password, session_identity=True)

    def _of_system(self, place: str) -> Proxy:
        route = self._ask(place)
        if route.places[0] == DIRECT:
            return STRAIGHT
        # A proxy announced by the network itself may be anyone's, in a hotel: it sees neither the session's identity
        # nor the password that she typed.
        named = route.source is not Source.DETECTED
        # The system mostly names the proxy and keeps its password to itself: hers is used.
        user, password = (route.user, route.password) if route.user else (self._typed() if named else None) or ("", "")
        return Proxy(route.places[0], user, password, session_identity=named, others=route.places[1:])

    def _typed(self) -> tuple[str, str] | None:
        """Return what she typed; a name whose password is not in the vault is no use, and a guess could lock it."""
        if not self._settings.user:
            return None
        secret = self._secret()
        return (self._settings.user, secret) if secret else None
