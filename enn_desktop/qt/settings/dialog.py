"""The settings: sections on the left, one page on the right, every valid change told at once."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.agenda.values import Tone
from enn_desktop.core.rules import Policy
from enn_desktop.core.settings import Settings
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, button, row, scrolled
from enn_desktop.qt.settings.accounts import AccountsPage
from enn_desktop.qt.settings.diagnostic import DiagnosticPage
from enn_desktop.qt.settings.facts import SettingsFacts
from enn_desktop.qt.settings.folder import FolderPage
from enn_desktop.qt.settings.network import NetworkPage
from enn_desktop.qt.settings.notifications import NotificationsPage
from enn_desktop.qt.settings.parts import SectionPage, muted
from enn_desktop.qt.settings.rules import RulesPage
from enn_desktop.qt.settings.schedule import SchedulePage
from enn_desktop.qt.settings.session import SessionPage
from enn_desktop.qt.settings.updates import UpdatesPage

__all__ = ["Section", "SettingsDialog", "SettingsFacts"]

USUAL_SIZE = QSize(870, 480)
SMALLEST = QSize(600, 360)
LIST_SHARE = 0.36
"""Of the smallest width: what the names of the sections may take before they wrap."""


class Section(Enum):
    """The sections, in their order; the value is the name that :meth:`SettingsDialog.open_at` takes."""

    ACCOUNTS = "accounts"
    FOLDER = "folder"
    SCHEDULE = "schedule"
    NETWORK = "network"
    NOTIFICATIONS = "notifications"
    SESSION = "session"
    UPDATES = "updates"
    RULES = "rules"
    DIAGNOSTIC = "diagnostic"


class SettingsDialog(QDialog):
    """Shows settings and facts; tells changes, and what is asked for. It writes nothing by itself."""

    changed = Signal(object)
    """A ``Settings`` to be used from now on."""
    account_add_wanted = Signal()
    account_edit_wanted = Signal(object)
    account_test_wanted = Signal(object)
    account_removed = Signal(object)
    """An ``AccountSettings``, for the last three."""
    folder_change_wanted = Signal(object)
    folder_open_wanted = Signal(object)
    """A ``Path``, for both."""
    folder_reserve_wanted = Signal(object, bool)
    """A ``Path``, and whether it is to be opened to the user's account alone."""
    proxy_secret_changed = Signal(str)
    diagnostic_wanted = Signal()
    log_wanted = Signal()

    def __init__(self, settings: Settings, policy: Policy, facts: SettingsFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Réglages")
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL_SIZE)
        self._settings = settings
        self.accounts = AccountsPage(facts.vault_words)
        self.folder = FolderPage(facts.folder, facts.free_bytes)
        self.schedule = SchedulePage()
        self.network = NetworkPage()
        self.notifications = NotificationsPage()
        self.session = SessionPage(facts.autostart_reason, possible=facts.autostart_possible)
        self.updates = UpdatesPage(facts.notice_reason, facts.notice_state)
        self.rules = RulesPage(policy, facts.policy_files)
        self.diagnostic = DiagnosticPage()
        self.pages: dict[Section, SectionPage] = dict(zip(Section, self._in_order(), strict=True))
        self.sections = self._make_list()
        self._stack = QStackedWidget()
        self._areas = [_area(page) for page in self.pages.values()]
        for area in self._areas:
            self._stack.addWidget(area)
        self.close_button = button("Fermer", self.close)
        self._assemble()
        self._connect()
        self.show_settings(settings)
        self.sections.setCurrentRow(0)
        self.sections.setFocus()

    # -- what is shown -------------------------------------------------------------------------------------

    def show_settings(self, settings: Settings) -> None:
        """Show other settings; what is being typed stays."""
        self._settings = settings
        for page in self.pages.values():
            page.show_settings(settings)

    def show_account_test(self, name: str, text: str, tone: Tone) -> None:
        """Show how the try of an account ended."""
        self.accounts.show_test(name, text, tone)

    def show_folder_facts(self, facts: FolderFacts, folder: Path) -> None:
        """Show what is known of a folder, if it is still the one shown."""
        if folder == self.folder.folder:
            self.folder.show_facts(facts, folder)

    def show_diagnostic(self, text: str) -> None:
        """Show the diagnostic, to be read and copied."""
        self.diagnostic.show_diagnostic(text)

    def open_at(self, section: str) -> None:
        """Show a section by its name; one that does not exist changes nothing."""
        found = next((number for number, one in enumerate(Section) if one.value == section), None)
        if found is not None:
            self.sections.setCurrentRow(found)

    def section(self) -> Section:
        """Return the section shown."""
        return list(Section)[max(self.sections.currentRow(), 0)]

    # -- how it is made ------------------------------------------------------------------------------------

    def _in_order(self) -> Sequence[SectionPage]:
        return (
            self.accounts,
            self.folder,
            self.schedule,
            self.network,
            self.notifications,
            self.session,
            self.updates,
            self.rules,
            self.diagnostic,
        )

    def _make_list(self) -> QListWidget:
        names = QListWidget()
        names.setAccessibleName("Rubriques des réglages")
        names.setWordWrap(True)
        names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        with_role(names, "sections")
        names.addItems([page.title for page in self.pages.values()])
        widest = names.sizeHintForColumn(0) + 2 * names.frameWidth() + 4 * SMALL_GAP
        names.setFixedWidth(min(widest, round(USUAL_SIZE.width() * LIST_SHARE)))
        return names

    def _assemble(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(SMALL_GAP)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.sections)
        middle.addWidget(self._stack, 1)
        layout.addLayout(middle, 1)
        foot = row(muted("Chaque changement est appliqué aussitôt."), self.close_button)
        foot.setStretch(0, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.sections.currentRowChanged.connect(self._stack.setCurrentIndex)
        for page in self.pages.values():
            page.changed.connect(self._changed)
        self.accounts.add_wanted.connect(self.account_add_wanted)
        self.accounts.edit_wanted.connect(self.account_edit_wanted)
        self.accounts.test_wanted.connect(self.account_test_wanted)
        self.accounts.removed.connect(self.account_removed)
        self.folder.change_wanted.connect(self.folder_change_wanted)
        self.folder.open_wanted.connect(self.folder_open_wanted)
        self.folder.reserve_wanted.connect(self.folder_reserve_wanted)
        self.network.secret_changed.connect(self.proxy_secret_changed)
        self.diagnostic.diagnostic_wanted.connect(self.diagnostic_wanted)
        self.diagnostic.log_wanted.connect(self.log_wanted)

    def _changed(self, settings: Settings) -> None:
        if settings != self._settings:
            self.show_settings(settings)
            self.changed.emit(settings)

    def done(self, result: int) -> None:
        """Close; what was typed last is told first."""
        for page in self.pages.values():
            page.commit()
        super().done(result)


def _area(page: SectionPage) -> QScrollArea:
    area = scrolled(page)
    area.setAccessibleName(page.title)
    # Very large letters in a very small window: a bar rather than something cut off.
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return area
