"""What is said of a computer: enough for a contractor, nothing of anybody."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from ctypes import c_uint16, c_uint32, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from enn_desktop.system import computer, computer_place
from enn_desktop.system.computer_place import windows_file_system
from enn_desktop.system.computer_token import own_sid, rights
from enn_desktop.system.computer_windows import (
    FILES_KEY,
    OWN_ROOTS_KEY,
    POLICY_ROOTS_KEY,
    SETUP_KEY,
    VERSION_KEY,
    WindowsFacts,
    describe,
    setup_version,
)
from enn_desktop.system.windows_calls import wide
from enn_desktop.system.windows_dll import Prototype

SID = "S-1-5-21-111-222-333-1001"


@dataclass
class FakeRegistry:
    """The computer's and the user's parts, as a usual Windows has them."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    below: dict[tuple[str, bool], int] = field(default_factory=dict)

    def text(self, key: str, name: str) -> str:
        return self.texts.get((key, name), "")

    def number(self, key: str, name: str) -> int | None:
        return self.numbers.get((key, name))

    def own_text(self, key: str, name: str) -> str:
        return self.texts.get((key, name), "")

    def count_below(self, key: str, *, own: bool) -> int:
        return self.below.get((key, own), 0)


class FakeLibrary:
    """Functions of Windows by their names; one that is not given answers 0."""

    def __init__(self, **functions: Callable[..., int]) -> None:
        self.functions: dict[str, Callable[..., int]] = functions
        self.called: list[str] = []

    def last_error(self) -> int:
        return 0

    def call(self, function: Prototype, *arguments: object) -> int:
        self.called.append(function.name)
        known = self.functions.get(function.name)
        return 0 if known is None else known(*arguments)


def put(pointer: object, value: int, kind: type[c_uint32 | c_uint16 | c_void_p] = c_uint32) -> None:
    """Write a number where a reference leads."""
    ctypes.cast(pointer, ctypes.POINTER(kind))[0] = value  # type: ignore[arg-type] # a reference of ctypes


def windows(
    registry: FakeRegistry, *, build: int = 19_045, session: int = 1, remote: int = 0, desktop: int = 7
) -> dict[str, str]:
    def session_of(_process: int, out: object) -> int:
        put(out, session)
        return 1

    user = FakeLibrary(GetSystemMetrics=lambda _: remote, OpenInputDesktop=lambda *_: desktop)
    kernel = FakeLibrary(ProcessIdToSessionId=session_of)
    return dict(describe(WindowsFacts(registry, build, user, kernel, lambda: "utilisateur")))


def usual() -> FakeRegistry:
    texts = {(VERSION_KEY, "EditionID"): "Professional", (VERSION_KEY, "DisplayVersion"): "22H2"}
    return FakeRegistry(texts, {(VERSION_KEY, "UBR"): 4170, (FILES_KEY, "LongPathsEnabled"): 1})


def test_edition_build_and_update_are_said() -> None:
    assert windows(usual())["système"] == "Windows 10 Professional 22H2 (build 19045.4170)"


def test_windows_11_is_known_by_its_build_for_it_calls_itself_10() -> None:
    assert windows(usual(), build=22_631)["système"].startswith("Windows 11 Professional")


def test_a_windows_that_says_little_is_still_described() -> None:
    found = windows(FakeRegistry())
    assert found["système"] == "Windows 10 édition inconnue (build 19045)"
    assert found["chemins longs"] == "non permis par Windows"


@pytest.mark.parametrize(
    ("session", "remote", "desktop", "said"),
    [
        (1, 0, 7, "sur place, ouverte"),
        (1, 0, 0, "sur place, verrouillée"),
        (2, 1, 7, "bureau à distance, ouverte"),
        (0, 0, 0, "sans bureau (service)"),
    ],
)
def test_the_session_is_told_apart(session: int, remote: int, desktop: int, said: str) -> None:
    assert windows(usual(), session=session, remote=remote, desktop=desktop)["session"] == said


def test_trusted_roots_that_someone_added_are_counted_not_named() -> None:
    registry = usual()
    registry.below = {(OWN_ROOTS_KEY, True): 2, (POLICY_ROOTS_KEY, False): 1}
    assert windows(registry)["racines de confiance ajoutées"] == "2 par l’utilisateur, 1 par stratégie"
    assert windows(registry)["chemins longs"] == "permis"


