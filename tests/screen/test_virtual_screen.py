"""The virtual screen is a real one: what is clicked and typed arrives, what is shown is seen, nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.screen.processes import finished, users_of
from tests.screen.small_window import GREEN, RED, TITLE
from tests.screen.virtual_screen import SIZE, NothingHappened, Screen, open_screen

pytestmark = pytest.mark.screen

PROJECT = Path(__file__).resolve().parents[2]


def start(screen: Screen) -> subprocess.Popen[bytes]:
    """Start the small window and return once it is painted and gets the keys."""
    command = [sys.executable, "-W", "error", "-m", "tests.screen.small_window"]
    program = subprocess.Popen(command, env=screen.env, cwd=PROJECT)
    screen.wait_for(lambda: screen.picture().find_blob(RED), "the small window did not come")
    screen.wait_for(lambda: screen.active_title().startswith(TITLE), "the small window does not get the keys")
    return program


@pytest.fixture
def program(screen: Screen) -> Iterator[subprocess.Popen[bytes]]:
    with finished(start(screen)) as started:
        yield started


@pytest.mark.usefixtures("program")
def test_a_click_lands_on_the_button_and_the_picture_shows_it(screen: Screen) -> None:
    place = screen.picture().find_blob(RED)
    assert place is not None
    screen.click(*place)
    screen.wait_for(lambda: screen.picture().find_blob(GREEN), "the button did not change its colour")
    assert screen.titles() == ["Cliqué"]
    assert screen.picture().find_blob(RED) is None


@pytest.mark.usefixtures("program")
def test_what_is_typed_arrives_with_its_accents(screen: Screen) -> None:
    screen.type("Élagage à l’école : 12,50 €")
    screen.wait_for(lambda: screen.titles() == ["Tapé : Élagage à l’école : 12,50 €"], "the text did not arrive")
    screen.key("ctrl+a")
    screen.key("BackSpace")
    screen.wait_for(lambda: screen.titles() == ["Tapé :"], "the keys did not arrive")


@pytest.mark.usefixtures("program")
def test_a_window_has_a_title_and_a_place_and_its_button_is_inside(screen: Screen) -> None:
    (window,) = screen.windows()
    assert (window.title, window.width, window.height) == (TITLE, 300, 120)
    (button,) = screen.picture().blobs(RED, least=1000)
    assert window.left <= button.left < button.right <= window.left + window.width
    assert window.top <= button.top < button.bottom <= window.top + window.height


def test_a_window_that_is_closed_is_no_longer_shown(screen: Screen, program: subprocess.Popen[bytes]) -> None:
    screen.key("alt+F4")
    assert program.wait(20) == 0
    assert screen.windows() == []


def test_the_screen_has_the_size_of_a_town_hall_and_an_empty_desk(screen: Screen) -> None:
    picture = screen.picture()
    assert (picture.width, picture.height) == SIZE
    assert screen.windows() == []


def test_the_desktop_of_the_developer_does_not_reach_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_environment: Path
) -> None:
    for name in ("QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP"):
        monkeypatch.setenv(name, "9")
    with open_screen(tmp_path) as screen:
        assert {"9"}.isdisjoint(screen.env.values())
        assert screen.env["HOME"] == str(own_environment)
        assert screen.env["QT_QPA_PLATFORM"] == "xcb"


@pytest.mark.parametrize(("tray", "title"), [(True, f"{TITLE}, avec bac"), (False, TITLE)])
def test_there_is_a_tray_when_it_is_asked_for(tmp_path: Path, tray: bool, title: str) -> None:  # noqa: FBT001 - a parameter of the test
    with open_screen(tmp_path, tray=tray) as screen, finished(start(screen)):
        assert title in screen.titles()


def test_everything_is_gone_afterwards(tmp_path: Path) -> None:
    with open_screen(tmp_path, tray=True) as screen:
        bus = ("DBUS_SESSION_BUS_ADDRESS", screen.env["DBUS_SESSION_BUS_ADDRESS"])
        socket = Path("/tmp/.X11-unix") / f"X{screen.display[1:]}"  # noqa: S108 - where X keeps it
        assert sorted(line.split()[0] for line in users_of(*bus).values()) == ["openbox", "trayer"]
        assert socket.exists()
    assert users_of(*bus) == {}
    assert not socket.exists()


FOREVER = (sys.executable, "-c", "import threading; threading.Event().wait()")


def test_a_program_left_running_fails_the_test_and_is_ended(tmp_path: Path) -> None:
    with ExitStack() as stack:
        screen = stack.enter_context(open_screen(tmp_path))
        program = subprocess.Popen(FOREVER, env=screen.env, start_new_session=True)
        with pytest.raises(AssertionError, match=r"left programs running: .*threading\.Event"):
            stack.close()
    assert program.wait(20) == -signal.SIGKILL


def test_a_failure_is_not_hidden_by_the_program_that_it_left(tmp_path: Path) -> None:
    left: list[subprocess.Popen[bytes]] = []

    def fail() -> None:
        with open_screen(tmp_path) as screen:
            left.append(subprocess.Popen(FOREVER, env=screen.env))
            raise NothingHappened("the reason")

    with pytest.raises(NothingHappened, match="the reason"):
        fail()
    assert left[0].wait(20) == -signal.SIGKILL


def test_what_never_comes_is_said_with_a_picture(screen: Screen) -> None:
    with pytest.raises(NothingHappened, match="no such window; windows: \\[\\]; picture: "):
        screen.wait_for(lambda: False, "no such window", seconds=0.01)
    assert screen.frame.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("tool", ["Xvfb", "openbox", "xdotool", "dbus-daemon", "trayer"])
def test_a_tool_that_lacks_fails_the_test_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in {"Xvfb", "openbox", "xdotool", "dbus-daemon", "trayer"} - {tool}:
        (tools / name).touch(0o755)
    monkeypatch.setenv("PATH", str(tools))
    with (
        pytest.raises(AssertionError, match=f"need {tool}: .*installer/bootstrap.py test"),
        open_screen(tmp_path, tray=True),
    ):
        raise KeyError(os.environ["PATH"])
