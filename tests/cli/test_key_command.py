"""``key``: the sentence, the ladder, one JSON value, a line per change; never Qt, never a PIN."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.archive.folder import DocumentsFolder
from enn_desktop.archive.metadata import DossierRecord, FileRecord
from enn_desktop.archive.sealing import seal
from enn_desktop.cli import key_command
from enn_desktop.cli.main import main
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.exits import ExitCode
from enn_desktop.core.settings import KeySettings, Settings
from enn_desktop.signing_key import pcsc, surroundings, usb_watch_linux, watcher
from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.values import CardState, Choice, KeyState, Look, Note, UsbDevice, Verdict
from enn_desktop.signing_key.watcher import WatchEvent
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings
from tests.house.source_tree import PROJECT
from tests.qt.key.made import NOW, event, verdict

REAL = """
import sys
from enn_desktop.cli.main import main
code = main(sys.argv[1:])
print([name for name in sys.modules if name.startswith("PySide6")], file=sys.stderr)
sys.exit(code)
"""


@dataclass
class Key:
    """A make-believe key: gives one verdict after the other, and says what it was asked."""

    verdicts: list[Verdict] = field(default_factory=list)
    asked: list[Choice] = field(default_factory=list)
    events: list[WatchEvent] = field(default_factory=list)
    after: Callable[[int], None] = lambda _: None

    def check(self, _here: object, cancel: CancelToken, told: Callable[[Look], None]) -> Look:
        told(Look(windows=True))
        cancel.check()
        return Look(windows=True)

    def judge(self, _look: Look, _now: object, choice: Choice) -> Verdict:
        self.asked.append(choice)
        self.after(len(self.asked))
        return self.verdicts[min(len(self.asked), len(self.verdicts)) - 1]

    def watch(self, _port: object, publish: Callable[[WatchEvent], None], stop: StopFlag) -> None:
        for one in self.events:
            publish(one)
            stop.wait(0.05)
        stop.wait(30)


def documents(tmp_path: Path, *states: str) -> str:
    """Make a documents folder with one dossier in each state."""
    made = DocumentsFolder(tmp_path / "Dossiers")
    made.prepare()
    for rank, state in enumerate(states):
        folder = made.place_of(f"Commune de Valbrume/Actes/2026/2026-03-12 {rank}")
        (folder / "acte.pdf").write_bytes(b"%PDF-1.4 abc")
        known = FileRecord(field="acte", original="acte.pdf", path="acte.pdf", sha256="0" * 64, size=12)
        word = "En attente du certificat RGS**" if state != "termine" else "Terminé"
        record = DossierRecord(
            server="https://pastell.exemple.fr", id_d=str(rank), id_e="2", entity="Commune de Valbrume",
            type_id="actes-generique", family="actes", title=f"Objet {rank}", state=state,
            state_date="2026-03-12 10:00:00", created="2026-03-10 10:00:00", group="U", word=word, sealed=True,
            names_stable=True, files=[known],
        )  # fmt: skip
        seal(folder, record)
    return str(made.root)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> Key:
    made = Key([verdict(KeyState.OK)])
    monkeypatch.setattr(key_command, "check_key", made.check)
    monkeypatch.setattr(key_command, "judge", made.judge)
    monkeypatch.setattr(surroundings, "of_this_computer", object)
    monkeypatch.setattr(pcsc, "system_pcsc", object)
    monkeypatch.setattr(watcher, "watch", made.watch)
    for name in ("QUIET_S", "SETTLE_S"):
        monkeypatch.setattr(key_command, name, 0.01)
    return made


def said(tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["--profile", str(tmp_path / "profil"), *arguments])
    found = capsys.readouterr()
    return code, found.out, found.err


def test_a_key_that_is_ready_is_said_with_its_ladder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    code, out, _ = said(tmp_path, capsys, "key")
    assert code == ExitCode.OK
    assert out.splitlines()[0] == "Clé prête. Certificat de Camille EXEMPLE, valable jusqu’au 29 décembre 2027."
    assert "  ✓ Service           en ordre    en marche" in out.splitlines()
    assert out.splitlines()[-1] == "  Code\u00a0: OK"
    assert len(key.asked) == 1


def test_what_lacks_is_said_with_what_to_do_and_whom_to_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    key.verdicts = [verdict(KeyState.DRIVER_INCOMPLETE, notes=(Note.SOFTWARE,))]
    code, out, _ = said(tmp_path, capsys, "key")
    lines = out.splitlines()
    assert code == ExitCode.KEY
    assert lines[1].startswith("  Que faire\u00a0: Réinstallez-le.")
    assert lines[2] == "  Qui appeler\u00a0: Prestataire informatique"
    assert lines[3].startswith("  À noter\u00a0: Un certificat logiciel")
    assert "  ✗ Pilote            à régler" in lines
    assert "  – Certificat        non vérifié" in lines
    assert lines[-1] == "  Code\u00a0: PILOTE_INCOMPLET (126)"


def test_whoever_issued_the_certificate_is_named_where_only_they_can_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    key.verdicts = [verdict(KeyState.PIN_LOCKED)]
    _, out, _ = said(tmp_path, capsys, "key")
    assert "Qui appeler\u00a0: l’autorité de certification qui a fourni la clé" in out


@pytest.mark.parametrize("state", KeyState)
def test_a_script_gets_one_value_with_the_code_and_nobody_s_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key, state: KeyState
) -> None:
    key.verdicts = [verdict(state)]
    code, out, _ = said(tmp_path, capsys, "key", "--json")
    found = json.loads(out)
    assert found["state"] == state.value
    assert found["exit_code"] == code
    assert code in {ExitCode.OK, ExitCode.KEY}
    assert "Camille" not in out


def test_the_choice_and_the_expected_signer_of_the_settings_are_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    settings = Settings(key=KeySettings(certificate="ab" * 32, signer="Camille EXEMPLE"))
    save_settings(profile_paths(tmp_path / "profil"), settings)
    said(tmp_path, capsys, "key")
    assert key.asked == [Choice("ab" * 32, "Camille EXEMPLE")]


def test_a_check_that_is_stopped_says_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_here: object, cancel: CancelToken, _told: object) -> Look:
        signal.raise_signal(signal.SIGINT)
        cancel.check()
        return Look(windows=True)

    monkeypatch.setattr(key_command, "check_key", stopped)
    assert said(tmp_path, capsys, "key", "--json")[0] == ExitCode.CANCELLED
    assert key.asked == []


def test_watching_prints_a_line_per_change_until_it_is_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    absent, ready = verdict(KeyState.KEY_ABSENT), verdict(KeyState.OK)
    key.verdicts = [absent, ready, ready, absent]
    key.events = [WatchEvent(), event(CardState.PRESENT), event(CardState.IN_USE), WatchEvent()]
    key.after = lambda asked: signal.raise_signal(signal.SIGINT) if asked == 4 else None
    code, out, _ = said(tmp_path, capsys, "key", "--watch")
    assert code == ExitCode.OK
    assert [line.partition("  ")[2] for line in out.splitlines()] == [
        "Aucune clé de signature branchée.",
        "Clé prête. Certificat de Camille EXEMPLE, valable jusqu’au 29 décembre 2027.",
        "Aucune clé de signature branchée.",
    ]
    assert out.startswith("10:00:00  ")


def test_a_key_that_only_the_usb_port_tells_of_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_once = threading.Event()

    def watch_usb(_look: object, publish: Callable[[tuple[UsbDevice, ...]], None], _stop: object) -> None:
        if asked_once.wait(20):
            publish((UsbDevice(0x0529, 0x0620, "Token JC", card_class=True),))

    def after(asked: int) -> None:
        asked_once.set()
        if asked == 2:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(usb_watch_linux, "watch_usb", watch_usb)
    key.verdicts, key.events, key.after = (
        [verdict(KeyState.KEY_ABSENT), verdict(KeyState.USB_UNUSED)],
        [WatchEvent()],
        after,
    )
    _, out, _ = said(tmp_path, capsys, "key", "--watch", "--json")
    assert [json.loads(line)["state"] for line in out.splitlines()] == ["CLE_ABSENTE", "CLE_SANS_PILOTE_USB"]


def test_watching_for_a_script_gives_one_json_value_per_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    key.verdicts = [verdict(KeyState.KEY_ABSENT), verdict(KeyState.OK)]
    key.events = [WatchEvent(), event(CardState.PRESENT)]
    key.after = lambda asked: signal.raise_signal(signal.SIGINT) if asked == 2 else None
    _, out, _ = said(tmp_path, capsys, "key", "--watch", "--json")
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert [line["state"] for line in lines] == ["CLE_ABSENTE", "OK"]
    assert {line["at"] for line in lines} == {NOW.isoformat()}


# -- beside the dossiers, in the diagnostic ----------------------------------------------------------------


@pytest.mark.parametrize("state", ["document-transmis-tdt", "send-signature-local"])
def test_a_dossier_that_waits_for_the_key_is_listed_with_the_state_of_the_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key, state: str
) -> None:
    key.verdicts = [verdict(KeyState.KEY_ABSENT)]
    folder = documents(tmp_path, state, "termine")
    _, out, _ = said(tmp_path, capsys, "list", "--to", folder)
    assert "En attente du certificat RGS** (clé absente)" in out
    assert out.count("clé absente") == 1
    _, out, _ = said(tmp_path, capsys, "list", "--to", folder, "--json")
    found = {one["id"]: (one["needs_key"], one["key"]) for one in json.loads(out)["dossiers"]}
    assert found == {"0": (True, "CLE_ABSENTE"), "1": (False, None)}


def test_a_list_in_which_nothing_waits_for_the_key_does_not_look_at_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key
) -> None:
    code, _, _ = said(tmp_path, capsys, "list", "--to", documents(tmp_path, "termine"))
    assert code == ExitCode.OK
    assert key.asked == []


def test_the_diagnostic_has_a_part_about_the_key(tmp_path: Path, capsys: pytest.CaptureFixture[str], key: Key) -> None:
    key.verdicts = [verdict(KeyState.CERT_EXPIRED)]
    _, out, _ = said(tmp_path, capsys, "diagnose", "--to", str(tmp_path / "documents"))
    part = out.partition("[Clé de signature]")[2].partition("\n[")[0]
    assert "état\u00a0: CERT_EXPIRE" in part
    assert "certificat\u00a0: mauvais" in part
    assert "Camille" not in out


# -- this computer's own -----------------------------------------------------------------------------------


def test_the_real_command_answers_in_json_within_its_time_and_without_qt(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", REAL, "--profile", str(tmp_path), "key", "--json"],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PCSCLITE_CSOCK_NAME": str(tmp_path / "personne")},
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["state"] in {state.value for state in KeyState}
    assert done.returncode == found["exit_code"]
    assert done.stderr.splitlines()[-1] == "[]"
