"""ENN's rules: complete in the program, overridable one key at a time, and it is always said by whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.policy import (
    Contact,
    FlowPolicy,
    Policy,
    PolicyLayer,
    describe_retention,
    layer_policies,
    parse_policy,
    policy_to_toml,
)

TEXT = (Path(__file__).parents[2] / "resources" / "politique-enn.toml").read_text(encoding="utf-8")
BASE = PolicyLayer("la charte ENN", TEXT)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse_policy(TEXT, "la charte ENN")


def _over(text: str, origin: str = "le fichier de ce poste") -> Policy:
    return layer_policies([BASE, PolicyLayer(origin, text)])


@pytest.mark.parametrize(
    ("family", "label", "days", "given_by_enn", "alerts", "recheck"),
    [
        ("actes", "Actes", 700, True, (90, 30, 7), 30),
        ("flux-financiers", "Flux financiers", 170, True, (45, 15, 5), 20),
        ("convocations", "Convocations", 170, True, (45, 15, 5), 20),
        ("documents-a-signer", "Documents à signer", 60, True, (20, 7, 2), 10),
        ("bons-de-commande", "Bons de commande", 60, False, (20, 7, 2), 10),
        ("autres", "Autres dossiers", 60, False, (20, 7, 2), 10),
    ],
)
def test_the_charter_of_march_2025_is_what_ships(  # noqa: PLR0913 - one row of the charter
    policy: Policy, family: str, label: str, days: int, *, given_by_enn: bool, alerts: tuple[int, ...], recheck: int
) -> None:
    flow = policy.flow(family)
    assert (flow.label, flow.retention_days, flow.retention_given) == (label, days, given_by_enn)
    assert (flow.lead_days, flow.recheck_before_deadline_days, flow.recheck_days) == (alerts, recheck, 3)
    assert policy.effective == date(2025, 3, 1)
    assert (policy.stability_minutes, policy.max_file_size) == (15, 2 * 1024**3)
    assert policy.safety_for(flow) == (3 if days <= 60 else 1)
    assert policy.unknown_keys == ()


@pytest.mark.parametrize(
    ("family", "types"),
    [
        (
            "actes",
            (
                "actes-generique actes-automatique ls-actes ls-actes-publication actes-reponse-prefecture "
                "actes-preversement-seda ls-actes-tdt-versant-sae ls-recup-actes-s2low ls-dossier-seance"
            ),
        ),
        (
            "flux-financiers",
            (
                "helios-generique helios-automatique helios-pes-retour ls-helios ls-helios-pj ls-pes-pj "
                "ls-recup-pes-s2low ls-helios-tdt-versant-sae pes-marche"
            ),
        ),
        (
            "convocations",
            (
                "convocation mailsec mailsec-bidir ls-mailsec ls-mailsec-bidir mailsec-bidir-reponse "
                "mailsec-destinataire ls-mailsec-bidir-reponse"
            ),
        ),
        (
            "documents-a-signer",
            (
                "document-a-signer pdf-generique ls-document-pdf ls-document ls-recup-parapheur "
                "pdf-generique-destinataire ls-document-pdf-reponse"
            ),
        ),
        ("bons-de-commande", "commande-generique ls-commande ls-commande-destinataire"),
        ("autres", "fabrique-au-studio test x"),
    ],
)
def test_every_known_type_belongs_to_a_flow(policy: Policy, family: str, types: str) -> None:
    for type_id in types.split():
        assert policy.flow_for(type_id).family == family, type_id


def test_a_studio_type_is_recognised_by_its_label_but_its_id_comes_first(policy: Policy) -> None:
    assert policy.flow_for("opsn-12", "CONVOCATIONS du conseil").family == "convocations"
    assert policy.flow_for("ls-document-pdf", "Convocation").family == "documents-a-signer"
    assert policy.flow_for("opsn-12", "Marché").family == "autres"
    assert policy.flow("inconnue").family == "autres"


def test_an_exact_id_wins_over_a_pattern() -> None:
    policy = _over('[flux.documents-a-signer]\ntypes = ["mailsec-signe"]')
    assert policy.flow_for("mailsec-signe").family == "documents-a-signer"
    assert policy.flow_for("mailsec").family == "convocations"


def test_technical_types_are_hidden_and_only_they(policy: Policy) -> None:
    for type_id in ("mailsec-destinataire", "openid-authentification", "changement-email", "test"):
        assert policy.is_hidden(type_id)
    for type_id in ("mailsec", "mailsec-bidir-reponse", "test-2", "actes-generique"):
        assert not policy.is_hidden(type_id)


def test_whom_to_call_is_known_without_invented_numbers(policy: Policy) -> None:
    assert [one.contact_id for one in policy.contacts] == [
        "enn",
        "tresorerie",
        "editeur",
        "prefecture",
        "prestataire",
        "ad27",
    ]
    for one in policy.contacts:
        assert one.name
        assert one.role.endswith(".")
        assert one.when.endswith(".")
        assert (one.phone, one.email) == ("", "")
    assert policy.contact("enn") is policy.contacts[0]
    assert policy.contact("personne") is None


def test_a_shorter_duration_changes_that_key_only_and_says_who_and_since_when(policy: Policy) -> None:
    changed = _over('date_effet = "2027-01-01"\n[flux.documents-a-signer]\nduree_jours = 45')
    assert changed.flow("documents-a-signer").retention_days == 45
    assert changed.flow("actes") == policy.flow("actes")
    assert changed.flow("documents-a-signer").lead_days == (20, 7, 2)
    assert changed.origin_of("flux.documents-a-signer.duree_jours") == "le fichier de ce poste"
    assert changed.origin_of("flux.actes.duree_jours") == "la charte ENN"
    assert changed.origin_of("flux.actes.rien") == ""
    described = describe_retention(changed, "documents-a-signer")
    assert described == "Durée\u00a0: 45 jours, fixée par le fichier de ce poste depuis le 1er janvier 2027"
    assert describe_retention(changed, "actes") == (
        "Durée\u00a0: 700 jours, fixée par la charte ENN depuis le 1er mars 2025"
    )


def test_a_duration_nobody_gave_is_said_careful_and_once_given_it_is_not() -> None:
    assert describe_retention(_over(""), "bons-de-commande") == (
        "Durée\u00a0: 60 jours, par prudence (durée non précisée par ENN)"
    )
    stated = _over("[flux.bons-de-commande]\nduree_jours = 365")
    assert stated.flow("bons-de-commande").retention_given
    assert describe_retention(stated, "bons-de-commande") == (
        "Durée\u00a0: 365 jours, fixée par le fichier de ce poste"
    )
    doubtful = _over("[flux.bons-de-commande]\nduree_jours = 365\nduree_precisee = false")
    assert not doubtful.flow("bons-de-commande").retention_given


def test_the_last_file_has_the_last_word() -> None:
    machine = PolicyLayer("l’ordinateur", "[flux.actes]\nduree_jours = 500\njours_avant_relecture = 5")
    person = PolicyLayer("vous", "[flux.actes]\nduree_jours = 400")
    policy = layer_policies([BASE, machine, person])
    assert (policy.flow("actes").retention_days, policy.flow("actes").recheck_days) == (400, 5)
    assert policy.origin_of("flux.actes.duree_jours") == "vous"
    assert policy.origin_of("flux.actes.jours_avant_relecture") == "l’ordinateur"


def test_a_file_whose_day_has_not_come_waits() -> None:
    later = PolicyLayer("ENN", "date_effet = 2027-01-01\n[flux.actes]\nduree_jours = 900")
    before = layer_policies([BASE, later], today=date(2026, 12, 31))
    after = layer_policies([BASE, later], today=date(2027, 1, 1))
    assert before.flow("actes").retention_days == 700
    assert after.flow("actes").retention_days == 900


def test_a_new_flow_takes_from_the_others_what_it_does_not_say() -> None:
    policy = _over('[flux.marches]\nlibelle = "Marchés"\ntypes = ["pes-appel"]')
    flow = policy.flow_for("pes-appel")
    assert (flow.family, flow.label, flow.retention_days, flow.retention_given) == ("marches", "Marchés", 60, False)


def test_keys_of_a_newer_program_are_tolerated_and_collected() -> None:
    policy = _over('nouveau = 1\n[flux.actes]\ncouleur = "bleu"\n[flux."A b".x]\ny = 2\n[plus.loin]\nz = []')
    assert set(policy.unknown_keys) == {"nouveau", "flux.actes.couleur", "flux.A b.x.y", "plus.loin.z"}


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('[flux.actes]\nduree_jours = "beaucoup"', "flux.actes.duree_jours", "beaucoup"),
        ("[flux.actes]\nduree_jours = true", "flux.actes.duree_jours", "True"),
        ("[flux.actes]\nduree_jours = 0", "flux.actes.duree_jours", "0"),
        ("[flux.actes]\nduree_jours = 1e3", "flux.actes.duree_jours", "1000.0"),
        ("[flux.actes]\nduree_precisee = 1", "flux.actes.duree_precisee", "1"),
        ("[flux.actes]\ndelais_alerte_jours = [7, 30, 90]", "flux.actes.delais_alerte_jours", "[7, 30, 90]"),
        ("[flux.actes]\ndelais_alerte_jours = [7]", "flux.actes.delais_alerte_jours", "[7]"),
        ("[flux.actes]\ndelais_alerte_jours = 7", "flux.actes.delais_alerte_jours", "7"),
        ('[flux.actes]\nlibelle = " "', "flux.actes.libelle", " "),
        ("[flux.actes]\ntypes = [1]", "flux.actes.types", "[1]"),
        ('[flux.actes]\ntypes = "actes"', "flux.actes.types", "actes"),
        ('date_effet = "demain"', "date_effet", "demain"),
        ("date_effet = 2027-01-01T10:00:00", "date_effet", "2027-01-01 10:00:00"),
        ("[general]\ntaille_max_fichier = -1", "general.taille_max_fichier", "-1"),
        ("[contacts.enn]\ntelephone = 2", "contacts.enn.telephone", "2"),
        ("version = 0", "version", "0"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key_its_value_and_its_file(text: str, key: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        _over(text)
    for word in (f"«\u00a0{key}\u00a0»", f"«\u00a0{value}\u00a0»", "le fichier de ce poste"):
        assert word in refusal.value.message


def test_a_missing_key_is_named() -> None:
    with pytest.raises(SettingsError, match="minutes_stabilite"):
        parse_policy(TEXT.replace("minutes_stabilite", "minutes"), "x")
    with pytest.raises(SettingsError, match=r"contacts\.nouveau\.role"):
        _over('[contacts.nouveau]\nnom = "N"')
    with pytest.raises(SettingsError, match="version"):
        layer_policies([])


def test_a_text_that_is_not_toml_is_refused_with_its_file() -> None:
    for text in ("duree = ", "[" * 5000, "a = " + "[" * 5000):
        with pytest.raises(SettingsError, match="le fichier de ce poste"):
            _over(text)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
labels = words.filter(lambda text: bool(text.strip()))
days = st.integers(0, 36_500)
patterns = st.lists(words.filter(bool), max_size=3).map(tuple)
identifiers = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
flows = st.builds(
    FlowPolicy,
    family=identifiers,
    label=labels,
    retention_days=st.integers(1, 36_500),
    retention_given=st.booleans(),
    lead_days=st.sets(days, min_size=3, max_size=3).map(lambda found: tuple(sorted(found, reverse=True))),
    recheck_days=days,
    recheck_before_deadline_days=days,
    type_ids=patterns,
    label_patterns=patterns,
)
policies = st.builds(
    Policy,
    version=st.integers(1, 1_000_000),
    effective=st.dates(),
    source=labels,
    flows=st.tuples(
        st.lists(flows, max_size=3, unique_by=lambda flow: flow.family).map(
            lambda found: [flow for flow in found if flow.family != "autres"]
        ),
        st.builds(lambda flow: [_renamed(flow)], flows),
    ).map(lambda parts: tuple(parts[0] + parts[1])),
    contacts=st.lists(
        st.builds(Contact, identifiers, words, words, words, words, words),
        max_size=3,
        unique_by=lambda one: one.contact_id,
    ).map(tuple),
    safety_days=days,
    short_safety_days=days,
    short_retention_days=days,
    stability_minutes=st.integers(0, 1440),
    max_file_size=st.integers(1, 2**53),
    hidden_types=patterns,
    origins=st.just({}),
    unknown_keys=st.just(()),
)


def _renamed(flow: FlowPolicy) -> FlowPolicy:
    return FlowPolicy(
        "autres", flow.label, flow.retention_days, flow.retention_given, flow.lead_days, flow.recheck_days,
        flow.recheck_before_deadline_days, flow.type_ids, flow.label_patterns,
    )  # fmt: skip


@given(policies)
def test_a_policy_written_and_read_again_is_the_same(policy: Policy) -> None:
    again = parse_policy(policy_to_toml(policy), "x")
    assert again == policy
    assert again.unknown_keys == ()


def test_the_policy_that_ships_survives_being_written_and_read(policy: Policy) -> None:
    assert parse_policy(policy_to_toml(policy), "x") == policy
