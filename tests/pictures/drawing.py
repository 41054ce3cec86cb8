"""Draws every scene in one mode at one scale: ``python -m tests.pictures.drawing PLACE FOLDER MODE SCALE [ONLY]``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, QEventLoop, QSettings, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.agenda.health import headline
from enn_desktop.agenda.values import Activity, Doing, Health
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.errors import PortalInTheWay, ServerUnreachable, StorageError, WindowHangs
from enn_desktop.core.policy import Policy, parse_policy
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.error_box import ErrorBox
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.qt.look import Look
from enn_desktop.qt.main_window import MainWindow, Place
from enn_desktop.qt.office import Office
from enn_desktop.qt.steering import Steering
from enn_desktop.services.update_notice import Newer
from enn_desktop.system.paths import profile_paths, resource
from enn_desktop.system.settings_store import load_settings

SMALL, USUAL = (910, 512), (1120, 700)
"""Logical pixels: 1366 × 768 at 150 %, and the size at the first start."""
LONGEST_S = 15.0
SCHEMES = {"clair": Qt.ColorScheme.Light, "sombre": Qt.ColorScheme.Dark}
FETCHING = ProgressState(Stage.FETCHING, 124, 312, 480, 96_000_000, "Délibération n° 12 : budget primitif", 240.0)


def wait(condition: Callable[[], bool], what: str) -> None:
    """Let Qt live until the condition holds."""
    end = time.monotonic() + LONGEST_S
    while not condition():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        if time.monotonic() > end:
            raise TimeoutError(what)


class Studio:
    """One application, one mode, one scale; every scene is a picture."""

    def __init__(self, place: Path, folder: Path, mode: str, scale: int, only: str) -> None:
        self.place, self._folder, self._tail, self._only = place, folder, f"{mode}-{scale}", only
        self.app = QApplication([])
        font = QFont("Open Sans")
        font.setPointSizeF(10)
        self.app.setFont(font)
        Look(self.app).dress(SCHEMES[mode])

    def wanted(self, name: str) -> bool:
        """Whether a scene is asked for."""
        return name.startswith(self._only)

    def take(self, name: str, widget: QWidget, size: tuple[int, int] | None = None) -> None:
        """Take a picture of a widget as it is now."""
        if size is not None:
            widget.resize(*size)
        widget.show()
        for _ in range(6):
            QCoreApplication.processEvents()
        image = widget.grab()
        if not image.save(str(self._folder / f"{name}-{self._tail}.png")):
            raise OSError(name)


@contextmanager
def desk(studio: Studio, profile: Path) -> Iterator[tuple[FrontDesk, Steering]]:
    """Open the real window on a profile, without tray or clockwork."""
    paths = profile_paths(profile)
    office = Office(paths, load_settings(paths), SystemClock())
    bridge = Bridge()
    engine = EngineRoom(bridge, office)
    steering = Steering(bridge, office, engine)
    front = FrontDesk(bridge, steering, engine, QSettings(str(studio.place / "essai.ini"), QSettings.Format.IniFormat))
    seen: list[object] = []
    steering.outlook_changed.connect(lambda outlook, _: seen.append(outlook))
    front.window.show_place(Place.TODO)
    steering.refresh()
    wait(lambda: bool(seen), "the outlook")
    yield front, steering
    front.window.close()
    gone: list[bool] = []
    bridge.leave(lambda: gone.append(True))
    wait(lambda: bool(gone), "the threads")


def window_scenes(studio: Studio) -> None:
    """Draw the real window on the demonstration's dossiers, place by place."""
    with desk(studio, studio.place / "profil") as (front, steering):
        window = front.window
        for name, place in (("a-faire", Place.TODO), ("sauvegarde", Place.SAVING), ("cle", Place.KEY)):
            window.show_place(place)
            pause(window)
            studio.take(f"fenetre-{name}", window, SMALL)
            studio.take(f"fenetre-{name}-grande", window, USUAL)
        dossiers(studio, front, window)
        running(studio, front, steering)


def pause(window: MainWindow) -> None:
    """Let what was asked of the threads come back."""
    end = time.monotonic() + 0.6
    wait(lambda: time.monotonic() > end or not window.isEnabled(), "a moment")


def dossiers(studio: Studio, front: FrontDesk, window: MainWindow) -> None:
    """Draw the list, a dossier chosen, a file previewed, nothing found."""
    window.resize(*USUAL)
    window.show_place(Place.DOSSIERS)
    page = front.dossiers_page
    assert page is not None
    wait(lambda: page.model.rowCount() > 0, "the dossiers")
    page.search.setText("décision modificative")
    wait(lambda: 0 < page.model.rowCount() < 10, "the search")
    pause(window)
    page.panel.tabs.setCurrentIndex(1)
    files = page.panel.files
    files.setCurrentRow(next(row for row in range(files.count()) if "tamponne.pdf" in files.item(row).text()))
    wait(lambda: page.panel.preview.pages > 0, "the preview")
    pause(window)
    studio.take("fenetre-dossiers", window, USUAL)
    page.panel.tabs.setCurrentIndex(0)
    page.clear_filters()
    pause(window)
    studio.take("fenetre-dossiers-tous", window, USUAL)
    studio.take("fenetre-dossiers-petite", window, SMALL)
    page.search.setText("introuvable")
    pause(window)
    studio.take("fenetre-dossiers-rien", window, SMALL)
    page.clear_filters()


