"""Search, filters, the table, and the panel of the dossier chosen; everything by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from enn_desktop.agenda.shelf import Facets, ShelfAnswer, ShelfQuery, SortBy
from enn_desktop.agenda.values import DossierRef, KeyBadge, WeekAhead
from enn_desktop.core.french import NARROW, NBSP, count
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.cells import DossierView
from enn_desktop.qt.dossiers.filters import Filters
from enn_desktop.qt.dossiers.librarian import Librarian
from enn_desktop.qt.dossiers.model import (
    COLUMNS,
    COPY,
    DAY,
    ENTITY,
    FAMILY,
    FILES,
    LIMIT,
    NUMBER,
    SIZE,
    TITLE,
    WORD,
    DossierTable,
)
from enn_desktop.qt.dossiers.panel import DossierPanel
from enn_desktop.qt.look import colours_of
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, button, row, words

SIDE_BY_SIDE = 980
"""Logical pixels: under that width the panel takes the place of the list."""
HEADER, HIDDEN_AT_FIRST = "dossiers/colonnes", (ENTITY, DAY, FILES, SIZE)
WIDTHS = {LIMIT: 140, FAMILY: 124, NUMBER: 108, WORD: 118, COPY: 104, DAY: 84}
NARROWEST = 56
"""The object takes the room that the others leave; below this, the list is moved sideways."""
WIDEST_COUNT = f"100{NARROW}000 dossiers"
SECTIONS = {"at_risk": "R", "waiting": "U", "troubled": "E", "in_progress": "P"}
EMPTY = "Aucun dossier n’a encore été récupéré."


class DossiersPage(QWidget):
    """Finds, lists and shows dossiers."""

    folder_wanted = Signal(object)
    file_wanted = Signal(object)
    web_wanted = Signal(str)
    fetch_wanted = Signal()

    def __init__(self, bridge: Bridge, librarian: Librarian, memory: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._librarian, self._memory = librarian, memory
        self._sort, self._descending = SortBy.LIMIT, False
        self._total = -1
        self._wanted: DossierRef | None = None
        self.search = QLineEdit()
        self.filters = Filters()
        self.model = DossierTable(lambda: colours_of(self), self)
        self.table = DossierView(self.model)
        self.panel = DossierPanel(bridge)
        self._count, self._nothing = words(wrap=False), words(EMPTY)
        self._fetch = button("Tout récupérer", self.fetch_wanted.emit, "primary")
        self._clear = button("Effacer", self.clear_filters, "link")
        self._columns = QToolButton()
        self._lists, self._splitter = QStackedWidget(), QSplitter(Qt.Orientation.Horizontal)
        self._left = QWidget()
        self._assemble()
        self._connect()

    # -- how it is made ------------------------------------------------------------------------------------

    def _assemble(self) -> None:
        self.search.setPlaceholderText("Objet, numéro, nom de fichier…")
        self.search.setAccessibleName("Chercher un dossier")
        self.search.setToolTip("Ctrl+F")
        self.search.setClearButtonEnabled(True)
        self._make_table()
        self._make_columns_menu()
        head = row(self.search, self._count, self._columns)
        head.setStretch(0, 1)
        # What comes and goes with the words typed has its room beforehand: nothing else moves at a keystroke.
        self._count.setMinimumWidth(self.fontMetrics().horizontalAdvance(WIDEST_COUNT))
        self._clear.setAccessibleName("Effacer la recherche et les filtres")
        self._clear.setToolTip(self._clear.accessibleName())
        kept = self._clear.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._clear.setSizePolicy(kept)
        nothing = QWidget()
        told = QVBoxLayout(nothing)
        told.addStretch(1)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        told.addWidget(self._nothing)
        told.addWidget(self._fetch, 0, Qt.AlignmentFlag.AlignHCenter)
        told.addStretch(2)
        self._lists.addWidget(self.table)
        self._lists.addWidget(nothing)
        listed = QVBoxLayout(self._left)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(SMALL_GAP)
        listed.addLayout(head)
        listed.addLayout(self.filters.laid_out(self._clear))
        listed.addWidget(self._lists, 1)
        self._splitter.addWidget(self._left)
        self._splitter.addWidget(self.panel)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, SMALL_GAP)
        layout.addWidget(self._splitter)
        self._clear.hide()

    def _make_table(self) -> None:
        table = self.table
        table.setAccessibleName("Dossiers")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        header = table.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        state = self._memory.value(HEADER)
        if state is None or not header.restoreState(state):
            for column, width in WIDTHS.items():
                header.resizeSection(column, width)
            for column in HIDDEN_AT_FIRST:
                header.hideSection(column)
        header.setMinimumSectionSize(NARROWEST)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(LIMIT, Qt.SortOrder.AscendingOrder)

    def _make_columns_menu(self) -> None:
        self._columns.setText("Colonnes")
        self._columns.setAccessibleName("Choisir les colonnes")
        self._columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._columns.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(self._columns)
        for rank, column in enumerate(COLUMNS):
            if rank == TITLE:
                continue
            action = QAction(column.name.strip(), menu)
            action.setCheckable(True)
            action.setChecked(not self.table.isColumnHidden(rank))
            action.toggled.connect(lambda shown, rank=rank: self._show_column(rank, shown=shown))
            menu.addAction(action)
        self._columns.setMenu(menu)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._ask())
        self.filters.changed.connect(self._ask)
        self.model.page_wanted.connect(self._librarian.fetch_rows)
        self._librarian.answered.connect(self._answered)
        self._librarian.rows_arrived.connect(self.model.take_rows)
        self._librarian.facets_arrived.connect(self._filled)
        self._librarian.sheet_arrived.connect(self.panel.show_sheet)
        self._librarian.found.connect(self._found)
        header = self.table.horizontalHeader()
        header.sectionClicked.connect(self._sort_by)
        header.sectionResized.connect(lambda *_: self._remember_later())
        header.sectionMoved.connect(lambda *_: self._remember_later())
        self.table.selectionModel().currentRowChanged.connect(self._row_changed)
        self.table.activated.connect(lambda _: self._enter_panel())
        self.panel.folder_wanted.connect(self.folder_wanted)
        self.panel.file_wanted.connect(self.file_wanted)
        self.panel.web_wanted.connect(self.web_wanted)
        self.panel.back_wanted.connect(self._back)
        self._remembering = QTimer(self)
        self._remembering.setSingleShot(True)
        self._remembering.setInterval(500)
        self._remembering.timeout.connect(self._remember)
        for keys, act in (("Ctrl+F", self._to_search), ("Ctrl+O", self.panel.open_folder), ("Esc", self._back)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- what is asked -------------------------------------------------------------------------------------

    def query(self) -> ShelfQuery:
        """Return what is looked for now."""
        return self.filters.asked(self.search.text(), self._sort, descending=self._descending)

    def refresh(self) -> None:
        """Read the catalogues again, when the page has ever been shown."""
        if self._total >= 0:
            self._librarian.fill()

    def show_key(self, badge: KeyBadge) -> None:
        """Show how the signing key is, on the dossiers that need it."""
        self.model.show_key(badge)
        self.panel.show_key(badge)

    def show_preset(self, section: str, week: object = None) -> None:
        """Show the dossiers of a section of the first screen, or of one of its weeks."""
        self.search.clear()
        self.filters.preset(SECTIONS.get(section, ""), week if isinstance(week, WeekAhead) else None)
        self._ask()

    def show_dossier(self, ref: DossierRef) -> None:
        """Show one dossier: the list is whole again, and it is chosen in it."""
        self._wanted = ref
        self.clear_filters()
        self._librarian.read_sheet(ref)
        self._side(panel=True)

    def clear_filters(self) -> None:
        """Show everything."""
        self.search.clear()
        self.filters.clear()
        self._ask()

    def _ask(self) -> None:
        query = self.query()
        self._clear.setVisible(query != ShelfQuery(sort=query.sort, descending=query.descending))
        if self._total >= 0:
            self._librarian.search(query)

    def _sort_by(self, column: int) -> None:
        sort = COLUMNS[column].sort
        self._descending = not self._descending if sort is self._sort else False
        self._sort = sort
        order = Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, order)
        self._ask()

    # -- what is answered ----------------------------------------------------------------------------------

    def _filled(self, facets: Facets) -> None:
        self._total = facets.total
        self.filters.show_facets(facets)
        self._librarian.search(self.query())

    def _answered(self, answer: ShelfAnswer) -> None:
        chosen = self._chosen_ref()
        self.model.set_answer(answer)
        found = len(answer.keys)
        told = count(found, "dossier")
        if told != self._count.text():
            self._count.setText(told)
            announce(self, told)
        self._lists.setCurrentIndex(0 if found else 1)
        self._fetch.setVisible(not self._total)
        asked = f"Aucun dossier ne correspond à «{NBSP}{answer.query.words}{NBSP}»."
        self._nothing.setText((asked if answer.query.words.strip() else "Aucun dossier.") if self._total else EMPTY)
        again = self._wanted or chosen
        here = next((place for place, shown in enumerate(answer.rows) if shown.ref == again), -1)
        if again is not None and here < 0:
            self._librarian.find(again)
        elif found:
            # Among the rows that came with the answer, or none was chosen: nothing has to be asked.
            self._wanted = None
            self._choose(max(0, here))

    def _found(self, ref: DossierRef, key: int) -> None:
        if self._wanted not in {None, ref}:
            # Answers a question of before: the dossier wanted since is still looked for.
            return
        place = self.model.place_of(key) if key else -1
        self._wanted = None
        if place < 0 and self.model.rowCount():
            # The dossier chosen before is not among these: the panel follows the list.
            place = 0
        if place >= 0:
            self._choose(place)

    def _choose(self, place: int) -> None:
        self.table.selectRow(place)
        self.table.scrollTo(self.model.index(place, 0), QAbstractItemView.ScrollHint.EnsureVisible)

    def _row_changed(self, current: QModelIndex) -> None:
        shown = self.model.row_at(current.row()) if current.isValid() else None
        if shown is not None:
            self._librarian.read_sheet(shown.ref)

    def _chosen_ref(self) -> DossierRef | None:
        current = self.table.currentIndex()
        shown = self.model.row_at(current.row()) if current.isValid() else None
        return shown.ref if shown is not None else None

    # -- moving about --------------------------------------------------------------------------------------

    def _to_search(self) -> None:
        self._side(panel=False)
        self.search.setFocus()
        self.search.selectAll()

    def _enter_panel(self) -> None:
        self._side(panel=True)
        self.panel.tabs.setFocus()

    def _back(self) -> None:
        self._side(panel=False)
        self.table.setFocus()

    def _side(self, *, panel: bool) -> None:
        """Where there is no room for both, show the list or the panel."""
        narrow = self.width() < SIDE_BY_SIDE
        self._left.setVisible(not (narrow and panel))
        self.panel.setVisible(not narrow or panel)
        self.panel.set_alone(alone=narrow)

    def _show_column(self, rank: int, *, shown: bool) -> None:
        self.table.setColumnHidden(rank, not shown)
        self._remember()

    def _remember_later(self) -> None:
        self._remembering.start()

    def _remember(self) -> None:
        self._memory.setValue(HEADER, self.table.horizontalHeader().saveState())

    # -- what Qt tells -------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the shelf when the page is first shown; typing can begin at once."""
        super().showEvent(event)
        if self._total < 0:
            self._total = 0
            self._count.setText(f"Lecture{NARROW}…")
            self._librarian.fill()
        self._side(panel=False)
        self.search.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show list and panel side by side where there is room."""
        super().resizeEvent(event)
        self._side(panel=self._left.isHidden())
