"""The place « Ma clé » and its dialogs, in the states that change what is in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from enn_desktop.qt.key.page import KeyPage
from enn_desktop.qt.key.report_box import ReportBox
from enn_desktop.qt.key.s2low_box import S2lowBox
from enn_desktop.services.s2low import cannot_from_here
from enn_desktop.signing_key.values import KeyState, Note, Verdict
from tests.qt import samples_settings
from tests.qt.key.made import HOSTILE, NOW, ladder, verdict

Maker = Callable[[], QWidget]
REPORT = "enn-desktop 0.1.0, clé de signature\nétat : PILOTE_ABSENT\nlecteur : SafeNet eToken 5110\n" * 12


def key_page(answer: Verdict | None = None, *, detail: bool = False, demo: bool = False) -> KeyPage:
    """Return the page with an answer, its detail shown or not."""
    page = KeyPage(demo=demo)
    page.set_policy(samples_settings.policy_changed_here())
    if answer is not None:
        page.show_verdict(answer, NOW.astimezone())
    if detail:
        page.detail_button.click()
    return page


def key_checking() -> KeyPage:
    """Return the page in the middle of a check."""
    page = key_page(verdict(KeyState.OK), detail=True)
    page.show_checking(checking=True)
    page.show_progress(Verdict(KeyState.UNDETERMINED, NOW, ladder(3, failing=None)))
    return page


def s2low_told() -> S2lowBox:
    """Return the check with S²LOW on a computer that cannot do it."""
    box = S2lowBox("https://www.s2low.org")
    box.show_answer(replace(cannot_from_here(), detail=HOSTILE * 3))
    return box


KEY: dict[str, Maker] = {
    "key": key_page,
    "key-demo": lambda: key_page(demo=True),
    "key-checking": key_checking,
    "key-ready": lambda: key_page(verdict(KeyState.OK), detail=True),
    "key-remote": lambda: key_page(verdict(KeyState.REMOTE_SESSION)),
    "key-driver": lambda: key_page(verdict(KeyState.DRIVER_INCOMPLETE), detail=True),
    "key-several": lambda: key_page(verdict(KeyState.SEVERAL, holder=HOSTILE * 2), detail=True),
    "key-hostile": lambda: key_page(
        verdict(KeyState.CERT_EXPIRED, holder=HOSTILE * 3, notes=(Note.OTHER_SIGNER, Note.SEAL, Note.IN_USE))
    ),
    "key-report": lambda: ReportBox(REPORT),
    "key-s2low": lambda: S2lowBox("https://www.s2low.org"),
    "key-s2low-told": s2low_told,
}
