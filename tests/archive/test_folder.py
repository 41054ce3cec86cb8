"""The documents folder: names chosen once and kept, nobody else's folder taken, nothing outside of it."""

from __future__ import annotations

import errno
import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enn_desktop.archive import folder as folders
from enn_desktop.archive import metadata
from enn_desktop.archive.folder import OWN, DocumentsFolder, read_identity, read_record, record_to_go_on_with
from enn_desktop.archive.metadata import DossierRecord
from enn_desktop.core import names
from enn_desktop.core.errors import SettingsError, StorageError, StorageItemError
from tests.archive.made_dossiers import SERVER, described, lay

PARENT = "Commune de Valbrume/Actes/2026"
WANTED = "2026-03-12 DEL_2026_012 Budget primitif"


@pytest.fixture
def opened(tmp_path: Path) -> DocumentsFolder:
    """Return a documents folder ready for use."""
    folder = DocumentsFolder(tmp_path / "Dossiers")
    folder.prepare()
    return folder


def provisional(id_d: str = "abc1234", server: str = SERVER) -> DossierRecord:
    """Return what is known of a dossier before anything was fetched."""
    return DossierRecord(server=server, id_d=id_d, id_e="2", title="Budget primitif")


def make(folder: DocumentsFolder, id_d: str = "abc1234", used: set[str] | None = None, wanted: str = WANTED) -> str:
    """Make the folder of a dossier, and describe it."""
    relative = folder.make_dossier(PARENT, wanted, provisional(id_d), used or set())
    folder.describe_provisionally(relative, provisional(id_d))
    return relative


