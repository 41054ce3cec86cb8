"""The one door to what the system says of proxies, for the window, the command line and the scheduled task alike.

On Windows: the user's settings, her PAC file evaluated by Windows, then the variables, then the computer's setting.
Elsewhere: the variables ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.request import getproxies_environment

from enn_desktop.core.settings import PROXY_MODES, ProxySettings
from enn_desktop.system.paths import on_windows
from enn_desktop.system.proxy_route import Asked, Route, Source, asked_of, excepted_by_variable, split_identity
from enn_desktop.system.proxy_windows import WindowsProxies

_SYSTEM, _NONE, _MANUAL = PROXY_MODES


def system_route(address: str, windows: WindowsProxies | None = None) -> Route:
    """Return the way that the system names to an address.

    On Windows it may last some seconds (a PAC file is fetched): call it in a thread, never in the main one.
    Raises ``ValueError`` for what is no web address.
    """
    asked = asked_of(address)
    asker = windows or (WindowsProxies() if on_windows() else None)
    found = asker.route(asked) if asker else None
    if found is not None and found.source is not Source.NONE:
        return found
    other = _by_variable(asked) or (asker.route_of_computer(asked) if asker else None) or Route(Source.NONE)
    return replace(other, trouble=found.trouble) if found is not None else other


def describe_proxy(settings: ProxySettings, address: str = "", windows: WindowsProxies | None = None) -> str:
    """Return, for a diagnostic, how the network is left, without any name: « automatique (PAC), sans identifiant ».

    With ``address``, the automatic configuration is really asked, in some seconds: what failed is said too.
    """
    if settings.mode == _NONE:
        return f"{Source.NONE.value} (réglage du programme)"
    trouble, user = "", settings.user
    if settings.mode == _MANUAL:
        text = f"{Source.MANUAL.value} (réglage du programme)"
        user = user or split_identity(settings.address)[1]
    else:
        source, asked_user, trouble = _said_by_system(address, windows)
        user = user or asked_user
        if source is Source.NONE:
            return f"{source.value}, {trouble}" if trouble else source.value
        text = source.value
    return ", ".join(part for part in (text, "avec identifiant" if user else "sans identifiant", trouble) if part)


def _said_by_system(address: str, windows: WindowsProxies | None) -> tuple[Source, str, str]:
    if address:
        route = system_route(address, windows)
        return route.source, route.user, route.trouble
    asker = windows or (WindowsProxies() if on_windows() else None)
    source = asker.source() if asker else Source.NONE
    variables = getproxies_environment()
    if source in {Source.NONE, Source.COMPUTER, Source.DETECTED} and (variables.keys() & {"http", "https", "all"}):
        url = variables.get("https") or variables.get("http") or variables["all"]
        return Source.ENVIRONMENT, split_identity(url)[1], ""
    return source, "", ""


def _by_variable(asked: Asked) -> Route | None:
    variables = getproxies_environment()
    url = variables.get(asked.scheme) or variables.get("all")
    if not url:
        return None
    if excepted_by_variable(asked, variables.get("no", "")):
        return Route(Source.ENVIRONMENT)
    found, user, password = split_identity(url)
    return Route(Source.ENVIRONMENT, (found,), user, password)
