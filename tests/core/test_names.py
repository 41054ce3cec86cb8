"""Any text becomes a name that Windows and Linux accept."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from datetime import date
from pathlib import Path

import pathvalidate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core import names
from enn_desktop.core.errors import SettingsError

DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE)
OURS = {"metadonnees.json", "empreintes.sha256", "versions", "index.html", "desktop.ini"}

nasty = st.text(st.characters(), max_size=400)
pieces = st.sampled_from(
    ["CON", "nul", "COM¹", "LPT9", ".", "..", "/", "\\", " ", "\n", ":", '"', "?", "é", "e\u0301", "\u202e", "~1",
     "\ud800", "\U0001f389", "versions", "metadonnees", ".json", "index.html", "LISEZMOI", ".part", ".pdf", ".tar.gz",
     "a", "x" * 90, "漢" * 60, "\u212a", "ß", "\u037e", "-", "_", "~"]
)  # fmt: skip
hostile = st.lists(pieces, max_size=8).map("".join)
anything = nasty | hostile
limits = st.integers(10, 120)


def _check(name: str, limit: int) -> None:
    """Look at a name by the rules themselves, without the code that made it."""
    assert name
    assert len(name.encode("utf-16-le")) // 2 <= max(limit, 16)
    assert len(name.encode("utf-8")) <= 255
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('\\/:*?"<>|')
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for sign in name)
    assert name.strip() == name
    assert name[0] not in ".~"
    assert name[-1] != "."
    assert not DEVICE.fullmatch(name)
    assert name.lower() not in OURS
    assert not name.lower().startswith("lisezmoi")
    assert pathvalidate.is_valid_filename(name, platform="universal", max_len=255)


@given(anything, limits)
def test_any_text_gives_a_legal_name_of_file_and_folder(text: str, limit: int) -> None:
    _check(names.safe_file_name(text, limit=limit), limit)
    _check(names.safe_folder_name(text, limit=limit), limit)


@given(anything, limits)
def test_a_safe_name_gives_itself_and_the_same_text_the_same_name(text: str, limit: int) -> None:
    once = names.safe_file_name(text, limit=limit)
    assert names.safe_file_name(text, limit=limit) == once
    assert names.safe_file_name(once, limit=limit) == once
    folder = names.safe_folder_name(text, limit=limit)
    assert names.safe_folder_name(folder, limit=limit) == folder


@given(anything)
def test_a_name_never_climbs_out_and_can_be_written(text: str) -> None:
    with tempfile.TemporaryDirectory() as files, tempfile.TemporaryDirectory() as folders:
        file = Path(files) / names.safe_file_name(text)
        folder = Path(folders) / names.safe_folder_name(text)
        assert (file.parent, folder.parent) == (Path(files), Path(folders))
        file.write_bytes(b"x")
        folder.mkdir()
        assert [path.name for path in Path(files).iterdir()] == [file.name]
        assert [path.name for path in Path(folders).iterdir()] == [folder.name]


@given(st.lists(anything, max_size=12))
def test_distinct_names_are_never_the_same_for_windows(texts: list[str]) -> None:
    taken: set[str] = set()
    for text in [*texts, *texts]:
        name = names.distinct(names.safe_file_name(text, limit=60), taken)
        assert names.name_key(name) not in taken
        _check(name, 66)
        taken.add(names.name_key(name))


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("Délibération n°12.pdf", "Délibération n°12.pdf"),
        ("e\u0301tat.pdf", "état.pdf"),
        ("..\\..\\windows\\win.ini", "_..-..-windows-win.ini"),
        ("../../etc/passwd", "_..-..-etc-passwd"),
        ("CON.pdf", "_CON.pdf"),
        ("con .pdf", "_con .pdf"),
        ("COM¹.tar.gz", "_COM¹.tar.gz"),
        ("CONIN$", "_CONIN$"),
        ("conseil.pdf", "conseil.pdf"),
        ("fin avec point.", "fin avec point"),
        ("<script>alert(1)</script>.html", "-script-alert(1)--script-.html"),
        ('dit "oui".pdf', "dit 'oui'.pdf"),
        ("deux\nlignes\t.pdf", "deux lignes .pdf"),
        ("", "sans nom"),
        ("...", "sans nom"),
        (".", "sans nom"),
        ("\u200b", "sans nom"),
        (".htaccess", "_.htaccess"),
        ("metadonnees.json", "_metadonnees.json"),
        ("Index.HTML", "_Index.HTML"),
        ("versions", "_versions"),
        ("LISEZMOI.txt", "_LISEZMOI.txt"),
        (".enn-0a1b2c3d.part", "_.enn-0a1b2c3d.part"),
        ("desktop.ini", "_desktop.ini"),
        ("METADO~1.JSO", "METADO-1.JSO"),
        ("\ud800a.pdf", "_a.pdf"),
        ("fête 🎉.pdf", "fête 🎉.pdf"),
        ("e\u200b\u0301tat.pdf", "état.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
    ],
)
def test_names_seen_on_platforms(original: str, expected: str) -> None:
    assert names.safe_file_name(original) == expected


def test_a_shortened_name_keeps_its_extension_and_bears_a_mark_of_the_whole() -> None:
    first = names.safe_file_name("a" * 300 + "1.pdf")
    second = names.safe_file_name("a" * 300 + "2.pdf")
    assert re.fullmatch(r"a+~[0-9a-f]{6}\.pdf", first)
    assert names.length(first) == 100
    assert first != second
    assert names.safe_file_name("b" * 300 + ".tar.gz").endswith(".tar.gz")
    assert re.fullmatch(r"b{9}~[0-9a-f]{6}", names.safe_file_name("b" * 300 + ".application", limit=16))


def test_long_names_that_differ_only_by_broken_characters_stay_apart() -> None:
    assert names.safe_file_name("a" * 300 + "\ud800") != names.safe_file_name("a" * 300 + "\ud801")


@pytest.mark.parametrize("original", ["漢" * 200 + ".pdf", "🎉" * 200, "-" * 300 + ".pdf", "." * 300 + "pdf"])
def test_a_name_of_heavy_or_empty_signs_is_shortened_and_stays_as_it_is(original: str) -> None:
    name = names.safe_file_name(original)
    _check(name, 100)
    assert names.safe_file_name(name) == name


def test_a_long_folder_name_is_cut_on_a_word() -> None:
    name = names.safe_folder_name("Délibération du conseil municipal portant approbation du budget primitif", limit=50)
    assert re.fullmatch(r"Délibération du conseil municipal portant~[0-9a-f]{6}", name)


@pytest.mark.parametrize(
    ("day", "number", "title", "expected"),
    [
        (date(2026, 3, 12), "DEL_2026_012", "Budget primitif", "2026-03-12 DEL_2026_012 Budget primitif"),
        (date(2026, 3, 12), "DEL_2026_012", "del_2026_012 Budget", "2026-03-12 del_2026_012 Budget"),
        (date(2026, 3, 12), "12", "123 arbres", "2026-03-12 12 123 arbres"),
        (date(2026, 3, 12), "DEL_1", "DEL_1", "2026-03-12 DEL_1"),
        (date(2026, 3, 12), "", "Budget\nprimitif", "2026-03-12 Budget primitif"),
        (date(2026, 3, 12), "", "  ", "2026-03-12 sans objet"),
        (date(2026, 3, 12), "A/1", "\u200b", "2026-03-12 A-1 sans objet"),
        (None, "", "", "sans date sans objet"),
    ],
)
def test_a_dossier_is_named_by_date_number_and_title(day: date | None, number: str, title: str, expected: str) -> None:
    assert names.dossier_folder_name(day, number, title) == expected


@given(st.dates() | st.none(), anything, anything, st.integers(30, 60))
def test_a_dossier_always_gets_a_legal_name(day: date | None, number: str, title: str, limit: int) -> None:
    name = names.dossier_folder_name(day, number, title, limit=limit)
    _check(name, limit)
    assert name.startswith(day.isoformat() if day else "sans date")


def test_names_that_windows_confuses_share_a_key() -> None:
    for one, other in (("Été.PDF", "e\u0301te\u0301.pdf"), ("STRASSE", "straße"), ("a", "a. "), ("µ", "μ")):
        assert names.name_key(one) == names.name_key(other)
    assert names.name_key("a.pdf") != names.name_key("b.pdf")


def test_the_second_annex_of_the_same_name_is_numbered() -> None:
    taken = {names.name_key("annexe.pdf")}
    assert names.distinct("Annexe.pdf", taken) == "Annexe (2).pdf"
    assert names.distinct("annexe.pdf", taken | {names.name_key("annexe (2).PDF")}) == "annexe (3).pdf"
    assert names.distinct("autre", taken) == "autre"
    assert names.distinct("2026-01-01 n°1. Budget", {"2026-01-01 n°1. budget"}) == "2026-01-01 n°1. Budget (2)"


def test_a_path_fits_up_to_259_units() -> None:
    assert names.fits(100, "a/" + "b" * 156)
    assert not names.fits(100, "a/" + "b" * 157)
    assert not names.fits(100, "a/" + "🎉" * 79)
    assert not names.fits(100, "a" * 140 + "/b.pdf"), "the temporary name is longer than the final one"


@given(st.integers(0, 110), st.data())
def test_every_path_under_the_limits_fits(root: int, data: st.DataObject) -> None:
    room = names.limits_for_root(root)
    entity, flow, dossier, file = (
        names.distinct(name, {names.name_key(name)})
        for name in (
            names.safe_folder_name(data.draw(anything), limit=room.entity),
            names.safe_folder_name("Documents à signer"),
            names.safe_folder_name(data.draw(anything), limit=room.folder),
            names.safe_file_name(data.draw(anything) + "y" * 100, limit=room.file),
        )
    )
    flow = flow.removesuffix(" (2)")
    assert names.fits(root, f"{entity}/{flow}/2026/{dossier}/versions/2026-03-14T10-22-05/{file}")


def test_a_usual_root_leaves_readable_names_and_a_longer_one_shorter_names() -> None:
    usual = names.limits_for_root(len(r"C:\Users\mairie\Documents\Dossiers de la mairie"))
    assert usual.folder >= 50
    assert usual.file >= 50
    sizes = [names.limits_for_root(root) for root in range(111)]
    for shorter, longer in zip(sizes[1:], sizes, strict=False):
        assert shorter.folder <= longer.folder
        assert shorter.entity <= longer.entity
        assert sum((shorter.folder, shorter.file, shorter.entity)) <= sum((longer.folder, longer.file, longer.entity))


def test_a_root_that_leaves_no_room_is_refused_with_a_sentence() -> None:
    with pytest.raises(SettingsError, match="trop long"):
        names.limits_for_root(111)
