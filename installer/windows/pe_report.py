"""The list of the program files that are shipped, each with who signed it or where it comes from."""

from __future__ import annotations

import base64
import csv
from pathlib import Path

from installer.windows.launchers import KINDS
from installer.windows.pe_files import program_files
from installer.windows.publishers import Signature, signature_of
from installer.windows.runtime import refused
from installer.windows.workshop import Workshop, sha256

NAME = "fichiers-pe.txt"


def write_report(workshop: Workshop, payload: Path, components: Path, roots: Path) -> list[str]:
    """Write the list beside the payload; return its lines.

    Raises ``SetupError`` for a program file that nobody signed, that is in no component, and that was not made here.
    """
    owners = owners_of(workshop.wheels)
    lines = []
    for path in program_files(payload):
        name = path.relative_to(payload).as_posix()
        signature = signature_of(workshop, path, roots)
        inside = path.relative_to(components).as_posix() if path.is_relative_to(components) else ""
        known = sha256(path) in owners.get(inside, {})
        if signature is not None and (signature.rooted or known or name in KINDS):
            told = said(signature)
        elif name in KINDS:
            told = "fabriqué ici, signé avec l’installeur"
        elif known:
            told = f"non signé, de la roue {owners[inside][sha256(path)]}"
        else:
            raise refused(name, "il n’est ni signé, ni d’un composant dont l’empreinte est connue, ni fabriqué ici")
        lines.append(f"{sha256(path)}  {name}  {told}")
    (workshop.out / NAME).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return lines


def said(signature: Signature) -> str:
    """Return what can be said of a signature."""
    doubt = "" if signature.rooted else " (racine inconnue de ce système)"
    return f"signé par {signature.organisation}{doubt}"


def owners_of(wheels: Path) -> dict[str, dict[str, str]]:
    """Return file → its SHA-256 → component and version, from what each component says that it brings."""
    found: dict[str, dict[str, str]] = {}
    for record in sorted(wheels.glob("*.dist-info/RECORD")):
        owner = record.parent.name.removesuffix(".dist-info").replace("-", " ")
        with record.open(encoding="utf-8", newline="") as file:
            for name, digest, *_ in csv.reader(file):
                if digest.startswith("sha256="):
                    packed = digest.removeprefix("sha256=")
                    found.setdefault(name, {})[base64.urlsafe_b64decode(f"{packed}==").hex()] = owner
    return found
