"""A key in software: SoftHSM2 with tokens of its own, filled with the certificates and keys that a test chooses."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.signing_key.rigs import needs
from tests.signing_key.rigs.certificates import Issued

LABEL = "TEST-RGS"
PIN = "1234"
OFFICER_PIN = "12345678"
ENDS_S = 30.0
_CONFIG = "directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n"


@dataclass(slots=True)
class SoftHsm:
    """One token in a folder of its own. ``environment`` is for a program that is to load ``module`` and see it."""

    folder: Path
    label: str = LABEL
    pin: str = PIN
    _held: int = field(default=0)

    @property
    def module(self) -> Path:
        """The PKCS#11 module."""
        return needs.file("lib/softhsm/libsofthsm2.so")

    @property
    def config(self) -> Path:
        """The file that SOFTHSM2_CONF must name for the module to find this token."""
        return self.folder / "softhsm2.conf"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the module finds this token and no other."""
        return {**os.environ, "SOFTHSM2_CONF": str(self.config)}

    def add(self, issued: Issued, *, with_key: bool = True) -> str:
        """Put a certificate into the token, its private and public key too unless told otherwise; return its CKA_ID."""
        self._held += 1
        number, label = f"{self._held:02x}", f"objet {self._held}"
        if with_key:
            self._write(issued.key_der, "privkey", number, label, "--usage-sign")
            self._write(issued.public_key_der, "pubkey", number, label)
        self._write(issued.der, "cert", number, label)
        return number

    def offer_pin(self, pin: str) -> int:
        """Log in with a PIN, right or wrong, and out again; return the exit code of the program that did."""
        return self._tool("--login", "--pin", pin, "--token-label", self.label, "--list-objects").returncode

    def _write(self, data: bytes, kind: str, number: str, label: str, *options: str) -> None:
        file = self.folder / f"{number}-{kind}.der"
        file.write_bytes(data)
        done = self._tool(
            *("--login", "--pin", self.pin, "--token-label", self.label),
            *("--write-object", str(file), "--type", kind, "--id", number, "--label", label, *options),
        )
        file.unlink()
        assert done.returncode == 0, f"SoftHSM2 refuses {kind} {number}: {done.stderr}"

    def _tool(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _run(self.environment, needs.program("pkcs11-tool"), "--module", str(self.module), *arguments)


def soft_hsm(folder: Path, label: str = LABEL, pin: str = PIN) -> SoftHsm:
    """Return an initialised, empty token in this folder."""
    (folder / "tokens").mkdir(parents=True)
    token = SoftHsm(folder, label, pin)
    token.config.write_text(_CONFIG.format(tokens=folder / "tokens"), encoding="utf-8")
    command = ("--init-token", "--free", "--label", label, "--so-pin", OFFICER_PIN, "--pin", pin)
    done = _run(token.environment, needs.program("softhsm2-util"), *command)
    assert done.returncode == 0, f"SoftHSM2 makes no token: {done.stdout}{done.stderr}"
    return token


def _run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=ENDS_S, check=False)
