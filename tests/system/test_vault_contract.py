"""Every vault keeps the contract; and whatever the moment of a cut, the old secret or the new one is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from enn_desktop.core.errors import VaultError
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.secret_vault import LONGEST_PART, SecretVault
from tests.conftest import MemoryKeyring
from tests.system.fake_credentials import FakeCredentials, WindowsError
from tests.system.vault_contract import CLAUSES, Make

SHORT, LONG, LONGER = "court", "é" * (2 * LONGEST_PART + 1), "🔑" * (2 * LONGEST_PART)


@pytest.mark.parametrize("backend", [FakeCredentials, MemoryKeyring])
@pytest.mark.parametrize("clause", CLAUSES)
def test_the_contract(clause: Callable[[Make], None], backend: type[KeyringBackend]) -> None:
    made = backend()
    clause(lambda realm: SecretVault(made, trusted=True, realm=realm))


def test_the_pretended_windows_refuses_what_windows_refuses() -> None:
    with pytest.raises(WindowsError):
        FakeCredentials().set_password("enn-desktop", "mairie", "x" * 1281)
    FakeCredentials().set_password("enn-desktop", "mairie", "x" * 1280)


@pytest.mark.parametrize("before", [SHORT, LONG, LONGER])
@pytest.mark.parametrize("after", [SHORT, LONG, LONGER])
def test_a_cut_at_any_moment_leaves_the_old_secret_or_the_new_one(before: str, after: str) -> None:
    for moment in range(40):
        backend = FakeCredentials()
        vault = SecretVault(backend, trusted=True)
        vault.keep("mairie", before)
        backend.cut_after = moment
        try:
            vault.keep("mairie", f"{after}!")
            said = True
        except VaultError:
            said = False
        whole = backend.cut_after > 0
        backend.cut_after = None
        assert vault.recall("mairie") == (f"{after}!" if said else before), moment
        vault.keep("mairie", after)
        assert vault.recall("mairie") == after
        vault.forget("mairie")
        assert backend.entries == {}, moment
        if whole:
            return
    pytest.fail("forty writes for one secret")


def test_a_long_secret_replaced_by_a_short_one_leaves_nothing_of_itself() -> None:
    backend = FakeCredentials()
    vault = SecretVault(backend, trusted=True)
    vault.keep("mairie", LONGER)
    vault.keep("mairie", SHORT)
    vault.keep("mairie", "autre")
    assert not any("🔑" in secret for _, secret in backend.entries.values())


def test_a_secret_of_which_a_part_was_removed_by_hand_is_asked_for_again_and_never_given_in_part() -> None:
    backend = FakeCredentials()
    vault = SecretVault(backend, trusted=True)
    vault.keep("mairie", LONG)
    del backend.entries[next(name for name in backend.entries if name.endswith(" a2"))]
    with pytest.raises(VaultError, match="plus entier"):
        vault.recall("mairie")
    vault.keep("mairie", SHORT)
    assert vault.recall("mairie") == SHORT


def test_what_windows_refuses_is_said_with_its_code_and_without_the_secret() -> None:
    backend = FakeCredentials()
    vault = SecretVault(backend, trusted=True)

    def refuse(*_: str) -> None:
        raise WindowsError(1312)

    vars(backend)["set_password"] = refuse
    with pytest.raises(VaultError) as said:
        vault.keep("mairie", "s3cret")
    assert said.value.detail == "WindowsError 1312"
    assert "s3cret" not in f"{said.value} {said.value.advice} {said.value.__cause__} {said.value.__context__}"


def test_the_usual_profile_and_another_one_have_each_their_own_realm(tmp_path: Path) -> None:
    other = profile_paths(tmp_path / "essai")
    backend = FakeCredentials()
    usual, own = SecretVault.of(profile_paths(None)), SecretVault.of(other)
    for vault in (usual, own):
        vault._given, vault._trusted = backend, True
    usual.keep("mairie", "le mien")
    assert own.recall("mairie") is None
    again = SecretVault.of(profile_paths(None))
    again._given, again._trusted = backend, True
    assert again.recall("mairie") == "le mien"
