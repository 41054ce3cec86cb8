"""What a contractor prepared is proposed and used to begin with; it never takes anything from a user."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.system import kept_copies
from enn_desktop.system.kept_copies import KeptCopies
from enn_desktop.system.paths import ProfilePaths, profile_paths
from enn_desktop.system.presets import (
    ADDRESS,
    POLICY_NAME,
    POLICY_PATH,
    SETTINGS_NAME,
    SETTINGS_PATH,
    Found,
    Sources,
    Where,
    own_sources,
    preset_policy,
    preset_settings,
    proposed_address,
    read_presets,
)
from enn_desktop.system.settings_store import address_to_propose, load_policy, load_settings, save_settings

HERS, USERS, COMPUTERS, PREPARED = (f"https://{name}.exemple.fr" for name in ("elle", "hkcu", "hklm", "fichier"))
SETTINGS = f'plateforme = "{PREPARED}"\ndossier = "D:\\\\Mairie"\n[planning]\ntoutes_les_heures = 8\n'
POLICY = "[flux.actes]\nduree_jours = 365\n"


class Prepared:
    """A computer as a contractor may have prepared it: two registries, a program folder, the system's folder."""

    def __init__(self, folder: Path) -> None:
        self.user: dict[str, str] = {}
        self.computer: dict[str, str] = {}
        self.program, self.system, self.share = (folder / name for name in ("program", "system", "share"))
        for place in (self.program, self.system, self.share):
            place.mkdir()
        self.paths = profile_paths(folder / "profile")
        self.sources = Sources(
            self.user.get, self.computer.get, self.program, self.system, KeptCopies(self.paths.data / "copies", 0.2)
        )

    def put(self, place: Path, name: str, text: str) -> Path:
        file = place / name
        file.write_text(text, encoding="utf-8")
        return file


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    return Prepared(tmp_path)


@pytest.fixture(autouse=True)
def nothing_silent() -> Iterator[None]:
    yield
    kept_copies._SILENT.clear()


# -- the address ---------------------------------------------------------------------------------------------------


def test_the_nearest_address_wins_her_own_then_her_registry_the_computer_s_and_the_file(prepared: Prepared) -> None:
    own = Settings(platform=HERS)
    prepared.user[ADDRESS], prepared.computer[ADDRESS] = USERS, COMPUTERS
    prepared.put(prepared.program, SETTINGS_NAME, SETTINGS)
    assert proposed_address(prepared.sources, own) == Found(HERS)
    assert proposed_address(prepared.sources, Settings()) == Found(USERS, Where.USER)
    del prepared.user[ADDRESS]
    assert proposed_address(prepared.sources, Settings()) == Found(COMPUTERS, Where.COMPUTER)
    del prepared.computer[ADDRESS]
    assert proposed_address(prepared.sources, Settings()) == Found(PREPARED, Where.PROGRAM)
    (prepared.program / SETTINGS_NAME).unlink()
    assert proposed_address(prepared.sources, Settings()) == Found()


@pytest.mark.parametrize(
    "wrong", ["ftp://x.fr", "des mots au hasard", "https://", "https://a:b@x.fr", "https://x.fr:99999"]
)
def test_an_address_that_is_none_is_passed_over_and_the_sentence_says_where_it_stands(
    prepared: Prepared, wrong: str
) -> None:
    prepared.user[ADDRESS], prepared.computer[ADDRESS] = wrong, COMPUTERS
    found = proposed_address(prepared.sources, Settings())
    assert found.value == COMPUTERS
    [fault] = found.faults
    assert "HKCU\\Software\\enn-desktop, valeur Pastell" in fault.message
    assert "prestataire" in fault.advice
    assert wrong not in fault.message


def test_the_address_is_still_proposed_to_a_user_who_has_settings(prepared: Prepared) -> None:
    save_settings(prepared.paths, Settings(accounts=(AccountSettings(name="mairie", address=HERS),)))
    prepared.computer[ADDRESS] = COMPUTERS
    settings = load_settings(prepared.paths, prepared.sources)
    assert address_to_propose(prepared.paths, settings, prepared.sources) == (COMPUTERS, True)
    assert address_to_propose(prepared.paths, Settings(platform=HERS), prepared.sources) == (HERS, False)


def test_a_registry_that_may_not_be_read_proposes_nothing(prepared: Prepared) -> None:
    def locked(_name: str) -> str | None:
        raise PermissionError(5, "refused")

    sources = Sources(locked, locked, prepared.program)
    assert read_presets(sources) == read_presets(Sources())


