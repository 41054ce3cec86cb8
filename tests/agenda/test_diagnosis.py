"""The diagnostic tells the state of things, and nothing about anybody."""

from __future__ import annotations

import json
import socket
import tempfile
import threading
import time
from pathlib import Path

import pytest

from enn_desktop.agenda import diagnosis
from enn_desktop.agenda.diagnosis import TOO_LATE, Lines, Subject, as_text, sections
from enn_desktop.backup.assembly import Workshop
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import FileAbsent
from enn_desktop.core.settings import AccountSettings, ProxySettings, Settings, UpdateNoticeSettings
from enn_desktop.core.task_plan import TaskPlan
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.system import computer, computer_place, settings_store
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.presets import ADDRESS, POLICY_PATH, SETTINGS_PATH, Sources
from enn_desktop.system.scheduled_task import LastRun, Registered, Scheduler
from enn_desktop.system.secret_vault import SecretVault
from tests.agenda.made import NOW
from tests.conftest import MemoryKeyring

PRIVATE = (
    "Marguerite Duchêne", "marguerite.duchene@mairie-valbrume.fr", "FR7630006000011234567890189",
    "Arrêté de mise en demeure de M. Lebrun", "hunter2-Secret!", "jeton-8f3a", "congé maladie.pdf",
    "pastell.mairie-valbrume.fr", "Commune de Valbrume",
)  # fmt: skip
NAME, EMAIL, IBAN, OBJECT, PASSWORD, TOKEN, FILE, HOST, TOWN = PRIVATE


USER, COMPUTER_NAME, SHARE = "MARGUERITE-LOGIN", "POSTE-ACCUEIL-7", "srv-mairie-valbrume"


def subject_of(folder: Path, memory_keyring: MemoryKeyring) -> Subject:
    """Make a computer with a person's name wherever one can stand."""
    paths, root = profile_paths(folder / "profil"), folder / NAME
    world = build_world(seed=1, dossiers=30)
    account = world.accounts["secretaire"]
    with DemoServer(world) as server:
        Workshop(paths).back_up(server.url, Credentials(user=account.login, password=account.password), root)
    with Catalogue(next(paths.data.glob("catalogue-*.sqlite"))) as catalogue:
        one = next(catalogue.dossiers())
        catalogue.put_failure(one.server, one.id_d, FileAbsent(f"{OBJECT} {IBAN}", detail=f"{FILE} {EMAIL}"), NOW)
    paths.settings.mkdir(parents=True, exist_ok=True)
    paths.policy_file.write_text("[flux.actes]\nduree_jours = 30\n", encoding="utf-8")
    settings = Settings(
        platform=f"https://{HOST}",
        folder=str(root),
        accounts=(AccountSettings(name=NAME, address=f"https://{HOST}", user=EMAIL, certificate=f"/{FILE}"),),
        proxy=ProxySettings(mode="manuel", address=f"{EMAIL.partition('@')[0]}:{TOKEN}@{HOST}:3128", user=EMAIL),
        notice=UpdateNoticeSettings(enabled=True, address=f"https://{HOST}/{FILE}"),
    )
    vault = SecretVault(memory_keyring, trusted=True)
    vault.keep(NAME, PASSWORD)
    return Subject(settings, paths, vault, Workshop(paths), (root,))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Lines]]:
    folder = tmp_path_factory.mktemp(USER)
    (folder / "politique.toml").write_text("[flux.convocations]\nduree_jours = 30\n", encoding="utf-8")
    (folder / "reglages.toml").write_text(f'mot_de_passe = "{PASSWORD}"\n', encoding="utf-8")
    registry = {POLICY_PATH: str(folder / "politique.toml"), SETTINGS_PATH: str(folder / "reglages.toml")}
    registry[ADDRESS] = f"https://{SHARE}.fr"
    with pytest.MonkeyPatch.context() as own:
        own.setenv("USERNAME", USER)
        own.setenv("LOGNAME", USER)
        own.setenv("COMPUTERNAME", COMPUTER_NAME)
        own.setattr(socket, "gethostname", lambda: COMPUTER_NAME)
        own.setattr(diagnosis, "own_sources", lambda _paths: Sources(user=registry.get))
        own.setattr(settings_store, "own_sources", lambda _paths: Sources(user=registry.get))
        return sections(subject_of(folder, MemoryKeyring()))


