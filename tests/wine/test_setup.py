"""The setup and the MSI used for real, on a throw-away Windows under Wine, with a make-believe program.

Not run with the others: ``.venv/bin/python -m pytest -m wine tests/wine/test_setup.py``. Debian's wine64, nsis, wixl,
msitools and gcc-mingw-w64 are needed; without them these tests fail.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from enn_desktop.system.app_identity import APP_ID
from enn_desktop.system.autostart import WindowsAutostart
from installer.windows.file_list import OWN as FILES_OF_THE_SETUP
from installer.windows.products import make_products
from installer.windows.setup import Product, make_setup
from installer.windows.signing import SigningError
from tests.installer.windows.own_certificate import own_signer
from tests.wine.setup_steps import (
    OLD_FILE,
    PRODUCT_KEY,
    RUN_KEY,
    SHARED,
    UNINSTALL_KEY,
    Desk,
    app_id,
    hashes,
    make_payload,
)

pytestmark = pytest.mark.wine

pytest_plugins = ("tests.wine.setup_bench",)
ADDRESS = "https://pastell.exemple.fr/"
FAILED, RUNNING = 2, 3
MSI_FAILED = 1603 & 0xFF
"""Linux keeps the low eight bits of an exit code."""


def package(desk: Desk, verb: str, msi: Path, *properties: str, expected: int = 0) -> None:
    """Have Windows Installer do something with a package, without a window."""
    desk.wine.run("msiexec", verb, desk.wine.path(msi), "/qn", *properties, expected=expected)


def test_a_silent_installation_puts_every_file_there_and_fills_in_what_was_given(
    desk: Desk, payloads: dict[str, Path], setups: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "ma politique.toml").write_text("durées", encoding="utf-8")
    (tmp_path / "départ.toml").write_text("réglages", encoding="utf-8")
    policy = f"/POLITIQUE={desk.wine.path(tmp_path)}\\ma politique.toml"
    settings = f"/REGLAGES={desk.wine.path(tmp_path)}\\départ.toml"
    said = desk.install(setups["0.1.0"], f"/PASTELL={ADDRESS}", policy, settings, "/BUREAU=oui")
    presets = {"politique-enn.toml", "prereglages.toml"}
    found = desk.installed()
    assert {name: value for name, value in found.items() if name not in presets} == hashes(payloads["0.1.0"])
    assert (desk.program / "politique-enn.toml").read_text(encoding="utf-8") == "durées"
    assert (desk.program / "prereglages.toml").read_text(encoding="utf-8") == "réglages"
    assert desk.value(PRODUCT_KEY, "Pastell") == ADDRESS
    assert said == "Terminé\u00a0: enn-desktop 0.1.0 est installé."
    assert app_id(desk.start_menu) == app_id(desk.desktop) == APP_ID
    entry = desk.values(UNINSTALL_KEY)
    assert entry["DisplayVersion"] == "0.1.0"
    assert entry["InstallLocation"] == desk.wine.path(desk.program)
    assert int(entry["EstimatedSize"], 16) > 0


class _Written:
    """The registry as the setup left it, for the program's own eyes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self, key: str, name: str) -> str | None:
        return self._desk.value(f"HKCU\\{key}", name)

    def write(self, key: str, name: str, value: str) -> None:
        raise AssertionError((key, name, value))

    def remove(self, key: str, name: str) -> None:
        raise AssertionError((key, name))


def test_the_program_recognises_the_start_with_the_session_that_the_setup_wrote(
    desk: Desk, setups: dict[str, Path]
) -> None:
    desk.install(setups["0.1.0"])
    where = desk.wine.path(desk.program)
    assert WindowsAutostart(_Written(desk), [rf"{where}\enn-desktop.exe"]).enabled()


def test_a_folder_with_spaces_is_a_good_folder_too_and_the_next_setup_finds_it(
    desk: Desk, setups: dict[str, Path]
) -> None:
    where = r"C:\Programmes de la mairie\enn"
    inside = desk.wine.drive / "Programmes de la mairie" / "enn"
    desk.install_into(setups["0.1.0"], where)
    assert WindowsAutostart(_Written(desk), [rf"{where}\enn-desktop.exe"]).enabled()
    desk.install(setups["0.2.0"])
    assert not desk.program.exists()
    assert (inside / "Lib" / "site-packages" / "new" / "fresh.py").exists()
    desk.wine.run(desk.wine.path(inside / "desinstaller.exe"), "/S")
    desk.wait((inside / "desinstaller.exe").exists)
    desk.wait(inside.exists)


