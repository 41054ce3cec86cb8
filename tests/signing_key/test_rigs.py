"""Each rig does what it says, in the eyes of programs that are not ours, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house.source_tree import PROJECT
from tests.screen.processes import users_of
from tests.signing_key.rigs import needs, witness
from tests.signing_key.rigs.fake_card import ATR, FakeCard
from tests.signing_key.rigs.pcsc_daemon import MARK, PORT, CardService, card_service
from tests.signing_key.rigs.usb_key import ATR as ETOKEN_ATR
from tests.signing_key.rigs.usb_key import ETOKEN, MUTE, STORAGE_CLASS, Key, UsbRig
from tests.signing_key.rigs.waiting import until

PRESENT, MUTE_STATE = 0x20, 0x200
"""SCARD_STATE_PRESENT and SCARD_STATE_MUTE."""


def listening() -> list[tuple[str, int]]:
    """Return the addresses of this computer on which somebody waits for a card."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    places = [row[1].partition(":") for row in rows if row[3] == "0A"]
    ends = [(".".join(str(byte) for byte in reversed(bytes.fromhex(host))), int(port, 16)) for host, _, port in places]
    return [(host, port) for host, port in ends if PORT <= port < PORT + 16]


def state_word(reader: str) -> int:
    """Return the state of a reader, as pyscard tells it to this process."""
    import smartcard.scard as pcsc

    code, context = pcsc.SCardEstablishContext(pcsc.SCARD_SCOPE_USER)
    assert code == pcsc.SCARD_S_SUCCESS
    _, states = pcsc.SCardGetStatusChange(context, 0, [(reader, pcsc.SCARD_STATE_UNAWARE)])
    pcsc.SCardReleaseContext(context)
    return int(states[0][1])


# -- the card service --------------------------------------------------------------------------------------


def test_a_service_shows_its_two_empty_readers(card_service: CardService) -> None:
    assert witness.readers(card_service.environment) == {"Virtual PCD 00 00": False, "Virtual PCD 00 01": False}
    assert [slot.reader for slot in card_service.slots] == ["Virtual PCD 00 00", "Virtual PCD 00 01"]


def test_two_services_at_once_do_not_see_each_other() -> None:
    with card_service("Mairie") as here, card_service("Trésorerie") as there, FakeCard(there.slots[1]) as card:
        card.await_power()
        assert witness.readers(here.environment) == {"Mairie 00 00": False, "Mairie 00 01": False}
        assert witness.readers(there.environment) == {"Trésorerie 00 00": False, "Trésorerie 00 01": True}
        here.kill()
        assert witness.readers(there.environment)["Trésorerie 00 01"]


def test_a_service_of_several_readers_names_them_all() -> None:
    with card_service("Premier", "Second") as service, FakeCard(service.slots[2]) as card:
        card.await_power()
        seen = witness.readers(service.environment)
    assert list(seen) == [slot.reader for slot in service.slots]
    assert [name for name, card_there in seen.items() if card_there] == [service.slots[2].reader]


def test_a_service_is_deaf_to_the_network_and_to_the_real_keys_of_this_computer(card_service: CardService) -> None:
    mine = [place for place in listening() if place[0] == card_service.slots[0].address[0]]
    assert sorted(mine) == [slot.address for slot in card_service.slots]
    assert all(host.startswith("127.") for host, _ in listening())
    seen = Path("/proc", str(card_service.pid), "root", "usr/lib/pcsc/drivers")
    assert list(seen.iterdir()) == []


@pytest.mark.parametrize("end", [CardService.stop, CardService.kill])
def test_an_ended_service_answers_nobody_and_can_start_again(card_service: CardService, end: object) -> None:
    assert callable(end)
    end(card_service)
    assert not card_service.running
    assert witness.readers(card_service.environment) == {}
    card_service.start()
    assert len(witness.readers(card_service.environment)) == 2


