"""The longest files first: two cores then end together."""

from __future__ import annotations

import pytest

LONGEST_FIRST = (
    *("test_product.py", "test_windows_suite.py", "test_setup.py", "test_setup_care.py"),
    *("test_payload.py", "test_session.py"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of this folder in that order, whatever else was collected."""
    items.sort(key=rank)


def rank(item: pytest.Item) -> int:
    """Return the place of a test's file; those that are not named come after, in their own order."""
    name = item.path.name
    return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)
