"""Makes everything that is handed out, from one payload folder: Setup.exe, the MSI, their fingerprints."""

from __future__ import annotations

import os
from pathlib import Path

from installer.windows.msi import make_msi
from installer.windows.release import write_sums
from installer.windows.setup import Product, make_setup
from installer.windows.signing import Signer

LAUNCHERS = ("enn-desktop.exe", "enn-desktop.com")


def sign_launchers(payload: Path, signer: Signer | None) -> None:
    """Sign our own programs in the payload, and verify. To be done before the payload's fingerprints are written."""
    if signer is not None:
        for name in LAUNCHERS:
            signer.sign(payload / name)


def make_products(payload: Path, out: Path, version: str, *, fast: bool, signer: Signer | None) -> tuple[Path, Path]:
    """Make ``enn-desktop-VERSION-setup.exe``, ``…msi`` and ``SHA256SUMS`` in ``out``; return the first two.

    With a signer, each is signed and verified. The date of the files is SOURCE_DATE_EPOCH's. Raises ``ProductError``.
    """
    product = Product(payload, version, fast, signer, int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
    setup = make_setup(product, out / f"enn-desktop-{version}-setup.exe")
    msi = make_msi(product, out / f"enn-desktop-{version}.msi")
    write_sums(out, [setup, msi])
    return setup, msi
