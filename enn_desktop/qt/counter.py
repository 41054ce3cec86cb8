"""Where accounts are opened, tried and closed: the first start, one more, a password missing from the vault."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from enn_desktop.agenda import places
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled, EnnError, VaultError
from enn_desktop.core.settings import AccountSettings
from enn_desktop.qt.bridge import Bridge, Ticket
from enn_desktop.qt.main_window import MainWindow
from enn_desktop.qt.steering import Steering

if TYPE_CHECKING:
    from collections.abc import Callable

    from enn_desktop.backup.connection_test import Discovered
    from enn_desktop.qt.first_start.assistant import FirstStart
    from enn_desktop.qt.first_start.draft import AccountDraft


class Counter(QObject):
    """Runs the assistant, and puts accounts and their secrets where they belong."""

    fetch_wanted = Signal()
    demo_wanted = Signal()
    told = Signal(object)
    """An ``EnnError`` worth saying: no safe vault, for instance."""

    def __init__(self, bridge: Bridge, steering: Steering, window: MainWindow) -> None:
        super().__init__(window)
        self._bridge, self._steering, self._window = bridge, steering, window
        self._trying: CancelToken | None = None
        self._ticket: Ticket | None = None
        self._asked: list[str] = []

    # -- the assistant -------------------------------------------------------------------------------------

    def open_assistant(self) -> None:
        """Cover the window with the first start."""
        from enn_desktop.qt.first_start.assistant import FirstStart

        assistant = FirstStart(self._folder(), taken_names=self._names())
        self._serve(assistant)
        assistant.demo_wanted.connect(self.demo_wanted)
        assistant.cancelled.connect(lambda: self._window.cover(None))
        assistant.finished.connect(self._finished)
        assistant.account_added.connect(self.open_account)
        self._window.cover(assistant)

    def add_account(self, known: AccountSettings | None = None) -> None:
        """Open the same steps in a window of their own, for one more account or to correct one."""
        from enn_desktop.qt.first_start.dialog import AccountDialog
        from enn_desktop.qt.first_start.draft import AccountDraft

        draft = None
        if known is not None:
            draft = AccountDraft(
                name=known.name,
                address=known.address,
                user=known.user,
                method=known.method,
                certificate=Path(known.certificate) if known.certificate else None,
                folder=places.folder_of(self._steering.office.settings, known),
            )
        names = [name for name in self._names() if known is None or name != known.name]
        dialog = AccountDialog(self._folder(), taken_names=names, draft=draft, parent=self._window)
        self._serve(dialog.assistant)
        dialog.account_given.connect(lambda given, fetch: self._replace(known, given, fetch=fetch))
        dialog.account_added.connect(self.open_account)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _serve(self, assistant: FirstStart) -> None:
        assistant.test_wanted.connect(
            lambda draft: self._try(
                self._settings_of(draft), draft.secret, assistant.show_discovered, assistant.show_refusal
            )
        )
        assistant.test_cancelled.connect(self._stop_trying)
        assistant.folder_asked.connect(lambda folder: self._look_at(folder, assistant))
        self._propose_address(assistant)

    def _finished(self, draft: AccountDraft, fetch: bool) -> None:  # noqa: FBT001 - Qt's own signal
        self.open_account(draft)
        self._window.cover(None)
        if fetch:
            self.fetch_wanted.emit()

    def _replace(self, known: AccountSettings | None, draft: AccountDraft, *, fetch: bool) -> None:
        if known is not None and known.name != draft.name:
            self.close_account(known)
        self.open_account(draft)
        if fetch:
            self.fetch_wanted.emit()

    # -- accounts ------------------------------------------------------------------------------------------

    def open_account(self, draft: AccountDraft) -> None:
        """Keep an account; its secret goes to the vault, or stays in memory where there is no safe one."""
        office = self._steering.office
        settings = office.settings
        if not settings.accounts and draft.folder is not None:
            settings = msgspec.structs.replace(settings, folder=str(draft.folder))
        account = self._settings_of(draft, common=settings.folder)
        others = tuple(one for one in settings.accounts if one.name != account.name)
        if draft.secret:
            office.remember(account.name, draft.secret)
            self._to_vault(account.name, draft.secret)
        self._steering.apply(msgspec.structs.replace(settings, accounts=(*others, account)))
        if draft.reserved and draft.folder is not None:
            self._reserve(draft.folder)

    def close_account(self, account: AccountSettings) -> None:
        """Forget an account and its secret; the documents stay."""
        office = self._steering.office
        others = tuple(one for one in office.settings.accounts if one.name != account.name)
        self._steering.apply(msgspec.structs.replace(office.settings, accounts=others))
        self._bridge.ask_network(lambda: office.forget(account.name), lambda _: None, self.told.emit)

    def try_account(
        self, account: AccountSettings, told: Callable[[Discovered], None], refused: Callable[[EnnError], None]
    ) -> None:
        """Try a stored account."""
        office = self._steering.office

        def secret_known(secret: str | None) -> None:
            if secret is None:
                refused(VaultError("Le mot de passe de ce compte n’est pas dans le trousseau de l’ordinateur."))
            else:
                self._try(account, secret, told, refused)

        self._bridge.ask_network(lambda: office.secret(account), secret_known, refused)

    def ask_secret(self, account: AccountSettings) -> None:
        """Ask for the secret of an account that the vault does not have; once at a time."""
        if account.name in self._asked or not self._window.isVisible():
            return
        self._asked.append(account.name)
        office = self._steering.office

        def usable() -> bool:
            return office.vault.usable()

        self._bridge.ask_network(usable, lambda safe: self._prompt(account, may_keep=safe))

    def _prompt(self, account: AccountSettings, *, may_keep: bool) -> None:
        from enn_desktop.qt.settings.password_prompt import PasswordPrompt

        if not self._window.isVisible():
            # Hidden while the vault was being asked.
            self._asked.remove(account.name)
            return
        prompt = PasswordPrompt(account, may_keep=may_keep, parent=self._window)

        def given(secret: str, keep: bool) -> None:  # noqa: FBT001 - Qt's own signal
            self._steering.office.remember(account.name, secret)
            if keep:
                self._to_vault(account.name, secret)
            self.fetch_wanted.emit()

        prompt.given.connect(given)
        prompt.finished.connect(lambda _: self._asked.remove(account.name))
        prompt.finished.connect(prompt.deleteLater)
        prompt.open()

    def keep_secret(self, name: str, secret: str) -> None:
        """Hold a secret that is not an account's (the proxy's), and put it in the vault."""
        self._steering.office.remember(name, secret)
        self._to_vault(name, secret)

    def _to_vault(self, name: str, secret: str) -> None:
        office = self._steering.office
        if not office.demo:
            self._bridge.ask_network(lambda: office.keep(name, secret), lambda _: None, self.told.emit)

    def _settings_of(self, draft: AccountDraft, common: str = "") -> AccountSettings:
        folder = "" if draft.folder is None or str(draft.folder) == common else str(draft.folder)
        return AccountSettings(
            name=draft.name,
            address=draft.address,
            user=draft.user,
            method=draft.method,
            certificate=str(draft.certificate) if draft.certificate else "",
            folder=folder,
        )

    def _folder(self) -> Path:
        return places.folder_of(self._steering.office.settings, None)

    def _names(self) -> tuple[str, ...]:
        return tuple(account.name for account in self._steering.office.settings.accounts)

    # -- questions to the server and to the disk -----------------------------------------------------------

    def _try(
        self,
        account: AccountSettings,
        secret: str,
        told: Callable[[Discovered], None],
        refused: Callable[[EnnError], None],
    ) -> None:
        cancel = self._trying = CancelToken()
        office = self._steering.office

        def job() -> Discovered:
            from enn_desktop.backup.accounts import credentials_of
            from enn_desktop.backup.connection_test import try_connection

            return try_connection(office.workshop(cancel), account.address, credentials_of(account, secret))

        def not_if_stopped(error: EnnError) -> None:
            if not isinstance(error, Cancelled):
                refused(error)

        self._ticket = self._bridge.ask_network(job, told, not_if_stopped, slot="connection")

    def _stop_trying(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
        if self._ticket is not None:
            self._ticket.forget()

    def _propose_address(self, assistant: FirstStart) -> None:
        """Fill in the address that a contractor prepared; it may be in a file of a share that is slow to answer."""
        office = self._steering.office

        def look() -> tuple[str, bool]:
            from enn_desktop.system.settings_store import address_to_propose

            return address_to_propose(office.paths, office.settings)

        def told(found: tuple[str, bool]) -> None:
            address, prepared = found
            assistant.propose_address(address, prepared=prepared)

        self._bridge.look_at_disk(look, told, slot="address")

    def _look_at(self, folder: Path, assistant: FirstStart) -> None:
        from enn_desktop.agenda.folder_facts import look_at_folder

        self._bridge.look_at_disk(
            lambda: look_at_folder(folder, os.environ),
            lambda facts: assistant.show_folder_facts(facts, folder),
            slot="folder",
        )

    def _reserve(self, folder: Path) -> None:
        from enn_desktop.system.folder_rights import own_rights

        self._bridge.look_at_disk(lambda: own_rights().reserve(folder), lambda _: None, self.told.emit)
