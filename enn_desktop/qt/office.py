"""What the window holds while it runs: profile, settings, rules, the secrets of this session. No Qt, no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from enn_desktop.agenda import places
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock, SystemClock
from enn_desktop.core.errors import VaultError
from enn_desktop.core.policy import Policy
from enn_desktop.core.progress import Progress
from enn_desktop.core.settings import PROXY_SECRET, AccountSettings, Settings
from enn_desktop.system.paths import ProfilePaths

if TYPE_CHECKING:
    from enn_desktop.backup.assembly import Workshop
    from enn_desktop.pastell.proxy import Proxy, WayOut
    from enn_desktop.system.secret_vault import SecretVault


@dataclass(slots=True)
class Office:
    """One profile in use. ``identity`` names the platform where its address changes (demonstration)."""

    paths: ProfilePaths
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=SystemClock)
    identity: str = ""
    demo: bool = False
    unread: bool = False
    """Whether her settings are there and could not be read: they are moved aside before others are written."""
    _policy: Policy | None = None
    _secrets: dict[str, str] = field(default_factory=dict)
    _vault: SecretVault | None = None

    @property
    def roots(self) -> tuple[Path, ...]:
        """The documents folders of the accounts."""
        return places.roots(self.settings)

    def folder_of(self, account: AccountSettings) -> Path:
        """Return where an account's dossiers go."""
        return places.folder_of(self.settings, account)

    @property
    def policy(self) -> Policy:
        """The rules in force; read from the disk the first time, so ask for it in a thread then."""
        if self._policy is None:
            from enn_desktop.system.settings_store import load_policy

            self._policy = load_policy(self.paths)
        return self._policy

    @property
    def policy_at_hand(self) -> Policy:
        """The rules in force if they are known already, the charter's own otherwise: nobody waits for a share."""
        if self._policy is None:
            from enn_desktop.system.settings_store import charter

            return charter()
        return self._policy

    @property
    def vault(self) -> SecretVault:
        """The vault of this computer."""
        if self._vault is None:
            from enn_desktop.system.secret_vault import SecretVault

            self._vault = SecretVault.of(self.paths)
        return self._vault

    def workshop(self, cancel: CancelToken, progress: Progress | None = None) -> Workshop:
        """Return the tools of a run (called in the engine's thread: it loads the network libraries)."""
        from enn_desktop.backup.assembly import Workshop
        from enn_desktop.core.progress import SilentProgress

        return Workshop(
            self.paths,
            cancel,
            self.clock,
            progress or SilentProgress(),
            self.settings.network,
            proxy=self._way_out(),
            _policy=self.policy,
        )

    def proxy(self, address: str) -> Proxy:
        """Return the proxy to go through for an address (in a thread: the system may fetch a file to tell)."""
        return self._way_out()(address)

    def _way_out(self) -> WayOut:
        from enn_desktop.pastell.proxy import WayOut

        return WayOut(self.settings.proxy, lambda: self._recall(PROXY_SECRET) or "")

    def secret(self, account: AccountSettings) -> str | None:
        """Return an account's secret: typed in this session, or from the vault; ``None`` when it must be asked for.

        Called in a thread: a vault may take its time.
        """
        found = self._recall(account.name)
        if found is None and account.method == "certificat" and not account.user:
            return ""
        return found

    def _recall(self, name: str) -> str | None:
        if name in self._secrets:
            return self._secrets[name]
        if self.demo:
            return None
        try:
            return self.vault.recall(name)
        except VaultError:
            return None

    def remember(self, name: str, secret: str) -> None:
        """Hold a secret in memory until the program ends."""
        self._secrets[name] = secret

    def keep(self, name: str, secret: str) -> None:
        """Hold a secret, and put it in the vault (in a thread). Raises ``VaultError`` where there is no safe one."""
        self.remember(name, secret)
        self.vault.keep(name, secret)

    def forget(self, name: str) -> None:
        """Forget a secret, here and in the vault (in a thread)."""
        self._secrets.pop(name, None)
        self.vault.forget(name)
