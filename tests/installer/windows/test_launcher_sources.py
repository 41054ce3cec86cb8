"""What the launchers say of themselves to Windows, and what the sources promise."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from enn_desktop import __version__
from enn_desktop.core.exits import ExitCode
from enn_desktop.system.app_identity import APP_ID
from enn_desktop.system.launching import CONSOLE as CONSOLE_NAME
from enn_desktop.system.launching import WINDOWED as WINDOWED_NAME
from installer.windows.launchers import CONSOLE, WINDOWED, version_header
from installer.windows.workshop import OWN, Workshop

SOURCE = (OWN / "launcher.c").read_text(encoding="utf-8")
MANIFEST = (OWN / "launcher.manifest").read_text(encoding="utf-8")


def said(name: str) -> str:
    """Return what the manifest says under a name, whatever its namespace."""
    (found,) = [one.text for one in ET.fromstring(MANIFEST).iter() if one.tag.endswith(f"}}{name}")]  # noqa: S314 - ours
    return found or ""


def test_the_manifest_asks_for_sharp_screens_long_paths_and_utf_8_and_for_no_rights() -> None:
    assert said("dpiAwareness").split(", ")[0] == "PerMonitorV2"
    assert said("longPathAware") == "true"
    assert said("activeCodePage") == "UTF-8"
    assert 'level="asInvoker"' in MANIFEST
    assert "Microsoft.Windows.Common-Controls" in MANIFEST
    assert "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}" in MANIFEST


def test_the_version_is_the_programs() -> None:
    assert Workshop().version == __version__
    assert version_header("1.2.3", "x.exe") == (
        '#define VERSION_NUMBERS 1,2,3,0\n#define VERSION_TEXT "1.2.3"\n#define FILE_NAME "x.exe"\n'
    )


def test_the_program_knows_its_launchers_by_their_names() -> None:
    assert (WINDOWED, CONSOLE) == (WINDOWED_NAME, CONSOLE_NAME)


def test_the_mutex_that_the_installer_looks_for_has_the_programs_identity() -> None:
    assert f'L"Local\\\\{APP_ID}"' in SOURCE


def test_the_exit_code_of_an_incomplete_installation_is_none_of_the_programs() -> None:
    found = re.search(r"#define EXIT_INCOMPLETE (\d+)", SOURCE)
    assert found
    assert int(found.group(1)) not in {int(code) for code in ExitCode}
