"""The two builds that ``tests/wine/test_payload.py`` compares stand at two depths, wherever the sources were put."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wine.made import at_another_depth

DEPTHS = range(1, 9)


@pytest.mark.parametrize("deep", DEPTHS)
def test_wherever_the_sources_stand_the_product_of_the_tests_is_made_at_another_depth(deep: int) -> None:
    usual = Path("/", *("d" * deep), "build", "windows")
    for other in DEPTHS:
        asked = Path("/", *("e" * other), "le-produit", "out")
        made = at_another_depth(asked, usual)
        assert len(made.parts) != len(usual.parts)
        assert made.is_relative_to(asked)