def running(studio: Studio, front: FrontDesk, steering: Steering) -> None:
    """Draw what goes on, paused, stopped, verified; and what went wrong."""
    window = front.window
    for name, doing in (("en-cours", Doing.FETCHING), ("pause", Doing.PAUSED), ("arret", Doing.STOPPING)):
        for place, page in ((Place.SAVING, "sauvegarde"), (Place.TODO, "a-faire")):
            window.show_place(place)
            front.activity_changed(Activity(doing, FETCHING))
            window.show_health(Health.RUNNING, "Récupération en cours.")
            studio.take(f"fenetre-{page}-{name}", window, SMALL)
    front.activity_changed(Activity())
    window.show_place(Place.TODO)
    now = SystemClock().now().astimezone()
    for name, health, error in (
        ("panne", Health.BROKEN, ServerUnreachable()),
        ("retard", Health.OVERDUE, None),
        ("calme", Health.UP_TO_DATE, None),
    ):
        from enn_desktop.agenda.values import TodoSection

        none = TodoSection()
        quiet = replace(steering.outlook, at_risk=none, waiting=none, troubled=none, in_progress=none, away=0)
        front.outlook_changed(quiet, headline(quiet, health, now, error))
        window.show_health(health, "État montré pour l’image.")
        studio.take(f"fenetre-a-faire-{name}", window, SMALL)
    front.show_news(Newer("1.2.0", now, "https://exemple.fr/notes"))
    studio.take("fenetre-a-faire-nouvelle-version", window, SMALL)
    front.show_news(None)


def assistant_scenes(studio: Studio) -> None:
    """Draw the first start, step by step, and its refusals."""
    from enn_desktop.backup.connection_test import Discovered
    from enn_desktop.qt.first_start.assistant import FirstStart
    from enn_desktop.qt.first_start.draft import AccountDraft

    made = FirstStart(Path("C:/Users/mairie/Documents/Dossiers de la mairie"))
    studio.take("premier-depart-adresse", made, SMALL)
    made.propose_address("https://pastell.eure-normandie-numerique.fr", prepared=True)
    studio.take("premier-depart-adresse-preparee", made, SMALL)
    made.go_on()
    studio.take("premier-depart-compte", made, SMALL)
    made.account_step.fill(AccountDraft(user="secretaire", secret="un mot de passe"))
    made.go_on()
    studio.take("premier-depart-essai", made, SMALL)
    made.show_refusal(PortalInTheWay())
    studio.take("premier-depart-portail", made, SMALL)
    made.go_on()
    made.go_on()
    made.show_discovered(Discovered("4.1.1", ("Commune de Valbrume", "CCAS de Valbrume"), ("Actes", "Hélios"), False))  # noqa: FBT003
    made.show_folder_facts(FolderFacts(48_000_000_000, "OneDrive"))
    studio.take("premier-depart-dossier", made, SMALL)
    made.close()


def dialog_scenes(studio: Studio, policy: Policy) -> None:
    """Draw settings, help, an error, a password."""
    from enn_desktop.core.settings import AccountSettings, UpdateNoticeSettings
    from enn_desktop.qt.help.window import SECTIONS, HelpWindow
    from enn_desktop.qt.settings.dialog import Section, SettingsDialog, SettingsFacts
    from enn_desktop.qt.settings.password_prompt import PasswordPrompt

    settings = load_settings(profile_paths(studio.place / "profil"))
    facts = SettingsFacts(Path("C:/Users/mairie/Documents/Dossiers de la mairie"), 48_000_000_000, True, "", "Les mots "  # noqa: FBT003
                          "de passe sont dans le trousseau de l’ordinateur, jamais dans un fichier.")  # fmt: skip
    notice = UpdateNoticeSettings(enabled=True, address="https://exemple.fr/enn-desktop/annonce.json")
    settings = msgspec.structs.replace(settings, notice=notice)
    facts = replace(facts, notice_state="Demandé le 12 mars 2026\u00a0: vous avez la dernière version.")
    dialog = SettingsDialog(settings, policy, facts)
    for section in Section:
        dialog.open_at(section.value)
        studio.take(f"reglages-{section.value}", dialog, (870, 480))
    help_window = HelpWindow()
    help_window.set_policy(policy)
    for name in SECTIONS:
        help_window.open_at(name)
        studio.take(f"aide-{name}", help_window, (720, 460))
    studio.take("erreur", ErrorBox(StorageError("Le disque est plein."), policy.contact("prestataire")))
    studio.take("erreur-fenetre-bloquee", ErrorBox(WindowHangs(detail="UNHEARD"), None))
    account = AccountSettings(name="Valbrume", address="https://p.fr", user="secretaire")
    studio.take("mot-de-passe", PasswordPrompt(account, may_keep=True))


def main() -> None:
    """Draw."""
    place, folder, mode, scale = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    studio = Studio(place, folder, mode, scale, sys.argv[5] if len(sys.argv) > 5 else "")
    policy = parse_policy(resource("politique-enn.toml").read_text(encoding="utf-8"), "la charte ENN")
    if studio.wanted("fenetre"):
        window_scenes(studio)
    if studio.wanted("premier-depart"):
        assistant_scenes(studio)
    if studio.wanted("reglages"):
        dialog_scenes(studio, policy)
    if studio.wanted("cle"):
        from tests.pictures.key_scenes import key_scenes

        key_scenes(studio, policy)
    os._exit(0)


if __name__ == "__main__":
    main()
