"""From which commit a product was made, written beside it: a release hands out what its own tag made, nothing older."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from installer.windows.trouble import ProductError

NAME = "provenance.txt"
YES, NO = "oui", "non"
_WORDS = ("commit", "propre", "serré")


@dataclass(frozen=True, slots=True)
class Origin:
    """The commit; whether nothing else was in the folder; whether the setup is packed as it is handed out."""

    commit: str
    clean: bool
    tight: bool

    def trouble(self, head: str) -> str:
        """Return why a release of ``head`` may not hand this out, empty when it may."""
        if self.commit != head:
            return "ces fichiers viennent d’un autre commit"
        if not self.clean:
            return "ces fichiers ont été faits avec des changements qui ne sont dans aucun commit"
        return "" if self.tight else "ces fichiers ont été faits avec --fast"


def origin_of(project: Path, *, fast: bool) -> Origin:
    """Return where a product made now comes from; an empty commit outside a git repository."""
    return Origin(_git(project, "rev-parse", "HEAD"), not _git(project, "status", "--porcelain"), not fast)


def write_origin(out: Path, origin: Origin) -> None:
    """Write it beside the product."""
    values = (origin.commit, YES if origin.clean else NO, YES if origin.tight else NO)
    lines = (f"{word} {value}\n" for word, value in zip(_WORDS, values, strict=True))
    (out / NAME).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_origin(built: Path) -> Origin:
    """Return what :func:`write_origin` wrote. Raises ``ProductError`` when it is not there, or says something else."""
    try:
        text = (built / NAME).read_text(encoding="utf-8")
        said = dict(line.split(" ", 1) for line in text.splitlines())
        return Origin(said["commit"], said["propre"] == YES, said["serré"] == YES)
    except (OSError, ValueError, KeyError) as error:
        message = f"{built / NAME} manque ou ne se lit pas\u00a0: lancez d’abord installer/build.py, jusqu’au bout."
        raise ProductError(message) from error


def _git(project: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=project, capture_output=True, encoding="utf-8", check=False)  # noqa: S607
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
