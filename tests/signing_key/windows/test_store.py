"""The store's certificates and the silent question to each key; whatever happens, every handle goes back."""

from __future__ import annotations

import msgspec
import pytest

from enn_desktop.signing_key.values import KeyAnswer
from enn_desktop.signing_key.windows import api, store
from enn_desktop.system.windows_dll import Prototype
from tests.signing_key.windows.fake_windows import FakeCertificate, FakeStore

KSP, CSP = "Microsoft Smart Card Key Storage Provider", "eToken Base Cryptographic Provider"
SOFTWARE_KSP = "Microsoft Software Key Storage Provider"
SOFTWARE_CSP = "Microsoft Enhanced Cryptographic Provider v1.0"
HARDWARE, SOFTWARE, REMOVABLE = 1, 2, 8
DER = bytes.fromhex("3082010a02820101")


def only(fake: FakeStore) -> store.StoreEntry:
    """Return the one entry of a store, everything given back."""
    (entry,) = store.entries(fake.libraries)
    assert fake.left_open == []
    return entry


def test_a_certificate_of_a_card_comes_out_with_its_provider_and_its_keys_answer() -> None:
    fake = FakeStore([FakeCertificate(DER)], {KSP: HARDWARE | REMOVABLE})
    assert only(fake) == store.StoreEntry(DER, KSP, 0, hardware=True, answer=KeyAnswer.ANSWERS, key_code=0)


def test_a_key_behind_a_provider_of_the_old_kind_is_asked_and_given_back() -> None:
    fake = FakeStore([FakeCertificate(DER, CSP, 1, spec=1)], {CSP: REMOVABLE | 3})
    assert only(fake) == store.StoreEntry(DER, CSP, 1, hardware=True, answer=KeyAnswer.ANSWERS, key_code=0)


def test_the_question_is_silent_compares_the_keys_and_writes_nothing() -> None:
    fake = FakeStore([FakeCertificate(DER)])
    only(fake)
    silent, compare, no_repair, new_keys = 0x40, 0x4, 0x8, 0x10000
    assert fake.flags == [silent | compare | no_repair | new_keys]


def test_no_function_that_signs_decrypts_writes_or_gives_a_pin_is_even_declared() -> None:
    declared = [one.name for one in vars(api).values() if isinstance(one, Prototype)]
    assert "CryptAcquireCertificatePrivateKey" in declared
    using = ("Sign", "Decrypt", "SetProp", "SetProvParam", "SetCert", "AddCert", "Delete", "GenKey", "SCard")
    assert [name for name in declared if any(word in name for word in using)] == []


@pytest.mark.parametrize(
    ("provider", "kind", "bits", "hardware"),
    [
        (KSP, 0, HARDWARE | REMOVABLE, True),
        (KSP, 0, REMOVABLE, True),
        (CSP, 1, HARDWARE, True),
        (CSP, 1, REMOVABLE | 3, True),
        (SOFTWARE_KSP, 0, SOFTWARE, False),
        (SOFTWARE_CSP, 1, SOFTWARE, False),
        ("Microsoft Platform Crypto Provider", 0, HARDWARE, False),
        ("Microsoft Passport Key Storage Provider", 0, HARDWARE, False),
        (CSP, 1, 4, None),
        (CSP, 1, 0, None),
        (KSP, 0, -1, None),
    ],
)
def test_a_provider_says_whether_its_keys_are_on_something_plugged_in(
    *, provider: str, kind: int, bits: int, hardware: bool | None
) -> None:
    spec = 1 if kind else 0xFFFF_FFFF
    fake = FakeStore([FakeCertificate(DER, provider, kind, spec=spec)], {provider: bits})
    assert only(fake).hardware is hardware


