"""Settings and help: opened when asked for, fed with what they show, listened to while they are open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from enn_desktop import __version__
from enn_desktop.agenda import places
from enn_desktop.agenda.values import Tone
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import EnnError
from enn_desktop.core.policy import Policy
from enn_desktop.core.settings import PROXY_SECRET, AccountSettings, Settings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.counter import Counter
from enn_desktop.qt.main_window import MainWindow
from enn_desktop.qt.office import Office
from enn_desktop.qt.steering import Steering

if TYPE_CHECKING:
    from collections.abc import Callable

    from enn_desktop.agenda.folder_facts import FolderFacts
    from enn_desktop.backup.connection_test import Discovered
    from enn_desktop.qt.help.window import HelpWindow
    from enn_desktop.qt.settings.dialog import SettingsDialog, SettingsFacts
    from enn_desktop.signing_key.values import Verdict

LOG_BYTES = 60_000
"""The end of the log that is shown: about a thousand lines."""


class SideRooms(QObject):
    """Opens the settings and the help, one of each at most."""

    told = Signal(object)
    """An ``EnnError`` worth saying."""
    folder_wanted = Signal(object)
    """A ``Path`` to be shown in the file explorer."""

    def __init__(self, bridge: Bridge, steering: Steering, counter: Counter, window: MainWindow) -> None:
        super().__init__(window)
        self._bridge, self._steering, self._counter, self._window = bridge, steering, counter, window
        self._settings: SettingsDialog | None = None
        self._help: HelpWindow | None = None
        self.key_verdict: Callable[[], Verdict | None] = lambda: None
        """Gives what is known of the signing key, for the diagnostic."""
        steering.settings_changed.connect(self._settings_changed)

    # -- help ----------------------------------------------------------------------------------------------

    def open_help(self, section: str = "") -> None:
        """Show the help, at a section if named."""
        if self._help is None:
            from enn_desktop.qt.help.window import HelpWindow

            self._help = HelpWindow(parent=self._window)
            self._help.log_wanted.connect(self._read_log)
            self._help.diagnostic_wanted.connect(self._make_diagnostic)
            self._bridge.read(lambda: self._steering.office.policy, self._help.set_policy)
        if section:
            self._help.open_at(section)
        self._help.show()
        self._help.raise_()

    def _read_log(self) -> None:
        file = self._steering.office.paths.logs / "enn-desktop.log"

        def read() -> str:
            if not file.exists():
                return ""
            with file.open("rb") as log:
                log.seek(max(0, file.stat().st_size - LOG_BYTES))
                return log.read().decode("utf-8", "replace")

        def read_it(text: str) -> None:
            if self._help is not None:
                self._help.show_log(text)

        self._bridge.read(read, read_it, slot="log")

    def _make_diagnostic(self) -> None:
        office, verdict = self._steering.office, self.key_verdict()

        def make() -> str:
            from enn_desktop.agenda import diagnosis

            subject = diagnosis.Subject(
                office.settings,
                office.paths,
                office.vault,
                office.workshop(CancelToken()),
                office.roots,
                lambda: verdict,
            )
            return diagnosis.as_text(diagnosis.sections(subject))

        def show(text: str) -> None:
            for place in (self._help, self._settings):
                if place is not None:
                    place.show_diagnostic(text)

        self._bridge.look_at_disk(make, show, slot="diagnostic")

    # -- settings ------------------------------------------------------------------------------------------

    def open_settings(self, section: str = "") -> None:
        """Show the settings, at a section if named; what they need is gathered first, out of the main thread."""
        if self._settings is not None:
            self._settings.raise_()
            self._settings.activateWindow()
            return
        office = self._steering.office
        folder = places.folder_of(office.settings, None)

        def gather() -> tuple[Policy, SettingsFacts, FolderFacts]:
            from enn_desktop.agenda import update_watch
            from enn_desktop.agenda.folder_facts import look_at_folder
            from enn_desktop.qt.settings.dialog import SettingsFacts
            from enn_desktop.system.autostart import own_autostart
            from enn_desktop.system.paths import machine_policy_file

            start, looked = own_autostart(), look_at_folder(folder, os.environ)
            facts = SettingsFacts(
                folder=folder,
                free_bytes=looked.free_bytes,
                autostart_possible=start.possible,
                autostart_reason=start.reason,
                vault_words=_vault_words(office),
                policy_files=(str(machine_policy_file()), str(office.paths.policy_file)),
                notice_reason="" if update_watch.own_keys().usable else update_watch.NO_KEY,
                notice_state=update_watch.in_words(update_watch.read_memory(office.paths), __version__),
            )
            return office.policy, facts, looked

        self._bridge.look_at_disk(gather, lambda found: self._show_settings(*found, section), slot="settings")

    def _show_settings(self, policy: Policy, facts: SettingsFacts, looked: FolderFacts, section: str) -> None:
        from enn_desktop.qt.settings.dialog import SettingsDialog

        dialog = self._settings = SettingsDialog(self._steering.office.settings, policy, facts, parent=self._window)
        dialog.show_folder_facts(looked, facts.folder)
        dialog.changed.connect(self._apply)
        dialog.account_add_wanted.connect(self._counter.add_account)
        dialog.account_edit_wanted.connect(self._counter.add_account)
        dialog.account_test_wanted.connect(self._try)
        dialog.account_removed.connect(self._counter.close_account)
        dialog.folder_change_wanted.connect(self._change_folder)
        dialog.folder_open_wanted.connect(self.folder_wanted)
        dialog.folder_reserve_wanted.connect(self._reserve)
        dialog.proxy_secret_changed.connect(lambda secret: self._counter.keep_secret(PROXY_SECRET, secret))
        dialog.diagnostic_wanted.connect(self._make_diagnostic)
        dialog.log_wanted.connect(lambda: self.open_help("log"))
        dialog.finished.connect(self._closed)
        if section:
            dialog.open_at(section)
        dialog.show()

    def _closed(self) -> None:
        if self._settings is not None:
            self._settings.deleteLater()
            self._settings = None

    def _apply(self, settings: Settings) -> None:
        before = self._steering.office.settings
        self._steering.apply(settings)
        if settings.with_session != before.with_session:

            def register() -> None:
                from enn_desktop.system.autostart import own_autostart

                own_autostart().set(settings.with_session)

            self._bridge.read(register, lambda _: None, self.told.emit)

    def _change_folder(self, folder: Path) -> None:
        self._steering.apply(msgspec.structs.replace(self._steering.office.settings, folder=str(folder)))
        self._look_at(folder)

    def _look_at(self, folder: Path) -> None:
        from enn_desktop.agenda.folder_facts import look_at_folder

        def show(facts: FolderFacts) -> None:
            if self._settings is not None:
                self._settings.show_folder_facts(facts, folder)

        self._bridge.look_at_disk(lambda: look_at_folder(folder, os.environ), show, slot="settings folder")

    def _reserve(self, folder: Path, wanted: bool) -> None:  # noqa: FBT001 - Qt's own signal
        def change() -> None:
            from enn_desktop.system.folder_rights import own_rights

            (own_rights().reserve if wanted else own_rights().give_back)(folder)

        def refused(error: EnnError) -> None:
            self.told.emit(error)
            self._look_at(folder)

        self._bridge.look_at_disk(change, lambda _: self._look_at(folder), refused)

    def _settings_changed(self, settings: Settings) -> None:
        if self._settings is not None:
            self._settings.show_settings(settings)

    def _try(self, account: AccountSettings) -> None:
        def show(text: str, tone: Tone) -> None:
            if self._settings is not None:
                self._settings.show_account_test(account.name, text, tone)

        def worked(found: Discovered) -> None:
            show(found.sentence, Tone.GOOD)

        def refused(error: EnnError) -> None:
            show(f"{error.title}. {error.message} {error.advice}", Tone.BAD)

        self._counter.try_account(account, worked, refused)


def _vault_words(office: Office) -> str:
    if office.vault.usable():
        return "Les mots de passe sont dans le trousseau de l’ordinateur, jamais dans un fichier."
    return "Cet ordinateur n’a pas de trousseau sûr\u00a0: les mots de passe seront demandés à chaque ouverture."
