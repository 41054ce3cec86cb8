"""The two launchers, made from one source: a window's and a console's; two builds give the same bytes."""

from __future__ import annotations

import shutil
from pathlib import Path

from installer.windows.needs import COMPILER, resource_compiler
from installer.windows.workshop import OWN, Workshop

WINDOWED, CONSOLE = "enn-desktop.exe", "enn-desktop.com"
KINDS = {WINDOWED: ("-mwindows", "-DWINDOWED"), CONSOLE: ("-mconsole",)}
_COMPILED = ("-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-fno-builtin", "-fno-ident", "-finput-charset=UTF-8")
_LINKED = ("-nostdlib", "-s", "-Wl,-e,start", "-Wl,--no-insert-timestamp", "-Wl,--nxcompat,--dynamicbase")
_LIBRARIES = ("-lkernel32", "-luser32", "-lshell32")


def make_launchers(workshop: Workshop, into: Path) -> None:
    """Compile both launchers into a folder; raises ``SetupError``."""
    made = workshop.out / "launchers"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    for name in ("launcher.c", "launcher.rc", "launcher.manifest", "enn-desktop.ico"):
        shutil.copyfile(OWN / name, made / name)
    for name, kind in KINDS.items():
        (made / "version.h").write_text(version_header(workshop.version, name), encoding="utf-8")
        # Relative names, so that no path of this machine can come to stand in the file.
        workshop.run(f"ressources de {name}", [resource_compiler(), "launcher.rc", "resources.o"], folder=made)
        command = [COMPILER, *_COMPILED, *kind, *_LINKED, "-o", name, "launcher.c", "resources.o", *_LIBRARIES]
        workshop.run(f"compilation de {name}", command, folder=made)
        shutil.copyfile(made / name, into / name)


def version_header(version: str, name: str) -> str:
    """Return what the resources need to know, for the C preprocessor."""
    numbers = ",".join([*version.split("."), "0"])
    return f'#define VERSION_NUMBERS {numbers}\n#define VERSION_TEXT "{version}"\n#define FILE_NAME "{name}"\n'
