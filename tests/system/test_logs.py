"""The log lies in the profile, and a profile that cannot be written costs the log, not the run."""

from __future__ import annotations

import logging
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

from enn_desktop.system.logs import KEPT_DAYS, open_log
from enn_desktop.system.paths import profile_paths


def test_what_the_program_says_goes_to_a_file_of_the_profile(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path / "profile")
    handler = open_log(paths)
    assert isinstance(handler, TimedRotatingFileHandler)
    logging.getLogger("enn_desktop.backup").info("Récupération\u00a0: %d dossiers", 12)
    logging.getLogger("somebody_else").error("not ours")
    handler.close()
    [file] = paths.logs.iterdir()
    text = file.read_text(encoding="utf-8")
    assert "Récupération\u00a0: 12 dossiers" in text
    assert "not ours" not in text
    assert (handler.when, handler.backupCount, KEPT_DAYS) == ("MIDNIGHT", 30, 30)


def test_without_a_place_to_write_the_program_works_without_a_log(tmp_path: Path) -> None:
    (tmp_path / "profile").write_bytes(b"a file")
    before = list(logging.getLogger("enn_desktop").handlers)
    assert open_log(profile_paths(tmp_path / "profile")) is None
    assert logging.getLogger("enn_desktop").handlers == before
