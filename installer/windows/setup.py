"""Makes Setup.exe from a payload folder, with Debian's makensis."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from installer.windows.file_list import FileList, read_payload, write_lists
from installer.windows.pictures import write_pictures
from installer.windows.shortcut_block import APP_ID, property_block
from installer.windows.signing import Signer
from installer.windows.trouble import ProductError

SCRIPT = Path(__file__).with_name("enn-desktop.nsi")
ICON = Path(__file__).with_name("enn-desktop.ico")
SPARE_KB = 20 * 1024
"""Room asked for beyond the program itself: the lists, the uninstaller, and what a disk rounds up."""


class BuildError(ProductError):
    """A tool did not make what it was asked for; the message ends with its own last lines."""


@dataclass(frozen=True, slots=True)
class Product:
    """What is to be made: from which payload, in which version, signed by whom. ``fast`` packs less tightly."""

    payload: Path
    version: str
    fast: bool = False
    signer: Signer | None = None
    epoch: int = 0
    """Seconds since 1970 that the files are dated with, so that two builds are the same."""


def make_setup(product: Product, out: Path) -> Path:
    """Make the setup at ``out``, sign it and verify the signature; return its path.

    Raises ``PayloadError``, ``BuildError``, ``SigningError``.
    """
    files = read_payload(product.payload)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="enn-setup-") as name:
        folder = Path(name)
        write_lists(files, folder)
        command = _makensis(product, files, folder)
        for path in folder.iterdir():
            # makensis notes when each file was written: the same for two builds.
            os.utime(path, (product.epoch, product.epoch))
        raw = folder / f"enn-desktop-{product.version}-setup.exe"
        run_tool([*command, f"-DOUT={raw}", str(SCRIPT)], product.epoch)
        if product.signer is not None:
            product.signer.sign(raw)
        shutil.copyfile(raw, out)
    return out


def run_tool(command: list[str], epoch: int, folder: Path | None = None) -> str:
    """Run a tool of the build and return what it printed. Raises ``BuildError`` with its last lines."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(epoch), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
    except FileNotFoundError as error:
        raise BuildError(f"Le programme {command[0]} manque\u00a0: installez-le, puis relancez.") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise BuildError(f"{command[0]} a échoué\u00a0:\n" + "\n".join(lines))
    return done.stdout


def _makensis(product: Product, files: FileList, folder: Path) -> list[str]:
    side, header = write_pictures(folder)
    size_kb = math.ceil(files.size / 1024)
    defines = {
        "VERSION": product.version,
        "VERSION_FOUR": four_numbers(product.version),
        "GENERATED": str(folder),
        "ICON": str(ICON),
        "SIDE": str(side),
        "HEADER": str(header),
        "SIZE_KB": str(size_kb),
        "SIZE_MB": str(math.ceil((size_kb + SPARE_KB) / 1024)),
        "ROOM_KB": str(size_kb + SPARE_KB),
        "LONGEST_NAME": str(files.longest),
        "APP_ID": APP_ID,
        "APP_ID_BLOCK": property_block(APP_ID).hex(),
    }
    if product.fast:
        defines["FAST"] = "1"
    if product.signer is not None:
        # makensis puts the path of the uninstaller it has just made in place of %1.
        defines["SIGN"] = product.signer.shell_command("%1", folder)
    options = [f"-D{name}={value}" for name, value in defines.items()]
    return ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options]


def four_numbers(version: str) -> str:
    """Return a version as Windows writes it: ``0.1.0`` → ``0.1.0.0``. Raises ``ValueError`` for another form."""
    parts = version.split(".")
    if not all(part.isdecimal() for part in parts) or len(parts) != 3:  # noqa: PLR2004 - three numbers
        raise ValueError(f"La version doit avoir trois nombres, comme 1.2.3\u00a0: {version}")
    return f"{version}.0"
