"""A profile that knows many dossiers, made through the catalogue's own verbs: nothing is on the documents' disk."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from enn_desktop.catalogue.records import FileKey, KnownDossier, KnownFile, RunRow
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.settings import AccountSettings, ScheduleSettings, Settings
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings

TYPES = (("ls-actes", "Actes"), ("ls-helios", "Flux"), ("ls-document-pdf", "Document"), ("ls-commande", "Commande"))
OBJECTS = ("Délibération relative au budget", "Arrêté de voirie", "Bordereau de mandats", "Convention avec le syndicat")
SERVER = "https://pastell.exemple.fr"


def make_profile(place: Path, dossiers: int) -> Path:
    """Return the folder of a profile in which that many dossiers are known, two in a thousand not yet home."""
    profile, root = place / "profil", place / "documents"
    root.mkdir(parents=True)
    account = AccountSettings(name="Valbrume", address=SERVER, user="secretaire")
    never = ScheduleSettings(automatic=False)
    save_settings(profile_paths(profile), Settings(folder=str(root), accounts=(account,), schedule=never))
    chance = random.Random(2026)  # noqa: S311 - the same dossiers each time
    now = datetime.now(UTC).replace(microsecond=0)
    with Catalogue(profile / "catalogue-banc.sqlite") as catalogue:
        with catalogue.together():
            for rank in range(dossiers):
                one = _dossier(rank, now.replace(tzinfo=None), chance)
                catalogue.put_dossier(one)
                name = f"piece_{rank}.pdf"
                kept = KnownFile(FileKey("document", name), 0, name, "0" * 64, 80_000, now, now)
                catalogue.put_file(SERVER, one.id_d, kept)
        catalogue.note_root(root)
        catalogue.note_rebuild(unfinished=False)
        catalogue.put_run(RunRow(now - timedelta(hours=1), now, "COMPLETE", 5, 10, 1000, 0, 50))
    return profile


def _dossier(rank: int, now: datetime, chance: random.Random) -> KnownDossier:
    type_id, label = chance.choice(TYPES)
    day = now - timedelta(days=chance.randrange(690))
    group = chance.choice("DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDPU")
    away = chance.random() < 0.002
    return KnownDossier(
        SERVER, f"d{rank:07}", "2", "Commune de Valbrume", type_id, label, "",
        f"{chance.choice(OBJECTS)} n° {rank}", "", f"DEL_{day.year}_{rank:05}", "termine", day, day,
        "Terminé" if group == "D" else "Brouillon", group, refused=False, final=group == "D",
        folder=f"Valbrume/{rank}", names_stable=True, sealed=not away, complete=group == "D" and not away,
        gone_at=datetime.now(UTC) if chance.random() < 0.3 else None, files=1, size=80_000,
    )  # fmt: skip
