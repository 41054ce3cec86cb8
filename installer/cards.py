"""What the tests of the signing key need of the system: a card service, virtual readers, a compiler."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

from installer.child_process import Runner, run_logged
from installer.debian import demand
from installer.failures import Outcome
from installer.preparation import Place

PROGRAMS = {
    "pcscd": "pcscd",
    "opensc-tool": "opensc",
    "pkcs11-tool": "opensc",
    "softhsm2-util": "softhsm2",
    "gcc": "gcc",
    "swig": "swig",
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "mount": "mount",
    "sh": "dash",
}
"""Program that these tests, or the building of pyscard, start → Debian package."""
FILES = {
    "lib/pcsc/drivers/serial/libifdvpcd.so": "vsmartcard-vpcd",
    "lib/*/opensc-pkcs11.so": "opensc-pkcs11",
    "lib/softhsm/libsofthsm2.so": "libsofthsm2",
    "lib/*/libumockdev-preload.so.0": "umockdev",
    "lib/*/girepository-1.0/UMockdev-1.0.typelib": "gir1.2-umockdev-1.0",
    "lib/python3/dist-packages/gi/__init__.py": "python3-gi",
    "include/PCSC/ifdhandler.h": "libpcsclite-dev",
    "include/stdio.h": "libc6-dev",
}
"""File that they load, below ``SYSTEM`` → Debian package."""
SYSTEM = Path("/usr")


def missing_for_cards() -> list[str]:
    """Return the Debian packages that the tests of the key need and that are not here; none outside Linux."""
    if sys.platform != "linux":
        return []
    programs = [package for name, package in PROGRAMS.items() if shutil.which(name) is None]
    files = [package for pattern, package in FILES.items() if system_file(pattern) is None]
    return list(dict.fromkeys(programs + files + _missing_header()))


def system_file(pattern: str) -> Path | None:
    """Return the system's file of this pattern, ``None`` where it is not installed."""
    return next(iter(sorted(SYSTEM.glob(pattern))), None)


def _missing_header() -> list[str]:
    """Return the package of this Python's own header, where Debian's Python came without it."""
    there = Path(sysconfig.get_path("include"), "Python.h").is_file()
    return [] if there else [f"python3.{sys.version_info.minor}-dev"]


def demand_card_rigs(place: Place, run: Runner = run_logged) -> None:
    """Go on when the tests can have a card service of their own; on Debian, install what lacks without asking anybody.

    Before the components of the tests: one of them (pyscard) is compiled here. Raises ``SetupError`` where Debian's
    packages cannot be installed; elsewhere a sentence names them.
    """
    what = "Les contrôles de la clé de signature"
    demand(missing_for_cards, what, Outcome.TEST_CARDS, run, place.log)