@pytest.mark.parametrize("killed", [False, True])
def test_a_service_leaves_no_process_and_no_file(killed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    with card_service("Mairie") as service, FakeCard(service.slots[0]) as card:
        card.await_power()
        process = service.pid
        assert users_of(MARK, str(service.folder)) == {process: users_of(MARK, str(service.folder))[process]}
        if killed:
            service.kill()
    assert users_of(MARK, str(service.folder)) == {}
    assert not service.folder.exists()
    assert not Path(f"/proc/{process}").exists()


KILLED_RUN = """
from tests.signing_key.rigs.pcsc_daemon import card_service
with card_service("Mairie") as service:
    print(service.pid, service.folder, flush=True)
    input()
"""


def test_a_service_dies_with_the_run_of_tests_that_started_it() -> None:
    command = [sys.executable, "-c", KILLED_RUN]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        number, folder = run.stdout.readline().split()
        assert Path("/proc", number).exists()
        run.kill()
    until(lambda: users_of(MARK, folder) == {}, "no service left of a run that was killed")
    # Its files cannot go with it; a new run would not meet them.
    shutil.rmtree(folder)


def test_a_service_that_cannot_start_says_why() -> None:
    with card_service("Mairie", started=False) as service:
        service.drivers.rmdir()
        with pytest.raises(AssertionError, match=r"did not start: .*mount"):
            service.start()


def test_a_missing_program_is_named_with_its_package_and_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AssertionError, match=r"pcscd, of the Debian package pcscd: .*installer/bootstrap.py test »"):
        needs.program("pcscd")


def test_a_missing_file_is_named_with_its_package_and_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("installer.cards.SYSTEM", tmp_path)
    with pytest.raises(AssertionError, match=r"libifdvpcd.so, of the Debian package vsmartcard-vpcd: .*bootstrap.py"):
        needs.file("lib/pcsc/drivers/serial/libifdvpcd.so")


# -- a card of ours ----------------------------------------------------------------------------------------


def test_a_card_is_seen_once_in_and_no_more_once_out(card_service: CardService, fake_card: FakeCard) -> None:
    before = time.monotonic()
    fake_card.insert()
    assert before < fake_card.await_power() < before + 2
    assert witness.readers(card_service.environment)[fake_card.slot.reader]
    assert witness.atr(card_service.environment) == ATR
    fake_card.remove()
    until(lambda: not any(witness.readers(card_service.environment).values()), "the reader without its card")


def test_a_card_may_be_put_in_and_taken_out_as_fast_as_the_reader_looks(fake_card: FakeCard) -> None:
    for _ in range(5):
        inserted = fake_card.insert().await_power()
        fake_card.remove()
        assert inserted < fake_card.released_at < inserted + 2


def test_a_card_counts_what_it_is_asked_and_answers_as_the_test_says(
    card_service: CardService, fake_card: FakeCard
) -> None:
    fake_card.answer = lambda command: command[:2] + b"\x90\x00"
    with fake_card:
        fake_card.await_power()
        answered = ask(card_service, "00A40400")
        assert "Received (SW1=0x90, SW2=0x00):\n00 A4" in answered
    assert fake_card.commands[-1] == bytes.fromhex("00A40400")


def test_a_slow_card_takes_its_time(card_service: CardService, fake_card: FakeCard) -> None:
    with fake_card:
        fake_card.await_power()
        fake_card.delay_s = 0.3
        asked = len(fake_card.commands)
        start = time.monotonic()
        ask(card_service, "00A40400")
        assert time.monotonic() - start > 0.3 * (len(fake_card.commands) - asked) > 0


