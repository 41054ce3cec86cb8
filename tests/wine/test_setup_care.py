"""What the setup and the uninstaller must never do: erase, write over, or work in a folder that is not theirs.

Run with ``.venv/bin/python -m pytest -m wine tests/wine/test_setup_care.py``.
"""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from enn_desktop.system.secret_vault import SecretVault
from installer.windows import setup as setup_maker
from installer.windows.setup import Product, make_setup
from tests.system.fake_credentials import FakeCredentials
from tests.wine.setup_steps import OLD_FILE, UNINSTALL_KEY, Desk, hashes

pytestmark = pytest.mark.wine

pytest_plugins = ("tests.wine.setup_bench",)
FAILED = 2


def test_only_a_clear_word_erases_the_settings(desk: Desk, setups: dict[str, Path]) -> None:
    desk.profile.mkdir(exist_ok=True)
    (desk.profile / "reglages.toml").write_text("r", encoding="utf-8")
    desk.install(setups["0.1.0"])
    before = hashes(desk.program)
    for slip in ("/EFFACER=peut-être", "/EFFACER=", "/EFFACE", "/SILENT"):
        assert slip.partition("=")[0] in desk.refuse_to_uninstall(slip)
        assert hashes(desk.program) == before, slip
    desk.uninstall("/EFFACER=non")
    assert hashes(desk.program) == {}
    assert set(hashes(desk.profile)) == {"reglages.toml"}
    desk.install(setups["0.1.0"])
    desk.uninstall("/EFFACER=oui")
    assert not desk.profile.exists()


def test_erasing_finds_every_secret_and_every_kept_copy_and_says_so_only_then(
    desk: Desk, setups: dict[str, Path]
) -> None:
    credentials = FakeCredentials()
    vault = SecretVault(credentials, trusted=True)
    vault.keep("secretariat@valbrume", "court")
    vault.keep("secretariat@valbrume", "court aussi")  # keyring moves the first one aside
    vault.keep("maire", "long " * 3_000)
    names = sorted(credentials.entries)
    assert any(name.endswith(" a10") for name in names)
    assert any("@enn-desktop " in name for name in names)
    desk.install(setups["0.1.0"])
    helper = desk.wine.path(desk.helper)
    for name in (*names, "autre@enn-desktop-2"):
        desk.wine.run(helper, "keep", name)
    ours = ("copies/0123456789abcdef.toml", "copies/.0123456789abcdef.toml.part", ".cle.json.part")
    hers = ("copies/acte.pdf", ".acte.pdf.part")
    for name in (*ours, *hers):
        (desk.profile / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.profile / name).write_text("x", encoding="utf-8")
    with desk.file_held(desk.profile / ours[0], "lend"):
        assert "n’ont pas pu être supprimés" in desk.refuse_to_uninstall("/EFFACER")
    assert desk.value(UNINSTALL_KEY, "DisplayName") is not None
    desk.uninstall("/EFFACER")
    assert "sont supprimés, comme demandé" in desk.log()[-2]
    assert set(hashes(desk.profile)) == set(hers)
    for name in names:
        desk.wine.run(helper, "kept", name, expected=1)
    desk.wine.run(helper, "kept", "autre@enn-desktop-2")


def test_an_uninstaller_copied_beside_the_contractors_policy_removes_nothing(
    desk: Desk, setups: dict[str, Path]
) -> None:
    desk.install(setups["0.1.0"])
    share = desk.wine.drive / "partage"
    share.mkdir(exist_ok=True)
    for name in ("politique-enn.toml", "fichiers-installes.txt", "python313.dll"):
        (share / name).write_text("au prestataire", encoding="utf-8")
    shutil.copyfile(desk.program / "desinstaller.exe", share / "desinstaller.exe")
    before = hashes(share), hashes(desk.program)
    desk.wine.run(desk.wine.path(share / "desinstaller.exe"), "/S", r"_?=C:\partage", expected=FAILED)
    assert (hashes(share), hashes(desk.program)) == before
    assert "rien n’a été retiré" in desk.log()[-1]


