"""How a dossier stands, in one word, and what is claimed of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core.states import Situation, classify, situation
from enn_desktop.core.values import ActionInfo, FieldInfo, FlowDefinition, Group

NOW = datetime(2026, 3, 12, 10, 0)  # noqa: DTZ001 - the platform's dates have no zone


def _flow(*actions: ActionInfo, fields: tuple[str, ...] = ()) -> FlowDefinition:
    return FlowDefinition("x", fields=tuple(FieldInfo(name) for name in fields), actions=actions)


HELIOS = _flow(ActionInfo("info-tdt", "Un fichier de réponse PES est disponible"), fields=("objet", "etat_ack"))
STUDIO = _flow(ActionInfo("info-tdt", automatic="orientation"), ActionInfo("termine"), fields=("pes_etat_ack",))


def _stand(  # noqa: PLR0913 - a situation has that many sides
    state: str,
    *,
    definition: FlowDefinition | None = None,
    type_id: str = "x",
    family: str = "autres",
    fields: dict[str, str] | None = None,
    since: timedelta | None = timedelta(0),
) -> Situation:
    date = None if since is None else NOW - since
    return situation(
        definition=definition, type_id=type_id, family=family, state=state, state_date=date, fields=fields,
        now_local=NOW,
    )  # fmt: skip


def test_a_refused_pes_that_looks_finished_is_shown_as_an_error_and_stays_final() -> None:
    stand = _stand("info-tdt", definition=HELIOS, family="flux-financiers", fields={"etat_ack": "2"})
    assert stand == Situation(
        Group.ERROR, "Rejeté par Hélios, au moins en partie", refused=True, stuck=False, final=True, needs_detail=False
    )
    studio = _stand("termine", definition=STUDIO, family="flux-financiers", fields={"pes_etat_ack": "2"})
    assert (studio.group, studio.final, studio.refused) == (Group.ERROR, True, True)


def test_an_accepted_pes_is_said_accepted() -> None:
    stand = _stand("info-tdt", definition=HELIOS, family="flux-financiers", fields={"etat_ack": "1"})
    assert (stand.group, stand.word, stand.final) == (Group.DONE, "Accepté par Hélios", True)
    assert _stand("termine", definition=STUDIO, fields={"pes_etat_ack": "1"}).word == "Accepté par Hélios"


def test_an_answer_without_its_summary_is_neither_accepted_nor_refused() -> None:
    stand = _stand("info-tdt", definition=HELIOS, family="flux-financiers", fields={"etat_ack": ""})
    assert (stand.word, stand.refused) == ("Réponse d’Hélios arrivée", False)


def test_the_refusal_of_a_former_sending_does_not_stick_to_the_corrected_one() -> None:
    for state in ("modification", "send-tdt", "send-iparapheur"):
        stand = _stand(state, family="flux-financiers", fields={"etat_ack": "2"})
        assert not stand.refused
        assert stand.group is not Group.ERROR


def test_a_refusal_stays_and_nothing_more_is_planned() -> None:
    for state in ("rejet-iparapheur", "refus-tdt", "rejet-sae"):
        stand = _stand(state, definition=_flow(ActionInfo(state)), fields={})
        assert (stand.group, stand.refused, stand.final) == (Group.ERROR, True, True)
    recoverable = _stand("erreur-verif-iparapheur", fields={})
    assert (recoverable.group, recoverable.refused, recoverable.final) == (Group.ERROR, False, False)


def test_a_mail_never_opened_is_final_unless_the_platform_goes_on_from_there() -> None:
    assert _stand("non-recu", definition=_flow(ActionInfo("non-recu"))).final
    assert not _stand("non-recu", definition=_flow(ActionInfo("non-recu", automatic="orientation"))).final


def test_a_passage_older_than_a_day_is_said_stuck() -> None:
    fresh = _stand("orientation", since=timedelta(days=1))
    old = _stand("orientation", since=timedelta(days=1, seconds=1))
    assert (fresh.stuck, fresh.word) == (False, "Traitement en cours")
    assert (old.stuck, old.word, old.group) == (True, "Bloqué", Group.TRANSIENT)
    assert not _stand("orientation", since=None).stuck
    assert not _stand("send-tdt", since=timedelta(days=90)).stuck


def test_the_list_row_alone_never_says_done_where_a_step_may_follow() -> None:
    definition = _flow(ActionInfo("acquiter-tdt"), fields=("objet", "envoi_ged"))
    row = _stand("acquiter-tdt", definition=definition)
    assert (row.group, row.final, row.needs_detail) == (Group.IN_PROGRESS, False, True)
    read = _stand("acquiter-tdt", definition=definition, fields={"envoi_ged": "1"})
    assert (read.group, read.needs_detail) == (Group.WAITS_HERE, False)


def test_the_list_row_is_enough_where_no_step_exists() -> None:
    row = _stand("reception", definition=_flow(ActionInfo("reception"), fields=("objet", "to")))
    assert (row.group, row.final, row.needs_detail) == (Group.DONE, True, False)


def test_a_finished_pes_needs_its_detail_to_know_the_answer() -> None:
    row = _stand("termine", definition=STUDIO, family="flux-financiers")
    assert (row.group, row.needs_detail) == (Group.DONE, True)
    assert _stand("termine", type_id="ls-helios", family="flux-financiers").needs_detail
    assert not _stand("creation", type_id="helios-pes-retour", family="flux-financiers").needs_detail
    assert not _stand("termine", family="actes").needs_detail


def test_a_pes_from_the_tresorerie_is_whole_as_soon_as_it_is_there() -> None:
    stand = _stand("creation", type_id="helios-pes-retour", family="flux-financiers", fields={})
    assert (stand.group, stand.word, stand.final) == (Group.DONE, "Reçu de la trésorerie", True)


@pytest.mark.parametrize(
    ("state", "family", "fields", "word"),
    [
        ("acquiter-tdt", "actes", {"date_ar": "2026-03-01"}, "Reçu en préfecture le 1er mars 2026"),
        ("acquiter-tdt", "actes", {"date_ar": "hier"}, "Reçu en préfecture"),
        ("acquiter-tdt", "flux-financiers", {}, "Réponse d’Hélios arrivée"),
        ("annuler-tdt", "actes", {}, "Acte annulé"),
        ("envoi", "convocations", {}, "Envoyée"),
        ("envoi-mail", "bons-de-commande", {}, "Envoyé par mail"),
        ("reception", "convocations", {}, "Ouverte par tous"),
        ("refus-tdt", "flux-financiers", {"etat_ack": "2"}, "Rejeté par Hélios"),
        ("send-iparapheur", "actes", {}, "En attente de signature"),
        ("document-transmis-tdt", "actes", {}, "À télétransmettre avec votre clé"),
        ("fatal-error", "actes", {}, "Bloqué"),
        (
            "reception-partielle",
            "convocations",
            {"sent_mail_number": "11", "sent_mail_read": "7"},
            "Ouverte par 7 destinataires sur 11",
        ),
        (
            "reception-partielle",
            "convocations",
            {"sent_mail_number": "2", "sent_mail_read": "2"},
            "Ouverte par 2 destinataires sur 2",
        ),
        (
            "reception-partielle",
            "documents-a-signer",
            {"sent_mail_number": "11", "sent_mail_read": "1"},
            "Mail ouvert par 1 destinataire sur 11",
        ),
        (
            "reception-partielle",
            "convocations",
            {"sent_mail_number": "3", "sent_mail_read": "9" * 5000},
            "Ouverte par une partie des destinataires",
        ),
    ],
)
def test_states_are_said_in_her_words(state: str, family: str, fields: dict[str, str], word: str) -> None:
    assert _stand(state, family=family, fields=fields).word == word


def test_an_unknown_state_is_said_as_the_platform_says_it() -> None:
    assert _stand("xyz", definition=_flow(ActionInfo("xyz", "Chez le notaire"))).word == "Chez le notaire"
    assert _stand("xyz").word == "xyz"


def test_a_letter_of_the_prefecture_and_its_answer_have_their_own_words() -> None:
    assert _stand("verif-reponse-tdt", family="actes").word == "La préfecture vous a écrit"
    answered = _stand("verif-reponse-tdt", type_id="actes-reponse-prefecture", family="actes")
    assert answered.word == "Réponse reçue par la préfecture"


def test_the_first_rule_that_applies_wins() -> None:
    chained = _flow(ActionInfo("document-transmis-tdt", automatic="orientation"))
    assert classify(chained, "x", "document-transmis-tdt", {}) is Group.WAITS_HERE
    going_on = _flow(ActionInfo("termine", automatic="send-archive"))
    assert classify(going_on, "x", "termine", {}) is Group.IN_PROGRESS
    chained_end = _flow(ActionInfo("termine", automatic="pre-orientation"))
    assert classify(chained_end, "x", "termine", {}) is Group.TRANSIENT


known_ids = st.sampled_from(
    ["creation", "importation", "orientation", "send-tdt", "acquiter-tdt", "termine", "non-recu", "verif-tdt",
     "rejet-sae", "reception", "accepter-sae", "send-ged", "info-tdt", "verif-reponse-tdt", "recu-iparapheur"]
)  # fmt: skip
ids = known_ids | st.text(max_size=12)
workflow_actions = st.builds(
    ActionInfo,
    action_id=ids,
    label=st.text(max_size=5),
    automatic=st.just("") | ids,
    last_action=st.lists(ids, max_size=3).map(tuple),
    no_workflow=st.booleans(),
)
flags = st.dictionaries(
    st.sampled_from(["envoi_ged", "envoi_sae", "envoi_autre", "etat_ack", "objet", "date_ar"]), st.text(max_size=4)
)
workflows = st.builds(
    FlowDefinition,
    type_id=ids,
    fields=st.lists(st.builds(FieldInfo, name=st.sampled_from(["objet", "envoi_ged", "etat_ack"]))).map(tuple),
    actions=st.lists(workflow_actions, max_size=6).map(tuple),
)


@given(st.none() | workflows, ids, ids, st.none() | flags, st.none() | st.datetimes())
def test_any_workflow_and_any_state_have_an_answer(
    definition: FlowDefinition | None, type_id: str, state: str, fields: dict[str, str] | None, date: datetime | None
) -> None:
    group = classify(definition, type_id, state, fields)
    stand = situation(
        definition=definition, type_id=type_id, family="actes", state=state, state_date=date, fields=fields,
        now_local=NOW,
    )  # fmt: skip
    assert stand.group is not Group.NOT_A_STATE
    assert not stand.refused or stand.group is Group.ERROR
    assert not stand.stuck or group is Group.TRANSIENT
    assert not stand.final or group in {Group.DONE, Group.ERROR}
    assert not (stand.needs_detail and fields is not None)
    assert stand.word or not state


@given(workflows, ids, ids, flags)
def test_reading_the_detail_never_takes_back_what_the_list_row_called_done(
    definition: FlowDefinition, type_id: str, state: str, fields: dict[str, str]
) -> None:
    listed = {field.name for field in definition.fields}
    known = {name: value for name, value in fields.items() if name in listed}
    if classify(definition, type_id, state, None) is Group.DONE:
        assert classify(definition, type_id, state, known) is Group.DONE


@given(st.from_regex(r"[bdf-hj-z]{6,10}", fullmatch=True), workflows, st.none() | flags)
def test_a_state_nobody_knows_is_in_progress(
    state: str, definition: FlowDefinition, fields: dict[str, str] | None
) -> None:
    known = {action.action_id for action in definition.actions}
    expected = Group.IN_PROGRESS
    assert classify(None, "x", state, fields) is expected
    assert state in known or classify(definition, "x", state, fields) is expected
    alone = FlowDefinition("x", actions=(ActionInfo(state),))
    assert classify(alone, "x", state, fields) is expected


@given(ids, ids, st.none() | flags)
def test_an_action_without_workflow_is_not_a_state(type_id: str, state: str, fields: dict[str, str] | None) -> None:
    definition = _flow(ActionInfo(state, no_workflow=True, automatic="orientation"))
    assert classify(definition, type_id, state, fields) is Group.NOT_A_STATE
