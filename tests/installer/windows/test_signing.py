"""Files signed with osslsigncode for real: a good signature passes, everything else stops the build."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from installer.failures import Outcome
from installer.windows.signing import Signer, SigningError
from tests.installer.windows.own_certificate import VARIABLE, own_signer
from tests.wine.prefix import COMPILER


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make the smallest program of Windows."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "program.c").write_text("int main(void) { return 0; }", encoding="ascii")
    subprocess.run([COMPILER, "-s", "-o", "program.exe", "program.c"], cwd=folder, timeout=60, check=True)
    return (folder / "program.exe").read_bytes()


@pytest.fixture
def program(made: bytes, tmp_path: Path) -> Path:
    """Return a program that is not signed."""
    path = tmp_path / "program.exe"
    path.write_bytes(made)
    return path


def test_a_signed_program_is_accepted(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = own_signer(tmp_path, monkeypatch)
    signer.sign(program)
    signer.verify(program)
    assert [path.name for path in tmp_path.iterdir() if path.suffix not in {".p12", ".pem"}] == ["program.exe"]


def test_a_program_that_nobody_signed_is_refused(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SigningError, match="n’est pas bonne") as refused:
        own_signer(tmp_path, monkeypatch).verify(program)
    assert refused.value.outcome is Outcome.REFUSED_FILE


def test_a_program_changed_after_its_signature_is_refused(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = own_signer(tmp_path, monkeypatch)
    signer.sign(program)
    content = bytearray(program.read_bytes())
    content[0x400] ^= 1
    program.write_bytes(content)
    with pytest.raises(SigningError):
        signer.verify(program)


def test_a_program_signed_by_somebody_else_is_refused_even_where_both_are_trusted(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = (own_signer(tmp_path, monkeypatch, name=name) for name in ("Nous", "Autrui"))
    trusted = tmp_path / "both.pem"
    trusted.write_bytes(ours.roots.read_bytes() + theirs.roots.read_bytes())
    replace(theirs, roots=trusted).sign(program)
    with pytest.raises(SigningError):
        replace(ours, roots=trusted).verify(program)


def test_a_signature_that_leads_to_no_known_authority_is_refused_and_the_file_left_as_it_was(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = (own_signer(tmp_path, monkeypatch, name=name) for name in ("Nous", "Autrui"))
    before = program.read_bytes()
    with pytest.raises(SigningError):
        replace(ours, roots=theirs.roots).sign(program)
    assert program.read_bytes() == before


def test_a_certificate_that_has_ended_signs_nothing(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SigningError, match="périmé"):
        own_signer(tmp_path, monkeypatch, ended=True).sign(program)


def test_a_wrong_password_is_said_without_being_told(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = own_signer(tmp_path, monkeypatch)
    monkeypatch.setenv(VARIABLE, "s3cret-de-travers")
    with pytest.raises(SigningError, match="ne s’ouvre pas") as refused:
        signer.sign(program)
    assert "s3cret" not in str(refused.value)


def test_a_time_stamp_that_was_asked_for_and_did_not_come_stops_the_build(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = replace(own_signer(tmp_path, monkeypatch), timestamp="http://127.0.0.1:9/")
    with pytest.raises(SigningError, match="n’a pas pu être signé"):
        signer.sign(program)


def test_the_line_given_to_makensis_signs_and_holds_no_secret(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = own_signer(tmp_path, monkeypatch)
    line = signer.shell_command(str(program), tmp_path)
    script = (tmp_path / "signer.sh").read_text(encoding="utf-8")
    assert "été" not in line + script
    assert sys.executable in script
    subprocess.run(line, shell=True, timeout=60, check=True, cwd="/")  # noqa: S602 - makensis runs it so
    signer.verify(program)


def test_the_line_for_makensis_has_no_quote_of_a_shell_even_for_a_key_on_a_token(tmp_path: Path) -> None:
    driver, certificate = tmp_path / "Mes pilotes" / "p.so", tmp_path / "c.pem"
    signer = Signer(certificate, module=driver, key="pkcs11:token=ENN;object=clé de signature")
    line = signer.shell_command("%1", tmp_path)
    assert line == f'sh {tmp_path}/signer.sh "%1"'
    assert "pkcs11:token=ENN;object=clé de signature" in (tmp_path / "signer.sh").read_text(encoding="utf-8")
