"""A release: what is handed out, with its fingerprints and its notes, only when every place says the same version.

``python3 -m installer.windows.release`` (``--help``), after ``installer/build.py`` and on the commit of the tag.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from installer.windows.origin import read_origin
from installer.windows.signing import Signer, SigningError, add_options, signer_from
from installer.windows.trouble import ProductError

PROJECT = Path(__file__).resolve().parents[2]
_VERSION = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.MULTILINE)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_RELEASED = re.compile(r"(\d+\.\d+\.\d+)(?: – (\d{4}-\d{2}-\d{2}))?")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
SUMS = "SHA256SUMS"
NOTES = "NOTES.md"


class ReleaseError(ProductError):
    """The version, the tag, the journal or the files do not agree; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Release:
    """What the project's files say about one version."""

    version: str
    day: date
    changes: str
    """The section of CHANGELOG.md, without its heading."""


def read_release(project: Path, tags: Iterable[str]) -> Release:
    """Return the release that this commit is. Raises ``ReleaseError`` when version, tag and journal disagree.

    The journal's heading is ``## 0.1.0 – 2026-12-01``; the tag, on this very commit, ``v0.1.0``.
    """
    found = _VERSION.search((project / "enn_desktop" / "__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise ReleaseError("enn_desktop/__init__.py ne dit pas la version, comme 0.1.0.")
    version = found[1]
    named = [tag for tag in tags if re.fullmatch(r"v\d.*", tag)]
    if named != [f"v{version}"]:
        said = ", ".join(named) or "aucune"
        raise ReleaseError(
            f"La version est {version}\u00a0; l’étiquette git devrait être v{version}, ici\u00a0: {said}."
        )
    day, changes = _section((project / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    return Release(version, day, changes)


def _section(journal: str, version: str) -> tuple[date, str]:
    headings = list(_HEADING.finditer(journal))
    if not headings or (first := _RELEASED.fullmatch(headings[0][1])) is None or first[1] != version:
        said = headings[0][1] if headings else "rien"
        raise ReleaseError(
            f"CHANGELOG.md doit commencer par «\u00a0## {version} – AAAA-MM-JJ\u00a0», pas par «\u00a0{said}\u00a0»."
        )
    if first[2] is None:
        raise ReleaseError(
            f"CHANGELOG.md ne dit pas le jour de la version {version}, comme «\u00a0– 2026-12-01\u00a0»."
        )
    end = headings[1].start() if len(headings) > 1 else len(journal)
    changes = journal[headings[0].end() : end].strip()
    if not changes:
        raise ReleaseError(f"CHANGELOG.md ne dit rien de la version {version}.")
    try:
        return date.fromisoformat(first[2]), changes
    except ValueError as error:
        raise ReleaseError(f"Ce jour n’existe pas\u00a0: {first[2]}.") from error


def write_sums(folder: Path, files: Iterable[Path]) -> Path:
    """Write ``SHA256SUMS``, which ``sha256sum -c`` reads, for files of this folder; return its path."""
    lines = sorted(f"{_sha256(path)}  {path.name}\n" for path in files)
    sums = folder / SUMS
    sums.write_text("".join(sorted(lines, key=lambda line: line.split("  ")[1])), encoding="utf-8", newline="\n")
    return sums


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def notes(release: Release, files: Sequence[Path]) -> str:
    """Return the notes of a release, in French: what changes, which file for whom, how to check it."""
    rows = "\n".join(
        f"| `{path.name}` | {_audience(path)} | {_megabytes(path)} | `{_sha256(path)}` |" for path in files
    )
    return f"""# enn-desktop {release.version}

{_french(release.day)}

{release.changes}

## Fichiers

| Fichier | Pour qui | Taille | SHA-256 |
|---|---|---|---|
{rows}

Contrôler un fichier sous Windows\u00a0: `certutil -hashfile FICHIER SHA256`. Sous Linux\u00a0: `sha256sum -c {SUMS}`.

Une mise à jour garde les réglages, les mots de passe et les documents\u00a0: lancez simplement le nouveau fichier.
"""


def _audience(path: Path) -> str:
    if path.suffix == ".msi":
        return "prestataire (déploiement)"
    return "secrétaire de mairie" if path.suffix == ".exe" else "contrôle"


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"


def _french(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def make_release(release: Release, built: Path, out: Path, signer: Signer | None, head: str = "") -> list[Path]:
    """Put the files of a release into ``out``, with their fingerprints and notes; return them.

    Raises ``ReleaseError`` when one is missing, was not made from the commit ``head`` alone (empty: not looked at), or
    when ``out`` holds a release already: none is ever replaced.
    Raises ``SigningError`` when a file is not signed by this signer (``None``: a trial, nothing is looked at).
    """
    names = (f"enn-desktop-{release.version}-setup.exe", f"enn-desktop-{release.version}.msi")
    absent = [name for name in names if not (built / name).is_file()]
    if absent:
        raise ReleaseError(f"Il manque dans {built}\u00a0: {', '.join(absent)}. Lancez d’abord installer/build.py.")
    if head and (trouble := read_origin(built).trouble(head)):
        raise ReleaseError(f"{built}\u00a0: {trouble}. Refaites-les avec installer/build.py.")
    if signer is not None:
        for name in names:
            signer.verify(built / name)
    if out.exists() and any(out.iterdir()):
        raise ReleaseError(f"Le dossier {out} n’est pas vide\u00a0: une version publiée ne se remplace pas.")
    out.mkdir(parents=True, exist_ok=True)
    made = [Path(shutil.copy2(built / name, out / name)) for name in names]
    sbom = built / "payload" / "sbom.cdx.json"
    if sbom.is_file():
        made.append(Path(shutil.copy2(sbom, out / f"enn-desktop-{release.version}-sbom.cdx.json")))
    (out / NOTES).write_text(notes(release, made), encoding="utf-8", newline="\n")
    sums = write_sums(out, [*made, out / NOTES])
    return [*made, out / NOTES, sums]


def _tags() -> list[str]:
    """Return the tags of this commit; raises ``ReleaseError`` where there are changes that no commit holds."""
    changed = _git("status", "--porcelain")
    if changed:
        raise ReleaseError("Des changements ne sont dans aucun commit\u00a0: une version se fait d’un dossier propre.")
    return _git("tag", "--points-at", "HEAD").split()


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, encoding="utf-8", check=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError) as error:
        raise ReleaseError("Ce dossier n’est pas un dépôt git, ou git manque.") from error
    return done.stdout.strip()


def main(given: Sequence[str] | None = None) -> int:
    """Make the release of this commit; return 0, or 1 after a sentence."""
    parser = argparse.ArgumentParser(description="Rassemble une version publiée\u00a0: fichiers, empreintes, notes.")
    parser.add_argument("--built", type=Path, default=PROJECT / "build" / "windows", help="où sont les fichiers faits")
    parser.add_argument("--out", type=Path, help="dossier de la version (dist/VERSION)")
    parser.add_argument("--unsigned", action="store_true", help="accepter des fichiers non signés (essai)")
    add_options(parser)
    options = parser.parse_args(given)
    try:
        release = read_release(PROJECT, _tags())
        signer = signer_from(options)
        if signer is None and not options.unsigned:
            raise SigningError("Dites avec quel certificat contrôler les signatures (--certificate), ou --unsigned.")
        out = options.out or PROJECT / "dist" / release.version
        made = make_release(release, options.built, out, signer, _git("rev-parse", "HEAD"))
    except ProductError as error:
        print(error, file=sys.stderr)
        return 1
    for path in made:
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
