"""How results, errors and progress are said: sentences for people, JSON for scripts, never both mixed."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Mapping
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.text import Text

from enn_desktop.core.errors import EnnError
from enn_desktop.core.french import count, duration, size
from enn_desktop.core.progress import ProgressState, Stage

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
_PLAIN_EVERY_S = 5.0
_TITLE_LENGTH = 40


class Speaker:
    """Says things on standard output (results) and standard error (progress, errors)."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, sentence: str = "") -> None:
        """Print one line of a result, unless a script asked for JSON."""
        if not self.as_json and not self.quiet:
            self._out.print(Text(sentence))

    def note(self, sentence: str) -> None:
        """Print one line that is not a result."""
        if not self.quiet:
            self._err.print(Text(sentence))

    def folder_data(self, values: list[Json]) -> None:
        """Print one result per documents folder, as one JSON value: the result itself, or a list of several."""
        self.data(values[0] if len(values) == 1 else values)

    def data(self, value: Json) -> None:
        """Print the result for a script."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def line(self, value: Json) -> None:
        """Print a value for a script on one line, at once: the command goes on."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
            sys.stdout.flush()

    def error(self, error: EnnError, *, with_data: bool = True) -> None:
        """Say what happened, what it means, what to do; the detail last. Scripts get it too, ``with_data``."""
        if with_data:
            self.data({"outcome": "error", "exit_code": int(error.exit_code), "error": error_json(error)})
        self._err.print(Text(f"{error.title}.", style="bold"))
        self._err.print(Text(f"  {error.message}"))
        self._err.print(Text(f"  Que faire : {error.advice}"))
        if error.detail:
            self._err.print(Text(f"  Détail à copier pour le support : [{error.code}] {error.detail}", style="dim"))

    def usage(self, sentence: str) -> None:
        """Say what is wrong with the command itself."""
        self.data({"outcome": "error", "exit_code": 2, "error": {"code": "commande", "message": sentence}})
        self._err.print(Text(f"{sentence} Pour l’aide : enn-desktop --help"))

    def progress(self) -> TerminalProgress | PlainProgress:
        """Return what follows a run: a bar on a terminal, plain lines elsewhere."""
        if self._err.is_terminal and not self.quiet:
            return TerminalProgress(self._err)
        return PlainProgress(self)


def speak_unicode() -> None:
    """Write UTF-8 whatever the console or the pipe expects: no title may stop a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def error_json(error: EnnError) -> Json:
    """Return an error for a script."""
    return {
        "code": error.code,
        "title": error.title,
        "message": error.message,
        "advice": error.advice,
        "detail": error.detail,
    }


class TerminalProgress:
    """A bar with dossiers, files, bytes and time left."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[numbers]}"),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None

    def update(self, state: ProgressState) -> None:
        """Move the bar."""
        if state.stage is Stage.DONE:
            self.close()
            return
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task("", total=None, numbers="")
        current = state.current.replace("\n", " ")[:_TITLE_LENGTH]
        self._bar.update(
            self._task,
            description=f"{state.stage.value.capitalize()} {current}".replace("[", "(").rstrip(),
            total=state.dossiers_total or None,
            completed=state.dossiers_done,
            numbers=_numbers(state),
        )

    def close(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._bar.stop()
            self._task = None


class PlainProgress:
    """One line now and then, for logs and pipes."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._stage: Stage | None = None
        self._said_at = 0.0

    def update(self, state: ProgressState) -> None:
        """Say a line when the stage changes, then every few seconds."""
        now = time.monotonic()
        if state.stage is Stage.DONE or (state.stage is self._stage and now - self._said_at < _PLAIN_EVERY_S):
            return
        self._stage, self._said_at = state.stage, now
        self._speaker.note(f"{state.stage.value.capitalize()}… {_numbers(state)}".rstrip())

    def close(self) -> None:
        """Nothing to take away."""


def _numbers(state: ProgressState) -> str:
    if not state.files_done and not state.dossiers_total:
        return ""
    parts = [f"{state.dossiers_done}/{count(state.dossiers_total, 'dossier')}"] if state.dossiers_total else []
    parts += [count(state.files_done, "fichier"), size(state.bytes_done)]
    if state.seconds_left is not None:
        parts.append(f"encore {duration(state.seconds_left)}")
    return " · ".join(parts)
