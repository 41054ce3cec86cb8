"""Make the keys of publication, and announce a version: ``python3 -m installer.publish_notice key | sign | show``.

The maintainer's own tool; users never run it. The announcement is a DSSE envelope (the signing format of TUF), the keys
are Ed25519. The private key is a PEM file (PKCS#8) given by its path, encrypted if a password is given by the name of
an environment variable. Needs securesystemslib and cryptography, which the program's own environment has.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner

from installer.speech import say

PAYLOAD_TYPE = "application/vnd.enn-desktop.nouveaute+json"
DOCUMENT_TYPE = "enn-desktop/nouveaute/1"
PINNED = Path(__file__).resolve().parent.parent / "resources" / "cles-de-publication.json"
USUAL_DAYS, LONGEST_DAYS = 120, 400
OLDEST_WINDOWS = 17_763
"""Build of Windows 10 1809, the oldest that Qt 6 and Python 3.13 know."""
DONE, REFUSED = 0, 2


class PublicationError(Exception):
    """Raised with a French sentence when nothing can be made of what was given."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 after a sentence."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "key":
            make_key(options.key, options.pinned, options.password_env)
        elif options.command == "sign":
            _sign(options)
        else:
            _show(options.file)
    except PublicationError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return DONE


def make_key(file: Path, pinned: Path, password_env: str = "") -> str:
    """Make a private key, add its public half to the pinned ones, return its id. Raises ``PublicationError``."""
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption(password_env))
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        message = f"{file} existe déjà\u00a0: une clé n’est jamais écrasée."
        raise PublicationError(message) from None
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(secret)
    public = CryptoSigner(private).public_key
    empty = '{"seuil": 1, "cles": {}}'
    known = json.loads(pinned.read_text(encoding="utf-8") if pinned.exists() else empty)
    known["cles"][public.keyid] = public.to_dict()
    pinned.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    say(f"Clé privée\u00a0: {file} (à garder hors ligne). Clé publique {public.keyid[:16]}… ajoutée à {pinned}.")
    return public.keyid


def sign_document(payload: bytes, keys: Sequence[Path], password_env: str = "") -> bytes:
    """Return the envelope of a payload, signed by each key. Raises ``PublicationError``."""
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    for file in keys:
        envelope.sign(CryptoSigner(_private_key(file, password_env)))
    return json.dumps(envelope.to_dict(), indent=1).encode()


def payload_of(version: str, *, issued: datetime, days: int, notes: str, windows: int) -> bytes:
    """Return what is signed. Raises ``PublicationError`` for what no program would believe."""
    if not re.fullmatch(r"\d{1,4}(\.\d{1,4}){1,3}", version):
        message = f"«\u00a0{version}\u00a0» n’est pas une version comme 1.2.0."
        raise PublicationError(message)
    if notes and not notes.startswith("https://"):
        message = "L’adresse des notes doit commencer par https."
        raise PublicationError(message)
    if not 1 <= days <= LONGEST_DAYS:
        message = f"La durée doit être de 1 à {LONGEST_DAYS} jours\u00a0: une annonce oubliée ne doit pas durer."
        raise PublicationError(message)
    said = {
        "type": DOCUMENT_TYPE,
        "version": version,
        "date": issued.isoformat(timespec="seconds"),
        "expire": (issued + timedelta(days=days)).isoformat(timespec="seconds"),
        "notes": notes,
        "windows": windows,
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _sign(options: argparse.Namespace) -> None:
    issued = datetime.now(UTC)
    payload = payload_of(
        options.version, issued=issued, days=options.days, notes=options.notes, windows=options.windows
    )
    options.out.write_bytes(sign_document(payload, options.key, options.password_env))
    end = (issued + timedelta(days=options.days)).date().isoformat()
    say(f"Annonce de la version {options.version}\u00a0: {options.out}, valable jusqu’au {end}.")


def _show(file: Path) -> None:
    envelope = Envelope.from_dict(json.loads(file.read_text(encoding="utf-8")))
    say(envelope.payload.decode("utf-8"))
    for keyid in envelope.signatures:
        say(f"signée par {keyid}")


def _private_key(file: Path, password_env: str) -> Ed25519PrivateKey:
    try:
        found = load_pem_private_key(file.read_bytes(), _password(password_env))
    except (OSError, ValueError, TypeError) as error:
        message = f"La clé {file} ne peut pas être lue\u00a0: fichier absent, autre format, ou mot de passe faux."
        raise PublicationError(message) from error
    if not isinstance(found, Ed25519PrivateKey):
        message = f"La clé {file} n’est pas une clé Ed25519."
        raise PublicationError(message)
    return found


def _encryption(password_env: str) -> KeySerializationEncryption:
    password = _password(password_env)
    return NoEncryption() if password is None else BestAvailableEncryption(password)


def _password(variable: str) -> bytes | None:
    if not variable:
        return None
    value = os.environ.get(variable, "")
    if not value:
        message = f"La variable {variable} est vide ou absente."
        raise PublicationError(message)
    return value.encode()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Clés de publication et annonce d’une version")
    commands = parser.add_subparsers(dest="command", required=True)
    key = commands.add_parser("key", help="fait une clé, et ajoute sa moitié publique au programme")
    key.add_argument("--key", type=Path, required=True, metavar="FICHIER", help="où écrire la clé privée")
    key.add_argument("--pinned", type=Path, default=PINNED, metavar="FICHIER", help="les clés que porte le programme")
    sign = commands.add_parser("sign", help="signe l’annonce d’une version")
    sign.add_argument("--key", type=Path, required=True, action="append", metavar="FICHIER", help="plusieurs si besoin")
    sign.add_argument("--version", required=True)
    sign.add_argument("--notes", default="", metavar="ADRESSE", help="page qui décrit la version, en https")
    sign.add_argument("--days", type=int, default=USUAL_DAYS, help="durée de l’annonce, en jours")
    sign.add_argument("--windows", type=int, default=OLDEST_WINDOWS, help="numéro du plus ancien Windows qui convient")
    sign.add_argument("--out", type=Path, required=True, metavar="FICHIER")
    for command in (key, sign):
        command.add_argument("--password-env", default="", metavar="VARIABLE", help="où est le mot de passe de la clé")
    show = commands.add_parser("show", help="montre une annonce, sans la vérifier")
    show.add_argument("file", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
