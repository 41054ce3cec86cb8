"""What S²LOW answers about a certificate, and how it is said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import httpx

from enn_desktop.core.errors import ServerUnreachable, SettingsError
from enn_desktop.core.french import NBSP, long_date
from enn_desktop.core.platform_time import to_platform
from enn_desktop.pastell.network_failures import (
    PROXY_UNAUTHORIZED,
    is_certificate_unknown,
    proxy_failure,
    proxy_refusal,
)

SHOWN = 200
"""Signs of the server's own words kept for the contractor."""
UNAUTHORIZED, FORBIDDEN, BROKEN = 401, 403, 500
_ACCOUNT = "Demandez à ENN de rattacher ce certificat à votre compte S²LOW."


class Said(Enum):
    """What the server said to a yes-or-no question."""

    YES = "oui"
    NO = "non"
    UNKNOWN = "inconnu"


@dataclass(frozen=True, slots=True)
class S2lowAnswer:
    """What came of a check: whether S²LOW was reached, whether it accepts the certificate, whether it is RGS for it.

    ``sentence`` and ``advice`` are for her; ``detail`` for the contractor (codes and the server's own words).
    """

    reached: bool
    accepted: Said = Said.UNKNOWN
    rgs: Said = Said.UNKNOWN
    sentence: str = ""
    advice: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, read: its status, its text, whether it is a page for people instead of a word for programs."""

    status: int
    text: str
    html: bool = False

    @property
    def said(self) -> Said:
        """What the word means; the server says KO under the same HTTP 200 as OK."""
        words = self.text.split()
        if self.html or self.status != httpx.codes.OK or not words:
            return Said.UNKNOWN
        return {"OK": Said.YES, "KO": Said.NO}.get(words[0].strip(":;,.-").upper(), Said.UNKNOWN)

    @property
    def refused(self) -> bool:
        """Whether the server refuses whoever asks."""
        return self.status in {UNAUTHORIZED, FORBIDDEN}

    @property
    def detail(self) -> str:
        """What a contractor wants to read of it."""
        words = "HTML" if self.html else " ".join(self.text.split())[:SHOWN]
        return f"HTTP {self.status} {words}".strip()


TOO_SLOW = S2lowAnswer(
    reached=False,
    sentence="S²LOW met trop longtemps à répondre.",
    advice="Réessayez plus tard. Si le reste d’Internet marche, appelez ENN.",
)

_ALERTS = (
    (
        "CERTIFICATE_REQUIRED",
        "Le serveur demande votre certificat.",
        "Choisissez un fichier de certificat avec sa clé privée.",
    ),
    (
        "CERTIFICATE_EXPIRED",
        "Votre certificat est périmé{since}.",
        "Renouvelez-le auprès de votre autorité de certification.",
    ),
    (
        "CERTIFICATE_REVOKED",
        "Votre certificat a été révoqué.",
        "Demandez-en un autre à votre autorité de certification.",
    ),
    (
        "UNSUPPORTED_CERTIFICATE",
        "Ce certificat n’est pas fait pour se connecter.",
        "Essayez avec votre certificat d’authentification.",
    ),
    (
        "UNKNOWN_CA",
        "Ce certificat n’est pas reconnu par S²LOW.",
        "Il vient d’une autorité que S²LOW n’accepte pas\u00a0: il faut un certificat RGS.",
    ),
)
_OTHER_ALERTS = ("BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN", "HANDSHAKE_FAILURE", "ACCESS_DENIED", "DECRYPT_ERROR")


def of_pages(connected: Page, rgs: Page) -> S2lowAnswer:
    """Return what the two answers come to, together."""
    detail = f"test-connexion{NBSP}: {connected.detail} · test-rgs{NBSP}: {rgs.detail}"
    if connected.status == PROXY_UNAUTHORIZED:
        return _proxy(proxy_refusal(detail))
    if connected.status >= BROKEN:
        return S2lowAnswer(
            reached=True,
            sentence="S²LOW répond, mais il est en panne.",
            advice="Réessayez dans une heure.",
            detail=detail,
        )
    accepted = Said.NO if connected.refused else connected.said
    sentence, advice = _words(connected, accepted, rgs.said)
    return S2lowAnswer(True, accepted, rgs.said, sentence, advice, detail)  # noqa: FBT003 - a field


def _words(connected: Page, accepted: Said, rgs: Said) -> tuple[str, str]:
    if accepted is Said.YES:
        return {
            Said.YES: ("S²LOW répond, accepte ce certificat et le reconnaît comme RGS.", ""),
            Said.NO: (
                "S²LOW répond et accepte ce certificat, mais ne le reconnaît pas comme RGS.",
                "La télétransmission nécessite un certificat RGS. Demandez-le à votre autorité de certification.",
            ),
            Said.UNKNOWN: ("S²LOW répond et accepte ce certificat, sans dire s’il est RGS.", ""),
        }[rgs]
    known = {Said.YES: " Il le reconnaît pourtant comme RGS.", Said.NO: " Il ne le reconnaît pas comme RGS."}.get(
        rgs, ""
    )
    if accepted is Said.NO:
        return f"S²LOW répond, mais ce certificat n’ouvre aucun compte.{known}", _ACCOUNT
    if connected.html:
        return (
            f"S²LOW renvoie vers une page pour se connecter, au lieu de répondre.{known}",
            f"{_ACCOUNT} S’il en ouvre plusieurs, ajoutez votre identifiant et votre mot de passe S²LOW.",
        )
    return (
        f"S²LOW a répondu autrement que prévu.{known}",
        "Vérifiez l’adresse, puis appelez ENN et donnez-lui le détail.",
    )


def of_failure(error: httpx.HTTPError, ends: datetime | None) -> S2lowAnswer:
    """Return what a failed connection means; ``ends`` is the certificate's end, when known."""
    text = f"{type(error).__name__}: {error}"
    upper = text.upper().replace(" ", "_")
    if is_certificate_unknown(error):
        return S2lowAnswer(
            reached=False,
            sentence="Le réseau de la mairie filtre la connexion, ou l’adresse n’est pas celle de S²LOW.",
            advice="Ne forcez pas. Demandez à votre prestataire si un filtre surveille la connexion.",
            detail=text,
        )
    since = f" depuis le {long_date(to_platform(ends).date())}" if ends is not None else ""
    for alert, sentence, advice in _ALERTS:
        if alert in upper:
            return S2lowAnswer(True, Said.NO, Said.UNKNOWN, sentence.format(since=since), advice, text)  # noqa: FBT003 - a field
    if any(alert in upper for alert in _OTHER_ALERTS):
        return S2lowAnswer(True, Said.NO, Said.UNKNOWN, "S²LOW refuse ce certificat.", _ACCOUNT, text)  # noqa: FBT003 - a field
    return _without_connection(error, text)


