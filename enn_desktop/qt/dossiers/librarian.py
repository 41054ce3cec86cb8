"""Asks the shelf in the reader's thread; a newer question makes an older one useless, and stops it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from enn_desktop.agenda import places
from enn_desktop.agenda.values import DossierRef
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled, EnnError
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.office import Office

if TYPE_CHECKING:
    from enn_desktop.agenda.sheet import DossierSheet
    from enn_desktop.agenda.shelf import Facets, Shelf, ShelfAnswer, ShelfQuery, ShelfRow


class Librarian(QObject):
    """Holds the shelf; every answer is a signal in the main thread."""

    answered = Signal(object)
    """A ``ShelfAnswer``."""
    rows_arrived = Signal(object, object)
    """The keys asked for, the ``ShelfRow`` of each."""
    facets_arrived = Signal(object)
    """``Facets``."""
    sheet_arrived = Signal(object)
    """A ``DossierSheet``, ``None`` when nothing is known."""
    found = Signal(object, int)
    """The ``DossierRef`` asked for by :meth:`find`, its key, 0 if it is not there."""
    failed = Signal(object)
    """An ``EnnError``."""

    def __init__(self, bridge: Bridge, office: Office, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._office = bridge, office
        self._shelf: Shelf | None = None
        self._cancel = CancelToken()
        bridge.leaving.connect(self._leave)

    def fill(self) -> None:
        """Put every dossier on the shelf, again if need be; ``facets_arrived`` tells when it is done."""

        def fill_it() -> Facets:
            from enn_desktop.agenda.shelf import Shelf

            office = self._office
            shelf = Shelf()
            try:
                found = places.known_places(office.paths, office.roots)
                shelf.fill(found, office.policy, office.clock.now(), self._cancel)
            except BaseException:
                shelf.close()
                raise
            self._close()
            self._shelf = shelf
            return shelf.facets()

        self._bridge.read(fill_it, self.facets_arrived.emit, self._unless_stopped, slot="shelf")

    def _leave(self) -> None:
        self._cancel.cancel()
        if self._shelf is not None:
            self._shelf.interrupt()
        self._bridge.read(self._close, lambda _: None)

    def _close(self) -> None:
        """Let the present shelf go, in the reader's thread."""
        shelf, self._shelf = self._shelf, None
        if shelf is not None:
            shelf.close()

    def search(self, query: ShelfQuery) -> None:
        """Look for dossiers; ``answered`` tells what was found, of the last question only."""
        if self._shelf is not None:
            self._shelf.interrupt()

        def look() -> ShelfAnswer | None:
            return self._shelf.search(query) if self._shelf is not None else None

        def told(answer: ShelfAnswer | None) -> None:
            if answer is not None:
                self.answered.emit(answer)

        self._bridge.read(look, told, self._unless_stopped, slot="search")

    def fetch_rows(self, keys: Sequence[int]) -> None:
        """Read the rows of some keys; ``rows_arrived`` tells them."""
        wanted = tuple(keys)

        def read() -> tuple[ShelfRow, ...]:
            return self._shelf.rows(wanted) if self._shelf is not None else ()

        self._bridge.read(read, lambda rows: self.rows_arrived.emit(wanted, rows), self._unless_stopped)

    def find(self, ref: DossierRef) -> None:
        """Find the key of one dossier; ``found`` tells it."""

        def look() -> int:
            return (self._shelf.find(ref) if self._shelf is not None else None) or 0

        self._bridge.read(look, lambda key: self.found.emit(ref, key), self._unless_stopped, slot="find")

    def read_sheet(self, ref: DossierRef) -> None:
        """Read everything known of one dossier; ``sheet_arrived`` tells it, of the last one asked for only."""
        office = self._office

        def read() -> DossierSheet | None:
            from enn_desktop.agenda.sheet import read_sheet

            known = places.known_places(office.paths, office.roots)
            place = next((one for one in known if one.root == ref.root), None)
            return read_sheet(place, ref, office.policy, office.clock.now()) if place is not None else None

        self._bridge.read(read, self.sheet_arrived.emit, self._unless_stopped, slot="sheet")

    def _unless_stopped(self, error: EnnError) -> None:
        if not isinstance(error, Cancelled):
            self.failed.emit(error)