# -- the settings --------------------------------------------------------------------------------------------------


def test_a_new_user_starts_with_what_was_prepared_and_the_address_stays_a_proposal(prepared: Prepared) -> None:
    prepared.put(prepared.program, SETTINGS_NAME, SETTINGS)
    begun = load_settings(prepared.paths, prepared.sources)
    assert (begun.folder, begun.schedule.every_hours, begun.platform) == ("D:\\Mairie", 8, "")
    assert not prepared.paths.settings_file.exists()
    assert address_to_propose(prepared.paths, begun, prepared.sources) == (PREPARED, True)


def test_a_user_who_has_settings_keeps_hers_whatever_an_upgrade_brings(prepared: Prepared) -> None:
    hers = Settings(folder="E:\\Hers", accounts=(AccountSettings(name="mairie", address=HERS),))
    save_settings(prepared.paths, hers)
    before = prepared.paths.settings_file.read_bytes()
    prepared.put(prepared.program, SETTINGS_NAME, SETTINGS)
    assert load_settings(prepared.paths, prepared.sources) == hers
    assert prepared.paths.settings_file.read_bytes() == before


def test_the_file_that_the_registry_names_comes_before_the_one_beside_the_program(prepared: Prepared) -> None:
    prepared.put(prepared.program, SETTINGS_NAME, 'dossier = "programme"')
    prepared.put(prepared.system, SETTINGS_NAME, 'dossier = "systeme"')
    computers = prepared.put(prepared.share, "ordinateur.toml", 'dossier = "ordinateur"')
    users = prepared.put(prepared.share, "utilisateur.toml", 'dossier = "utilisateur"')
    prepared.computer[SETTINGS_PATH], prepared.user[SETTINGS_PATH] = str(computers), str(users)

    def folder() -> tuple[str, Where | None]:
        found = preset_settings(prepared.sources)
        return (found.value or Settings()).folder, found.where

    assert folder() == ("utilisateur", Where.USER)
    del prepared.user[SETTINGS_PATH]
    assert folder() == ("ordinateur", Where.COMPUTER)
    del prepared.computer[SETTINGS_PATH]
    assert folder() == ("programme", Where.PROGRAM)
    (prepared.program / SETTINGS_NAME).unlink()
    assert folder() == ("systeme", Where.SYSTEM)


