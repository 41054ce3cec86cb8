"""Whether what came looks like the file that was announced, from its name, its type and its two ends.

The platform is old: a PHP warning may stand before the bytes of a PDF, an error may come with status 200, a
sign-in page may answer in its place, a cut may pass unnoticed. Name and content type may both be wrong too: only
what cannot be the file is certain, the rest is a doubt to be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

HEAD_SIZE = 1024
"""Bytes of the beginning that the checks want."""
TAIL_SIZE = 2048
"""Bytes of the end that the checks want."""


class Look(Enum):
    """What seems wrong, with the sentence that says so."""

    SERVER_NOISE = "Un message d’erreur du serveur s’est mêlé au fichier."
    ERROR_ANSWER = "La plateforme a répondu par une erreur à la place du fichier."
    SIGN_IN_PAGE = "Une page de connexion est arrivée à la place du fichier."
    WEB_PAGE = "Une page web est arrivée sous le nom de ce fichier."
    NOT_A_PDF = "Ce fichier porte le nom d’un PDF, mais n’en a pas le début."
    CUT_PDF = "Ce PDF semble coupé\u00a0: sa fin manque."
    CUT_XML = "Ce fichier XML semble coupé\u00a0: sa fin manque."
    CUT_ARCHIVE = "Ce fichier compressé semble coupé\u00a0: sa fin manque."


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a download looks wrong. ``certain``: it cannot be the file; else the server may well hold it so."""

    look: Look
    certain: bool

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        return self.look.value


class _Kind(Enum):
    PDF = "pdf"
    XML = "xml"
    HTML = "html"
    JSON = "json"
    ARCHIVE = "zip"
    UNKNOWN = ""


_EXTENSIONS = {
    _Kind.PDF: "pdf",
    _Kind.XML: "xml",
    _Kind.HTML: "html htm xhtml mht mhtml php",
    _Kind.JSON: "json",
    _Kind.ARCHIVE: "zip odt ods odp odg docx xlsx pptx",
}
_KINDS = {extension: kind for kind, words in _EXTENSIONS.items() for extension in words.split()}
_TYPES = (
    (_Kind.HTML, re.compile(r"text/html|application/xhtml\+xml")),
    (_Kind.PDF, re.compile(r"application/(?:x-)?pdf")),
    (_Kind.JSON, re.compile(r"(?:application|text)/json")),
    (_Kind.XML, re.compile(r"(?:application|text)/xml|application/[\w.-]+\+xml")),
    (
        _Kind.ARCHIVE,
        re.compile(
            r"application/(?:x-)?zip(?:-compressed)?|application/vnd\.oasis\.opendocument\..+"
            r"|application/vnd\.openxmlformats-.+"
        ),
    ),
)

