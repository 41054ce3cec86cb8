"""Every page and dialog of the program, each in the states that change what is in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.agenda.values import Activity, Doing, Health, KeyBadge, Tone
from enn_desktop.core.errors import AuthenticationRefused, EnnError, PortalInTheWay, ServerUnreachable
from enn_desktop.core.settings import METHODS, Settings
from enn_desktop.qt.error_box import ContactBox, ErrorBox
from enn_desktop.qt.first_start.assistant import FirstStart
from enn_desktop.qt.first_start.dialog import AccountDialog
from enn_desktop.qt.main_window import MainWindow, Place
from enn_desktop.qt.pieces import words
from enn_desktop.qt.saving.page import SavingPage
from enn_desktop.qt.settings.dialog import Section, SettingsDialog
from enn_desktop.qt.settings.password_prompt import PasswordPrompt
from tests.qt import samples_saving, samples_settings
from tests.qt.accessibility.pages_daily import DAILY, todo_row
from tests.qt.accessibility.pages_key import KEY
from tests.qt.first_start.samples import FOLDER, at_account, discovered

Maker = Callable[[], QWidget]


def _settings(section: Section) -> Maker:
    def make() -> QWidget:
        dialog = SettingsDialog(
            samples_settings.BEHIND_A_PROXY, samples_settings.policy_changed_here(), samples_settings.FACTS
        )
        dialog.open_at(section.value)
        return dialog

    return make


def _settings_asking() -> QWidget:
    settings = Settings(accounts=(samples_settings.VALBRUME, samples_settings.SYNDICAT))
    dialog = SettingsDialog(settings, samples_settings.policy(), samples_settings.WITHOUT_AUTOSTART)
    dialog.show_account_test("Valbrume", "Identification refusée. Vérifiez le mot de passe. " * 3, Tone.BAD)
    dialog.accounts.cards[samples_settings.SYNDICAT.name].remove_button.click()
    return dialog


def _settings_refusing() -> QWidget:
    dialog = SettingsDialog(samples_settings.SETTINGS, samples_settings.policy(), samples_settings.FACTS)
    dialog.open_at(Section.NETWORK.value)
    dialog.network.modes["manuel"].click()
    return dialog


def _settings_diagnosing() -> QWidget:
    dialog = SettingsDialog(samples_settings.SETTINGS, samples_settings.policy(), samples_settings.FACTS)
    dialog.open_at(Section.DIAGNOSTIC.value)
    dialog.show_diagnostic(samples_settings.DIAGNOSTIC)
    return dialog


def _first_start(*, first: bool = True) -> FirstStart:
    return FirstStart(FOLDER, first=first)


def _at_account(method: str, error: EnnError | None = None) -> Maker:
    def make() -> QWidget:
        start = at_account(_first_start())
        start.account_step.choose_method(method)
        if error is not None:
            start.go_on()
            start.show_refusal(error)
        return start

    return make


def _trying() -> QWidget:
    start = at_account(_first_start())
    start.go_on()
    return start


def _at_folder(cloud: str = "", *entities: str) -> Maker:
    def make() -> QWidget:
        start = at_account(_first_start())
        start.go_on()
        start.show_discovered(discovered(*(entities or ("Commune de Valbrume", "CCAS de Valbrume"))))
        start.show_folder_facts(FolderFacts(48_200_000_000, cloud), FOLDER)
        return start

    return make


def _saving(activity: Activity | None = None, tab: int = 0) -> SavingPage:
    page = SavingPage()
    page.show_outlook(samples_saving.OUTLOOK)
    page.show_next_run(samples_saving.NEXT_RUN)
    page.show_runs(samples_saving.RUNS)
    page.show_failures(samples_saving.FAILURES)
    page.tabs.setCurrentIndex(tab)
    if activity is not None:
        page.show_activity(activity)
    return page


def _saving_empty() -> QWidget:
    page = SavingPage()
    page.show_outlook(samples_saving.EMPTY)
    page.show_runs(())
    page.show_failures(())
    return page


def _saving_damaged() -> QWidget:
    page = _saving()
    page.show_checked((samples_saving.checked(samples_saving.DAMAGED),))
    return page


def _saving_stopped() -> QWidget:
    page = _saving()
    page.show_round(samples_saving.STOPPED)
    page.show_error(ServerUnreachable(detail="ConnectError"), samples_saving.CONTACT)
    return page


def _window(*, demo: bool = False) -> MainWindow:
    window = MainWindow({place: lambda: words("Une page") for place in Place}, demo=demo)
    window.show_place(Place.TODO)
    window.show_badge(Place.TODO, 12)
    window.show_key(KeyBadge("clé prématurée", Tone.WARN))
    window.show_health(Health.TO_FETCH, "12 dossiers ne sont pas encore sur ce poste. " * 4)
    return window


OTHERS: dict[str, Maker] = {
    "start-address": _first_start,
    "start-address-again": lambda: _first_start(first=False),
    **{f"start-account-{method}": _at_account(method) for method in METHODS},
    "start-trying": _trying,
    "start-refused": _at_account(METHODS[0], AuthenticationRefused(detail="HTTP 401")),
    "start-portal": _at_account(METHODS[1], PortalInTheWay(detail="HTML")),
    "start-offline": _at_account(METHODS[2], ServerUnreachable(detail="ConnectError")),
    "start-folder": _at_folder(),
    "start-folder-cloud": _at_folder("OneDrive", *(f"Commune de Valbrume {number}" for number in range(1, 13))),
    "account-dialog": lambda: AccountDialog(FOLDER),
    "saving": _saving,
    "saving-history": lambda: _saving(tab=2),
    "saving-checks": lambda: _saving(tab=1),
    "saving-empty": _saving_empty,
    "saving-running": lambda: _saving(samples_saving.doing(Doing.FETCHING, samples_saving.FETCHING)),
    "saving-paused": lambda: _saving(samples_saving.doing(Doing.PAUSED, samples_saving.FETCHING)),
    "saving-verifying": lambda: _saving(samples_saving.doing(Doing.VERIFYING, samples_saving.VERIFYING)),
    "saving-damaged": _saving_damaged,
    "saving-stopped": _saving_stopped,
    "error": lambda: ErrorBox(ServerUnreachable(detail="ConnectError: [Errno 111]"), samples_saving.CONTACT),
    "contact": lambda: ContactBox(todo_row(1, samples_saving.LONG_TITLE), samples_saving.CONTACT),
    "contact-unknown": lambda: ContactBox(todo_row(1, samples_saving.LONG_TITLE), None),
    "window": _window,
    "window-demo": lambda: _window(demo=True),
}
PAGES: dict[str, Maker] = {
    **{f"settings-{section.value}": _settings(section) for section in Section},
    "settings-asking": _settings_asking,
    "settings-refusing": _settings_refusing,
    "settings-diagnosing": _settings_diagnosing,
    **OTHERS,
    **DAILY,
    **KEY,
    "password": lambda: PasswordPrompt(samples_settings.VALBRUME, may_keep=True),
    "password-without-vault": lambda: PasswordPrompt(samples_settings.SYNDICAT, may_keep=False),
}
