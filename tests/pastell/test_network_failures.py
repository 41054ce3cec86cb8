"""A failure of the network is said the same way whatever the language of the system that found it."""

from __future__ import annotations

import ssl

import httpx
import pytest

from enn_desktop.core.errors import ServerUnreachable
from enn_desktop.pastell.network_failures import network_failure, proxy_failure
from enn_desktop.services.s2low_answers import of_failure

WINDOWS_WORDS = (
    "Une chaîne de certificats a été traitée mais s’est terminée par un certificat racine qui n’est pas approuvé",
    "Certificate chain policy error 0x800b0109 [1]",
)


def raised(words: str) -> httpx.HTTPError:
    """Return a refused certificate as it comes out of the network library."""
    cause = ssl.SSLCertVerificationError(words)
    error = httpx.ConnectError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("words", WINDOWS_WORDS)
def test_a_certificate_that_windows_refuses_in_its_own_words_gives_our_sentence(words: str) -> None:
    failure = network_failure(raised(words))
    assert failure.message.startswith("Le certificat de la plateforme n’est pas reconnu par cet ordinateur.")
    assert "filtre" in of_failure(raised(words), None).sentence


def test_a_line_that_is_cut_is_no_matter_of_certificate() -> None:
    assert isinstance(network_failure(httpx.ConnectError("refused")), ServerUnreachable)
    assert "certificat" not in network_failure(httpx.ConnectError("refused")).message


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("407 Proxy Authentication Required", "refuse la connexion"),
        ("403 Forbidden", "ne laisse pas passer"),
        ("504 Gateway Timeout", "n’arrive pas jusqu’à la plateforme"),
        ("no connection: refused", "ne répond pas"),
        ("ReadTimeout: timed out", "ne répond pas"),
    ],
)
def test_what_a_proxy_does_is_told_apart(said: str, sentence: str) -> None:
    assert sentence in proxy_failure(httpx.ProxyError(said), said).message
    assert sentence in of_failure(httpx.ProxyError(said), None).sentence
