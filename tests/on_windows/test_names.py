"""Names as Windows sees them: capital letters, accents, devices, final points, long paths, letters of drives."""

from __future__ import annotations

import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from ctypes import c_int, c_uint32, c_wchar_p
from pathlib import Path

import pytest

from enn_desktop.archive.folder import DocumentsFolder, read_identity, read_record
from enn_desktop.archive.verify import ExpectedDossier, Verifier
from enn_desktop.backup.session import work_in
from enn_desktop.core import names
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.progress import SilentProgress
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.system.paths import documents_folder, machine_policy_file, profile_paths
from enn_desktop.system.windows_dll import Prototype, SystemDll
from tests.archive.made_dossiers import described, lay, sha
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import assert_home

DEVICES = ["CON", "nul.pdf", "Aux.txt", "COM1", "COM\u00b9.pdf", "LPT9.tar.gz", "CONIN$", "PRN .pdf"]
ENDINGS = ["acte.pdf.", "acte. . .", "acte ", ".", "..", "...", "acte.pdf\u00a0"]
SIGNS = ['a<b>c:d"e/f\\g|h?i*j', "flux:$DATA", "flux.pdf:secret:$DATA", "a\x00b\x1fc", "%TEMP%", "METADO~1.JSO"]


@pytest.mark.parametrize("original", [*DEVICES, *ENDINGS, *SIGNS])
def test_whatever_the_platform_calls_it_a_file_is_written_under_the_very_name_that_we_note(
    tmp_path: Path, original: str
) -> None:
    name = names.safe_file_name(original)
    (tmp_path / name).write_bytes(original.encode())
    assert [item.name for item in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == original.encode()
    folder = names.safe_folder_name(original) + " dossier"
    (tmp_path / folder).mkdir()
    assert (tmp_path / folder).is_dir()


def test_names_that_differ_by_capital_letters_or_accents_alone_get_files_of_their_own(tmp_path: Path) -> None:
    wanted = ["Arrêté.pdf", "ARRÊTÉ.PDF", "arrêté.pdf", unicodedata.normalize("NFD", "Arrêté.pdf"), "straße", "STRASSE"]
    taken: set[str] = set()
    for rank, original in enumerate(wanted):
        name = names.distinct(names.safe_file_name(original), taken)
        taken.add(names.name_key(name))
        with (tmp_path / name).open("xb") as file:
            file.write(str(rank).encode())
    assert sorted(item.read_bytes() for item in tmp_path.iterdir()) == [str(n).encode() for n in range(len(wanted))]


def in_other_capitals(path: Path) -> Path:
    """Change the capital letters of a name, in two steps: in one, Wine does nothing."""
    other = path.rename(path.with_name("between")).rename(path.with_name(path.name.swapcase()))
    assert other.name in [item.name for item in other.parent.iterdir()]
    return other


def test_capital_letters_that_she_changed_lose_nothing_and_nothing_comes_twice(tmp_path: Path) -> None:
    world = build_world(seed=2, dossiers=30, profile="2.0")
    with DemoServer(world) as server:
        town_hall = TownHall(server, tmp_path)
        town_hall.back_up()
        pdf, id_d = next(
            (pdf, record.id_d)
            for pdf in town_hall.folder.rglob("*.pdf")
            if (record := read_record(pdf.parent)) and record.complete
        )
        in_other_capitals(in_other_capitals(pdf).parent)
        server.clear_requests()
        report = town_hall.back_up()
        assert not [seen.path for seen in server.requests if id_d in seen.path], "It is whole: nothing is to be asked."
    assert report.tally.kept_versions == 0
    assert id_d not in {failure.id_d for failure in report.failures}


def test_a_verification_does_not_call_a_change_of_capital_letters_a_stranger(tmp_path: Path) -> None:
    content = b"%PDF-1.7 acte"
    place = lay(tmp_path, "x", described())
    in_other_capitals(place / "acte.pdf")
    (place / "notes.txt").write_bytes(b"hers")
    report = Verifier(tmp_path, CancelToken(), SilentProgress()).run(
        [ExpectedDossier("x", {"acte.pdf": (sha(content), len(content))})]
    )
    assert [finding.name for finding in report.findings] == ["notes.txt"]


def test_at_the_longest_root_that_is_accepted_everything_comes_home(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="enn-") as short:
        root = Path(short) / ("d" * (96 - len(short) - 1))
        assert len(str(root)) == 96
        with DemoServer(build_world(seed=4, dossiers=40, profile="2.0")) as server:
            town_hall = TownHall(server, tmp_path)
            report = town_hall.workshop().back_up(server.url, town_hall.credentials(), root)
        assert report.stopped_by is None
        lengths = sorted(len(str(path)) for path in root.rglob("*"))
        assert lengths[-1] < 260
        assert lengths[-1] > 200
        assert_home(root, server.world, "secretaire")


LETTER, ITS_FOLDER = Path("R:\\"), Path("C:\\r")


@pytest.fixture
def letter() -> Iterator[Path]:
    """Return a drive's letter that stands for a folder of C:, as ``subst`` makes one; Wine is given it beforehand."""
    if LETTER.is_dir():
        yield LETTER
        return
    ITS_FOLDER.mkdir(exist_ok=True)
    define = Prototype("DefineDosDeviceW", c_int, (c_uint32, c_wchar_p, c_wchar_p))
    kernel = SystemDll("kernel32")
    assert kernel.call(define, 0, "R:", str(ITS_FOLDER)), kernel.last_error()
    yield LETTER
    kernel.call(define, 2, "R:", None)
    shutil.rmtree(ITS_FOLDER)


def test_a_folder_reached_by_a_letter_of_a_drive_is_the_same_folder(letter: Path, tmp_path: Path) -> None:
    paths = profile_paths(tmp_path / "profile")
    lay(letter / "Dossiers", "Commune/Actes/2026/x", described())
    with work_in(letter / "Dossiers", paths, SystemClock(), CancelToken()) as opened:
        assert opened.healed is not None
    identity = read_identity(letter / "Dossiers")
    with work_in(ITS_FOLDER / "Dossiers", paths, SystemClock(), CancelToken()) as opened:
        assert opened.healed is None
        assert len(opened.catalogue.of_server(described().server)) == 1
    assert read_identity(ITS_FOLDER / "Dossiers") == identity


def test_a_path_spelled_in_windows_long_way_works(tmp_path: Path) -> None:
    folder = DocumentsFolder(Path(f"\\\\?\\{tmp_path}\\Dossiers"))
    identity = folder.prepare()
    assert read_identity(tmp_path / "Dossiers") == identity
    assert folder.place_of("Commune/x").is_dir()


def test_the_usual_places_are_those_of_this_windows_user() -> None:
    paths = profile_paths(None)
    for place in (paths.settings, paths.data, paths.logs):
        assert place.parts[-4:][:2] == ("AppData", "Local") or place.parts[-3:][:2] == ("AppData", "Local")
        assert "enn-desktop" in place.parts
    assert documents_folder().name == "Documents"
    assert not paths.data.is_relative_to(documents_folder())
    assert machine_policy_file().parts[-2:] == ("enn-desktop", "politique-enn.toml")
