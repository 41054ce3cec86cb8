"""The plug pulled at any point of a write: no half file bears a name, nothing old is lost, the next run ends it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from enn_desktop.archive import metadata, scan
from enn_desktop.archive.folder import OWN, read_identity
from enn_desktop.archive.incoming import hash_file, is_temporary
from enn_desktop.archive.metadata import DossierRecord
from enn_desktop.archive.points import POINTS
from enn_desktop.archive.verify import ExpectedDossier, Verifier
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.progress import SilentProgress
from enn_desktop.system.paths import profile_paths
from tests.archive.crash_driver import ENTITY, FIRST, ID_D, SECOND, SERVER, write
from tests.archive.made_dossiers import sha
from tests.archive.sha256_check import checked
from tests.sudden_death import KILLED

PROJECT = Path(__file__).resolve().parents[2]
ONLY_FIRST = {"folder-made", "provisional-metadata-temporary-written", "provisional-metadata-renamed"}
ONLY_SECOND = {"old-version-moved"}
HOME = f"{ENTITY}/Actes/2026/2026-03-10 DEL_2026_012B Budget primitif"
VERSIONS = {f"versions/2026-03-15T13-00-00/{name}": content for name, content in FIRST.items()}


def die(root: Path, profile: Path, stage: str, point: str) -> None:
    """Write in another process that is killed at that point, and see that it was."""
    command = [sys.executable, "-m", "tests.archive.crash_driver", str(root), str(profile), stage, point]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == KILLED, done.stderr


def documents(root: Path) -> dict[str, bytes]:
    """Return every file of the folder that bears a name, ours apart."""
    return {
        item.relative_to(root).as_posix(): item.read_bytes()
        for item in root.rglob("*")
        if item.is_file() and OWN not in item.parts and not is_temporary(item.name)
    }


def row(root: Path, profile: Path) -> KnownDossier | None:
    """Return what the catalogue knows of the dossier."""
    with Catalogue(profile_paths(profile).catalogue_file(read_identity(root))) as catalogue:
        return catalogue.dossier(SERVER, ID_D)


def check_nothing_is_half_written(root: Path, allowed: list[dict[str, bytes]]) -> None:
    """See that everything under a final name is one of the allowed contents, whole."""
    for path, content in documents(root).items():
        name = path.rpartition("/")[2]
        if name == metadata.NAME:
            assert metadata.load(content) is not None
        elif name == metadata.MANIFEST:
            assert content.endswith(b"\n")
            assert all(line[64:66] == b"  " for line in content.splitlines())
        else:
            assert content in [one[name] for one in allowed if name in one], path


def check_whole(root: Path, profile: Path, contents: dict[str, bytes], versions: dict[str, bytes]) -> None:
    """See that the dossier is there once, whole, checked, described, and that nothing else is left."""
    kept = documents(root)
    assert {path.removeprefix(f"{HOME}/") for path in kept} == {
        *contents,
        *versions,
        metadata.NAME,
        metadata.MANIFEST,
    }
    assert {path: kept[f"{HOME}/{path}"] for path in (*contents, *versions)} == {**contents, **versions}
    assert not [item for item in root.rglob("*") if is_temporary(item.name)]
    done = checked(root / HOME)
    assert (done.returncode, done.stderr) == (0, "")
    check_described(root, contents, versions)
    with Catalogue(profile_paths(profile).catalogue_file(read_identity(root))) as catalogue:
        files = catalogue.present_files()
    expected = [ExpectedDossier(folder, of) for folder, of in files.items()]
    report = Verifier(root, CancelToken(), SilentProgress()).run(expected)
    assert (report.dossiers, report.files, report.findings) == (1, len(contents) + len(versions) + 1, ())
    known = row(root, profile)
    assert known is not None
    assert (known.folder, known.sealed, known.complete, known.files) == (HOME, True, True, len(contents))


def check_described(root: Path, contents: dict[str, bytes], versions: dict[str, bytes]) -> DossierRecord:
    """See that the description names every file and every version once, with its hash."""
    [found] = scan.dossiers(root, CancelToken())
    assert found.record is not None
    files = found.record.files
    assert {file.path: file.sha256 for file in files} == {name: sha(content) for name, content in contents.items()}
    listed = Counter((version.path, version.sha256) for file in files for version in file.versions)
    assert listed == Counter((path, sha(content)) for path, content in versions.items())
    return found.record


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder whose path is short, wherever the tests run: a long one shortens the dossiers' names."""
    with tempfile.TemporaryDirectory(prefix="enn-") as name:
        yield Path(name)


@pytest.mark.parametrize("point", [name for name in POINTS if name not in ONLY_SECOND])
def test_a_first_write_killed_there_is_ended_by_the_next_run(place: Path, point: str) -> None:
    root, profile = place / "Dossiers", place / "profile"
    die(root, profile, "first", point)
    check_nothing_is_half_written(root, [FIRST])
    known = row(root, profile)
    assert known is None or known.sealed == (point == "sealed-row-written")
    write(root, profile, "second")
    check_whole(root, profile, SECOND, versions_after(root))


def versions_after(root: Path) -> dict[str, bytes]:
    """Return the versions that are there, after seeing that each is a whole first content, kept once."""
    kept = {path.partition(f"{HOME}/")[2]: content for path, content in documents(root).items() if "versions/" in path}
    assert all(content == FIRST[path.rpartition("/")[2]] for path, content in kept.items())
    assert len(kept) == len(set(kept.values()))
    return kept


@pytest.fixture(scope="module")
def after_first() -> Iterator[Path]:
    """Write the dossier as it is at first, and return the folder that holds documents and profile."""
    with tempfile.TemporaryDirectory(prefix="enn-") as name:
        place = Path(name)
        write(place / "Dossiers", place / "profile", "first")
        yield place


@pytest.mark.parametrize("point", [name for name in POINTS if name not in ONLY_FIRST])
def test_a_replacement_killed_there_loses_nothing_and_is_ended_by_the_next_run(
    after_first: Path, place: Path, point: str
) -> None:
    shutil.copytree(after_first, place, dirs_exist_ok=True)
    root, profile = place / "Dossiers", place / "profile"
    die(root, profile, "second", point)
    check_nothing_is_half_written(root, [FIRST, SECOND])
    assert set(FIRST.values()) <= set(documents(root).values())
    known = row(root, profile)
    assert known is not None
    assert known.complete == (point == "sealed-row-written")
    write(root, profile, "second")
    check_whole(root, profile, SECOND, VERSIONS)


def test_the_same_write_again_changes_nothing(after_first: Path, place: Path) -> None:
    shutil.copytree(after_first, place, dirs_exist_ok=True)
    root, profile = place / "Dossiers", place / "profile"
    write(root, profile, "second")
    before = {path: hash_file(root / path) for path in documents(root)}
    write(root, profile, "second")
    assert {path: hash_file(root / path) for path in documents(root)} == before
    check_whole(root, profile, SECOND, VERSIONS)


def test_every_point_is_tried_in_one_of_the_two_writes() -> None:
    assert not ONLY_FIRST & ONLY_SECOND
    assert set(POINTS) > ONLY_FIRST | ONLY_SECOND
