"""The program tries itself: a demonstration that plays by its own buttons, and leaves its result and its pictures.

For whoever installs the program, and for the tests of what was built: the installed files are tried, on this very
computer, in a folder of their own. Nothing of the user's is read or touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QSysInfo, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QTabWidget, QWidget

from enn_desktop import __version__
from enn_desktop.core.exits import ExitCode
from enn_desktop.qt.main_window import MainWindow, Place
from enn_desktop.system.launching import program_command

if TYPE_CHECKING:
    from enn_desktop.backup.checking import CheckedRoot
    from enn_desktop.backup.rounds import RoundReport
    from enn_desktop.core.clock import Clock
    from enn_desktop.core.errors import EnnError
    from enn_desktop.qt.engine_room import EngineRoom
    from enn_desktop.qt.key.keeper import KeyKeeper
    from enn_desktop.signing_key.values import Verdict

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
LONGEST_MS = 240_000
"""The whole trial; some seconds are usual."""
PAINT_MS = 300
"""A page that was just shown has its rows read in a thread first."""
RESULT = "essai.json"
PICTURES = {Place.TODO: "a-faire", Place.DOSSIERS: "dossiers", Place.SAVING: "sauvegarde", Place.KEY: "ma-cle"}
FETCH, VERIFY = "Tout récupérer", "Vérifier"


@dataclass(slots=True)
class Found:
    """What the trial has seen so far; times are seconds since 1970."""

    shown_at: float = 0.0
    painted_at: float = 0.0
    run: dict[str, Value] = field(default_factory=dict)
    verified: dict[str, Value] = field(default_factory=dict)
    key: str = ""
    errors: list[Value] = field(default_factory=list)
    pictures: list[Value] = field(default_factory=list)


class Trial(QObject):
    """Presses the buttons one after the other, and says once how it went."""

    ended = Signal(object)
    """An ``ExitCode``: ``OK`` when everything asked for was seen."""

    def __init__(self, folder: Path, window: MainWindow, engine: EngineRoom, clock: Clock) -> None:
        super().__init__(window)
        self._clock = clock
        self._folder, self._window, self._engine = folder, window, engine
        self._found = Found()
        self._over = False
        self._keeper: KeyKeeper | None = None
        self._surroundings: dict[str, Value] = {}
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._too_late)
        self._late.start(LONGEST_MS)
        self._waits_for = ""
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._step: Callable[[], None] = self._press_fetch
        self._next.timeout.connect(lambda: self._step())  # noqa: PLW0108 - the step of that moment
        engine.round_ended.connect(self._fetched)
        engine.checked.connect(self._verified)
        engine.failed.connect(self.note)

    def begin(self, *, tray: bool, toaster: str) -> None:
        """Note what the program found around it; go on once the make-believe platform is there."""
        self._surroundings = {"tray": tray, "toaster": toaster, "qt_platform": QGuiApplication.platformName()}

    def shown(self) -> None:
        """Take note of the window."""
        if not self._found.shown_at:
            self._found.shown_at = self._now()

    def painted(self) -> None:
        """Take note of the first useful screen."""
        if not self._found.painted_at:
            self._found.painted_at = self._now()

    def note(self, error: EnnError) -> None:
        """Take note of an error that was shown."""
        self._found.errors.append(error.code)

    def give_up(self, error: EnnError) -> None:
        """End here: nothing can be tried after this."""
        self.note(error)
        self._end(error.message)

    def platform_ready(self) -> None:
        """Press « Tout récupérer », now that the demonstration's account is there."""
        self._after(self._press_fetch)

    def watch(self, keeper: KeyKeeper) -> None:
        """Take note of what the key's part says."""
        self._keeper = keeper
        keeper.verdict_changed.connect(self._key_said)
        if keeper.verdict is not None:
            self._key_said(keeper.verdict)

    # -- step by step --------------------------------------------------------------------------------------

    def _after(self, step: Callable[[], None]) -> None:
        if not self._over:
            self._step = step
            self._next.start(PAINT_MS)

    def _press_fetch(self) -> None:
        self._window.show_place(Place.TODO)
        self._press(FETCH)

    def _press(self, text: str) -> None:
        """Press a button of the page shown, as soon as it can be pressed; the whole trial's end is the limit."""
        place = self._window.place()
        page = self._window.page(place) if place is not None else self._window
        for one in page.findChildren(QPushButton):
            if one.text() != text or not one.isEnabled():
                continue
            _bring_to_light(one)
            if one.isVisible():
                self._waits_for = ""
                one.click()
                return
        self._waits_for = text
        self._after(lambda: self._press(text))

    def _fetched(self, report: RoundReport) -> None:
        states = [one.state for one in report.reports]
        self._found.run = {
            "outcome": report.outcome.name.lower(),
            "dossiers": report.fetched_dossiers,
            "files": report.fetched_files,
            "bytes": report.fetched_bytes,
            "failures": report.failures,
            "complete": sum(state.complete for state in states),
        }
        self._window.show_place(Place.SAVING)
        self._after(lambda: self._press(VERIFY))

    def _verified(self, results: tuple[CheckedRoot, ...]) -> None:
        reports = [one.report for one in results if one.report is not None]
        self._found.verified = {
            "dossiers": sum(one.dossiers for one in reports),
            "files": sum(one.files for one in reports),
            "bytes": sum(one.size for one in reports),
            "damages": sum(len(one.damages) for one in reports),
            "unread_folders": len(results) - len(reports),
        }
        self._picture(list(PICTURES))

    def _picture(self, left: list[Place]) -> None:
        """Show a page, let it paint, take its picture; then the next one."""
        if not left:
            self._end("")
            return
        self._window.show_place(left[0])

        def take() -> None:
            name = f"{PICTURES[left[0]]}.png"
            if self._window.grab().save(str(self._folder / name)):
                self._found.pictures.append(name)
            self._picture(left[1:])

        if left[0] is Place.KEY:
            # The key is looked at in a process of its own: its word comes when it comes, or the whole is late.
            self._after(lambda: self._once_key_is_known(take))
            return
        self._after(take)

    def _once_key_is_known(self, take: Callable[[], None]) -> None:
        if self._keeper is None or self._keeper.checking or not self._found.key:
            self._waits_for = "Ma clé"
            self._after(lambda: self._once_key_is_known(take))
            return
        self._waits_for = ""
        take()

    def _key_said(self, verdict: Verdict) -> None:
        self._found.key = verdict.state.name.lower()

    # -- the end -------------------------------------------------------------------------------------------

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _too_late(self) -> None:
        awaited = f"\u00a0: «\u00a0{self._waits_for}\u00a0» se fait attendre" if self._waits_for else ""
        self._end(f"L’essai n’est pas fini à temps{awaited}.")

    def _end(self, trouble: str) -> None:
        if self._over:
            return
        self._over = True
        self._late.stop()
        seen = self._found
        good = bool(not trouble and seen.run.get("complete") and seen.verified and not seen.errors)
        good = good and not seen.verified["damages"] and not seen.verified["unread_folders"]
        result: dict[str, Value] = {
            "outcome": "ok" if good else "trouble",
            "trouble": trouble,
            "version": __version__,
            "installed": len(program_command()) == 1,
            "system": f"{QSysInfo.kernelType()} {QSysInfo.kernelVersion()}",
            **self._surroundings,
            "shown_at": seen.shown_at,
            "painted_at": seen.painted_at,
            "ended_at": self._now(),
            "run": seen.run,
            "verify": seen.verified,
            "key": seen.key,
            "errors": seen.errors,
            "pictures": seen.pictures,
        }
        text = json.dumps(result, ensure_ascii=False, indent=2) + "\n"
        try:
            (self._folder / RESULT).write_text(text, encoding="utf-8")
        except OSError:
            # Nobody sits there to close the window: it leaves, and its exit code says that something is wrong.
            good = False
        self.ended.emit(ExitCode.OK if good else ExitCode.PARTIAL)


def _bring_to_light(widget: QWidget) -> None:
    """Turn to the tab that a widget is on, as she would."""
    shown = widget
    while (parent := shown.parentWidget()) is not None:
        tabs = parent.parentWidget()
        if isinstance(tabs, QTabWidget) and tabs.indexOf(shown) >= 0:
            tabs.setCurrentWidget(shown)
        shown = parent
