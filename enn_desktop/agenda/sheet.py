"""Everything known of one dossier, and the lists of the page « Sauvegarde »: read from the catalogues, offline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.agenda.values import DossierRef
from enn_desktop.catalogue.records import Failure, KnownDossier, KnownFile, RunRow
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core import words
from enn_desktop.core.deadlines import deadline
from enn_desktop.core.errors import DossierGone
from enn_desktop.core.french import long_date
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.policy import Policy, describe_retention
from enn_desktop.core.states import NEEDS_KEY
from enn_desktop.core.values import JournalRow

PASSED_INTO = "Le document est passé dans l’état"


@dataclass(frozen=True, slots=True)
class SheetEvent:
    """One step of a dossier's life on the platform; ``when`` is naive, the platform's time."""

    when: datetime | None
    word: str
    said: str
    person: str


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One file that is here; ``checked_at`` (aware) is when it was last read again and found the same."""

    name: str
    path: Path
    size: int
    checked_at: datetime | None
    listed: bool
    doubt: str


@dataclass(frozen=True, slots=True)
class DossierSheet:
    """What the detail of a dossier shows; ``web_address`` is empty where the platform has no address."""

    ref: DossierRef
    entity: str
    family: str
    number: str
    title: str
    word: str
    copy: str
    complete: bool
    gone_at: datetime | None
    state_date: datetime | None
    verified_on: date | None
    """The day on which every file was last read again; ``None`` if the copy is not complete."""
    limit_sentence: str
    folder: Path | None
    web_address: str
    events: tuple[SheetEvent, ...]
    files: tuple[SheetFile, ...]
    versions: tuple[SheetFile, ...]
    failures: tuple[Failure, ...]
    needs_key: bool = False
    """Whether someone has to plug the signing key in for it to go on."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """One past run in one folder."""

    root: Path
    run: RunRow


@dataclass(frozen=True, slots=True)
class OpenFailure:
    """One thing that could not be brought home; ``gone``: it left the platform, no other try can help."""

    ref: DossierRef
    title: str
    entity: str
    file: str
    code: str
    message: str
    advice: str
    detail: str
    since: datetime
    times: int
    gone: bool


def read_sheet(place: CataloguePlace, ref: DossierRef, policy: Policy, now: datetime) -> DossierSheet | None:
    """Return everything known of one dossier, ``None`` if nothing is. ``now`` is aware. Raises ``CatalogueError``."""
    with Catalogue.for_reading(place.catalogue) as catalogue:
        known, listed = catalogue.dossier(ref.server, ref.id_d), catalogue.awaited(ref.server, ref.id_d)
        dossier = known.as_listed(listed) if known else listed
        if dossier is None:
            return None
        local = to_platform(now)
        failures = tuple(one for one in catalogue.failures(ref.server) if one.id_d == ref.id_d)
        files = sorted(catalogue.files(ref.server, ref.id_d).values(), key=lambda file: file.path)
        folder = place.root.joinpath(*dossier.folder.split("/")) if dossier.folder else None
        return DossierSheet(
            ref=ref,
            entity=dossier.entity,
            family=policy.flow_for(dossier.type_id, dossier.type_label).label,
            number=dossier.number,
            title=dossier.title,
            word=dossier.word_at(local),
            copy=dossier.copy_words_when(here=not failures),
            complete=dossier.complete,
            gone_at=dossier.gone_at,
            state_date=dossier.state_date,
            verified_on=_verified_on(dossier, files),
            limit_sentence=_limit(dossier, policy, local.date()),
            folder=folder,
            web_address=_web_address(dossier),
            events=_events(catalogue, dossier, local),
            files=tuple(_shown(file, folder) for file in files if file.path and folder),
            versions=_versions(catalogue, ref, folder),
            failures=failures,
            needs_key=dossier.gone_at is None and dossier.state in NEEDS_KEY,
        )


def _shown(file: KnownFile, folder: Path | None) -> SheetFile:
    path = (folder or Path()).joinpath(*file.path.split("/"))
    return SheetFile(path.name, path, file.size, file.checked_at, file.listed, file.doubt)


def _versions(catalogue: Catalogue, ref: DossierRef, folder: Path | None) -> tuple[SheetFile, ...]:
    if folder is None:
        return ()
    kept = catalogue.versions(ref.server, ref.id_d)
    paths = ((folder.joinpath(*path.split("/")), size) for path, size in kept)
    return tuple(SheetFile(path.name, path, size, None, listed=False, doubt="") for path, size in paths)


def _verified_on(dossier: KnownDossier, files: list[KnownFile]) -> date | None:
    moments = [file.checked_at for file in files if file.path]
    if not dossier.complete or not moments or None in moments:
        return None
    return min(moment for moment in moments if moment is not None).astimezone().date()


def _limit(dossier: KnownDossier, policy: Policy, today: date) -> str:
    if dossier.gone_at is not None:
        return f"N’est plus sur la plateforme depuis le {long_date(dossier.gone_at.astimezone().date())} au plus tard."
    flow = policy.flow_for(dossier.type_id, dossier.type_label)
    due = deadline(dossier.created, dossier.state_date, flow, policy)
    if due is None:
        return "La plateforme ne donne aucune date pour ce dossier."
    if due.days_left(today) > 0:
        start = f"Peut être supprimé de la plateforme à partir du {long_date(due.removable_from)} (estimation)."
    else:
        start = f"Peut être supprimé de la plateforme depuis le {long_date(due.removable_from)} (estimation)."
    origin = describe_retention(policy, flow.family)
    return f"{start} {origin}, comptée depuis le {long_date(due.earliest_base)}."


def _web_address(dossier: KnownDossier) -> str:
    """Return the page of a dossier on the platform: ``Document/detail``, the same in every Pastell line."""
    if urlsplit(dossier.server).scheme not in {"http", "https"}:
        return ""
    ids = f"id_d={quote(dossier.id_d, safe='')}&id_e={quote(dossier.id_e, safe='')}"
    return f"{dossier.server.rstrip('/')}/Document/detail?{ids}"


def _events(catalogue: Catalogue, dossier: KnownDossier, local: datetime) -> tuple[SheetEvent, ...]:
    """Return what the platform's journal says of a dossier, oldest first; its present state closes the list."""
    steps = [event for event in catalogue.events(dossier.server, dossier.id_d) if event.action]
    told = [_event(event, dossier) for event in steps]
    present = SheetEvent(dossier.state_date, dossier.word_at(local), "", "")
    if steps and steps[-1].action == dossier.state:
        # The same step twice; the dossier's own word for it says more (the date of a receipt, « bloqué »).
        return (*told[:-1], replace(told[-1], word=present.word))
    return (*told, present)


