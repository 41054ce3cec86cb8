"""Every state that a Linux computer can be in, brought about with real components, and the exact sentence for it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from smartcard import scard

from enn_desktop.core.cancel import CancelToken
from enn_desktop.signing_key import check
from enn_desktop.signing_key.check import check_key
from enn_desktop.signing_key.sentences import message
from enn_desktop.signing_key.surroundings import Surroundings
from enn_desktop.signing_key.values import Choice, KeyState, Look, Rung
from tests.signing_key.rig_computer import another_program_has, computer, look_at, offer_pin, opensc, verdict_of
from tests.signing_key.rigs import needs
from tests.signing_key.rigs.bad_modules import BadModules
from tests.signing_key.rigs.certificates import Authority, Issued
from tests.signing_key.rigs.fake_card import FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService
from tests.signing_key.rigs.piv_card import PivCard
from tests.signing_key.rigs.softhsm import OFFICER_PIN, SoftHsm
from tests.signing_key.rigs.usb_key import ATR, MUTE, Key, UsbRig

UNKNOWN_ATR = bytes.fromhex("3B0211223344")
SHORT_S = 1.0
"""Instead of eight seconds: what hangs, hangs."""


def said(here: Surroundings, choice: Choice | None = None) -> tuple[KeyState, str]:
    """Return the state, and the sentence for it, of one check."""
    verdict = verdict_of(look_at(here), choice)
    return verdict.state, message(verdict)


def piv_says(
    card_service: CardService, *, authentication: Issued | None = None, signature: Issued | None = None
) -> tuple[KeyState, str]:
    """Return what is said of a PIV card with these certificates."""
    with PivCard(card_service.slots[0], authentication=authentication, signature=signature) as card:
        card.await_power()
        return said(computer(opensc()))


# -- service, USB, reader ------------------------------------------------------------------------------------


def test_no_card_service(stopped_card_service: CardService) -> None:
    assert not stopped_card_service.running
    assert said(computer()) == (
        KeyState.SERVICE_DISABLED,
        "Le service “Carte à puce” est désactivé sur ce poste.",
    )


def test_a_card_service_that_hangs(card_service: CardService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "SERVICE_S", 0.2)
    here = computer()
    os.kill(card_service.pid, signal.SIGSTOP)
    try:
        state, sentence = said(here)
    finally:
        os.kill(card_service.pid, signal.SIGCONT)
        assert here.asking is not None
        here.asking.join(5)
    assert (state, sentence) == (KeyState.SERVICE_SILENT, "Ce poste ne répond pas au sujet des cartes à puce.")


def test_no_key(usb_rig: UsbRig) -> None:
    assert said(computer(usb=usb_rig.root)) == (KeyState.KEY_ABSENT, "Aucune clé de signature branchée.")


def test_a_key_that_nothing_drives(usb_rig: UsbRig) -> None:
    assert usb_rig.plug(Key("abcd", "0001", "Essai", "Clé", place="1-3")) == ""
    assert said(computer(usb=usb_rig.root)) == (
        KeyState.USB_UNUSED,
        "La clé est branchée mais ce poste ne l’utilise pas encore.",
    )


# -- card ----------------------------------------------------------------------------------------------------


def test_a_reader_without_a_card(card_service: CardService) -> None:
    assert card_service.running
    assert said(computer()) == (KeyState.READER_EMPTY, "Le lecteur est là, mais sans carte.")


def test_a_card_that_cannot_be_powered(usb_rig: UsbRig) -> None:
    usb_rig.plug(atr=MUTE)
    assert said(computer(opensc(), usb=usb_rig.root)) == (KeyState.CARD_MUTE, "La carte ne répond pas.")


def test_a_card_that_another_program_has_for_itself(piv_card: PivCard) -> None:
    with another_program_has(piv_card.slot.reader, scard.SCARD_SHARE_EXCLUSIVE):
        assert said(computer(opensc())) == (KeyState.CARD_BUSY, "Un autre logiciel utilise la clé en ce moment.")
    assert piv_card.inside


def test_a_card_that_nobody_knows(card_service: CardService) -> None:
    with FakeCard(card_service.slots[0], atr=UNKNOWN_ATR) as card:
        card.await_power()
        assert said(computer(opensc())) == (
            KeyState.CARD_UNKNOWN,
            "Carte reconnue par l’ordinateur, mais modèle non répertorié ici.",
        )


# -- driver --------------------------------------------------------------------------------------------------


def test_no_driver(piv_card: PivCard) -> None:
    assert said(computer()) == (KeyState.DRIVER_ABSENT, "Le pilote de votre clé n’est pas installé.")
    assert piv_card.commands == []


@pytest.mark.parametrize(
    ("module", "state", "sentence"),
    [
        ("needs_another", KeyState.DRIVER_INCOMPLETE, "Le pilote est installé mais ne se charge pas (code\u00a0126)."),
        ("no_module", KeyState.DRIVER_INCOMPLETE, "Le pilote est installé mais ne se charge pas (code\u00a0127)."),
        ("for_32_bits", KeyState.DRIVER_32_BITS, "Seule la version 32\u00a0bits du pilote est installée."),
        ("crashes", KeyState.DRIVER_CRASHED, "Le pilote de la clé s’est arrêté."),
        ("leaves", KeyState.DRIVER_CRASHED, "Le pilote de la clé s’est arrêté."),
        ("hangs", KeyState.DRIVER_HUNG, "Le pilote de la clé n’a pas répondu en 8\u00a0secondes."),
    ],
)
def test_a_driver_that_fails(  # noqa: PLR0913, PLR0917 - three of them are one case
    piv_card: PivCard,
    bad_modules: BadModules,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    state: KeyState,
    sentence: str,
) -> None:
    monkeypatch.setattr(check, "DEADLINE_S", SHORT_S)
    assert said(computer(getattr(bad_modules, module))) == (state, sentence)
    assert piv_card.inside


# -- certificate ---------------------------------------------------------------------------------------------


def test_a_card_without_a_certificate(card_service: CardService) -> None:
    assert piv_says(card_service) == (
        KeyState.CERT_ABSENT,
        "La clé répond, mais aucun certificat n’apparaît sur ce poste.",
    )


def test_a_certificate_whose_key_is_another_one(softhsm: SoftHsm, authority: Authority, fake_card: FakeCard) -> None:
    """The certificate was renewed, and the token still holds the key of the old one in its place."""
    fake_card.insert().await_power()
    number = softhsm.add(authority.authentication())
    put(softhsm, authority.signature().der, "cert", number)
    look = look_at(computer(softhsm.module))
    assert {one.answer.value for one in look.certificates} == {"répond", "une autre clé est branchée"}


def put(token: SoftHsm, der: bytes, kind: str, number: str) -> None:
    file = token.folder / "object.der"
    file.write_bytes(der)
    command = [needs.program("pkcs11-tool"), "--module", str(token.module), "--login", "--pin", token.pin]
    command += ["--token-label", token.label, "--write-object", str(file), "--type", kind, "--id", number]
    subprocess.run(command, capture_output=True, check=True)


def test_a_card_that_is_ready(card_service: CardService, authority: Authority) -> None:
    assert piv_says(card_service, signature=authority.dual()) == (
        KeyState.OK,
        "Clé prête. Certificat de Camille EXEMPLE, valable jusqu’au 24 novembre 2028.",
    )


def test_a_certificate_that_ends_soon(card_service: CardService, authority: Authority) -> None:
    assert piv_says(card_service, signature=authority.ending_in(30)) == (
        KeyState.OK_SOON,
        "Clé prête. Le certificat expire le 25 décembre 2026 (dans 30 jours).",
    )


def test_a_certificate_that_has_ended(card_service: CardService, authority: Authority) -> None:
    assert piv_says(card_service, signature=authority.expired()) == (
        KeyState.CERT_EXPIRED,
        "Le certificat de Camille EXEMPLE a expiré le 26 octobre 2026.",
    )


def test_a_certificate_that_has_not_begun(card_service: CardService, authority: Authority) -> None:
    assert piv_says(card_service, signature=authority.future()) == (
        KeyState.CERT_FUTURE,
        "Ce certificat n’est valable qu’à partir du 5 décembre 2026.",
    )


def test_a_key_that_only_logs_in(card_service: CardService, authority: Authority) -> None:
    assert piv_says(card_service, authentication=authority.authentication()) == (
        KeyState.CERT_AUTH_ONLY,
        "Cette clé sert à se connecter, pas à signer.",
    )


def test_a_key_that_only_signs(card_service: CardService, authority: Authority) -> None:
    assert piv_says(card_service, signature=authority.without_client_purpose()) == (
        KeyState.CERT_SIGN_ONLY,
        "Cette clé sert à signer, pas à se connecter à S²LOW.",
    )


def test_the_keys_of_several_persons(softhsm: SoftHsm, authority: Authority, fake_card: FakeCard) -> None:
    fake_card.insert().await_power()
    softhsm.add(authority.dual())
    softhsm.add(authority.signature("Dominique EXEMPLE"))
    here = computer(softhsm.module)
    assert said(here) == (KeyState.SEVERAL, "2 certificats utilisables.")
    chosen = look_at(here).certificates[0].certificate
    assert said(here, Choice(chosen.fingerprint))[0] is not KeyState.SEVERAL


# -- PIN -----------------------------------------------------------------------------------------------------


def test_one_try_left(piv_card: PivCard) -> None:
    for _ in range(2):
        assert offer_pin(opensc(), "000000") != 0
    assert said(computer(opensc())) == (
        KeyState.PIN_LAST_TRY,
        "Attention\u00a0: il ne reste qu’un essai de code PIN.",
    )
    assert piv_card.tries_left == 1


def test_no_try_left(piv_card: PivCard) -> None:
    for _ in range(3):
        assert offer_pin(opensc(), "000000") != 0
    assert said(computer(opensc())) == (KeyState.PIN_LOCKED, "Le code PIN est bloqué.")
    assert piv_card.tries_left == 0


def test_a_token_that_was_never_activated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_card: FakeCard) -> None:
    fake_card.insert().await_power()
    token = SoftHsm(tmp_path)
    (tmp_path / "tokens").mkdir()
    config = f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\nslots.removable = true\n"
    token.config.write_text(config, encoding="utf-8")
    monkeypatch.setenv("SOFTHSM2_CONF", str(token.config))
    tool = [needs.program("pkcs11-tool"), "--module", str(token.module)]
    begin = ["--slot-index", "0", "--init-token", "--label", "NEUVE", "--so-pin", OFFICER_PIN]
    subprocess.run([*tool, *begin], capture_output=True, check=True)
    assert said(computer(token.module)) == (
        KeyState.PIN_TO_CHANGE,
        "La clé doit d’abord être activée avec l’outil de votre autorité.",
    )


# -- not to the end ------------------------------------------------------------------------------------------


def test_a_check_on_its_way(piv_card: PivCard) -> None:
    told: list[Look] = []
    check_key(computer(opensc()), CancelToken(), told.append)
    so_far = next(look for look in told if Rung.CARD in look.done and Rung.CERTIFICATE not in look.done)
    verdict = verdict_of(so_far)
    assert (verdict.state, message(verdict)) == (KeyState.UNDETERMINED, "Vérification incomplète.")
    assert piv_card.inside


def test_a_key_by_its_usb_and_its_reader_and_without_a_driver(usb_rig: UsbRig) -> None:
    usb_rig.plug(atr=ATR)
    look = look_at(computer(usb=usb_rig.root))
    assert (look.usb[0].name, look.driver.family) == (
        "SafeNet eToken 5100/5110",
        "SafeNet eToken Java (5100/5110)",
    )
    assert verdict_of(look).state is KeyState.DRIVER_ABSENT
