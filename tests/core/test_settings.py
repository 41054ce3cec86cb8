"""What the user chose is written and read back the same, and a wrong choice is refused with a sentence."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.settings import (
    METHODS,
    AccountSettings,
    KeySettings,
    NetworkSettings,
    Settings,
    dump_settings,
    parse_settings,
)

NASTY = "C:\\Users\\Anne-Marie\\\"Mes\" 'dossiers'\t\n\r\x00\x1f\x7f\x80 é 🎉 # = [x] \u2028\ufeff"

accounts = st.builds(
    AccountSettings,
    name=st.text(),
    address=st.text(),
    user=st.text(),
    method=st.sampled_from(METHODS),
    certificate=st.text(),
    folder=st.text(),
)
seconds = st.floats(1.0, 600.0)
everything = st.builds(
    Settings,
    version=st.integers(0, 10**6),
    folder=st.text(),
    accounts=st.lists(accounts, max_size=4).map(tuple),
    network=st.builds(NetworkSettings, connect_s=seconds, answer_s=seconds),
    key=st.builds(KeySettings, certificate=st.text(), signer=st.text()),
)


@given(everything)
@example(Settings(folder=NASTY, accounts=(AccountSettings(name=NASTY, address=NASTY, user=NASTY),)))
def test_what_is_written_is_read_back_the_same(settings: Settings) -> None:
    text = dump_settings(settings)
    assert parse_settings(text) == settings
    assert tomllib.loads(text)["version"] == settings.version


def test_an_empty_file_gives_the_usual_settings() -> None:
    assert parse_settings("") == Settings()
    assert Settings().accounts == ()


WRITTEN = [
    "version = 1",
    'plateforme = ""',
    'dossier = "D:\\\\Dossiers de la mairie"',
    "avec_la_session = false",
    "",
    "[reseau]",
    "delai_connexion_s = 10.0",
    "delai_reponse_s = 30.0",
    "",
    "[planning]",
    "automatique = true",
    "au_demarrage = true",
    "toutes_les_heures = 4",
    "connexion_limitee = false",
    "economiseur_de_batterie = false",
    "jours_de_retard = 7",
    "",
    "[notifications]",
    "actives = true",
    "de_heure = 8",
    "a_heure = 18",
    "",
    "[mandataire]",
    'mode = "systeme"',
    'adresse = ""',
    'identifiant = ""',
    "",
    "[cle]",
    'certificat = ""',
    'signataire = ""',
    "",
    "[mise_a_jour]",
    "actives = false",
    'adresse = ""',
    "",
    "[[compte]]",
    'nom = "mairie"',
    'adresse = "https://pastell.example.org"',
    'identifiant = "anne"',
    'methode = "mot-de-passe"',
    'certificat = ""',
    'dossier = ""',
]


def test_the_written_file_can_be_read_by_a_person() -> None:
    settings = Settings(
        folder="D:\\Dossiers de la mairie",
        accounts=(AccountSettings(name="mairie", address="https://pastell.example.org", user="anne"),),
    )
    assert dump_settings(settings).splitlines() == WRITTEN


def test_what_a_newer_program_added_is_ignored() -> None:
    text = dump_settings(Settings(folder="x", accounts=(AccountSettings(name="a", address="b"),)))
    newer = 'theme = "sombre"\n' + text + "nouveau = 1\n[tableau]\nz = [1, 2]\n[[autre]]\ny = 2026-03-14\n"
    assert parse_settings(newer) == parse_settings(text)


@pytest.mark.parametrize("method", ["", "Mot-de-passe", "kerberos", "mot de passe"])
def test_an_unknown_way_to_connect_is_refused_and_the_known_ones_are_told(method: str) -> None:
    text = dump_settings(Settings(accounts=(AccountSettings(name="mairie", address="x", method=method),)))
    with pytest.raises(SettingsError, match="mairie") as refusal:
        parse_settings(text)
    assert all(known in refusal.value.advice for known in METHODS)


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "dossier = 7",
        'dossier = "x',
        'version = "un"',
        '[[compte]]\nnom = "sans adresse"',
        'compte = "mairie"',
        '[reseau]\ndelai_connexion_s = "dix"',
        "[cle]\ncertificat = 12",
        'cle = "celle du maire"',
        "a = 1\na = 2",
        'dossier = "\\ud800"',
        "a = " + "[" * 5000 + "]" * 5000,
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match="réglages"):
        parse_settings(text)


def test_a_refusal_never_repeats_a_value() -> None:
    with pytest.raises(SettingsError) as refusal:
        parse_settings('[[compte]]\nnom = "a"\nadresse = ["s3cret-value"]\n')
    assert "s3cret-value" not in f"{refusal.value.message} {refusal.value.advice} {refusal.value.detail}"
    assert "compte[0].adresse" in refusal.value.detail


def test_an_account_is_found_by_its_name() -> None:
    first, second = AccountSettings(name="mairie", address="x"), AccountSettings(name="CCAS", address="y")
    settings = Settings(accounts=(first, second))
    assert settings.account("CCAS") is second
    assert settings.account("ccas") is None


def test_the_chosen_certificate_and_the_expected_signer_are_kept_and_lack_at_first() -> None:
    assert (Settings().key.certificate, Settings().key.signer) == ("", "")
    chosen = Settings(key=KeySettings(certificate="ab" * 32, signer="Camille d’EXEMPLE"))
    assert parse_settings(dump_settings(chosen)).key == chosen.key
    assert parse_settings('[cle]\nsignataire = "Camille"\nnouveau = 1').key == KeySettings(signer="Camille")