def test_a_folder_written_in_a_crooked_way_is_known_again_by_the_next_setup(
    desk: Desk, setups: dict[str, Path], payloads: dict[str, Path]
) -> None:
    inside = desk.wine.drive / "Apps" / "enn-desktop"
    crooked = r"C:\Apps\\autre\..\enn-desktop"
    desk.install_into(setups["0.1.0"], crooked)
    assert desk.value(UNINSTALL_KEY, "InstallLocation") == r"C:\Apps\enn-desktop"
    # As a version of before wrote it.
    desk.wine.run("reg", "add", UNINSTALL_KEY, "/v", "InstallLocation", "/d", crooked, "/f")
    desk.install(setups["0.2.0"])
    assert not (inside / OLD_FILE).exists()
    found = hashes(inside)
    assert set(found) - {"desinstaller.exe", "fichiers-installes.txt"} == set(hashes(payloads["0.2.0"]))
    desk.wine.run(desk.wine.path(inside / "desinstaller.exe"), "/S", r"_?=C:\Apps\\enn-desktop")
    assert set(hashes(inside)) == {"desinstaller.exe"}  # it runs there, and cannot remove itself
    shutil.rmtree(inside)


def test_a_launcher_that_cannot_be_removed_stops_the_upgrade_before_anything_else_goes(
    desk: Desk, setups: dict[str, Path]
) -> None:
    desk.install(setups["0.1.0"])
    before = hashes(desk.program)
    with desk.file_held(desk.program / "enn-desktop.exe", "lend"):
        assert "avant la fin" in desk.install(setups["0.2.0"], expected=FAILED)
    assert any("enn-desktop.exe" in line for line in desk.log())
    assert hashes(desk.program) == before


def test_a_file_of_somebody_else_that_cannot_be_put_aside_is_not_written_over(
    desk: Desk, setups: dict[str, Path]
) -> None:
    desk.install(setups["0.1.0"])
    taken = desk.program / "Lib" / "site-packages" / "new" / "fresh.py"
    taken.parent.mkdir()
    taken.write_text("à quelqu’un", encoding="utf-8")
    with desk.file_held(taken, "lend"):
        desk.install(setups["0.2.0"], expected=FAILED)
    assert taken.read_text(encoding="utf-8") == "à quelqu’un"
    desk.install(setups["0.2.0"])
    assert taken.with_name("fresh.py.garde-1").read_text(encoding="utf-8") == "à quelqu’un"


def _not_begun(desk: Desk, sentence: str) -> bool:
    return not any(line.startswith(sentence) for line in desk.log())


def test_setup_and_uninstaller_wait_for_each_other(desk: Desk, setups: dict[str, Path]) -> None:
    desk.install(setups["0.1.0"])
    busy = [desk.wine.path(desk.helper), "busy"]
    uninstaller = [desk.wine.path(desk.program / "desinstaller.exe"), "/S", f"_?={desk.wine.path(desk.program)}"]
    for command, begun in (
        (uninstaller, "Désinstallation"),
        ([desk.wine.path(setups["0.2.0"]), "/S"], "Installation d’enn-desktop 0.2.0"),
    ):
        before = hashes(desk.program)
        with desk.talking(busy):
            process = desk.wine.start(*command)
            desk.wait(partial(_not_begun, desk, begun))
            desk.wine.run("cmd", "/c", "exit")
            assert process.poll() is None, begun
            assert hashes(desk.program) == before, begun
        process.communicate(timeout=60)
        assert process.returncode == 0, begun
    assert desk.value(UNINSTALL_KEY, "DisplayVersion") == "0.2.0"


def test_an_upgrade_counts_the_room_that_the_old_version_gives_back(
    desk: Desk, setups: dict[str, Path], payloads: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.install(setups["0.1.0"])
    before = hashes(desk.program)
    free_kb = shutil.disk_usage(desk.wine.drive).free // 1024
    monkeypatch.setattr(setup_maker, "SPARE_KB", free_kb + 1_000_000_000)
    greedy = make_setup(Product(payloads["0.2.0"], "0.2.0", fast=True), tmp_path / "enn-desktop-0.2.0-setup.exe")
    assert "pas assez de place" in desk.install(greedy, expected=FAILED)
    assert hashes(desk.program) == before
    size = ("reg", "add", UNINSTALL_KEY, "/v", "EstimatedSize", "/t", "REG_DWORD", "/f", "/d")
    desk.wine.run(*size, "2000000000")
    desk.install(greedy)