def test_an_upgrade_removes_what_is_stale_and_keeps_presets_choices_and_a_file_of_somebody_else(
    desk: Desk, payloads: dict[str, Path], setups: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "p.toml").write_text("durées", encoding="utf-8")
    given = (f"/PASTELL={ADDRESS}", f"/POLITIQUE={desk.wine.path(tmp_path / 'p.toml')}", "/SESSION=non")
    desk.install(setups["0.1.0"], *given)
    (desk.program / "Lib" / "notes.txt").write_text("à moi", encoding="utf-8")
    taken = desk.program / "Lib" / "site-packages" / "new"
    taken.mkdir()
    (taken / "fresh.py").write_text("à quelqu’un", encoding="utf-8")
    desk.install(setups["0.2.0"])
    expected = hashes(payloads["0.2.0"])
    found = desk.installed()
    assert {name: value for name, value in found.items() if name in expected} == expected
    others = {"Lib/notes.txt", "Lib/site-packages/new/fresh.py.garde-1", "politique-enn.toml"}
    assert set(found) - set(expected) == others
    assert (taken / "fresh.py.garde-1").read_text(encoding="utf-8") == "à quelqu’un"
    assert desk.value(PRODUCT_KEY, "Pastell") == ADDRESS
    assert desk.value(RUN_KEY, "enn-desktop") is None
    assert desk.value(UNINSTALL_KEY, "DisplayVersion") == "0.2.0"


def test_an_open_program_is_neither_replaced_nor_removed(desk: Desk, setups: dict[str, Path]) -> None:
    desk.install(setups["0.1.0"])
    before = hashes(desk.program)
    with desk.program_open():
        said = desk.install(setups["0.2.0"], expected=RUNNING)
        assert said.startswith("enn-desktop est ouvert")
        desk.wine.run(desk.wine.path(desk.program / "desinstaller.exe"), "/S", f"_?={desk.wine.path(desk.program)}",
                      expected=RUNNING)  # fmt: skip
    assert hashes(desk.program) == before
    assert desk.value(UNINSTALL_KEY, "DisplayVersion") == "0.1.0"


def test_a_file_held_by_an_antivirus_stops_the_upgrade_before_anything_is_touched(
    desk: Desk, setups: dict[str, Path]
) -> None:
    desk.install(setups["0.1.0"])
    before = hashes(desk.program)
    with desk.file_held(desk.program / "python313.dll"):
        said = desk.install(setups["0.2.0"], expected=FAILED)
    assert "python313.dll" in said
    assert hashes(desk.program) == before


def test_a_power_cut_in_the_copy_leaves_nothing_to_start_and_the_next_setup_mends_it(
    desk: Desk, payloads: dict[str, Path], setups: dict[str, Path], tmp_path: Path
) -> None:
    large = make_payload(tmp_path / "large", SHARED)
    with (large / "Lib" / "large.bin").open("wb") as file:
        file.truncate(60_000_000)
    setup = make_setup(Product(large, "0.1.5", fast=True), tmp_path / "enn-desktop-0.1.5-setup.exe")

    def cut_in_the_copy() -> None:
        process = desk.wine.start(desk.wine.path(setup), "/S")
        desk.wait(lambda: not (desk.program / "Lib" / "large.bin").exists(), look=0)
        process.kill()
        process.communicate()
        assert (desk.program / "fichiers-en-cours.txt").exists()
        assert not (desk.program / "enn-desktop.exe").exists()

    # The very first: nothing was chosen yet, so the program starts with the session as usual.
    cut_in_the_copy()
    desk.install(setups["0.2.0"])
    assert desk.installed() == hashes(payloads["0.2.0"])
    assert desk.value(RUN_KEY, "enn-desktop") is not None
    # An upgrade: what was chosen before stays chosen.
    desk.install(setups["0.1.0"], "/SESSION=non", "/RETOUR")
    cut_in_the_copy()
    desk.install(setups["0.2.0"])
    assert desk.installed() == hashes(payloads["0.2.0"])
    assert desk.value(RUN_KEY, "enn-desktop") is None


def test_a_copy_that_cannot_end_is_said_and_mended_by_the_next_setup(
    desk: Desk, payloads: dict[str, Path], setups: dict[str, Path]
) -> None:
    desk.program.mkdir(parents=True)
    (desk.program / "Lib").write_text("a file where a folder is needed", encoding="utf-8")
    desk.install(setups["0.1.0"], expected=FAILED)
    assert any("tient ce fichier" in line for line in desk.log())
    assert not (desk.program / "enn-desktop.exe").exists()
    (desk.program / "Lib").unlink()
    desk.install(setups["0.1.0"])
    assert desk.installed() == hashes(payloads["0.1.0"])


