"""The whole main job from behind a proxy that wants to know who asks: the command line reads the same settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from enn_desktop.core.exits import ExitCode
from enn_desktop.core.settings import PROXY_SECRET, ProxySettings, Settings, dump_settings
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import assert_home, assert_no_document_twice
from tests.pastell import loopback_proxy
from tests.pastell.knocking_proxy import Porter, knocking

NAME = "pastell.mairie.invalid"
USER, PASSWORD = "MAIRIE\\jeanne", "Mandaté-1!"
MODULE = "tests.end_to_end.program_with_vault"


@pytest.fixture
def porter(town_hall: TownHall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Porter]:
    """Put the platform behind TLS, and a proxy with NTLM before it; only that proxy knows its name."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "autorite.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "autorite.pem"))
    (tmp_path / "comptes").write_text(f"MAIRIE:jeanne:{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("NTLM_USER_FILE", str(tmp_path / "comptes"))
    (tmp_path / "coffre.json").write_text(json.dumps({PROXY_SECRET: PASSWORD}), encoding="utf-8")
    monkeypatch.setenv("ENN_TEST_VAULT", str(tmp_path / "coffre.json"))
    context = loopback_proxy.server_context(authority, NAME)
    port = int(town_hall.server.url.rpartition(":")[2])
    with loopback_proxy.tls_before(context, port) as front, knocking(Porter(("NTLM",), tunnel_to=front)) as running:
        yield running


def backup_arguments(town_hall: TownHall) -> list[str]:
    address = {town_hall.server.url: f"https://{NAME}"}
    return [address.get(word, word) for word in town_hall.backup_arguments()]


def choose(town_hall: TownHall, proxy: ProxySettings) -> None:
    town_hall.profile.mkdir()
    (town_hall.profile / "reglages.toml").write_text(dump_settings(Settings(proxy=proxy)), encoding="utf-8")


def test_everything_comes_home_through_the_proxy_of_the_settings(town_hall: TownHall, porter: Porter) -> None:
    choose(town_hall, ProxySettings(mode="manuel", address=porter.url.removeprefix("http://"), user=USER))
    done = town_hall.run(*backup_arguments(town_hall), module=MODULE)
    assert done.returncode in {ExitCode.OK, ExitCode.PARTIAL}, done.stderr
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")
    assert_no_document_twice(town_hall.folder)
    assert set(porter.asked) == {f"CONNECT {NAME}:443"}
    assert set(porter.shown) == {"NTLM"}


def test_everything_comes_home_through_the_proxy_that_the_system_names(
    town_hall: TownHall, porter: Porter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", porter.url)
    choose(town_hall, ProxySettings(user=USER))
    done = town_hall.run(*backup_arguments(town_hall), module=MODULE)
    assert done.returncode in {ExitCode.OK, ExitCode.PARTIAL}, done.stderr
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")


def test_a_proxy_that_refuses_ends_the_run_with_its_sentence_after_one_try(
    town_hall: TownHall, porter: Porter, tmp_path: Path
) -> None:
    (tmp_path / "coffre.json").write_text(json.dumps({PROXY_SECRET: "faux"}), encoding="utf-8")
    choose(town_hall, ProxySettings(mode="manuel", address=porter.url.removeprefix("http://"), user=USER))
    done = town_hall.run(*backup_arguments(town_hall), module=MODULE)
    assert done.returncode not in {ExitCode.OK, ExitCode.PARTIAL}
    assert "(proxy) refuse la connexion" in f"{done.stdout} {done.stderr}"
    assert porter.shown == ["NTLM", "NTLM"]
    written = [path.read_text(encoding="utf-8") for path in town_hall.profile.rglob("*.log")]
    assert not [text for text in written if "faux" in text or "TlRM" in text]
