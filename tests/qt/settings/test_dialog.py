"""Sections on the left, changes told at once and only when they make sense."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from enn_desktop.core.settings import NotificationSettings, ScheduleSettings, Settings
from enn_desktop.qt.settings.dialog import Section
from tests.qt import samples_settings as sample
from tests.qt.settings.conftest import Opened, Told


def turn_the_wheel(widget: QWidget) -> None:
    middle = QPointF(widget.rect().center())
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        widget,
        QWheelEvent(
            middle,
            widget.mapToGlobal(middle),
            QPoint(),
            QPoint(0, 120),
            buttons,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003 - Qt's own
        ),
    )


@pytest.mark.parametrize("section", list(Section))
def test_each_section_can_be_opened_by_its_name(opened: Opened, section: Section) -> None:
    dialog = opened(section.value)
    assert dialog.section() is section
    assert dialog.pages[section].isVisible()
    assert dialog.sections.currentItem().text() == dialog.pages[section].title


def test_a_section_that_does_not_exist_leaves_the_first_one(opened: Opened) -> None:
    assert opened("cave").section() is Section.ACCOUNTS


def test_sections_are_reached_with_the_arrows(opened: Opened) -> None:
    dialog = opened()
    QTest.keyClick(dialog.sections, Qt.Key.Key_Down)
    assert dialog.section() is Section.FOLDER
    assert dialog.folder.isVisible()


def test_it_fits_the_smallest_screen(opened: Opened) -> None:
    dialog = opened()
    dialog.resize(870, 480)
    assert (dialog.width(), dialog.height()) == (870, 480)


def test_a_box_ticked_is_told_at_once_and_changes_nothing_else(opened: Opened, told: Told) -> None:
    dialog = opened("schedule")
    dialog.changed.connect(told.note)
    dialog.schedule.on_metered.click()
    wanted = msgspec.structs.replace(sample.SETTINGS, schedule=ScheduleSettings(on_metered=True))
    assert told.values == [wanted]


def test_two_changes_in_two_sections_add_up(opened: Opened, told: Told) -> None:
    dialog = opened("schedule")
    dialog.changed.connect(told.note)
    dialog.schedule.every_hours.setValue(6)
    dialog.session.with_session.click()
    last = told.values[-1]
    assert isinstance(last, Settings)
    assert (last.schedule.every_hours, last.with_session) == (6, True)


def test_settings_that_come_back_as_they_were_told_tell_nothing_more(opened: Opened, told: Told) -> None:
    dialog = opened("schedule")
    dialog.changed.connect(told.note)
    dialog.changed.connect(dialog.show_settings)
    dialog.schedule.at_start.click()
    assert len(told.values) == 1


def test_settings_changed_elsewhere_are_shown_and_not_told(opened: Opened, told: Told) -> None:
    dialog = opened("schedule")
    dialog.changed.connect(told.note)
    dialog.show_settings(msgspec.structs.replace(sample.SETTINGS, schedule=ScheduleSettings(every_hours=12)))
    assert dialog.schedule.every_hours.text() == "12\u00a0heures"
    assert told.values == []


def test_a_number_typed_is_told_even_when_the_window_is_closed_at_once(opened: Opened, told: Told) -> None:
    dialog = opened("schedule")
    dialog.changed.connect(told.note)
    field = dialog.schedule.overdue_days
    field.selectAll()
    QTest.keyClicks(field, "14")
    assert told.values == []
    dialog.close()
    assert told.values == [msgspec.structs.replace(sample.SETTINGS, schedule=ScheduleSettings(overdue_days=14))]


def test_one_hour_is_one_hour(opened: Opened) -> None:
    dialog = opened("schedule")
    dialog.schedule.every_hours.setValue(1)
    assert dialog.schedule.every_hours.text() == "1\u00a0heure"


def test_without_automatic_retrieval_its_details_rest_and_the_consequence_is_said(opened: Opened) -> None:
    dialog = opened("schedule")
    dialog.schedule.automatic.click()
    assert not dialog.schedule.every_hours.isEnabled()
    assert dialog.schedule.overdue_days.isEnabled()
    assert "Rien ne sera récupéré" in dialog.schedule.off.text()
    assert dialog.schedule.off.isVisible()


def test_hours_the_wrong_way_round_are_explained_and_not_told(opened: Opened, told: Told) -> None:
    dialog = opened("notifications")
    dialog.changed.connect(told.note)
    dialog.notifications.from_hour.setValue(19)
    assert told.values == []
    assert "après l’heure de début" in dialog.notifications.remark.text()
    assert dialog.notifications.to_hour.accessibleDescription() == dialog.notifications.remark.text()


def test_hours_put_right_are_told_and_the_remark_goes(opened: Opened, told: Told) -> None:
    dialog = opened("notifications")
    dialog.changed.connect(told.note)
    dialog.notifications.from_hour.setValue(19)
    dialog.notifications.to_hour.setValue(20)
    wanted = NotificationSettings(from_hour=19, to_hour=20)
    assert told.values == [msgspec.structs.replace(sample.SETTINGS, notifications=wanted)]
    assert not dialog.notifications.remark.isVisible()
    assert dialog.notifications.to_hour.accessibleDescription() == "De 1 à 24 h"


def test_notifications_can_be_stopped_while_the_hours_are_wrong(opened: Opened, told: Told) -> None:
    dialog = opened("notifications")
    dialog.changed.connect(told.note)
    dialog.notifications.from_hour.setValue(23)
    dialog.notifications.enabled.click()
    wanted = NotificationSettings(enabled=False)
    assert told.values == [msgspec.structs.replace(sample.SETTINGS, notifications=wanted)]
    assert dialog.notifications.off.isVisible()


def test_wrong_hours_stay_on_the_screen_when_something_else_changes(opened: Opened) -> None:
    dialog = opened("notifications")
    dialog.notifications.from_hour.setValue(19)
    dialog.show_settings(msgspec.structs.replace(sample.SETTINGS, with_session=True))
    assert dialog.notifications.from_hour.value() == 19


def test_starting_with_the_session_is_out_of_reach_where_it_cannot_be(opened: Opened) -> None:
    dialog = opened("session", facts=sample.WITHOUT_AUTOSTART)
    assert not dialog.session.with_session.isEnabled()
    assert dialog.session.reason.text() == sample.WITHOUT_AUTOSTART.autostart_reason
    assert dialog.session.reason.isVisible()


def test_the_session_box_shows_what_is_set(opened: Opened, told: Told) -> None:
    dialog = opened("session", settings=msgspec.structs.replace(sample.SETTINGS, with_session=True))
    dialog.changed.connect(told.note)
    assert dialog.session.with_session.isChecked()
    dialog.session.with_session.click()
    assert told.values == [sample.SETTINGS]


def test_a_wheel_that_scrolls_the_page_changes_no_number(opened: Opened, told: Told) -> None:
    dialog = opened("schedule")
    dialog.changed.connect(told.note)
    field = dialog.schedule.every_hours
    turn_the_wheel(field)
    assert (field.value(), told.values) == (4, [])
    field.setFocus()
    turn_the_wheel(field)
    assert field.value() == 5
