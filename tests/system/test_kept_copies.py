"""The last good copy of a far file: kept by several at once, never in anybody's way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from enn_desktop.core.errors import StorageItemError
from enn_desktop.system import disk
from enn_desktop.system.kept_copies import KeptCopies

WRITERS = 8


def texts(folder: Path) -> set[str]:
    return {file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_several_programs_that_keep_the_same_file_at_once_leave_one_whole_copy(tmp_path: Path) -> None:
    far = tmp_path / "partage" / "politique.toml"
    whole = {f"{number}" * 50_000 for number in range(WRITERS)}
    with ThreadPoolExecutor(WRITERS) as pool:
        for _ in range(5):
            list(pool.map(lambda text: KeptCopies(tmp_path / "copies", 1.0).keep(far, text), whole))
    assert len(found := texts(tmp_path / "copies")) == 1
    assert found <= whole


def test_a_copy_that_is_in_use_is_not_renewed_and_nobody_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = KeptCopies(tmp_path / "copies", 1.0)
    copies.keep(tmp_path / "politique.toml", "ancien")

    def in_use(_source: Path, _target: Path) -> None:
        raise StorageItemError

    monkeypatch.setattr(disk, "rename", in_use)
    copies.keep(tmp_path / "politique.toml", "nouveau")
    assert texts(tmp_path / "copies") == {"ancien"}
