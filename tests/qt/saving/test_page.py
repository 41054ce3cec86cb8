"""The place « Sauvegarde »: what is shown in every state, what is asked for, what is announced."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Activity, Doing, Outlook
from enn_desktop.backup.report import Outcome
from enn_desktop.backup.rounds import RoundReport
from enn_desktop.core.errors import ServerUnreachable
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.qt.saving.page import SavingPage
from enn_desktop.qt.saving.parts import lines_in
from tests.qt import samples_saving as samples
from tests.qt.samples_saving import doing


@pytest.fixture
def page(qtbot: QtBot) -> SavingPage:
    page = SavingPage()
    qtbot.addWidget(page)
    page.resize(870, 400)
    page.show_outlook(samples.OUTLOOK)
    page.show_next_run(samples.NEXT_RUN)
    page.show_runs(samples.RUNS)
    page.show_failures(samples.FAILURES)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.fixture
def announced(page: SavingPage) -> list[str]:
    said: list[str] = []
    page.announced.connect(said.append)
    return said


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# -- at rest -----------------------------------------------------------------------------------------------


def test_at_rest_one_big_button_the_last_run_and_the_next_one(qtbot: QtBot, page: SavingPage) -> None:
    said = plain(page.action.last.said())
    assert said == "Dernière récupération : 24 novembre 2026 à 9 h 09, terminée avec des manques."
    assert plain(page.action.kept.said()).startswith("312 dossiers sur la plateforme : 300 copiés")
    assert page.action.next_run.text() == samples.NEXT_RUN
    assert not page.action.bar.isVisible()
    with qtbot.waitSignal(page.fetch_wanted):
        page.action.fetch_button.click()
    with qtbot.waitSignal(page.schedule_wanted):
        page.action.schedule_button.click()


def plain_spaces(text: str) -> str:
    return " ".join(text.split())


def test_before_anything_was_brought_home_nothing_is_claimed(qtbot: QtBot) -> None:
    page = SavingPage()
    qtbot.addWidget(page)
    page.show_outlook(samples.EMPTY)
    page.show_runs(())
    page.show_failures(())
    assert page.action.last.said() == "Rien n’a encore été récupéré."
    assert page.action.kept.said() == ""
    assert page.tabs.tabText(0) == "Manques"
    assert page.history.isHidden()
    assert not page.copy.nowhere.isHidden()


def test_a_disk_that_is_not_there_is_said_first(page: SavingPage) -> None:
    page.show_outlook(Outlook(today=samples.OUTLOOK.today, missing_roots=(samples.ROOT,)))
    assert str(samples.ROOT) in page.action.disk.said()


# -- while it works ----------------------------------------------------------------------------------------


def test_while_it_fetches_progress_is_shown_and_the_big_button_is_away(page: SavingPage) -> None:
    page.show_activity(doing(Doing.FETCHING, samples.FETCHING))
    assert not page.action.fetch_button.isVisible()
    assert page.action.title.text() == "Récupération en cours"
    assert (page.action.bar.value(), page.action.bar.maximum()) == (124, 312)
    assert page.action.line.whole() == "124 dossiers sur 312 · 480 fichiers · 96 Mo · encore 4 min environ"
    assert page.action.current.whole() == plain_spaces(samples.LONG_TITLE)
    assert not page.copy.verify_button.isEnabled()
    assert not page.failures.retry_button.isEnabled()


@pytest.mark.parametrize("stage", [Stage.CONNECTING, Stage.LISTING, Stage.JOURNAL])
def test_while_the_whole_is_not_known_no_part_of_it_is_shown(page: SavingPage, stage: Stage) -> None:
    page.show_activity(doing(Doing.FETCHING, ProgressState(stage, dossiers_total=312)))
    assert (page.action.bar.minimum(), page.action.bar.maximum()) == (0, 0)


def test_a_pause_says_that_nothing_is_asked_and_nothing_moves(qtbot: QtBot, page: SavingPage) -> None:
    page.show_activity(doing(Doing.FETCHING, samples.LISTING))
    with qtbot.waitSignal(page.pause_wanted):
        page.action.pause_button.click()
    page.show_activity(doing(Doing.PAUSED, samples.LISTING))
    assert plain(page.action.title.text()) == "En pause : rien n’est demandé à la plateforme."
    assert page.action.bar.maximum() > 0
    with qtbot.waitSignal(page.resume_wanted):
        page.action.pause_button.click()


def test_stopping_is_asked_for_once(qtbot: QtBot, page: SavingPage) -> None:
    page.show_activity(doing(Doing.FETCHING, samples.FETCHING))
    assert page.action.promise.whole() == "Arrêter garde ce qui est déjà récupéré."
    with qtbot.waitSignal(page.cancel_wanted):
        page.action.stop_button.click()
    page.show_activity(doing(Doing.STOPPING, samples.FETCHING))
    assert page.action.stop_button.text() == "Arrêt…"
    assert not page.action.stop_button.isEnabled()
    assert not page.action.pause_button.isVisible()


def test_a_check_can_be_stopped_but_not_paused(page: SavingPage) -> None:
    page.show_activity(doing(Doing.VERIFYING, samples.VERIFYING))
    assert page.action.title.text() == "Vérification en cours"
    assert not page.action.pause_button.isVisible()
    assert page.action.stop_button.isEnabled()


def test_the_focus_follows_the_button_that_takes_the_place_of_another(qtbot: QtBot, page: SavingPage) -> None:
    page.activateWindow()
    page.action.fetch_button.setFocus()
    qtbot.waitUntil(page.action.fetch_button.hasFocus)
    page.show_activity(doing(Doing.FETCHING, samples.FETCHING))
    assert QApplication.focusWidget() is page.action.pause_button
    page.show_activity(Activity())
    assert QApplication.focusWidget() is page.action.fetch_button


def test_a_stage_is_announced_when_it_begins_and_not_at_each_step(page: SavingPage, announced: list[str]) -> None:
    for state in (None, samples.LISTING, samples.FETCHING):
        page.show_activity(doing(Doing.FETCHING, state))
    for done in range(125, 200):
        page.show_activity(doing(Doing.FETCHING, ProgressState(Stage.FETCHING, done, 312)))
    page.show_activity(doing(Doing.PAUSED, samples.FETCHING))
    assert [plain(one) for one in announced] == [
        "Connexion à la plateforme…",
        "Lecture de la liste des dossiers…",
        "Récupération en cours",
        "En pause : rien n’est demandé à la plateforme.",
    ]


# -- afterwards --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (samples.COMPLETE, "24 novembre 2026 à 9 h 09 – 14 dossiers récupérés."),
        (samples.PARTIAL, "24 novembre 2026 à 9 h 09 – 14 dossiers récupérés, 3 manques."),
        (samples.CANCELLED, "24 novembre 2026 à 9 h 09 – Arrêt à votre demande : 3 dossiers récupérés."),
        (samples.STOPPED, "24 novembre 2026 à 9 h 09 – La récupération s’est arrêtée : 0 dossier récupéré."),
    ],
)
def test_the_end_of_a_round_is_said_and_announced(
    page: SavingPage, announced: list[str], report: RoundReport, said: str
) -> None:
    page.show_activity(doing(Doing.FETCHING, samples.FETCHING))
    page.show_activity(Activity())
    page.show_round(report)
    assert plain(page.action.last.said()).startswith(said)
    assert report.sentence() in announced


def test_the_result_of_a_round_is_not_lost_when_the_catalogues_are_read_again(page: SavingPage) -> None:
    page.show_round(samples.COMPLETE)
    page.show_outlook(samples.OUTLOOK)
    assert "14 dossiers récupérés" in page.action.last.said()


def test_what_stopped_a_round_stays_until_the_next_one_begins(page: SavingPage) -> None:
    page.show_round(samples.STOPPED)
    assert page.error.said().startswith("Plateforme injoignable La plateforme ne répond pas.")
    page.show_activity(doing(Doing.FETCHING))
    assert page.error.said() == ""


def test_every_account_that_was_stopped_is_named(page: SavingPage) -> None:
    stopped = samples.report(Outcome.STOPPED, fetched=0, error=ServerUnreachable())
    page.show_round(samples.a_round(stopped, samples.report(Outcome.STOPPED, fetched=0, error=ServerUnreachable())))
    assert [one.partition(".")[0] for one in page.action.notes()] == [
        "CCAS de Valbrume\u00a0: La plateforme ne répond pas"
    ]


def test_a_warning_of_the_run_is_shown(page: SavingPage) -> None:
    page.show_round(samples.a_round(samples.report(Outcome.COMPLETE, warning="Il reste 2 Go sur ce disque.")))
    assert page.action.notes() == ("Il reste 2 Go sur ce disque.",)
    page.show_round(samples.COMPLETE)
    assert page.action.notes() == ()


def test_an_error_names_whom_to_call_and_can_be_copied_and_closed(page: SavingPage) -> None:
    page.show_error(ServerUnreachable(detail="ConnectError"), samples.CONTACT)
    assert page.error.said().endswith("Support ENN (02 00 00 00 00 · support@exemple.fr). en semaine")
    page.error.copy_button.click()
    assert QGuiApplication.clipboard().text().splitlines()[-1] == "ConnectError"
    assert page.error.copy_button.text() == "Détail copié"
    page.error.close_button.click()
    assert page.error.said() == ""


def test_nothing_ever_shows_in_a_window_of_its_own(page: SavingPage) -> None:
    page.show_round(samples.a_round(samples.report(Outcome.COMPLETE, warning="Il reste 2 Go sur ce disque.")))
    page.show_checked((samples.checked(samples.DAMAGED),))
    page.show_error(ServerUnreachable(), samples.CONTACT)
    assert [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not page] == []
    assert all(one.isVisible() for one in lines_in(page.action.notes_layout))


# -- the check, the folders --------------------------------------------------------------------------------


def test_a_sound_copy_is_said_sound_and_no_more(page: SavingPage, announced: list[str]) -> None:
    page.show_checked((samples.checked(samples.SOUND),))
    said = "1 204 fichiers relus : aucune modification détectée depuis la récupération."
    assert [plain(one) for one in page.copy.results()] == [said]
    assert not page.copy.table.isVisible()
    assert [plain(one) for one in announced] == [said]


def test_damaged_files_are_listed(page: SavingPage) -> None:
    page.show_checked((samples.checked(samples.DAMAGED),))
    assert page.copy.table.isVisible()
    assert page.copy.model.rowCount() == 2
    assert "seront récupérés de nouveau" in page.copy.results()[0]
    assert page.copy.results()[1].startswith("1 fichier ajouté")
    page.show_checked((samples.checked(samples.SOUND),))
    assert not page.copy.table.isVisible()


def test_a_folder_that_cannot_be_read_is_said_beside_the_others(page: SavingPage) -> None:
    lost = samples.checked(None, samples.OTHER, ServerUnreachable("Le dossier choisi n’est plus là."))
    page.show_checked((samples.checked(samples.SOUND), lost))
    first, second = page.copy.results()
    assert first.startswith("Dossiers de la mairie\u00a0: 1\u202f204 fichiers relus")
    assert second.startswith("Dossiers du CCAS\u00a0: Le dossier choisi n’est plus là.")


def test_the_folder_and_its_index_can_be_opened(qtbot: QtBot, page: SavingPage) -> None:
    opened: list[object] = []
    page.folder_wanted.connect(opened.append)
    page.index_wanted.connect(opened.append)
    folder, index = page.copy.openers()
    folder.click()
    index.click()
    assert opened == [samples.ROOT, samples.ROOT / "index.html"]
    with qtbot.waitSignal(page.verify_wanted):
        page.copy.verify_button.click()


def test_folders_that_did_not_change_are_not_drawn_again(page: SavingPage) -> None:
    before = page.copy.openers()
    page.show_runs(samples.RUNS[:2])
    assert page.copy.openers() == before


# -- history -----------------------------------------------------------------------------------------------


def test_the_folder_of_a_run_is_named_only_when_there_are_several(page: SavingPage) -> None:
    assert page.history.isColumnHidden(7)
    page.show_runs((*samples.RUNS, samples.run(6, Outcome.COMPLETE, 1, 1, 1, 0, root=samples.OTHER)))
    assert not page.history.isColumnHidden(7)


def test_nothing_is_wider_than_the_smallest_screen(page: SavingPage) -> None:
    for state in (Activity(), doing(Doing.FETCHING, samples.FETCHING), doing(Doing.PAUSED, samples.FETCHING)):
        page.show_activity(state)
        page.show_checked((samples.checked(samples.DAMAGED),))
        assert page.content.minimumSizeHint().width() <= 616
