"""What a failure of the network is, in words: the proxy, the certificate, the platform, or the line."""

from __future__ import annotations

import re
import ssl

import httpx

from enn_desktop.core.errors import EnnError, ServerUnreachable

PROXY_UNAUTHORIZED = 407
BROKEN = 500


def network_failure(error: httpx.HTTPError) -> EnnError:
    """Say in words what a network failure is."""
    # A request that could not even be written may quote a header: the secret would be in the words.
    text = type(error).__name__ if isinstance(error, httpx.LocalProtocolError) else f"{type(error).__name__}: {error}"
    if is_certificate_unknown(error):
        return ServerUnreachable(
            "Le certificat de la plateforme n’est pas reconnu par cet ordinateur. Rien n’a été envoyé.",
            advice="Ne forcez pas. Demandez à votre prestataire si un filtre surveille la connexion.",
            detail=text,
        )
    if isinstance(error, httpx.ProxyError):
        return proxy_failure(error, text)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return ServerUnreachable(detail=text)
    if isinstance(error, httpx.TimeoutException):
        return ServerUnreachable("La plateforme met trop longtemps à répondre.", detail=text)
    return ServerUnreachable("La connexion a été coupée pendant la réponse.", detail=text)


def is_certificate_unknown(error: BaseException) -> bool:
    """Whether the other side's certificate is what stops us.

    OpenSSL says so in English words; Windows in its own language, so the kind of the first cause is looked at too.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError) or "certificate verify failed" in str(cause).lower():
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def proxy_refusal(detail: str) -> ServerUnreachable:
    """Return the error of a proxy that does not let us through."""
    return ServerUnreachable(
        "Le serveur mandataire (proxy) refuse la connexion.",
        advice="Demandez à votre prestataire l’adresse et le mot de passe du proxy.",
        detail=detail,
    )


def proxy_failure(error: httpx.ProxyError, detail: str) -> ServerUnreachable:
    """Return what a proxy did: refuse us, refuse this platform, not reach it, or not answer at all."""
    found = re.match(r"(\d{3})\b", str(error))
    status = int(found[1]) if found else 0
    if status == PROXY_UNAUTHORIZED:
        return proxy_refusal(detail)
    if status >= BROKEN:
        return ServerUnreachable(
            "Le serveur mandataire (proxy) n’arrive pas jusqu’à la plateforme.",
            advice="Réessayez dans une heure. Si cela dure, appelez votre prestataire.",
            detail=detail,
        )
    if status:
        return ServerUnreachable(
            "Le serveur mandataire (proxy) ne laisse pas passer vers cette plateforme.",
            advice="Demandez à votre prestataire d’autoriser l’adresse de la plateforme dans le proxy.",
            detail=detail,
        )
    return ServerUnreachable(
        "Le serveur mandataire (proxy) ne répond pas.",
        advice="Vérifiez le câble ou le Wi-Fi, puis réessayez. Si cela dure, appelez votre prestataire.",
        detail=detail,
    )
