"""The wrappers called for real, by a Windows Python under Wine: types, structures, texts and handles are right.

It is not run with the others: ``.venv/bin/python -m pytest -m wine tests/signing_key/windows``. It needs Debian's
``wine64`` and one download (11 MB, checked by its hash); half a minute in all. What Wine cannot prove: it has no card
service, says nothing of « Impl Type », and compares no public key when it is asked to.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from enn_desktop.signing_key.windows.registry import CALAIS
from tests.house.source_tree import PROJECT
from tests.wine.prefix import Wine
from tests.wine.windows_python import unpack_python

pytestmark = pytest.mark.wine

SCRIPT = Path(__file__).with_name("wine_script.py")
SOFTWARE = "Microsoft Enhanced Cryptographic Provider v1.0"
CARD_READERS = "{50DD5230-BA8A-11D1-BF5D-0000F805F530}"
USB_CLASS = "{36FC9E60-C465-11CF-8056-444553540000}"
WIDE_KEY = rf"HKEY_LOCAL_MACHINE\{CALAIS}"
NARROW_KEY = WIDE_KEY.replace("SOFTWARE", r"SOFTWARE\Wow6432Node")
USB_KEY = r"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Enum\USB"
ATR = "3b,d5,18,00,81,31,3a,7d,80,73,c8,21,10"
COMPATIBLE = b"USB\\DevClass_00\0USB\\Class_0B\0\0".hex(",")
REGISTRY = f"""REGEDIT4

[{WIDE_KEY}\\eToken]
"ATR"=hex:{ATR},30
"ATRMask"=hex:ff,ff,ff,ff,ff,ff,ff,ff,ff,ff,ff,ff,ff,ff
"80000001"="eTOKMD.dll"
"Crypto Provider"="eToken Base Cryptographic Provider"

[{NARROW_KEY}\\Ancienne]
"ATR"=hex:{ATR},31

[{USB_KEY}\\VID_0529&PID_0620\\AB12CD34EF]
"ClassGUID"="{CARD_READERS}"

[{USB_KEY}\\VID_1234&PID_ABCD\\AB12CD34EF]
"ClassGUID"="{USB_CLASS}"
"CompatibleIDs"=hex(7):{COMPATIBLE}

[{USB_KEY}\\VID_046D&PID_C077\\5]
"ClassGUID"="{USB_CLASS}"
"""


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """Make a Windows with a driver of a card, keys plugged in, and nothing in the store."""
    made = Wine(tmp_path_factory.mktemp("wine"))
    try:
        made.prepare()
        written = made.folder / "registry.reg"
        written.write_text(REGISTRY, encoding="ascii")
        made.run("regedit", "/S", made.path(written))
        system = made.drive / "windows" / "system32"
        shutil.copy(system / "version.dll", system / "eTPKCS11.dll")
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def windows_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack Python for Windows."""
    return unpack_python(tmp_path_factory.mktemp("python"))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make three certificates: one with its key, one whose note will name the first one's key, one of a lost key."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("mine", "other", "ghost"):
        key, certificate = _certificate(name)
        (folder / f"{name}.der").write_bytes(certificate.public_bytes(serialization.Encoding.DER))
        if name == "mine":
            # The only locking that Windows of every age, and Wine, can open.
            old = serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2000)
            locked = old.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())  # noqa: S303 - idem
            pfx = pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, locked.build(b"essai"))
            (folder / "mine.pfx").write_bytes(pfx)
    (folder / "text.dll").write_text("not a library", encoding="ascii")
    return {path.name: path for path in folder.iterdir()}


def _certificate(name: str) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now).not_valid_after(now + timedelta(days=2))
    return key, dated.sign(key, hashes.SHA256())


@pytest.fixture(scope="module")
def seen(wine: Wine, windows_python: Path, certificates: dict[str, Path]) -> dict[str, Any]:
    """Return what the wrappers saw there."""
    folder = certificates["mine.der"].parent
    said = wine.run(str(windows_python), "-X", "utf8", f"Z:{SCRIPT}", f"Z:{PROJECT}", f"Z:{folder}")
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return answer


def test_the_process_is_narrowed_to_system32_which_may_not_be_asked_together_with_the_librarys_folder(
    seen: dict[str, Any],
) -> None:
    assert seen["harden"] is None
    assert seen["whole process with the library's folder"] == 87


def test_services_are_told_apart(seen: dict[str, Any]) -> None:
    assert seen["services"] == ["ABSENT", "ABSENT", "ABSENT"]
    assert seen["a service that runs"] == "RUNNING"
    assert seen["remote"] is False


def test_keys_are_found_among_usb_devices_by_number_or_by_what_they_say_of_themselves(seen: dict[str, Any]) -> None:
    assert seen["usb"] == [[0x0529, 0x0620, "SafeNet eToken 5100/5110", True], [0x1234, 0xABCD, "", True]]


def test_drivers_are_found_in_both_views_of_the_registry(seen: dict[str, Any]) -> None:
    assert seen["registered"] == ["eToken", "eTOKMD.dll", "eToken Base Cryptographic Provider", "", 64]
    assert seen["registered elsewhere"] == ["Ancienne", "", "", "", 32]


def test_modules_are_found_under_windows_own_folders(seen: dict[str, Any]) -> None:
    assert seen["folders"] == {
        "system32": r"C:\windows\system32",
        "syswow64": r"C:\windows\syswow64",
        "program_files": r"C:\Program Files",
        "program_files_x86": r"C:\Program Files (x86)",
    }
    assert seen["files"] == [["SafeNet Authentication Client", r"C:\windows\system32\eTPKCS11.dll", "X64"]]
    assert seen["allowed"] == [True, False]


def test_modules_that_do_not_load_give_their_number(seen: dict[str, Any]) -> None:
    not_there, not_a_library, not_a_module = 126, 193, 127
    assert seen["loads"] == [not_there, not_a_library, not_a_module]


def test_the_store_tells_each_certificate_its_provider_and_what_the_key_answered(
    seen: dict[str, Any], certificates: dict[str, Path]
) -> None:
    assert seen["empty store"] == []
    assert seen["note"] > 48
    told = {one.pop("der"): one for one in seen["store"]}
    named = {name: told[hashlib.sha256(certificates[f"{name}.der"].read_bytes()).hexdigest()] for name in SEEN}
    assert named == SEEN
    assert len(told) == 3


SOFTWARE_KEY = {"provider": SOFTWARE, "kind": 1, "hardware": False}
SEEN = {
    "mine": SOFTWARE_KEY | {"answer": "ANSWERS", "code": 0},
    # Windows would answer 0x80090015: Wine takes the question and compares nothing.
    "other": SOFTWARE_KEY | {"answer": "ANSWERS", "code": 0},
    # Windows documents 0x80090016 for this; Wine makes every failure of a provider 0x8009200B.
    "ghost": SOFTWARE_KEY | {"answer": "ABSENT", "code": 0x8009_200B},
}


def test_no_handle_is_left_open(seen: dict[str, Any]) -> None:
    assert seen["handles left"] == 0
