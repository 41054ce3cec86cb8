"""What the system says of the network: proxy (PAC included)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from enn_desktop.core.settings import ProxySettings
from enn_desktop.pastell.proxy import Proxy
from enn_desktop.system.paths import on_windows

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkProxy

NO_PORT = 65_535
"""What Qt says of an address without a port (-1, read as an unsigned number)."""


def system_proxy(address: str) -> Proxy | None:
    """Return the proxy that the system uses for an address, ``None`` to do as the environment says.

    A PAC file may have to be fetched first: call it in a thread, never in the main one.
    """
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    kinds = QNetworkProxy.ProxyType
    found = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(address)))
    # In the system's own order: a PAC file that says « DIRECT; PROXY … » means direct. SOCKS is not spoken here.
    spoken = {kinds.HttpProxy, kinds.HttpCachingProxy, kinds.NoProxy}
    first = next((one for one in found if one.type() in spoken), None)
    if first is not None and first.type() != kinds.NoProxy and first.hostName():
        return Proxy(_url_of(first), first.user(), first.password())
    return _straight()


def proxy_for(settings: ProxySettings, address: str, secret: str) -> Proxy | None:
    """Return the proxy to go through for an address, as the user chose; ``None`` leaves it to the environment.

    Call it in a thread (see :func:`system_proxy`).
    """
    if settings.mode == "aucun":
        return Proxy(direct=True)
    if settings.mode == "manuel":
        given = _manual(settings.address)
        return Proxy(given.url, settings.user, secret) if settings.user else given
    found = system_proxy(address)
    if found is None or found.direct or found.user or not settings.user:
        return found
    # The system names the proxy and keeps its password to itself: hers is used.
    return Proxy(found.url, settings.user, secret)


def _straight() -> Proxy | None:
    """Return the way of a system that names no proxy for this address."""
    if not on_windows():
        # Qt read the environment's variables; the network library knows more of their spellings.
        return None
    from urllib.request import getproxies_environment

    # Without this, the network library would read Windows' proxy by itself, deaf to its exceptions and its PAC file.
    return None if getproxies_environment() else Proxy(direct=True)


def _url_of(proxy: QNetworkProxy) -> str:
    host = f"[{proxy.hostName()}]" if ":" in proxy.hostName() else proxy.hostName()
    return f"http://{host}" if proxy.port() in {0, NO_PORT} else f"http://{host}:{proxy.port()}"


def _manual(address: str) -> Proxy:
    """Read an address typed or pasted; a password in it is taken out of what shows."""
    url = address if "://" in address else f"http://{address}"
    scheme, _, rest = url.partition("://")
    identity, _, place = rest.rpartition("@")
    user, _, password = identity.partition(":")
    return Proxy(f"{scheme}://{place}", unquote(user), unquote(password))
