"""Secrets are kept in the system's vault or nowhere: a vault that writes in clear is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError, PasswordSetError

from enn_desktop.core.errors import VaultError
from enn_desktop.system.secret_vault import SERVICE, SecretVault

SAFE = [
    "keyring.backends.Windows",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
]
UNSAFE = [
    "keyrings.alt.file",
    "keyrings.alt.file_base",
    "keyring.backends.null",
    "keyring.backends.fail",
    "keyring.backends.Windows.plain",
    "keyring.backends.windows",
    "somebody.backends.macOS",
    "__main__",
]


class Backend:
    """What a pretended vault does; made into one of keyring's own by :func:`pretended`."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}
        self.refusal: KeyringError | None = None

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal

    def get_password(self, service: str, username: str) -> str | None:
        self._refuse()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._refuse()
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._refuse()
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


@pytest.fixture
def pretended() -> Iterator[Callable[[str], Backend]]:
    """Return what makes a vault that says that it comes from a module; keyring forgets them afterwards."""
    known = set(KeyringBackend._classes)

    def make(module: str) -> Backend:
        made = type("Keyring", (Backend, KeyringBackend), {"__module__": module})()
        assert isinstance(made, Backend)
        return made

    yield make
    KeyringBackend._classes.intersection_update(known)


def vault_of(backend: Backend) -> SecretVault:
    """Return our vault over a pretended one."""
    assert isinstance(backend, KeyringBackend)
    return SecretVault(backend)


@pytest.mark.parametrize("module", SAFE)
def test_a_safe_vault_keeps_gives_back_and_forgets(pretended: Callable[[str], Backend], module: str) -> None:
    backend = pretended(module)
    vault = vault_of(backend)
    assert vault.usable()
    assert vault.describe() == f"{module}.Keyring"
    assert vault.recall("mairie") is None
    vault.keep("mairie", "été:2026 «🔑»")
    vault.keep("CCAS", "other")
    assert sorted(shown for _, shown in backend.secrets) == ["CCAS", "mairie"]
    assert sorted(backend.secrets.values()) == ["other", "été:2026 «🔑»"]
    assert vault.recall("mairie") == "été:2026 «🔑»"
    vault.forget("mairie")
    assert vault.recall("mairie") is None
    assert vault.recall("CCAS") == "other"


@pytest.mark.parametrize("module", UNSAFE)
def test_a_vault_that_may_write_in_clear_is_given_nothing_and_asked_nothing(
    pretended: Callable[[str], Backend], module: str
) -> None:
    backend = pretended(module)
    backend.secrets[SERVICE, "mairie"] = "left by something else"
    vault = vault_of(backend)
    assert not vault.usable()
    with pytest.raises(VaultError) as refusal:
        vault.keep("mairie", "s3cret")
    assert module in refusal.value.detail
    assert "s3cret" not in f"{refusal.value} {refusal.value.detail} {refusal.value.advice}"
    with pytest.raises(VaultError):
        vault.recall("mairie")
    vault.forget("mairie")
    assert backend.secrets == {(SERVICE, "mairie"): "left by something else"}


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_the_vaults_of_keyring_that_keep_nothing_are_refused(backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    assert not SecretVault().usable()
    with pytest.raises(VaultError):
        SecretVault().keep("mairie", "s3cret")


@pytest.mark.parametrize(
    ("modules", "usable"),
    [
        (SAFE[:2], True),
        ([SAFE[0], "keyrings.alt.file"], False),
        (["keyrings.alt.file", SAFE[0]], False),
        ([], False),
    ],
)
def test_a_chain_is_only_as_safe_as_each_of_its_vaults(
    pretended: Callable[[str], Backend], monkeypatch: pytest.MonkeyPatch, modules: list[str], *, usable: bool
) -> None:
    parts = [pretended(module) for module in modules]
    monkeypatch.setattr(chainer.ChainerBackend, "backends", parts)
    chain = cast("type[KeyringBackend]", chainer.ChainerBackend)()
    assert SecretVault(chain).usable() is usable


def test_a_chain_of_somebody_else_is_refused(pretended: Callable[[str], Backend]) -> None:
    backend = pretended("somebody.chainer")
    vars(backend)["backends"] = [pretended(SAFE[0])]
    assert not vault_of(backend).usable()


def test_forgetting_what_is_not_there_is_no_error(pretended: Callable[[str], Backend]) -> None:
    vault_of(pretended(SAFE[0])).forget("never kept")


@pytest.mark.parametrize("refusal", [KeyringLocked("locked"), InitError("no bus"), PasswordSetError("refused")])
def test_a_vault_that_refuses_is_said_without_the_secret(
    pretended: Callable[[str], Backend], refusal: KeyringError
) -> None:
    backend = pretended(SAFE[1])
    backend.refusal = refusal
    vault = vault_of(backend)
    verbs: list[Callable[[], object]] = [
        lambda: vault.keep("mairie", "s3cret"),
        lambda: vault.recall("mairie"),
        lambda: vault.forget("mairie"),
    ]
    for verb in verbs:
        with pytest.raises(VaultError) as said:
            verb()
        assert said.value.detail == type(refusal).__name__


def test_a_vault_given_as_trusted_is_trusted(memory_keyring: KeyringBackend) -> None:
    assert not SecretVault(memory_keyring).usable()
    trusted = SecretVault(memory_keyring, trusted=True)
    trusted.keep("mairie", "s3cret")
    assert trusted.recall("mairie") == "s3cret"
