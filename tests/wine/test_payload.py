"""What is installed on Windows, made twice and looked at file by file, then run under Wine.

Not run with the others: ``.venv/bin/python -m pytest -m wine -o faulthandler_timeout=900 tests/wine/test_payload.py``,
five to seven minutes. It makes ``build/windows/payload`` again: nothing else may use that folder at the same time.
"""

from __future__ import annotations

import faulthandler
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pefile
import pytest

from enn_desktop import __version__
from installer.failures import Outcome, SetupError
from installer.windows.foreign_files import foreign_files
from installer.windows.launchers import KINDS
from installer.windows.licences import canonical
from installer.windows.pe_files import asked_for, demand_known_libraries, program_files
from installer.windows.pe_report import NAME as REPORT
from installer.windows.publishers import demand_signed_runtime, make_roots
from installer.windows.wheels import LOCK, pins
from installer.windows.workshop import OWN, Workshop, sha256
from tests.house.source_tree import PROJECT
from tests.wine.made import build, product
from tests.wine.payload_script import ODD
from tests.wine.prefix import COMPILER, Wine

pytestmark = pytest.mark.wine

SCRIPT = Path(__file__).with_name("payload_script.py")
LARGEST = 120_000_000
UNCHECKED_HASH = 0b01
"""Second word of a compiled file: it belongs to its source by hash, and Python does not look at the source."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with product(tmp_path_factory) as made:
        yield made.workshop


@pytest.fixture(scope="module")
def again(workshop: Workshop) -> Workshop:
    """Make it a second time, where it is usually made (another name, another depth), and sign nothing."""
    faulthandler.cancel_dump_traceback_later()
    build("--payload-only")
    usual = Workshop()
    assert len(usual.out.parts) != len(workshop.out.parts)
    return usual


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    made = Wine(tmp_path_factory.mktemp("wine"))
    try:
        made.prepare()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def talker(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Put the launchers beside a program that says its arguments, in a folder with a difficult name."""
    folder = tmp_path_factory.mktemp("parleur") / "Léa & Zoé (été)"
    folder.mkdir()
    for name in ("enn-desktop.exe", "enn-desktop.com", "python313.dll", "python313.zip", "python313._pth"):
        shutil.copy(workshop.payload / name, folder)
    for path in workshop.payload.glob("vcruntime*.dll"):
        shutil.copy(path, folder)
    package = folder / "Lib" / "site-packages" / "enn_desktop"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("import json, sys\nprint(json.dumps(sys.argv[1:]))\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def seen(workshop: Workshop, wine: Wine, talker: Path) -> dict[str, Any]:
    """Return what Python for Windows saw of the installed program, which takes its time too."""
    faulthandler.cancel_dump_traceback_later()
    python = wine.path(workshop.runtime / "python.exe")
    said = wine.run(python, wine.path(SCRIPT), wine.path(workshop.payload), wine.path(talker), seconds=400)
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return answer


def hashes_of(workshop: Workshop) -> dict[str, str]:
    """Return file → SHA-256 as the build wrote it."""
    lines = (workshop.out / "payload.sha256").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


# -- made twice ------------------------------------------------------------------------------------------------------


def test_two_builds_give_the_same_bytes_but_for_the_signature(
    workshop: Workshop, again: Workshop, tmp_path: Path
) -> None:
    signed, plain = (hashes_of(one) for one in (workshop, again))
    for name in KINDS:
        bare = tmp_path / name
        command = ["osslsigncode", "remove-signature", "-in", str(workshop.payload / name), "-out", str(bare)]
        subprocess.run(command, capture_output=True, check=True)
        assert signed[name] != plain[name]
        signed[name] = sha256(bare)
    assert signed == plain
    assert len(plain) > 2000


def test_the_hashes_are_those_of_the_files_in_the_order_and_form_of_sha256sum(workshop: Workshop) -> None:
    sums = workshop.out / "payload.sha256"
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", str(sums)], cwd=workshop.payload, check=True)
    names = [line.split("  ", 1)[1] for line in sums.read_text(encoding="utf-8").splitlines()]
    assert names == sorted(names)
    there = {path.relative_to(workshop.payload).as_posix() for path in workshop.payload.rglob("*") if path.is_file()}
    assert set(names) == there


def test_every_file_has_the_date_of_the_commit(workshop: Workshop) -> None:
    dates = {int(path.stat().st_mtime) for path in workshop.payload.rglob("*") if path.is_file()}
    assert dates == {workshop.epoch}


def test_no_file_names_a_folder_of_this_machine(workshop: Workshop, again: Workshop) -> None:
    for made in (workshop, again):
        signs = [str(folder) for folder in (PROJECT, made.out)]
        words = [sign.encode(coding) for sign in signs for coding in ("utf-8", "utf-16-le")]
        words += [word.replace(b"/", b"\\") for word in words]
        for path in made.payload.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert not [word for word in words if word in content], path


def test_it_takes_at_most_what_was_promised(workshop: Workshop) -> None:
    assert sum(path.stat().st_size for path in workshop.payload.rglob("*") if path.is_file()) <= LARGEST


# -- looked at file by file ------------------------------------------------------------------------------------------


def test_nothing_of_the_tests_and_nothing_of_wine_is_in_it(workshop: Workshop) -> None:
    assert foreign_files(workshop.payload) == []


def test_every_program_file_is_signed_or_is_of_a_component_of_the_lock_or_was_made_here(workshop: Workshop) -> None:
    lines = (workshop.out / REPORT).read_text(encoding="utf-8").splitlines()
    told = {name: (digest, said) for digest, name, said in (line.split("  ", 2) for line in lines)}
    there = {path.relative_to(workshop.payload).as_posix(): path for path in program_files(workshop.payload)}
    assert set(told) == set(there)
    assert {name: digest for name, (digest, _) in told.items()} == {name: sha256(path) for name, path in there.items()}
    locked = {f"{one.name} {one.version}" for one in pins((PROJECT / LOCK).read_text(encoding="utf-8"))}
    for name, (_, said) in told.items():
        wheel = said.removeprefix("non signé, de la roue ")
        of_the_lock = wheel != said and canonical(wheel.split()[0]) + " " + wheel.split()[1] in locked
        publishers = {"signé par Python Software Foundation", "signé par The QT Company Oy"}
        assert of_the_lock or said in publishers or name in KINDS, (name, said)


def test_python_and_its_libraries_are_signed_by_their_publisher(workshop: Workshop) -> None:
    report = (workshop.out / REPORT).read_text(encoding="utf-8")
    for name in ("python313.dll", "libcrypto-3.dll", "_ssl.pyd", "sqlite3.dll"):
        assert f"  {name}  signé par Python Software Foundation\n" in report


def test_a_program_file_that_was_changed_stops_the_build(workshop: Workshop, tmp_path: Path) -> None:
    copy = Workshop(out=tmp_path)
    shutil.copytree(workshop.runtime, copy.runtime)
    roots = make_roots(copy)
    demand_signed_runtime(copy, roots, None)
    for name in ("_bz2.pyd", "python313.zip"):
        content = bytearray((copy.runtime / name).read_bytes())
        content[len(content) // 2] ^= 1
        (copy.runtime / name).write_bytes(content)
        with pytest.raises(SetupError, match=f"Fichier refusé\u00a0: {name}") as stop:
            demand_signed_runtime(copy, roots, None)
        assert stop.value.outcome is Outcome.REFUSED_FILE
        shutil.copy(workshop.runtime / name, copy.runtime / name)
    shutil.copy(workshop.payload / "enn-desktop.exe", copy.runtime / "python4.exe")
    with pytest.raises(SetupError, match=r"python4\.exe\u00a0; il n’est pas signé par son éditeur"):
        demand_signed_runtime(copy, roots, None)


def test_a_library_that_neither_the_product_nor_windows_has_stops_the_build(tmp_path: Path) -> None:
    make = [COMPILER, "-shared", "-nostdlib", "-Wl,-e,0", "-o"]
    (tmp_path / "a.c").write_text("__declspec(dllexport) int f(void) { return 1; }\n", encoding="ascii")
    (tmp_path / "b.c").write_text("int f(void);\n__declspec(dllexport) int g(void) { return f(); }\n", encoding="ascii")
    subprocess.run([*make, "inconnue.dll", "a.c"], cwd=tmp_path, check=True)
    subprocess.run([*make, "demande.dll", "b.c", "inconnue.dll"], cwd=tmp_path, check=True)
    demand_known_libraries(tmp_path)
    (tmp_path / "inconnue.dll").unlink()
    assert asked_for(tmp_path / "demande.dll") == {"inconnue.dll"}
    with pytest.raises(SetupError, match=r"inconnue\.dll \(demandée par demande\.dll\)"):
        demand_known_libraries(tmp_path)


def test_one_file_of_each_of_microsofts_libraries_serves_all(workshop: Workshop) -> None:
    found = [path.relative_to(workshop.payload).as_posix() for path in workshop.payload.rglob("*140*.dll")]
    assert "msvcp140.dll" in found
    assert [name for name in found if "/" in name] == []


def test_every_python_file_is_compiled_and_python_will_not_look_at_its_date(workshop: Workshop) -> None:
    sources = list((workshop.payload / "Lib").rglob("*.py"))
    assert len(sources) > 500
    for source in sources:
        head = (source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc").read_bytes()[:8]
        assert int.from_bytes(head[4:8], "little") == UNCHECKED_HASH, source


def test_the_program_is_there_with_its_policy_and_without_the_pictures_of_the_documentation(workshop: Workshop) -> None:
    package = workshop.payload / "Lib" / "site-packages" / "enn_desktop"
    ours = {path.relative_to(PROJECT / "enn_desktop") for path in (PROJECT / "enn_desktop").rglob("*.py")}
    assert {path.relative_to(package) for path in package.rglob("*.py")} == ours
    resources = {
        path.relative_to(PROJECT / "resources") for path in (PROJECT / "resources").rglob("*") if path.is_file()
    }
    shipped = {
        path.relative_to(package / "_resources") for path in (package / "_resources").rglob("*") if path.is_file()
    }
    assert shipped == {path for path in resources if path.parts[0] != "screenshots"}
    assert shipped < resources
    assert Path("politique-enn.toml") in shipped


def test_the_list_of_parts_names_every_component_with_its_licence_its_origin_and_its_hash(workshop: Workshop) -> None:
    listed = json.loads((workshop.payload / "sbom.cdx.json").read_text(encoding="utf-8"))
    parts = {part["name"]: part for part in listed["components"]}
    locked = {one.name: one for one in pins((PROJECT / LOCK).read_text(encoding="utf-8"))}
    assert set(parts) == {*locked, "cpython", "openssl", "sqlite", "libffi", "qt", "pdfium"}
    for name, one in locked.items():
        part = parts[name]
        assert part["version"] == one.version
        assert part["purl"] == f"pkg:pypi/{name}@{one.version}"
        assert part["licenses"]
        assert part["hashes"][0]["content"] in one.hashes
    assert parts["cpython"]["version"].startswith("3.13.")
    assert parts["openssl"]["version"].startswith("3.")
    assert parts["sqlite"]["version"].startswith("3.")
    assert parts["qt"]["version"] == locked["pyside6-essentials"].version
    assert listed["metadata"]["component"]["version"] == __version__
    assert "serialNumber" not in listed
    assert datetime.fromisoformat(listed["metadata"]["timestamp"]) == datetime.fromtimestamp(workshop.epoch, UTC)


def test_every_component_has_the_text_of_its_licence(workshop: Workshop) -> None:
    index = (workshop.payload / "licences" / "LISEZ-MOI.txt").read_text(encoding="utf-8-sig").splitlines()
    for one in pins((PROJECT / LOCK).read_text(encoding="utf-8")):
        place = index.index(f"{one.name} {one.version}")
        folder = workshop.payload / "licences" / index[place + 2].strip().removeprefix("dossier ")
        assert [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 300], one.name


# -- the launchers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(KINDS))
def test_windows_reads_the_name_the_version_the_icon_and_the_manifest(workshop: Workshop, name: str) -> None:
    with pefile.PE(str(workshop.payload / name)) as program:
        texts = {
            key.decode(): value.decode()
            for info in program.FileInfo[0]
            if info.Key == b"StringFileInfo"
            for table in info.StringTable
            for key, value in table.entries.items()
        }
        kinds = {entry.id: entry for entry in program.DIRECTORY_ENTRY_RESOURCE.entries}
        data = kinds[pefile.RESOURCE_TYPE["RT_MANIFEST"]].directory.entries[0].directory.entries[0].data.struct
        manifest = program.get_data(data.OffsetToData, data.Size)
        pictures = len(kinds[pefile.RESOURCE_TYPE["RT_ICON"]].directory.entries)
        window = program.OPTIONAL_HEADER.Subsystem == pefile.SUBSYSTEM_TYPE["IMAGE_SUBSYSTEM_WINDOWS_GUI"]
    assert texts["ProductName"] == "enn-desktop"
    assert texts["FileVersion"] == texts["ProductVersion"] == __version__
    assert texts["OriginalFilename"] == name
    assert "prouve" in texts["Comments"]
    assert manifest == (OWN / "launcher.manifest").read_bytes()
    assert pictures == 8
    assert window == (name == "enn-desktop.exe")
    assert asked_for(workshop.payload / name) == {"kernel32.dll", "user32.dll", "shell32.dll"}


def test_the_console_program_says_its_version_and_diagnoses_and_writes_nothing_beside_itself(
    workshop: Workshop, wine: Wine
) -> None:
    before = {path: path.stat().st_mtime_ns for path in workshop.payload.rglob("*")}
    program = wine.path(workshop.payload / "enn-desktop.com")
    assert wine.run(program, "--version").strip() == f"enn-desktop {__version__}"
    said = wine.run(program, "diagnose")
    assert "WinVaultKeyring" in said
    assert f"version : {__version__}".replace(" :", "\u00a0:") in said
    assert {path: path.stat().st_mtime_ns for path in workshop.payload.rglob("*")} == before


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_exit_code_and_pipes_pass_through_both_launchers(workshop: Workshop, wine: Wine, name: str) -> None:
    program = wine.path(workshop.payload / name)
    done = wine.call(program, "backup", "--json")
    assert done.returncode == 11
    assert json.loads(done.stdout)["exit_code"] == 11
    assert "Que faire" in done.stderr.decode()


def test_every_argument_reaches_python_as_it_was_given(seen: dict[str, Any]) -> None:
    assert seen["given"] == [ODD, ODD]
    assert f"«\u00a0{ODD[0]}\u00a0»" in seen["heard"]


def test_without_a_console_and_without_pipes_every_command_ends_as_it_should(seen: dict[str, Any]) -> None:
    assert seen["without streams"] == {
        "--version": 0,
        "backup --quiet": 11,
        "diagnose": 0,
        "--sonde inconnu": 2,
        "account add essai": 2,
    }


def test_the_installer_can_see_that_the_program_runs_and_that_it_does_not(seen: dict[str, Any]) -> None:
    assert seen["mutex"] == [False, True, False]


def test_every_module_of_the_program_loads_from_what_is_shipped(seen: dict[str, Any]) -> None:
    assert seen["modules that fail"] == {}
    assert "\x1b[" in seen["syntax"]


def test_a_launcher_without_its_python_says_so_and_takes_none_from_elsewhere(
    workshop: Workshop, wine: Wine, tmp_path: Path
) -> None:
    alone, elsewhere = tmp_path / "seul", tmp_path / "ailleurs"
    alone.mkdir()
    shutil.copytree(workshop.runtime, elsewhere)
    for name in KINDS:
        shutil.copy(workshop.payload / name, alone)
    program = wine.path(alone / "enn-desktop.com")
    command = ["cmd", "/c", f"cd /d {wine.path(elsewhere)} && {program} --version"]
    done = wine.call(*command, variables={"WINEPATH": wine.path(elsewhere)})
    told = done.stderr.decode()
    assert done.returncode == 50
    assert told.startswith("enn-desktop ne peut pas démarrer\u00a0: python313.dll manque ou n’est pas lisible.")
    assert "appelez votre prestataire (erreur Windows 126)" in told
    # The other one shows the same sentence in a box, which Wine closes at once where there is no screen.
    assert wine.call(wine.path(alone / "enn-desktop.exe")).returncode == 50


def test_this_machine_gave_nothing_of_its_environment(workshop: Workshop, wine: Wine, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(99)\n", encoding="ascii")
    astray = {"PYTHONPATH": wine.path(tmp_path), "PYTHONHOME": wine.path(tmp_path), "PYTHONINSPECT": "1"}
    program = wine.path(workshop.payload / "enn-desktop.com")
    assert os.sep not in program
    assert wine.call(program, "--version", variables=astray).returncode == 0
