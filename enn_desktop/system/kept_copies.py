"""Files that may be far away: read with an end to the waiting, the last good content kept for the day they are off."""

from __future__ import annotations

import contextlib
import hashlib
import queue
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from enn_desktop.core.errors import EnnError
from enn_desktop.system import disk

LARGEST = 1_000_000
"""Bytes: settings and policies are a few thousand."""
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""What Windows PowerShell puts in front when it writes text in its usual encoding."""
_SILENT: set[Path] = set()
"""Files that did not answer since the program started: nobody waits for them twice."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, or why there is none (codes only). ``copy_of``: the day of the copy that stands for the file."""

    text: str | None = None
    reason: str = ""
    absent: bool = False
    copy_of: str = ""


class KeptCopies:
    """Reads files, waiting no longer than ``patience_s`` seconds for one; ``folder`` ``None`` keeps no copy."""

    def __init__(self, folder: Path | None, patience_s: float) -> None:
        self._folder, self._patience_s = folder, patience_s

    def readings(self, path: Path, *, far: bool) -> Iterator[Reading]:
        """Yield the file as it is now, then, of one that is far, its last good copy. Never raises."""
        yield self._now(path, far=far)
        copy = self._copy(path)
        if far and copy is not None and copy.is_file():
            try:
                day = datetime.fromtimestamp(copy.stat().st_mtime, UTC).astimezone().date().isoformat()
                yield Reading(_decoded(copy.read_bytes()), copy_of=day)
            except (OSError, ValueError) as error:
                yield Reading(reason=type(error).__name__)

    def keep(self, path: Path, text: str) -> None:
        """Keep a text that proved good; a profile that cannot be written keeps none. Never raises."""
        copy = self._copy(path)
        if copy is None:
            return
        # A name of its own: the window, the task and the command line may keep the same file at the same moment.
        fresh = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}.part")
        with contextlib.suppress(OSError, EnnError):
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                fresh.write_text(text, encoding="utf-8", newline="")
                disk.rename(fresh, copy)
            finally:
                fresh.unlink(missing_ok=True)

    def _copy(self, path: Path) -> Path | None:
        if self._folder is None:
            return None
        name = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return self._folder / f"{name}.toml"

    def _now(self, path: Path, *, far: bool) -> Reading:
        try:
            return Reading(_decoded(self._in_time(path) if far else _read(path)))
        except (FileNotFoundError, NotADirectoryError) as error:
            return Reading(reason=type(error).__name__, absent=True)
        except (OSError, ValueError) as error:
            return Reading(reason=type(error).__name__)

    def _in_time(self, path: Path) -> bytes:
        """Read a file in a thread that may be left behind: nothing can wake a system that waits for a dead share."""
        if path in _SILENT:
            raise TimeoutError
        answered: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

        def read() -> None:
            try:
                answered.put(_read(path))
            except Exception as error:  # noqa: BLE001 - carried to the caller, whole
                answered.put(error)

        threading.Thread(target=read, name="fichier distant", daemon=True).start()
        try:
            answer = answered.get(timeout=self._patience_s)
        except queue.Empty:
            _SILENT.add(path)
            raise TimeoutError from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        message = "too large"
        raise ValueError(message)
    return content


def _decoded(content: bytes) -> str:
    """Decode what Notepad and PowerShell write. Raises ``UnicodeDecodeError``."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8-sig")
    return content.decode(encoding)
