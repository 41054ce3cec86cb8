"""What the tests of the setup stand on: two versions of a make-believe program, their setups and packages, a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.windows.msi import make_msi
from installer.windows.setup import Product, make_setup
from tests.wine.prefix import Wine
from tests.wine.setup_steps import OLD_FILE, SHARED, Desk, make_payload, stay_awake


@pytest.fixture(scope="module")
def payloads(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make two versions of a program: the second has one file less and one more."""
    folder = tmp_path_factory.mktemp("payloads")
    files = {"0.1.0": {**SHARED, OLD_FILE: "old"}, "0.2.0": {**SHARED, "Lib/site-packages/new/fresh.py": "new"}}
    return {version: make_payload(folder / version, named) for version, named in files.items()}


@pytest.fixture(scope="module")
def setups(payloads: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the setup of each version."""
    folder = tmp_path_factory.mktemp("setups")
    return {
        version: make_setup(Product(payload, version, fast=True), folder / f"enn-desktop-{version}-setup.exe")
        for version, payload in payloads.items()
    }


@pytest.fixture(scope="module")
def packages(payloads: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the MSI of each version."""
    folder = tmp_path_factory.mktemp("packages")
    return {
        version: make_msi(Product(payload, version, fast=True), folder / f"enn-desktop-{version}.msi")
        for version, payload in payloads.items()
    }


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """Make a Windows 10 for these tests."""
    made = Wine(tmp_path_factory.mktemp("wine"))
    try:
        made.prepare()
        # All the places where a program reads the number of its Windows.
        made.run("winecfg", "-v", "win10")
        stay_awake(made)
        yield made
    finally:
        made.end()


@pytest.fixture
def desk(wine: Wine) -> Iterator[Desk]:
    """Return a desk without the program, and clear it afterwards."""
    found = Desk(wine)
    yield found
    found.clear()