_NOISE_HEAD = re.compile(
    rb"\s*(?:<br />\s*)?<b>(?:Warning|Notice|Deprecated|Strict Standards|(?:Fatal|Parse) error)</b>:",
    re.IGNORECASE,
)
_NOISE_TAIL = re.compile(
    rb"<b>(?:Warning|Notice|Deprecated|Fatal error)</b>:[^\0]{1,1500} on line <b>\d+</b><br />\s*$",
    re.IGNORECASE,
)
_NOISE_TEXT = re.compile(
    rb"\s*(?:PHP )?(?:Warning|Notice|Deprecated|Fatal error): [^\0]{1,900} in \S+\.php on line \d+"
)
_ERROR_ANSWER = re.compile(rb'\s*\{\s*"status"\s*:\s*"error"\s*,\s*"error-message"\s*:')
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--[^\0]{0,400}-->\s*)?<(?:!doctype html|html[\s>])", re.IGNORECASE)
_SIGN_IN = re.compile(
    rb"connexion|authentification|identifiant|mot de passe|se connecter|type=.?password|log ?in|sign.in|password"
    rb"|lemonldap|/cas/|\bSSO\b",
    re.IGNORECASE,
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE_END = b"PK\x05\x06"
_BLANK = b" \t\r\n\f\v\0"


def suspicion(name: str, content_type: str, head: bytes, tail: bytes, size: int) -> Suspicion | None:
    """Return what looks wrong with a download, ``None`` if nothing does.

    ``name`` is the file's name on the platform, ``content_type`` the answer's header, ``head`` and ``tail`` its
    first and last bytes (``HEAD_SIZE`` and ``TAIL_SIZE``, or all of a shorter file), ``size`` its bytes. An
    empty file is legitimate.
    """
    if size == 0:
        return None
    named, typed = _kind_of_name(name), _kind_of_type(content_type)
    return (
        _noise(named, typed, head, tail)
        or _error_answer(name, named, content_type, head)
        or _web_page(name, named, head)
        or _format(named, typed, head, tail, size)
    )


def _kind_of_name(name: str) -> _Kind:
    return _KINDS.get(_extension(name), _Kind.UNKNOWN)


def _extension(name: str) -> str:
    stem, point, extension = name.strip().rpartition(".")
    return extension.lower() if point and stem else ""


def _kind_of_type(content_type: str) -> _Kind:
    media = content_type.partition(";")[0].strip().lower()
    return next((kind for kind, pattern in _TYPES if pattern.fullmatch(media)), _Kind.UNKNOWN)


def _noise(named: _Kind, typed: _Kind, head: bytes, tail: bytes) -> Suspicion | None:
    """PHP's own warnings, printed before or after the bytes."""
    if _NOISE_HEAD.match(head) or _NOISE_TAIL.search(tail):
        # A saved web page may hold such words; nothing else may.
        return Suspicion(Look.SERVER_NOISE, certain=named is not _Kind.HTML)
    if _NOISE_TEXT.match(head):
        structured = {_Kind.PDF, _Kind.XML, _Kind.ARCHIVE}
        return Suspicion(Look.SERVER_NOISE, certain=named in structured or typed in structured)
    return None


def _error_answer(name: str, named: _Kind, content_type: str, head: bytes) -> Suspicion | None:
    """Pastell's error object with status 200; its own answers bear a charset, a stored JSON file does not."""
    if not _ERROR_ANSWER.match(head):
        return None
    own = content_type.replace(" ", "").lower() == "application/json;charset=utf-8"
    certain = named is not _Kind.JSON and (own or bool(_extension(name)))
    return Suspicion(Look.ERROR_ANSWER, certain=certain)


def _web_page(name: str, named: _Kind, head: bytes) -> Suspicion | None:
    if named is _Kind.HTML or not _WEB_PAGE.match(head):
        return None
    if _SIGN_IN.search(head):
        certain = named in {_Kind.PDF, _Kind.XML, _Kind.ARCHIVE, _Kind.JSON}
        return Suspicion(Look.SIGN_IN_PAGE, certain=certain)
    # Accounting programs do write web pages under other names (« .xls »); no extension says nothing.
    return Suspicion(Look.WEB_PAGE, certain=False) if _extension(name) else None


def _format(named: _Kind, typed: _Kind, head: bytes, tail: bytes, size: int) -> Suspicion | None:
    """Begin and end of the format that the name says, or the type when the name says nothing."""
    kind = named if named is not _Kind.UNKNOWN else typed
    look: Look | None = None
    if kind is _Kind.PDF:
        look = _pdf(head, tail)
    elif kind is _Kind.XML:
        look = _xml(tail, size)
    elif kind is _Kind.ARCHIVE and _ARCHIVE_END not in tail and not head.startswith(_OLD_OFFICE):
        look = Look.CUT_ARCHIVE
    return Suspicion(look, certain=False) if look else None


def _pdf(head: bytes, tail: bytes) -> Look | None:
    if b"%PDF-" not in head[:HEAD_SIZE]:
        return Look.NOT_A_PDF
    return None if b"%%EOF" in tail[-TAIL_SIZE:] else Look.CUT_PDF


def _xml(tail: bytes, size: int) -> Look | None:
    """Look for the final « > », also in UTF-16; blanks may follow, and may fill the whole tail."""
    end = tail.strip(_BLANK)
    if not end and size > len(tail):
        return None
    return None if end.endswith(b">") else Look.CUT_XML