@pytest.mark.parametrize("kind", [0, 1])
def test_a_provider_that_is_not_installed_any_more_says_nothing(kind: int) -> None:
    fake = FakeStore([FakeCertificate(DER, "Gone Provider", kind, codes=[0x8009_0019])])
    entry = only(fake)
    assert (entry.hardware, entry.answer, entry.key_code) == (None, KeyAnswer.FAILS, 0x8009_0019)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (0x8009_0016, KeyAnswer.ABSENT),
        (0x8009_0022, KeyAnswer.ANSWERS),
        (0x8009_0015, KeyAnswer.OTHER_KEY),
        (0x8009_0014, KeyAnswer.FAILS),
        (0x8010_000C, KeyAnswer.ABSENT),
        (0x8010_0069, KeyAnswer.ABSENT),
        (0x8010_006E, KeyAnswer.NOT_ASKED),
        (0xC000_0001, KeyAnswer.FAILS),
    ],
)
def test_a_code_keeps_its_number_and_gets_its_meaning(code: int, answer: KeyAnswer) -> None:
    fake = FakeStore([FakeCertificate(DER, codes=[code])])
    entry = only(fake)
    assert (entry.answer, entry.key_code) == (answer, code)
    assert len(fake.flags) == 1


def test_a_failure_that_left_no_code_is_no_success() -> None:
    fake = FakeStore([FakeCertificate(DER)])
    fake.crypt.players["CryptAcquireCertificatePrivateKey"] = lambda *_: fake.crypt.fail(0)
    entry = only(fake)
    assert (entry.answer, entry.key_code) == (KeyAnswer.FAILS, 0x8000_4005)


def test_a_card_that_somebody_started_afresh_is_asked_once_more() -> None:
    fake = FakeStore([FakeCertificate(DER, codes=[0x8010_0068, 0])])
    assert only(fake).answer is KeyAnswer.ANSWERS
    assert len(fake.flags) == 2


def test_a_card_started_afresh_again_and_again_is_asked_twice_in_all() -> None:
    fake = FakeStore([FakeCertificate(DER, codes=[0x8010_0068])])
    assert only(fake).key_code == 0x8010_0068
    assert len(fake.flags) == 2


def test_a_key_that_windows_keeps_is_not_given_back_by_us() -> None:
    fake = FakeStore([FakeCertificate(DER, ours=False)])
    only(fake)
    assert "NCryptFreeObject" not in fake.ncrypt.called
    assert "CryptReleaseContext" not in fake.advapi.called


def test_somebody_elses_certificate_is_passed_over_and_its_key_not_asked() -> None:
    fake = FakeStore([FakeCertificate(b"theirs", noted=False), FakeCertificate(DER)])
    assert only(fake).der == DER
    assert len(fake.flags) == 1


def test_an_empty_store_and_one_that_does_not_exist_hold_nothing() -> None:
    assert list(store.entries(FakeStore([]).libraries)) == []
    absent = FakeStore([FakeCertificate(DER)])
    absent.store_refused = 0x8007_0002
    assert list(store.entries(absent.libraries)) == []


def test_a_store_that_refuses_is_said() -> None:
    fake = FakeStore([])
    fake.store_refused = 5
    with pytest.raises(OSError, match="CertOpenStore: 0x00000005"):
        list(store.entries(fake.libraries))


def test_each_certificate_is_told_before_the_next_key_is_asked() -> None:
    fake = FakeStore([FakeCertificate(DER), FakeCertificate(b"second")])
    going = store.entries(fake.libraries)
    assert next(going).der == DER
    assert len(fake.flags) == 1
    going.close()  # type: ignore[attr-defined] # a generator
    assert fake.left_open == []


def test_nothing_stays_open_when_a_library_breaks_in_the_middle() -> None:
    fake = FakeStore([FakeCertificate(DER), FakeCertificate(b"second")])

    def broken(*_: object) -> int:
        raise OSError(127, "crypt32 has no such function")

    fake.crypt.players["CryptAcquireCertificatePrivateKey"] = broken
    with pytest.raises(OSError, match="no such function"):
        list(store.entries(fake.libraries))
    assert fake.left_open == []


def test_the_containers_name_never_comes_out() -> None:
    entry = only(FakeStore([FakeCertificate(DER, container="Camille EXEMPLE 1985")]))
    assert "Camille" not in repr(entry)


def test_an_entry_goes_through_json_and_back() -> None:
    entry = only(FakeStore([FakeCertificate(DER)], {KSP: 9}))
    assert msgspec.json.decode(msgspec.json.encode(entry), type=store.StoreEntry) == entry
