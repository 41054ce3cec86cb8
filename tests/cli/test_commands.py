"""What a person or a script hears from the command line, without any platform."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from enn_desktop import __version__
from enn_desktop.archive.folder import DocumentsFolder
from enn_desktop.archive.metadata import DossierRecord, FileRecord
from enn_desktop.archive.sealing import seal
from enn_desktop.cli.main import main
from enn_desktop.core.exits import ExitCode
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.secret_vault import SecretVault

SECRET = "s3cr3t-très-long"
HOLDER = "Mme Martin-Dupré"
OBJECT = "Arrêté individuel de Mme Martin-Dupré"
IBAN = "FR7630006000011234567890189"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profil"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a documents folder with two dossiers, one complete and one not, as a run leaves them."""
    documents = DocumentsFolder(tmp_path / "Dossiers")
    documents.prepare()
    for number, complete in ((1, True), (2, False)):
        relative = f"Commune de Valbrume/Actes/2026/2026-03-1{number} {number}"
        place = documents.place_of(relative)
        (place / f"{IBAN}.pdf").write_bytes(b"%PDF-1.4 abc")
        record = DossierRecord(
            server="https://pastell.exemple.fr",
            id_d=f"AbCd12{number}",
            id_e="2",
            entity="Commune de Valbrume",
            type_id="actes-generique",
            family="actes",
            title=f"{OBJECT} {number}",
            number=f"2026_00{number}",
            state="acquiter-tdt",
            state_date="2026-03-12 10:00:00",
            created="2026-03-10 10:00:00",
            group="D" if complete else "U",
            word="Reçu en préfecture",
            final=complete,
            complete=complete,
            sealed=True,
            names_stable=True,
            files=[
                FileRecord(
                    field="arrete",
                    original=f"{IBAN}.pdf",
                    path=f"{IBAN}.pdf",
                    sha256="b3a63f2a1e5e7d5ae6bd4aa8e4d2f7be0b9b9d4d8a6a0f9d6b4ca2f7a0d1c3e5",
                    size=12,
                )
            ],
        )
        seal(place, record)
    return documents.root


