"""The look of one file beside its dossier: page by page, never more than the page shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.pdf_pages import Look, look_at
from enn_desktop.qt.pieces import SMALL_GAP, button, row, words

NOTHING = "Choisissez un fichier pour en voir l’aperçu."
COMING = "Aperçu en cours…"


class Preview(QWidget):
    """Shows a file once it has a size; draws again when its width changes."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._file: Path | None = None
        self._page = self._pages = 0
        self._drawn_width = 0
        self._sentence = words(NOTHING, "muted")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._image = QLabel()
        self._image.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area = QScrollArea()
        self._area.setWidget(self._image)
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName("Aperçu de la page")
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName("Aperçu du texte")
        self._stack = QStackedWidget()
        for part in (self._sentence, self._area, self._text):
            self._stack.addWidget(part)
        self._before = button("Page précédente", lambda: self._turn(-1))
        self._after = button("Page suivante", lambda: self._turn(1))
        self._rank = words(wrap=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL_GAP)
        layout.addLayout(row(self._before, self._rank, self._after, None))
        layout.addWidget(self._stack, 1)
        self._show_pager()

    def show_file(self, file: Path | None) -> None:
        """Show a file from its first page; ``None`` shows nothing."""
        self._file, self._page, self._pages = file, 0, 0
        self._show_pager()
        if file is None:
            self._say(NOTHING)
        else:
            self._draw()

    @property
    def sentence(self) -> str:
        """What is said instead of a picture; empty when there is one."""
        return self._sentence.text() if self._stack.currentWidget() is self._sentence else ""

    @property
    def pages(self) -> int:
        """How many pages the file shown has."""
        return self._pages

    def _turn(self, by: int) -> None:
        self._page = min(max(0, self._page + by), max(0, self._pages - 1))
        self._draw()

    def _draw(self) -> None:
        file, page = self._file, self._page
        if file is None:
            return
        if not self._pages:
            self._say(COMING)
        self._drawn_width = self._room()
        width = round(self._drawn_width * self.devicePixelRatioF())
        self._bridge.look_at_disk(lambda: look_at(file, page, width), self._show, slot="preview")

    def _room(self) -> int:
        """Return the width that a page has, whether or not one is shown now."""
        bar = self._area.verticalScrollBar().sizeHint().width()
        return max(80, self.width() - bar - 2 * self._area.frameWidth())

    def _show(self, look: Look) -> None:
        self._page, self._pages = look.page, look.pages
        self._show_pager()
        if look.image is not None:
            pixmap = QPixmap.fromImage(look.image)
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self._image.setPixmap(pixmap)
            self._image.setAccessibleName(f"Page {look.page + 1} sur {look.pages}")
            self._stack.setCurrentWidget(self._area)
            self._area.verticalScrollBar().setValue(0)
        elif look.sentence:
            self._say(look.sentence)
        else:
            self._text.setPlainText(look.text)
            self._stack.setCurrentWidget(self._text)

    def _say(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._stack.setCurrentWidget(self._sentence)

    def _show_pager(self) -> None:
        several = self._pages > 1
        for part in (self._before, self._after, self._rank):
            part.setVisible(several)
        self._before.setEnabled(self._page > 0)
        self._after.setEnabled(self._page + 1 < self._pages)
        self._rank.setText(f"{self._page + 1} / {self._pages}")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for half a page."""
        return QSize(280, 260)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Draw again when the width changed."""
        super().resizeEvent(event)
        if self._pages and abs(self._room() - self._drawn_width) > 1:
            self._draw()
