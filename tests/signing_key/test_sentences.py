"""Each state has its sentence, its remedy, its word; the signs are French, and the words a secretary's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from enn_desktop.core.french import NARROW, NBSP
from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.sentences import anonymous_message, badge, message, note, remedy, whom_to_call
from enn_desktop.signing_key.values import Found, KeyState, Note, Usage, Verdict
from tests.house.test_words import wrong_signs
from tests.signing_key.situations import HOLDER, ISSUER, NOW, certificate, in_store, plugged, software

S = KeyState
REMEDIES = {
    S.OK: "",
    S.OK_SOON: f"Demandez le renouvellement{NBSP}: comptez plusieurs semaines.",
    S.KEY_ABSENT: (
        "Branchez la clé, attendez que sa lumière s’allume. Si elle l’est déjà, essayez une autre prise, sans rallonge "
        "ni boîtier."
    ),
    S.USB_UNUSED: (
        f"Patientez une minute, puis débranchez et rebranchez. Sinon, votre informaticien{NBSP}: Gestionnaire de "
        "périphériques, “Lecteurs de carte à puce”."
    ),
    S.SERVICE_DISABLED: f"Transmettez ce message à votre informaticien{NBSP}: services SCardSvr et ScDeviceEnum.",
    S.SERVICE_SILENT: f"Débranchez la clé, attendez 10{NBSP}secondes, rebranchez. Si cela dure, redémarrez le poste.",
    S.REMOTE_SESSION: "Connexion Bureau à distance \u203a Ressources locales \u203a Autres \u203a Cartes à puce.",
    S.READER_EMPTY: "Introduisez la carte, puce vers le haut ou selon le dessin du lecteur.",
    S.CARD_MUTE: (
        "Retirez-la, vérifiez le sens et la puce, remettez-la. Si cela continue, la carte est peut-être "
        f"abîmée{NBSP}: votre autorité de certification."
    ),
    S.CARD_BUSY: "Terminez la signature en cours, puis revérifiez.",
    S.CARD_UNKNOWN: (
        "Pour information. Si c’est bien la clé du signataire, demandez son pilote à votre autorité de certification."
    ),
    S.DRIVER_ABSENT: (
        "Installez le pilote fourni par votre autorité de certification. Cela demande souvent un informaticien."
    ),
    S.DRIVER_INCOMPLETE: "Réinstallez-le. Il lui manque parfois un composant Microsoft Visual C++.",
    S.DRIVER_32_BITS: "Les signatures peuvent marcher dans d’autres logiciels, pas la vérification d’ici.",
    S.DRIVER_CRASHED: "L’application continue. Débranchez, rebranchez, revérifiez.",
    S.DRIVER_HUNG: "L’application continue. Débranchez, rebranchez, revérifiez.",
    S.CERT_ABSENT: "Clé vide, pas encore activée, ou pilote d’une autre marque.",
    S.CERT_GHOST: "Branchez la clé correspondante.",
    S.CERT_NOT_IN_WINDOWS: (
        "LiberSign et S²LOW ne le verront pas. Service “Propagation du certificat” (CertPropSvc), ou pilote sans "
        "module Windows."
    ),
    S.CERT_EXPIRED: "Il ne permet plus ni de signer ni de télétransmettre. Renouvelez-le.",
    S.CERT_FUTURE: "Vérifiez aussi l’heure du poste.",
    S.CERT_AUTH_ONLY: f"Normal pour télétransmettre{NARROW}; pour signer, il faut la clé de l’élu.",
    S.CERT_SIGN_ONLY: "",
    S.SEVERAL: f"Choisissez celui à utiliser{NBSP}: votre choix sera retenu.",
    S.KEY_SILENT: (
        f"Débranchez, rebranchez. Depuis octobre 2025, certains anciens pilotes ne marchent plus{NBSP}: mettez le "
        "pilote à jour."
    ),
    S.PIN_LAST_TRY: "Ne testez pas ici. Retrouvez d’abord le bon code.",
    S.PIN_LOCKED: "Seule votre autorité peut débloquer la clé (courrier, délai, frais).",
    S.PIN_TO_CHANGE: "",
    S.UNDETERMINED: "Revérifiez. Si cela dure, copiez le rapport pour votre informaticien.",
}


def bare(state: KeyState, found: Found | None = None, *, windows: bool = True) -> Verdict:
    return Verdict(state, NOW, chosen=found, days_left=20, windows=windows)


@pytest.mark.parametrize("state", KeyState)
def test_a_state_has_its_exact_remedy(state: KeyState) -> None:
    assert remedy(bare(state)) == REMEDIES[state]


def test_the_driver_is_asked_of_the_authority_when_it_is_known() -> None:
    assert ISSUER in remedy(bare(S.DRIVER_ABSENT, in_store()))


@pytest.mark.parametrize("state", KeyState)
@pytest.mark.parametrize("windows", [True, False])
@pytest.mark.parametrize("found", [None, in_store(), software()])
def test_every_sentence_is_set_in_french_signs_and_plain_words(
    state: KeyState, found: Found | None, *, windows: bool
) -> None:
    verdict = bare(state, found, windows=windows)
    said = [message(verdict), anonymous_message(verdict), remedy(verdict), *(note(verdict, one) for one in Note)]
    for sentence in said:
        assert wrong_signs(sentence) == []
        assert "'" not in sentence
        assert not any(word in sentence.lower() for word in ("token", "pc/sc", "reader", "pkcs", "none"))
        assert sentence == "" or sentence.endswith(".")
    assert windows or state is S.CERT_NOT_IN_WINDOWS or "Windows" not in said[0] + said[2]


@pytest.mark.parametrize("state", KeyState)
def test_the_sentence_for_reports_names_nobody(state: KeyState) -> None:
    verdict = bare(state, in_store())
    assert HOLDER not in anonymous_message(verdict)
    assert (HOLDER in message(verdict)) == (state in {S.OK, S.CERT_GHOST, S.CERT_EXPIRED})


@pytest.mark.parametrize("state", KeyState)
def test_the_badge_is_one_word_and_one_tone(state: KeyState) -> None:
    word, tone = badge(state)
    assert word
    assert word.isalpha()
    assert word[0].isupper()
    assert tone in {"good", "plain", "warn", "bad"}


def test_only_a_ready_key_is_good_and_a_key_that_is_put_away_is_no_alarm() -> None:
    assert [state for state in KeyState if badge(state)[1] == "good"] == [S.OK]
    assert badge(S.KEY_ABSENT) == badge(S.CERT_GHOST) == ("Absente", "plain")


def test_a_key_that_needs_somebody_says_whom() -> None:
    bad = {state for state in KeyState if badge(state)[1] == "bad"}
    assert all(whom_to_call(state) for state in bad)
    assert whom_to_call(S.OK) == whom_to_call(S.KEY_ABSENT) == ""
    assert whom_to_call(S.PIN_LOCKED) == "autorite"
    assert whom_to_call(S.DRIVER_ABSENT) == "prestataire"


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (datetime(2026, 4, 1, 12, tzinfo=UTC), "1er avril 2026"),
        (datetime(2027, 3, 12, 12, tzinfo=UTC), "12 mars 2027"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2027"),
    ],
)
def test_a_date_is_written_as_french_people_read_it_in_local_time(end: datetime, said: str) -> None:
    assert said in message(bare(S.CERT_EXPIRED, in_store(certificate(not_after=end))))


@pytest.mark.parametrize(("days", "said"), [(0, "(aujourd’hui)"), (1, "(demain)"), (12, "(dans 12 jours)")])
def test_the_days_that_are_left_are_written(days: int, said: str) -> None:
    assert said in message(replace(bare(S.OK_SOON, in_store()), days_left=days))


def test_a_failure_without_a_code_shows_none() -> None:
    assert message(bare(S.KEY_SILENT)) == "La clé est vue, mais son certificat ne répond pas."
    with_code = replace(bare(S.DRIVER_INCOMPLETE), code=126)
    assert message(with_code) == f"Le pilote est installé mais ne se charge pas (code{NBSP}126)."


def test_a_certificate_without_a_name_is_called_by_its_body_or_not_at_all() -> None:
    assert "COMMUNE DE TESTVILLE" in message(bare(S.CERT_EXPIRED, in_store(certificate(holder=""))))
    nobody = in_store(certificate(holder="", organisation=""))
    assert message(bare(S.CERT_EXPIRED, nobody)).startswith("Le certificat de son titulaire a expiré")


def test_a_name_with_braces_is_only_a_name() -> None:
    odd = in_store(certificate(holder="{until} {}"))
    assert "{until} {}" in message(bare(S.OK, odd))
    assert "{until} {}" in note(bare(S.OK, odd), Note.OTHER_SIGNER)


def test_a_note_says_which_use_is_missing() -> None:
    sign, connect = certificate(usage=Usage.SIGNATURE), certificate(usage=Usage.AUTHENTICATION)
    assert "pas à se connecter" in note(bare(S.OK_SOON, in_store(sign)), Note.USAGE)
    assert "pas à signer" in note(bare(S.OK_SOON, in_store(connect)), Note.USAGE)
    assert "RSA-1024" in note(bare(S.OK, in_store(certificate(weak="RSA-1024"))), Note.WEAK)
    assert HOLDER in note(bare(S.OK, in_store()), Note.OTHER_SIGNER)


def test_the_facts_of_the_ladder_are_short_french_words_without_a_name() -> None:
    facts = {line.rung.value: line.fact for line in judge(plugged(in_store()), NOW).ladder}
    assert facts == {
        "Service": "en marche",
        "Clé USB": "SafeNet eToken 5100/5110",
        "Lecteur": "SafeNet eToken 5100 0",
        "Carte": "SafeNet eToken Java (5100/5110 FIPS)",
        "Pilote": "eToken Java et SafeNet Authentication Client",
        "Certificat": "signature et authentification, jusqu’au 10 février 2028",
        "Réponse de la clé": "répond",
    }
