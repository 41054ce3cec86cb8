"""The diagnostic tells the state of things, and nothing about anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from enn_desktop.agenda.diagnosis import Subject, as_text, sections
from enn_desktop.backup.assembly import Workshop
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import FileAbsent
from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.secret_vault import SecretVault
from tests.agenda.made import NOW
from tests.conftest import MemoryKeyring

PRIVATE = (
    "Marguerite Duchêne", "marguerite.duchene@mairie-valbrume.fr", "FR7630006000011234567890189",
    "Arrêté de mise en demeure de M. Lebrun", "hunter2-Secret!", "jeton-8f3a", "congé maladie.pdf",
    "pastell.mairie-valbrume.fr", "Commune de Valbrume",
)  # fmt: skip
NAME, EMAIL, IBAN, OBJECT, PASSWORD, TOKEN, FILE, HOST, TOWN = PRIVATE


@pytest.fixture
def text(tmp_path: Path, memory_keyring: MemoryKeyring) -> str:
    paths, root = profile_paths(tmp_path / "profil"), tmp_path / NAME
    world = build_world(seed=1, dossiers=30)
    account = world.accounts["secretaire"]
    with DemoServer(world) as server:
        Workshop(paths).back_up(server.url, Credentials(user=account.login, password=account.password), root)
    with Catalogue(next(paths.data.glob("catalogue-*.sqlite"))) as catalogue:
        one = next(catalogue.dossiers())
        catalogue.put_failure(
            one.server,
            one.id_d,
            FileAbsent(f"{OBJECT} {IBAN}", detail=f"{FILE} {EMAIL}"),
            NOW,
        )
    accounts = (AccountSettings(name=NAME, address=f"https://{HOST}", user=EMAIL, certificate=f"/{FILE}"),)
    settings = Settings(folder=str(root), accounts=accounts)
    vault = SecretVault(memory_keyring, trusted=True)
    vault.keep(NAME, PASSWORD)
    return as_text(sections(Subject(settings, paths, vault, Workshop(paths), (root,))))


@pytest.mark.parametrize("private", PRIVATE)
def test_nothing_of_anybody_is_in_it(text: str, private: str) -> None:
    assert private not in text


def test_what_support_needs_is_in_it(text: str) -> None:
    for needed in (
        "version",
        "dossiers\u00a0: ",
        "manques par code\u00a0: ",
        "fichier-absent",
        "comptes\u00a0: 1",
        "charte ENN",
    ):
        assert needed in text
