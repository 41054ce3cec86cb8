"""The place « Ma clé » in each of its states, and the dialogs it opens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enn_desktop.agenda.values import KeyBadge, Tone
from enn_desktop.core.policy import Policy
from enn_desktop.qt.key.page import KeyPage
from enn_desktop.qt.key.report_box import ReportBox
from enn_desktop.qt.key.s2low_box import S2lowBox
from enn_desktop.qt.main_window import MainWindow, Place
from enn_desktop.qt.pieces import words
from enn_desktop.services.s2low import cannot_from_here
from enn_desktop.signing_key.report import report_text
from enn_desktop.signing_key.values import CardState, KeyState, Look, Note, Rung, Standing, Verdict
from tests.qt.key.made import NOW, ladder, reader, verdict

if TYPE_CHECKING:
    from tests.pictures.drawing import Studio

PLACE, TALL = (910, 428), (910, 640)
"""What the window leaves to a page on 1366 × 768 at 150 %; and room for the whole detail."""
NOTED = (Note.OTHER_SIGNER, Note.OLD_PROVIDER, Note.WEAK)


def key_scenes(studio: Studio, policy: Policy) -> None:
    """Draw every state, then what is behind a click."""
    for state in KeyState:
        studio.take(f"cle-{state.value.lower()}", shown(policy, verdict(state)), PLACE)
    studio.take("cle-pas-encore", shown(policy), PLACE)
    studio.take("cle-demonstration", shown(policy, verdict(KeyState.KEY_ABSENT), demo=True), PLACE)
    studio.take("cle-detail", detailed(policy, noted()), TALL)
    studio.take("cle-detail-panne", detailed(policy, verdict(KeyState.DRIVER_INCOMPLETE)), TALL)
    studio.take("cle-plusieurs-choisi", chosen(policy), TALL)
    for rungs in (0, 3, 6):
        studio.take(f"cle-verification-{rungs}", checking(policy, rungs), TALL)
    look = Look(windows=True, done=frozenset(Rung), readers=(reader(CardState.PRESENT),))
    studio.take("cle-copier", ReportBox(report_text(look, verdict(KeyState.CERT_ABSENT), b"sel")))
    box = S2lowBox("https://www.s2low.org")
    studio.take("cle-s2low", box)
    box.show_answer(cannot_from_here())
    studio.take("cle-s2low-impossible", box)
    for word, tone in (("clé absente", Tone.PLAIN), ("clé prête", Tone.GOOD), ("clé\u00a0: échéance", Tone.WARN)):
        studio.take(f"cle-pied-{tone.value}", window(policy, KeyBadge(word, tone)), (910, 512))


def shown(policy: Policy, answer: Verdict | None = None, *, demo: bool = False) -> KeyPage:
    """Return the page with an answer."""
    page = KeyPage(demo=demo)
    page.set_policy(policy)
    if answer is not None:
        page.show_verdict(answer, NOW.astimezone())
    return page


def detailed(policy: Policy, answer: Verdict) -> KeyPage:
    """Return the page with its ladder."""
    page = shown(policy, answer)
    page.detail_button.click()
    return page


def noted() -> Verdict:
    """Return a key that works, with things to note."""
    answer = verdict(KeyState.OK_SOON, notes=NOTED)
    lines = tuple(
        replace(line, standing=Standing.NOTE, fact="aucun pilote connu pour cette carte")
        if line.rung is Rung.DRIVER
        else line
        for line in answer.ladder
    )
    return replace(answer, ladder=lines)


def chosen(policy: Policy) -> KeyPage:
    """Return the page once one of several certificates is chosen."""
    several = verdict(KeyState.SEVERAL)
    one = several.usable[1]
    page = shown(policy, replace(several, state=KeyState.OK, chosen=one, days_left=400))
    page.set_signer("Camille EXEMPLE")
    return page


def checking(policy: Policy, rungs: int) -> KeyPage:
    """Return the page in the middle of a check."""
    page = shown(policy, verdict(KeyState.OK))
    page.show_checking(checking=True)
    page.show_progress(Verdict(KeyState.UNDETERMINED, NOW, ladder(rungs, failing=None)))
    return page


def window(policy: Policy, badge: KeyBadge) -> MainWindow:
    """Return the window whose foot says how the key is."""
    made = MainWindow({place: lambda: words("") for place in Place if place is not Place.KEY} | {
        Place.KEY: lambda: shown(policy, verdict(KeyState.KEY_ABSENT))
    })  # fmt: skip
    made.show_place(Place.KEY)
    made.show_key(badge)
    return made
