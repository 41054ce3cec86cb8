"""A release is made only when version, tag and journal agree; its notes say what a French reader asks."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from installer.windows.origin import Origin, origin_of, read_origin, write_origin
from installer.windows.release import NOTES, SUMS, Release, ReleaseError, make_release, notes, read_release
from installer.windows.signing import SigningError
from installer.windows.trouble import ProductError
from tests.installer.windows.own_certificate import own_signer

JOURNAL = """# Journal

## 0.2.0 – 2026-12-01

### Nouveautés

- Une chose.

## 0.1.0 – 2026-10-01

- Une chose d’avant.
"""


def project(folder: Path, journal: str = JOURNAL, version: str = "0.2.0") -> Path:
    """Make a project that says its version in two places."""
    (folder / "enn_desktop").mkdir()
    (folder / "enn_desktop" / "__init__.py").write_text(f'"""P."""\n__version__ = "{version}"\n', encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(journal, encoding="utf-8")
    return folder


def built(folder: Path) -> Path:
    """Make files as a build leaves them."""
    folder.mkdir()
    for name in ("enn-desktop-0.2.0-setup.exe", "enn-desktop-0.2.0.msi"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_a_release_is_read_from_the_section_of_its_version_alone(tmp_path: Path) -> None:
    release = read_release(project(tmp_path), ["other", "v0.2.0"])
    assert release == Release("0.2.0", date(2026, 12, 1), "### Nouveautés\n\n- Une chose.")


@pytest.mark.parametrize(
    ("journal", "tags", "why"),
    [
        (JOURNAL, [], "étiquette git devrait être v0.2.0, ici\u00a0: aucune"),
        (JOURNAL, ["v0.1.9"], "ici\u00a0: v0.1.9"),
        (JOURNAL, ["v0.2.0", "v0.2.1"], "v0.2.0, v0.2.1"),
        (JOURNAL.replace("0.2.0 –", "0.3.0 –"), ["v0.2.0"], "doit commencer par"),
        (JOURNAL.replace("## 0.2.0 – 2026-12-01", "## À venir : 0.2.0"), ["v0.2.0"], "À venir"),
        (JOURNAL.replace(" – 2026-12-01", ""), ["v0.2.0"], "ne dit pas le jour"),
        (JOURNAL.replace("2026-12-01", "2026-13-01"), ["v0.2.0"], "n’existe pas"),
        (JOURNAL.replace("### Nouveautés\n\n- Une chose.\n", ""), ["v0.2.0"], "ne dit rien"),
        ("# Journal\n", ["v0.2.0"], "rien"),
    ],
)
def test_a_place_that_says_something_else_stops_the_release(
    tmp_path: Path, journal: str, tags: list[str], why: str
) -> None:
    with pytest.raises(ReleaseError, match=why):
        read_release(project(tmp_path, journal), tags)


def test_the_files_come_with_fingerprints_that_sha256sum_agrees_with(tmp_path: Path) -> None:
    release = read_release(project(tmp_path), ["v0.2.0"])
    made = make_release(release, built(tmp_path / "built"), tmp_path / "out", None)
    names = ["enn-desktop-0.2.0-setup.exe", "enn-desktop-0.2.0.msi", NOTES, SUMS]
    assert [path.name for path in made] == names
    subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=tmp_path / "out", timeout=30, check=True)
    with pytest.raises(ReleaseError, match="ne se remplace pas"):
        make_release(release, tmp_path / "built", tmp_path / "out", None)


def test_notes_say_the_day_the_changes_and_who_takes_which_file(tmp_path: Path) -> None:
    folder = built(tmp_path / "built")
    said = notes(read_release(project(tmp_path), ["v0.2.0"]), sorted(folder.iterdir(), reverse=True))
    assert said.startswith("# enn-desktop 0.2.0\n\n1er décembre 2026\n\n### Nouveautés")
    assert "Une chose d’avant" not in said
    assert "| `enn-desktop-0.2.0-setup.exe` | secrétaire de mairie | 0,0\u00a0Mo | `" in said
    assert "| `enn-desktop-0.2.0.msi` | prestataire (déploiement) |" in said


def test_a_missing_file_and_an_unsigned_one_stop_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = read_release(project(tmp_path), ["v0.2.0"])
    folder = built(tmp_path / "built")
    with pytest.raises(SigningError, match=r"setup\.exe"):
        make_release(release, folder, tmp_path / "out", own_signer(tmp_path, monkeypatch))
    assert not (tmp_path / "out").exists()
    (folder / "enn-desktop-0.2.0.msi").unlink()
    with pytest.raises(ReleaseError, match=r"enn-desktop-0\.2\.0\.msi"):
        make_release(release, folder, tmp_path / "out", None)


HEAD = "a" * 40


def test_what_the_commit_of_the_release_made_alone_is_handed_out(tmp_path: Path) -> None:
    files = built(tmp_path / "built")
    write_origin(files, Origin(HEAD, clean=True, tight=True))
    release = Release("0.2.0", date(2026, 12, 1), "- Une chose.")
    assert make_release(release, files, tmp_path / "out", None, HEAD)


@pytest.mark.parametrize(
    ("origin", "why"),
    [
        (Origin("b" * 40, clean=True, tight=True), "autre commit"),
        (Origin(HEAD, clean=False, tight=True), "aucun commit"),
        (Origin(HEAD, clean=True, tight=False), "--fast"),
    ],
)
def test_what_was_made_otherwise_is_refused(tmp_path: Path, origin: Origin, why: str) -> None:
    files = built(tmp_path / "built")
    write_origin(files, origin)
    with pytest.raises(ReleaseError, match=why):
        make_release(Release("0.2.0", date(2026, 12, 1), "-"), files, tmp_path / "out", None, HEAD)
    assert not (tmp_path / "out").exists()


def test_files_that_say_nothing_of_their_origin_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProductError, match=r"build\.py"):
        make_release(Release("0.2.0", date(2026, 12, 1), "-"), built(tmp_path / "built"), tmp_path / "out", None, HEAD)


def test_a_folder_with_changes_is_told_from_a_clean_one(tmp_path: Path) -> None:
    for words in (
        ["init", "-q"],
        ["-c", "user.name=A", "-c", "user.email=a@b.fr", "commit", "-q", "--allow-empty", "-m", "x"],
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    clean = origin_of(tmp_path, fast=False)
    write_origin(tmp_path, clean)
    assert read_origin(tmp_path) == clean
    assert (len(clean.commit), clean.clean, clean.tight) == (40, True, True)
    assert not origin_of(tmp_path, fast=True).clean
