"""The same platform under a new address is recognised, and another platform is not taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enn_desktop.backup.identity import platform_identity
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.values import DossierRow

OLD, NEW, THIRD = "https://pastell.old.example.org", "https://pastell.new.example.org", "https://other.example.org"
CREATED = datetime.fromisoformat("2026-03-10 08:00:00")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Open a catalogue that knows five dossiers of the old address."""
    with Catalogue(tmp_path / "catalogue.sqlite") as opened:
        for rank in range(5):
            opened.put_dossier(known(f"id{rank}"))
        yield opened


def known(id_d: str, server: str = OLD) -> KnownDossier:
    """Return a dossier that is here."""
    return KnownDossier(server, id_d, "2", type_id="actes-generique", created=CREATED)


def rows(*ids: str, type_id: str = "actes-generique", created: datetime | None = CREATED) -> dict[str, DossierRow]:
    """Return what a platform lists."""
    return {id_d: DossierRow(id_d, "2", type_id, "x", "termine", CREATED, created, None) for id_d in ids}


def test_a_platform_never_seen_is_itself(catalogue: Catalogue) -> None:
    assert platform_identity(catalogue, NEW, rows("zzz1", "zzz2")) == NEW
    assert platform_identity(catalogue, NEW, {}) == NEW
    assert catalogue.alias(NEW) == ""


ALL = tuple(f"id{rank}" for rank in range(5))


def test_the_same_platform_under_a_new_address_is_recognised_and_remembered(catalogue: Catalogue) -> None:
    assert platform_identity(catalogue, NEW, rows(*ALL, "never seen")) == OLD
    assert catalogue.alias(NEW) == OLD
    assert platform_identity(catalogue, NEW, {}) == OLD


def test_a_test_platform_copied_from_the_real_one_is_not_taken_for_it(catalogue: Catalogue) -> None:
    assert platform_identity(catalogue, NEW, rows(*ALL[:4], "only there")) == NEW
    assert catalogue.alias(NEW) == ""


def test_dossiers_already_gone_do_not_hide_the_platform(catalogue: Catalogue) -> None:
    catalogue.mark_gone(OLD, ["id0"], datetime(2026, 5, 1, tzinfo=UTC))
    assert platform_identity(catalogue, NEW, rows(*ALL[1:])) == OLD


@pytest.mark.parametrize(
    "listed",
    [
        rows("id0", "id1", "id2", "id3", type_id="helios-generique"),
        rows("ID0", "ID1", "ID2", "ID3"),
        rows("id0", "id1", "id2", "id3", "id4", created=CREATED + timedelta(seconds=1)),
        rows("id0", "id1", "id2", "id3", "id4", created=None),
    ],
)
def test_another_platform_is_not_taken_for_the_known_one(catalogue: Catalogue, listed: dict[str, DossierRow]) -> None:
    assert platform_identity(catalogue, NEW, listed) == NEW
    assert catalogue.alias(NEW) == ""


def test_two_dossiers_without_a_date_prove_nothing(catalogue: Catalogue) -> None:
    catalogue.put_dossier(replace(known("undated"), created=None))
    assert platform_identity(catalogue, NEW, rows("undated", created=None)) == NEW


def test_an_address_under_which_dossiers_are_known_stays_itself(catalogue: Catalogue) -> None:
    catalogue.put_dossier(known("elsewhere", NEW))
    assert platform_identity(catalogue, NEW, rows("id0", "id1", "id2", "id3")) == NEW
    assert platform_identity(catalogue, OLD, rows("id0")) == OLD


def test_of_two_known_platforms_the_one_with_more_dossiers_in_common_is_the_one(catalogue: Catalogue) -> None:
    catalogue.put_dossier(known("id0", THIRD))
    assert platform_identity(catalogue, NEW, rows(*ALL)) == OLD