def test_a_folder_keeps_its_identity_and_two_folders_have_two(tmp_path: Path) -> None:
    first = DocumentsFolder(tmp_path / "a").prepare()
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    assert DocumentsFolder(tmp_path / "a").prepare() == first == read_identity(tmp_path / "a")
    assert DocumentsFolder(tmp_path / "b").prepare() != first
    (tmp_path / "a").rename(tmp_path / "renamed")
    assert DocumentsFolder(tmp_path / "renamed").prepare() == first


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\xff", b'{"identifiant": "../../elsewhere"}', b'{"identifiant": ""}', b'{"identifiant": 7}', b"[]"],
)
def test_an_identity_that_is_not_ours_is_not_believed(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / OWN
    place.mkdir()
    (place / "dossier.json").write_bytes(content)
    assert read_identity(tmp_path) == ""
    fresh = DocumentsFolder(tmp_path).prepare()
    assert re.fullmatch(r"[0-9a-f]{12}", fresh)
    assert read_identity(tmp_path) == fresh


def refuse_to_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have the disk refuse to give the files of that name."""
    real = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        if self.name == name:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


def test_an_identity_that_cannot_be_read_for_the_moment_is_not_replaced(
    opened: DocumentsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_identity(opened.root)
    with monkeypatch.context() as patch:
        refuse_to_read(patch, "dossier.json")
        assert read_identity(opened.root) == ""
        with pytest.raises(StorageError):
            opened.prepare()
    assert opened.prepare() == before


def test_a_description_that_cannot_be_read_for_the_moment_is_not_gone_on_without(
    opened: DocumentsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened.path(make(opened))
    assert record_to_go_on_with(place) == provisional()
    assert record_to_go_on_with(opened.root) is None
    refuse_to_read(monkeypatch, metadata.NAME)
    with pytest.raises(StorageItemError):
        record_to_go_on_with(place)


def test_a_trial_file_that_is_refused_tells_of_the_whole_folder(
    opened: DocumentsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise StorageItemError

    monkeypatch.setattr(folders, "write_own_file", refuse)
    with pytest.raises(StorageError, match="protégé"):
        opened.prepare()


def test_a_place_without_identity_has_none(tmp_path: Path) -> None:
    assert read_identity(tmp_path / "absent") == ""


def test_preparing_removes_our_own_leftovers_at_the_top_and_nothing_else(opened: DocumentsFolder) -> None:
    dossier = opened.path(make(opened))
    for place in (opened.root, opened.root / OWN, dossier):
        (place / ".enn-0123abcd.part").write_bytes(b"half")
    (opened.root / "budget.part").write_bytes(b"hers")
    opened.prepare()
    left = {item.relative_to(opened.root).as_posix() for item in opened.root.rglob("*.part")}
    assert left == {"budget.part", f"{PARENT}/{WANTED}/.enn-0123abcd.part"}


def test_two_town_halls_never_share_a_folder(opened: DocumentsFolder) -> None:
    taken: list[str] = []
    for name in ("Sainte-Marie", "SAINTE-MARIE", "Sainte-Marie ", "Se\u0301nas", "S\u00e9nas"):
        taken.append(opened.entity_folder(name, "", taken))
    assert taken == ["Sainte-Marie", "SAINTE-MARIE (2)", "Sainte-Marie (3)", "S\u00e9nas", "S\u00e9nas (2)"]


@pytest.mark.parametrize(
    ("name", "siren", "chosen"),
    [
        ("", "212706776", "212706776"),
        ("", "", "Collectivité"),
        ("../..", "", "_..-"),
        ("CCAS / Valbrume", "", "CCAS - Valbrume"),
        ("NUL", "", "_NUL"),
    ],
)
def test_a_town_hall_always_has_a_name_that_windows_takes(
    opened: DocumentsFolder, name: str, siren: str, chosen: str
) -> None:
    assert opened.entity_folder(name, siren, []) == chosen


def test_a_new_dossier_has_a_folder_that_already_says_whose_it_is(opened: DocumentsFolder) -> None:
    relative = make(opened)
    assert relative == f"{PARENT}/{WANTED}"
    record = read_record(opened.path(relative))
    assert record == provisional()
    assert record is not None
    assert not record.sealed


def test_after_a_cut_the_same_folder_is_taken_up_again(opened: DocumentsFolder) -> None:
    assert make(opened) == make(opened) == f"{PARENT}/{WANTED}"


@pytest.mark.parametrize("left", [[], [".enn-0123abcd.part"], [".enn-0123abcd.part", ".enn-4567abcd.part"]])
def test_an_empty_folder_or_one_with_only_our_temporaries_is_taken_up(opened: DocumentsFolder, left: list[str]) -> None:
    place = opened.path(f"{PARENT}/{WANTED}")
    place.mkdir(parents=True)
    for name in left:
        (place / name).write_bytes(b"half")
    assert make(opened) == f"{PARENT}/{WANTED}"
    assert read_record(place) == provisional()


def test_the_description_that_a_cut_run_left_is_not_overwritten_by_a_poorer_one(opened: DocumentsFolder) -> None:
    full = described()
    lay(opened.root, f"{PARENT}/{WANTED}", full)
    assert make(opened) == f"{PARENT}/{WANTED}"
    assert read_record(opened.path(f"{PARENT}/{WANTED}")) == full


@pytest.mark.parametrize("mine", [{"id_d": "zzz9999"}, {"server": "https://other.example.org"}])
def test_the_folder_of_another_dossier_is_left_alone(opened: DocumentsFolder, mine: dict[str, str]) -> None:
    make(opened)
    before = read_record(opened.path(f"{PARENT}/{WANTED}"))
    second = opened.make_dossier(PARENT, WANTED, provisional(**mine), set())
    assert second == f"{PARENT}/{WANTED} (2)"
    assert read_record(opened.path(f"{PARENT}/{WANTED}")) == before


@pytest.mark.parametrize("content", [b"", b"{", b'{"id_d": "abc1234"}'])
def test_a_folder_whose_description_cannot_be_read_is_left_alone(opened: DocumentsFolder, content: bytes) -> None:
    place = opened.path(f"{PARENT}/{WANTED}")
    place.mkdir(parents=True)
    (place / metadata.NAME).write_bytes(content)
    assert make(opened) == f"{PARENT}/{WANTED} (2)"
    assert (place / metadata.NAME).read_bytes() == content


def test_a_folder_or_a_file_that_someone_made_under_that_name_is_left_alone(opened: DocumentsFolder) -> None:
    place = opened.path(f"{PARENT}/{WANTED}")
    place.mkdir(parents=True)
    (place / "mes notes.odt").write_bytes(b"hers")
    (place.parent / f"{WANTED} (2)").write_bytes(b"a file of hers")
    assert make(opened) == f"{PARENT}/{WANTED} (3)"
    assert [item.name for item in place.iterdir()] == ["mes notes.odt"]
    assert (place.parent / f"{WANTED} (2)").read_bytes() == b"a file of hers"


@pytest.mark.parametrize("other", [WANTED.upper(), WANTED.lower(), WANTED + " "])
def test_names_that_windows_takes_for_the_same_get_two_folders(opened: DocumentsFolder, other: str) -> None:
    first = make(opened, "one")
    second = make(opened, "two", {names.name_key(WANTED)}, other)
    assert names.name_key(first) != names.name_key(second)
    assert second.endswith(" (2)")


def test_titles_that_differ_only_by_composed_accents_get_two_folders(opened: DocumentsFolder) -> None:
    composed, apart = "Arr\u00eat\u00e9", "Arre\u0302te\u0301"
    titles = [opened.wanted_name(date(2026, 3, 12), "", title) for title in (composed, apart)]
    assert titles[0] == titles[1]
    first = make(opened, "one", wanted=titles[0])
    second = make(opened, "two", {names.name_key(titles[0])}, titles[1])
    assert first != second
    kept = [read_record(opened.path(relative)) for relative in (first, second)]
    assert [record.id_d for record in kept if record] == ["one", "two"]


@pytest.mark.parametrize(
    "relative",
    ["..", "../x", "a/../../x", "/etc/passwd", "", ".", "a/..", "//server/share"],
)
def test_a_path_that_leaves_the_folder_is_refused(opened: DocumentsFolder, relative: str) -> None:
    with pytest.raises(StorageError):
        opened.path(relative)
    with pytest.raises(StorageError):
        opened.place_of(relative)
    assert list(opened.root.parent.iterdir()) == [opened.root]


def test_a_documents_folder_given_by_a_path_that_climbs_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    folder = DocumentsFolder(Path("../Dossiers"))
    folder.prepare()
    assert folder.place_of("Commune/x").resolve() == tmp_path / "Dossiers" / "Commune" / "x"


def test_a_dossier_moves_to_its_better_name_with_all_it_holds(opened: DocumentsFolder) -> None:
    lay(opened.root, f"{PARENT}/old name", described())
    moved = opened.move_dossier(f"{PARENT}/old name", "Commune de Valbrume/Actes/2027", "new name", set())
    assert moved == "Commune de Valbrume/Actes/2027/new name"
    assert not opened.path(f"{PARENT}/old name").exists()
    assert (opened.path(moved) / "acte.pdf").read_bytes() == b"%PDF-1.7 acte"


def test_a_dossier_moves_next_to_its_namesake(opened: DocumentsFolder) -> None:
    lay(opened.root, f"{PARENT}/old name", described())
    lay(opened.root, f"{PARENT}/new name", described("zzz9999"))
    moved = opened.move_dossier(f"{PARENT}/old name", PARENT, "new name", {names.name_key("new name")})
    assert moved == f"{PARENT}/new name (2)"


def test_a_dossier_stays_where_it_is_rather_than_on_something_unknown(opened: DocumentsFolder) -> None:
    lay(opened.root, f"{PARENT}/old name", described())
    opened.path(f"{PARENT}/new name").mkdir()
    assert opened.move_dossier(f"{PARENT}/old name", PARENT, "new name", set()) == f"{PARENT}/old name"
    assert list(opened.path(f"{PARENT}/new name").iterdir()) == []


def test_a_dossier_stays_where_it_is_when_the_system_will_not_rename(
    opened: DocumentsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(opened.root, f"{PARENT}/old name", described())

    def rename(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "rename", rename)
    assert opened.move_dossier(f"{PARENT}/old name", PARENT, "new name", set()) == f"{PARENT}/old name"


@pytest.mark.parametrize("wanted", ["old name", "Old Name", "OLD NAME"])
def test_a_change_of_case_alone_moves_nothing(opened: DocumentsFolder, wanted: str) -> None:
    lay(opened.root, f"{PARENT}/old name", described())
    assert opened.move_dossier(f"{PARENT}/old name", PARENT, wanted, set()) == f"{PARENT}/old name"


LONG = "e" * 300


@given(st.integers(3, 140), st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
@example(3, LONG, LONG, LONG)
@example(60, LONG, LONG, LONG)
@example(90, LONG, LONG, LONG + ".tar.gz")
@example(96, LONG, "🎉" * 200, "漢" * 300)
@settings(max_examples=60)
def test_on_windows_every_path_stays_under_260_signs(length: int, entity: str, title: str, original: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "on_windows", lambda: True)
        # A drive's letter is there already on Windows.
        root = str(Path("/").absolute())
        root += "r" * (length - len(root))
        try:
            opened = DocumentsFolder(Path(root))
        except SettingsError:
            assert length > 96
            return
    flow = "Flux financiers longs !!"
    dossier = opened.wanted_name(date(2026, 3, 12), "DEL_2026_012", title)
    home = f"{opened.entity_folder(entity, '', [])}/{flow}/2026/{dossier}"
    name = names.safe_file_name(original, limit=opened.limits.file)
    assert len(opened.entity_folder(entity, "", [])) <= opened.limits.entity
    for relative in (f"{home}/{name}", f"{home}/versions/2026-03-14T10-22-05/{name}"):
        assert names.fits(len(root), relative)
        assert len(f"{root}\\{relative}".encode("utf-16-le")) // 2 < 260


def test_a_root_too_long_for_windows_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "on_windows", lambda: True)
    with pytest.raises(SettingsError, match="trop long"):
        DocumentsFolder(Path("/" + "r" * 200))


def test_elsewhere_than_on_windows_a_long_root_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "on_windows", lambda: False)
    assert DocumentsFolder(Path("/" + "r" * 200)).limits == DocumentsFolder(Path("/" + "r" * 90)).limits
