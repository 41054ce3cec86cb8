"""Every state of every module that the platform knows, with the group that the secretary should see.

One line per state: ``id automatic-action group``, where ``-`` is no automatic action and, as a group, an action
that never remains. After ``|``: the group when the fields are known, then ``flag=group`` for a step asked for.
``check <states`` lists the states that a check action watches. (Pastell API, flows.)
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from enn_desktop.core.states import classify
from enn_desktop.core.values import ActionInfo, FieldInfo, FlowDefinition, Group

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"

ALWAYS = """
creation - U
modification - U
supression - -
fatal-error - E
"""
SIGNATURE = """
send-iparapheur verif-iparapheur P
verif-iparapheur - - <send-iparapheur,erreur-verif-iparapheur
erreur-verif-iparapheur - E
send-signature-error - E
rejet-iparapheur - E
iparapheur-sous-type - - no-workflow
"""
SAE = """
prepare-sae send-archive X
preparation-send-sae send-archive X
generate-sip send-archive P
generate-sip-error - E
send-archive verif-sae P
erreur-envoie-sae - E
verif-sae - - <send-archive,verif-sae-erreur
verif-sae-erreur - E
ar-recu-sae validation-sae P
ack-not-provided validation-sae P
validation-sae - - <ar-recu-sae,ack-not-provided,validation-sae-erreur
validation-sae-erreur - E
rejet-sae - E
"""
TRANSMISSION = """
send-tdt verif-tdt P
verif-tdt - - <send-tdt,tdt-error,erreur-verif-tdt,document-transmis-tdt,teletransmission-tdt
send-tdt-erreur - E
tdt-error - E
erreur-verif-tdt - E
document-transmis-tdt - U
teletransmission-tdt - P
return-teletransmission-tdt verif-tdt P
annulation-tdt verif-annulation-tdt P
verif-annulation-tdt - - <annulation-tdt
annuler-tdt - D
tamponner-tdt - -
"""
AUTOMATIQUE = """
importation orientation X
orientation - X
send-signature-local - U
prepare-iparapheur send-iparapheur X
recu-iparapheur orientation X
prepare-tdt send-tdt X
acquiter-tdt orientation X
prepare-ged send-ged X
send-ged orientation X
accepter-sae - D
termine - D
"""
STUDIO = """
importation orientation X
orientation - X
reouverture - -
duplicate - -
preparation-transformation transformation X
transformation orientation X
transformation-error - E
preparation-transformation-fixe transformation-fixe X
transformation-fixe orientation X
transformation-fixe-error - E
preparation-send-ged send-ged X
send-ged orientation X
error-ged - E
accepter-sae orientation X
termine - D
"""
STUDIO_SIGNATURE = "preparation-send-iparapheur send-iparapheur X\nrecu-iparapheur orientation X\n"
STUDIO_MAIL = """
preparation-send-mailsec send-mailsec X
send-mailsec mailsec-relance P
mailsec-relance mailsec-relance P
prepare-renvoi renvoi X
renvoi mailsec-relance P
reception-partielle mailsec-relance P
reception orientation X
reponse - P
preparation-non-recu non-recu X
non-recu orientation E
send-mailsec-error - E
compute_read_mail - - <send-mailsec,reception-partielle
compute_answered_mail - - <send-mailsec
"""
PREFECTURE = """
verif-reponse-tdt - U
attente-reponse-prefecture - U
send-reponse-prefecture - P
"""

MODULES = {
    "actes-generique": ALWAYS + SIGNATURE + SAE + TRANSMISSION + PREFECTURE + """
        send-signature-local - U
        recu-iparapheur - P | D envoi_signature=D envoi_tdt=U envoi_ged=U envoi_sae=U
        acquiter-tdt - P | D envoi_tdt=D envoi_ged=U envoi_sae=U
        send-ged - P | D envoi_ged=D envoi_sae=U
        accepter-sae - D
        termine - D
        """,
    "actes-automatique": ALWAYS + SIGNATURE + SAE + TRANSMISSION + PREFECTURE + AUTOMATIQUE,
    "ls-actes": ALWAYS + STUDIO + STUDIO_SIGNATURE + SIGNATURE + SAE + TRANSMISSION + """
        pre-send-tdt send-tdt X
        acquiter-tdt orientation X
        """,
    "ls-actes-publication": ALWAYS + STUDIO,
    "actes-reponse-prefecture": ALWAYS + """
        attente-reponse-prefecture - U
        repondre - -
        send-reponse-prefecture verif-reponse-tdt P
        verif-reponse-tdt - P | D
        erreur-verif-tdt - E
        tdt-error - E
        termine - D
        """,
    "ls-recup-actes-s2low": ALWAYS + STUDIO + SAE + """
        preparation-change-status-transaction_1 change-status-transaction_1 X
        change-status-transaction_1 orientation X
        change-status-error_1 - E
        """,
    "helios-generique": ALWAYS + SIGNATURE + SAE + """
        send-signature-local - U
        recu-iparapheur - U | U envoi_tdt=U
        send-tdt verif-tdt P
        verif-tdt - - <send-tdt,tdt-error
        acquiter-tdt - P | D envoi_tdt=D envoi_ged=U envoi_sae=U
        refus-tdt - E
        info-tdt - P | D envoi_signature=D envoi_ged=U envoi_sae=U
        tdt-error - E
        send-ged - P | D envoi_ged=D envoi_sae=U
        accepter-sae - D
        """,
    "helios-automatique": ALWAYS + SIGNATURE + SAE + AUTOMATIQUE + """
        send-tdt verif-tdt P
        verif-tdt - - <send-tdt,tdt-error
        refus-tdt - E
        info-tdt orientation X
        tdt-error - E
        """,
    "ls-helios": ALWAYS + STUDIO + STUDIO_SIGNATURE + SIGNATURE + SAE + """
        helios-pre-extraction helios-extraction X
        helios-extraction orientation X
        pre-send-tdt send-tdt X
        send-tdt verif-tdt P
        verif-tdt - - <send-tdt,tdt-error
        info-tdt orientation X
        tdt-error - E
        """,
    "helios-pes-retour": """
        creation - D
        modification - U
        supression - -
        get-pes - D
        tdt-error - E
        send-ged - D
        error-ged - E
        """,
    "mailsec": ALWAYS + """
        envoi - P
        renvoi - P
        reception-partielle - P
        reception - P | D
        non-recu - E
        send-mailsec-error - E
        """,
    "mailsec-bidir": ALWAYS + """
        envoi-mail - P
        renvoi - P
        reception-partielle - P
        reception - P | D
        reponse - P
        non-recu - E
        compute_read_mail - - <envoi-mail,reception-partielle
        compute_answered_mail - - <envoi-mail,reception-partielle
        """,
    "ls-mailsec": ALWAYS + STUDIO + STUDIO_MAIL,
    "document-a-signer": ALWAYS + SIGNATURE + """
        importation - U
        orientation - X
        prepare-iparapheur send-iparapheur X
        recu-iparapheur orientation X
        recu-iparapheur-etat - D
        prepare-ged send-ged X
        send-ged orientation X
        send-ged-etat - D
        error-ged - E
        termine - D
        """,
    "pdf-generique": ALWAYS + SIGNATURE + SAE + """
        importation - U
        pre-orientation orientation X
        orientation - X
        preparation-send-iparapheur send-iparapheur X
        recu-iparapheur orientation X
        preparation-send-ged-1 send-ged-1 X
        send-ged-1 orientation X
        error-ged-1 - E
        preparation-send-mailsec send-mailsec X
        send-mailsec mailsec-relance P
        mailsec-relance mailsec-relance P
        prepare-renvoi renvoi X
        renvoi mailsec-relance P
        reception orientation X
        non-recu orientation E
        erreur - E
        preparation-send-ged-2 send-ged-2 X
        send-ged-2 orientation X
        error-ged-2 - E
        accepter-sae orientation X
        preparation-suppression-automatique suppression_automatique P
        suppression_automatique suppression_automatique P
        suppression_ok supression P
        termine - D
        """,
    "ls-document-pdf": ALWAYS + STUDIO + STUDIO_SIGNATURE + SIGNATURE + STUDIO_MAIL + SAE,
    "ls-recup-parapheur": ALWAYS + STUDIO + SAE,
    "commande-generique": ALWAYS + SIGNATURE + SAE + """
        orientation - X
        prepare-iparapheur send-iparapheur X
        prepare-envoi-mail envoi-mail X
        prepare-renvoi renvoi X
        prepare-ged send-ged X
        recu-iparapheur orientation X
        recu-iparapheur-etat - P | D envoi_signature=D envoi_mailsec=U envoi_ged=D
        erreur - E
        error-ged - E
        envoi-mail mailsec-attente P
        mailsec-attente mailsec-attente P
        renvoi mailsec-attente P
        reception orientation X
        non-recu orientation E
        reception-etat - D
        send-ged - P | D envoi_ged=D envoi_mailsec=D envoi_sae=U
        send-ged-etat - D
        accepter-sae orientation X
        termine - D
        """,
    "ls-commande": ALWAYS + STUDIO + STUDIO_SIGNATURE + SIGNATURE + STUDIO_MAIL + SAE,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One state of one module: ``row`` from the list alone, ``known`` once the fields are read."""

    module: str
    action: ActionInfo
    row: Group
    known: dict[str, Group]