@pytest.mark.parametrize(
    ("switch", "sentence"),
    [
        ("/PASTELL=http://pastell.exemple.fr", "https://"),
        ("/PASTELL=", "https://"),
        ("/POLITIQUE=C:\\absent.toml", "introuvable"),
        ("/REGLAGES=C:\\windows", "introuvable"),
        ("/SESSION=peut-être", "oui ou non"),
        ("/PASTEL=https://pastell.exemple.fr", "n’existe pas"),
    ],
)
def test_a_slip_in_a_script_is_said_and_nothing_is_installed(
    desk: Desk, setups: dict[str, Path], switch: str, sentence: str
) -> None:
    assert sentence in desk.install(setups["0.1.0"], switch, expected=FAILED)
    assert not desk.program.exists()


def test_settings_beside_the_setup_are_taken_without_a_switch(desk: Desk, setups: dict[str, Path]) -> None:
    beside = setups["0.1.0"].with_name("reglages.toml")
    beside.write_text("à côté", encoding="utf-8")
    try:
        desk.install(setups["0.1.0"])
    finally:
        beside.unlink()
    assert (desk.program / "prereglages.toml").read_text(encoding="utf-8") == "à côté"


def test_an_older_version_is_refused_unless_it_is_wanted(desk: Desk, setups: dict[str, Path]) -> None:
    desk.install(setups["0.2.0"])
    assert "plus ancienne" in desk.install(setups["0.1.0"], expected=FAILED)
    assert desk.value(UNINSTALL_KEY, "DisplayVersion") == "0.2.0"
    desk.install(setups["0.1.0"], "/RETOUR")
    assert desk.value(UNINSTALL_KEY, "DisplayVersion") == "0.1.0"
    assert (desk.program / OLD_FILE).exists()


@pytest.mark.parametrize("name", ["python313.dll", *FILES_OF_THE_SETUP[1:]])
def test_files_of_somebody_else_with_our_names_are_not_written_over(
    desk: Desk, setups: dict[str, Path], name: str
) -> None:
    desk.program.mkdir(parents=True)
    (desk.program / name).write_text("à quelqu’un", encoding="utf-8")
    assert name in desk.install(setups["0.1.0"], expected=FAILED)
    assert {path.name for path in desk.program.iterdir()} == {name}
    assert (desk.program / name).read_text(encoding="utf-8") == "à quelqu’un"
    (desk.program / name).rename(desk.program / FILES_OF_THE_SETUP[0])
    desk.install(setups["0.1.0"])
    assert (desk.program / f"{FILES_OF_THE_SETUP[0]}.garde-1").read_text(encoding="utf-8") == "à quelqu’un"


