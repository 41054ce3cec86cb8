"""What every command has on its desk: profile, settings, vault, voice; made once, from the global options."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import typer

from enn_desktop.agenda import places
from enn_desktop.backup.assembly import Workshop
from enn_desktop.cli.output import Speaker
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import SettingsError, VaultError
from enn_desktop.core.settings import PROXY_SECRET, AccountSettings, Settings
from enn_desktop.pastell.proxy import WayOut
from enn_desktop.system.paths import ProfilePaths
from enn_desktop.system.secret_vault import SecretVault
from enn_desktop.system.settings_store import load_settings, prepared_faults


@dataclass(slots=True)
class Desk:
    """One invocation's surroundings."""

    paths: ProfilePaths
    cancel: CancelToken
    speaker: Speaker = field(default_factory=Speaker)
    vault: SecretVault = field(default_factory=SecretVault)
    profile: Path | None = None
    """What ``--profile`` gave; ``None`` for the usual places."""
    _settings: Settings | None = None

    @classmethod
    def of(cls, context: typer.Context) -> Self:
        """Return the desk of a command."""
        found = context.find_object(cls)
        if found is None:
            message = "command run without a desk"
            raise TypeError(message)
        return found

    @property
    def settings(self) -> Settings:
        """The user's settings, read when first asked for. Raises ``SettingsError``."""
        if self._settings is None:
            self._settings = load_settings(self.paths)
            for fault in prepared_faults(self.paths):
                self.speaker.note(f"Attention\u00a0: {fault.message} {fault.advice}")
        return self._settings

    def speaking(self, *, as_json: bool = False, quiet: bool = False) -> Desk:
        """Return this desk with another voice."""
        return replace(self, speaker=Speaker(as_json=as_json, quiet=quiet))

    def workshop(self) -> Workshop:
        """Return the tools of a run."""
        return Workshop(self.paths, self.cancel, network=self.settings.network, proxy=self.way_out())

    def way_out(self) -> WayOut:
        """Return the way out of the network that the user chose; its password is in the vault."""
        return WayOut(self.settings.proxy, self._proxy_secret)

    def _proxy_secret(self) -> str:
        try:
            return self.vault.recall(PROXY_SECRET) or ""
        except VaultError:
            return ""

    def account(self, name: str) -> AccountSettings:
        """Return a stored account. Raises ``SettingsError`` when there is none of that name."""
        found = self.settings.account(name)
        if found is None:
            known = ", ".join(f"« {account.name} »" for account in self.settings.accounts) or "aucun"
            raise SettingsError(f"Il n’y a pas de compte « {name} ».", advice=f"Comptes connus : {known}.")
        return found

    def folder(self, given: Path | None, account: AccountSettings | None = None) -> Path:
        """Return the folder to work in: the one given, the account's, the common one, or the usual one."""
        return given if given is not None else places.folder_of(self.settings, account)
