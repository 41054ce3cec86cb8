"""From an account to a run: the one place that puts server, folder, catalogue and rules together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from enn_desktop import __version__
from enn_desktop.archive import scan
from enn_desktop.archive.folder import read_identity
from enn_desktop.backup.context import RunContext
from enn_desktop.backup.report import RunReport
from enn_desktop.backup.run import BackupRun
from enn_desktop.backup.session import OpenFolder, look_in, work_in
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock, SystemClock
from enn_desktop.core.errors import StorageError
from enn_desktop.core.policy import Policy
from enn_desktop.core.progress import Progress, SilentProgress
from enn_desktop.core.settings import NetworkSettings
from enn_desktop.pastell.address import base_address
from enn_desktop.pastell.client import PastellClient
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.proxy import WayOut
from enn_desktop.pastell.transport import Patience, Transport
from enn_desktop.system.paths import ProfilePaths
from enn_desktop.system.settings_store import load_policy


@dataclass(slots=True)
class Workshop:
    """What every command needs; the rules are read when first asked for."""

    paths: ProfilePaths
    cancel: CancelToken = field(default_factory=CancelToken)
    clock: Clock = field(default_factory=SystemClock)
    progress: Progress = field(default_factory=SilentProgress)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    patience: Patience | None = None
    """How long to wait for what; ``None`` means the usual times and the user's network settings."""
    proxy: WayOut = field(default_factory=WayOut)
    """The way out of the network, for any platform: the user's choice, or as the system says."""
    _policy: Policy | None = None

    @property
    def policy(self) -> Policy:
        """The rules in force. Raises ``SettingsError``."""
        if self._policy is None:
            self._policy = load_policy(self.paths)
        return self._policy

    @contextmanager
    def client(self, address: str, credentials: Credentials) -> Iterator[PastellClient]:
        """Open a client for one account. Raises ``SettingsError`` for an address or certificate that cannot be."""
        usual = Patience(connect_s=self.network.connect_s, answer_s=self.network.answer_s)
        transport = Transport(
            base_address(address),
            credentials,
            cancel=self.cancel,
            clock=self.clock,
            patience=self.patience or usual,
            proxy=self.proxy,
            user_agent=f"enn-desktop/{__version__}",
        )
        try:
            yield PastellClient(transport, file_limit=self.policy.max_file_size)
        finally:
            transport.close()

    def back_up(self, address: str, credentials: Credentials, root: Path, identity: str = "") -> RunReport:
        """Bring one account's dossiers home into ``root``. Raises what makes a run impossible from the start.

        ``identity`` is the name under which the platform is known, when its address says nothing (demonstration).
        """
        with (
            self.client(address, credentials) as client,
            work_in(root, self.paths, self.clock, self.cancel) as opened,
        ):
            context = RunContext(
                client=client,
                folder=opened.folder,
                catalogue=opened.catalogue,
                policy=self.policy,
                clock=self.clock,
                cancel=self.cancel,
                progress=self.progress,
                identity=identity,
            )
            if opened.healed is not None:
                context.tally.warn("Le catalogue manquait ou était abîmé : il a été reconstruit à partir du dossier.")
            return BackupRun(context).run()

    @contextmanager
    def look(self, root: Path) -> Iterator[OpenFolder]:
        """Open a folder to read what is known of it."""
        with look_in(root, self.paths, self.clock, self.cancel) as opened:
            yield opened

    @contextmanager
    def work(self, root: Path) -> Iterator[OpenFolder]:
        """Hold a folder of documents to work in it. Raises ``StorageError`` where there is none."""
        if not read_identity(root) and next(scan.dossiers(root, self.cancel), None) is None:
            message = "Il n’y a pas de dossiers récupérés à cet endroit."
            raise StorageError(message, advice="Vérifiez l’emplacement, et que le disque est branché.")
        with work_in(root, self.paths, self.clock, self.cancel) as opened:
            yield opened
