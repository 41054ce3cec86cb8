"""The product that the tests under Wine look at and live with: made once by the documented command, and signed.

Several processes of pytest share it: the first that asks for it makes it, the others wait. What is installed is there
long before the setup, which is packed for minutes while the tests go on.
"""

from __future__ import annotations

import faulthandler
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

import pytest

from enn_desktop import __version__
from installer.windows.signing import Signer
from installer.windows.workshop import Workshop
from tests.house.source_tree import PROJECT
from tests.installer.windows.own_certificate import SECRET, VARIABLE, own_signer

BUILD_S = 900
PACKING = "6/6"
"""How the build's sentence begins when what is installed is whole."""
WHOLE = "abouti"


@dataclass(frozen=True)
class Made:
    """What the build of this run makes, and who signs; ``folder`` is where the processes agree."""

    folder: Path

    @property
    def out(self) -> Path:
        """Where the build puts everything: never as deep as where it is usually made (``test_payload.py`` compares)."""
        return at_another_depth(self.folder / "out", Workshop().out)

    @property
    def signer(self) -> Signer:
        """Who signs, with a certificate of our own."""
        return Signer(self.folder / "Essai.p12", VARIABLE, self.folder / "Essai.pem")

    @property
    def workshop(self) -> Workshop:
        """Where it is made."""
        return Workshop(out=self.out)

    @property
    def payload(self) -> Path:
        """What is installed; it is there."""
        return self.out / "payload"

    def setup(self) -> Path:
        """Return the setup of this version, once it is made."""
        return self._handed_out(f"enn-desktop-{__version__}-setup.exe")

    def msi(self) -> Path:
        """Return the same as an MSI, once it is made."""
        return self._handed_out(f"enn-desktop-{__version__}.msi")

    def _handed_out(self, name: str) -> Path:
        with _locked(self.folder / "fin.verrou"):
            assert (self.folder / WHOLE).exists(), self.said
            return self.out / name

    @property
    def said(self) -> str:
        """What the build said."""
        return (self.folder / "dit.txt").read_text(encoding="utf-8")


def at_another_depth(folder: Path, usual: Path) -> Path:
    """Return ``folder``, or one in it where it is as deep as ``usual``, which depends on where the sources stand."""
    return folder / "dessous" if len(folder.parts) == len(usual.parts) else folder


def build(*options: str) -> None:
    """Run the command that README gives the maintainer, from elsewhere; its own sentences are shown where it fails."""
    done = subprocess.run(_command(*options), cwd="/", capture_output=True, timeout=BUILD_S, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")


@contextmanager
def product(temporary: pytest.TempPathFactory) -> Iterator[Made]:
    """Give the product of this run with what is installed, made now if nobody of this run has; at the end, wait."""
    # The alarm about tests that hang would ring before its end.
    faulthandler.cancel_dump_traceback_later()
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = temporary.getbasetemp()
    made = Made((base if alone else base.parent) / "le-produit")
    made.folder.mkdir(exist_ok=True)
    packing: Thread | None = None
    with _locked(made.folder / "debut.verrou"):
        if not made.out.exists():
            packing = _begin(made)
        if not made.payload.is_dir():
            if packing is not None:
                packing.join()
            pytest.fail(made.said)
    try:
        yield made
    finally:
        if packing is not None:
            packing.join()


def _begin(made: Made) -> Thread:
    """Start the build, and return the thread that waits for its end when what is installed is whole."""
    made.out.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as secrets:
        signer = own_signer(made.folder, secrets)
    assert signer == made.signer
    who = ("--certificate", str(signer.certificate), "--password-env", VARIABLE, "--roots", str(signer.roots))
    end = (made.folder / "fin.verrou").open("w")
    fcntl.flock(end, fcntl.LOCK_EX)
    process = subprocess.Popen(
        _command("--out", str(made.out), *who),
        cwd="/",
        env={**os.environ, VARIABLE: SECRET},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert process.stdout is not None
    said = (made.folder / "dit.txt").open("w", encoding="utf-8")
    for line in process.stdout:
        said.write(line)
        if line.startswith(PACKING):
            break

    def go_on(rest: IO[str]) -> None:
        with end, said, rest:
            said.writelines(rest)
            if process.wait() == 0:
                (made.folder / WHOLE).touch()

    packing = Thread(target=go_on, args=(process.stdout,))
    packing.start()
    return packing


def _command(*options: str) -> list[str]:
    return [sys.executable, str(PROJECT / "installer" / "build.py"), *options]


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
