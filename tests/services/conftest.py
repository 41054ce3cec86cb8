"""A maintainer of the program, and the server where announcements are published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.services.maintainer import Maintainer
from tests.services.notice_server import NoticeServer, running


@pytest.fixture
def maintainer(tmp_path: Path) -> Maintainer:
    return Maintainer(tmp_path)


@pytest.fixture
def notice_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticeServer]:
    """Give a server whose authority the system trusts."""
    authority = trustme.CA()
    bundle = tmp_path / "autorite.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with running(NoticeServer(), authority) as found:
        yield found
