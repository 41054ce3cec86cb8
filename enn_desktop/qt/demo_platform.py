"""The make-believe platform in a process of its own, for the time of a demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from enn_desktop.core.errors import ServerUnreachable
from enn_desktop.core.typed_reading import from_json

ARGUMENTS = ("demo", "--serve", "--json", "--until-input-ends")
START_MS = 30_000
"""A slow disk may need some seconds to load the platform's libraries."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Where the make-believe platform answers, and to whom."""

    url: str
    login: str
    password: str


class DemoPlatform(QObject):
    """Starts the platform, says where it is, stops it."""

    ready = Signal(object)
    """A ``DemoAccount``."""
    failed = Signal(object)
    """An ``EnnError``."""

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.errorOccurred.connect(lambda _: self._give_up())
        self._process.finished.connect(lambda *_: self._give_up())
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._give_up)
        self._said = b""
        self._told = False

    def start(self) -> None:
        """Start; exactly one of ``ready`` and ``failed`` follows."""
        self._late.start(START_MS)
        self._process.start(self._command[0], [*self._command[1:], *ARGUMENTS])

    def stop(self) -> None:
        """Stop the platform; it holds nothing worth keeping."""
        self._told = True
        self._late.stop()
        self._process.kill()
        self._process.waitForFinished(2_000)

    def _read(self) -> None:
        self._said += self._process.readAllStandardOutput().data()
        line, end, _ = self._said.partition(b"\n")
        if self._told or not end:
            return
        try:
            found = from_json(line, DemoAccount)
        except msgspec.DecodeError:
            self._give_up()
            return
        self._told = True
        self._late.stop()
        self.ready.emit(found)

    def _give_up(self) -> None:
        if self._told:
            return
        self._told = True
        self._late.stop()
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        message = "La plateforme de démonstration n’a pas pu démarrer."
        self.failed.emit(
            ServerUnreachable(message, advice="Fermez puis relancez la démonstration.", detail=said[-500:])
        )
