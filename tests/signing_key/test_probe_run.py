"""Probes in real processes: modules that misbehave, programs that hang, flee or are late, and what is kept of them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.signing_key import probe_lines, probe_run
from enn_desktop.signing_key.probe_child import CLOSES_S
from enn_desktop.signing_key.probe_lines import End, Loaded, Token, written
from enn_desktop.signing_key.probe_run import ProbeResult, run_probe
from enn_desktop.signing_key.probing import module_facts, probe_command, store_facts
from enn_desktop.signing_key.values import ChildEnd, DriverFile, Machine
from enn_desktop.system.contained import ENDS_S as BURIAL_S
from enn_desktop.system.contained import Contained
from tests.house.source_tree import PROJECT
from tests.signing_key.rigs.bad_modules import BadModules
from tests.signing_key.rigs.certificates import Authority
from tests.signing_key.rigs.softhsm import SoftHsm
from tests.signing_key.what_is_open import children, ends

SHORT_S = 1.0
"""Long enough for a module in good health, short enough for a test with one that hangs."""
ENDS_S, LONG_S = 5.0, 60.0
FILE = DriverFile("Essai", "/usr/lib/essai.so", Machine.X64)


def asked(module: Path, deadline_s: float = 8.0) -> ProbeResult:
    """Return what the real probe of a module says."""
    return run_probe(probe_command("module", str(module)), deadline_s)


def python(code: str) -> list[str]:
    """Return how to run a few lines in another process."""
    return [sys.executable, "-I", "-c", code]


# -- modules that misbehave, in real processes ---------------------------------------------------------------


def test_a_module_that_crashes_takes_only_its_probe_with_it(bad_modules: BadModules) -> None:
    result = asked(bad_modules.crashes)
    assert (result.end, result.code) == (ChildEnd.CRASHED, -11)
    assert module_facts(FILE, result).end.code == 11


def test_a_module_that_hangs_is_waited_for_until_the_deadline_and_ended_later(
    bad_modules: BadModules, late_probes_gone: Callable[[], None]
) -> None:
    begun = time.monotonic()
    result = asked(bad_modules.hangs, SHORT_S)
    assert result.end is ChildEnd.HUNG
    assert time.monotonic() - begun < SHORT_S + ENDS_S
    late_probes_gone()
    assert children() == []


def test_a_module_that_leaves_with_success_has_not_answered(bad_modules: BadModules) -> None:
    assert asked(bad_modules.leaves).end is ChildEnd.MUTE


def test_a_module_that_chatters_is_understood_all_the_same(
    bad_modules: BadModules, softhsm: SoftHsm, authority: Authority
) -> None:
    softhsm.add(authority.dual())
    result = asked(bad_modules.chatters)
    assert result.end is ChildEnd.ANSWERED
    assert len(module_facts(FILE, result).certificates) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [("garbage", 193), ("for_32_bits", 193), ("no_module", 127), ("needs_another", 126), ("absent", 126)],
)
def test_a_module_that_cannot_be_loaded_says_why_in_a_number(bad_modules: BadModules, name: str, code: int) -> None:
    result = asked(getattr(bad_modules, name))
    end = module_facts(FILE, result).end
    assert (end.end, end.loaded, end.code) == (ChildEnd.ANSWERED, False, code)


def test_a_question_that_is_none_is_not_answered() -> None:
    result = run_probe(probe_command("inconnu"))
    assert (result.end, result.code, result.lines) == (ChildEnd.CRASHED, 2, ())


def test_the_store_of_windows_cannot_be_opened_here_and_that_is_told() -> None:
    probed = store_facts(run_probe(probe_command("magasin")))
    assert (probed.end.end, probed.end.loaded) == (ChildEnd.ANSWERED, False)
    assert probed.end.code != 0


def test_a_probe_loads_neither_the_window_nor_the_network_nor_the_command_line() -> None:
    code = "import sys; sys.argv = ['x', '--sonde', 'inconnu']; import os; os._exit = lambda code: 1 / 0\n"
    code += "import enn_desktop.__main__ as main\ntry: main.main()\nexcept ZeroDivisionError: pass\n"
    code += "print(*sorted({'PySide6', 'typer', 'rich', 'httpx', 'keyring', 'cryptography'} & set(sys.modules)))"
    with Contained(python(code), PROJECT) as process:
        said, _ = process.communicate(timeout=ENDS_S * 4)
    assert process.returncode == 0
    assert said.strip() == b""


# -- the process ---------------------------------------------------------------------------------------------


def test_a_program_that_does_not_exist_has_not_started(tmp_path: Path) -> None:
    assert run_probe([str(tmp_path / "absent")]).end is ChildEnd.NOT_STARTED


def test_what_was_said_before_a_hang_is_kept() -> None:
    said = written(Loaded()) + written(Token(removable=True))
    result = run_probe(python(f"import os, signal; os.write(1, {said!r}); signal.pause()"), SHORT_S)
    assert result.end is ChildEnd.HUNG
    assert result.lines == (Loaded(), Token(removable=True))


def test_what_was_said_before_a_crash_is_kept() -> None:
    result = run_probe(python(f"import os; os.write(1, {written(Loaded())!r}); os.abort()"))
    assert (result.end, result.lines) == (ChildEnd.CRASHED, (Loaded(),))


def test_a_crash_on_the_way_out_takes_nothing_back() -> None:
    said = written(Loaded()) + written(End())
    result = run_probe(python(f"import os; os.write(1, {said!r}); os.abort()"))
    assert result == ProbeResult(ChildEnd.ANSWERED, 0, (Loaded(), End()))


def test_a_line_that_is_none_ends_the_answer() -> None:
    said = written(Loaded()) + b"SAC 10.8: trace\n" + written(End())
    assert list(probe_lines.read(said)) == [Loaded()]


def test_what_a_probe_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "started"
    code = "import os, pathlib, signal\nif os.fork() == 0:\n"
    code += f" pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\nsignal.pause()"
    assert run_probe(python(code), SHORT_S).end is ChildEnd.HUNG
    assert ends(int(note.read_text(encoding="ascii")))


def test_something_that_flees_with_the_pipe_holds_nobody_up(tmp_path: Path) -> None:
    note = tmp_path / "fled"
    code = "import os, pathlib, signal\nif os.fork() == 0:\n os.setsid()\n"
    code += f" pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n signal.pause()\nsignal.pause()"
    begun = time.monotonic()
    try:
        assert run_probe(python(code), SHORT_S).end is ChildEnd.HUNG
        assert time.monotonic() - begun < SHORT_S + 2 * BURIAL_S + 1
    finally:
        os.kill(int(note.read_text(encoding="ascii")), signal.SIGKILL)


def test_a_check_that_is_given_up_waits_no_longer_for_its_probe(late_probes_gone: Callable[[], None]) -> None:
    cancel = CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        run_probe(python("import signal; signal.pause()"), LONG_S, cancel)
    timer.join()
    assert time.monotonic() - begun < ENDS_S
    late_probes_gone()
    assert children() == []


def test_a_probe_that_is_late_may_come_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late_probes_gone: Callable[[], None]
) -> None:
    monkeypatch.setattr(probe_run, "LEAVES_S", LONG_S)
    gate, note = tmp_path / "gate", tmp_path / "came to its end"
    os.mkfifo(gate)
    code = f"import pathlib\npathlib.Path({str(gate)!r}).read_bytes()\npathlib.Path({str(note)!r}).touch()"
    assert run_probe(python(code), SHORT_S).end is ChildEnd.HUNG
    assert len(children()) == 1
    gate.write_bytes(b"")
    late_probes_gone()
    assert note.exists()
    assert children() == []


def test_a_probe_that_nobody_listens_to_any_more_asks_nothing_new_of_its_module(
    bad_modules: BadModules, softhsm: SoftHsm, authority: Authority
) -> None:
    softhsm.add(authority.dual())
    code = "import enn_desktop.signing_key.probe_child as child\n"
    code += f"child.DEADLINE_S = 0.0\nchild.main(['module', {str(bad_modules.chatters)!r}])"
    assert run_probe(python(code)) == ProbeResult(ChildEnd.MUTE, 0, (Loaded(),))


def test_once_all_was_said_the_closing_is_not_waited_for_long() -> None:
    said = written(Loaded()) + written(End())
    begun = time.monotonic()
    result = run_probe(python(f"import os, signal; os.write(1, {said!r}); signal.pause()"), LONG_S)
    assert result == ProbeResult(ChildEnd.ANSWERED, 0, (Loaded(), End()))
    assert time.monotonic() - begun < CLOSES_S + ENDS_S


def test_a_probe_inherits_nothing_of_ours(tmp_path: Path) -> None:
    with (tmp_path / "ours").open("wb") as ours:
        os.set_inheritable(ours.fileno(), True)  # noqa: FBT003 - the system has no name for it
        code = f"import os\ntry: os.fstat({ours.fileno()})\nexcept OSError: os._exit(7)"
        assert run_probe(python(code)).code == 7