def test_what_is_handed_out_is_signed_down_to_the_uninstaller(
    desk: Desk, payloads: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = own_signer(tmp_path, monkeypatch)
    setup, msi = make_products(payloads["0.1.0"], tmp_path / "out", "0.1.0", fast=True, signer=signer)
    desk.install(setup)
    for path in (setup, msi, desk.program / "desinstaller.exe"):
        signer.verify(path)
    with pytest.raises(SigningError):
        signer.verify(desk.program / "enn-desktop.exe")


def test_an_old_windows_is_refused(desk: Desk, setups: dict[str, Path]) -> None:
    version = ("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/f", "/d")
    desk.wine.run(*version, "win81")
    try:
        assert "Windows 10" in desk.install(setups["0.1.0"], expected=FAILED)
    finally:
        desk.wine.run(*version, "win10")
    assert not desk.program.exists()


def test_removing_the_program_leaves_documents_settings_and_secrets(desk: Desk, setups: dict[str, Path]) -> None:
    tasks = desk.wine.local_data / "taches.txt"
    tasks.unlink(missing_ok=True)
    documents = desk.wine.home / "Documents" / "Dossiers de la mairie"
    documents.mkdir(parents=True, exist_ok=True)
    (documents / "DEL_2026_012.pdf").write_bytes(b"%PDF")
    desk.profile.mkdir(exist_ok=True)
    (desk.profile / "reglages.toml").write_text("r", encoding="utf-8")
    desk.install(setups["0.1.0"], f"/PASTELL={ADDRESS}", "/BUREAU=oui")
    keeper = desk.wine.folder / "keeper.exe"
    keeper.write_bytes((desk.program / "enn-desktop.exe").read_bytes())
    desk.wine.run(desk.wine.path(keeper), "keep", "Valbrume@enn-desktop")
    desk.wine.run(desk.wine.path(keeper), "keep", "autre-programme")
    (desk.program / "a-moi.txt").write_text("à moi", encoding="utf-8")
    assert not tasks.exists()
    desk.uninstall()
    assert tasks.read_text(encoding="ascii").split() == ["task", "remove"]
    assert set(hashes(desk.program)) == {"a-moi.txt"}
    assert not desk.start_menu.exists()
    assert not desk.desktop.exists()
    assert desk.value(UNINSTALL_KEY, "DisplayName") is None
    assert desk.value(PRODUCT_KEY, "Pastell") is None
    assert desk.value(RUN_KEY, "enn-desktop") is None
    assert set(hashes(documents)) == {"DEL_2026_012.pdf"}
    assert set(hashes(desk.profile)) == {"reglages.toml"}
    desk.wine.run(desk.wine.path(keeper), "kept", "Valbrume@enn-desktop")

    # And when it is asked for, only what is the program's own.
    for name in ("catalogue-1.sqlite", "catalogue-1.sqlite-wal", "Logs/enn-desktop.log", "Commune/acte.pdf"):
        (desk.profile / name).parent.mkdir(exist_ok=True)
        (desk.profile / name).write_text("x", encoding="utf-8")
    (desk.program / "a-moi.txt").unlink()
    desk.install(setups["0.1.0"])
    (desk.program / "fichiers-installes.txt").unlink()  # the uninstaller knows its files by heart
    desk.uninstall("/EFFACER")
    assert not desk.program.exists()
    assert set(hashes(desk.profile)) == {"Commune/acte.pdf"}
    assert set(hashes(documents)) == {"DEL_2026_012.pdf"}
    desk.wine.run(desk.wine.path(keeper), "kept", "Valbrume@enn-desktop", expected=1)
    desk.wine.run(desk.wine.path(keeper), "kept", "autre-programme")


def test_the_contractors_package_installs_upgrades_and_goes_with_the_same_presets(
    desk: Desk, payloads: dict[str, Path], setups: dict[str, Path], packages: dict[str, Path]
) -> None:
    package(desk, "/i", packages["0.1.0"], f"PASTELL={ADDRESS}", r"POLITIQUE=\\serveur\p.toml", "SESSION=non")
    assert desk.installed() == hashes(payloads["0.1.0"])
    assert desk.value(RUN_KEY, "enn-desktop") is None
    assert desk.start_menu.exists()
    package(desk, "/i", packages["0.2.0"])
    assert desk.installed() == hashes(payloads["0.2.0"])
    assert desk.value(PRODUCT_KEY, "Pastell") == ADDRESS
    assert desk.value(PRODUCT_KEY, "Politique") == r"\\serveur\p.toml"
    assert desk.value(RUN_KEY, "enn-desktop") is None
    package(desk, "/i", packages["0.1.0"], expected=MSI_FAILED)
    assert "prestataire" in desk.install(setups["0.2.0"], expected=FAILED)
    with desk.program_open():
        package(desk, "/x", packages["0.2.0"], expected=MSI_FAILED)
    tasks = desk.wine.local_data / "taches.txt"
    tasks.unlink(missing_ok=True)
    desk.wine.run("reg", "add", RUN_KEY, "/v", "enn-desktop", "/d", "written by the program", "/f")
    package(desk, "/x", packages["0.2.0"])
    assert not desk.program.exists()
    assert not desk.start_menu.exists()
    assert tasks.read_text(encoding="ascii").split() == ["task", "remove"]
    assert desk.value(RUN_KEY, "enn-desktop") is None
    assert desk.value(PRODUCT_KEY, "Pastell") is None


@pytest.mark.parametrize("given", ["POLITIQUE=p.toml", r"REGLAGES=pose\r.toml"])
def test_the_package_refuses_a_path_that_nobody_could_find_again(
    desk: Desk, packages: dict[str, Path], given: str
) -> None:
    package(desk, "/i", packages["0.1.0"], given, expected=MSI_FAILED)
    assert not desk.program.exists()


def test_the_package_starts_with_the_session_as_the_program_writes_it_and_refuses_to_sit_on_the_setup(
    desk: Desk, setups: dict[str, Path], packages: dict[str, Path]
) -> None:
    package(desk, "/i", packages["0.1.0"])
    command = [desk.wine.path(desk.program / "enn-desktop.exe")]
    assert WindowsAutostart(_Written(desk), command).enabled()
    package(desk, "/x", packages["0.1.0"])
    desk.install(setups["0.1.0"])
    package(desk, "/i", packages["0.2.0"], expected=MSI_FAILED)
    assert desk.value(UNINSTALL_KEY, "DisplayVersion") == "0.1.0"
