"""Handing a folder, a document or an address to the desktop; nothing that came from the platform is ever run."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_RUNNABLE = (
    ".exe .com .bat .cmd .ps1 .psm1 .vbs .vbe .js .jse .wsf .wsh .hta .msi .msp .scr .pif .cpl .lnk .url .reg .jar "
    ".dll .sys .inf .gadget .application .appref-ms .chm .hlp .sh .bash .py .pyw .pl .run .desktop .appimage "
    ".settingcontent-ms .library-ms .search-ms .msc .ws .wsc .sct .website .iso .img .vhd .vhdx .xll .slk .diagcab "
    ".msix .appx .appinstaller .mst .scf .jnlp .job .rdp .theme .themepack .xbap .ps1xml .vb .pyz .shs .shb .ins .isp"
)
RUNNABLE = frozenset(_RUNNABLE.split())
"""Endings that Windows or a desktop may run, or that carry something that it runs: the folder is shown instead."""


class Opened(Enum):
    """What became of it."""

    DONE = "ouvert"
    FOLDER_INSTEAD = "dossier montré"
    REFUSED = "refusé"


def may_run(file: Path) -> bool:
    """Whether opening this file could run something; Windows ignores dots and spaces at the end of a name."""
    return Path(file.name.rstrip(". ")).suffix.lower() in RUNNABLE


def open_folder(folder: Path) -> Opened:
    """Show a folder in the file explorer."""
    return Opened.DONE if QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))) else Opened.REFUSED


def open_file(file: Path) -> Opened:
    """Open a document with its usual program; show its folder where opening it could run something."""
    if may_run(file):
        return Opened.FOLDER_INSTEAD if open_folder(file.parent) is Opened.DONE else Opened.REFUSED
    return Opened.DONE if QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))) else Opened.REFUSED


def open_web(address: str) -> Opened:
    """Open a page in the browser: http and https only."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in {"http", "https"} or not url.host():
        return Opened.REFUSED
    return Opened.DONE if QDesktopServices.openUrl(url) else Opened.REFUSED
