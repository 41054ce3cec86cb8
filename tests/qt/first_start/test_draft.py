"""What the first start makes of an address, of a refusal, of a name."""

from __future__ import annotations

import pytest

from enn_desktop.core.errors import (
    AuthenticationRefused,
    EnnError,
    PortalInTheWay,
    RequestRefused,
    ServerBroken,
    ServerUnreachable,
    SettingsError,
)
from enn_desktop.qt.first_start.draft import (
    AccountDraft,
    Concern,
    concern_of,
    may_be_offline,
    proposed_name,
    travels_in_clear,
    with_scheme,
)

UNTRUSTED = ServerUnreachable("Certificat non reconnu.", detail="ConnectError: CERTIFICATE_VERIFY_FAILED")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("pastell.exemple.fr", "https://pastell.exemple.fr"),
        ("  pastell.exemple.fr/pastell ", "https://pastell.exemple.fr/pastell"),
        ("http://pastell.exemple.fr", "http://pastell.exemple.fr"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_an_address_without_scheme_gets_https(typed: str, address: str) -> None:
    assert with_scheme(typed) == address


@pytest.mark.parametrize(
    ("address", "clear"),
    [
        ("http://pastell.exemple.fr", True),
        ("HTTP://pastell.exemple.fr:8080/x", True),
        ("https://pastell.exemple.fr", False),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://", False),
        ("http://[mal", False),
        ("", False),
    ],
)
def test_http_to_another_computer_is_in_clear(address: str, *, clear: bool) -> None:
    assert travels_in_clear(address) is clear


@pytest.mark.parametrize(
    ("error", "concern"),
    [
        (AuthenticationRefused(), Concern.SECRET),
        (PortalInTheWay(), Concern.ADDRESS),
        (RequestRefused(status=404), Concern.ADDRESS),
        (RequestRefused(status=403), Concern.NOTHING),
        (SettingsError("L’adresse de la plateforme n’est pas une adresse web."), Concern.ADDRESS),
        (SettingsError("Le fichier du certificat ne peut pas être lu."), Concern.CERTIFICATE),
        (SettingsError("Le fichier du certificat… mauvais mot de passe, ou clé absente."), Concern.SECRET),
        (SettingsError("Le jeton contient des caractères impossibles."), Concern.SECRET),
        (SettingsError("Un délai du réseau est hors limites."), Concern.NOTHING),
        (ServerUnreachable(), Concern.NOTHING),
        (ServerBroken(), Concern.NOTHING),
    ],
)
def test_a_refusal_leads_to_the_field_that_is_wrong(error: EnnError, concern: Concern) -> None:
    assert concern_of(error) is concern


@pytest.mark.parametrize(
    ("error", "offline"),
    [(ServerUnreachable(), True), (UNTRUSTED, False), (ServerBroken(), False), (AuthenticationRefused(), False)],
)
def test_only_a_silent_network_may_mean_that_this_computer_is_offline(error: EnnError, *, offline: bool) -> None:
    assert may_be_offline(error) is offline


@pytest.mark.parametrize(
    ("entities", "taken", "name"),
    [
        (("Commune de Valbrume", "CCAS"), (), "Commune de Valbrume"),
        (("", " CCAS de Valbrume "), (), "CCAS de Valbrume"),
        ((), (), "pastell.exemple.fr"),
        (("Valbrume",), ("VALBRUME",), "Valbrume (2)"),
        (("Valbrume",), ("Valbrume", "Valbrume (2)"), "Valbrume (3)"),
    ],
)
def test_an_account_is_named_after_what_it_sees(entities: tuple[str, ...], taken: tuple[str, ...], name: str) -> None:
    assert proposed_name(entities, "https://pastell.exemple.fr/pastell", taken) == name


def test_a_secret_is_never_in_the_words_of_a_draft() -> None:
    assert "chut" not in repr(AccountDraft(name="Valbrume", secret="chut"))
