"""A newer version is asked for once a day at most, remembered, told once, and never again once closed."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from enn_desktop.agenda import update_watch
from enn_desktop.agenda.update_watch import Memory, ask_if_due, close, in_words, read_memory, to_tell, why_not
from enn_desktop.core.errors import EnnError
from enn_desktop.core.settings import UpdateNoticeSettings
from enn_desktop.pastell.proxy import STRAIGHT, Proxy
from enn_desktop.services import update_notice
from enn_desktop.services.publication_keys import PublicationKeys
from enn_desktop.services.update_notice import Circumstances, Newer, Notice
from enn_desktop.system import disk
from enn_desktop.system.paths import ProfilePaths, profile_paths
from tests.services.conftest import maintainer, notice_server
from tests.services.maintainer import NOTES, NOW, Maintainer
from tests.services.notice_server import NoticeServer

__all__ = ["maintainer", "notice_server"]


@dataclass
class Computer:
    """One computer that wants news, before a real server."""

    paths: ProfilePaths
    server: NoticeServer
    keys: PublicationKeys
    now: datetime = NOW
    settings: UpdateNoticeSettings = field(default_factory=UpdateNoticeSettings)

    def ask(self) -> Memory:
        def straight(_address: str) -> Proxy:
            return STRAIGHT

        return ask_if_due(self.paths, self.settings, self.keys, self.now, straight)

    @property
    def times_asked(self) -> int:
        return len(self.server.asked)

    def told(self) -> Newer | None:
        return to_tell(read_memory(self.paths), self.settings, "0.1.0")


@pytest.fixture
def computer(tmp_path: Path, notice_server: NoticeServer, maintainer: Maintainer) -> Computer:
    notice_server.body = maintainer.notice()
    settings = UpdateNoticeSettings(enabled=True, address=notice_server.url)
    return Computer(profile_paths(tmp_path / "profil"), notice_server, maintainer.keys(), settings=settings)


def test_a_newer_version_is_told_until_it_is_closed_or_installed(computer: Computer, maintainer: Maintainer) -> None:
    computer.ask()
    assert computer.told() == Newer("1.2.0", NOW, NOTES)
    assert to_tell(read_memory(computer.paths), computer.settings, "1.2.0") is None
    assert to_tell(read_memory(computer.paths), computer.settings, "1.3") is None
    close(computer.paths, "1.2.0")
    assert computer.told() is None
    computer.now += timedelta(days=1)
    computer.ask()
    assert computer.told() is None
    computer.now += timedelta(days=1)
    computer.server.body = maintainer.notice(version="1.3.0", issued=computer.now)
    computer.ask()
    assert computer.told() == Newer("1.3.0", computer.now, NOTES)


def test_it_is_asked_once_a_day_at_most(computer: Computer) -> None:
    for _ in range(5):
        computer.ask()
        computer.now += timedelta(hours=4)
    assert computer.times_asked == 1
    computer.now = NOW + timedelta(days=1)
    computer.ask()
    assert computer.times_asked == 2


def test_a_failing_network_makes_nobody_ask_more_often(computer: Computer) -> None:
    computer.server.status = 500
    for _ in range(5):
        computer.ask()
        computer.now += timedelta(minutes=5)
    assert computer.times_asked == 1
    assert "sans réponse utilisable\u00a0: on ne sait pas" in in_words(read_memory(computer.paths), "0.1.0")


def test_the_day_is_noted_before_the_question(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(update_watch, "ask", cut)
    with pytest.raises(KeyboardInterrupt):
        computer.ask()
    monkeypatch.undo()
    computer.ask()
    assert computer.times_asked == 0
    assert read_memory(computer.paths).asked_at == NOW


def test_nobody_has_the_newest_version_before_an_announcement_said_so(
    computer: Computer, maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_given: object) -> None:
        raise KeyboardInterrupt

    def words() -> str:
        return in_words(read_memory(computer.paths), "0.1.0")

    with monkeypatch.context() as ends:
        ends.setattr(update_watch, "ask", cut)
        with pytest.raises(KeyboardInterrupt):
            computer.ask()
    assert read_memory(computer.paths).trouble == "sans-reponse"
    assert "on ne sait pas s’il existe une version plus récente" in words()
    # What an older version of the program wrote before its question.
    assert "on ne sait pas" in in_words(Memory(asked_at=NOW), "0.1.0")
    computer.now += timedelta(days=1)
    computer.server.body = maintainer.notice(version="0.1.0", issued=computer.now)
    computer.ask()
    assert words().endswith("vous avez la dernière version.")
    computer.now += timedelta(days=1)
    with monkeypatch.context() as ends:
        ends.setattr(update_watch, "ask", cut)
        with pytest.raises(KeyboardInterrupt):
            computer.ask()
    assert "sans réponse utilisable" in words()


def test_news_that_are_closed_while_it_asks_stay_closed(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    computer.ask()

    def slowly(address: str, keys: PublicationKeys, facts: Circumstances, proxy: Callable[[str], Proxy]) -> Notice:
        close(computer.paths, "1.2.0")
        return update_notice.ask(address, keys, facts, proxy)

    monkeypatch.setattr(update_watch, "ask", slowly)
    computer.now += timedelta(days=1)
    assert computer.ask().closed == "1.2.0"
    assert computer.times_asked == 2
    assert computer.told() is None


def test_what_two_threads_change_at_once_is_not_lost(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    computer.ask()
    truly, closing = update_watch.write_memory, threading.Thread(target=close, args=(computer.paths, "1.2.0"))

    def in_between(paths: ProfilePaths, memory: Memory) -> None:
        monkeypatch.setattr(update_watch, "write_memory", truly)
        closing.start()
        closing.join(0.3)  # without a lock, it is done by then
        truly(paths, memory)

    monkeypatch.setattr(update_watch, "write_memory", in_between)
    computer.now += timedelta(days=1)
    computer.ask()
    closing.join()
    assert computer.told() is None


def test_a_memory_in_use_is_not_asked_about_nor_written_over(
    computer: Computer, maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.ask()
    known = read_memory(computer.paths)
    computer.now += timedelta(days=1)
    computer.server.body = maintainer.notice(version="1.1.0", issued=NOW - timedelta(days=9))

    def in_use(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "in use", str(path))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(disk, "_IN_USE_WAITS_S", ())
        meanwhile.setattr(Path, "read_bytes", in_use)
        with pytest.raises(EnnError):
            computer.ask()
        with pytest.raises(EnnError):
            close(computer.paths, "1.2.0")
        assert "ne peut pas être lu" in in_words(read_memory(computer.paths), "0.1.0")
        assert computer.told() is None
    assert computer.times_asked == 1
    assert read_memory(computer.paths) == known
    assert computer.ask().trouble == "ancienne"


def test_a_clock_that_was_set_back_does_not_silence_it_for_years(computer: Computer) -> None:
    computer.now = NOW + timedelta(days=3650)
    computer.ask()
    computer.now = NOW
    computer.ask()
    assert computer.times_asked == 2


def test_what_is_known_outlives_a_day_without_answer(computer: Computer) -> None:
    computer.ask()
    computer.server.status = 404
    computer.now += timedelta(days=1)
    computer.ask()
    assert computer.told() == Newer("1.2.0", NOW, NOTES)


def test_an_older_announcement_served_again_changes_nothing(computer: Computer, maintainer: Maintainer) -> None:
    old = maintainer.notice(version="1.1.0", issued=NOW - timedelta(days=9))
    computer.ask()
    computer.server.body = old
    computer.now += timedelta(days=1)
    assert computer.ask().trouble == "ancienne"
    assert computer.told() == Newer("1.2.0", NOW, NOTES)


def test_a_version_that_was_taken_back_is_no_longer_told(computer: Computer, maintainer: Maintainer) -> None:
    computer.ask()
    computer.now += timedelta(days=1)
    computer.server.body = maintainer.notice(version="0.1.0", issued=computer.now)
    computer.ask()
    assert computer.told() is None
    assert in_words(read_memory(computer.paths), "0.1.0").endswith("vous avez la dernière version.")


def test_without_consent_address_or_key_nobody_is_asked(computer: Computer) -> None:
    wanted = computer.settings
    for settings, keys in (
        (UpdateNoticeSettings(address=wanted.address), computer.keys),
        (UpdateNoticeSettings(enabled=True), computer.keys),
        (wanted, PublicationKeys(1, {})),
    ):
        assert ask_if_due(computer.paths, settings, keys, NOW, lambda _address: STRAIGHT) == Memory()
    assert computer.times_asked == 0
    assert not computer.paths.data.exists()
    assert why_not(wanted, computer.keys) == ""
    assert "prestataire" in why_not(UpdateNoticeSettings(enabled=True), computer.keys)
    assert "reconnaître" in why_not(wanted, PublicationKeys(1, {}))


def test_off_is_the_usual_setting_and_silences_what_is_known(computer: Computer) -> None:
    assert not UpdateNoticeSettings().enabled
    computer.ask()
    computer.settings = msgspec.structs.replace(computer.settings, enabled=False)
    assert computer.told() is None


def test_a_memory_that_cannot_be_read_is_a_fresh_one(computer: Computer) -> None:
    computer.ask()
    (computer.paths.data / update_watch.NAME).write_bytes(b"\xff{")
    assert read_memory(computer.paths) == Memory()
