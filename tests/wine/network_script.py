"""Run by a Windows Python: what the program's own network code sees and does there, told as JSON on the last line.

Arguments: the project, its Windows components, then the platform's address, the proxy's user and password, and the
addresses whose way is asked. It goes the way that Windows is set to.
"""

from __future__ import annotations

import json
import sys

PROJECT, COMPONENTS, PLATFORM, USER, PASSWORD, *ADDRESSES = sys.argv[1:]
sys.path[:0] = [PROJECT, COMPONENTS]

from enn_desktop.core.cancel import CancelToken  # noqa: E402
from enn_desktop.core.clock import SystemClock  # noqa: E402
from enn_desktop.core.errors import EnnError  # noqa: E402
from enn_desktop.core.settings import ProxySettings  # noqa: E402
from enn_desktop.pastell.credentials import Credentials  # noqa: E402
from enn_desktop.pastell.proxy import WayOut  # noqa: E402
from enn_desktop.pastell.transport import Patience, Transport  # noqa: E402
from enn_desktop.system.proxy import describe_proxy, system_route  # noqa: E402

SETTINGS = ProxySettings(user=USER)


def asked() -> dict[str, str]:
    """Ask the platform its version, through whatever Windows says."""
    patience = Patience(connect_s=60.0, answer_s=60.0, tries=1, jitter_s=0.0)
    transport = Transport(
        PLATFORM, Credentials(user="a", password="b"), cancel=CancelToken(), clock=SystemClock(), patience=patience,
        proxy=WayOut(SETTINGS, lambda: PASSWORD),
    )  # fmt: skip
    try:
        return {"payload": transport.get_json("version").payload.decode()}
    except EnnError as error:
        return {"message": error.message, "detail": error.detail}
    finally:
        transport.close()


def route(address: str) -> dict[str, object]:
    """Return the way that Windows names."""
    found = system_route(address)
    return {"source": found.source.name, "places": list(found.places), "trouble": found.trouble}


TOLD = {
    "routes": {address: route(address) for address in ADDRESSES},
    "described": describe_proxy(SETTINGS, PLATFORM) if ADDRESSES else "",
    "asked": asked() if PLATFORM else {},
}
sys.stdout.write(json.dumps(TOLD) + "\n")
