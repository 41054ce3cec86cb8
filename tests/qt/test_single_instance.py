"""A second start raises the first; a crash, a race or a frozen first one hold nobody back."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtNetwork import QLocalServer
from pytestqt.qtbot import QtBot

from enn_desktop.qt import single_instance
from enn_desktop.qt.single_instance import LOCK, Claim, SingleInstance
from tests.house.source_tree import PROJECT

OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from enn_desktop.qt.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
instance.told.connect(lambda message: print(message, flush=True))
first = instance.claim("raise")
print(instance.outcome.name, flush=True)
if first and sys.argv[2] != "leave":
    instance.listen()
    print("listening", flush=True)
    sys.stdin.read() if sys.argv[2] == "hang" else application.exec()
"""
LONGEST_S = 20.0
"""After which another instance is ended: a test that waits for its words fails, and does not hang."""
Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start another instance that leaves at once, lives as the program does, or hangs; end it with the test."""
    started: list[subprocess.Popen[str]] = []
    alarms: list[threading.Timer] = []

    def begin(how: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", OTHER, str(tmp_path), how]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=PROJECT, text=True, stdin=pipe, stdout=pipe)
        started.append(process)
        alarms.append(threading.Timer(LONGEST_S, process.kill))
        alarms[-1].start()
        return process

    yield begin
    for alarm in alarms:
        alarm.cancel()
    for process in started:
        process.kill()
        process.communicate()


def says(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_start_is_told_apart_and_the_first_hears_it(qtbot: QtBot, tmp_path: Path, start: Start) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim("raise")
    first.listen()
    with qtbot.waitSignal(first.told, timeout=10_000) as told:
        second = start("leave")
    assert told.args == ["raise"]
    assert says(second) == "TOLD"
    first.release()


@pytest.mark.usefixtures("qapp")
def test_a_start_that_has_nothing_to_say_leaves_at_once(tmp_path: Path, start: Start) -> None:
    first = start("live")
    assert [says(first), says(first)] == ["FIRST", "listening"]
    second = SingleInstance(tmp_path)
    assert not second.claim("")
    assert second.claim("raise") is False
    assert second.outcome is Claim.TOLD
    assert says(first) == "raise"


@pytest.mark.usefixtures("qapp")
def test_after_a_crash_the_next_start_is_the_first_and_is_heard(tmp_path: Path, start: Start) -> None:
    crashed = start("live")
    assert [says(crashed), says(crashed)] == ["FIRST", "listening"]
    crashed.kill()
    crashed.wait()
    after = start("live")
    assert [says(after), says(after)] == ["FIRST", "listening"]
    assert not SingleInstance(tmp_path).claim("raise")
    assert says(after) == "raise"


def test_of_starts_in_the_same_instant_one_is_the_first_and_hears_every_other(start: Start) -> None:
    starts = [start("live") for _ in range(4)]
    became = {process: says(process) for process in starts}
    assert sorted(became.values()) == ["FIRST", "TOLD", "TOLD", "TOLD"]
    (first,) = [process for process in starts if became[process] == "FIRST"]
    assert [says(first) for _ in range(4)] == ["listening", "raise", "raise", "raise"]


@pytest.mark.usefixtures("qapp")
def test_a_first_instance_that_hangs_does_not_hold_the_second_for_long(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert single_instance.WAIT_MS <= 2_000
    monkeypatch.setattr(single_instance, "WAIT_MS", 300)
    hung = start("hang")
    assert [says(hung), says(hung)] == ["FIRST", "listening"]
    clock = QElapsedTimer()
    clock.start()
    second = SingleInstance(tmp_path)
    assert not second.claim("raise")
    assert second.outcome is Claim.UNHEARD
    assert 250 <= clock.elapsed() < 1_500


def test_a_first_instance_that_is_still_starting_is_waited_for(qtbot: QtBot, tmp_path: Path, start: Start) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim("raise")
    second = start("leave")
    # Later than the second's first try, whatever the speed of this computer.
    QTimer.singleShot(600, first.listen)
    with qtbot.waitSignal(first.told, timeout=10_000):
        assert second.poll() is None
    assert says(second) == "TOLD"
    first.release()


def test_a_first_instance_that_is_leaving_leaves_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving, after = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert leaving.claim("raise")

    def told(*_: object) -> Claim:
        leaving.release()
        return Claim.ABSENT

    monkeypatch.setattr(SingleInstance, "_tell", told)
    assert after.claim("raise")
    assert after.outcome is Claim.FIRST
    after.release()


def test_who_leaves_hears_nobody_and_the_next_start_waits_for_the_place(
    qtbot: QtBot, tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = SingleInstance(tmp_path)
    assert leaving.claim("raise")
    leaving.listen()
    heard: list[str] = []
    leaving.told.connect(heard.append)
    leaving.stop_listening()
    monkeypatch.setattr(single_instance, "ABSENT_MS", 200)
    impatient = SingleInstance(tmp_path)
    assert not impatient.claim("raise")
    assert impatient.outcome is Claim.ABSENT
    after = start("leave")
    QTimer.singleShot(600, leaving.release)
    said: list[str] = []
    reading = threading.Thread(target=lambda: said.append(says(after)))
    reading.start()
    qtbot.waitUntil(lambda: bool(said), timeout=15_000)
    reading.join()
    assert said == ["FIRST"]
    assert heard == []


def test_a_start_that_comes_while_the_first_hangs_up_asks_again(qtbot: QtBot, tmp_path: Path, start: Start) -> None:
    leaving = SingleInstance(tmp_path)
    assert leaving.claim("raise")
    server = QLocalServer()
    assert server.listen(leaving._name())
    after = start("leave")
    qtbot.waitUntil(server.hasPendingConnections, timeout=15_000)
    server.close()
    leaving.release()
    assert says(after) == "FIRST"


@pytest.mark.usefixtures("qapp")
def test_nobody_else_on_this_computer_may_speak_to_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A short name: the path of a socket has hardly more than a hundred bytes.
    sockets = tmp_path_factory.mktemp("s")
    monkeypatch.setenv("TMPDIR", str(sockets))
    first = SingleInstance(tmp_path)
    assert first.claim("raise")
    first.listen()
    (socket,) = [one for one in sockets.iterdir() if stat.S_ISSOCK(one.stat().st_mode)]
    assert stat.S_IMODE(socket.stat().st_mode) == stat.S_IRWXU
    first.release()
    assert not socket.exists()


def test_two_profiles_have_a_window_each(tmp_path: Path) -> None:
    one, two = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / "b")
    assert one.claim("raise")
    assert two.claim("raise")
    one.release()
    two.release()


def test_a_profile_that_cannot_be_locked_still_opens(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    assert SingleInstance(tmp_path).claim("raise")
    assert SingleInstance(tmp_path / ("x" * 300)).claim("raise")
