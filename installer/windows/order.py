"""What a build can be asked for, understood in the same way by the command and by the environment of its tools."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from installer.failures import Outcome, SetupError
from installer.windows.runtime import Given
from installer.windows.signing import Signer, add_options, signer_from

HELP = """\
Usage\u00a0: python3 installer/build.py [options]

Fabrique dans build/windows/ ce qui s’installe sur un poste Windows (64 bits, Windows 10 ou 11)\u00a0: le dossier
payload, l’installeur (setup.exe), le paquet pour le prestataire (msi) et leurs empreintes.

  --runtime FICHIER.zip    un Python 3.13 pour Windows plus récent («\u00a0python-3.13.x-embed-amd64.zip\u00a0»)
  --runtime-sha256 HEX     son empreinte SHA-256, obligatoire avec lui
  --out DOSSIER            le dossier où tout fabriquer, à la place de build/windows
  --payload-only           seulement le dossier payload
  --fast                   installeur compressé moins bien et plus vite, pour les essais

Signature (sans elle, Windows dira que l’éditeur est inconnu)
  --certificate FICHIER    certificat (PKCS#12), ou PEM avec --module
  --password-env NOM       la variable qui contient son mot de passe (sinon\u00a0: ENN_SIGN_PASSWORD)
  --roots FICHIER          autorités auxquelles se fier (PEM\u202f; sinon\u00a0: celles de Debian)
  --timestamp URL          serveur d’horodatage\u202f; --timestamp-roots FICHIER, ses autorités
  --module FICHIER         pilote PKCS#11 de la clé qui signe\u202f; --key URI, la clé à employer

Codes de retour\u00a0: 0 tout est fait, 2 commande non comprise, 22 téléchargement impossible, 23 disque plein,
24 écriture refusée, 30 outils absents, 31 fichier refusé, 32 étape en échec, 130 arrêt demandé.
Les autres sont ceux de bootstrap.py.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    runtime: Given | None
    out: Path | None
    signer: Signer | None
    payload_only: bool
    fast: bool


class _FrenchParser(argparse.ArgumentParser):
    """Says in French what it did not understand."""

    def format_help(self) -> str:
        """Return the one help text."""
        return HELP

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - the library's message is in English
        """Stop with the help."""
        raise SetupError(Outcome.USAGE, f"Commande non comprise.\n\n{HELP}")


def understood(arguments: Sequence[str]) -> Order:
    """Return what the arguments ask for; raises ``SetupError``."""
    parser = _FrenchParser(allow_abbrev=False)
    parser.add_argument("--runtime", type=Path)
    parser.add_argument("--runtime-sha256", default="")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--payload-only", action="store_true")
    parser.add_argument("--fast", action="store_true")
    add_options(parser)
    told = parser.parse_args(list(arguments))
    if (told.runtime is None) != (not told.runtime_sha256):
        parser.error("--runtime and --runtime-sha256 go together")
    runtime = None if told.runtime is None else Given(told.runtime.absolute(), told.runtime_sha256)
    out = told.out.absolute() if told.out else None
    return Order(runtime, out, signer_from(told), told.payload_only, told.fast)
