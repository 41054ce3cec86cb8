"""Serving: https, client certificates, a process of its own."""

import signal
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trustme

from enn_desktop.demo import PASSWORD, World, build_world
from tests.demo.conftest import NOW, Serve


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def papers(authority: trustme.CA, tmp_path: Path) -> dict[str, Path]:
    server = authority.issue_cert("127.0.0.1")
    owner = authority.issue_cert("certificat@exemple.invalid", common_name="certificat")
    stranger = authority.issue_cert("autre@exemple.invalid", common_name="inconnu")
    found = {name: tmp_path / f"{name}.pem" for name in ("key", "chain", "ca", "owner", "stranger")}
    server.private_key_pem.write_to_path(found["key"])
    server.cert_chain_pems[0].write_to_path(found["chain"])
    authority.cert_pem.write_to_path(found["ca"])
    owner.private_key_and_cert_chain_pem.write_to_path(found["owner"])
    stranger.private_key_and_cert_chain_pem.write_to_path(found["stranger"])
    return found


def client(papers: dict[str, Path], certificate: str = "", login: str = "") -> httpx.Client:
    context = ssl.create_default_context(cafile=str(papers["ca"]))
    if certificate:
        context.load_cert_chain(papers[certificate])
    return httpx.Client(verify=context, auth=(login, PASSWORD) if login else None)


def test_https_is_served_with_the_given_certificate(world: World, serve: Serve, papers: dict[str, Path]) -> None:
    server = serve(world, certfile=papers["chain"], keyfile=papers["key"])
    assert server.url.startswith("https://127.0.0.1:")
    with client(papers, login="secretaire") as known:
        assert known.get(f"{server.url}/api/v2/version").status_code == 200
    with httpx.Client(auth=("secretaire", PASSWORD)) as unknowing, pytest.raises(httpx.ConnectError):
        unknowing.get(f"{server.url}/api/v2/version")


def test_a_client_certificate_opens_without_a_password(world: World, serve: Serve, papers: dict[str, Path]) -> None:
    server = serve(world, certfile=papers["chain"], keyfile=papers["key"], client_ca=papers["ca"])
    url = f"{server.url}/api/v2/entite"
    with client(papers, "owner") as owner:
        assert [row["id_e"] for row in owner.get(url).json()] == ["2", "6", "5"]
    with client(papers, "stranger") as stranger:
        assert stranger.get(url).status_code == 401
    with client(papers, login="certificat") as by_password:
        assert by_password.get(url).status_code == 401
    with client(papers, "owner", "certificat") as both:
        assert both.get(url).status_code == 200
    with client(papers, login="secretaire") as plain:
        assert plain.get(url).status_code == 200
    assert server.requests[0].user == "certificat"


def test_two_owners_of_a_certificate_are_nobody(world: World, serve: Serve, papers: dict[str, Path]) -> None:
    world.accounts["lecteur"].certificate = "certificat"
    server = serve(world, certfile=papers["chain"], keyfile=papers["key"], client_ca=papers["ca"])
    with client(papers, "owner") as owner:
        assert owner.get(f"{server.url}/api/v2/version").status_code == 401


def test_certificates_must_be_switched_on_from_4_0(serve: Serve, papers: dict[str, Path]) -> None:
    world = build_world(profile="4.1", now=NOW)
    server = serve(world, certfile=papers["chain"], keyfile=papers["key"], client_ca=papers["ca"])
    with client(papers, "owner") as owner:
        assert owner.get(f"{server.url}/api/v2/version").status_code == 401
        server.gate.certificates_are_on = True
        assert owner.get(f"{server.url}/api/v2/version").status_code == 200


if sys.platform == "win32":
    STOPPING = [signal.CTRL_BREAK_EVENT]
    GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    STOPPING = [signal.SIGINT, signal.SIGTERM]
    GROUP = 0


@pytest.mark.parametrize("number", STOPPING)
def test_a_served_world_stops_cleanly_when_told_to(number: signal.Signals) -> None:
    served = "serve(build_world(), on_ready=lambda url: print(url, flush=True))"
    code = f"from enn_desktop.demo import build_world, serve\n{served}\nprint('fini')"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, creationflags=GROUP
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/api/v2/version", auth=("secretaire", PASSWORD)).status_code == 200
        process.send_signal(number)
        assert process.stdout.read() == "fini\n"
        assert process.stderr.read() == ""
        assert process.wait(10) == 0


def test_a_server_can_be_started_again_and_keeps_its_world(world: World, serve: Serve) -> None:
    server = serve(world)
    id_d = world.add_document("mailsec", 2, title="Gardé").id_d
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
    server.start()
    assert httpx.get(f"{server.url}/api/v2/entite/2/document/{id_d}", auth=("secretaire", PASSWORD)).status_code == 200


def test_a_taken_port_is_told(world: World, serve: Serve) -> None:
    first = serve(world)
    with pytest.raises(OSError, match="in use"):
        serve(world, port=int(first.url.rsplit(":", 1)[1]))
