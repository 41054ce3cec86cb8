"""What the setup copies and what the uninstaller removes: lists for NSIS, made from the payload folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from installer.windows.trouble import ProductError

LAUNCHERS = ("enn-desktop.com", "enn-desktop.exe")
"""Copied last: a copy that was cut has no launcher, so nobody starts a program in pieces."""
OWN = ("desinstaller.exe", "fichiers-en-cours.txt", "fichiers-installes.txt", "politique-enn.toml", "prereglages.toml")
"""Names that the setup itself puts into the program's folder; the first, of somebody else's, is only put aside."""
LIST_MARK = "enn-desktop|liste|1"
"""First line of our lists, without which none is believed; « | » stands in no file name of Windows."""
_REFUSED = set('<>:"|?*\\`$')
LONGEST_NAME = 180
"""Characters below the program's folder: with 79 for the folder, Windows' usual limit of 259 is reached."""


class PayloadError(ProductError):
    """The payload folder cannot be made into a setup; the sentence says which file is at fault."""


@dataclass(frozen=True, slots=True)
class FileList:
    """Every file of a payload, in a fixed order, launchers last; names are relative, with ``/``."""

    payload: Path
    names: tuple[str, ...]
    size: int
    """Bytes, all files together."""

    @property
    def longest(self) -> int:
        """Characters of the longest name."""
        return max(len(name) for name in self.names)

    @property
    def folders(self) -> tuple[str, ...]:
        """Every folder below the payload, the deepest first."""
        found = {str(parent) for name in self.names for parent in PurePosixPath(name).parents} - {"."}
        return tuple(sorted(found, key=lambda name: (-name.count("/"), name)))


def read_payload(payload: Path) -> FileList:
    """Return the files of a payload. Raises ``PayloadError`` for a name that Windows or NSIS would not take."""
    files = sorted(path for path in payload.rglob("*") if not path.is_dir())
    names = [path.relative_to(payload).as_posix() for path in files]
    for path, name in zip(files, names, strict=True):
        _check(path, name)
    if absent := [name for name in LAUNCHERS if name not in names]:
        raise PayloadError(f"Il manque un lanceur dans {payload}\u00a0: {', '.join(absent)}")
    if len({name.casefold() for name in names}) < len(names):
        raise PayloadError("Deux fichiers ne diffèrent que par des majuscules\u00a0: Windows n’en garderait qu’un.")
    rest = [name for name in names if name not in LAUNCHERS]
    return FileList(payload, (*rest, *LAUNCHERS), sum(path.stat().st_size for path in files))


def _check(path: Path, name: str) -> None:
    if path.is_symlink():
        raise PayloadError(f"Un lien ne s’installe pas\u00a0: {name}")
    if not name.isascii() or set(name) & _REFUSED or any(part.endswith((".", " ")) for part in name.split("/")):
        raise PayloadError(f"Ce nom de fichier ne convient pas\u00a0: {name}")
    if len(name) > LONGEST_NAME:
        raise PayloadError(f"Ce chemin est trop long ({len(name)} signes)\u00a0: {name}")
    if name.casefold() in OWN:
        raise PayloadError(f"Ce nom appartient à l’installation\u00a0: {name}")


def write_lists(files: FileList, folder: Path) -> None:
    """Write what ``enn-desktop.nsi`` includes: ``list.txt`` and the ``.nsh`` files, into this folder."""
    windows = [name.replace("/", "\\") for name in files.names]
    written = {
        "list.txt": [LIST_MARK, *windows, *(folder.replace("/", "\\") + "\\" for folder in files.folders)],
        "taken.nsh": _first_found([*OWN[1:], *windows]),
        "aside.nsh": [line for name in windows for line in (f'Push "$INSTDIR\\{name}"', "Call KeepAside")],
        "copy.nsh": _copy(files),
        "remove.nsh": _remove(files, windows),
        "left.nsh": _first_found(windows),
    }
    for name, lines in written.items():
        (folder / name).write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")


def _first_found(windows: list[str]) -> list[str]:
    """Set $R0 to a file of ours that is there; it stays empty when there is none."""
    return [line for name in windows for line in (f'IfFileExists "$INSTDIR\\{name}" 0 +2', f'StrCpy $R0 "{name}"')]


def _copy(files: FileList) -> list[str]:
    lines, here = [], ""
    for name in files.names:
        path = PurePosixPath(name)
        folder = "" if str(path.parent) == "." else "\\" + str(path.parent).replace("/", "\\")
        if folder != here:
            lines.append(f'SetOutPath "$INSTDIR{folder}"')
            here = folder
        lines.append(f'!insertmacro Put "{files.payload.resolve() / name}" "{path.name}"')
    return lines


def _remove(files: FileList, windows: list[str]) -> list[str]:
    removed = [f'Delete "$INSTDIR\\{name}"' for name in windows]
    # Without /r: a folder in which somebody put a file of his own stays, with that file.
    return removed + ['RMDir "$INSTDIR\\{}"'.format(folder.replace("/", "\\")) for folder in files.folders]
