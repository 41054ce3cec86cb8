"""How the program was started: with a window, or as a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Launch:
    """A start with a window. ``to``: where the demonstration puts its dossiers, ``None`` for the usual place.

    ``trial``: a folder where a demonstration that plays by itself leaves its result and its pictures. ``quit``: open
    nothing, have the window that is open leave.
    """

    profile: Path | None = None
    tray: bool = False
    demo: bool = False
    to: Path | None = None
    trial: Path | None = None
    quit: bool = False


def parse_launch(arguments: Sequence[str]) -> Launch | None:
    """Return how to open the window, ``None`` when the arguments are a command's."""
    folders: dict[str, Path] = {}
    flags: set[str] = set()
    left = list(arguments)
    while left:
        name, _, value = left.pop(0).partition("=")
        if name in {"--tray", "--demo", "--quit"} and not value:
            flags.add(name)
        elif name in {"--profile", "--to", "--trial"} and (value or left):
            folders[name] = Path(value or left.pop(0)).absolute()
        else:
            return None
    trial = folders.get("--trial")
    if trial is not None:
        # It plays in a place of its own: nothing of hers is read, nothing of hers is touched.
        alone = not flags and set(folders) == {"--trial"}
        return Launch(trial / "profil", demo=True, to=trial / "dossiers", trial=trial) if alone else None
    if "--quit" in flags:
        return Launch(folders.get("--profile"), quit=True) if len(flags) == 1 and "--to" not in folders else None
    if "--to" in folders and "--demo" not in flags:
        return None
    return Launch(folders.get("--profile"), "--tray" in flags, "--demo" in flags, folders.get("--to"))


def as_command(launch: Launch) -> list[str]:
    """Return the command of the command line that does the same where there is no screen; help if there is none."""
    profile = ["--profile", str(launch.profile)] if launch.profile else []
    if not launch.demo or launch.trial is not None:
        return ["--help"]
    return [*profile, "demo", *(["--to", str(launch.to)] if launch.to else [])]
