"""Accounts are opened, tried, corrected and closed; a secret goes to the vault, or is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from enn_desktop.backup.connection_test import Discovered
from enn_desktop.core.errors import AuthenticationRefused, EnnError, VaultError
from enn_desktop.core.settings import AccountSettings
from enn_desktop.qt.counter import Counter
from enn_desktop.qt.first_start.assistant import FirstStart
from enn_desktop.qt.first_start.dialog import AccountDialog
from enn_desktop.qt.first_start.draft import AccountDraft
from enn_desktop.qt.main_window import MainWindow, Place
from enn_desktop.qt.settings.password_prompt import PasswordPrompt
from enn_desktop.system.secret_vault import SecretVault
from tests.conftest import MemoryKeyring
from tests.qt.running.conftest import ACCOUNT, PATIENCE_MS, House


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow({place: lambda: QLabel("page") for place in Place})
    qtbot.addWidget(made)
    made.show_place(Place.TODO)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def safe(house: House, memory_keyring: MemoryKeyring) -> MemoryKeyring:
    """Give the house a vault that keeps secrets, for the time of the test."""
    house.office._vault = SecretVault(memory_keyring, trusted=True)
    return memory_keyring


@pytest.fixture
def counter(house: House, window: MainWindow) -> Counter:
    return Counter(house.bridge, house.steering, window)


@pytest.fixture
def said(counter: Counter) -> list[EnnError]:
    errors: list[EnnError] = []
    counter.told.connect(errors.append)
    return errors


def account_of(house: House) -> AccountSettings:
    account = house.office.settings.account(ACCOUNT)
    assert account is not None
    return account


def draft(house: House, name: str = "CCAS", **facts: object) -> AccountDraft:
    known = {"name": name, "address": house.server.url, "user": "secretaire", "secret": "demo-2026", **facts}
    return AccountDraft(**known)  # type: ignore[arg-type] # the names are the dataclass's own


def prompts(window: MainWindow) -> list[PasswordPrompt]:
    return [one for one in window.findChildren(PasswordPrompt) if one.isVisible()]


def prompted(qtbot: QtBot, counter: Counter, window: MainWindow, house: House) -> PasswordPrompt:
    counter.ask_secret(account_of(house))
    qtbot.waitUntil(lambda: len(prompts(window)) == 1)
    return prompts(window)[0]


# -- accounts --------------------------------------------------------------------------------------------------


def test_the_first_account_gives_its_folder_to_all(house: House, counter: Counter, tmp_path: Path) -> None:
    house.give(accounts=(), folder="")
    counter.open_account(draft(house, folder=tmp_path / "mairie"))
    assert house.office.settings.folder == str(tmp_path / "mairie")
    assert house.office.settings.accounts[0].folder == ""
    counter.open_account(draft(house, "École", folder=tmp_path / "école"))
    assert [one.folder for one in house.office.settings.accounts] == ["", str(tmp_path / "école")]


def test_an_account_corrected_takes_the_place_of_itself(house: House, counter: Counter) -> None:
    counter.open_account(draft(house, ACCOUNT, user="autre"))
    assert [one.user for one in house.office.settings.accounts] == ["autre"]


@pytest.mark.usefixtures("safe")
def test_the_secret_goes_to_the_vault_and_never_to_the_settings(qtbot: QtBot, house: House, counter: Counter) -> None:
    counter.open_account(draft(house, secret="mot-très-secret"))
    qtbot.waitUntil(lambda: house.office.vault.recall("CCAS") == "mot-très-secret")
    qtbot.waitUntil(house.office.paths.settings_file.exists)
    written = [file.read_bytes() for file in house.office.paths.settings.rglob("*") if file.is_file()]
    assert written
    assert not any("mot-très-secret".encode() in content for content in written)


def test_without_a_safe_vault_it_is_said_and_the_secret_serves_until_the_end(
    qtbot: QtBot, house: House, counter: Counter, said: list[EnnError]
) -> None:
    counter.open_account(draft(house))
    qtbot.waitUntil(lambda: bool(said))
    assert isinstance(said[0], VaultError)
    assert house.office.secret(house.office.settings.accounts[-1]) == "demo-2026"


def test_a_demonstration_never_touches_the_vault(
    qtbot: QtBot, house: House, counter: Counter, safe: MemoryKeyring
) -> None:
    house.office.demo = True
    counter.open_account(draft(house))
    house.know(qtbot)
    assert safe.secrets == {}


def test_an_account_closed_is_forgotten_with_its_secret_and_its_documents_stay(
    qtbot: QtBot, house: House, counter: Counter, safe: MemoryKeyring
) -> None:
    document = house.office.roots[0] / "délibération.pdf"
    document.parent.mkdir(parents=True)
    document.write_bytes(b"%PDF")
    house.office.vault.keep(ACCOUNT, "demo-2026")
    counter.close_account(account_of(house))
    qtbot.waitUntil(lambda: safe.secrets == {})
    assert house.office.settings.accounts == ()
    assert document.exists()


# -- trying a connection ---------------------------------------------------------------------------------------


def test_a_stored_account_is_tried_for_real(qtbot: QtBot, house: House, counter: Counter) -> None:
    found: list[Discovered] = []
    refused: list[EnnError] = []
    counter.try_account(account_of(house), found.append, refused.append)
    qtbot.waitUntil(lambda: bool(found or refused), timeout=PATIENCE_MS)
    assert refused == []
    assert found[0].entities
    assert found[0].sentence.startswith("Connexion réussie")


def test_a_refused_password_is_told(qtbot: QtBot, house: House, counter: Counter) -> None:
    refused: list[EnnError] = []
    house.office.remember(ACCOUNT, "faux")
    counter.try_account(account_of(house), lambda _: None, refused.append)
    qtbot.waitUntil(lambda: bool(refused), timeout=PATIENCE_MS)
    assert isinstance(refused[0], AuthenticationRefused)


def test_an_account_without_its_secret_is_not_tried_with_an_empty_one(
    qtbot: QtBot, house: House, counter: Counter
) -> None:
    refused: list[EnnError] = []
    counter.try_account(msgspec.structs.replace(account_of(house), name="Inconnu"), lambda _: None, refused.append)
    qtbot.waitUntil(lambda: bool(refused), timeout=PATIENCE_MS)
    assert isinstance(refused[0], VaultError)
    assert house.asked == 0


# -- a secret that is missing ----------------------------------------------------------------------------------


def test_a_missing_secret_is_asked_for_once_and_the_retrieval_follows(
    qtbot: QtBot, house: House, counter: Counter, window: MainWindow
) -> None:
    prompt = prompted(qtbot, counter, window, house)
    counter.ask_secret(account_of(house))
    house.know(qtbot)
    assert len(prompts(window)) == 1
    QTest.keyClicks(prompt.secret.edit, "retrouve")
    with qtbot.waitSignal(counter.fetch_wanted):
        QTest.keyClick(prompt.secret.edit, Qt.Key.Key_Return)
    assert house.office.secret(account_of(house)) == "retrouve"


def test_where_there_is_no_safe_vault_keeping_is_not_offered(
    qtbot: QtBot, house: House, counter: Counter, window: MainWindow
) -> None:
    assert not prompted(qtbot, counter, window, house).keep.isEnabled()


@pytest.mark.usefixtures("safe")
def test_a_secret_that_is_to_be_kept_goes_to_the_vault(
    qtbot: QtBot, house: House, counter: Counter, window: MainWindow
) -> None:
    prompt = prompted(qtbot, counter, window, house)
    prompt.keep.click()
    QTest.keyClicks(prompt.secret.edit, "a-garder")
    prompt.go_button.click()
    qtbot.waitUntil(lambda: house.office.vault.recall(ACCOUNT) == "a-garder")


def test_a_secret_not_given_now_is_asked_for_another_time(
    qtbot: QtBot, house: House, counter: Counter, window: MainWindow
) -> None:
    fetched: list[bool] = []
    counter.fetch_wanted.connect(lambda: fetched.append(True))
    prompted(qtbot, counter, window, house).later_button.click()
    assert prompts(window) == []
    prompted(qtbot, counter, window, house)
    assert fetched == []


@pytest.mark.parametrize("first", ["hidden", "asked"])
def test_no_prompt_pops_up_over_a_hidden_window(
    qtbot: QtBot, house: House, counter: Counter, window: MainWindow, first: str
) -> None:
    steps: list[Callable[[], object]] = [window.hide, lambda: counter.ask_secret(account_of(house))]
    for step in steps if first == "hidden" else steps[::-1]:
        step()
    asked: list[None] = []
    house.bridge.ask_network(lambda: None, asked.append)
    qtbot.waitUntil(lambda: bool(asked))
    assert prompts(window) == []
    window.show()
    prompted(qtbot, counter, window, house)


# -- the assistant ---------------------------------------------------------------------------------------------


@pytest.fixture
def assistant(house: House, counter: Counter, window: MainWindow) -> FirstStart:
    house.give(accounts=())
    counter.open_assistant()
    return window.findChildren(FirstStart)[0]


def fill(assistant: FirstStart, house: House, secret: str = "demo-2026") -> None:
    assistant.address_step.field.setText(house.server.url)
    assistant.go_on()
    assistant.account_step.user.setText("secretaire")
    assistant.account_step.password.edit.setText(secret)
    assistant.go_on()


def test_the_first_start_goes_from_the_address_to_the_first_retrieval(
    qtbot: QtBot, house: House, counter: Counter, window: MainWindow, assistant: FirstStart
) -> None:
    fill(assistant, house)
    qtbot.waitUntil(lambda: assistant.step == 2, timeout=PATIENCE_MS)
    with qtbot.waitSignal(counter.fetch_wanted):
        assistant.next_button.click()
    assert not window.covered
    assert [one.user for one in house.office.settings.accounts] == ["secretaire"]


def test_a_password_refused_at_the_first_start_stays_on_its_step(
    qtbot: QtBot, house: House, window: MainWindow, assistant: FirstStart
) -> None:
    fill(assistant, house, "faux")
    qtbot.waitUntil(assistant.problem.isVisible, timeout=PATIENCE_MS)
    assert assistant.step == 1
    assert window.covered
    assert house.office.settings.accounts == ()


def test_a_test_given_up_says_nothing_afterwards(qtbot: QtBot, house: House, assistant: FirstStart) -> None:
    house.server.latency = 0.5
    fill(assistant, house)
    assistant.cancel_test()
    house.know(qtbot)
    assert assistant.step == 1
    assert not assistant.testing
    assert not assistant.problem.isVisible()


def test_an_account_to_correct_comes_back_filled_in_and_takes_its_own_place(
    qtbot: QtBot, house: House, counter: Counter, window: MainWindow
) -> None:
    counter.add_account(account_of(house))
    (dialog,) = window.findChildren(AccountDialog)
    assert dialog.assistant.account_step.user.text() == "secretaire"
    dialog.account_given.emit(draft(house, "Mairie"), False)  # noqa: FBT003 - Qt's own signal
    house.know(qtbot)
    assert [one.name for one in house.office.settings.accounts] == ["Mairie"]


def test_the_first_start_begins_with_the_address_that_the_contractor_prepared(
    qtbot: QtBot, counter: Counter, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prereglages.toml").write_text('plateforme = "https://pastell.prepare.fr"\n', encoding="utf-8")
    monkeypatch.setattr("enn_desktop.system.presets.program_folder", lambda: tmp_path)
    counter.open_assistant()
    assistant = window.findChild(FirstStart)
    assert isinstance(assistant, FirstStart)
    qtbot.waitUntil(lambda: bool(assistant.address_step.field.text()), timeout=PATIENCE_MS)
    assert assistant.address_step.address() == "https://pastell.prepare.fr"
    assert "Proposée par votre prestataire" in assistant.address_step.help_words()
