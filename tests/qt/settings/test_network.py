"""A proxy is told once it makes sense; its password goes out once and stays nowhere."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from enn_desktop.core.settings import NetworkSettings, ProxySettings, Settings, dump_settings
from enn_desktop.qt.settings.checks import proxy_problem, tidy_proxy_address
from tests.qt import samples_settings as sample
from tests.qt.settings.conftest import Opened, Told


@pytest.mark.parametrize(
    "address", ["proxy.mairie.fr:3128", "10.0.0.1:8080", "[fe80::1]:3128", "proxy_1:80", "p:65535"]
)
def test_a_host_and_a_port_will_do(address: str) -> None:
    assert proxy_problem(address) == ""


@pytest.mark.parametrize(
    "address", ["", "proxy.mairie.fr", "proxy:", ":3128", "proxy:0", "proxy:65536", "pro xy:3128", "a:b@proxy:3128"]
)
def test_anything_else_is_explained(address: str) -> None:
    assert "proxy.mairie.fr:3128" in proxy_problem(address)


@pytest.mark.parametrize(
    "typed", [" proxy.mairie.fr:3128 ", "http://proxy.mairie.fr:3128", "http://proxy.mairie.fr:3128/"]
)
def test_an_address_pasted_with_its_scheme_is_understood(typed: str) -> None:
    assert tidy_proxy_address(typed) == "proxy.mairie.fr:3128"


def type_into(field: QWidget, text: str) -> None:
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_proxy_without_address_is_explained_and_not_told(opened: Opened, told: Told) -> None:
    dialog = opened("network")
    dialog.changed.connect(told.note)
    dialog.network.modes["manuel"].click()
    assert told.values == []
    assert dialog.network.remark.isVisible()
    assert dialog.network.address.isVisible()


def test_a_proxy_is_told_once_its_address_is_typed(opened: Opened, told: Told) -> None:
    dialog = opened("network")
    dialog.changed.connect(told.note)
    dialog.network.modes["manuel"].click()
    type_into(dialog.network.address, "http://proxy.valbrume.fr:3128/")
    proxy = ProxySettings(mode="manuel", address="proxy.valbrume.fr:3128")
    assert told.values == [msgspec.structs.replace(sample.SETTINGS, proxy=proxy)]
    assert dialog.network.address.text() == "proxy.valbrume.fr:3128"
    assert not dialog.network.remark.isVisible()
    assert dialog.isVisible()


def test_an_address_written_by_hand_in_the_settings_that_makes_no_sense_is_explained(opened: Opened) -> None:
    proxy = ProxySettings(mode="manuel", address="proxy sans port")
    dialog = opened("network", settings=msgspec.structs.replace(sample.SETTINGS, proxy=proxy))
    assert dialog.network.remark.isVisible()


def test_a_choice_that_waits_for_its_address_stays_while_something_else_changes(opened: Opened) -> None:
    dialog = opened("network")
    dialog.network.modes["manuel"].click()
    dialog.show_settings(msgspec.structs.replace(sample.SETTINGS, with_session=True))
    assert dialog.network.mode == "manuel"


def test_without_proxy_the_address_is_kept_for_another_day(opened: Opened, told: Told) -> None:
    dialog = opened("network", settings=sample.BEHIND_A_PROXY)
    dialog.changed.connect(told.note)
    dialog.network.modes["aucun"].click()
    last = told.values[-1]
    assert isinstance(last, Settings)
    assert (last.proxy.mode, last.proxy.address) == ("aucun", "proxy.valbrume.fr:3128")
    assert not dialog.network.asks.isVisible()


def test_the_password_goes_out_once_and_is_written_nowhere(opened: Opened, told: Told) -> None:
    dialog, settings = opened("network", settings=sample.BEHIND_A_PROXY), Told()
    dialog.proxy_secret_changed.connect(told.note)
    dialog.changed.connect(settings.note)
    type_into(dialog.network.secret.edit, "tr3s-secret")
    dialog.network.asks.click()
    dialog.close()
    assert told.values == ["tr3s-secret"]
    assert dialog.network.secret.text() == ""
    written = "".join(dump_settings(one) for one in settings.values if isinstance(one, Settings))
    assert written
    assert "tr3s" not in written


def test_an_empty_password_changes_nothing(opened: Opened, told: Told) -> None:
    dialog = opened("network", settings=sample.BEHIND_A_PROXY)
    dialog.proxy_secret_changed.connect(told.note)
    QTest.keyClick(dialog.network.secret.edit, Qt.Key.Key_Return)
    dialog.close()
    assert told.values == []


def test_a_proxy_that_asks_for_nobody_has_no_identity(opened: Opened, told: Told) -> None:
    dialog = opened("network", settings=sample.BEHIND_A_PROXY)
    dialog.changed.connect(told.note)
    assert dialog.network.user.isVisible()
    dialog.network.asks.click()
    proxy = ProxySettings(mode="manuel", address="proxy.valbrume.fr:3128")
    assert told.values == [msgspec.structs.replace(sample.BEHIND_A_PROXY, proxy=proxy)]
    assert not dialog.network.user.isVisible()


def test_a_delay_is_told_and_leaves_the_other_as_it_was(opened: Opened, told: Told) -> None:
    settings = msgspec.structs.replace(sample.SETTINGS, network=NetworkSettings(connect_s=12.5))
    dialog = opened("network", settings=settings)
    dialog.changed.connect(told.note)
    dialog.network.answer_s.setValue(45)
    wanted = NetworkSettings(connect_s=12.5, answer_s=45.0)
    assert told.values == [msgspec.structs.replace(settings, network=wanted)]


def test_a_delay_shows_a_decimal_only_where_there_is_one(opened: Opened) -> None:
    settings = msgspec.structs.replace(sample.SETTINGS, network=NetworkSettings(connect_s=12.5))
    dialog = opened("network", settings=settings)
    point = dialog.locale().decimalPoint()
    assert dialog.network.connect_s.text() == f"12{point}5\u00a0s"
    assert dialog.network.answer_s.text() == "30\u00a0s"


def test_when_to_give_a_name_is_explained_until_one_is_given(opened: Opened) -> None:
    dialog = opened("network", settings=Settings())
    explained = "À cocher seulement si votre prestataire"
    shown = [label for label in dialog.network.findChildren(QLabel) if label.text().startswith(explained)]
    assert [label.isVisible() for label in shown] == [True]
    dialog.network.asks.click()
    assert [label.isVisible() for label in shown] == [False]
    dialog.network.modes["aucun"].click()
    assert [label.isVisible() for label in shown] == [False]
