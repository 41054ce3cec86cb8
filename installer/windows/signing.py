"""Signs Windows files with osslsigncode, and believes no signature that it has not verified.

Called by the build, and as a command by makensis for the uninstaller that it makes:
``python signing.py FICHIER --certificate CERTIFICAT.p12 --password-env VARIABLE``.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":  # makensis calls this file from a folder of its own
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from installer.failures import Outcome
from installer.windows.trouble import ProductError

SHOWN = "enn-desktop"
"""The name that Windows shows in its question about the publisher."""
DEBIAN_ROOTS = Path("/etc/ssl/certs/ca-certificates.crt")
MINUTES = 2


class SigningError(ProductError):
    """A file could not be signed, or its signature is not good; the sentence says which and why."""

    outcome_of_kind = Outcome.REFUSED_FILE


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a certificate by path, or a token by its PKCS#11 driver; the secret comes from the environment.

    ``roots`` are the authorities that a signature must lead to; ``timestamp`` the address of a time-stamp authority.
    """

    certificate: Path
    """PKCS#12 with its key; with ``module``, the certificate alone (PEM)."""
    password_env: str = "ENN_SIGN_PASSWORD"  # noqa: S105 - the name of a variable
    roots: Path = DEBIAN_ROOTS
    timestamp: str = ""
    timestamp_roots: Path | None = None
    module: Path | None = None
    key: str = ""
    """PKCS#11 URI of the key, with ``module``."""

    def sign(self, path: Path) -> None:
        """Sign a file in place, then verify it. Raises ``SigningError``; the file is then as it was."""
        leaf = self._leaf()
        fresh = path.with_name(f"{path.name}.signe")
        fresh.unlink(missing_ok=True)
        try:
            _run(
                ["osslsigncode", "sign", *self._identity(), *self._wishes(), "-in", str(path), "-out", str(fresh)],
                f"{path.name} n’a pas pu être signé",
                self._password(),
            )
            self._verify(fresh, leaf, path.name)
            fresh.chmod(path.stat().st_mode)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    def verify(self, path: Path) -> None:
        """Go on when the file has a good signature, made with this very certificate. Raises ``SigningError``."""
        self._verify(path, self._leaf(), path.name)

    def shell_command(self, path: str, folder: Path) -> str:
        """Return the line by which a tool has a file signed and verified; the secret is not in it.

        The words stand in a script of their own in ``folder``: makensis ends its own word at the first quote.
        """
        options = ["--certificate", str(self.certificate.resolve()), "--password-env", self.password_env]
        options += ["--roots", str(self.roots.resolve())]
        if self.timestamp:
            options += ["--timestamp", self.timestamp]
        if self.timestamp_roots is not None:
            options += ["--timestamp-roots", str(self.timestamp_roots.resolve())]
        if self.module is not None:
            options += ["--module", str(self.module.resolve()), "--key", self.key]
        line = shlex.join([sys.executable, str(Path(__file__).resolve()), *options])
        script = folder / "signer.sh"
        script.write_text(f'#!/bin/sh\nexec {line} "$1"\n', encoding="utf-8")
        return f'sh {script} "{path}"'

    def _verify(self, path: Path, leaf: str, name: str) -> None:
        # Without -ignore-crl, osslsigncode asks the network for lists of revoked certificates, and fails without it.
        command = ["osslsigncode", "verify", "-ignore-crl", "-require-leaf-hash", f"sha256:{leaf}"]
        command += ["-CAfile", str(self.roots)]
        if self.timestamp:
            command += ["-TSA-CAfile", str(self.timestamp_roots or self.roots)]
        said = _run([*command, "-in", str(path)], f"La signature de {name} n’est pas bonne")
        if self.timestamp and "Timestamp Server Signature verification: ok" not in said:
            raise SigningError(f"L’horodatage de {name} manque ou n’est pas bon.")

    def _identity(self) -> list[str]:
        if self.module is None:
            return ["-pkcs12", str(self.certificate)]
        return ["-pkcs11module", str(self.module), "-certs", str(self.certificate), "-key", self.key]

    def _wishes(self) -> list[str]:
        # The password comes by the standard input: a command line can be read by every user of the machine.
        wishes = ["-readpass", "-", "-h", "sha256", "-n", SHOWN]
        return [*wishes, "-ts", self.timestamp] if self.timestamp else wishes

    def _password(self) -> str:
        return os.environ.get(self.password_env, "")

    def _leaf(self) -> str:
        """Return the SHA-256 of the certificate; refuse one that has ended, which would sign without a word."""
        trouble = (
            f"Le certificat {self.certificate} ne s’ouvre pas\u00a0: chemin, ou mot de passe de la variable "
            f"{self.password_env}\u202f?"
        )
        if self.module is None:
            secret = {"ENN_CERTIFICATE_SECRET": self._password()}
            opened = ["openssl", "pkcs12", "-in", str(self.certificate), "-clcerts", "-nokeys"]
            pem = _run([*opened, "-passin", "env:ENN_CERTIFICATE_SECRET"], trouble, variables=secret)
        else:
            pem = _run(["openssl", "x509", "-in", str(self.certificate)], trouble)
        said = _run(["openssl", "x509", "-noout", "-sha256", "-fingerprint", "-enddate"], trouble, pem)
        told = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        _run(
            ["openssl", "x509", "-noout", "-checkend", "0"],
            f"Le certificat {self.certificate} est périmé ({told['notAfter']})",
            pem,
        )
        (fingerprint,) = (value for name, value in told.items() if name.lower().endswith("fingerprint"))
        return fingerprint.replace(":", "").lower()


