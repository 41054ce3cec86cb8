"""The window measured beside a bare PySide6 window, in the same run on the same machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from enn_desktop.core.settings import AccountSettings, ScheduleSettings, Settings
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings
from tests.bench.made_profile import make_profile
from tests.bench.platform_process import platform
from tests.bench.window_probe import START

SETTLE_MS = "1500"
IDLE_S = 30.0
ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "PYTHONDONTWRITEBYTECODE": "",
}


def probe(*arguments: str) -> dict[str, float]:
    """Run one measured window to its end."""
    command = [sys.executable, "-m", "tests.bench.window_probe", *arguments]
    env = {**os.environ, **ENVIRONMENT, START: str(time.monotonic())}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def paint_and_memory(repeats: int) -> tuple[list[float], list[float]]:
    """Return the ratios of first useful paint and of resident memory, ours over the bare window's."""
    with tempfile.TemporaryDirectory(prefix="enn-bench-") as name:
        profile = make_profile(Path(name), 20_000)
        probe("bare", "", SETTLE_MS)
        probe("paint", str(profile), SETTLE_MS)
        paints, sizes = [], []
        for _ in range(repeats):
            bare, ours = probe("bare", "", SETTLE_MS), probe("paint", str(profile), SETTLE_MS)
            paints.append(ours["paint_s"] / bare["paint_s"])
            sizes.append(ours["rss"] / bare["rss"])
    return paints, sizes


def lag() -> dict[str, float]:
    """Return how late the event loop is while a thousand dossiers come home."""
    with platform(400, 4, 80_000) as there, tempfile.TemporaryDirectory(prefix="enn-bench-") as name:
        place = Path(name)
        account = AccountSettings(name="Valbrume", address=there.url, user=there.login)
        settings = Settings(
            folder=str(place / "documents"), accounts=(account,), schedule=ScheduleSettings(automatic=False)
        )
        save_settings(profile_paths(place / "profil"), settings)
        os.environ["ENN_BENCH_SECRET"] = there.password
        return probe("lag", str(place / "profil"))


def idle_share() -> float:
    """Return the share of one core that the program takes in the tray, doing nothing."""
    with tempfile.TemporaryDirectory(prefix="enn-bench-") as name:
        profile = make_profile(Path(name), 2_000)
        command = [sys.executable, "-m", "enn_desktop", "--profile", str(profile), "--tray"]
        with subprocess.Popen(command, env={**os.environ, **ENVIRONMENT}, stderr=subprocess.DEVNULL) as process:
            time.sleep(8)
            before = _processor_s(process.pid)
            time.sleep(IDLE_S)
            share = (_processor_s(process.pid) - before) / IDLE_S
            process.kill()
    return share


def _processor_s(pid: int) -> float:
    """Return the seconds of processor that a process has taken, in its own code and in the system's."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
