"""Run by a Windows Python under Wine: what the program asks of Windows about the session, answered for real.

``session_script.py WHAT ARGUMENT…``: prints one line of JSON at the end. No pytest here.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enn_desktop.core.errors import EnnError
from enn_desktop.system.documents_place import describe_place
from enn_desktop.system.folder_rights import own_rights
from enn_desktop.system.metered import is_metered
from enn_desktop.system.power import CONTINUOUS, on_battery_saver, own_keep_awake
from enn_desktop.system.session import own_session

# Checked where it runs: elsewhere, Python has no such modules.
assert sys.platform == "win32"

POWER, SESSION, QUERY_END, END = 0x218, 0x2B1, 0x11, 0x16


def vault() -> Any:
    """Put Credential Manager under the contract of vaults."""
    from keyring.backends.Windows import WinVaultKeyring

    from enn_desktop.system.secret_vault import SecretVault
    from tests.system.vault_contract import CLAUSES

    backend = WinVaultKeyring()  # type: ignore[no-untyped-call] # keyring's own has no types
    said = {}
    for clause in CLAUSES:
        begun = time.perf_counter()
        try:
            clause(lambda realm: SecretVault(backend, realm=realm))
            said[clause.__name__] = "kept"
        except Exception as error:  # noqa: BLE001 - told as it is
            said[clause.__name__] = f"{type(error).__name__} {error} {getattr(error, 'detail', '')}"
        said[f"{clause.__name__} (ms)"] = str(round((time.perf_counter() - begun) * 1000))
    return said


def secret(profile: str, account: str, given: str) -> Any:
    """Put an account's secret where the program will look for it."""
    from enn_desktop.system.paths import profile_paths
    from enn_desktop.system.secret_vault import SecretVault

    SecretVault.of(profile_paths(Path(profile))).keep(account, given)
    return {}


def power() -> Any:
    """Keep Windows awake, and let it sleep again; read the battery and what the connection costs."""
    awake = own_keep_awake()
    state = ctypes.WinDLL("kernel32").SetThreadExecutionState
    state.restype = ctypes.c_uint32
    held = awake.hold()
    before = state(CONTINUOUS)
    awake.release()
    begun = time.perf_counter()
    metered = is_metered()
    cost_ms = round((time.perf_counter() - begun) * 1000)
    return {
        "held": held,
        "asked for": hex(before),
        "sparing": on_battery_saver(),
        "metered": metered,
        "cost (ms)": cost_ms,
    }


def session() -> Any:
    """Send the hidden window what Windows sends."""
    heard: list[str] = []
    own = own_session()
    own.listen(lambda event: heard.append(event.name))
    send = ctypes.WinDLL("user32").SendMessageW
    send.argtypes, send.restype = (ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p), ctypes.c_ssize_t
    window = getattr(own, "window", 0)
    locked = [own.locked()]
    answers = []
    for message, why in ((POWER, 4), (POWER, 0x12), (SESSION, 7), (SESSION, 8), (END, 0), (QUERY_END, 0), (END, 1)):
        answers.append(send(window, message, why, 0))
        locked.append(own.locked())
    own.close()
    closed = own.window == 0
    del own
    gc.collect()
    again: list[str] = []
    # The demonstration is entered and left in one process: each time is a session of its own.
    for _ in range(2):
        next_one = own_session()
        next_one.listen(lambda event: again.append(event.name))
        send(getattr(next_one, "window", 0), POWER, 0x12, 0)
        next_one.close()
    return {
        "window": bool(window), "heard": heard, "answers": answers, "locked": locked, "closed": closed, "again": again,
    }  # fmt: skip


def folder() -> Any:
    """Say where folders are, and try to reserve one."""
    mine = Path("C:/Dossiers réservés œ")
    mine.mkdir()
    rights = own_rights()
    try:
        rights.reserve(mine)
        reserved = "reserved"
    except EnnError as error:
        reserved = error.message
    places = {str(one): describe_place(Path(one)).name for one in ("C:/Dossiers", "Y:/absent", "//srv/mairie/Dossiers")}
    from enn_desktop.system.paths import documents_folder

    return {"places": places, "reserved": reserved, "documents": str(documents_folder())}


def autostart() -> Any:
    """Start with the session, read it where Windows reads it, and no longer."""
    import winreg

    from enn_desktop.system.app_identity import CLASS, be_known
    from enn_desktop.system.autostart import NAME, RUN, own_autostart

    start = own_autostart()
    start.set(True)
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN) as key:
        line = winreg.QueryValueEx(key, NAME)[0]
    on = start.enabled()
    start.set(False)
    be_known()
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, CLASS) as key:
        known = [winreg.QueryValueEx(key, name)[0] for name in ("DisplayName", "IconUri")]
    return {"line": line, "on": on, "off": not start.enabled(), "known": known, "icon": Path(known[1]).is_file()}


def toasts() -> Any:
    """Show a notification where WinRT is not whole: the bubble of the icon takes its place, nothing waits for it."""
    from PySide6.QtWidgets import QApplication, QSystemTrayIcon

    from enn_desktop.qt.marks import program_icon
    from enn_desktop.qt.toasts import Toast, best_toaster, warm_up

    application = QApplication([])
    icon = QSystemTrayIcon(program_icon())
    icon.show()
    times = []
    begun = time.perf_counter()
    toaster = best_toaster(icon)
    times.append(time.perf_counter() - begun)
    untouched = "windows_toasts" not in sys.modules
    warm_up()
    shown = []
    for silent in (False, True):
        begun = time.perf_counter()
        shown.append(toaster.show(Toast("rappel", "3 dossiers à récupérer", "Avant le 11 mai 2026.", silent=silent)))
        times.append(time.perf_counter() - begun)
    toaster.remove("rappel")
    toaster.close()
    icon.hide()
    del application
    return {"shown": shown, "untouched": untouched, "ms": [round(one * 1000) for one in times]}


WHAT: dict[str, Callable[..., Any]] = {
    one.__name__: one for one in (vault, secret, power, session, folder, autostart, toasts)
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(WHAT[sys.argv[1]](*sys.argv[2:])) + "\n")