WRONG = {
    "no toml": b"ceci n'est pas du toml",
    "no text": b"\x81\x00\xff",
    "a wrong kind": b'version = "un"',
    "out of bounds": b"[planning]\ntoutes_les_heures = 0\n",
    "too large": b"#" * 2_000_000,
    "a password": b'[[compte]]\nnom = "m"\nadresse = "https://x.fr"\nmot_de_passe = "hunter2-Secret"\n',
    "a token": b'[[compte]]\nnom = "m"\nadresse = "https://x.fr"\njeton = "hunter2-Secret"\n',
    "a password in the proxy": b'[mandataire]\nmode = "manuel"\nadresse = "moi:hunter2-Secret@proxy:3128"\n',
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_named_with_whom_to_call_and_the_next_one_is_used(prepared: Prepared, content: bytes) -> None:
    wrong = prepared.share / "faux.toml"
    wrong.write_bytes(content)
    prepared.user[SETTINGS_PATH] = str(wrong)
    prepared.put(prepared.program, SETTINGS_NAME, SETTINGS)
    found = preset_settings(prepared.sources)
    assert found.value is not None
    assert found.where is Where.PROGRAM
    [fault] = found.faults
    assert str(wrong) in fault.message
    assert "prestataire" in fault.advice
    assert "hunter2" not in f"{fault.message}{fault.advice}{fault.detail}"
    assert wrong.read_bytes() == content


def test_a_wrong_file_alone_leaves_the_usual_settings(prepared: Prepared) -> None:
    prepared.put(prepared.program, SETTINGS_NAME, "pas du toml")
    assert load_settings(prepared.paths, prepared.sources) == Settings()


def test_the_method_of_an_account_is_no_secret(prepared: Prepared) -> None:
    text = '[[compte]]\nnom = "m"\nadresse = "https://x.fr"\nidentifiant = "secretaire"\nmethode = "mot-de-passe"\n'
    prepared.put(prepared.program, SETTINGS_NAME, text)
    found = preset_settings(prepared.sources)
    assert found.faults == ()
    assert found.value is not None
    assert [account.user for account in found.value.accounts] == ["secretaire"]


def test_of_a_file_with_one_bad_address_the_rest_is_used(prepared: Prepared) -> None:
    accounts = '[[compte]]\nnom = "a"\nadresse = "ftp://x"\n[[compte]]\nnom = "b"\nadresse = "https://x.fr"\n'
    prepared.put(prepared.program, SETTINGS_NAME, f'plateforme = "pas ici"\ndossier = "D:\\\\M"\n{accounts}')
    found = preset_settings(prepared.sources)
    assert found.value is not None
    assert (found.value.folder, found.value.platform) == ("D:\\M", "")
    assert [account.name for account in found.value.accounts] == ["b"]
    assert len(found.faults) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_notepad_and_powershell_write_is_read(prepared: Prepared, encoding: str) -> None:
    text = 'dossier = "D:\\\\Mairie de l’Été"\n'
    (prepared.program / SETTINGS_NAME).write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert load_settings(prepared.paths, prepared.sources).folder == "D:\\Mairie de l’Été"


# -- the policy ----------------------------------------------------------------------------------------------------


def actes(paths: ProfilePaths, sources: Sources) -> tuple[int, str]:
    policy = load_policy(paths, sources)
    return policy.flow("actes").retention_days, policy.origin_of("flux.actes.duree_jours")


def test_the_installation_s_policy_stands_between_the_charter_and_the_user_s(prepared: Prepared) -> None:
    assert actes(prepared.paths, prepared.sources) == (700, "la charte ENN")
    beside = prepared.put(prepared.program, POLICY_NAME, POLICY)
    assert actes(prepared.paths, prepared.sources) == (365, f"l’installation ({beside})")
    prepared.paths.settings.mkdir(parents=True, exist_ok=True)
    prepared.paths.policy_file.write_text("[flux.actes]\nduree_jours = 30\n", encoding="utf-8")
    assert actes(prepared.paths, prepared.sources)[0] == 30


def test_a_policy_on_a_share_that_is_off_is_replaced_by_its_copy_and_the_origin_says_so(prepared: Prepared) -> None:
    file = prepared.put(prepared.share, "politique.toml", POLICY)
    prepared.user[POLICY_PATH] = str(file)
    assert actes(prepared.paths, prepared.sources) == (365, f"l’installation ({file})")
    file.rename(prepared.share / "ailleurs.toml")
    days, origin = actes(prepared.paths, prepared.sources)
    assert days == 365
    assert origin.startswith(f"l’installation ({file}, copie du 20")
    assert "ne répond pas" in origin
    [fault] = preset_policy(prepared.sources).faults
    assert str(file) in fault.message


def test_a_share_that_hangs_is_waited_for_once(prepared: Prepared) -> None:
    hanging = prepared.share / "tuyau.toml"
    os.mkfifo(hanging)
    prepared.computer[POLICY_PATH] = str(hanging)
    prepared.put(prepared.program, POLICY_NAME, POLICY)
    assert actes(prepared.paths, prepared.sources)[0] == 365
    waiting = [one for one in threading.enumerate() if one.name == "fichier distant"]
    assert actes(prepared.paths, prepared.sources)[0] == 365
    assert [one for one in threading.enumerate() if one.name == "fichier distant"] == waiting
    with hanging.open("wb"):
        waiting[0].join(5)


def test_a_policy_gone_wrong_on_the_share_leaves_the_last_good_one_in_force(prepared: Prepared) -> None:
    file = prepared.put(prepared.share, "politique.toml", POLICY)
    prepared.user[POLICY_PATH] = str(file)
    assert actes(prepared.paths, prepared.sources)[0] == 365
    file.write_text("[flux.actes]\nduree_jours = 'trente'\n", encoding="utf-8")
    assert actes(prepared.paths, prepared.sources)[0] == 365
    [fault] = preset_policy(prepared.sources).faults
    assert "flux.actes.duree_jours" in fault.message


def test_the_copy_of_one_file_never_stands_for_another(prepared: Prepared) -> None:
    first = prepared.put(prepared.share, "premier.toml", POLICY)
    prepared.user[POLICY_PATH] = str(first)
    load_policy(prepared.paths, prepared.sources)
    prepared.user[POLICY_PATH] = str(prepared.share / "autre.toml")
    assert actes(prepared.paths, prepared.sources) == (700, "la charte ENN")


def test_on_this_computer_nothing_is_prepared_for_a_program_that_is_not_installed(tmp_path: Path) -> None:
    found = read_presets(own_sources(profile_paths(tmp_path)))
    assert found.settings.value is None
    assert found.policy.value is None
    assert found.faults == ()