def _event(event: JournalRow, dossier: KnownDossier) -> SheetEvent:
    message = " ".join(event.message.split())
    word = words.state_word(state=event.action, type_id=dossier.type_id, family=dossier.family, fields={}, label="")
    if word == event.action and message:
        # A step without a word of ours: what the platform says of it is better than its id.
        shown = message.replace("'", "’").removeprefix(PASSED_INTO).lstrip(" :\u00a0")
        return SheetEvent(event.date, shown, "", event.person)
    return SheetEvent(event.date, word, message, event.person)


def read_runs(places: Iterable[CataloguePlace], limit: int = 50) -> tuple[PastRun, ...]:
    """Return the last runs of every folder, newest first."""
    found: list[PastRun] = []
    for place in places:
        with Catalogue.for_reading(place.catalogue) as catalogue:
            found += [PastRun(place.root, run) for run in catalogue.runs(limit)]
    return tuple(sorted(found, key=lambda past: past.run.started_at, reverse=True)[:limit])


def read_open_failures(places: Iterable[CataloguePlace]) -> tuple[OpenFailure, ...]:
    """Return what is still open, oldest first; what left the platform comes last."""
    found: list[OpenFailure] = []
    for place in places:
        with Catalogue.for_reading(place.catalogue) as catalogue:
            found += [_open(catalogue, place, failure) for failure in catalogue.failures()]
    return tuple(sorted(found, key=lambda one: (one.gone, one.since)))


def _open(catalogue: Catalogue, place: CataloguePlace, failure: Failure) -> OpenFailure:
    dossier = catalogue.dossier(failure.server, failure.id_d)
    gone = failure.code == DossierGone.code or (dossier is not None and dossier.gone_at is not None)
    return OpenFailure(
        ref=DossierRef(place.root, failure.server, failure.id_d),
        title=failure.title or (f"Dossier {failure.id_d}" if dossier else "Liste des dossiers d’une collectivité"),
        entity=dossier.entity if dossier else "",
        file=failure.original,
        code=failure.code,
        message=failure.message,
        advice=failure.advice,
        detail=failure.detail,
        since=failure.first_at,
        times=failure.count,
        gone=gone,
    )
