"""What the making of the Windows product needs of the system: Wine, a compiler, what checks signatures."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from installer.child_process import Runner, run_logged
from installer.debian import demand
from installer.failures import Outcome, SetupError
from installer.preparation import Place

COMPILER = "x86_64-w64-mingw32-gcc"
RESOURCES = "x86_64-w64-mingw32-windres"
WINE = Path("/usr/lib/wine/wine64")
"""Debian's own place: the ``wine`` of the PATH asks for 32-bit packages that nothing here needs."""
WINE_SERVER = Path("/usr/lib/wine/wineserver64")
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
PROGRAMS = {
    COMPILER: "gcc-mingw-w64-x86-64-win32",
    RESOURCES: "binutils-mingw-w64-x86-64",
    "osslsigncode": "osslsigncode",
    "openssl": "openssl",
    "makensis": "nsis",
    "wixl": "wixl",
    "msiinfo": "msitools",
}
"""Program → Debian package."""
FILES = {WINE: "wine64", WINE_SERVER: "wine64", AUTHORITIES: "ca-certificates"}
"""File → Debian package; Windows runs its own programs, and has its own authorities."""
ON_WINDOWS = (COMPILER, "windres", "osslsigncode", "openssl")
"""What MSYS2 (its MINGW64 environment) has under these names."""


def missing() -> list[str]:
    """Return the Debian packages that are not here; none on Windows."""
    if sys.platform == "win32":
        return []
    programs = [package for name, package in PROGRAMS.items() if shutil.which(name) is None]
    return list(dict.fromkeys([*programs, *(package for path, package in FILES.items() if not path.exists())]))


def demand_for_tests(place: Place, run: Runner = run_logged) -> None:
    """Go on when the tests of the product can run; on Debian, install what lacks without asking anybody.

    Raises ``SetupError`` where Debian's packages cannot be installed; elsewhere a sentence names them.
    """
    demand(missing, "Les contrôles du produit Windows", Outcome.WINDOWS_TOOLS, run, place.log)


def demand_tools(place: Place, run: Runner = run_logged) -> None:
    """Go on when the tools are here; on Debian, install what lacks without asking anybody; else ``SetupError``."""
    place.log.parent.mkdir(parents=True, exist_ok=True)
    demand(missing, "Les étapes du produit Windows", Outcome.WINDOWS_TOOLS, run, place.log)
    still = missing() or [name for name in ON_WINDOWS if sys.platform == "win32" and shutil.which(name) is None]
    if still:
        raise SetupError(
            Outcome.WINDOWS_TOOLS,
            f"Il manque à ce système, pour faire le produit Windows\u00a0: {' '.join(still)}.\n"
            "Installez-les (sous Windows\u00a0: MSYS2, environnement MINGW64), puis relancez la même commande.",
        )


def resource_compiler() -> str:
    """Return the name of the resource compiler: MSYS2 has it without the prefix."""
    return RESOURCES if shutil.which(RESOURCES) else "windres"