def test_a_silent_card_answers_nothing_until_it_is_taken_out(card_service: CardService, fake_card: FakeCard) -> None:
    with fake_card:
        fake_card.await_power()
        fake_card.silent = True
        with subprocess.Popen(
            ["opensc-tool", "--name"],
            env=card_service.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as asking:
            until(lambda: bool(fake_card.commands), "a command to the silent card")
            assert asking.poll() is None
            fake_card.remove()
            asking.wait(10)


def ask(service: CardService, command: str) -> str:
    """Send one command to the card through opensc-tool, its own driver kept out of it; return what was printed."""
    done = subprocess.run(
        ["opensc-tool", "--card-driver", "default", "--send-apdu", command],
        env=service.environment,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    return done.stdout


# -- a USB key ---------------------------------------------------------------------------------------------


def test_a_key_that_is_plugged_becomes_a_reader_and_goes_with_it(usb_rig: UsbRig) -> None:
    assert witness.readers(usb_rig.environment) == {}
    reader = usb_rig.plug()
    until(lambda: witness.readers(usb_rig.environment) == {reader: False}, "the reader of the key")
    assert (usb_rig.sys / "bus/usb/devices/1-7/idVendor").read_text(encoding="ascii").strip() == "0529"
    assert (usb_rig.sys / "bus/usb/devices/1-7:1.0/bInterfaceClass").read_text(encoding="ascii").strip() == "0b"
    usb_rig.unplug()
    until(lambda: witness.readers(usb_rig.environment) == {}, "no reader any more")
    assert not (usb_rig.sys / "bus/usb/devices/1-7").exists()


def test_the_card_of_a_key_comes_goes_and_may_be_mute(usb_rig: UsbRig) -> None:
    reader = usb_rig.plug(atr=ETOKEN_ATR)
    until(lambda: witness.readers(usb_rig.environment) == {reader: True}, "the card in the key")
    assert witness.atr(usb_rig.environment) == ETOKEN_ATR
    usb_rig.card_out()
    until(lambda: state_word(reader) & PRESENT == 0, "the key without its card")
    usb_rig.card_in(MUTE)
    until(lambda: state_word(reader) & (PRESENT | MUTE_STATE) == PRESENT | MUTE_STATE, "a card that is mute")


def test_two_keys_are_two_readers_and_a_serial_number_shows(usb_rig: UsbRig) -> None:
    first, second = Key(serial="0A1B2C", place="1-3"), Key(vendor="1a74", product="b111", place="1-4")
    names = [usb_rig.plug(first, ETOKEN_ATR), usb_rig.plug(second)]
    assert names[0] == "SafeNet eToken 5100 (0A1B2C) 00 00"
    until(lambda: witness.readers(usb_rig.environment) == {names[0]: True, names[1]: False}, "two readers")
    usb_rig.unplug(first)
    until(lambda: witness.readers(usb_rig.environment) == {names[1]: False}, "the second reader alone")
    assert usb_rig.plug(first) == names[0]
    until(lambda: sorted(witness.readers(usb_rig.environment)) == sorted(names), "the first reader back")


@pytest.mark.parametrize("key", [Key("1234", "5678"), Key("abcd", "0001", interface_class=STORAGE_CLASS)])
def test_a_key_that_no_driver_takes_is_on_the_bus_and_no_reader(usb_rig: UsbRig, key: Key) -> None:
    assert usb_rig.plug(key) == ""
    reader = usb_rig.plug(Key(place="1-8"))
    until(lambda: reader in witness.readers(usb_rig.environment), "the reader of the other key")
    assert list(witness.readers(usb_rig.environment)) == [reader]
    assert (usb_rig.sys / "bus/usb/devices/1-7/idVendor").read_text(encoding="ascii").strip() == key.vendor


def test_the_service_may_die_under_a_key_that_stays(usb_rig: UsbRig) -> None:
    reader = usb_rig.plug()
    until(lambda: witness.readers(usb_rig.environment) == {reader: False}, "the reader of the key")
    usb_rig.service.kill()
    assert witness.readers(usb_rig.environment) == {}
    usb_rig.service.start()
    until(lambda: witness.readers(usb_rig.environment) == {reader: False}, "the reader after the restart")
    usb_rig.unplug(ETOKEN)


def test_a_bus_leaves_nothing_behind(usb_rig: UsbRig) -> None:
    programs = users_of(MARK, str(usb_rig.service.folder)).values()
    assert sorted(re.sub(r".*?(\w+\.py|pcscd).*", r"\1", one) for one in programs) == ["pcscd", "usb_bus.py"]
    assert Path(os.path.commonpath([usb_rig.root, usb_rig.service.folder])) == usb_rig.service.folder
