"""Run by Python for Windows: starts the installed program as Windows would, and says in JSON what came of it.

``python.exe payload_script.py PAYLOAD``. It stands alone: it may import neither the tests nor the program's tools.
"""

import ctypes
import importlib
import json
import pkgutil
import subprocess
import sys
from ctypes import wintypes
from pathlib import Path

MAY_BE_WAITED_FOR = 0x00100000
"""SYNCHRONIZE"""
ODD = ["Évènement d’août", "中文 😀", 'un "mot" cité', "fin\\", "", "*.py", "a\\\\b"]
"""Arguments that a careless program loses: letters of every kind, quotes, an end with a bar, nothing, a star."""


def without_streams(program: Path) -> dict[str, int]:
    """Return the exit codes of commands that have neither a console nor pipes, as in a scheduled task."""
    nothing = subprocess.STARTUPINFO(dwFlags=subprocess.STARTF_USESTDHANDLES)  # type: ignore[attr-defined] # Windows
    commands = ["--version", "backup --quiet", "diagnose", "--sonde inconnu", "account add essai"]
    codes = {}
    for command in commands:
        with subprocess.Popen([program, *command.split()], startupinfo=nothing) as child:
            codes[command] = child.wait(120)
    return codes


def arguments_heard(program: Path) -> str:
    """Return what the program says of a command that it does not know, and of what comes with it."""
    done = subprocess.run([program, ODD[0]], capture_output=True, check=False, timeout=120)
    return (done.stdout + done.stderr).decode("utf-8")


def arguments_given(library: Path) -> list[str]:
    """Return the arguments that Python got, from a launcher beside a package that only says them."""
    done = subprocess.run([library, *ODD], capture_output=True, check=False, timeout=120)
    heard: list[str] = json.loads(done.stdout)
    return heard


def mutex_seen(program: Path) -> list[bool]:
    """Return whether the program's mutex is there: before, while it runs, after."""
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined] # Windows
    kernel.OpenMutexW.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.LPCWSTR)
    kernel.OpenMutexW.restype = wintypes.HANDLE
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

    def there() -> bool:
        handle = kernel.OpenMutexW(MAY_BE_WAITED_FOR, 0, "Local\\fr.enn.desktop")
        return bool(handle and kernel.CloseHandle(handle))

    before = there()
    serve = [str(program), "demo", "--serve", "--json", "--until-input-ends"]
    with subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        during = there()
        child.stdin.close()
        child.wait(60)
    return [before, during, there()]


def modules_that_fail(payload: Path) -> dict[str, str]:
    """Import every module of the program; return those that do not load, and why."""
    sys.path.insert(0, str(payload / "Lib" / "site-packages"))
    import enn_desktop

    failed = {}
    for module in pkgutil.walk_packages(enn_desktop.__path__, "enn_desktop."):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except Exception as error:  # noqa: BLE001 - each is told
                failed[module.name] = f"{type(error).__name__}: {error}"
    return failed


def library_shown() -> str:
    """Return a piece of Python in the colours of the console's library: what is left of Pygments is enough for it."""
    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(color_system="standard", force_terminal=True, width=40)
    with console.capture() as shown:
        console.print(Syntax("x = 1", "python"))
    return shown.get()


def main() -> None:
    """Say all of it."""
    payload, talker = Path(sys.argv[1]), Path(sys.argv[2])
    windowed, console = payload / "enn-desktop.exe", payload / "enn-desktop.com"
    seen = {
        "without streams": without_streams(windowed),
        "heard": arguments_heard(console),
        "given": [arguments_given(talker / name) for name in ("enn-desktop.com", "enn-desktop.exe")],
        "mutex": mutex_seen(windowed),
        "modules that fail": modules_that_fail(payload),
        "syntax": library_shown(),
    }
    sys.stdout.write(f"{json.dumps(seen)}\n")


if __name__ == "__main__":
    main()
