"""A client over a wire that a test scripts, answer by answer."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.pastell.client import PastellClient
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.transport import Patience, Transport

Handler = Callable[[httpx.Request], httpx.Response]
MakeClient = Callable[..., PastellClient]


@pytest.fixture
def make_client() -> MakeClient:
    def make(handler: Handler, *, patience: Patience | None = None, limit: int = 10_000_000) -> PastellClient:
        transport = Transport(
            "http://127.0.0.1:9",
            Credentials(user="secretaire", password="mot de passe"),
            cancel=CancelToken(),
            clock=SystemClock(),
            patience=patience or Patience(pauses_s=(0.0,), jitter_s=0.0),
            wire=httpx.MockTransport(handler),
        )
        return PastellClient(transport, file_limit=limit)

    return make
