"""Run by a Windows Python: what the program prepares, registers and says of this Windows, as JSON on the last line.

Arguments: the project, its Windows components, a profile.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PROJECT, COMPONENTS, PROFILE = sys.argv[1:]
sys.path[:0] = [PROJECT, COMPONENTS]

from enn_desktop.core.settings import Settings  # noqa: E402
from enn_desktop.core.task_plan import TaskPlan, parse_days, parse_time  # noqa: E402
from enn_desktop.system import computer, computer_place  # noqa: E402
from enn_desktop.system.computer_token import own_sid  # noqa: E402
from enn_desktop.system.paths import profile_paths  # noqa: E402
from enn_desktop.system.presets import own_sources, read_presets  # noqa: E402
from enn_desktop.system.scheduled_task import own_scheduler  # noqa: E402
from enn_desktop.system.settings_store import load_policy, load_settings  # noqa: E402

PATHS = profile_paths(Path(PROFILE))


def presets() -> dict[str, object]:
    """Return what was prepared, and what a new user starts with."""
    found = read_presets(own_sources(PATHS))
    return {
        "address": [found.address.value, found.address.where and found.address.where.name],
        "settings": [found.settings.where and found.settings.where.name, load_settings(PATHS).schedule.every_hours],
        "policy": [found.policy.where and found.policy.where.name, load_policy(PATHS).flow("actes").retention_days],
        "faults": len(found.faults),
        "usual": Settings().schedule.every_hours,
    }


def task() -> dict[str, object]:
    """Register the task twice, as a contractor's script may."""
    scheduler = own_scheduler(None)
    for _ in range(2):
        scheduler.install(TaskPlan(parse_time("7h30"), parse_days("lun-ven")))
    return {"scheduler": scheduler.name}


TOLD = {
    "computer": dict(computer.describe()),
    "setup": computer.setup_version(),
    "place": dict(computer_place.describe(Path(PROFILE).parent)),
    "sid": own_sid(),
    "presets": presets(),
    "task": task(),
}
sys.stdout.write(json.dumps(TOLD) + "\n")
