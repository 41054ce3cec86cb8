"""The MSI read back with msitools: language, identity, conditions, the shortcut's name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from enn_desktop.system import app_identity, autostart
from installer.windows.msi import UPGRADE_CODE, make_msi
from installer.windows.setup import Product
from tests.installer.windows.test_setup_lists import payload

FIXED = "{6E1D5E0C-3C0B-4E0B-9C5A-6B0B0E7A4D21}"
"""Written a second time on purpose: whoever changes it leaves every town hall with two programs."""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make two versions of the same files."""
    folder = tmp_path_factory.mktemp("msi")
    files = payload(folder / "payload", "Lib/a.py", "Lib/deep/b.py")
    return {
        version: make_msi(Product(files, version, fast=True), folder / f"{version}.msi")
        for version in ("0.1.0", "0.2.0")
    }


def table(path: Path, name: str) -> list[list[str]]:
    """Return the rows of a table of a package."""
    said = subprocess.run(["msiinfo", "export", path, name], capture_output=True, encoding="utf-8", check=True)
    return [line.split("\t") for line in said.stdout.splitlines()[3:]]


def test_the_package_is_french_of_64_bits_and_per_user(packages: dict[str, Path]) -> None:
    said = subprocess.run(["msiinfo", "suminfo", packages["0.1.0"]], capture_output=True, encoding="utf-8", check=True)
    assert "Template: x64;1036\n" in said.stdout
    assert "Source: 10 (a)" in said.stdout  # compressed, and no administrator
    properties = dict(row[:2] for row in table(packages["0.1.0"], "Property"))
    assert properties["ProductLanguage"] == "1036"
    assert "ALLUSERS" not in properties


def test_two_versions_are_the_same_product_with_the_same_parts(packages: dict[str, Path]) -> None:
    old, new = (dict(row[:2] for row in table(path, "Property")) for path in packages.values())
    assert old["UpgradeCode"] == new["UpgradeCode"] == UPGRADE_CODE == FIXED
    assert old["ProductCode"] != new["ProductCode"]
    parts = [sorted(row[:2] for row in table(path, "Component")) for path in packages.values()]
    assert parts[0] == parts[1]


def test_the_same_version_made_twice_has_the_same_identity(packages: dict[str, Path], tmp_path: Path) -> None:
    files = payload(tmp_path / "payload", "Lib/a.py", "Lib/deep/b.py")
    again = make_msi(Product(files, "0.1.0", fast=True), tmp_path / "again.msi")
    for name in ("Property", "Component", "File", "Registry", "LaunchCondition"):
        assert table(again, name) == table(packages["0.1.0"], name)


def test_shortcut_and_session_are_those_of_the_program(packages: dict[str, Path]) -> None:
    assert table(packages["0.1.0"], "MsiShortcutProperty") == [
        ["AppId", "StartMenu", "System.AppUserModel.ID", app_identity.APP_ID]
    ]
    lines = [row[4] for row in table(packages["0.1.0"], "Registry") if row[2] == autostart.RUN]
    assert sorted(lines) == ['"[INSTALLDIR]enn-desktop.exe" --tray', "[INSTALLDIR]enn-desktop.exe --tray"]


def test_every_refusal_is_a_french_sentence(packages: dict[str, Path]) -> None:
    said = {row[1] for row in table(packages["0.1.0"], "LaunchCondition")}
    assert len(said) == 6
    assert all(sentence.startswith(("enn-desktop ", "Une version plus récente")) for sentence in said)


def test_what_is_tidied_up_after_the_program_waits_until_it_goes_for_good(packages: dict[str, Path]) -> None:
    place = {row[0]: (row[1], int(row[2])) for row in table(packages["0.1.0"], "InstallExecuteSequence")}
    kinds = {row[0]: int(row[1]) for row in table(packages["0.1.0"], "CustomAction")}
    assert (
        place["RemoveExistingProducts"][1] < place["InstallInitialize"][1]
    )  # the old one first, or it takes the new one
    for name in ("RemoveTask", "ForgetProgram"):
        condition, number = place[name]
        assert condition == 'REMOVE = "ALL" AND NOT UPGRADINGPRODUCTCODE'
        assert place["InstallInitialize"][1] < number < place["RemoveFiles"][1]
        # msidbCustomActionTypeInScript, msidbCustomActionTypeContinue: under the user's name, and no failure stops it.
        assert kinds[name] & (0x400 | 0x40 | 0x800) == 0x400 | 0x40
