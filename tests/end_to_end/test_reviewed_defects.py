"""Situations in which an earlier version was wrong: each one stays mended."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.backup.report import Outcome
from enn_desktop.core.errors import SettingsError, StorageError
from enn_desktop.core.exits import ExitCode
from enn_desktop.demo import DemoServer, World, build_world, effects
from enn_desktop.pastell.address import base_address
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.system import disk
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.test_life_of_a_dossier import COMMUNE, PDF, described, files_asked
from tests.end_to_end.truth import assert_home, assert_no_document_twice, digest


class FileHeld(OSError):
    """What Windows answers about a file that another program holds."""

    winerror = 32


@pytest.fixture
def hall(tmp_path: Path) -> Any:
    world = build_world(seed=9, dossiers=30, profile="2.0")
    with DemoServer(world) as server:
        yield TownHall(server, tmp_path)


def add(world: World, title: str, content: bytes) -> str:
    """Add one finished act."""
    files = {"arrete": [("acte.pdf", content)]}
    document = world.add_document("actes-generique", COMMUNE, title=title, state="acquiter-tdt", files=files)
    return str(document.id_d)


def pdf(text: str) -> bytes:
    return f"%PDF-1.4\n{text}\n%%EOF\n".encode()


@pytest.mark.parametrize("second", [pdf("deux"), pdf("un autre, plus long")])
def test_a_folder_renamed_to_the_name_of_another_is_never_written_into(second: bytes, hall: TownHall) -> None:
    world = hall.server.world
    one, two = add(world, "Premier", pdf("une")), add(world, "Second", second)
    world.clock.advance(hours=1)
    hall.back_up()
    first, other = described(hall, one)[0], described(hall, two)[0]
    kept = first.name
    first.rename(first.parent / "Vieux")
    other.rename(first.parent / kept)
    for _ in range(2):
        hall.back_up()
    assert digest(pdf("une")) in {digest(p.read_bytes()) for p in described(hall, one)[0].iterdir()}
    assert digest(second) in {digest(p.read_bytes()) for p in described(hall, two)[0].iterdir()}
    assert described(hall, one)[0] != described(hall, two)[0]
    assert_home(hall.folder, world, "secretaire")


def test_an_account_that_sees_nothing_is_no_success(hall: TownHall) -> None:
    hall.login = "aucun"
    assert hall.back_up().outcome is Outcome.PARTIAL


def test_an_older_catalogue_does_not_bring_home_twice(hall: TownHall) -> None:
    world = hall.server.world
    hall.back_up()
    old = hall.home / "ancien profil"
    shutil.copytree(hall.profile, old)
    document = world.create("actes-generique", COMMUNE)
    hall.back_up()
    world.clock.advance(minutes=5)
    world.edit_title(document.id_d, "Un titre venu plus tard", quietly=False)
    world.change_state(document.id_d, "modification")
    hall.back_up()
    shutil.rmtree(hall.profile)
    old.rename(hall.profile)
    hall.server.clear_requests()
    hall.back_up()
    assert files_asked(hall, document.id_d) == 0
    assert_home(hall.folder, world, "secretaire")
    assert_no_document_twice(hall.folder)


def test_a_gone_dossier_whose_folder_disappears_is_no_longer_called_complete(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add(world, "Adieu", PDF)
    world.clock.advance(hours=1)
    hall.back_up()
    world.delete(id_d)
    hall.back_up()
    shutil.rmtree(described(hall, id_d)[0])
    before = hall.back_up().state
    assert before.gone_incomplete == 1
    assert before.gone_complete == 0


def test_a_changed_dossier_whose_detail_fails_is_not_complete_any_more(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add(world, "Change", PDF)
    world.clock.advance(hours=1)
    hall.back_up()
    world.replace_file(id_d, "arrete", 0, pdf("changé"))
    world.change_state(id_d, "acquiter-tdt")
    hall.server.faults.add(effects.status(503), f"/document/{id_d}$", times=None)
    hall.back_up()
    with hall.workshop().look(hall.folder) as opened:
        known = next(d for d in opened.catalogue.dossiers("id_d = ?", (id_d,)))
    assert not known.complete


def test_damage_that_a_verification_saw_survives_a_rebuild(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add(world, "Abîmé", PDF)
    world.clock.advance(hours=1)
    hall.back_up()
    path = described(hall, id_d)[0] / "acte.pdf"
    path.write_bytes(PDF.replace(b"original", b"0riginal"))
    assert hall.run("verify", "--to", str(hall.folder)).returncode == ExitCode.DAMAGED
    assert hall.run("repair", "--rebuild", "--to", str(hall.folder)).returncode == ExitCode.OK
    hall.back_up()
    assert path.read_bytes() == PDF


def test_a_new_computer_s_verification_still_finds_what_is_lost(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add(world, "Perdu", PDF)
    world.clock.advance(hours=1)
    hall.back_up()
    (described(hall, id_d)[0] / "acte.pdf").unlink()
    shutil.rmtree(hall.profile)
    assert hall.run("verify", "--to", str(hall.folder)).returncode == ExitCode.DAMAGED


@pytest.mark.parametrize("command", ["verify", "repair"])
def test_a_wrong_place_is_said_and_nothing_is_made_there(command: str, hall: TownHall) -> None:
    wrong = hall.home / "E" / "absent"
    assert hall.run(command, "--to", str(wrong)).returncode == ExitCode.STORAGE
    assert not wrong.exists()


def test_a_copy_of_the_folder_is_not_taken_for_the_original(hall: TownHall) -> None:
    world = hall.server.world
    hall.back_up()
    copy = hall.home / "copie usb"
    shutil.copytree(hall.folder, copy)
    fresh = add(world, "Seulement sur la copie", PDF)
    world.clock.advance(hours=1)
    account = world.accounts["secretaire"]
    credentials = Credentials(user=account.login, password=account.password)
    hall.workshop().back_up(hall.server.url, credentials, copy)
    with hall.workshop().look(hall.folder) as opened:
        assert fresh not in {dossier.id_d for dossier in opened.catalogue.dossiers()}
    hall.back_up()
    assert_home(hall.folder, world, "secretaire")


def test_files_renumbered_while_they_are_fetched_end_right(hall: TownHall) -> None:
    world = hall.server.world
    annexes = [(f"{name}.pdf", pdf(name)) for name in "ABC"]
    files = {"arrete": [("acte.pdf", PDF)], "autre_document_attache": annexes}
    document = world.add_document("actes-generique", COMMUNE, title="Décalé", state="acquiter-tdt", files=files)
    world.clock.advance(hours=1)

    def remove_first(_: object) -> None:
        world.remove_file(document.id_d, "autre_document_attache", 0)

    path = f"/document/{document.id_d}/file/arrete"
    hall.server.faults.add(effects.callback(remove_first), path, times=1)
    first = hall.back_up()
    assert not described(hall, document.id_d)[1].get("complet")
    assert first.outcome is Outcome.PARTIAL
    hall.back_up()
    folder, found = described(hall, document.id_d)
    assert found["complet"]
    assert (folder / "B.pdf").read_bytes() == pdf("B")
    assert (folder / "C.pdf").read_bytes() == pdf("C")


@pytest.mark.parametrize("token", ["abc def", "abc\r\nX: y", "jeton-é"])
def test_a_token_that_cannot_be_one_is_refused_without_being_shown(token: str, hall: TownHall) -> None:
    with pytest.raises(SettingsError) as caught:
        hall.workshop().back_up(hall.server.url, Credentials(token=token), hall.folder)
    assert token not in caught.value.message + caught.value.detail + caught.value.advice


def test_the_spaces_around_a_pasted_token_do_not_matter(tmp_path: Path) -> None:
    from enn_desktop.demo import token_of

    world = build_world(seed=9, dossiers=30, profile="4.1")
    with DemoServer(world) as server:
        hall = TownHall(server, tmp_path)
        credentials = Credentials(token=f" {token_of('secretaire')}\n")
        assert hall.workshop().back_up(server.url, credentials, hall.folder).stopped_by is None


@pytest.mark.parametrize("given", ["https://[abc", "https://a..b", "https://é..fr", f"https://{'x' * 70}.fr"])
def test_an_impossible_address_is_a_sentence(given: str) -> None:
    with pytest.raises(SettingsError):
        base_address(given)


def test_a_secret_in_an_address_is_never_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        base_address("https://mairie:s3cr3t@pastell.exemple.fr:port")
    assert "s3cr3t" not in caught.value.message + caught.value.detail + caught.value.advice


def test_a_title_that_the_console_cannot_write_stops_nothing(hall: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    add(hall.server.world, "Flèche → et 中文", PDF)
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    done = hall.run(*hall.backup_arguments())
    assert done.returncode in (ExitCode.OK, ExitCode.PARTIAL)
    assert hall.run("list", "--to", str(hall.folder)).returncode == ExitCode.OK


def test_an_account_s_failure_is_not_called_gone_by_another_account(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add(world, "Détail en panne", PDF)
    hall.server.faults.add(effects.status(503), f"/document/{id_d}$", times=None)
    hall.back_up()
    hall.login = "itinerante"
    report = hall.back_up()
    assert report.tally.gone_before_fetch == 0


def test_a_folder_that_went_away_is_said_not_made_again(hall: TownHall) -> None:
    hall.back_up()
    shutil.rmtree(hall.folder)
    with pytest.raises(StorageError), hall.workshop().look(hall.folder):
        pass
    assert not hall.folder.exists()


def test_a_new_version_that_could_not_be_written_is_still_wanted_by_the_next_run(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = hall.server.world
    id_d = add(world, "Arrêté", pdf("one"))
    world.clock.advance(hours=1)
    hall.back_up()
    world.replace_file(id_d, "arrete", 0, pdf("two"))
    world.edit_title(id_d, "Arrêté revu")
    real = Path.replace

    def in_use(self: Path, target: Path) -> Path:
        if self.name == "acte.pdf":
            raise FileHeld
        return real(self, target)

    with monkeypatch.context() as held:
        held.setattr(disk, "_IN_USE_WAITS_S", ())
        held.setattr(Path, "replace", in_use)
        report = hall.back_up()
    assert [failure.code for failure in report.failures if failure.id_d == id_d] == ["ecriture-fichier"]
    assert not described(hall, id_d)[1].get("complet")
    report = hall.back_up()
    assert not [failure for failure in report.failures if failure.id_d == id_d]
    folder = described(hall, id_d)[0]
    assert (folder / "acte.pdf").read_bytes() == pdf("two")
    assert [old.read_bytes() for old in folder.glob("versions/*/acte.pdf")] == [pdf("one")]
    assert_home(hall.folder, world, "secretaire")
