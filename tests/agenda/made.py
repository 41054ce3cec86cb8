"""Catalogues made through the catalogue's own verbs, for the tests of what is worked out from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.backup.report import Outcome
from enn_desktop.catalogue.records import KnownDossier, RunRow
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.policy import Policy, parse_policy
from enn_desktop.system.paths import resource

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
LOCAL = datetime(2026, 3, 12, 10, 0)  # noqa: DTZ001 - the platform's own time
SERVER = "https://pastell.exemple.fr"


def policy() -> Policy:
    """Return the rules that come with the program."""
    return parse_policy(resource("politique-enn.toml").read_text(encoding="utf-8"), "la charte ENN")


def dossier(id_d: str, *, age: int = 10, type_id: str = "ls-document-pdf", **facts: Any) -> KnownDossier:
    """Return a dossier done, sealed and complete, whose last action was ``age`` days ago."""
    day = LOCAL - timedelta(days=age)
    made = KnownDossier(
        SERVER, id_d, "2", entity="Commune de Valbrume", type_id=type_id, type_label="", title=f"Objet {id_d}",
        state="termine", state_date=day, created=day, word="Terminé", group="D", final=True,
        folder=f"Valbrume/{id_d}", names_stable=True, sealed=True, complete=True, files=1, size=1000,
    )  # fmt: skip
    return replace(made, **facts)


AWAY: dict[str, Any] = {"sealed": False, "complete": False}
RUNNING: dict[str, Any] = {"final": False, "complete": False, "group": "P", "word": "En attente de signature"}


def place(
    tmp_path: Path, dossiers: Iterable[KnownDossier], *, runs: Iterable[RunRow] = (), name: str = "a"
) -> CataloguePlace:
    """Make a folder of documents and the catalogue that describes it."""
    root = tmp_path / f"documents-{name}"
    root.mkdir(exist_ok=True)
    path = tmp_path / "profil" / f"catalogue-{name}.sqlite"
    with Catalogue(path) as catalogue:
        with catalogue.together():
            for one in dossiers:
                catalogue.put_dossier(one)
            for run in runs:
                catalogue.put_run(run)
        catalogue.note_root(root)
        catalogue.note_rebuild(unfinished=False)
    return CataloguePlace(root, path)


def run(outcome: Outcome = Outcome.COMPLETE, *, days_ago: float = 0) -> RunRow:
    """Return a run that ended so many days before :data:`NOW`."""
    ended = NOW - timedelta(days=days_ago)
    return RunRow(ended - timedelta(minutes=5), ended, outcome.name, 1, 1, 1000, 0, 10)
