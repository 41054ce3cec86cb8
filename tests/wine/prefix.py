"""A throw-away Windows: a Wine prefix of our own, with what Windows 10 has and Wine 8 lacks.

What Wine cannot prove: SmartScreen, antivirus, card drivers, the look and the measures of real screens.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WINE = Path("/usr/lib/wine/wine64")
"""Debian's own place: the ``wine`` of the PATH asks for 32-bit packages that nothing here needs."""
SERVER = Path("/usr/lib/wine/wineserver64")
COMPILER = "x86_64-w64-mingw32-gcc"
STUBS = Path(__file__).with_name("stubs")
LIBRARIES = {"bcryptprimitives": ("-ladvapi32", "-lkernel32"), "mscms": ("-lkernel32",)}
"""What a stub stands on; ``icuuc`` stands on nothing."""
NEEDED = "Debian: apt-get install --no-install-recommends wine wine64 gcc-mingw-w64-x86-64-win32"
OVERRIDES = "mscoree=;mshtml=;wbemprox=;mscms=n;winedbg.exe=d;winemenubuilder.exe=d"
"""No .NET, no browser, no WMI (Wine 8 dies of it), our own mscms, no debugger's pages of text, no menu entries."""
KEPT = ("PATH", "LANG", "USER", "LOGNAME")
WINDOWS_10 = ("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
"""Wine 8 says Windows 7 by itself."""


class WineMissingError(AssertionError):
    """Wine or its compiler is not installed: a failure, never a skipped test."""


@dataclass(frozen=True, slots=True)
class Programs:
    """How Wine and its server are started: those of this computer, or of another system below a folder."""

    wine: tuple[str, ...] = (str(WINE),)
    server: tuple[str, ...] = (str(SERVER),)


class Wine:
    """A Windows of our own below ``folder``: ``prepare`` it once (700 MB), ``end`` it in every case.

    ``display`` names an X screen; without one, nothing can be shown, and Qt asks for ``-platform offscreen``.
    """

    def __init__(self, folder: Path, display: str = "", programs: Programs | None = None) -> None:
        self.folder = folder
        self.programs = programs or Programs()
        self.drive = folder / "prefix" / "drive_c"
        self.environment: dict[str, str] = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "HOME": str(folder),
            "WINEPREFIX": str(folder / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": OVERRIDES,
            "PYTHONUTF8": "1",
            # Arguments reach Windows programs through the encoding of this machine.
            "LC_ALL": "C.UTF-8",
            **({"DISPLAY": display} if display else {}),
        }

    @property
    def home(self) -> Path:
        """The user's own folder below C:, ``users``."""
        (found,) = [one for one in (self.drive / "users").iterdir() if one.name != "Public"]
        return found

    @property
    def local_data(self) -> Path:
        """``%LOCALAPPDATA%``."""
        return self.home / "AppData" / "Local"

    def path(self, here: Path) -> str:
        """Return the Windows name of a file of this machine."""
        if here.is_relative_to(self.drive):
            return "C:\\" + str(here.relative_to(self.drive)).replace("/", "\\")
        return "Z:" + str(here.absolute()).replace("/", "\\")

    def prepare(self) -> None:
        """Put a new Windows there, in which nothing ran yet; raises ``WineMissingError``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # As Debian's own tool copies: links stay links, and 700 MB take half a second.
        subprocess.run(["cp", "-a", str(_new_windows()), str(self.folder / "prefix")], timeout=300, check=True)

    def make(self) -> None:
        """Make a Windows from nothing (10 to 20 s): the prefix, Windows 10's number, the stubs."""
        if not WINE.exists() or shutil.which(COMPILER) is None:
            raise WineMissingError(NEEDED)
        self.run("wineboot", "-i", seconds=300)
        self.run(*WINDOWS_10)
        for source in sorted(STUBS.glob("*.c")):
            compile_stub(source, self.drive / "windows" / "system32" / f"{source.stem}.dll")
        # What it knows of itself is written when it stops.
        self.stop()

    def run(
        self,
        *command: str,
        expected: int = 0,
        seconds: float = 240,
        given: bytes = b"",
        variables: Mapping[str, str] | None = None,
    ) -> str:
        """Run a Windows program to its end and return what it printed; its exit code must be ``expected``.

        Its output is a pipe: Python dies at its start when Wine 8 gives it a file.
        """
        done = self.call(*command, seconds=seconds, given=given, variables=variables)
        said = done.stdout.decode(errors="replace")
        assert done.returncode == expected, (done.returncode, said, done.stderr.decode(errors="replace"))
        return said

    def call(
        self,
        *command: str,
        seconds: float = 240,
        given: bytes = b"",
        variables: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a Windows program to its end, whatever its exit code (the low 8 bits of it)."""
        return subprocess.run(
            [*self.programs.wine, *command],
            env={**self.environment, **(variables or {})},
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
        )

    def start(self, *command: str, variables: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a Windows program that stays; its output comes by a pipe, both streams in one."""
        return subprocess.Popen(
            [*self.programs.wine, *command],
            env={**self.environment, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def stop(self) -> None:
        """End every program of this Windows, and nobody else's; its files stay."""
        for order in ("-k", "-w"):
            subprocess.run([*self.programs.server, order], env=self.environment, timeout=120, check=False)

    def end(self) -> None:
        """End this Windows and remove its files, which are large."""
        self.stop()
        shutil.rmtree(self.folder / "prefix", ignore_errors=True)


@cache
def _new_windows() -> Path:
    """Return a Windows made once for this process, to be copied; it goes with the process."""
    made = Wine(Path(tempfile.mkdtemp(prefix="enn-wine-")))
    atexit.register(shutil.rmtree, made.folder, ignore_errors=True)
    made.make()
    return made.folder / "prefix"


def compile_stub(source: Path, library: Path) -> None:
    """Make a library of a stub: it has no start of its own and no C library, so it loads anywhere."""
    options = ("-O2", "-Wall", "-Werror", "-shared", "-s", "-nostdlib", "-fno-builtin", "-Wl,-e,0")
    command = [COMPILER, *options, "-o", str(library), str(source), *LIBRARIES.get(source.stem, ())]
    subprocess.run(command, timeout=180, check=True)
