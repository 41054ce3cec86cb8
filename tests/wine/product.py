"""The true product under Wine: built by the documented command, then lived with as a town hall lives with it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from installer.windows.setup import Product, make_setup
from installer.windows.signing import Signer
from tests.screen.virtual_screen import Screen
from tests.wine.setup_steps import Desk

BEFORE = "0.0.9"
"""A version that was never handed out, made of the same files but two, to be upgraded from."""
STALE, CHANGED = "Lib/site-packages/enn_desktop/abandonne.py", "licences/INDEX-ANCIEN.txt"
PASSWORD_NAME, PASSWORD = "MOT_DE_PASSE", "ENN_SIGN_PASSWORD"
DOCUMENTS = r"C:\Mairie\Dossiers de la mairie"
ACCENT = (0x1D, 0x5C, 0x87)
"""The ground of the primary button (light)."""
WIZARD = "Installation d’enn-desktop"
RUN_S = 240
WANTED = os.environ.get("ENN_PICTURES", "")
"""Where pictures are kept; read now, for no test sees this computer's variables."""


def make_previous(now: Path, folder: Path, signer: Signer) -> Path:
    """Make the setup of the version before: the payload of this one, and two files that have gone since."""
    payload = folder / "payload"
    shutil.copytree(now, payload)
    for name in (STALE, CHANGED):
        (payload / name).parent.mkdir(parents=True, exist_ok=True)
        (payload / name).write_text("d’une version passée\n", encoding="utf-8")
    product = Product(payload, BEFORE, fast=True, signer=signer)
    return make_setup(product, folder / f"enn-desktop-{BEFORE}-setup.exe")


@dataclass
class TownHall:
    """One secretary's Windows with the program in it; ``seen`` keeps what was answered on the way."""

    desk: Desk
    seen: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def com(self) -> str:
        """The program of the command line."""
        return self.desk.wine.path(self.desk.program / "enn-desktop.com")

    @cached_property
    def exe(self) -> str:
        """The program of the window."""
        return self.desk.wine.path(self.desk.program / "enn-desktop.exe")

    @property
    def documents(self) -> Path:
        """Where her dossiers come."""
        return self.desk.wine.drive / "Mairie" / "Dossiers de la mairie"

    def ask(self, *arguments: str, expected: int = 0, secret: str = "") -> Any:
        """Run a command of the program and return its JSON."""
        variables = {PASSWORD_NAME: secret} if secret else None
        done = self.desk.wine.call(self.com, *arguments, "--json", seconds=RUN_S, variables=variables)
        said = done.stdout.decode("utf-8")
        assert done.returncode == expected, (done.returncode, said, done.stderr.decode(errors="replace"))
        return json.loads(said)

    def tell(self, *arguments: str, expected: int = 0, secret: str = "") -> str:
        """Run a command that has no JSON; return what it printed."""
        variables = {PASSWORD_NAME: secret} if secret else None
        return self.desk.wine.run(self.com, *arguments, expected=expected, seconds=RUN_S, variables=variables)

    def trial(self) -> dict[str, Any]:
        """Let the installed program try itself; return what it says."""
        folder = self.desk.wine.drive / "essai"
        folder.mkdir()
        done = self.desk.wine.call(self.exe, "--trial", r"C:\essai", seconds=RUN_S)
        said: dict[str, Any] = json.loads((folder / "essai.json").read_text(encoding="utf-8"))
        keep_pictures(folder)
        return {**said, "exit_code": done.returncode}


@dataclass
class Hands:
    """Somebody at the keyboard, before the screen; every page is kept as a picture for a person to look at."""

    screen: Screen
    desk: Desk
    pages: list[str] = field(default_factory=list)

    def install(self, setup: Path) -> None:
        """Double-click the setup, press Enter until the program is open."""
        setup_process = self.desk.wine.start(self.desk.wine.path(setup))
        self.screen.wait_for(lambda: WIZARD in self.screen.titles(), "the wizard did not open", 180)
        self._page("bienvenue")
        self.screen.key("Return")
        self._page("ou-et-comment")
        self.screen.key("Return")
        self.screen.wait_for((self.desk.program / "desinstaller.exe").exists, "nothing was installed", 240)
        self.screen.wait_for(lambda: self.desk.log()[-1].startswith("Terminé"), "the setup did not end", 180)
        self._page("c-est-pret")
        self.screen.key("Return")
        self.screen.wait_for(lambda: "enn-desktop" in self.screen.titles(), "the program did not open", 180)
        # A window is there before it is painted; the button of the first question bears the program's colour.
        self.screen.wait_for(lambda: self.screen.picture().find(ACCENT), "the first question did not come", 180)
        self._page("premier-depart")
        assert setup_process.wait(30) == 0
        assert setup_process.stdout is not None
        setup_process.stdout.close()

    def _page(self, name: str) -> None:
        """Wait until another page than the one before stands still, and keep its picture."""
        before = self.pages[-1] if self.pages else ""
        last = ""

        def still() -> bool:
            nonlocal last
            now = hashlib.sha256(self.screen.frame.read_bytes()).hexdigest()
            settled, last = now == last != before, now
            return settled

        self.screen.wait_for(still, f"the page {name} did not come", 180)
        self.pages.append(last)
        picture = self.desk.wine.folder / f"installation-{len(self.pages)}-{name}.png"
        self.screen.picture().save_png(picture)
        keep_pictures(picture.parent)


def keep_pictures(folder: Path) -> None:
    """Keep the pictures of a run where ``ENN_PICTURES`` says, for a person to look at."""
    if WANTED:
        Path(WANTED).mkdir(parents=True, exist_ok=True)
        for picture in folder.glob("*.png"):
            shutil.copy(picture, WANTED)
