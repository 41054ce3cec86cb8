"""A make-believe platform on loopback and a town hall's computer, both thrown away after each test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from enn_desktop.backup.assembly import Workshop
from enn_desktop.backup.report import RunReport
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.progress import Progress, SilentProgress
from enn_desktop.demo import DemoServer, World, build_world
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.transport import Patience
from enn_desktop.system.paths import profile_paths

QUICK = Patience(
    connect_s=2.0, answer_s=1.0, pauses_s=(0.01,), slow_window_s=0.5, slow_bytes=2_000, jitter_s=0.0, longest_hold_s=5.0
)
PROJECT = Path(__file__).parent.parent.parent


@dataclass
class PlatformTime:
    """The computer's clock set by the platform's, which a test moves."""

    world: World

    def now(self) -> datetime:
        """Return the platform's instant."""
        return self.world.clock.instant()

    def monotonic(self) -> float:
        """Return real seconds: waits are real."""
        return time.monotonic()


@dataclass
class TownHall:
    """One computer: a profile, a documents folder, an account on the platform."""

    server: DemoServer
    home: Path
    login: str = "secretaire"
    patience: Patience = QUICK
    progress: Progress = field(default_factory=SilentProgress)
    cancel: CancelToken = field(default_factory=CancelToken)

    @property
    def folder(self) -> Path:
        """The documents folder."""
        return self.home / "Dossiers de la mairie"

    @property
    def profile(self) -> Path:
        """The program's own folder."""
        return self.home / "profil"

    def workshop(self) -> Workshop:
        """Return the tools of a run on this computer."""
        paths = profile_paths(self.profile)
        clock = PlatformTime(self.server.world)
        return Workshop(paths, self.cancel, clock=clock, progress=self.progress, patience=self.patience)

    def back_up(self) -> RunReport:
        """Run once, in this process."""
        return self.workshop().back_up(self.server.url, self.credentials(), self.folder)

    def credentials(self) -> Credentials:
        """Return what the account shows to the platform."""
        account = self.server.world.accounts[self.login]
        return Credentials(user=account.login, password=account.password)

    def command(self, *arguments: str, module: str = "enn_desktop", before: tuple[str, ...] = ()) -> list[str]:
        """Return the command line of this computer's program."""
        return [sys.executable, "-m", module, *before, "--profile", str(self.profile), *arguments]

    def backup_arguments(self) -> tuple[str, ...]:
        """Return the arguments of a run without a stored account."""
        account = self.server.world.accounts[self.login]
        return (
            *("backup", "--url", self.server.url, "--user", account.login, "--password-env", "MOT_DE_PASSE"),
            *("--to", str(self.folder), "--json"),
        )

    def environment(self) -> dict[str, str]:
        """Return the environment of a command: the secret is in it, never in the arguments."""
        return {**os.environ, "MOT_DE_PASSE": self.server.world.accounts[self.login].password}

    def run(self, *arguments: str, **how: object) -> subprocess.CompletedProcess[str]:
        """Run the real program to its end."""
        command = self.command(*arguments, **how)  # type: ignore[arg-type] # the two options of command()
        return subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=120, check=False, cwd=PROJECT
        )


@pytest.fixture
def world() -> World:
    return build_world(seed=1, dossiers=40, profile="2.0")


@pytest.fixture
def server(world: World) -> Iterator[DemoServer]:
    with DemoServer(world) as running:
        yield running


@pytest.fixture
def town_hall(server: DemoServer, tmp_path: Path) -> TownHall:
    return TownHall(server, tmp_path)
