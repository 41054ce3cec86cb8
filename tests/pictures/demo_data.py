"""A profile and a folder as after some days of use: the demonstration's town hall, brought home for real."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from enn_desktop.backup.assembly import Workshop
from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings

ACCOUNT = "Valbrume"
IDENTITY = "plateforme de démonstration"


def make(place: Path, dossiers: int = 60) -> None:
    """Bring the demonstration home into ``place/profil`` and ``place/documents``, then let new dossiers appear."""
    morning = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    world = build_world(dossiers=dossiers, now=morning)
    world.clock.set(datetime.now(UTC))
    account = world.accounts["secretaire"]
    paths = profile_paths(place / "profil")
    root = place / "Dossiers de la mairie"
    with DemoServer(world) as server:
        who = Credentials(user=account.login, password=account.password)
        Workshop(paths).back_up(server.url, who, root, IDENTITY)
        stored = AccountSettings(name=ACCOUNT, address=server.url, user=account.login)
    save_settings(paths, msgspec.structs.replace(Settings(), folder=str(root), accounts=(stored,)))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
