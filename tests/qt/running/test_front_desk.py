"""What the pages ask for is answered, and what is known reaches every page that is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Act, Doing, DossierRef, TodoRow, Tone
from enn_desktop.core.errors import EnnError, ServerUnreachable, StorageError
from enn_desktop.core.settings import ScheduleSettings
from enn_desktop.qt.dossiers.page import DossiersPage
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.qt.key.page import KeyPage
from enn_desktop.qt.main_window import Place
from enn_desktop.qt.saving.page import SavingPage
from enn_desktop.qt.todo.page import TodoPage
from tests.agenda.made import AWAY, SERVER, dossier, place
from tests.qt.running.conftest import PATIENCE_MS, House

PAGES = {Place.TODO: TodoPage, Place.DOSSIERS: DossiersPage, Place.SAVING: SavingPage, Place.KEY: KeyPage}


class Opener(QObject):
    """Stands for the desktop: keeps what it is asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile() or url.toString())


@pytest.fixture
def opener() -> Opener:
    made = Opener()
    for scheme in ("file", "https"):
        # The stub says bytes, the binding takes text.
        QDesktopServices.setUrlHandler(scheme, made, "take")  # type: ignore[arg-type]
    return made


@pytest.fixture
def stocked(house: House) -> House:
    """Give the house four dossiers, one of them only on the platform, and nothing automatic."""
    made = [dossier("a", age=168, **AWAY), *(dossier(id_d, title=f"Objet {id_d}") for id_d in "bcd")]
    root = place(house.office.paths.data.parent, made).root
    house.give(folder=str(root), schedule=ScheduleSettings(automatic=False, on_metered=True))
    return house


@pytest.fixture
def desk(qtbot: QtBot, stocked: House) -> FrontDesk:
    made = FrontDesk(stocked.bridge, stocked.steering, stocked.engine, stocked.memory)
    qtbot.addWidget(made.window)
    made.window.show_place(Place.TODO)
    made.window.show()
    return made


@pytest.fixture
def raised(desk: FrontDesk) -> list[EnnError]:
    errors: list[EnnError] = []
    desk.error_raised.connect(errors.append)
    return errors


def row(house: House, act: Act, id_d: str = "b") -> TodoRow:
    return TodoRow(
        DossierRef(house.office.roots[0], SERVER, id_d), "Commune de Valbrume", "Documents à signer", "", "Objet b",
        "Signé", "complet", here=True, removable_from=date(2026, 5, 1), days_left=50, tone=Tone.WARN, cause="", act=act,
    )  # fmt: skip


def todo(desk: FrontDesk) -> TodoPage:
    page = desk.window.page(Place.TODO)
    assert isinstance(page, TodoPage)
    return page


def saving(desk: FrontDesk) -> SavingPage:
    page = desk.window.page(Place.SAVING)
    assert isinstance(page, SavingPage)
    return page


def dossiers(desk: FrontDesk) -> DossiersPage:
    assert desk.dossiers_page is not None
    return desk.dossiers_page


@pytest.mark.parametrize("there", list(Place))
def test_every_place_has_its_page(desk: FrontDesk, there: Place) -> None:
    desk.window.show_place(there)
    assert isinstance(desk.window.page(there), PAGES[there])


def test_a_page_shown_late_knows_what_is_known(qtbot: QtBot, desk: FrontDesk, stocked: House) -> None:
    stocked.know(qtbot)
    again = FrontDesk(stocked.bridge, stocked.steering, stocked.engine, stocked.memory)
    qtbot.addWidget(again.window)
    again.outlook_changed(stocked.steering.outlook, stocked.steering._headline())
    again.window.show_place(Place.TODO)
    assert todo(again).card.accessibleName() == todo(desk).card.accessibleName()
    assert "1 dossier n’est pas encore" in todo(again).card.accessibleName()


def test_what_is_to_be_done_is_counted_beside_the_name_of_its_place(
    qtbot: QtBot, desk: FrontDesk, stocked: House
) -> None:
    stocked.know(qtbot)
    names = [one.text() for one in desk.window.findChildren(QToolButton)]
    assert "À faire (1)" in names


def test_bringing_home_from_elsewhere_shows_how_it_goes(qtbot: QtBot, desk: FrontDesk, stocked: House) -> None:
    desk.window.show_place(Place.KEY)
    with qtbot.waitSignal(stocked.engine.round_ended, timeout=PATIENCE_MS):
        desk.window.fetch_wanted.emit()
        assert desk.window.place() is Place.SAVING
        assert stocked.doing is Doing.FETCHING


def test_bringing_home_from_the_first_screen_stays_there(qtbot: QtBot, desk: FrontDesk, stocked: House) -> None:
    stocked.know(qtbot)
    with qtbot.waitSignal(stocked.engine.round_ended, timeout=PATIENCE_MS):
        todo(desk).fetch_wanted.emit()
        assert desk.window.place() is Place.TODO
        assert todo(desk).card.accessibleName().startswith("Récupération en cours.")


def test_the_page_of_saving_pauses_resumes_and_stops_the_engine(qtbot: QtBot, desk: FrontDesk, stocked: House) -> None:
    told: list[Doing] = []
    stocked.engine.activity_changed.connect(lambda activity: told.append(activity.doing))
    page = saving(desk)
    with qtbot.waitSignal(stocked.engine.round_ended, timeout=PATIENCE_MS):
        page.fetch_wanted.emit()
        page.pause_wanted.emit()
        page.resume_wanted.emit()
        page.cancel_wanted.emit()
    assert [doing for doing, before in zip(told, [None, *told], strict=False) if doing is not before] == [
        Doing.FETCHING, Doing.PAUSED, Doing.FETCHING, Doing.STOPPING, Doing.NOTHING,
    ]  # fmt: skip


