"""Read every document again and say what changed, what is missing, what nobody announced."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from enn_desktop.archive import metadata, sealing
from enn_desktop.archive.incoming import hash_file, is_temporary
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.names import name_key
from enn_desktop.core.progress import Progress, ProgressState, Stage

_IN_FLIGHT_PER_CORE = 8


class Trouble(Enum):
    """What can be wrong with a file; the value is the French word shown."""

    MISSING = "absent"
    CHANGED = "modifié"
    TRUNCATED = "tronqué"
    UNREADABLE = "illisible"
    MANIFEST = "empreinte différente dans empreintes.sha256"
    UNEXPECTED = "non répertorié"


@dataclass(frozen=True, slots=True)
class Finding:
    """One file that is not as it was; ``dossier`` and ``name`` are paths with ``/``."""

    dossier: str
    name: str
    trouble: Trouble

    @property
    def harmless(self) -> bool:
        """Whether no document of ours is concerned: a file that someone added."""
        return self.trouble is Trouble.UNEXPECTED


@dataclass(frozen=True, slots=True)
class ExpectedDossier:
    """What a dossier's folder must hold: name → (hash, size)."""

    relative: str
    files: Mapping[str, tuple[str, int]]
    unfinished: bool = False
    """Its writing was cut: its manifest may not be there yet."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification read (bytes) and found."""

    dossiers: int
    files: int
    size: int
    findings: tuple[Finding, ...]

    @property
    def damages(self) -> tuple[Finding, ...]:
        """The findings about our documents."""
        return tuple(finding for finding in self.findings if not finding.harmless)


@dataclass(frozen=True, slots=True)
class _Job:
    dossier: str
    name: str
    path: Path
    sha256: str
    size: int = 0
    """Bytes expected, 0 where only the hash is known."""


class Verifier:
    """Re-reads a documents folder on all cores (hashing leaves Python's lock)."""

    def __init__(self, root: Path, cancel: CancelToken, progress: Progress) -> None:
        self._root = root
        self._cancel = cancel
        self._progress = progress
        self._findings: list[Finding] = []
        self._files = 0
        self._bytes = 0

    def run(self, dossiers: Iterable[ExpectedDossier]) -> VerifyReport:
        """Read everything expected; return what was found. Raises ``Cancelled``."""
        count = 0
        workers = os.cpu_count() or 2
        with ThreadPoolExecutor(workers) as pool:
            running: set[Future[tuple[_Job, Trouble | None, int]]] = set()
            for dossier in dossiers:
                count += 1
                for job in self._jobs(dossier):
                    running.add(pool.submit(_read, job, self._cancel))
                    if len(running) >= workers * _IN_FLIGHT_PER_CORE:
                        running = self._collect(running, count)
            while running:
                running = self._collect(running, count)
        self._cancel.check()
        findings = tuple(sorted(self._findings, key=lambda f: (f.dossier, f.name)))
        return VerifyReport(count, self._files, self._bytes, findings)

    def _jobs(self, dossier: ExpectedDossier) -> Iterator[_Job]:
        folder = self._root.joinpath(*dossier.relative.split("/"))
        manifest = sealing.read_manifest(folder)
        missing_yet = dossier.unfinished and not manifest
        for name, (sha256, size) in dossier.files.items():
            if manifest.get(name) != sha256 and not missing_yet:
                self._findings.append(Finding(dossier.relative, name, Trouble.MANIFEST))
            yield _Job(dossier.relative, name, folder.joinpath(*name.split("/")), sha256, size)
        described = manifest.get(metadata.NAME)
        if described:
            yield _Job(dossier.relative, metadata.NAME, folder / metadata.NAME, described)
        elif not missing_yet:
            self._findings.append(Finding(dossier.relative, metadata.NAME, Trouble.MANIFEST))
        self._findings += self._unexpected(dossier, folder)

    @staticmethod
    def _unexpected(dossier: ExpectedDossier, folder: Path) -> list[Finding]:
        known = {*dossier.files, metadata.NAME, metadata.MANIFEST, metadata.VERSIONS}
        try:
            with os.scandir(folder) as entries:
                present = {item.name for item in entries}
        except OSError:
            return []
        strangers = [name for name in sorted(present) if name not in known and not is_temporary(name)]
        unseen = [name for name in known - present if "/" not in name] if strangers else []
        strangers = [name for name in strangers if not any(_same(folder, name, other) for other in unseen)]
        return [Finding(dossier.relative, name, Trouble.UNEXPECTED) for name in strangers]

    def _collect(
        self, running: set[Future[tuple[_Job, Trouble | None, int]]], dossiers: int
    ) -> set[Future[tuple[_Job, Trouble | None, int]]]:
        done, left = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            job, trouble, size = future.result()
            self._files += 1
            self._bytes += size
            if trouble is not None:
                self._findings.append(Finding(job.dossier, job.name, trouble))
        self._progress.update(
            ProgressState(Stage.VERIFYING, dossiers_done=dossiers, files_done=self._files, bytes_done=self._bytes)
        )
        return left


def _same(folder: Path, name: str, other: str) -> bool:
    """Whether the disk takes these two names for one: someone changed capital letters, which Windows ignores."""
    if name_key(name) != name_key(other):
        return False
    try:
        return (folder / name).samefile(folder / other)
    except OSError:
        return False


def _read(job: _Job, cancel: CancelToken) -> tuple[_Job, Trouble | None, int]:
    if cancel.cancelled:
        return job, None, 0
    try:
        sha256, size = hash_file(job.path)
    except FileNotFoundError:
        return job, Trouble.MISSING, 0
    except OSError:
        return job, Trouble.UNREADABLE, 0
    if sha256 == job.sha256:
        return job, None, size
    return job, Trouble.TRUNCATED if size < job.size else Trouble.CHANGED, size


def expected_from_folder(root: Path, relatives: Iterable[str]) -> Iterator[ExpectedDossier]:
    """Yield what the manifests alone announce, for a folder without a catalogue."""
    for relative in relatives:
        folder = root.joinpath(*relative.split("/"))
        listed = sealing.read_manifest(folder)
        files = {name: (sha, 0) for name, sha in listed.items() if name != metadata.NAME}
        yield ExpectedDossier(relative, files)
