"""A Windows under Wine with a screen, in which the program runs from its sources by a Windows Python."""

from __future__ import annotations

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house.source_tree import PROJECT
from tests.screen.virtual_screen import Screen
from tests.wine.prefix import Wine
from tests.wine.windows_python import pip, unpack_python

LOCK = PROJECT / "installer" / "requirements-windows.txt"
FOR_WINDOWS = ("--platform", "win_amd64", "--python-version", "3.13", "--only-binary", ":all:")
SCRIPTS = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SessionWindows:
    """One user's session."""

    wine: Wine
    python: Path
    screen: Screen

    def told(self, script: str, *arguments: str) -> dict[str, Any]:
        """Return what a script of these tests saw there."""
        said = self.wine.run(self.wine.path(self.python), "-X", "utf8", self.wine.path(SCRIPTS / script), *arguments)
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
        return found

    def open(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the program; it stays."""
        return self.wine.start(self.wine.path(self.python), "-X", "utf8", "-m", "enn_desktop", *arguments)

    def windows(self) -> list[str]:
        """Return the titles of the program's windows that are shown."""
        return [window.title for window in self.screen.windows() if "enn-desktop" in window.title]


def made_session(folder: Path, screen: Screen, prepared: Wine | None = None) -> SessionWindows:
    """Make a Windows below a folder, or take a prepared one; with Python, the lock's components, our sources."""
    wine, components = prepared or Wine(folder / "wine", screen.display), folder / "components"
    target = (*FOR_WINDOWS, "--no-compile", "--target", str(components))
    with ThreadPoolExecutor() as pool:
        unpacked = pool.submit(unpack_python, folder / "python")
        installed = pool.submit(pip, "install", *target, "-r", str(LOCK))
        if prepared is None:
            wine.prepare()
        keep_running(wine)
        installed.result()
        python = unpacked.result()
    # An « embeddable » Python looks where this file says, and nowhere else.
    searched = python.with_name("python313._pth")
    searched.write_text(f"python313.zip\n.\n{wine.path(components)}\n{wine.path(PROJECT)}\n", encoding="utf-8")
    return SessionWindows(wine, python, screen)


def keep_running(wine: Wine) -> None:
    """Have this Windows stay between two calls, until its end: starting it again takes seconds each time."""
    nowhere = subprocess.DEVNULL
    for command in ((*wine.programs.server, "--persistent"), (*wine.programs.wine, "cmd", "/c", "exit")):
        subprocess.run(
            command, env=wine.environment, timeout=180, check=True,
            stdin=nowhere, stdout=nowhere, stderr=nowhere,
        )  # fmt: skip


def ended(process: subprocess.Popen[bytes], seconds: float) -> float:
    """Wait for a program to end; return how long it took. Kills it, and fails, when it does not."""
    begun = time.monotonic()
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[0].decode(errors="replace")
        raise AssertionError(f"still there after {seconds} s: {said[-2000:]}") from None
    return time.monotonic() - begun