def _without_connection(error: httpx.HTTPError, text: str) -> S2lowAnswer:
    if isinstance(error, httpx.ProxyError):
        return _proxy(proxy_failure(error, text))
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return S2lowAnswer(
            reached=False,
            sentence="S²LOW ne répond pas.",
            advice="Vérifiez la connexion à Internet et l’adresse, puis réessayez.",
            detail=text,
        )
    if isinstance(error, httpx.TimeoutException):
        return S2lowAnswer(TOO_SLOW.reached, sentence=TOO_SLOW.sentence, advice=TOO_SLOW.advice, detail=text)
    return S2lowAnswer(
        reached=False,
        sentence="La connexion à S²LOW a été coupée pendant la réponse.",
        advice="Réessayez. Si cela se répète, le certificat est peut-être refusé\u00a0: appelez ENN.",
        detail=text,
    )


def _proxy(failure: ServerUnreachable) -> S2lowAnswer:
    return S2lowAnswer(reached=False, sentence=failure.message, advice=failure.advice, detail=failure.detail)


def of_unusable_file(error: SettingsError) -> S2lowAnswer:
    """Return what a certificate file that cannot be used means."""
    wrong_password = "password" in error.detail.lower() or "mac verify" in error.detail.lower()
    sentence = "Mot de passe du certificat incorrect." if wrong_password else error.message
    return S2lowAnswer(reached=False, sentence=sentence, advice=error.advice, detail=error.detail)
