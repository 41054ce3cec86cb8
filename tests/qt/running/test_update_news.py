"""The window says once, at the foot of the first page, that a newer version exists; it asks nobody without consent."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from enn_desktop.agenda import update_watch
from enn_desktop.core.settings import UpdateNoticeSettings
from enn_desktop.qt import desktop
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.qt.main_window import Place
from enn_desktop.qt.todo.page import TodoPage
from enn_desktop.qt.update_news import UpdateNews
from enn_desktop.services.publication_keys import PublicationKeys
from tests.qt.running.conftest import MORNING, PATIENCE_MS, House
from tests.services.conftest import maintainer, notice_server
from tests.services.maintainer import NOTES, Maintainer
from tests.services.notice_server import NoticeServer

__all__ = ["maintainer", "notice_server"]


@pytest.fixture
def published(notice_server: NoticeServer, maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch) -> NoticeServer:
    """Announce version 9.9, by a key that the program carries."""
    notice_server.body = maintainer.notice(version="9.9", issued=MORNING)
    keys: PublicationKeys = maintainer.keys()
    monkeypatch.setattr(update_watch, "own_keys", lambda: keys)
    return notice_server


@pytest.fixture
def desk(qtbot: QtBot, house: House, tmp_path: Path) -> FrontDesk:
    memory = QSettings(str(tmp_path / "autre.ini"), QSettings.Format.IniFormat)
    made = FrontDesk(house.bridge, house.steering, house.engine, memory)
    qtbot.addWidget(made.window)
    made.window.show_place(Place.TODO)
    return made


def news_of(house: House, desk: FrontDesk) -> UpdateNews:
    news = UpdateNews(house.bridge, house.steering)
    news.changed.connect(desk.show_news)
    desk.news_closed.connect(news.close)
    return news


def page_of(desk: FrontDesk) -> TodoPage:
    page = desk.window.findChild(TodoPage)
    assert isinstance(page, TodoPage)
    return page


def test_with_consent_the_version_is_shown_and_closed_for_good(
    qtbot: QtBot, house: House, desk: FrontDesk, published: NoticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, line = news_of(house, desk), page_of(desk).news
    assert line.isHidden()
    notice = UpdateNoticeSettings(enabled=True, address=published.url)
    house.steering.apply(msgspec.structs.replace(house.office.settings, notice=notice))
    qtbot.waitUntil(lambda: not line.isHidden(), timeout=PATIENCE_MS)
    assert line.text.text().startswith("Une nouvelle version existe\u00a0: 9.9.")
    assert "prestataire" in line.text.text()
    opened: list[str] = []
    monkeypatch.setattr(desktop, "open_web", opened.append)
    line.notes_button.click()
    assert opened == [NOTES]
    with qtbot.waitSignal(news.changed, timeout=PATIENCE_MS) as told:
        line.close_button.click()
    assert told.args == [None]
    assert line.isHidden()
    with qtbot.waitSignal(news.changed, timeout=PATIENCE_MS):
        news.look()
    assert line.isHidden()
    assert len(published.asked) == 1


def test_without_consent_nobody_is_asked(qtbot: QtBot, house: House, desk: FrontDesk, published: NoticeServer) -> None:
    house.give(notice=UpdateNoticeSettings(address=published.url))
    news = news_of(house, desk)
    with qtbot.waitSignal(news.changed, timeout=PATIENCE_MS) as told:
        news.look()
    assert told.args == [None]
    assert published.asked == []


def test_a_version_for_another_windows_is_not_offered_to_be_installed(desk: FrontDesk) -> None:
    line = page_of(desk).news
    line.tell("9.9", "", fits=False)
    assert "Windows plus récent" in line.text.text()
    assert line.notes_button.isHidden()
