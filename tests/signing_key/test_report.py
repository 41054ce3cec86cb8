"""What is copied for the contractor helps to repair, and tells nobody's name."""

from __future__ import annotations

import json
from dataclasses import replace

from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.report import as_json, report_text
from enn_desktop.signing_key.values import (
    ChildEnd,
    Driver,
    DriverFile,
    KeyAnswer,
    Look,
    Machine,
    PinFlags,
    ProbeEnd,
    Reader,
)
from tests.house.test_words import wrong_signs
from tests.signing_key.situations import ATR, FULL, HOLDER, NOW, certificate, in_module, in_store, on_linux, plugged

SALT = b"this installation"
BROKEN = plugged(
    in_store(answer=KeyAnswer.FAILS, code=0x80090014),
    readers=(replace(FULL, name="Token JC (0011223344) 00 00"), Reader("Windows Hello 1", FULL.state, ignored=True)),
    probes=(
        ProbeEnd("store", ChildEnd.ANSWERED, loaded=True),
        ProbeEnd(r"C:\Windows\System32\eTPKCS11.dll", ChildEnd.ANSWERED, loaded=False, code=126),
        ProbeEnd("y.dll", ChildEnd.ANSWERED, loaded=True, tokens=1, pin=PinFlags(low=True, last_try=True)),
    ),
)


def report(look: Look, salt: bytes = SALT) -> str:
    return report_text(look, judge(look, NOW), salt)


def test_the_report_holds_what_a_contractor_looks_up() -> None:
    text = report(BROKEN)
    for fact in (
        "CLE_NE_REPOND_PAS",
        "0x80090014 NTE_BAD_PROV_TYPE",
        "12 mars 2026",
        "0529:0620 SafeNet eToken 5100/5110",
        "Token JC 00 00",
        f"ATR {ATR.hex().upper()}",
        "laissé de côté",
        "eToken Java",
        "eTPKCS11.dll, x64",
        "126 ERROR_MOD_NOT_FOUND",
        "COUNT_LOW, FINAL_TRY",
        "AC de démonstration",
        "Microsoft Smart Card Key Storage Provider",
        "KSP",
        "jours restants",
    ):
        assert fact in text
    assert text.endswith("\n")
    assert all(wrong_signs(line) == [] for line in text.splitlines())


def test_the_report_holds_no_name_no_serial_no_folder_and_no_whole_fingerprint() -> None:
    text = report(BROKEN)
    for secret in (HOLDER, "EXEMPLE", "TESTVILLE", "0011223344", "C:", "System32", certificate().fingerprint[:12]):
        assert secret not in text


def test_two_installations_name_the_same_certificate_differently_and_one_always_alike() -> None:
    assert report(BROKEN) == report(BROKEN)
    assert report(BROKEN) != report(BROKEN, b"another")


def test_an_issuer_that_is_the_holder_and_an_address_are_masked() -> None:
    own = certificate(issuer=f"AC {HOLDER.upper()} camille@exemple.fr")
    look = plugged(in_store(own))
    assert "émis par AC … …" in report(look)
    assert as_json(judge(look, NOW))["certificate"]
    told = json.dumps(as_json(judge(look, NOW)), ensure_ascii=False)
    assert HOLDER.upper() not in told
    assert "@" not in told


def test_a_driver_under_a_profile_is_named_by_its_file_alone() -> None:
    stray = DriverFile("Bit4id", r"C:\Users\camille\bit4xpki.dll", Machine.X64)
    probe = ProbeEnd("/home-of/camille/y.so", ChildEnd.HUNG)
    text = report(plugged(driver=Driver("", "", (stray,)), probes=(probe,)))
    assert "bit4xpki.dll" in text
    assert "y.so" in text
    assert "camille" not in text


def test_what_was_not_looked_at_is_said_to_be_unknown() -> None:
    nothing = Look(windows=True)
    text = report(nothing)
    assert text.count("non vérifié") == 7
    assert "Services" not in text


def test_codes_of_a_module_are_written_as_its_makers_do() -> None:
    text = report(on_linux(in_module(answer=KeyAnswer.FAILS, code=0x30)))
    assert "0x30 CKR_DEVICE_ERROR" in text


def test_the_json_is_plain_and_names_nobody() -> None:
    told = as_json(judge(BROKEN, NOW))
    assert json.loads(json.dumps(told)) == told
    assert (told["state"], told["code"]) == ("CLE_NE_REPOND_PAS", "0x80090014")
    ladder = told["ladder"]
    assert isinstance(ladder, list)
    assert [line["rung"] for line in ladder] == ["service", "usb", "reader", "card", "driver", "certificate", "key"]
    assert ladder[-1]["standing"] == "bad"
    certificate_told = told["certificate"]
    assert isinstance(certificate_told, dict)
    assert (certificate_told["usage"], certificate_told["answer"]) == ("both", "fails")
    assert "EXEMPLE" not in json.dumps(told)
    assert certificate().fingerprint not in json.dumps(told)


def test_the_json_of_a_verdict_without_certificate_says_so() -> None:
    told = as_json(judge(plugged(), NOW))
    assert told["certificate"] is None
    assert told["certificates"] == 0
    assert told["remedy"]
