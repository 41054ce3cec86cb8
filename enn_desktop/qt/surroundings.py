"""What the system says of the network: proxy (PAC included), connection paid by volume."""

from __future__ import annotations

from enn_desktop.core.settings import ProxySettings
from enn_desktop.pastell.proxy import Proxy


def is_metered() -> bool | None:
    """Whether the connection is paid by volume; ``None`` where the system does not say."""
    from PySide6.QtNetwork import QNetworkInformation

    if QNetworkInformation.instance() is None:
        QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered)
    information: QNetworkInformation | None = QNetworkInformation.instance()
    if information is None or not information.supports(QNetworkInformation.Feature.Metered):
        return None
    return information.isMetered()


def system_proxy(address: str) -> Proxy | None:
    """Return the proxy that the system uses for an address, ``None`` for none.

    A PAC file may have to be fetched first: call it in a thread, never in the main one.
    """
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    found = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(address)))
    http = next((one for one in found if one.type() == QNetworkProxy.ProxyType.HttpProxy and one.hostName()), None)
    if http is None:
        return None
    return Proxy(_url(f"{http.hostName()}:{http.port()}"), http.user(), http.password())


def proxy_for(settings: ProxySettings, address: str, secret: str) -> Proxy | None:
    """Return the proxy to go through for an address, as the user chose; ``None`` leaves it to the environment.

    Call it in a thread (see :func:`system_proxy`).
    """
    if settings.mode == "aucun":
        return Proxy(direct=True)
    if settings.mode == "manuel":
        return Proxy(_url(settings.address), settings.user, secret if settings.user else "")
    found = system_proxy(address)
    if found is None or found.user or not settings.user:
        return found
    # The system names the proxy and keeps its password to itself: hers is used.
    return Proxy(found.url, settings.user, secret)


def _url(host_and_port: str) -> str:
    return host_and_port if "://" in host_and_port else f"http://{host_and_port}"
