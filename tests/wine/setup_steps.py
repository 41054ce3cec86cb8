"""What the tests of the setup do under Wine: make a payload, install it, look at what is there."""

from __future__ import annotations

import hashlib
import re
import shutil
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.wine.prefix import COMPILER, SERVER, WINE, Wine

PRODUCT_KEY = r"HKCU\Software\enn-desktop"
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\enn-desktop"
RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
SHARED = {
    "python313.dll": "a library",
    "Lib/site-packages/enn_desktop/__init__.py": "here",
    "Lib/site-packages/enn_desktop/__pycache__/__init__.cpython-313.pyc": "compiled",
    "licences/EUPL 1.2 (fr).txt": "licence",
}
OLD_FILE = "Lib/site-packages/old/stale.py"
"""What both versions of the make-believe program have, and what only the first has."""
OWN = {"desinstaller.exe", "fichiers-installes.txt"}
"""What the setup adds to the payload."""
PROGRAM = Path(__file__).with_name("make_believe.c")
PATIENCE = 30.0
"""Seconds: an uninstaller copies itself elsewhere and returns at once; it is waited for."""


def stay_awake(wine: Wine) -> None:
    """Keep Windows' own services running between two programs, until ``wine.end()``.

    Otherwise they end with each program and start again with the next one, whose output they hold: three to ten seconds
    for each. They must not have our pipes, or nobody would ever see their end.
    """
    wine.stop()
    none = subprocess.DEVNULL
    for command in ([str(SERVER), "-p"], [str(WINE), "cmd", "/c", "exit"]):
        subprocess.run(command, env=wine.environment, stdin=none, stdout=none, stderr=none, timeout=180, check=True)