def _line(module: str, text: str) -> Line:
    described, _, steps = text.partition("|")
    state, automatic, group, *rest = described.split()
    watched = next((word[1:].split(",") for word in rest if word.startswith("<")), [])
    action = ActionInfo(
        state,
        automatic="" if automatic == "-" else automatic,
        last_action=tuple(watched),
        no_workflow="no-workflow" in rest,
    )
    steps_asked = [step.rpartition("=") for step in steps.split()] or [("", "", group)]
    return Line(module, action, Group(group), {flag: Group(value) for flag, _, value in steps_asked})


LINES = [_line(module, text) for module, table in MODULES.items() for text in table.splitlines() if text.strip()]


def _definition(module: str, fields: tuple[FieldInfo, ...] = ()) -> FlowDefinition:
    return FlowDefinition(module, fields=fields, actions=tuple(line.action for line in LINES if line.module == module))


def _named(line: Line) -> str:
    return f"{line.module}:{line.action.action_id}"


@pytest.mark.parametrize("line", LINES, ids=_named)
def test_each_state_of_each_module_has_its_group(line: Line) -> None:
    definition, state = _definition(line.module), line.action.action_id
    assert classify(definition, line.module, state, None) is line.row
    for flag, group in line.known.items():
        fields = {flag: "1"} if flag else {"objet": "x", "envoi_tdt": "", "envoi_sae": "0", "envoi_ged": "false"}
        assert classify(definition, line.module, state, fields) is group, flag


