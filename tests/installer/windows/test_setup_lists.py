"""What the setup is made from: the lists of files, the numbers, the shortcut's bytes, the sentences."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from enn_desktop.system import app_identity, autostart
from installer.windows import file_list, setup
from installer.windows.file_list import LIST_MARK, OWN, PayloadError, read_payload, write_lists
from installer.windows.pictures import HEADER_SIZE, SIDE_SIZE, write_pictures
from installer.windows.setup import BuildError, Product, four_numbers, make_setup, run_tool
from installer.windows.shortcut_block import APP_ID, property_block
from tests.house.source_tree import in_plain_signs
from tests.house.test_words import _SAID, wrong_signs

SOURCES = Path(setup.__file__).parent
SCRIPTS = sorted(SOURCES.glob("*.ns[ih]"))


def payload(folder: Path, *names: str) -> Path:
    """Make a payload with its launchers and these files."""
    for name in ("enn-desktop.exe", "enn-desktop.com", *names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def test_launchers_are_copied_last_and_every_file_is_listed_copied_and_removed(tmp_path: Path) -> None:
    files = read_payload(payload(tmp_path / "p", "a.dll", "Lib/b.py", "Lib/c/d.pyc"))
    assert files.names == ("Lib/b.py", "Lib/c/d.pyc", "a.dll", "enn-desktop.com", "enn-desktop.exe")
    assert files.folders == ("Lib/c", "Lib")
    write_lists(files, tmp_path)
    copied = re.findall(r'Put ".*/p/(\S+)"', (tmp_path / "copy.nsh").read_text(encoding="utf-8"))
    assert [line.split('"')[0] for line in copied] == list(files.names)
    removed = (tmp_path / "remove.nsh").read_text(encoding="utf-8").splitlines()
    assert removed[0] == 'Delete "$INSTDIR\\Lib\\b.py"'
    assert removed[-2:] == ['RMDir "$INSTDIR\\Lib\\c"', 'RMDir "$INSTDIR\\Lib"']
    assert not any("/r" in line for line in removed)
    listed = (tmp_path / "list.txt").read_bytes().decode("ascii").split("\r\n")
    named = [name.replace("/", "\\") for name in files.names]
    assert listed == [LIST_MARK, *named, "Lib\\c\\", "Lib\\", ""]
    taken = re.findall(r'IfFileExists "\$INSTDIR\\(.+?)"', (tmp_path / "taken.nsh").read_text(encoding="utf-8"))
    assert set(taken) == {*OWN, *named} - {"desinstaller.exe"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("é.txt", "ne convient pas"),
        ("a$b.txt", "ne convient pas"),
        ("end./a.txt", "ne convient pas"),
        (f"{'a' * 100}/{'b' * 100}", "trop long"),
        *((name, "appartient à l’installation") for name in OWN),
        ("ENN-DESKTOP.EXE", "majuscules"),
    ],
)
def test_a_file_that_would_not_survive_the_journey_stops_the_build(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(PayloadError, match=why):
        read_payload(payload(tmp_path, name))


def test_a_link_or_a_missing_launcher_stops_the_build(tmp_path: Path) -> None:
    (payload(tmp_path) / "link").symlink_to("elsewhere")
    with pytest.raises(PayloadError, match="lien"):
        read_payload(tmp_path)
    (tmp_path / "link").unlink()
    (tmp_path / "enn-desktop.com").unlink()
    with pytest.raises(PayloadError, match=r"lanceur.*enn-desktop\.com"):
        read_payload(tmp_path)


@pytest.mark.parametrize("version", ["1", "1.2", "1.2.3.4", "1.2.3rc1", "1.2.x"])
def test_a_version_that_windows_cannot_write_is_refused(version: str) -> None:
    assert four_numbers("1.2.3") == "1.2.3.0"
    with pytest.raises(ValueError, match="trois nombres"):
        four_numbers(version)


def test_a_tool_that_fails_is_quoted_and_one_that_is_missing_is_named() -> None:
    with pytest.raises(BuildError, match="sh a échoué\u00a0:\nbad"):
        run_tool(["sh", "-c", "echo bad; exit 3"], 0)
    with pytest.raises(BuildError, match="no-such-tool manque"):
        run_tool(["no-such-tool"], 0)


def test_the_shortcut_bears_the_name_that_the_program_gives_itself() -> None:
    assert APP_ID == app_identity.APP_ID
    block = property_block(APP_ID)
    assert int.from_bytes(block[:4], "little") == len(block) == 89
    assert block[12:16] == b"1SPS"
    assert "fr.enn.desktop\0".encode("utf-16-le") in block


def test_setup_and_program_speak_of_the_same_keys_files_and_mutex() -> None:
    script = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    assert f'!define RUN_KEY "{autostart.RUN}"' in script
    assert f'!define APPROVED_KEY "{autostart.APPROVED}"' in script
    assert f'WriteRegStr HKCU "${{RUN_KEY}}" "{autostart.NAME}" ' in script
    assert f"$R1 <= {autostart.LONGEST} " in script
    assert app_identity.CLASS.replace(APP_ID, "${APP_ID}") in script
    assert set(OWN) >= set(re.findall(r'!define (?:LIST|LIST_BEGUN|UNINSTALLER) "(.+)"', script))
    assert f'!define LIST_MARK "{LIST_MARK}"' in script
    launcher = (SOURCES / "launcher.c").read_text(encoding="utf-8")
    for source in (script, (SOURCES / "msi_guard.c").read_text(encoding="utf-8").replace("\\\\", "\\")):
        assert r"Local\fr.enn.desktop" in source
    assert r"Local\\fr.enn.desktop" in launcher


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_the_setup_says_is_set_in_french_signs_and_promises_nothing_false(path: Path) -> None:
    texts = [text.replace("$\\r$\\n", " ") for text in re.findall(r'"([^"]*)"', path.read_text(encoding="utf-8"))]
    said = [text for text in texts if " " in text and not text.startswith("https")]
    assert [signs for text in said if (signs := wrong_signs(text))] == []
    assert [text for text in said if _SAID.search(in_plain_signs(text))] == []


def test_every_question_has_an_answer_when_nobody_is_there() -> None:
    lines = [line for path in SCRIPTS for line in path.read_text(encoding="utf-8").splitlines()]
    boxes = [line for line in lines if line.strip().startswith("MessageBox")]
    assert len(boxes) > 5
    assert [line for line in boxes if "/SD" not in line] == []


def test_nothing_removes_a_folder_with_what_is_in_it() -> None:
    lines = [line for path in SCRIPTS for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if re.search(r"RMDir\s+/r", line, re.IGNORECASE)] == []


def test_two_builds_of_the_same_files_are_the_same_setup_whenever_and_wherever(tmp_path: Path) -> None:
    made = []
    for place in ("here", "there"):
        files = payload(tmp_path / place / "payload", "Lib/a.py")
        for path in files.rglob("*"):
            os.utime(path, (1_700_000_000, 1_700_000_000))
        product = Product(files, "0.1.0", fast=True, epoch=1_700_000_000)
        made.append(make_setup(product, tmp_path / place / "s.exe").read_bytes())
    assert made[0] == made[1]
    assert made[0][:2] == b"MZ"


def test_the_pictures_are_bitmaps_of_the_wizards_shape_and_the_same_each_time(tmp_path: Path) -> None:
    pictures = write_pictures(tmp_path)
    first = [path.read_bytes() for path in pictures]
    for content, size in zip(first, (SIDE_SIZE, HEADER_SIZE), strict=True):
        assert content[:2] == b"BM"
        assert (int.from_bytes(content[18:22], "little"), int.from_bytes(content[22:26], "little")) == size
        assert int.from_bytes(content[2:6], "little") == len(content)
    assert [path.read_bytes() for path in write_pictures(tmp_path)] == first


def test_the_longest_name_leaves_room_for_a_folder_of_a_user() -> None:
    usual = r"C:\Users\prenom.nom-de-famille\AppData\Local\Programs\enn-desktop" + "\\"
    assert len(usual) + file_list.LONGEST_NAME < 260
