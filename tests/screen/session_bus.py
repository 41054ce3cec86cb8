"""A session bus of one's own, on which nothing starts by itself."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.screen.processes import demand_tools, finished, first_line

_RULES = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={sockets}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
"""Names no folder of services: a desktop's own would be started by whoever calls them, and stay."""


@contextmanager
def open_bus(folder: Path) -> Iterator[str]:
    """Start a session bus; give its address (``DBUS_SESSION_BUS_ADDRESS``). It is gone afterwards."""
    demand_tools("dbus-daemon")
    rules = folder / "bus.conf"
    # The name of a socket holds a hundred signs: a test's own folder may be longer.
    rules.write_text(_RULES.format(sockets=tempfile.gettempdir()), encoding="utf-8")
    command = ["dbus-daemon", f"--config-file={rules}", "--nofork", "--print-address"]
    with (
        (folder / "bus.log").open("wb") as log,
        finished(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)) as daemon,
    ):
        assert daemon.stdout is not None
        with daemon.stdout as said:
            yield first_line(said.fileno(), "dbus-daemon", folder / "bus.log")
