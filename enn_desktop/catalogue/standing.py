"""How the dossiers stand, counted and listed by SQL: what is here, what is only on the platform, what is gone.

A dossier that the last survey found and that was not brought home since counts as away, even when an older copy of
it is here, and even when it has no row of its own yet. So does one of which something could not be brought home.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from enn_desktop.catalogue.ledger import STILL_AWAITED
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.states import STUCK_AFTER

GOOD = ("COMPLETE", "PARTIAL")
"""Names of the outcomes of a run that went through to its end."""
_BASE = """
substr(CASE WHEN {0}created IS NULL THEN coalesce({0}state_date, '') WHEN {0}state_date IS NULL THEN {0}created
            ELSE min({0}created, {0}state_date) END, 1, 10)
"""
# The join, not a question asked of each row: SQLite then makes an index of what is awaited, once.
_STANDING = f"""
WITH awaited AS MATERIALIZED (SELECT * FROM awaiting WHERE {STILL_AWAITED}),
standing AS (
    SELECT d.server, d.id_d, d.type_id, d.type_label, {_BASE.format("d.")} AS base, d.state_date, d.grp,
           d.gone_at IS NOT NULL AS gone,
           CASE WHEN d.gone_at IS NOT NULL THEN complete
                ELSE (complete OR sealed AND NOT final) AND a.id_d IS NULL
                     AND NOT EXISTS (SELECT 1 FROM failure f WHERE f.server = d.server AND f.id_d = d.id_d)
           END AS here
    FROM dossier d LEFT JOIN awaited a ON a.server = d.server AND a.id_d = d.id_d
    UNION ALL
    SELECT server, id_d, type_id, type_label, {_BASE.format("")}, state_date, grp, 0, 0 FROM awaited
    WHERE NOT EXISTS (SELECT 1 FROM dossier d WHERE d.server = awaited.server AND d.id_d = awaited.id_d)
)
"""  # noqa: S608 - our own constants only


@dataclass(frozen=True, slots=True)
class StandingGroup:
    """How many dossiers of a type on the platform, dated from the same day (``YYYY-MM-DD``, empty if unknown)."""

    type_id: str
    type_label: str
    base: str
    here: bool
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One dossier that is not simply done and here. ``section``: R away, U waits here, E trouble, P in progress."""

    server: str
    id_d: str
    type_id: str
    type_label: str
    base: str
    section: str
    here: bool


def group_standing(catalogue: Catalogue) -> Iterator[StandingGroup]:
    """Count the dossiers that are on the platform, alike ones together."""
    query = f"{_STANDING} SELECT type_id, type_label, base, here FROM standing WHERE NOT gone"  # noqa: S608 - our own
    # SQLite would sort the rows to group them: counting them here takes half the time.
    for (type_id, label, base, here), number in Counter(catalogue.ask(query)).items():
        yield StandingGroup(str(type_id), str(label), str(base), bool(here), number)


def count_gone(catalogue: Catalogue) -> tuple[int, int]:
    """Return how many dossiers left the platform, and of how many of them the copy is not complete."""
    query = "SELECT count(*), coalesce(sum(NOT complete), 0) FROM dossier WHERE gone_at IS NOT NULL"
    gone, incomplete = next(iter(catalogue.ask(query)))
    return int(str(gone)), int(str(incomplete))


def list_standing(catalogue: Catalogue, now_local: datetime) -> Iterator[Standing]:
    """List the dossiers on the platform that concern someone; ``now_local`` is naive, the platform's time."""
    stuck_before = (now_local - STUCK_AFTER).isoformat(" ")
    query = f"""{_STANDING}
        SELECT server, id_d, type_id, type_label, base, here,
               CASE WHEN NOT here THEN 'R' WHEN grp = 'U' THEN 'U'
                    WHEN grp = 'E' OR grp = 'X' AND state_date < ? THEN 'E' ELSE 'P' END
        FROM standing WHERE NOT gone AND (NOT here OR grp <> 'D')
    """  # noqa: S608 - our own constant
    for server, id_d, type_id, label, base, here, section in catalogue.ask(query, (stuck_before,)):
        yield Standing(str(server), str(id_d), str(type_id), str(label), str(base), str(section), bool(here))


def list_away(catalogue: Catalogue) -> Iterator[Standing]:
    """List the dossiers that are on the platform and not, or not as they are now, on this computer."""
    query = (
        f"{_STANDING} SELECT server, id_d, type_id, type_label, base "  # noqa: S608 - our own constant
        "FROM standing WHERE NOT gone AND NOT here"
    )
    for server, id_d, type_id, label, base in catalogue.ask(query):
        yield Standing(str(server), str(id_d), str(type_id), str(label), str(base), "R", here=False)


def read_runs_ends(catalogue: Catalogue) -> tuple[datetime | None, datetime | None, str]:
    """Return the end of the last run, the end of the last that went through, and the last one's outcome."""
    last = catalogue.last_run()
    marks = ", ".join("?" * len(GOOD))
    query = f"SELECT max(ended_at) FROM run WHERE outcome IN ({marks})"  # noqa: S608 - marks only
    (good,) = next(iter(catalogue.ask(query, GOOD)))
    if last is None:
        return None, None, ""
    return last.ended_at, datetime.fromisoformat(str(good)) if good else None, last.outcome
