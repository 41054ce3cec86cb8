"""A Windows Python under Wine with the network's components, and what an administrator would set there."""

from __future__ import annotations

import hashlib
import json
import re
import ssl
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.house.source_tree import PROJECT
from tests.pastell.loopback_proxy import serving
from tests.wine.prefix import SERVER, WINE, Wine
from tests.wine.windows_python import pip, unpack_python

SCRIPT = Path(__file__).with_name("network_script.py")
LOCK = PROJECT / "installer" / "requirements.txt"
COMPONENTS = (
    "httpx", "httpcore", "h11", "anyio", "idna", "certifi", "truststore", "msgspec", "cryptography", "cffi",
    "pycparser", "pyspnego", "sspilib", "platformdirs", "typing-extensions",
)  # fmt: skip
CONNECTIONS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"
ROOTS = r"HKCU\Software\Microsoft\SystemCertificates\Root\Certificates"
BY_PROXY, BY_SCRIPT = 0x2, 0x4
HASH_PROPERTY, CERTIFICATE_PROPERTY = 3, 32


@dataclass(frozen=True, slots=True)
class NetworkWindows:
    """A Windows whose proxy and certificates are set as an administrator would."""

    wine: Wine
    python: Path
    components: Path

    def set_proxy(self, proxy: str = "", bypass: str = "", script: str = "") -> None:
        """Set the user's proxies. Windows keeps them in this value; Wine reads no other (``ProxyServer`` is a copy)."""
        kinds = 1 | (BY_PROXY if proxy else 0) | (BY_SCRIPT if script else 0)
        value = struct.pack("<III", 0x46, 1, kinds)
        for text in (proxy, bypass, script):
            value += struct.pack("<I", len(text)) + text.encode("ascii")
        self._write(CONNECTIONS, "DefaultConnectionSettings", value + bytes(32))

    def trust(self, authority: trustme.CA) -> None:
        """Put an authority among those that the user trusts, as a contractor's filter is."""
        certificate = x509.load_pem_x509_certificate(authority.cert_pem.bytes()).public_bytes(Encoding.DER)
        name = hashlib.sha1(certificate, usedforsecurity=False).digest()
        value = b"".join(
            struct.pack("<III", number, 1, len(data)) + data
            for number, data in ((HASH_PROPERTY, name), (CERTIFICATE_PROPERTY, certificate))
        )
        self._write(f"{ROOTS}\\{name.hex().upper()}", "Blob", value)

    def _write(self, key: str, name: str, value: bytes) -> None:
        self.wine.run("reg", "add", key, "/v", name, "/t", "REG_BINARY", "/d", value.hex(), "/f")

    def told(self, platform: str = "", user: str = "", password: str = "", *addresses: str) -> dict[str, Any]:
        """Return what the program sees and gets there."""
        paths = [self.wine.path(path) for path in (SCRIPT, PROJECT, self.components)]
        said = self.wine.run(self.wine.path(self.python), "-X", "utf8", *paths, platform, user, password, *addresses)
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
        return found


def made_windows(folder: Path) -> NetworkWindows:
    """Make a Windows below a folder, with Python and the components that the lock pins for Windows."""
    wine = Wine(folder / "wine")
    wine.prepare()
    _keep_running(wine)
    components = folder / "components"
    wanted = folder / "components.txt"
    wanted.write_text(_locked(COMPONENTS), encoding="utf-8")
    windows = ("--platform", "win_amd64", "--python-version", "3.13", "--only-binary", ":all:")
    pip("install", *windows, "--target", str(components), "-r", str(wanted))
    return NetworkWindows(wine, unpack_python(folder / "python"), components)


def _keep_running(wine: Wine) -> None:
    """Have this Windows stay between two calls, until its end: starting it again takes seconds each time.

    What starts with it keeps the outputs of the first call open: that one has none.
    """
    nowhere = subprocess.DEVNULL
    for command in ((SERVER, "--persistent"), (WINE, "cmd", "/c", "exit")):
        subprocess.run(
            [str(part) for part in command], env=wine.environment, timeout=180, check=True,
            stdin=nowhere, stdout=nowhere, stderr=nowhere,
        )  # fmt: skip


def _locked(names: tuple[str, ...]) -> str:
    """Return the lock's own lines of some components, without what says for which system they are."""
    written = LOCK.read_text(encoding="utf-8")
    blocks = re.findall(r"^([a-z0-9-]+)==(\S+)[^\\\n]*((?:\\\n\s+--hash=\S+\s*)+)", written, re.MULTILINE)
    found = {name: f"{name}=={version} {hashes}" for name, version, hashes in blocks if name in names}
    assert set(found) == set(names), sorted(set(names) - set(found))
    return "\n".join(found.values())


def context_with_root(authority: trustme.CA, name: str, folder: Path) -> ssl.SSLContext:
    """Return the TLS of a server that sends its authority's certificate too, as filters do.

    Without it Wine knows no end of the chain, and lets it pass (Windows does not).
    """
    leaf = authority.issue_cert(name)
    chain = folder / "chaine.pem"
    certificates = b"".join(part.bytes() for part in leaf.cert_chain_pems) + authority.cert_pem.bytes()
    chain.write_bytes(leaf.private_key_pem.bytes() + certificates)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return context


@contextmanager
def scripts(folder: Path) -> Iterator[str]:
    """Serve the PAC files of a folder; give their address."""

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, directory=str(folder), **named)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            """Say nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Quiet)) as port:
        yield f"http://127.0.0.1:{port}"
