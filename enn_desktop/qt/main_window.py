"""The window: four places, the page of one of them, and the state in one sentence at the foot."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from enn_desktop.agenda.values import Health, KeyBadge, Tone
from enn_desktop.qt.look import colours_of, with_role
from enn_desktop.qt.marks import OF_HEALTH, mark_pixmap
from enn_desktop.qt.pieces import GAP, SMALL_GAP, ElidedLabel, button, words

USUAL_SIZE = QSize(1120, 700)
SMALLEST = QSize(640, 400)
"""Logical pixels: 1366 × 768 at 200 %, less the taskbar and the frame."""
MARK = 18
HEALTH_TONES = {
    Health.UP_TO_DATE: Tone.GOOD,
    Health.TO_FETCH: Tone.WARN,
    Health.BROKEN: Tone.BAD,
    Health.OVERDUE: Tone.BAD,
}


class Place(Enum):
    """One of the four places; the value is its name on screen."""

    TODO = "À faire"
    DOSSIERS = "Dossiers"
    SAVING = "Sauvegarde"
    KEY = "Ma clé"


class MainWindow(QMainWindow):
    """Assembles header, pages and foot. A page is built when it is first shown, by the maker given for its place."""

    settings_wanted = Signal()
    help_wanted = Signal()
    fetch_wanted = Signal()
    leave_demo_wanted = Signal()
    hidden_by_user = Signal()
    place_changed = Signal(object)
    shown = Signal()

    def __init__(self, makers: dict[Place, Callable[[], QWidget]], *, demo: bool = False) -> None:
        super().__init__()
        self._makers = makers
        self._pages: dict[Place, QWidget] = {}
        self.keep_in_tray = False
        """Whether closing hides: there is a tray to come back from."""
        self.setWindowTitle("enn-desktop (démonstration)" if demo else "enn-desktop")
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL_SIZE)
        self._stack = QStackedWidget()
        self._places = QButtonGroup(self)
        self._buttons: dict[Place, QToolButton] = {}
        self._cover: QWidget | None = None
        self._mark, self._sentence = QLabel(), ElidedLabel()
        # The key's word stands at the foot, with the other state: beside the name of its place, it would be cut in
        # large letters on a small screen, and its colour would be taken for that of the place chosen.
        self._key = words(wrap=False)
        self._health = Health.NO_ACCOUNT
        # A child of the window, not a call put off: it dies with the window, whenever that is.
        self._told_shown = QTimer(self)
        self._told_shown.setSingleShot(True)
        self._told_shown.timeout.connect(self.shown)
        self._header = self._make_header()
        self._foot = self._make_foot()
        self._assemble(demo=demo)
        self._shortcuts()

    # -- what is shown -------------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Show one of the four places."""
        self._stack.setCurrentWidget(self.page(place))
        self._buttons[place].setChecked(True)
        self.place_changed.emit(place)

    def place(self) -> Place | None:
        """Return the place shown, ``None`` while something else covers them."""
        shown = self._stack.currentWidget()
        return next((place for place, page in self._pages.items() if page is shown), None)

    def page(self, place: Place) -> QWidget:
        """Return the page of a place, made now if it was never shown."""
        if place not in self._pages:
            page = self._makers[place]()
            self._pages[place] = page
            self._stack.addWidget(page)
        return self._pages[place]

    def built(self, place: Place) -> QWidget | None:
        """Return the page of a place if it was made."""
        return self._pages.get(place)

    def cover(self, widget: QWidget | None) -> None:
        """Put something in front of the four places (the first start), or take it away with ``None``."""
        if self._cover is not None:
            self._stack.removeWidget(self._cover)
            self._cover.deleteLater()
        self._cover = widget
        self._header.setVisible(widget is None)
        self._foot.setVisible(widget is None)
        if widget is not None:
            self._stack.addWidget(widget)
            self._stack.setCurrentWidget(widget)
        elif (current := self._places.checkedButton()) is not None:
            self.show_place(next(place for place, one in self._buttons.items() if one is current))

    @property
    def covered(self) -> bool:
        """Whether something stands before the four places."""
        return self._cover is not None

    def show_health(self, health: Health, sentence: str) -> None:
        """Show the state at the foot."""
        self._health = health
        self._sentence.set_whole(sentence)
        self._draw_mark()

    def show_key(self, badge: KeyBadge) -> None:
        """Show how the signing key is, in one word, at the end of the foot."""
        self._key.setText(badge.alone)
        self._key.setToolTip(f"{Place.KEY.value} (Ctrl+4)")
        with_role(self._key, "muted" if badge.tone is Tone.PLAIN else badge.tone.value)
        self._key.show()

    def show_badge(self, place: Place, number: int) -> None:
        """Show a number beside the name of a place; 0 for none."""
        text = f"{place.value} ({number})" if number else place.value
        self._buttons[place].setText(text)
        self._buttons[place].setAccessibleName(text)

    def raise_up(self) -> None:
        """Come to the front, from the tray or from under other windows."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # -- how it is made ------------------------------------------------------------------------------------

    def _make_header(self) -> QFrame:
        header = QFrame()
        with_role(header, "header")
        layout = QHBoxLayout(header)
        layout.setContentsMargins(SMALL_GAP, 0, GAP, 0)
        layout.setSpacing(2)
        for number, place in enumerate(Place, 1):
            made = QToolButton()
            made.setText(place.value)
            made.setAccessibleName(place.value)
            made.setCheckable(True)
            made.setToolTip(f"Ctrl+{number}")
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            with_role(made, "place")
            made.clicked.connect(lambda _checked=False, place=place: self.show_place(place))
            self._places.addButton(made)
            self._buttons[place] = made
            layout.addWidget(made)
        layout.addStretch(1)
        settings, help_button = QPushButton("Réglages"), QPushButton("Aide")
        for made_button, signal, key in (
            (settings, self.settings_wanted, "Ctrl+,"),
            (help_button, self.help_wanted, "F1"),
        ):
            made_button.setAccessibleName(made_button.text())
            made_button.setToolTip(key)
            made_button.setAutoDefault(False)
            made_button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())
            layout.addWidget(made_button)
        return header

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        with_role(foot, "footer")
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(GAP, 4, GAP, 4)
        self._mark.setFixedSize(MARK, MARK)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout.addWidget(self._mark)
        layout.addWidget(self._sentence, 1)
        layout.addSpacing(GAP)
        layout.addWidget(self._key)
        self._key.hide()
        return foot

    def _make_banner(self) -> QFrame:
        banner = QFrame()
        with_role(banner, "banner")
        layout = QHBoxLayout(banner)
        layout.setContentsMargins(GAP, 4, GAP, 4)
        text = words("Démonstration\u00a0: commune imaginaire, plateforme fictive sur ce poste. Rien de réel.")
        layout.addWidget(text, 1)
        layout.addWidget(button("Quitter la démonstration", self.leave_demo_wanted.emit))
        return banner

    def _assemble(self, *, demo: bool) -> None:
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if demo:
            layout.addWidget(self._make_banner())
        layout.addWidget(self._header)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._foot)
        self.setCentralWidget(middle)

    def _shortcuts(self) -> None:
        for number, place in enumerate(Place, 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda place=place: None if self.covered else self.show_place(place))
        for keys, signal in (("Ctrl+R", self.fetch_wanted), ("Ctrl+,", self.settings_wanted), ("F1", self.help_wanted)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda signal=signal: None if self.covered else signal.emit())

    def _draw_mark(self) -> None:
        mark, _ = OF_HEALTH[self._health]
        colours = colours_of(self)
        tone = HEALTH_TONES.get(self._health, Tone.PLAIN)
        self._mark.setPixmap(mark_pixmap(mark, colours.tone(tone), MARK, self.devicePixelRatioF()))

    # -- what Qt tells -------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the window is there, once it is really painted."""
        super().showEvent(event)
        # The style sheet's own letters are known from the first show on: the buttons ask for their room again.
        for made in self._buttons.values():
            made.updateGeometry()
        self._draw_mark()
        if not self.covered and self.focusWidget() is None and (place := self._places.checkedButton()) is not None:
            place.setFocus()
        self._told_shown.start()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Hide where there is a tray to come back from; leave otherwise."""
        if self.keep_in_tray:
            event.ignore()
            self.hide()
            self.hidden_by_user.emit()
            return
        super().closeEvent(event)
        self.hidden_by_user.emit()
