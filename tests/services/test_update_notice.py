"""A newer version is announced by whoever holds the pinned keys, and by nobody else."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enn_desktop.core.errors import SettingsError
from enn_desktop.pastell.proxy import STRAIGHT, Proxy
from enn_desktop.services import update_notice
from enn_desktop.services.publication_keys import PublicationKeys, parse_keys
from enn_desktop.services.update_notice import Circumstances, Newer, Notice, Unknown, UpToDate, ask, is_newer
from installer import publish_notice
from installer.publish_notice import PublicationError, main, make_key, payload_of, sign_document
from tests.house.source_tree import PROJECT
from tests.services.maintainer import NOTES, NOW, Maintainer
from tests.services.notice_server import NoticeServer

FACTS = Circumstances(NOW, current="1.1.0", windows_build=19_045)


def straight(_address: str) -> Proxy:
    return STRAIGHT


def asked(notice_server: NoticeServer, keys: PublicationKeys, facts: Circumstances = FACTS) -> Notice:
    return ask(notice_server.url, keys, facts, straight)


def code(notice: Notice) -> str:
    assert isinstance(notice, Unknown)
    assert notice.reason.endswith(".")
    return notice.code


# -- good news -----------------------------------------------------------------------------------------------------


def test_a_signed_announcement_of_a_newer_version_is_believed(
    notice_server: NoticeServer, maintainer: Maintainer
) -> None:
    notice_server.body = maintainer.notice()
    assert asked(notice_server, maintainer.keys()) == Newer("1.2.0", NOW, NOTES)
    assert notice_server.asked == ["/annonce.json"]


@pytest.mark.parametrize("version", ["1.1.0", "1.1", "1.0.9", "0.9"])
def test_a_version_that_is_not_newer_means_up_to_date(
    notice_server: NoticeServer, maintainer: Maintainer, version: str
) -> None:
    notice_server.body = maintainer.notice(version=version)
    assert asked(notice_server, maintainer.keys()) == UpToDate(NOW)


def test_a_version_for_a_newer_windows_is_told_as_such(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    notice_server.body = maintainer.notice(windows=22_000)
    assert asked(notice_server, maintainer.keys()) == Newer("1.2.0", NOW, NOTES, fits=False)
    assert asked(notice_server, maintainer.keys(), replace(FACTS, windows_build=None)) == Newer("1.2.0", NOW, NOTES)


def test_ten_comes_after_nine() -> None:
    assert is_newer("1.10", "1.9.9")
    assert is_newer("1.2.0.1", "1.2.0")
    assert not is_newer("1.2", "1.2.0")


# -- what is refused -----------------------------------------------------------------------------------------------


def tampered(body: bytes) -> bytes:
    envelope = json.loads(body)
    payload = base64.b64decode(envelope["payload"]).replace(b"1.2.0", b"9.9.9")
    return json.dumps(envelope | {"payload": base64.b64encode(payload).decode()}).encode()


def test_a_document_that_was_tampered_with_is_ignored(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    notice_server.body = tampered(maintainer.notice())
    assert code(asked(notice_server, maintainer.keys())) == "signature"


def test_a_document_signed_by_a_stranger_is_ignored(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    notice_server.body = maintainer.notice(maintainer.new_key("etranger", pinned=False))
    assert code(asked(notice_server, maintainer.keys())) == "signature"


def test_a_stranger_who_takes_the_name_of_a_pinned_key_is_ignored(
    notice_server: NoticeServer, maintainer: Maintainer
) -> None:
    envelope = json.loads(maintainer.notice(maintainer.new_key("etranger", pinned=False)))
    envelope["signatures"][0]["keyid"] = next(iter(maintainer.keys().public))
    notice_server.body = json.dumps(envelope).encode()
    assert code(asked(notice_server, maintainer.keys())) == "signature"


def test_two_signatures_are_asked_for_where_the_threshold_is_two(
    notice_server: NoticeServer, maintainer: Maintainer
) -> None:
    second = maintainer.new_key("seconde")
    keys = maintainer.keys(threshold=2)
    notice_server.body = maintainer.notice()
    assert code(asked(notice_server, keys)) == "signature"
    envelope = json.loads(notice_server.body)
    notice_server.body = json.dumps(envelope | {"signatures": envelope["signatures"] * 2}).encode()
    assert code(asked(notice_server, keys)) == "signature"
    notice_server.body = maintainer.notice(maintainer.first, second)
    assert asked(notice_server, keys) == Newer("1.2.0", NOW, NOTES)


def test_an_announcement_that_nobody_renewed_is_ignored(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    notice_server.body = maintainer.notice(issued=NOW - timedelta(days=31), days=30)
    assert code(asked(notice_server, maintainer.keys())) == "perimee"


def test_an_announcement_older_than_the_last_one_seen_is_ignored(
    notice_server: NoticeServer, maintainer: Maintainer
) -> None:
    notice_server.body = maintainer.notice(version="1.3.0", issued=NOW - timedelta(days=2))
    assert code(asked(notice_server, maintainer.keys(), replace(FACTS, seen=NOW - timedelta(days=1)))) == "ancienne"
    assert isinstance(asked(notice_server, maintainer.keys(), replace(FACTS, seen=NOW - timedelta(days=2))), Newer)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": "autre"}, "type"),
        ({"date": "2026-03-12T09:00:00"}, "type"),
        ({"version": "1.2.0; calc"}, "version"),
        ({"version": 12}, "forme"),
        ({"expire": "jamais"}, "forme"),
    ],
)
def test_a_signed_document_of_another_kind_is_not_understood(
    notice_server: NoticeServer, maintainer: Maintainer, change: dict[str, object], expected: str
) -> None:
    said = json.loads(payload_of("1.2.0", issued=NOW, days=30, notes="", windows=0)) | change
    notice_server.body = sign_document(json.dumps(said).encode(), [maintainer.first])
    assert code(asked(notice_server, maintainer.keys())) == expected


def test_a_signature_over_another_kind_of_envelope_does_not_count(
    notice_server: NoticeServer, maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_notice, "PAYLOAD_TYPE", "application/vnd.in-toto+json")
    notice_server.body = maintainer.notice()
    assert code(asked(notice_server, maintainer.keys())) == "signature"
    notice_server.body = json.dumps(
        json.loads(notice_server.body) | {"payloadType": update_notice.PAYLOAD_TYPE}
    ).encode()
    assert code(asked(notice_server, maintainer.keys())) == "signature"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Connexion</html>", b"null", b"[" * 50_000, b'{"payload": "%%", "signatures": []}', b"\xff\xfe"],
    ids=["empty", "a page", "null", "deep", "incomplete", "no text"],
)
def test_what_is_no_envelope_is_ignored(notice_server: NoticeServer, maintainer: Maintainer, body: bytes) -> None:
    notice_server.body = body
    assert code(asked(notice_server, maintainer.keys())) == "signature"


@pytest.mark.parametrize("sig", ["", "%%%", "AAAA", "🙂"])
def test_a_signature_that_is_none_is_ignored(notice_server: NoticeServer, maintainer: Maintainer, sig: str) -> None:
    envelope = json.loads(maintainer.notice())
    envelope["signatures"][0]["sig"] = sig
    notice_server.body = json.dumps(envelope).encode()
    assert code(asked(notice_server, maintainer.keys())) == "signature"


def test_notes_that_are_no_https_page_are_left_out(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    said = json.loads(payload_of("1.2.0", issued=NOW, days=30, notes="", windows=0)) | {"notes": "file:///C:/x.exe"}
    notice_server.body = sign_document(json.dumps(said).encode(), [maintainer.first])
    assert asked(notice_server, maintainer.keys()) == Newer("1.2.0", NOW)


# -- the network ---------------------------------------------------------------------------------------------------


def test_a_huge_answer_is_given_up(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    notice_server.body = maintainer.notice() + b" " * 70_000
    assert code(asked(notice_server, maintainer.keys())) == "trop-longue"


def test_an_answer_that_drips_is_given_up(
    notice_server: NoticeServer, maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_notice, "WHOLE_S", 0.3)
    notice_server.drips = True
    assert code(asked(notice_server, maintainer.keys())) == "trop-lente"


def test_a_server_that_says_nothing_is_given_up(
    notice_server: NoticeServer, maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_notice, "ANSWER_S", 0.3)
    notice_server.silent = True
    assert code(asked(notice_server, maintainer.keys())) == "ReadTimeout"


def test_a_redirect_is_not_followed(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    notice_server.body, notice_server.status, notice_server.location = maintainer.notice(), 302, "/ailleurs.json"
    assert code(asked(notice_server, maintainer.keys())) == "redirection"
    assert notice_server.asked == ["/annonce.json"]


@pytest.mark.parametrize("status", [404, 403, 500, 204])
def test_an_answer_that_is_no_success_is_no_news(
    notice_server: NoticeServer, maintainer: Maintainer, status: int
) -> None:
    notice_server.status = status
    assert code(asked(notice_server, maintainer.keys())) == f"HTTP {status}"


def test_a_server_whose_certificate_nobody_knows_is_not_believed(
    notice_server: NoticeServer, maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    notice_server.body = maintainer.notice()
    assert code(asked(notice_server, maintainer.keys())) == "ConnectError"
    assert notice_server.asked == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/x", "ftp://x", "", "annonce.json"])
def test_only_https_is_asked(maintainer: Maintainer, address: str) -> None:
    assert code(ask(address, maintainer.keys(), FACTS, straight)) == "adresse"


def test_without_a_pinned_key_nobody_is_asked(notice_server: NoticeServer, maintainer: Maintainer) -> None:
    notice_server.body = maintainer.notice()
    assert code(asked(notice_server, PublicationKeys(1, {}))) == "sans-cle"
    assert notice_server.asked == []


# -- the keys ------------------------------------------------------------------------------------------------------


def test_the_program_carries_no_key_today_and_says_so() -> None:
    keys = parse_keys((PROJECT / "resources" / "cles-de-publication.json").read_bytes())
    assert not keys.usable


HEX = "ab" * 32


def key_file(threshold: object, **keys: object) -> bytes:
    return json.dumps({"seuil": threshold, "cles": keys}).encode()


def key(public: str = HEX, kind: str = "ed25519") -> dict[str, object]:
    return {"keytype": kind, "scheme": kind, "keyval": {"public": public}}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        key_file(0, a=key()),
        key_file(2, a=key()),
        key_file("1", a=key()),
        key_file(1, a=key(kind="rsa")),
        key_file(1, a=key("ab")),
        key_file(1, a=key("zz" * 32)),
        key_file(2, a=key(), b=key()),
        key_file(2, a=key(), b=key(HEX.upper())),
    ],
)
def test_pinned_keys_that_make_no_sense_are_refused(text: bytes) -> None:
    with pytest.raises(SettingsError):
        parse_keys(text)


# -- the maintainer's command --------------------------------------------------------------------------------------


def test_the_maintainer_makes_a_key_signs_and_the_program_believes(
    notice_server: NoticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret, pinned, out = (tmp_path / name for name in ("secret.pem", "cles.json", "annonce.json"))
    monkeypatch.setenv("CLE", "une phrase longue")
    assert main(["key", "--key", str(secret), "--pinned", str(pinned), "--password-env", "CLE"]) == 0
    assert b"ENCRYPTED" in secret.read_bytes()
    assert secret.stat().st_mode & 0o077 == 0
    wanted = ["--version", "1.2.0", "--notes", NOTES, "--out", str(out), "--password-env", "CLE"]
    assert main(["sign", "--key", str(secret), *wanted]) == 0
    notice_server.body = out.read_bytes()
    facts = replace(FACTS, now=datetime.now(UTC))
    assert isinstance(asked(notice_server, parse_keys(pinned.read_bytes()), facts), Newer)
    assert main(["show", str(out)]) == 0
    assert "1.2.0" in capsys.readouterr().out


def test_a_key_is_never_overwritten(maintainer: Maintainer) -> None:
    before = maintainer.first.read_bytes()
    with pytest.raises(PublicationError, match="jamais"):
        make_key(maintainer.first, maintainer.pinned)
    assert maintainer.first.read_bytes() == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--version", "1.2.0-rc1"], "version"),
        (["--version", "1.2.0", "--notes", "http://x"], "https"),
        (["--version", "1.2.0", "--days", "4000"], "jours"),
        (["--version", "1.2.0", "--key", "absente.pem"], "clé"),
    ],
)
def test_what_no_program_would_believe_is_not_signed(
    maintainer: Maintainer, tmp_path: Path, wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "annonce.json"
    assert main(["sign", "--key", str(maintainer.first), "--out", str(out), *wrong]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_the_command_and_the_program_speak_of_the_same_document() -> None:
    assert publish_notice.PAYLOAD_TYPE == update_notice.PAYLOAD_TYPE
    assert publish_notice.DOCUMENT_TYPE == update_notice.DOCUMENT_TYPE