@pytest.mark.parametrize(("act", "there"), [(Act.SEE_KEY, Place.KEY), (Act.SHOW, Place.DOSSIERS)])
def test_a_row_leads_where_it_says(desk: FrontDesk, stocked: House, act: Act, there: Place) -> None:
    todo(desk).row_acted.emit(row(stocked, act), act)
    assert desk.window.place() is there


@pytest.mark.parametrize("act", [Act.FETCH, Act.RETRY])
def test_a_row_that_is_missing_is_brought_home(qtbot: QtBot, desk: FrontDesk, stocked: House, act: Act) -> None:
    with qtbot.waitSignal(stocked.engine.round_ended, timeout=PATIENCE_MS):
        todo(desk).row_acted.emit(row(stocked, act), act)
        assert stocked.doing is Doing.FETCHING


def test_a_row_for_which_someone_is_to_be_called_asks_for_the_contact(
    qtbot: QtBot, desk: FrontDesk, stocked: House
) -> None:
    wanted = row(stocked, Act.WHOM_TO_CALL)
    with qtbot.waitSignal(desk.contact_wanted) as asked:
        todo(desk).row_acted.emit(wanted, wanted.act)
    assert asked.args == [wanted]


def test_a_row_opened_is_shown_among_all_dossiers(qtbot: QtBot, desk: FrontDesk, stocked: House) -> None:
    todo(desk).row_opened.emit(row(stocked, Act.SHOW, "c"))
    page = dossiers(desk)
    qtbot.waitUntil(lambda: page.panel._title.text() == "Objet c", timeout=PATIENCE_MS)


def test_the_others_of_a_section_are_shown_as_one_list(qtbot: QtBot, desk: FrontDesk) -> None:
    todo(desk).all_wanted.emit("at_risk")
    page = dossiers(desk)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=PATIENCE_MS)


def test_a_row_s_page_on_the_platform_is_opened_in_the_browser(
    qtbot: QtBot, desk: FrontDesk, stocked: House, opener: Opener
) -> None:
    todo(desk).row_acted.emit(row(stocked, Act.OPEN_PASTELL), Act.OPEN_PASTELL)
    qtbot.waitUntil(lambda: bool(opener.opened), timeout=PATIENCE_MS)
    assert opener.opened[0].startswith(f"{SERVER}/")
    assert "id_d=b" in opener.opened[0]


def test_a_row_s_folder_is_opened_in_the_explorer(
    qtbot: QtBot, desk: FrontDesk, stocked: House, opener: Opener
) -> None:
    folder = stocked.office.roots[0] / "Valbrume/b"
    folder.mkdir(parents=True)
    todo(desk).row_acted.emit(row(stocked, Act.OPEN_FOLDER), Act.OPEN_FOLDER)
    qtbot.waitUntil(lambda: opener.opened == [str(folder)], timeout=PATIENCE_MS)


def test_a_dossier_that_is_no_longer_known_opens_nothing(
    qtbot: QtBot, desk: FrontDesk, stocked: House, opener: Opener, raised: list[EnnError]
) -> None:
    unknown = row(stocked, Act.OPEN_FOLDER)
    unknown = replace(unknown, ref=replace(unknown.ref, root=Path("ailleurs")))
    todo(desk).row_acted.emit(unknown, Act.OPEN_FOLDER)
    stocked.know(qtbot)
    assert (opener.opened, raised) == ([], [])


def test_a_document_moved_since_is_said_and_not_opened(
    qtbot: QtBot, desk: FrontDesk, opener: Opener, raised: list[EnnError], tmp_path: Path
) -> None:
    desk.open_file(tmp_path / "déplacé.pdf")
    qtbot.waitUntil(lambda: bool(raised), timeout=PATIENCE_MS)
    assert isinstance(raised[0], StorageError)
    assert "plus à sa place" in raised[0].message
    assert opener.opened == []


def test_an_error_is_shown_beside_what_it_is_about_or_on_its_own(
    desk: FrontDesk, stocked: House, raised: list[EnnError]
) -> None:
    error = ServerUnreachable()
    stocked.steering.failed.emit(error)
    assert raised == [error]
    desk.window.show_place(Place.SAVING)
    stocked.steering.failed.emit(error)
    assert raised == [error]


def test_an_error_that_no_job_wanted_is_said_too(desk: FrontDesk, stocked: House, raised: list[EnnError]) -> None:
    stocked.bridge.failed.emit(ServerUnreachable())
    assert [type(error) for error in raised] == [ServerUnreachable]
    assert desk.window.place() is Place.TODO


def test_after_a_run_the_list_of_dossiers_is_read_again(qtbot: QtBot, desk: FrontDesk, stocked: House) -> None:
    desk.window.show_place(Place.DOSSIERS)
    page = dossiers(desk)
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=PATIENCE_MS)
    place(stocked.office.paths.data.parent, [dossier("e")])
    stocked.know(qtbot)
    qtbot.waitUntil(lambda: page.model.rowCount() == 5, timeout=PATIENCE_MS)


def test_without_an_account_bringing_home_begins_by_asking_for_one(qtbot: QtBot, desk: FrontDesk, house: House) -> None:
    house.give(accounts=())
    with qtbot.waitSignal(desk.account_wanted):
        desk.fetch()
    assert house.engine.free
