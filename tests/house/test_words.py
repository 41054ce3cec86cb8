"""The words: none that promises what cannot be proved, none of a machine or a workplace, French signs in French."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, PROJECT, in_plain_signs, own_files, python_files, texts, where

NEVER_SAID = (
    r"coffre[- ]fort",
    r"archivage légal",
    r"archives? légales?",
    r"valeurs? (?:probantes?|légales?)",
    r"infalsifiables?",
    r"ser(?:a|ont) supprimée?s?",
    r"données (?:sont|restent) en sécurité",
    r"exécutoires?",
    r"validée?s? par la (?:préfecture|trésorerie)",
    r"notifiée?s? à tous",
    r"signatures? (?:est |sont )?(?:valides?|valables?)",
    r"vous pouvez signer",
    r"synchronis\w+",
    r"preuve légale",
)
"""What the program cannot prove, or does not do: each of these once misled somebody about a local copy."""
_SAID = re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in NEVER_SAID))
ELSEWHERE = (
    r"(?<![\w.:/~-])/(?:home|root|work|farm|Users|tmp/w)/",
    r"\bshared[/](?:reference|recordings|design|hooks)",
    r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|deb[.]debian",
)
"""Folders of one developer's machine, and hosts that an installation may replace."""
_ELSEWHERE = re.compile("|".join(ELSEWHERE))
_STRAIGHT = re.compile(r"[a-zà-ÿ]'[a-zà-ÿ]")
_UNSPACED = re.compile(r"\w [:;!?](?:\s|$)|« (?=\w)|«\w|\w »|\w»")
_FRENCH = re.compile(r"[àâçèéêëîïôùûœ]|\b(?:le|la|les|des|du|une|pour|dans|est|sur|avec)\b", re.IGNORECASE)


def wrong_signs(text: str, *, ours: bool = True) -> list[str]:
    """Return what is wrong with the typography of a French text: spaces before signs, guillemets, apostrophes.

    Not ``ours``: the text may quote what Pastell says, with its straight apostrophes.
    """
    if " " not in text or not _FRENCH.search(text):
        return []
    straight = _STRAIGHT.finditer(text) if ours else ()
    return [match.group() for match in (*straight, *_UNSPACED.finditer(text))]


def shown_files() -> list[Path]:
    """Return the files whose strings a user may see."""
    return python_files(PACKAGE, PROJECT / "installer")


def typeset_files() -> list[Path]:
    """Return the files whose sentences are ours: the demonstration speaks as Pastell does."""
    return [path for path in shown_files() if PACKAGE / "demo" not in path.parents]


@pytest.mark.parametrize("path", shown_files(), ids=where)
def test_no_sentence_promises_what_cannot_be_proved(path: Path) -> None:
    said = [f"{where(path, line)} {text!r}" for line, text in texts(path) if _SAID.search(in_plain_signs(text))]
    assert said == []


def test_no_resource_promises_what_cannot_be_proved() -> None:
    texts_shipped = {
        where(path): in_plain_signs(path.read_text(encoding="utf-8"))
        for path in own_files(PROJECT / "resources")
        if path.suffix in {".toml", ".html", ".txt", ".json", ".svg", ".css"}
    }
    assert texts_shipped
    assert [name for name, text in texts_shipped.items() if _SAID.search(text)] == []


@pytest.mark.parametrize("path", typeset_files(), ids=where)
def test_french_sentences_are_set_in_french_signs(path: Path) -> None:
    said = texts(path, docstrings="cli" in path.parts)
    ours = "pastell" not in path.parts
    wrong = [f"{where(path, line)} {signs}" for line, text in said if (signs := wrong_signs(text, ours=ours))]
    assert wrong == []


def test_no_file_names_a_machine_or_a_workplace() -> None:
    named = []
    for path in own_files():
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if _ELSEWHERE.search(line):
                named.append(f"{where(path, number)} {line.strip()[:80]}")
    assert named == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Vos documents sont dans un coffre-fort.",
        "Copie à valeur probante",
        "Le dossier sera supprimé le 11 mai.",
        "Vos données sont en\u00a0sécurité",
        "Signature valide",
        "La synchronisation a échoué.",
    ],
)
def test_the_checker_hears_a_false_promise(sentence: str) -> None:
    assert _SAID.search(in_plain_signs(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Peut être supprimé de la plateforme à partir du 11 mai 2026",
        "Signature présente",
        "Copie sur ce poste, complète",
    ],
)
def test_the_checker_lets_a_proof_pass(sentence: str) -> None:
    assert not _SAID.search(in_plain_signs(sentence))


@pytest.mark.parametrize(
    "text", ["le dossier d'hier", "Le disque est plein !", "dans « ce dossier »", "dans «ce dossier»"]
)
def test_the_checker_sees_signs_that_are_not_french(text: str) -> None:
    assert wrong_signs(text)


@pytest.mark.parametrize(
    "text",
    ["le dossier d’hier", "Le disque est plein\u202f!", "dans «\u00a0ce dossier\u00a0»", "it's not French", "a : b"],
)
def test_the_checker_lets_right_signs_pass(text: str) -> None:
    assert not wrong_signs(text)


@pytest.mark.parametrize("line", ["see /ho" + "me/anne/notes", "https://py" + "pi.org/simple"])
def test_the_checker_sees_a_machine(line: str) -> None:
    assert _ELSEWHERE.search(line)
