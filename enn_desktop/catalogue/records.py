"""What the catalogue remembers, as values. Platform dates are naive, ours are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from enn_desktop.core import words
from enn_desktop.core.states import STUCK_AFTER
from enn_desktop.core.values import FileRef, Group

UP_TO_DATE = "à jour, en cours"


@dataclass(frozen=True, slots=True)
class KnownDossier:
    """One dossier as the catalogue knows it; ``folder`` is its path from the root, with ``/``."""

    server: str
    id_d: str
    id_e: str
    entity: str = ""
    type_id: str = ""
    type_label: str = ""
    family: str = ""
    title: str = ""
    row_title: str = ""
    number: str = ""
    state: str = ""
    state_date: datetime | None = None
    created: datetime | None = None
    word: str = ""
    group: str = "P"
    refused: bool = False
    final: bool = False
    folder: str = ""
    names_stable: bool = False
    sealed: bool = False
    complete: bool = False
    """Proof, not hope: final, every announced file here and re-read, the list of files confirmed."""
    fetched_at: datetime | None = None
    """When the file fetched longest ago was fetched."""
    tried_at: datetime | None = None
    """When every file still wanted was last asked for."""
    first_seen: datetime | None = None
    gone_at: datetime | None = None
    files: int = 0
    size: int = 0

    @property
    def copy_words(self) -> str:
        """Say in French what the copy on this computer is worth; « complet » only after proof."""
        if self.gone_at is not None:
            return f"absent de la plateforme, copie {'complète' if self.complete else 'incomplète'}"
        if not self.folder:
            return "pas encore sur ce poste"
        if self.complete:
            return "complet"
        if not self.sealed:
            return "à compléter"
        if not self.final:
            return UP_TO_DATE
        return "incomplet" if self.names_stable else "à confirmer"

    def copy_words_when(self, *, here: bool) -> str:
        """Say the same, knowing whether everything that exists is here: a file may fail while work goes on."""
        return "incomplet" if self.copy_words == UP_TO_DATE and not here else self.copy_words

    def is_stuck(self, now_local: datetime) -> bool:
        """Whether its passing state does not pass; ``now_local`` is naive, the platform's time."""
        passing = self.gone_at is None and self.group == Group.TRANSIENT.value
        return passing and self.state_date is not None and now_local - self.state_date > STUCK_AFTER

    def word_at(self, now_local: datetime) -> str:
        """Return the word for its state, that it is stuck if it is so now."""
        return words.STUCK if self.is_stuck(now_local) else self.word

    def as_listed(self, listed: KnownDossier | None) -> KnownDossier:
        """Return the dossier in the state that the platform's list told since: its copy is then to be completed.

        What left the platform since stays as it is; ``None``: nothing newer was told.
        """
        if listed is None or self.gone_at is not None:
            return self
        doubtful = replace(self, sealed=False, complete=False)
        if (listed.state, listed.state_date) == (self.state, self.state_date):
            # The dossier's own detail said more of this state than the list does.
            return doubtful
        return replace(
            doubtful,
            state=listed.state,
            state_date=listed.state_date,
            word=listed.word,
            group=listed.group,
            refused=False,
        )


@dataclass(frozen=True, slots=True)
class FileKey:
    """A file of a dossier, stable when indices shift: field, original name, rank among its namesakes."""

    field: str
    original: str
    nth: int = 0


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One file that is here. ``path`` is its path from the dossier's folder."""

    key: FileKey
    num: int
    path: str
    sha256: str
    size: int
    fetched_at: datetime | None
    checked_at: datetime | None
    listed: bool = True
    doubt: str = ""
    state_key: str = ""
    """The dossier's state when this file was fetched: a file fetched in another state is fetched again."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong and is not solved yet; ``message`` and ``advice`` are French sentences."""

    server: str
    id_d: str
    code: str
    message: str
    advice: str
    detail: str
    first_at: datetime
    last_at: datetime
    count: int = 1
    field: str = ""
    original: str = ""
    title: str = ""
    """The dossier's object, for showing; never for a log."""
    id_e: str = ""
    """The entity whose list held the dossier, for a dossier that never came."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One past run."""

    started_at: datetime
    ended_at: datetime
    outcome: str
    dossiers: int
    files: int
    size: int
    failures: int
    requests: int


def keys_of(refs: tuple[FileRef, ...]) -> list[tuple[FileKey, FileRef]]:
    """Give each announced file its stable key, namesakes of one field numbered in the order announced."""
    seen: dict[tuple[str, str], int] = {}
    keyed = []
    for ref in refs:
        nth = seen.get((ref.field, ref.name), 0)
        seen[ref.field, ref.name] = nth + 1
        keyed.append((FileKey(ref.field, ref.name, nth), ref))
    return keyed
