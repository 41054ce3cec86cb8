"""The tests marked ``wine`` run only when asked for, with ``-m wine``."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "wine: calls the Windows wrappers for real under Wine; run with -m wine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("-m") == "wine":
        return
    unasked = [item for item in items if item.get_closest_marker("wine")]
    items[:] = [item for item in items if item not in unasked]
    config.hook.pytest_deselected(items=unasked)
