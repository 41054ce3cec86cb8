"""``list``: what is known of every dossier, offline, from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from enn_desktop.agenda import places
from enn_desktop.agenda.key_words import badge_of
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.cli.desk import Desk
from enn_desktop.cli.key_command import check_now
from enn_desktop.cli.output import Json, Speaker
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.deadlines import Deadline, deadline
from enn_desktop.core.french import count, days_left, long_date, short_date
from enn_desktop.core.plain_text import plain
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.policy import Policy
from enn_desktop.core.states import NEEDS_KEY
from enn_desktop.core.values import Group
from enn_desktop.signing_key.values import Verdict

_PENDING = {Group.WAITS_HERE.value, Group.IN_PROGRESS.value, Group.TRANSIENT.value, Group.ERROR.value}
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier as it is listed; ``limit`` is ``None`` when no date is known or it left the platform."""

    dossier: KnownDossier
    family: str
    limit: Deadline | None
    stuck: bool

    @property
    def needs_key(self) -> bool:
        """Whether someone has to plug the signing key in for it to go on."""
        return self.dossier.gone_at is None and self.dossier.state in NEEDS_KEY


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked to see; empty parts ask nothing. ``expiring`` is in days."""

    pending: bool = False
    expiring: int | None = None
    type_id: str = ""
    search: str = ""


def list_dossiers(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    pending: Annotated[
        bool, typer.Option("--pending", help="Seulement ce qui n’est pas terminé ou pas complet.")
    ] = False,
    expiring: Annotated[
        int | None,
        typer.Option("--expiring", help="Seulement ce qui peut disparaître d’ici N jours.", metavar="N"),
    ] = None,
    type_id: Annotated[str, typer.Option("--type", help="Seulement ce flux ou ce type.", metavar="TYPE")] = "",
    search: Annotated[str, typer.Option("--search", help="Mots de l’objet, numéro, nom de fichier.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="Le dossier des documents.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Pour un script.")] = False,
) -> None:
    """Liste les dossiers connus, sans rien demander à la plateforme : ce qui presse d’abord."""
    desk = Desk.of(context).speaking(as_json=as_json)
    workshop = desk.workshop()
    now = to_platform(SystemClock().now())
    wanted = Wanted(pending, expiring, type_id, search)
    listed: dict[Path, list[Line]] = {}
    for root in roots(desk, to):
        with workshop.look(root) as opened:
            listed[root] = select(opened.catalogue, workshop.policy, wanted, now)
    # The key is looked at only where a dossier waits for it: a list takes no time otherwise.
    needed = any(line.needs_key for lines in listed.values() for line in lines)
    key = check_now(desk).verdict if needed else None
    found: list[Json] = []
    for root, lines in listed.items():
        _show(lines, desk.speaker, now.date(), key)
        found.append({"folder": str(root), "dossiers": [_json(line, now.date(), key) for line in lines]})
    desk.speaker.folder_data(found)


def roots(desk: Desk, to: Path | None) -> list[Path]:
    """Return the documents folders concerned: the one given, or those of the stored accounts."""
    return [to] if to is not None else list(places.roots(desk.settings))


def select(catalogue: Catalogue, policy: Policy, wanted: Wanted, now: datetime) -> list[Line]:
    """Return the dossiers wanted, what may vanish first coming first."""
    files = _files_named(catalogue, wanted.search)
    found = []
    for dossier in catalogue.dossiers():
        line = _line(dossier, policy, now)
        if _matches(line, wanted, now.date(), dossier.folder in files):
            found.append(line)
    return sorted(found, key=lambda line: (line.limit.removable_from if line.limit else date.max, line.dossier.title))


def _line(dossier: KnownDossier, policy: Policy, now: datetime) -> Line:
    flow = policy.flow_for(dossier.type_id, dossier.type_label)
    limit = None if dossier.gone_at else deadline(dossier.created, dossier.state_date, flow, policy)
    return Line(dossier, flow.label, limit, dossier.is_stuck(now))


def _matches(line: Line, wanted: Wanted, today: date, file_found: bool) -> bool:  # noqa: FBT001 - private, one caller
    dossier = line.dossier
    if wanted.pending and dossier.gone_at is None and not (dossier.group in _PENDING or not dossier.complete):
        return False
    if wanted.pending and dossier.gone_at is not None:
        return False
    if wanted.expiring is not None and (line.limit is None or line.limit.days_left(today) > wanted.expiring):
        return False
    kinds = (dossier.type_id, dossier.family, line.family)
    if wanted.type_id and plain(wanted.type_id) not in {plain(kind) for kind in kinds}:
        return False
    text = plain(f"{dossier.title} {dossier.number} {dossier.entity}")
    return file_found or all(word in text for word in plain(wanted.search).split())


def _files_named(catalogue: Catalogue, search: str) -> set[str]:
    words = plain(search).split()
    if not words:
        return set()
    return {
        folder
        for folder, files in catalogue.present_files().items()
        if any(all(word in plain(path) for word in words) for path in files)
    }


def _show(lines: list[Line], speaker: Speaker, today: date, key: Verdict | None) -> None:
    for line in lines:
        dossier = line.dossier
        title = (dossier.title or "sans objet").replace("\n", " ")
        number = f"{dossier.number} " if dossier.number else ""
        word = "bloqué" if line.stuck else dossier.word
        if key is not None and line.needs_key:
            word = f"{word} ({badge_of(key).beside})"
        speaker.say(f"{_limit_words(line, today)}  {line.family} · {number}{title[:_TITLE]}")
        speaker.say(f"            {dossier.entity} · {word} · copie : {dossier.copy_words}")
    speaker.say(f"{count(len(lines), 'dossier')}.")
    if lines:
        speaker.say("Dates : « peut être supprimé de la plateforme à partir du… » (estimation).")


def _limit_words(line: Line, today: date) -> str:
    if line.limit is None:
        return "—         "
    return f"{short_date(line.limit.removable_from)} ({days_left(line.limit.days_left(today))})"


def _json(line: Line, today: date, key: Verdict | None) -> Json:
    dossier, limit = line.dossier, line.limit
    return {
        "id": dossier.id_d,
        "server": dossier.server,
        "entity": dossier.entity,
        "id_e": dossier.id_e,
        "type": dossier.type_id,
        "family": dossier.family,
        "number": dossier.number,
        "title": dossier.title,
        "state": dossier.state,
        "state_date": dossier.state_date.isoformat() if dossier.state_date else None,
        "situation": "bloqué" if line.stuck else dossier.word,
        "group": dossier.group,
        "refused": dossier.refused,
        "copy": dossier.copy_words,
        "complete": dossier.complete,
        "gone": dossier.gone_at is not None,
        "removable_from": limit.removable_from.isoformat() if limit else None,
        "removable_from_words": long_date(limit.removable_from) if limit else None,
        "days_left": limit.days_left(today) if limit else None,
        "retention_given": limit.given if limit else None,
        "folder": dossier.folder,
        "files": dossier.files,
        "bytes": dossier.size,
        "needs_key": line.needs_key,
        "key": key.state.value if key is not None and line.needs_key else None,
    }