@pytest.fixture
def text(found: list[tuple[str, Lines]]) -> str:
    """Give the text and the JSON, one after the other: both are sent by mail."""
    return as_text(found) + json.dumps({title: dict(lines) for title, lines in found}, ensure_ascii=False)


HIDDEN = (
    *PRIVATE,
    EMAIL.partition("@")[0],
    USER,
    COMPUTER_NAME,
    SHARE,
    tempfile.gettempdir(),
    "politique.toml",
    "3128",
)


@pytest.mark.parametrize("private", HIDDEN)
def test_nothing_of_anybody_is_in_it(text: str, private: str) -> None:
    assert private not in text


def test_the_name_of_this_very_account_and_computer_is_not_in_it(text: str) -> None:
    assert str(Path.home()) not in text
    assert socket.gethostname() not in text


def test_every_part_has_its_say(found: list[tuple[str, Lines]]) -> None:
    told = {title: dict(lines) for title, lines in found}
    assert "erreur" not in as_text(found)
    assert told["Préparation"]["adresse proposée"] == "réglages de l’utilisateur"
    assert told["Préparation"]["politique de l’installation"] == "registre de l’utilisateur"
    assert told["Préparation"]["réglages préparés"] == "aucune préparation"
    assert told["Préparation"]["fichiers ou valeurs inutilisables"] == "1"
    assert told["Réseau"]["proxy"] == "manuel (réglage du programme), avec identifiant"
    assert told["Dossier 1"]["dossier"] == "là"
    assert told["Automatismes"]["annonce de nouvelle version"] == "demandée, programme sans clé"
    assert told["Règles"]["Convocations"].startswith("Durée\u00a0: 30 jours, fixée par l’installation")


def test_what_support_needs_is_in_it(text: str) -> None:
    for needed in (
        "version",
        "dossiers\u00a0: ",
        "manques par code\u00a0: ",
        "fichier-absent",
        "comptes\u00a0: 1",
        "charte ENN",
        "droits",
        "chemin",
    ):
        assert needed in text


def test_a_part_that_hangs_takes_its_own_lines_away_and_no_more_than_the_time_allowed(
    tmp_path: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(diagnosis, "WHOLE_S", 1.5)
    monkeypatch.setattr(computer_place, "describe", lambda _folder: released.wait(30) and [])
    paths = profile_paths(tmp_path / "profil")
    subject = Subject(Settings(), paths, SecretVault(memory_keyring, trusted=True), Workshop(paths), (tmp_path,))
    begun = time.monotonic()
    told = dict(sections(subject))
    released.set()
    assert time.monotonic() - begun < 10
    assert told["Dossier 1"] == TOO_LATE
    assert told["Programme"][0][0] == "version"


def test_a_part_that_breaks_says_how_and_the_others_come(
    tmp_path: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Lines:
        raise RuntimeError(NAME)

    monkeypatch.setattr(computer, "describe", broken)
    paths = profile_paths(tmp_path / "profil")
    subject = Subject(Settings(), paths, SecretVault(memory_keyring, trusted=True), Workshop(paths), (tmp_path,))
    told = dict(sections(subject))
    assert told["Poste"] == [("état", "erreur RuntimeError")]
    assert NAME not in as_text(list(told.items()))
    assert told["Profil"][0] == ("profil", "particulier")


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ((LastRun.NEVER, None), "pas encore passée"),
        ((LastRun.RUNNING, None), "en train de passer"),
        ((LastRun.UNKNOWN, None), "on ne sait pas comment elle a fini"),
        ((LastRun.ENDED, 7), "dernier code 7"),
    ],
)
def test_how_the_task_ended_is_in_it(
    tmp_path: Path,
    memory_keyring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    ended: tuple[LastRun, int | None],
    words: str,
) -> None:
    last, code = ended

    class OneTask(Scheduler):
        def registered(self) -> Registered:
            return Registered(TaskPlan(), current=True, last=last, last_code=code)

    monkeypatch.setattr(diagnosis, "own_scheduler", lambda _profile: OneTask(()))
    paths = profile_paths(tmp_path / "profil")
    subject = Subject(Settings(), paths, SecretVault(memory_keyring, trusted=True), Workshop(paths), ())
    told = dict(dict(sections(subject))["Automatismes"])
    assert told["tâche planifiée"] == f"12:30, {words}"
