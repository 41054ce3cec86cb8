"""What a download looks like, from its two ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core.content import HEAD_SIZE, TAIL_SIZE, Look, suspicion

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"

NOISE = (
    b"<br />\n<b>Warning</b>:  Header may not contain more than a single"
    b" header in <b>/a.php</b> on line <b>9</b><br />\n"
)
PDF = b"%PDF-1.4\n1 0 obj\n" + b"x" * 5000 + b"\nstartxref\n12\n%%EOF\n"
ERROR = b'{\n    "status": "error",\n    "error-message": "Impossible d\'encoder"\n}'
SIGN_IN = b"<!DOCTYPE html>\n<html>\n\t<head>\n\t\t<title>Connexion - Pastell</title></head><body></body></html>"
ZIP = b"PK\x03\x04" + b"z" * 4000 + b"PK\x05\x06" + b"\0" * 18


def _judge(name: str, content_type: str, body: bytes) -> tuple[Look, bool] | None:
    found = suspicion(name, content_type, body[:HEAD_SIZE], body[-TAIL_SIZE:], len(body))
    return (found.look, found.certain) if found else None


@pytest.mark.parametrize(
    ("name", "content_type", "body"),
    [
        ("acte.pdf", "application/pdf", PDF),
        ("acte.PDF", "application/octet-stream", b"junk of a scanner\n" + PDF),
        ("vide.pdf", "application/x-empty", b""),
        ("pes.xml", "text/xml;charset=UTF-8", b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>\xe9</a>\r\n\0"),
        ("pes.xml", "text/xml", "<a>é</a>\n".encode("utf-16")),
        ("pes.xml", "text/xml", "<a>é</a>\n".encode("utf-16-be")),
        ("blancs.xml", "text/xml", b"<a/>" + b" " * 5000),
        ("archive.zip", "application/zip", ZIP),
        ("note.odt", "application/vnd.oasis.opendocument.text", ZIP),
        ("protege.docx", "application/x-ole-storage", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"o" * 3000),
        ("page.html", "text/html;charset=UTF-8", b"<html><body>x</body></html>"),
        ("connexion.html", "text/html", SIGN_IN),
        ("donnees.json", "application/json", b'{"a":1}'),
        ("sans extension", "application/octet-stream", b"\0\1\2"),
        ("win.ini", "text/plain;charset=UTF-8", b"[x]"),
        ("<script>.html", "text/plain;charset=UTF-8", b"<b>x</b>"),
        ("journal.txt", "text/plain", b"Warning: the boiler in the hall is cold"),
    ],
)
def test_a_file_that_is_what_it_says_raises_no_doubt(name: str, content_type: str, body: bytes) -> None:
    assert _judge(name, content_type, body) is None


@pytest.mark.parametrize(
    ("name", "content_type", "body", "look"),
    [
        ("acte.pdf", "application/pdf", NOISE + PDF, Look.SERVER_NOISE),
        ("acte.pdf", "application/pdf", PDF + NOISE, Look.SERVER_NOISE),
        ("image.png", "image/png", b"\n" + NOISE + b"\x89PNG", Look.SERVER_NOISE),
        ("pes.xml", "text/xml", b"Warning: x() failed in /var/www/a.php on line 3\n<a/>", Look.SERVER_NOISE),
        ("acte.pdf", "application/json; charset=utf-8", ERROR, Look.ERROR_ANSWER),
        ("sans extension", "application/json; charset=utf-8", ERROR, Look.ERROR_ANSWER),
        ("acte.pdf", "text/html; charset=utf-8", SIGN_IN, Look.SIGN_IN_PAGE),
        ("acte.pdf", "application/pdf", SIGN_IN, Look.SIGN_IN_PAGE),
        ("donnees.json", "text/html", SIGN_IN, Look.SIGN_IN_PAGE),
    ],
)
def test_what_cannot_be_the_file_is_refused(name: str, content_type: str, body: bytes, look: Look) -> None:
    assert _judge(name, content_type, body) == (look, True)


@pytest.mark.parametrize(
    ("name", "content_type", "body", "look"),
    [
        ("con.pdf", "text/plain;charset=UTF-8", b"[x]", Look.NOT_A_PDF),
        ("acte.pdf", "application/pdf", PDF[:3000], Look.CUT_PDF),
        ("acte.pdf", "application/pdf", b" " * 1024 + PDF, Look.NOT_A_PDF),
        ("acte", "application/pdf", PDF[:3000], Look.CUT_PDF),
        ("pes.xml", "text/xml", b"<a><b>coup", Look.CUT_XML),
        ("pes.xml", "text/plain", b" \n ", Look.CUT_XML),
        ("archive.zip", "application/zip", ZIP[:2000], Look.CUT_ARCHIVE),
        ("donnees.json", "application/json", ERROR, Look.ERROR_ANSWER),
        ("sans extension", "application/json", ERROR, Look.ERROR_ANSWER),
        ("export.xls", "text/html", b"<html><table></table></html>", Look.WEB_PAGE),
        ("export.xls", "text/html", SIGN_IN, Look.SIGN_IN_PAGE),
        ("page.html", "text/html", NOISE, Look.SERVER_NOISE),
        ("trace.log", "text/plain", b"PHP Warning: x in /var/www/a.php on line 3\n", Look.SERVER_NOISE),
    ],
)
def test_what_the_server_may_really_hold_is_only_doubtful(
    name: str, content_type: str, body: bytes, look: Look
) -> None:
    assert _judge(name, content_type, body) == (look, False)


def _recorded(number: str) -> tuple[str, bytes, int]:
    found = next(RECORDINGS.glob(f"{number}-*.json"))
    answer = json.loads(found.read_text(encoding="utf-8"))["response"]
    kind = next(value for name, value in answer["headers"] if name.lower() == "content-type")
    text = answer.get("body_text")
    head = answer["body_head_latin1"].encode("latin-1") if text is None else text.encode()
    return str(kind), head, int(answer["length"])


@pytest.mark.parametrize(
    ("number", "look"),
    [
        ("022", Look.SIGN_IN_PAGE),
        ("261", Look.ERROR_ANSWER),
        ("355", Look.SERVER_NOISE),
        ("356", Look.SERVER_NOISE),
        ("361", Look.SERVER_NOISE),
    ],
)
def test_answers_of_a_real_platform_are_not_taken_for_a_pdf(number: str, look: Look) -> None:
    content_type, body, size = _recorded(number)
    found = suspicion("acte.pdf", content_type, body[:HEAD_SIZE], body[-TAIL_SIZE:], size)
    assert found is not None
    assert (found.look, found.certain) == (look, True)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("272", "win.ini"),
        ("274", "fin avec point."),
        ("276", "<script>alert(1)</script>.html"),
        ("277", "fichier vide.txt"),
        ("281", "page.html"),
        ("282", "donnees.json"),
        ("283", "sans extension"),
        ("267", "pes.xml"),
    ],
)
def test_odd_files_of_a_real_platform_are_kept_without_a_doubt(number: str, name: str) -> None:
    content_type, body, size = _recorded(number)
    assert suspicion(name, content_type, body[:HEAD_SIZE], body[-TAIL_SIZE:], size) is None


def test_every_suspicion_is_a_french_sentence() -> None:
    for look in Look:
        assert look.value.endswith(".")
        assert " :" not in look.value


@given(
    st.text(max_size=20),
    st.sampled_from(["", "pdf", "xml", "zip", "json", "html", "PDF", "é"]),
    st.text(max_size=30) | st.sampled_from(["application/pdf", "text/xml;charset=UTF-8", "application/json"]),
    st.binary(max_size=300) | st.sampled_from([NOISE, SIGN_IN, ERROR]),
)
def test_any_bytes_get_an_answer_and_an_empty_file_is_never_suspected(
    stem: str, extension: str, content_type: str, body: bytes
) -> None:
    judged = _judge(f"{stem}.{extension}", content_type, body)
    assert judged is None or judged[0] in Look
    assert suspicion(f"{stem}.{extension}", content_type, b"", b"", 0) is None


@given(st.binary(max_size=4000).filter(lambda middle: b"<b>" not in middle), st.integers(1, 2000))
def test_a_pdf_cut_before_its_end_mark_is_doubted_and_whole_it_is_not(middle: bytes, lost: int) -> None:
    whole = b"%PDF-1.7\n" + middle.replace(b"%%EOF", b"") + b"\n%%EOF"
    assert _judge("a.pdf", "application/pdf", whole) is None
    cut = whole[: max(9, len(whole) - max(lost, 1))]
    assert _judge("a.pdf", "application/pdf", cut) == (Look.CUT_PDF, False)