@pytest.mark.parametrize("line", LINES, ids=_named)
def test_without_its_workflow_a_state_is_never_called_done_by_guess(line: Line) -> None:
    group = classify(None, line.module, line.action.action_id, {})
    if group is Group.DONE:
        assert line.known[""] is Group.DONE
    if group is Group.WAITS_HERE:
        assert line.row is Group.WAITS_HERE or line.action.automatic


def _recorded(name: str) -> dict[str, dict[str, object]]:
    found = next(RECORDINGS.glob(f"{name}*.json"))
    recorded = json.loads(found.read_text(encoding="utf-8"))
    body: dict[str, dict[str, object]] = json.loads(recorded["response"]["body_text"])
    return body


def _last_actions(rule: object) -> list[str]:
    if not isinstance(rule, dict):
        return []
    found = rule.get("last-action", [])
    own = [str(found)] if isinstance(found, str) else [str(item) for item in found]
    return own + [state for value in rule.values() for state in _last_actions(value)]


def _workflow(name: str, module: str) -> FlowDefinition:
    actions = tuple(
        ActionInfo(
            action_id,
            label=str(value.get("name", "")),
            automatic=str(value.get("action-automatique", "")),
            last_action=tuple(_last_actions(value.get("rule"))),
            no_workflow=bool(value.get("no-workflow")),
        )
        for action_id, value in _recorded(name).items()
    )
    return FlowDefinition(module, actions=actions)


WORKFLOWS = {
    "actes-automatique": "047",
    "helios-generique": "049",
    "document-a-signer": "051",
    "pdf-generique": "053",
    "mailsec": "057",
}


@pytest.mark.parametrize(("module", "number"), WORKFLOWS.items())
def test_the_workflow_of_a_real_platform_gives_the_same_groups_as_the_tables(module: str, number: str) -> None:
    workflow = _workflow(number, module)
    expected = {line.action.action_id: line for line in LINES if line.module == module}
    assert len(workflow.actions) > 5
    for action in workflow.actions:
        row = classify(workflow, module, action.action_id, None)
        known = classify(workflow, module, action.action_id, {})
        if action.no_workflow:
            assert row is known is Group.NOT_A_STATE
        else:
            line = expected[action.action_id]
            assert (row, known) == (line.row, line.known[""]), action.action_id


def _detail(number: str) -> tuple[str, str, dict[str, str]]:
    body = _recorded(number)
    data = {name: value for name, value in body["data"].items() if isinstance(value, str)}
    return str(body["info"]["type"]), str(body["last_action"]["action"]), data


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("122", Group.DONE),  # actes-automatique accepter-sae
        ("126", Group.IN_PROGRESS),  # sent to the parapheur
        ("127", Group.DONE),  # termine
        ("164", Group.DONE),  # helios acquiter-tdt, nothing else asked for
        ("166", Group.WAITS_HERE),  # helios info-tdt, GED asked for
        ("168", Group.WAITS_HERE),  # helios signed, to be transmitted
        ("169", Group.ERROR),  # helios refused
        ("171", Group.DONE),  # helios send-ged, no SAE
        ("157", Group.TRANSIENT),  # document-a-signer, orientation to come
        ("158", Group.DONE),  # document-a-signer recu-iparapheur-etat
        ("178", Group.DONE),  # mailsec opened by all
        ("179", Group.IN_PROGRESS),  # mailsec opened by some
        ("183", Group.ERROR),  # pdf never opened
        ("184", Group.TRANSIENT),
        ("187", Group.ERROR),
    ],
)
def test_real_dossiers_are_understood_with_their_own_fields(number: str, expected: Group) -> None:
    module, state, fields = _detail(number)
    assert classify(_workflow(WORKFLOWS[module], module), module, state, fields) is expected
