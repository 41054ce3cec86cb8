"""Four places, the state at the foot, a cover for the first start, a tray to hide in."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Health, KeyBadge, Tone
from enn_desktop.qt.main_window import MainWindow, Place


class Made:
    """Counts the pages made."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    def page(self, place: Place) -> QWidget:
        self.places.append(place)
        return QLabel(place.value)


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def window(qtbot: QtBot, made: Made) -> MainWindow:
    window = MainWindow({place: partial(made.page, place) for place in Place})
    qtbot.addWidget(window)
    window.show_place(Place.TODO)
    with qtbot.waitExposed(window):
        window.show()
    return window


def place_button(window: MainWindow, place: Place) -> QToolButton:
    return next(one for one in window.findChildren(QToolButton) if one.text().startswith(place.value))


def test_a_page_is_made_when_it_is_first_shown_and_only_once(window: MainWindow, made: Made) -> None:
    assert made.places == [Place.TODO]
    for place in (Place.DOSSIERS, Place.TODO, Place.DOSSIERS):
        window.show_place(place)
    assert made.places == [Place.TODO, Place.DOSSIERS]
    assert window.place() is Place.DOSSIERS


@pytest.mark.parametrize(("key", "place"), [(Qt.Key.Key_1, Place.TODO), (Qt.Key.Key_3, Place.SAVING)])
def test_a_place_is_one_shortcut_away(qtbot: QtBot, window: MainWindow, key: Qt.Key, place: Place) -> None:
    window.show_place(Place.KEY)
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.place() is place)
    assert place_button(window, place).isChecked()


def test_everything_is_brought_home_from_anywhere_by_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.fetch_wanted):
        QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)


def test_the_first_start_covers_everything_until_it_is_over(window: MainWindow) -> None:
    window.cover(QLabel("assistant"))
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.place() is None
    assert not place_button(window, Place.TODO).isVisible()
    window.cover(None)
    assert window.place() is Place.TODO
    assert place_button(window, Place.TODO).isVisible()


def test_the_number_of_things_to_do_stands_beside_the_name(window: MainWindow) -> None:
    window.show_badge(Place.TODO, 3)
    assert place_button(window, Place.TODO).text() == "À faire (3)"
    window.show_badge(Place.TODO, 0)
    assert place_button(window, Place.TODO).text() == "À faire"


def test_closing_hides_where_there_is_a_tray_and_leaves_where_there_is_none(qtbot: QtBot, window: MainWindow) -> None:
    window.keep_in_tray = True
    with qtbot.waitSignal(window.hidden_by_user):
        assert not window.close()
    window.raise_up()
    assert window.isVisible()
    window.keep_in_tray = False
    with qtbot.waitSignal(window.hidden_by_user):
        assert window.close()


def test_the_state_at_the_foot_is_a_sentence_that_a_screen_reader_gets_whole(window: MainWindow) -> None:
    window.show_health(Health.TO_FETCH, "3 dossiers ne sont pas encore sur ce poste. " * 20)
    sentence = next(label for label in window.findChildren(QLabel) if "…" in label.text())
    assert sentence.accessibleName().count("3 dossiers") == 20


def test_the_window_fits_the_smallest_screen_at_the_largest_scale(window: MainWindow) -> None:
    # 1366 × 768 at 200 % is 683 × 384 logical pixels, a little less with the taskbar: it may be moved, not cut.
    assert window.minimumSizeHint().width() <= 683
    assert window.minimumSize().width() <= 683


def test_the_key_is_said_in_one_word_at_the_foot_and_nothing_before_it_is_known(window: MainWindow) -> None:
    assert not window._key.isVisible()
    window.show_key(KeyBadge("clé absente", Tone.PLAIN))
    assert window._key.isVisible()
    assert (window._key.text(), window._key.property("role")) == ("Clé absente", "muted")
    window.show_key(KeyBadge("clé bloquée", Tone.BAD))
    assert (window._key.text(), window._key.property("role")) == ("Clé bloquée", "bad")