def _run(command: Sequence[str], trouble: str, given: str = "", variables: Mapping[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            input=given,
            env=os.environ | dict(variables or {}),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=MINUTES * 60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SigningError(f"{trouble}\u00a0: {command[0]} manque, ou ne finit pas.") from error
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-8:]
        raise SigningError(f"{trouble}\u00a0:\n" + "\n".join(lines))
    return done.stdout + done.stderr


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say who signs to a command line."""
    parser.add_argument("--certificate", type=Path, help="certificat de signature (PKCS#12, ou PEM avec --module)")
    parser.add_argument("--password-env", default="ENN_SIGN_PASSWORD", help="variable qui contient son mot de passe")
    parser.add_argument("--roots", type=Path, default=DEBIAN_ROOTS, help="autorités auxquelles se fier (PEM)")
    parser.add_argument("--timestamp", default="", metavar="URL", help="serveur d’horodatage (RFC 3161)")
    parser.add_argument("--timestamp-roots", type=Path, help="autorités de l’horodatage (PEM)")
    parser.add_argument("--module", type=Path, help="pilote PKCS#11 de la clé qui signe")
    parser.add_argument("--key", default="", metavar="URI", help="clé à employer (URI PKCS#11)")


def signer_from(options: argparse.Namespace) -> Signer | None:
    """Return who signs, as the options of the command line say; ``None`` when nobody does."""
    if options.certificate is None:
        return None
    return Signer(
        certificate=options.certificate,
        password_env=options.password_env,
        roots=options.roots,
        timestamp=options.timestamp,
        timestamp_roots=options.timestamp_roots,
        module=options.module,
        key=options.key,
    )


def main(given: Sequence[str] | None = None) -> int:
    """Sign one file and verify it; return 0, or 1 after a sentence."""
    parser = argparse.ArgumentParser(description="Signe un fichier Windows, puis contrôle la signature.")
    parser.add_argument("file", type=Path)
    add_options(parser)
    options = parser.parse_args(given)
    signer = signer_from(options)
    if signer is None:
        parser.error("--certificate manque")
    try:
        signer.sign(options.file)
    except SigningError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
