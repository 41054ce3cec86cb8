"""« Mises à jour »: off until it is asked for, and never to be asked for in vain."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from enn_desktop.core.settings import Settings, UpdateNoticeSettings
from tests.qt import samples_settings as sample
from tests.qt.settings.conftest import Opened, Told

ADDRESS = "https://exemple.fr/annonce.json"
PREPARED = msgspec.structs.replace(sample.SETTINGS, notice=UpdateNoticeSettings(address=ADDRESS))


def test_it_is_off_and_turned_on_by_one_tick(opened: Opened, told: Told) -> None:
    dialog = opened("updates", settings=PREPARED)
    dialog.changed.connect(told.note)
    assert not dialog.updates.enabled.isChecked()
    assert ADDRESS in dialog.updates.where.text()
    dialog.updates.enabled.click()
    [settings] = told.values
    assert isinstance(settings, Settings)
    assert settings.notice == UpdateNoticeSettings(enabled=True, address=ADDRESS)


@pytest.mark.parametrize(
    ("address", "reason", "said"),
    [
        ("", "", "n’a pas indiqué où demander"),
        ("http://exemple.fr", "", "https"),
        (ADDRESS, "Cette version ne sait pas encore.", "ne sait pas encore"),
    ],
)
def test_where_nobody_can_be_asked_the_tick_is_off_and_the_reason_is_said(
    opened: Opened, address: str, reason: str, said: str
) -> None:
    notice = UpdateNoticeSettings(enabled=True, address=address)
    settings = msgspec.structs.replace(sample.SETTINGS, notice=notice)
    page = opened("updates", settings=settings, facts=replace(sample.FACTS, notice_reason=reason)).updates
    assert not page.enabled.isEnabled()
    assert not page.enabled.isChecked()
    assert said in page.remark.text()


def test_how_the_last_question_ended_is_shown(opened: Opened) -> None:
    notice = UpdateNoticeSettings(enabled=True, address=ADDRESS)
    settings = msgspec.structs.replace(sample.SETTINGS, notice=notice)
    page = opened("updates", settings=settings, facts=replace(sample.FACTS, notice_state="Pas encore demandé.")).updates
    assert page.state.isVisible()
    assert page.state.text() == "Pas encore demandé."
