"""One Setup.exe, from the documented command to an empty folder: built, installed, used, upgraded, removed.

The scene goes on from fixture to fixture, as the life of one computer does; the tests say what was seen on the way.
Run with ``python3 installer/bootstrap.py windows``; ``ENN_PICTURES=FOLDER`` keeps its pictures.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from enn_desktop import __version__
from enn_desktop.core.exits import ExitCode
from enn_desktop.demo import DemoServer, build_world
from tests.end_to_end.truth import assert_home, assert_sound
from tests.installer.windows.own_certificate import SECRET, VARIABLE
from tests.screen.virtual_screen import Screen, open_screen
from tests.wine.made import Made, product
from tests.wine.prefix import Wine
from tests.wine.product import (
    CHANGED,
    DOCUMENTS,
    PASSWORD_NAME,
    STALE,
    Hands,
    TownHall,
    make_previous,
)
from tests.wine.setup_steps import PRODUCT_KEY, RUN_KEY, UNINSTALL_KEY, Desk, app_id, hashes

pytestmark = pytest.mark.wine

ACCOUNT, ADDRESS = "Valbrume", "https://pastell.exemple.fr"
SETUP_MB, INSTALLED_MB = 35, 120
MEGA = 1_000_000
DOSSIERS = 60


def kept_files(profile: Path) -> dict[str, str]:
    """Return name → SHA-256 of a profile, but for the log: the uninstaller's own questions are noted there."""
    return {name: value for name, value in hashes(profile).items() if not name.endswith(".log")}


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with open_screen(tmp_path_factory.mktemp("screen"), tray=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with product(tmp_path_factory) as begun:
        yield begun


@pytest.fixture(scope="module")
def before(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the setup of the version before."""
    with pytest.MonkeyPatch.context() as secrets:
        secrets.setenv(VARIABLE, SECRET)
        return make_previous(made.payload, tmp_path_factory.mktemp("before"), made.signer)


@pytest.fixture(scope="module")
def town_hall(tmp_path_factory: pytest.TempPathFactory, screen: Screen) -> Iterator[TownHall]:
    wine = Wine(tmp_path_factory.mktemp("windows"), screen.display)
    try:
        wine.prepare()
        yield TownHall(Desk(wine))
    finally:
        wine.end()


@pytest.fixture(scope="module")
def platform() -> Iterator[DemoServer]:
    with DemoServer(build_world(seed=5, dossiers=DOSSIERS)) as server:
        yield server


@pytest.fixture(scope="module")
def installed(before: Path, town_hall: TownHall) -> TownHall:
    """Have the contractor install the version before, without a window, with everything filled in."""
    wine = town_hall.desk.wine
    policy = wine.drive / "mairie-politique" / "politique.toml"
    policy.parent.mkdir()
    policy.write_text("[flux.actes]\nduree_jours = 650\n", encoding="utf-8")
    town_hall.desk.install(
        before, f"/PASTELL={ADDRESS}", r"/POLITIQUE=C:\mairie-politique\politique.toml", "/SESSION=oui"
    )
    return town_hall


@pytest.fixture(scope="module")
def used(installed: TownHall, platform: DemoServer) -> TownHall:
    """Give an account, bring everything home, and look after it."""
    account = platform.world.accounts["secretaire"]
    who = ("--url", platform.url, "--user", account.login, "--password-env", PASSWORD_NAME)
    installed.tell("account", "add", ACCOUNT, *who, "--to", DOCUMENTS, secret=account.password)
    seen = installed.seen
    (one,) = installed.ask("backup", expected=ExitCode.PARTIAL)["accounts"]
    seen["backup"] = one["report"]
    seen["verify"] = installed.ask("verify")
    seen["list"] = installed.ask("list")
    seen["diagnose"] = installed.ask("diagnose")
    seen["key"] = installed.ask("key", expected=ExitCode.KEY)
    return installed


@pytest.fixture(scope="module")
def tried(installed: TownHall) -> TownHall:
    """Let the installed program try itself, window and all."""
    installed.seen["trial"] = installed.trial()
    return installed


@pytest.fixture(scope="module")
def upgraded(used: TownHall, tried: TownHall, made: Made) -> TownHall:
    """Put the setup of now over the one of before; nobody does anything else."""
    assert tried is used
    used.seen["profile before"] = hashes(used.desk.profile)
    used.seen["documents before"] = hashes(used.documents)
    used.desk.install(made.setup())
    used.seen["installed"] = used.desk.installed()
    used.seen["registry"] = {key: used.desk.values(key) for key in (PRODUCT_KEY, RUN_KEY, UNINSTALL_KEY)}
    used.seen["shortcut"] = app_id(used.desk.start_menu)
    used.seen["after"] = {
        "account": used.tell("account", "test", ACCOUNT),
        "backup": used.ask("backup", expected=ExitCode.PARTIAL)["accounts"][0]["report"],
        "list": used.ask("list"),
        "version": used.tell("--version"),
    }
    return used


@pytest.fixture(scope="module")
def removed(upgraded: TownHall) -> TownHall:
    """Uninstall the program, without a word about documents or settings."""
    upgraded.seen["profile at the end"] = kept_files(upgraded.desk.profile)
    upgraded.seen["documents at the end"] = hashes(upgraded.documents)
    upgraded.desk.uninstall()
    return upgraded


@pytest.fixture(scope="module")
def by_hand(removed: TownHall, made: Made, screen: Screen) -> TownHall:
    """Install it again as the secretary does: a double-click, then Enter; then have the window leave."""
    desk = removed.desk
    shutil.rmtree(desk.profile)
    hands = Hands(screen, desk)
    hands.install(made.setup())
    removed.seen["titles"] = screen.titles()
    removed.seen["pages"] = hands.pages
    removed.seen["refused while open"] = desk.wine.call(desk.wine.path(made.setup()), "/S").returncode
    removed.tell("--quit")
    removed.seen["titles after"] = screen.titles()
    desk.uninstall("/EFFACER")
    return removed


def test_everything_on_the_platform_is_home_in_a_windows_folder(used: TownHall, platform: DemoServer) -> None:
    assert_home(used.documents, platform.world, "secretaire")
    assert_sound(used.documents)
    assert used.seen["verify"]["findings"] == []
    assert used.seen["backup"]["fetched"]["dossiers"] == len(used.seen["list"]["dossiers"])


def test_the_password_is_in_windows_vault_and_nowhere_on_the_disk(used: TownHall, platform: DemoServer) -> None:
    secret = platform.world.accounts["secretaire"].password.encode()
    holders = [path for path in used.desk.profile.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert holders == []
    assert "WinVaultKeyring" in used.seen["diagnose"]["Profil"]["trousseau"]


def test_the_key_s_state_is_said_although_this_windows_has_no_card_service(used: TownHall) -> None:
    assert used.seen["key"]["state"] == "SERVICE_DESACTIVE"
    assert used.seen["key"]["message"]


def test_the_installed_program_passes_its_own_trial_in_a_real_window(tried: TownHall) -> None:
    said = tried.seen["trial"]
    assert (said["exit_code"], said["outcome"], said["trouble"], said["errors"]) == (0, "ok", "", [])
    assert (said["installed"], said["qt_platform"], said["tray"]) == (True, "windows", True)
    assert said["run"]["dossiers"] > said["run"]["complete"] > 0
    assert said["verify"]["damages"] == 0
    assert len(said["pictures"]) == 4


def test_after_the_upgrade_the_folder_holds_what_was_built_now_and_nothing_else(upgraded: TownHall, made: Made) -> None:
    policy = hashes(upgraded.desk.wine.drive / "mairie-politique")["politique.toml"]
    assert upgraded.seen["installed"] == {**hashes(made.payload), "politique-enn.toml": policy}
    assert not (upgraded.desk.program / STALE).exists()
    assert not (upgraded.desk.program / CHANGED).exists()
    assert upgraded.seen["after"]["version"].strip() == f"enn-desktop {__version__}"


def test_the_upgrade_keeps_settings_secret_catalogue_documents_and_presets(upgraded: TownHall) -> None:
    seen = upgraded.seen
    settings = seen["profile before"]["reglages.toml"]
    assert hashes(upgraded.desk.profile)["reglages.toml"] == settings
    assert seen["after"]["list"]["dossiers"] == seen["list"]["dossiers"]
    assert seen["after"]["backup"]["fetched"]["files"] == 0
    kept = seen["documents before"]
    assert {name: value for name, value in hashes(upgraded.documents).items() if name in kept} == kept
    assert seen["registry"][PRODUCT_KEY]["Pastell"] == ADDRESS
    assert seen["registry"][RUN_KEY]["enn-desktop"].endswith("--tray")
    assert seen["registry"][UNINSTALL_KEY]["DisplayVersion"] == __version__
    assert seen["shortcut"] == "fr.enn.desktop"


def test_removing_the_program_leaves_exactly_the_documents_and_her_own_profile(removed: TownHall) -> None:
    desk = removed.desk
    assert not desk.program.exists()
    assert not desk.start_menu.exists()
    assert [desk.values(key) for key in (PRODUCT_KEY, UNINSTALL_KEY)] == [{}, {}]
    assert "enn-desktop" not in desk.values(RUN_KEY)
    assert hashes(removed.documents) == removed.seen["documents at the end"]
    assert kept_files(desk.profile) == removed.seen["profile at the end"]


def test_a_double_click_and_the_enter_key_lead_to_the_first_question(by_hand: TownHall) -> None:
    assert len(set(by_hand.seen["pages"])) == 4
    assert "enn-desktop" in by_hand.seen["titles"]


def test_an_open_window_holds_the_setup_off_until_it_is_asked_to_leave(by_hand: TownHall) -> None:
    running = 3
    assert by_hand.seen["refused while open"] == running
    assert "enn-desktop" not in by_hand.seen["titles after"]


def test_erasing_everything_still_leaves_the_documents(by_hand: TownHall) -> None:
    assert hashes(by_hand.documents) == by_hand.seen["documents at the end"]
    assert not by_hand.desk.profile.exists() or not any(by_hand.desk.profile.rglob("reglages.toml"))


def test_the_setup_and_what_it_installs_are_small_enough(made: Made) -> None:
    assert made.setup().stat().st_size <= SETUP_MB * MEGA
    assert sum(one.stat().st_size for one in made.payload.rglob("*") if one.is_file()) <= INSTALLED_MB * MEGA


def test_setup_launchers_and_msi_bear_a_signature_that_holds(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    for path in (made.setup(), made.msi(), made.payload / "enn-desktop.exe", made.payload / "enn-desktop.com"):
        made.signer.verify(path)
