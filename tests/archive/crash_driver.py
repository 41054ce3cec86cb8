"""Writes one dossier without a server, in a process of its own that can be killed at a named point.

``python -m tests.archive.crash_driver FOLDER PROFILE first|second POINT``
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from enn_desktop.archive import points
from enn_desktop.backup.context import RunContext
from enn_desktop.backup.dossier_work import begin
from enn_desktop.backup.plan import Reason, Task
from enn_desktop.backup.rebuild import look_at_presence
from enn_desktop.backup.session import work_in
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.policy import Policy, parse_policy
from enn_desktop.core.progress import SilentProgress
from enn_desktop.core.values import DossierDetail, DossierRow, FileRef
from enn_desktop.pastell.client import PastellClient
from enn_desktop.pastell.download import Received
from enn_desktop.system.paths import profile_paths, resource
from tests.sudden_death import die

SERVER = "https://pastell.example.org"
ID_D = "abc1234"
ENTITY = "Commune de Valbrume"
CREATED = datetime.fromisoformat("2026-03-10 09:00:00")
FIRST = {"acte.pdf": b"first text " * 50, "annexe é.pdf": b"first annex " * 50}
SECOND = {"acte.pdf": b"second text " * 70, "annexe é.pdf": b"second annex " * 70, "aractes.xml": b"<ARActe/>" * 9}


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Always the same instant."""

    instant: datetime

    def now(self) -> datetime:
        """Return that instant."""
        return self.instant

    def monotonic(self) -> float:
        """Return no duration."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Act:
    """What the platform says and holds when one of the two writes takes place."""

    contents: dict[str, bytes]
    state: str
    number: str
    day: int

    def row(self) -> DossierRow:
        """Return the dossier's row in the list."""
        moment = datetime.fromisoformat(f"2026-03-{self.day} 10:00:00")
        return DossierRow(ID_D, "2", "actes-generique", "Budget primitif", self.state, moment, CREATED, moment)

    def detail(self) -> DossierDetail:
        """Return the dossier's detail, read long after its last action."""
        row = self.row()
        return DossierDetail(
            id_d=ID_D,
            type_id=row.type_id,
            title="Budget primitif",
            created=row.created,
            modified=row.modified,
            state=self.state,
            state_date=row.state_date,
            state_message=None,
            fields={"numero_de_lacte": self.number, "date_de_lacte": "2026-03-10"},
            files=tuple(FileRef("document", rank, name) for rank, name in enumerate(self.contents)),
            read_at_server=datetime(2026, 3, self.day + 1, 12, tzinfo=UTC),
        )


ACTS = {"first": Act(FIRST, "send-tdt", "DEL_2026_012", 12), "second": Act(SECOND, "termine", "DEL_2026_012B", 14)}


def usual_policy() -> Policy:
    """Return the policy shipped with the program."""
    return parse_policy(resource("politique-enn.toml").read_text(encoding="utf-8"), "enn-desktop")


def write(root: Path, profile: Path, stage: str) -> None:
    """Bring the dossier home as it is at that stage, by the road that a run takes after its download."""
    act = ACTS[stage]
    clock = FixedClock(datetime(2026, 3, act.day + 1, 12, tzinfo=UTC))
    with work_in(root, profile_paths(profile), clock, CancelToken()) as opened:
        context = RunContext(
            client=cast("PastellClient", None),
            folder=opened.folder,
            catalogue=opened.catalogue,
            policy=usual_policy(),
            clock=clock,
            cancel=CancelToken(),
            progress=SilentProgress(),
            identity=SERVER,
        )
        look_at_presence(opened.folder.root, opened.catalogue, SERVER, CancelToken())
        known = opened.catalogue.dossier(SERVER, ID_D)
        task = Task(act.row(), Reason.CHANGED if known else Reason.NEW, known, None)
        work = begin(context, task, ENTITY)
        work.take_detail(act.detail())
        for key, ref in work.wanted:
            sink, content = work.open_sink(), act.contents[ref.name]
            sink.write(content[:100])
            sink.write(content[100:])
            work.take_file(key, ref, Received(sink, len(content), "", ""))
        work.finish(ENTITY)


def die_at(name: str) -> None:
    """Have this process killed, without warning, when it passes that point."""

    def observer(point: str) -> None:
        if point == name:
            die()

    points.observe(observer)


if __name__ == "__main__":
    die_at(sys.argv[4])
    write(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
