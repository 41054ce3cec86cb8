"""Guards around every test: folders of its own, no network but this computer, no real vault, no stray warning."""

from __future__ import annotations

import gc
import ipaddress
import logging
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import keyring
import keyring.core
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from tests.wine.left_out import is_named, left_out, names

if TYPE_CHECKING:
    from enn_desktop.qt.interpreter import Collector

# The same examples each time: what is looked for at random has its own command, `--hypothesis-profile=search`.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, print_blob=True, max_examples=5_000)
hypothesis.settings.load_profile("house")

_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
    "XDG_RUNTIME_DIR": "run",
}
_REMOVED = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "XDG_DOCUMENTS_DIR", "XDG_CONFIG_DIRS"),
    "DBUS_SESSION_BUS_ADDRESS",
)
_NO_VAULT = "keyring.backends.fail.Keyring"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that open a screen of their own; on Windows, leave them out, and those of left_out.toml."""
    for item in items:
        if "screen" in getattr(item, "fixturenames", ()):
            item.add_marker("screen")
    if _has_virtual_screen():
        return
    listed = set(names(left_out("not_on_windows")))
    out = [item for item in items if item.get_closest_marker("screen") or is_named(item.nodeid, listed)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def pytest_report_header() -> str:
    """Say what becomes of those tests."""
    if _has_virtual_screen():
        return "tests marked « screen »: each on an Xvfb of its own"
    return "tests marked « screen »: left out, Windows has no Xvfb"


def _has_virtual_screen() -> bool:
    return sys.platform != "win32"


class LeftTheComputer(AssertionError):
    """A test tried to reach another computer."""


class MemoryKeyring(KeyringBackend):
    """A vault that forgets everything with the test."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring's own has no types
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class WarningsHeard(logging.Handler):
    """Keeps what our loggers say at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def cycles_end_in_the_main_thread() -> Iterator[None]:
    """Once there was a window in this process, collect here what a thread of another test must not."""
    yield
    if not gc.isenabled():
        _collector().tidy()


@cache
def _collector() -> Collector:
    from enn_desktop.qt.interpreter import Collector

    return Collector()


@pytest.fixture(scope="session")
def card_door() -> Iterator[Path]:
    """Return the one path by which this process finds card services; nothing is there unless a test puts one there.

    Their library reads its name once, at its first call: whichever test that is, it must not find this computer's.
    """
    # Short: a socket's path has 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="enn-door-"))
    yield folder / "door"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory, card_door: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home of its own, and an environment that says nothing of this computer."""
    home = tmp_path_factory.mktemp("personne")
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(card_door))
    for name, folder in _FOLDERS.items():
        monkeypatch.setenv(name, str(home / folder))
    for name in list(os.environ):
        if name.upper() in _REMOVED or name.startswith("ENN_"):
            monkeypatch.delenv(name)
    for name, value in {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "120"}.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture(autouse=True)
def paris_time() -> Iterator[None]:
    """Put the test in Paris, whatever the clock of this computer."""
    with pytest.MonkeyPatch.context() as own:
        own.setenv("TZ", "Europe/Paris")
        _reread_zone()
        yield
    _reread_zone()


def _reread_zone() -> None:
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Refuse every address but this computer's; the test fails even when the refusal was swallowed."""
    attempts: list[str] = []
    real_connect, real_connect_ex, real_lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def demand_here(host: object) -> None:
        if not _is_here(host):
            attempts.append(str(host))
            raise LeftTheComputer(f"A test must not leave this computer; it tried to reach {host!r}.")

    def connect(self: socket.socket, address: Any) -> None:
        demand_here(address[0] if isinstance(address, tuple) else "")
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        demand_here(address[0] if isinstance(address, tuple) else "")
        return real_connect_ex(self, address)

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if isinstance(host, str) and host.endswith(".invalid"):  # RFC 2606: a name that never exists
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        demand_here(host)
        return real_lookup(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield attempts
    if attempts:
        pytest.fail(f"This test tried to leave this computer: {', '.join(attempts)}.")


def _is_here(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_real_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put in place of the system's vault one that refuses, here and in the programs that a test starts."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", _NO_VAULT)
    keyring.set_keyring(keyring.core.load_keyring(_NO_VAULT))


@pytest.fixture
def memory_keyring() -> MemoryKeyring:
    """Put in place of the system's vault one that keeps secrets for the time of the test."""
    vault = MemoryKeyring()
    keyring.set_keyring(vault)
    return vault


@pytest.fixture(autouse=True)
def warnings_heard(request: pytest.FixtureRequest) -> Iterator[WarningsHeard]:
    """Fail a test during which our program logged a warning that nobody expected; forget its log files."""
    heard, ours = WarningsHeard(), logging.getLogger("enn_desktop")
    before = {logger: (list(logger.handlers), logger.level) for logger in (ours, logging.getLogger())}
    ours.addHandler(heard)
    yield heard
    for logger, (handlers, level) in before.items():
        for handler in [one for one in logger.handlers if one not in handlers]:
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(level)
    wanted = {"expected_warnings", "caplog"} & set(request.fixturenames)
    if heard.records and not wanted:
        pytest.fail("Unexpected in the log: " + "; ".join(record.getMessage() for record in heard.records))
    if "expected_warnings" in wanted and not heard.records:
        pytest.fail("A warning in the log was expected, and none came.")


@pytest.fixture
def expected_warnings(warnings_heard: WarningsHeard) -> list[logging.LogRecord]:
    """Return the warnings logged so far; a test that asks for them must get at least one."""
    return warnings_heard.records