def said(profile: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["--profile", str(profile), *arguments])
    found = capsys.readouterr()
    return code, found.out, found.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("envoyer",), "n’existe pas"),
        (("backup", "--urll", "x"), "n’existe pas"),
        (("backup", "--url"), "attend une valeur"),
        (("list", "--expiring", "demain"), "ne convient pas"),
        (("account", "add"), "Il manque"),
        (("verify", "trop"), "Mot en trop"),
    ],
)
def test_a_wrong_command_is_answered_in_french(
    arguments: tuple[str, ...], words: str, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(profile, capsys, *arguments)
    assert code == ExitCode.USAGE
    assert words in err
    assert "Traceback" not in err


def test_the_help_is_in_french(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(profile, capsys, "backup", "--help")
    assert "Utilisation" in out
    assert not [word for word in ("Usage:", "Show this message", "required]") if word in out]


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"enn-desktop {__version__}\n"


def test_a_run_without_any_account_says_how_to_add_one(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(profile, capsys, "backup")
    assert code == ExitCode.SETTINGS
    assert "account add" in err


def test_a_missing_password_variable_is_named(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(
        profile, capsys, "backup", "--url", "https://x.fr", "--user", "u", "--password-env", "ABSENTE", "--to", "d"
    )
    assert code == ExitCode.SETTINGS
    assert "ABSENTE" in err


def test_a_platform_that_does_not_answer_is_exit_5_and_json_says_why(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDP", SECRET)
    code, out, err = said(
        profile, capsys,
        "backup", "--url", "http://127.0.0.1:9", "--user", "u", "--password-env", "MDP", "--to", str(tmp_path / "d"),
        "--json",
    )  # fmt: skip
    report = json.loads(out)
    assert code == ExitCode.NETWORK == report["exit_code"]
    assert report["error"]["code"] == "injoignable"
    assert SECRET not in out + err


def test_what_is_known_is_listed_offline_most_urgent_first(
    profile: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(profile, capsys, "list", "--to", str(folder), "--json")
    found = json.loads(out)["dossiers"]
    assert code == 0
    assert len(found) == 2
    assert found[0]["removable_from"] <= found[1]["removable_from"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--pending",), ["AbCd122"]),
        (("--search", "martin 2026_001"), ["AbCd121"]),
        (("--search", "MARTIN-DUPRE"), ["AbCd121", "AbCd122"]),
        (("--search", "absent"), []),
        (("--search", IBAN[:8]), ["AbCd121", "AbCd122"]),
        (("--type", "Actes"), ["AbCd121", "AbCd122"]),
        (("--type", "actes-generique"), ["AbCd121", "AbCd122"]),
        (("--type", "helios-generique"), []),
        (("--expiring", "100000"), ["AbCd121", "AbCd122"]),
        (("--expiring", "-100000"), []),
    ],
)
def test_the_list_can_be_narrowed(
    options: tuple[str, ...], expected: list[str], profile: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = said(profile, capsys, "list", "--to", str(folder), "--json", *options)
    assert sorted(dossier["id"] for dossier in json.loads(out)["dossiers"]) == expected


def test_a_verification_finds_what_does_not_match_and_says_exit_8(
    profile: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(profile, capsys, "verify", "--to", str(folder), "--json")
    assert code == ExitCode.DAMAGED
    assert {finding["trouble"] for finding in json.loads(out)["findings"]} == {"changed"}
    _, out, _ = said(profile, capsys, "list", "--to", str(folder), "--json")
    assert not any(dossier["complete"] for dossier in json.loads(out)["dossiers"])


def test_the_diagnostic_holds_no_personal_data(
    profile: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDP", SECRET)
    account = ("account", "add", HOLDER, "--url", "https://pastell.exemple.fr", "--user", "martin")
    said(profile, capsys, *account, "--password-env", "MDP", "--no-test", "--to", str(folder))
    said(profile, capsys, "list", "--to", str(folder))
    code, out, err = said(profile, capsys, "diagnose", "--to", str(folder))
    logs = "".join(path.read_text("utf-8") for path in (profile / "journaux").glob("*"))
    assert code == 0
    for private in (HOLDER, "artin", OBJECT, IBAN, SECRET, "Valbrume", "exemple.fr", "martin", str(folder)):
        assert private not in out + err + logs


def test_an_account_is_kept_listed_and_removed_its_secret_in_the_vault_only(
    profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, memory_keyring: KeyringBackend
) -> None:
    monkeypatch.setattr("enn_desktop.system.secret_vault._SAFE", (type(memory_keyring).__module__,))
    monkeypatch.setenv("MDP", SECRET)
    add = ("account", "add", "Valbrume", "--url", "pastell.exemple.fr/api/v2/", "--user", "mairie")
    code, out, _ = said(profile, capsys, *add, "--password-env", "MDP", "--no-test")
    assert code == 0
    assert "trousseau" in out
    assert not [p for p in profile.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]
    assert SecretVault.of(profile_paths(profile)).recall("Valbrume") == SECRET
    assert SecretVault.of(profile_paths(profile.with_name("autre"))).recall("Valbrume") is None
    _, out, _ = said(profile, capsys, "account", "list", "--json")
    assert json.loads(out) == [
        {"name": "Valbrume", "url": "https://pastell.exemple.fr", "user": "mairie", "method": "mot-de-passe"}
    ]
    assert said(profile, capsys, "account", "remove", "Valbrume")[0] == 0
    assert SecretVault.of(profile_paths(profile)).recall("Valbrume") is None
    assert said(profile, capsys, "account", "remove", "Valbrume")[0] == ExitCode.SETTINGS


def test_a_vault_that_is_not_safe_is_said_and_the_secret_written_nowhere(
    profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDP", SECRET)
    add = ("account", "add", "Valbrume", "--url", "https://x.fr", "--user", "mairie")
    code, _, err = said(profile, capsys, *add, "--password-env", "MDP", "--no-test")
    assert code == 0
    assert "demandé à chaque fois" in err
    assert not [p for p in profile.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]


def test_a_bug_becomes_a_sentence_and_a_detail_without_data(
    profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, expected_warnings: object
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(OBJECT)

    del expected_warnings
    monkeypatch.setattr("enn_desktop.cli.list_command.select", fail)
    documents = DocumentsFolder(profile.parent / "Dossiers")
    documents.prepare()
    code, _, err = said(profile, capsys, "list", "--to", str(documents.root))
    assert code == ExitCode.BUG
    assert "RuntimeError" in err
    assert OBJECT not in err


def test_a_wrong_prepared_file_is_said_beside_the_result_which_comes_all_the_same(
    profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prereglages.toml").write_text("pas du toml", encoding="utf-8")
    monkeypatch.setattr("enn_desktop.system.presets.program_folder", lambda: tmp_path)
    code, out, err = said(profile, capsys, "account", "list")
    assert code == ExitCode.OK
    assert "Aucun compte" in out
    assert f"{tmp_path / 'prereglages.toml'}" in err
    assert "Appelez votre prestataire informatique" in err