def make_payload(folder: Path, files: dict[str, str]) -> Path:
    """Make a payload folder: two launchers that really run, and these files beside them."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    command = [
        COMPILER,
        "-municode",
        "-O2",
        "-Wall",
        "-Werror",
        "-s",
        "-o",
        str(folder / "enn-desktop.exe"),
        str(PROGRAM),
    ]
    subprocess.run([*command, "-ladvapi32"], timeout=180, check=True)
    (folder / "enn-desktop.com").write_bytes((folder / "enn-desktop.exe").read_bytes())
    return folder


def hashes(folder: Path) -> dict[str, str]:
    """Return name → SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class Desk:
    """One user's Windows, seen through what the setup touches there."""

    wine: Wine

    @property
    def program(self) -> Path:
        """The usual folder of the program."""
        return self.wine.local_data / "Programs" / "enn-desktop"

    @property
    def profile(self) -> Path:
        """Where the program keeps what is its own."""
        return self.wine.local_data / "enn-desktop"

    @property
    def start_menu(self) -> Path:
        """The shortcut of the Start menu."""
        menu = self.wine.home / "AppData" / "Roaming" / "Microsoft" / "Windows" / "Start Menu"
        return menu / "Programs" / "enn-desktop.lnk"

    @property
    def desktop(self) -> Path:
        """The shortcut on the desktop."""
        return self.wine.home / "Desktop" / "enn-desktop.lnk"

    def install(self, setup: Path, *switches: str, expected: int = 0) -> str:
        """Run a setup without a window; return the last line of its log."""
        self.wine.run(self.wine.path(setup), "/S", *switches, expected=expected)
        return self.log()[-1]

    def uninstall(self, *switches: str) -> None:
        """Uninstall without a window, and wait until the entry of the program is gone."""
        self.wine.run(self.wine.path(self.program / "desinstaller.exe"), "/S", *switches)
        self.wait((self.program / "desinstaller.exe").exists)
        self.wait(lambda: "le programme est retiré" not in self.log()[-1])

    def wait(self, still: Callable[[], bool], look: float = 0.05) -> None:
        """Wait while this holds; fail when it does for too long."""
        end = time.monotonic() + PATIENCE
        while still():
            assert time.monotonic() < end, "it never ended"
            time.sleep(look)

    def install_into(self, setup: Path, folder: str) -> None:
        """Run a setup from a script, as a contractor does; ``/D=`` wants its folder without quotes, spaces or not."""
        script = self.wine.folder / "pose.bat"
        line = f'start /wait "" "{self.wine.path(setup)}" /S /D={folder}\r\n'
        script.write_text(line, encoding="ascii", newline="")
        self.wine.run("cmd", "/c", self.wine.path(script))

    def installed(self) -> dict[str, str]:
        """Return what is in the program's folder, without what the setup adds: name → SHA-256."""
        return {name: value for name, value in hashes(self.program).items() if name not in OWN}

    def log(self) -> list[str]:
        """Return the lines that the setup wrote for the contractor, without their dates."""
        (path,) = [one for one in self.temporary() if one.is_file()]
        return [line.split("  ", 1)[1] for line in path.read_text(encoding="utf-16").splitlines()]

    def temporary(self) -> list[Path]:
        """Return where the log may be: Wine has two ideas of %TEMP%."""
        return [
            self.wine.home / "Temp" / "enn-desktop-setup.log",
            self.wine.local_data / "Temp" / "enn-desktop-setup.log",
        ]

    def values(self, key: str) -> dict[str, str]:
        """Return the values of a key of the registry as texts; none when it is not there."""
        said = self.wine.call("reg", "query", key).stdout.decode("cp1252")
        return dict(re.findall(r"^ {4}(\S.*?) {4}REG_\w+ {4}(.*?)\r?$", said, re.MULTILINE))

    def value(self, key: str, name: str) -> str | None:
        """Return a value of the registry as a text, ``None`` when it is not there."""
        return self.values(key).get(name)

    def clear(self) -> None:
        """Uninstall, and leave no trace of a test."""
        if (self.program / "desinstaller.exe").exists():
            self.uninstall("/EFFACER")
        for folder in (self.program, self.profile):
            shutil.rmtree(folder, ignore_errors=True)
        for path in self.temporary():
            path.unlink(missing_ok=True)

    @contextmanager
    def program_open(self) -> Iterator[None]:
        """Keep the program open; it says when it is, and ends when its input does."""
        command = [self.wine.path(self.program / "enn-desktop.exe"), "open"]
        with self.talking(command) as child:
            yield
            assert child.poll() is None

    @contextmanager
    def file_held(self, path: Path, how: str = "hold") -> Iterator[None]:
        """Keep a file open, as an antivirus does: without sharing it, or, with ``lend``, only against its removal."""
        with self.talking([self.wine.path(self.helper), how, self.wine.path(path)]):
            yield

    @property
    def helper(self) -> Path:
        """Our make-believe program under another name, kept from the first one installed."""
        helper = self.wine.folder / "holder.exe"
        if not helper.exists():
            helper.write_bytes((self.program / "enn-desktop.exe").read_bytes())
        return helper

    def refuse_to_uninstall(self, *switches: str, expected: int = 2) -> str:
        """Run the uninstaller where it is, so that its exit code is known; return the last line of its log."""
        uninstaller = self.wine.path(self.program / "desinstaller.exe")
        self.wine.run(uninstaller, "/S", *switches, f"_?={self.wine.path(self.program)}", expected=expected)
        return self.log()[-1]

    @contextmanager
    def talking(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """Run our make-believe program until the block ends."""
        child = subprocess.Popen(
            [str(WINE), *command],
            env=self.wine.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with child:
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stdout.readline().strip() == b"ready"
            yield child
            child.stdin.close()
            child.wait(PATIENCE)


def app_id(shortcut: Path) -> str | None:
    """Return the AppUserModelID in the bytes of a shortcut ([MS-SHLLINK] 2, [MS-PROPSTORE] 2), ``None`` without one."""
    content = shortcut.read_bytes()
    flags = int.from_bytes(content[20:24], "little")
    place = 76
    if flags & 1:  # the list of folders
        place += 2 + int.from_bytes(content[place : place + 2], "little")
    if flags & 2:  # where the file is
        place += int.from_bytes(content[place : place + 4], "little")
    for bit in (4, 8, 16, 32, 64):  # name, relative path, folder, arguments, icon
        if flags & bit:
            place += 2 + 2 * int.from_bytes(content[place : place + 2], "little")
    while (size := int.from_bytes(content[place : place + 4], "little")) >= 4:
        block = content[place : place + size]
        if block[4:8] == b"\x09\x00\x00\xa0":
            return _stored_app_id(block[8:])
        place += size
    return None


def _stored_app_id(store: bytes) -> str | None:
    size, version, form = struct.unpack("<I4s16s", store[:24])
    assert version == b"1SPS"
    assert form.hex() == "55284c9f799f394ba8d0e1d42de1d5f3"
    value_size, number, _, kind, length = struct.unpack("<IIBHxxI", store[24:41])
    assert (number, kind) == (5, 0x1F)
    assert size == 24 + value_size + 4
    return store[41 : 41 + 2 * length].decode("utf-16-le").rstrip("\0")
