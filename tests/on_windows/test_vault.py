"""Secrets in the Credential Manager itself, by the program's own commands and by its vault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keyring.backends.Windows import WinVaultKeyring

from enn_desktop.demo import DemoServer, build_world
from enn_desktop.system.secret_vault import SecretVault
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import assert_home


def own_vault() -> SecretVault:
    """Return a vault that stands on the Credential Manager, whatever the tests put in its place."""
    return SecretVault(WinVaultKeyring())  # type: ignore[no-untyped-call] # keyring's own has no types


SECRETS = ["simple", "Été à l’école \N{EURO SIGN} 漢 \N{PARTY POPPER}", "x" * 500]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_kept_given_back_and_forgotten(secret: str) -> None:
    vault = own_vault()
    assert vault.usable()
    try:
        vault.keep("essai", secret)
        assert own_vault().recall("essai") == secret
    finally:
        vault.forget("essai")
    assert vault.recall("essai") is None


def test_two_accounts_have_two_secrets() -> None:
    vault = own_vault()
    try:
        for account in ("un", "deux"):
            vault.keep(account, f"secret of {account}")
        assert [vault.recall(account) for account in ("un", "deux")] == ["secret of un", "secret of deux"]
    finally:
        for account in ("un", "deux"):
            vault.forget(account)


def test_an_account_kept_by_the_program_brings_everything_home_and_its_secret_is_in_no_file(
    tmp_path: Path, real_vault: str
) -> None:
    world = build_world(seed=2, dossiers=30, profile="2.0")
    with DemoServer(world) as server:
        hall = TownHall(server, tmp_path)
        password = world.accounts[hall.login].password
        known = ("--url", server.url, "--user", hall.login, "--password-env", "MOT_DE_PASSE")
        added = hall.run("account", "add", real_vault, *known, "--to", str(hall.folder))
        assert added.returncode == 0, (added.stdout, added.stderr)
        try:
            done = hall.run("backup", "--account", real_vault, "--json")
            [said] = json.loads(done.stdout)["accounts"]
            assert said["report"]["error"] is None, done.stderr
            assert_home(hall.folder, world, "secretaire")
            verified = hall.run("verify", "--to", str(hall.folder), "--json")
            assert json.loads(verified.stdout)["findings"] == []
            written = [file.read_bytes() for file in hall.profile.rglob("*") if file.is_file()]
            assert not [content for content in written if password.encode() in content]
        finally:
            removed = hall.run("account", "remove", real_vault)
        assert removed.returncode == 0, removed.stderr