def test_what_fails_is_said_and_the_rest_comes_all_the_same() -> None:
    def locked() -> str:
        raise PermissionError(5, "refused")

    found = dict(describe(WindowsFacts(usual(), 19_045, FakeLibrary(), FakeLibrary(), locked)))
    assert found["droits"] == "inconnu (PermissionError)"
    assert found["système"].startswith("Windows 10")


def test_the_setup_s_version_is_read_where_the_setup_writes_it() -> None:
    assert setup_version(FakeRegistry({(SETUP_KEY, "DisplayVersion"): "0.1.0"})) == "0.1.0"
    assert setup_version(FakeRegistry()) == ""


# -- rights --------------------------------------------------------------------------------------------------------


def token(*, elevated: int = 0, kind: int = 1, administrator: int = 0) -> FakeLibrary:
    values = {20: elevated, 18: kind}

    def asked(_token: object, what: int, out: object, _size: int, _needed: object) -> int:
        put(out, values[what])
        return 1

    def member(_token: object, _sid: object, out: object) -> int:
        put(out, administrator)
        return 1

    return FakeLibrary(GetTokenInformation=asked, CreateWellKnownSid=lambda *_: 1, CheckTokenMembership=member)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (token(), "utilisateur"),
        (token(elevated=1, kind=2, administrator=1), "administrateur, droits élevés"),
        (token(kind=3), "administrateur, droits non élevés"),
        (token(administrator=1), "administrateur"),
        (FakeLibrary(), "utilisateur"),
    ],
)
def test_rights_are_told_apart(given: FakeLibrary, said: str) -> None:
    assert rights(given, FakeLibrary()) == said


def test_the_account_s_number_is_read_and_given_back() -> None:
    text = ctypes.create_unicode_buffer(SID)

    def asked(_token: object, _what: int, _out: object, size: int, needed: object) -> int:
        put(needed, 40)
        return 1 if size else 0

    def as_text(_sid: object, out: object) -> int:
        put(out, ctypes.addressof(text), c_void_p)
        return 1

    kernel = FakeLibrary()
    assert own_sid(FakeLibrary(GetTokenInformation=asked, ConvertSidToStringSidW=as_text), kernel) == SID
    assert "LocalFree" in kernel.called
    assert own_sid(FakeLibrary(), FakeLibrary()) == ""


# -- the folder ----------------------------------------------------------------------------------------------------


def volume(name: str) -> FakeLibrary:
    def named(*arguments: object) -> int:
        ctypes.memmove(arguments[6], wide(name), len(wide(name)))  # type: ignore[arg-type] # a buffer
        return 1

    return FakeLibrary(GetVolumePathNameW=lambda *_: 1, GetVolumeInformationW=named)


@pytest.mark.parametrize("folder", [r"C:\Dossiers de la mairie", r"\\srv\partage\D", "Q:"])
def test_a_folder_s_file_system_is_named(folder: str) -> None:
    assert windows_file_system(folder, volume("NTFS")) == "NTFS"


@pytest.mark.parametrize("kernel", [FakeLibrary(), FakeLibrary(GetVolumePathNameW=lambda *_: 1), volume("")])
def test_a_disk_that_does_not_answer_is_unknown(kernel: FakeLibrary) -> None:
    assert windows_file_system(r"X:\D", kernel) == "inconnu"


def test_on_this_computer_the_folder_has_a_disk_and_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    found = dict(computer_place.describe(tmp_path))
    assert found["disque"] == "sur ce poste"
    assert found["système de fichiers"] != "inconnu"
    assert found["droits du dossier"] == "réservés à ce compte"
    tmp_path.chmod(0o755)
    assert dict(computer_place.describe(tmp_path))["droits du dossier"] == "ordinaires"


def test_on_this_computer_the_program_says_how_it_came(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert computer.installation_kind() == "depuis un paquet Python"
    program = tmp_path / "Programs" / "enn-desktop" / "enn-desktop.exe"
    monkeypatch.setattr(sys, "executable", str(program))
    assert computer.installation_kind() == "installé dans un dossier choisi"
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert computer.installation_kind() == "installé pour cet utilisateur"
