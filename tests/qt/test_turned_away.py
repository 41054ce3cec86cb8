"""A start that finds the program open ends: in silence when it was heard, with a sentence when it was not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from enn_desktop.core.exits import ExitCode
from enn_desktop.qt.error_box import ErrorBox
from enn_desktop.qt.single_instance import Claim
from enn_desktop.qt.turned_away import turned_away

pytestmark = pytest.mark.usefixtures("qapp")


def no_box() -> bool:
    return not [one for one in QApplication.topLevelWidgets() if isinstance(one, ErrorBox) and one.isVisible()]


def test_who_was_heard_ends_without_a_word() -> None:
    assert turned_away(Claim.TOLD, watched=True) is ExitCode.OK
    assert no_box()


@pytest.mark.parametrize("outcome", [Claim.UNHEARD, Claim.ABSENT])
def test_who_was_not_heard_says_so_and_what_to_do(outcome: Claim) -> None:
    said: list[str] = []

    def close() -> None:
        (box,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, ErrorBox)]
        said.extend([box.windowTitle(), *(label.text() for label in box.findChildren(QLabel))])
        box.accept()

    QTimer.singleShot(0, close)
    assert turned_away(outcome, watched=True) is ExitCode.BUSY
    assert said[0] == "enn-desktop ne répond pas"
    assert "déjà ouvert" in " ".join(said)
    assert "redémarrez l’ordinateur" in " ".join(said)


def test_before_nobody_there_is_only_the_exit_code() -> None:
    assert turned_away(Claim.UNHEARD, watched=False) is ExitCode.BUSY
    assert no_box()
