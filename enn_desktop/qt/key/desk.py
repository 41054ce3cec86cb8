"""Where what the page of the key asks for is answered, and where the rest of the window learns how the key is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from enn_desktop.agenda.key_words import badge_of
from enn_desktop.agenda.values import KeyBadge, Tone
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.qt.key.page import KeyPage
from enn_desktop.qt.main_window import MainWindow

if TYPE_CHECKING:
    from enn_desktop.core.errors import EnnError
    from enn_desktop.core.settings import Settings
    from enn_desktop.qt.bridge import Bridge, Ticket
    from enn_desktop.qt.key.keeper import KeyKeeper
    from enn_desktop.qt.key.s2low_box import S2lowBox, S2lowQuestion
    from enn_desktop.qt.steering import Steering
    from enn_desktop.services.s2low_answers import S2lowAnswer
    from enn_desktop.signing_key.values import Verdict


CHECKING = KeyBadge("clé en vérification", Tone.PLAIN)
UNKNOWN = KeyBadge("clé non vérifiée", Tone.PLAIN)


class KeyDesk(QObject):
    """Joins the page, the keeper and the settings; each may come after the others."""

    badge_changed = Signal(object)
    """A ``KeyBadge``."""
    told = Signal(object)
    """An ``EnnError`` worth saying."""

    def __init__(self, bridge: Bridge, steering: Steering, window: MainWindow) -> None:
        super().__init__(window)
        self._bridge, self._steering, self._window = bridge, steering, window
        self._keeper: KeyKeeper | None = None
        self._page: KeyPage | None = None
        self._asking: CancelToken | None = None
        self._ticket: Ticket | None = None
        steering.settings_changed.connect(self._settings_changed)

    def use(self, keeper: KeyKeeper) -> None:
        """Show from now on what this keeper knows."""
        self._keeper = keeper
        keeper.verdict_changed.connect(self._verdict_changed)
        keeper.progress_changed.connect(self._progress_changed)
        keeper.checking_changed.connect(self._checking_changed)
        keeper.failed.connect(self.told)
        if self._page is not None and self._page.isVisible():
            keeper.opened()

    def make_page(self) -> KeyPage:
        """Return the page; it knows at once what is known."""
        page = self._page = KeyPage(demo=self._steering.office.demo)
        page.check_wanted.connect(lambda: self._keeper.check() if self._keeper is not None else None)
        page.stop_wanted.connect(lambda: self._keeper.stop() if self._keeper is not None else None)
        page.opened.connect(lambda: self._keeper.opened() if self._keeper is not None else None)
        page.choice_wanted.connect(lambda fingerprint: self._keep(certificate=fingerprint))
        page.signer_wanted.connect(lambda signer: self._keep(signer=signer))
        page.report_wanted.connect(self._report)
        page.s2low_wanted.connect(self._s2low)
        page.set_signer(self._steering.office.settings.key.signer)
        self._bridge.read(lambda: self._steering.office.policy, page.set_policy)
        if self._keeper is not None:
            if self._keeper.verdict is not None:
                self._verdict_changed(self._keeper.verdict)
            page.show_checking(checking=self._keeper.checking)
        return page

    # -- what is known, told on ----------------------------------------------------------------------------

    def _verdict_changed(self, verdict: Verdict) -> None:
        badge = badge_of(verdict)
        if self._page is not None:
            self._page.show_verdict(verdict, self._steering.office.clock.now().astimezone())
        self.badge_changed.emit(badge)
        self._remember(verdict)

    def _progress_changed(self, verdict: Verdict | None) -> None:
        if self._page is not None:
            self._page.show_progress(verdict)

    def _checking_changed(self, checking: bool) -> None:  # noqa: FBT001 - Qt's own signal
        if self._page is not None:
            self._page.show_checking(checking=checking)
        if checking:
            self.badge_changed.emit(CHECKING)
        elif self._keeper is None or self._keeper.verdict is None:
            # Otherwise a verdict is told in a moment, the new one or the one before.
            self.badge_changed.emit(UNKNOWN)

    def _remember(self, verdict: Verdict) -> None:
        paths = self._steering.office.paths

        def write() -> None:
            from enn_desktop.agenda.key_memory import remember_ends

            remember_ends(paths, verdict)

        if verdict.chosen is not None:
            self._bridge.read(write, lambda _: None, self.told.emit)

    # -- what is asked -------------------------------------------------------------------------------------

    def _keep(self, **changes: str) -> None:
        settings = self._steering.office.settings
        key = msgspec.structs.replace(settings.key, **changes)
        self._steering.apply(msgspec.structs.replace(settings, key=key))

    def _settings_changed(self, settings: Settings) -> None:
        if self._page is not None:
            self._page.set_signer(settings.key.signer)

    def _report(self) -> None:
        keeper, paths = self._keeper, self._steering.office.paths
        if keeper is None or keeper.look is None or keeper.verdict is None:
            return
        look, verdict = keeper.look, keeper.verdict

        def write() -> str:
            from enn_desktop.agenda.key_memory import report_salt
            from enn_desktop.signing_key.report import report_text

            return report_text(look, verdict, report_salt(paths))

        self._bridge.read(write, self._show_report, self.told.emit, slot="key-report")

    def _show_report(self, text: str) -> None:
        from enn_desktop.qt.key.report_box import ReportBox

        box = ReportBox(text, self._window)
        box.finished.connect(box.deleteLater)
        box.open()

    def _s2low(self) -> None:
        def load() -> str:
            from enn_desktop.services.s2low import DEFAULT_ADDRESS

            return DEFAULT_ADDRESS

        self._bridge.ask_network(load, self._show_s2low, self.told.emit, slot="s2low")

    def _show_s2low(self, address: str) -> None:
        from enn_desktop.qt import desktop
        from enn_desktop.qt.key.s2low_box import S2lowBox
        from enn_desktop.services.s2low import RGS

        box = S2lowBox(address, self._window)
        box.asked.connect(lambda question: self._ask_s2low(box, question))
        box.stopped.connect(self._stop_asking)
        box.browser_wanted.connect(lambda typed: desktop.open_web(f"{(typed or address).rstrip('/')}{RGS}"))
        box.finished.connect(box.deleteLater)
        box.open()

    def _ask_s2low(self, box: S2lowBox, question: S2lowQuestion) -> None:
        office = self._steering.office
        cancel = self._asking = CancelToken()

        def ask() -> S2lowAnswer:
            from enn_desktop.pastell.credentials import Credentials
            from enn_desktop.services.s2low import check_certificate

            who = Credentials(certificate=question.certificate, certificate_password=question.password)
            return check_certificate(
                question.address, who, cancel=cancel, clock=office.clock, proxy=office.proxy(question.address)
            )

        def refused(error: EnnError) -> None:
            if not isinstance(error, Cancelled):
                box.show_error(error)

        self._ticket = self._bridge.ask_network(ask, box.show_answer, refused, slot="s2low")

    def _stop_asking(self) -> None:
        if self._asking is not None and self._ticket is not None:
            self._asking.cancel()
            self._ticket.forget()
