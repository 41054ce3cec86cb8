"""Who signed a program file, and whether that holds: told by osslsigncode, from roots that are known beforehand."""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from installer.failures import Outcome, SetupError
from installer.windows.needs import AUTHORITIES
from installer.windows.runtime import LIBRARY, Given, refused
from installer.windows.workshop import Workshop, listed, sha256

FOUNDATION = "Python Software Foundation"
MICROSOFT_ROOT = "5367f20c7ade0e2bca790915056d086b720c33c1fa2a2661acf787e3292e1270"
"""SHA-256 of « Microsoft Identity Verification Root Certificate Authority 2020 », by which Python's files are signed
since 2025. Debian has it not; it comes with the signature itself, and only this one is believed."""
UNSIGNED = "runtime-unsigned.txt"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\n([\w+/=\n]+)-----END CERTIFICATE-----\n")
_SIGNER = re.compile(r"Signer's certificate:.*?Subject: (.*?)\n", re.DOTALL)
_DIGESTS = re.compile(r"Current message digest\s*: (\w+).*?Calculated message digest\s*: (\w+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed (the organisation), and whether the signature leads to one of our roots."""

    organisation: str
    rooted: bool


def make_roots(workshop: Workshop) -> Path:
    """Write the roots that are believed: the system's, and the one of Microsoft's; return the file.

    Raises ``SetupError`` when the signature of Python's library does not bring that one.
    """
    packed = workshop.out / "python-signature.pem"
    packed.unlink(missing_ok=True)
    library = workshop.runtime / LIBRARY
    workshop.try_run(["osslsigncode", "extract-signature", "-pem", "-in", library, "-out", packed])
    _, printed = workshop.try_run(["openssl", "pkcs7", "-in", packed, "-print_certs"])
    found = [one.group() for one in _CERTIFICATE.finditer(printed) if _fingerprint(one.group(1)) == MICROSOFT_ROOT]
    if not found:
        raise refused(LIBRARY, "elle n’est pas signée sous la racine de Microsoft qui est connue")
    roots = workshop.out / "roots.pem"
    roots.write_text(_system_roots() + found[0], encoding="utf-8")
    return roots


def _system_roots() -> str:
    if AUTHORITIES.is_file():
        return AUTHORITIES.read_text(encoding="utf-8")
    own = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(ssl.DER_cert_to_PEM_cert(one) for one in own)


def _fingerprint(certificate: str) -> str:
    return hashlib.sha256(base64.b64decode(certificate)).hexdigest()


def signature_of(workshop: Workshop, path: Path, roots: Path) -> Signature | None:
    """Return who signed a file, ``None`` for nobody; raises ``SetupError`` for a file that was changed since.

    Lists of withdrawn certificates are not asked for: that would take the network, and make two builds differ.
    """
    options = ("-ignore-crl", "-CAfile", str(roots), "-TSA-CAfile", str(roots))
    code, told = workshop.try_run(["osslsigncode", "verify", *options, path])
    signer = _SIGNER.search(told)
    if signer is None:
        return None
    digests = _DIGESTS.search(told)
    if digests and digests.group(1) != digests.group(2):
        raise refused(path.name, "il a été modifié après avoir été signé")
    named = re.search(r"/O=([^/]+)", signer.group(1))
    rooted = code == 0 and "Signature verification: ok" in told
    return Signature(named.group(1) if named else signer.group(1), rooted)


def demand_signed_runtime(workshop: Workshop, roots: Path, given: Given | None) -> None:
    """Go on when each file of Python is signed by its publisher, or is one of those known to be not.

    Of these the hash is known too; of a runtime given by hand, only the name: its archive's hash was given.
    """
    known: dict[str, str] = {name: rest.split()[0] for name, rest in listed(UNSIGNED)}
    for path in sorted(workshop.runtime.iterdir()):
        if path.name in known:
            if given is None and sha256(path) != known[path.name]:
                raise refused(path.name, "son empreinte n’est pas celle qui est attendue")
            continue
        signature = signature_of(workshop, path, roots)
        if signature is None or not signature.rooted or signature.organisation != FOUNDATION:
            raise refused(path.name, f"il n’est pas signé par son éditeur ({FOUNDATION})")
    absent = [name for name in known if not (workshop.runtime / name).is_file()]
    if absent:
        raise SetupError(
            Outcome.REFUSED_FILE,
            f"Python pour Windows n’a plus de fichier {', '.join(absent)}\u00a0: revoyez installer/windows/{UNSIGNED}.",
        )
