"""What an answer really is: JSON, an error inside a 200, a PHP warning, or a portal's page.

Pastell API, « responses »: a success has a 2xx status, a body that parses once what stands before the
first brace is dropped, and is not an object with ``"status":"error"``.
"""

from __future__ import annotations

import re

import msgspec

from enn_desktop.core.errors import (
    AuthenticationRefused,
    DossierForbidden,
    DossierGone,
    DossierUnreadable,
    EnnError,
    FileAbsent,
    PortalInTheWay,
    RequestRefused,
    ServerBroken,
)
from enn_desktop.core.typed_reading import from_json

OK_LOW, OK_HIGH = 200, 300
REDIRECT_HIGH = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
SERVER_ERROR = 500
_MAX_STARTS = 200
_DETAIL_LENGTH = 300
SMALL = 4096
"""Bytes under which every brace of a noisy body is tried."""
_PHP_NOISE = re.compile(rb"<b>(?:Warning|Notice|Deprecated|Fatal error|Parse error)</b>|Stack trace:|PDOException")
_HTML_PAGE = re.compile(rb"<!doctype html|<html[\s>]|<body[\s>]|<form[\s>]", re.IGNORECASE)


class ErrorBody(msgspec.Struct, rename="kebab"):
    """The error object of every Pastell version."""

    status: str = ""
    error_message: str = ""


def json_part(body: bytes) -> bytes | None:
    """Return the JSON in a body, PHP warnings before it dropped; ``None`` if there is none."""
    stripped = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped[:1] in (b"{", b"["):
        return _longest_json(stripped)
    # Warnings end with a tag or a line: JSON begins there. Small bodies are tried at every brace too.
    starts = [m.end() for m in re.finditer(rb"(?:>|\n)\s*(?=[\[{])", body)]
    if len(body) < SMALL:
        starts += [m.start() for m in re.finditer(rb"[\[{]", body)]
    for start in starts[:_MAX_STARTS]:
        if _parses(body[start:]):
            return body[start:]
    return None


def _longest_json(text: bytes) -> bytes | None:
    """Return the JSON that begins this text, what a dying PHP wrote after it dropped."""
    if _parses(text):
        return text
    closing = b"}" if text.startswith(b"{") else b"]"
    candidate = text[: text.rfind(closing) + 1]
    return candidate if candidate != text and _parses(candidate) else None


def _parses(candidate: bytes) -> bool:
    try:
        from_json(candidate, msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def error_message(payload: bytes) -> str | None:
    """Return the server's error text if this JSON is an error object, else ``None``."""
    if not payload.startswith(b"{") or b'"status"' not in payload:
        return None
    try:
        found = from_json(payload, ErrorBody)
    except msgspec.DecodeError:
        return None
    return found.error_message if found.status == "error" else None


def read_json(status: int, body: bytes, location: str = "") -> bytes:
    """Return the JSON of a successful answer, or raise the error that this answer is."""
    if OK_HIGH <= status < REDIRECT_HIGH:
        raise portal(f"redirection {status} vers {_host_only(location)}")
    payload = json_part(body)
    if payload is None:
        raise _not_json(status, body)
    message = error_message(payload)
    if message is None and OK_LOW <= status < OK_HIGH:
        return payload
    raise refusal(status, message or "")


def refusal(status: int, message: str) -> EnnError:
    """Turn a status and the server's own words into the error that they mean.

    Under ``display_errors`` every error comes with status 200 (Pastell 2.0): the words decide first.
    """
    detail = f"HTTP {status} – {message[:_DETAIL_LENGTH]}"
    if status == UNAUTHORIZED or message in ("Accès interdit", "Votre compte a été désactivé"):
        return AuthenticationRefused(detail=detail)
    by_words = _by_words(message, detail)
    if by_words is not None:
        return by_words
    if status == FORBIDDEN:
        return DossierForbidden(detail=detail)
    if status >= SERVER_ERROR:
        return ServerBroken(detail=detail)
    return RequestRefused(status=status, detail=detail)


def _by_words(message: str, detail: str) -> EnnError | None:
    if "Ce fichier n'existe pas" in message:
        return FileAbsent(detail=detail)
    # Up to 3.1, a right without a type means that the document is not there any more.
    if "droit=:" in message or re.search(r"document .* n'appartient pas à l'entité", message):
        return DossierGone(detail=detail)
    if "Impossible d'encoder le résultat en JSON" in message:
        return DossierUnreadable(detail=detail)
    right = re.search(r"droit=([^:,]+):(\w+)", message)
    if right and right.group(2) == "edition":
        return DossierForbidden(
            "Votre compte voit la liste de ces dossiers, mais cette version de Pastell ne le laisse pas les lire.",
            advice="Demandez à ENN le droit « édition » sur ce flux, ou un jeton : la lecture seule ne suffit pas.",
            detail=detail,
        )
    if "SQLSTATE" in message:
        return ServerBroken(detail=f"{detail[:40]}…")
    return DossierForbidden(detail=detail) if right or "Vous devez avoir le droit" in message else None


def _not_json(status: int, body: bytes) -> EnnError:
    detail = f"HTTP {status}, {len(body)} octets, réponse sans JSON"
    if status == UNAUTHORIZED:
        return AuthenticationRefused(detail=detail)
    if status >= SERVER_ERROR or _PHP_NOISE.search(body):
        return ServerBroken(detail=detail)
    if _HTML_PAGE.search(body) and status != NOT_FOUND:
        return portal(detail)
    if OK_LOW <= status < OK_HIGH:
        return ServerBroken("La plateforme a donné une réponse illisible.", detail=detail)
    return RequestRefused(
        "L’adresse ne mène pas à un Pastell." if status == NOT_FOUND else "", status=status, detail=detail
    )


def portal(detail: str) -> PortalInTheWay:
    """Return the error « a portal answers in Pastell's place »."""
    return PortalInTheWay(detail=detail)


def _host_only(location: str) -> str:
    """Keep only the host: a portal's address may carry a ticket or a return address."""
    found = re.match(r"(?:https?:)?//([^/?#@]+)", location)
    return found.group(1) if found else "la même plateforme"
