"""The sheet of one dossier says what is proven, until when, and what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from enn_desktop.agenda.sheet import DossierSheet, read_open_failures, read_runs, read_sheet
from enn_desktop.agenda.values import DossierRef
from enn_desktop.catalogue.records import FileKey, KnownDossier, KnownFile
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import DossierGone, FileAbsent
from enn_desktop.core.values import JournalRow
from tests.agenda.made import AWAY, LOCAL, NOW, SERVER, dossier, place, policy, run


def kept(name: str, checked: datetime | None = NOW) -> KnownFile:
    return KnownFile(FileKey("document", name), 0, name, "0" * 64, 10, NOW, checked)


def sheet(tmp_path: Path, one: KnownDossier, *files: KnownFile) -> DossierSheet:
    known = place(tmp_path, [one])
    with Catalogue(known.catalogue) as catalogue:
        for file in files:
            catalogue.put_file(SERVER, one.id_d, file)
    found = read_sheet(known, DossierRef(known.root, SERVER, one.id_d), policy(), NOW)
    assert found is not None
    return found


def test_verified_is_said_only_of_a_complete_copy_whose_every_file_was_read_again(tmp_path: Path) -> None:
    assert sheet(tmp_path, dossier("a"), kept("1.pdf"), kept("2.pdf")).verified_on == date(2026, 3, 12)
    assert sheet(tmp_path, dossier("b"), kept("1.pdf"), kept("2.pdf", None)).verified_on is None
    assert sheet(tmp_path, dossier("c", complete=False), kept("1.pdf")).verified_on is None


def test_the_deadline_is_an_estimate_with_its_origin_and_its_start(tmp_path: Path) -> None:
    said = sheet(tmp_path, dossier("a", age=10)).limit_sentence
    assert "à partir du 28 avril 2026 (estimation)" in said
    assert "60 jours, fixée par la charte ENN" in said
    assert said.endswith("comptée depuis le 2 mars 2026.")


def test_what_left_the_platform_stays_with_its_copy(tmp_path: Path) -> None:
    found = sheet(tmp_path, dossier("a", gone_at=datetime(2026, 3, 1, tzinfo=UTC)), kept("1.pdf"))
    assert found.copy == "absent de la plateforme, copie complète"
    assert "N’est plus sur la plateforme depuis le 1er mars 2026" in found.limit_sentence
    assert found.files[0].path == tmp_path / "documents-a" / "Valbrume" / "a" / "1.pdf"


def test_a_dossier_that_was_only_listed_has_a_sheet_without_folder(tmp_path: Path) -> None:
    known = place(tmp_path, [])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_awaiting(SERVER, [dossier("a", folder="", **AWAY)])
    found = read_sheet(known, DossierRef(known.root, SERVER, "a"), policy(), NOW)
    assert found is not None
    assert (found.copy, found.folder, found.files) == ("pas encore sur ce poste", None, ())


def test_its_life_is_told_in_her_words_and_ends_with_the_present_state(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a")])
    earlier = LOCAL - timedelta(days=20)
    with Catalogue(known.catalogue) as catalogue:
        event = JournalRow(1, 1, "2", "a", "send-iparapheur", "envoyé\nau parapheur", earlier, "Anne")
        catalogue.put_events(SERVER, [event])
    found = read_sheet(known, DossierRef(known.root, SERVER, "a"), policy(), NOW)
    assert found is not None
    assert [(one.word, one.said) for one in found.events] == [
        ("En attente de signature", "envoyé au parapheur"),
        ("Terminé", ""),
    ]


def test_the_page_on_the_platform_is_named_with_ids_that_stay_ids(tmp_path: Path) -> None:
    found = sheet(tmp_path, dossier("a&b=c/d"))
    assert found.web_address == f"{SERVER}/Document/detail?id_d=a%26b%3Dc%2Fd&id_e=2"
    other = place(tmp_path, [dossier("x", server="plateforme de démonstration")], name="z")
    shown = read_sheet(other, DossierRef(other.root, "plateforme de démonstration", "x"), policy(), NOW)
    assert shown is not None
    assert not shown.web_address


def test_an_unknown_dossier_has_no_sheet(tmp_path: Path) -> None:
    known = place(tmp_path, [])
    assert read_sheet(known, DossierRef(known.root, SERVER, "nul"), policy(), NOW) is None


def test_open_failures_are_listed_oldest_first_and_what_is_lost_comes_last(tmp_path: Path) -> None:
    gone = datetime(2026, 3, 1, tzinfo=UTC)
    known = place(tmp_path, [dossier("a"), dossier("b", gone_at=gone), dossier("c")])
    with Catalogue(known.catalogue) as catalogue:
        for rank, id_d in enumerate(("b", "c", "a")):
            catalogue.put_failure(SERVER, id_d, FileAbsent(), NOW + timedelta(hours=rank))
        catalogue.put_failure(SERVER, "jamais vu", DossierGone(), NOW)
    found = read_open_failures([known])
    assert [(one.ref.id_d, one.gone) for one in found][:2] == [("c", False), ("a", False)]
    assert {one.ref.id_d for one in found if one.gone} == {"b", "jamais vu"}


def test_past_runs_of_every_folder_come_newest_first(tmp_path: Path) -> None:
    one = place(tmp_path, [], runs=[run(days_ago=3), run(days_ago=1)], name="a")
    other = place(tmp_path, [], runs=[run(days_ago=2)], name="b")
    assert [past.root for past in read_runs([one, other])] == [one.root, other.root, one.root]
    assert len(read_runs([one, other], limit=2)) == 2
