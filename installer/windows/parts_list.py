"""The list of all that the product is made of (SBOM), in the form that security tools read: CycloneDX, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from installer.failures import Outcome, SetupError
from installer.windows.c_runtime import file_version
from installer.windows.licences import Shipped
from installer.windows.workshop import Workshop, sha256

NAME = "sbom.cdx.json"
SCHEMA = SchemaVersion.V1_6
PYTHON = "cpython"
INSIDE = {
    "openssl": ("libcrypto-3.dll", "Apache-2.0"),
    "sqlite": ("sqlite3.dll", "blessing"),
    "libffi": ("libffi-8.dll", "MIT"),
    "qt": ("Lib/site-packages/PySide6/Qt6Core.dll", "LGPL-3.0-only"),
    "pdfium": ("Lib/site-packages/pypdfium2_raw/pdfium.dll", "BSD-3-Clause"),
}
"""Libraries that come inside a component, each known by one file, and their licence (SPDX)."""
_OPENSSL = re.compile(rb"OpenSSL (\d+\.\d+\.\d+[a-z]?) ")
_PDFIUM = re.compile(r'"(?:major|minor|build|patch)":\s*(\d+)')


def write_parts_list(workshop: Workshop, payload: Path, shipped: Iterable[Shipped], hashes: Mapping[str, str]) -> None:
    """Write the list into the payload; ``hashes``: component (``cpython`` is one) → SHA-256 of what it came in.

    The same payload gives the same list: its date is the product's, and it has no number drawn by lot.
    Raises ``SetupError`` for a list that is not of its form.
    """
    program = _program(workshop)
    parts = [
        _python(payload, hashes[PYTHON]),
        *_inside(payload),
        *(_component(one, hashes[one.name]) for one in shipped),
    ]
    date = datetime.fromtimestamp(workshop.epoch, UTC)
    bom = Bom(components=parts, metadata=BomMetaData(component=program, timestamp=date))
    bom.register_dependency(program, parts)
    text = make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=2)
    text = re.sub(r'\n  "serialNumber": "[^"]*",', "", text)
    if JsonStrictValidator(SCHEMA).validate_str(text) is not None:
        raise SetupError(Outcome.BUILD, f"La liste des composants ({NAME}) n’est pas conforme à CycloneDX.")
    (payload / NAME).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _program(workshop: Workshop) -> Component:
    licence = LicenseFactory().make_from_string("EUPL-1.2")
    return Component(
        name="enn-desktop",
        version=workshop.version,
        type=ComponentType.APPLICATION,
        licenses=[licence],
        bom_ref="enn-desktop",
    )


def _component(one: Shipped, digest: str) -> Component:
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        licenses=[LicenseFactory().make_from_string(one.licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        purl=PackageURL("pypi", None, one.name, one.version),
        bom_ref=f"pypi:{one.name}",
    )


def _python(payload: Path, archive: str) -> Component:
    major, minor, micro, _ = file_version(payload / "python313.dll")
    # The third number is a thousand times the one that people know, and the number of the build.
    version = f"{major}.{minor}.{micro // 1000}"
    return Component(
        name=PYTHON,
        version=version,
        type=ComponentType.PLATFORM,
        licenses=[LicenseFactory().make_from_string("PSF-2.0")],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=archive)],
        purl=PackageURL("generic", None, "python", version),
        bom_ref=PYTHON,
    )


def _inside(payload: Path) -> list[Component]:
    found = []
    for name, (file, licence) in INSIDE.items():
        version = _version_of(name, payload / file)
        found.append(
            Component(
                name=name,
                version=version,
                type=ComponentType.LIBRARY,
                licenses=[LicenseFactory().make_from_string(licence)],
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256(payload / file))],
                purl=PackageURL("generic", None, name, version),
                bom_ref=name,
            )
        )
    return found


def _version_of(name: str, file: Path) -> str | None:
    """Return the version that a library says of itself; libffi says none."""
    if name == "openssl":
        found = _OPENSSL.search(file.read_bytes())
        return found.group(1).decode("ascii") if found else None
    if name == "pdfium":
        return ".".join(_PDFIUM.findall((file.parent / "version.json").read_text(encoding="utf-8")))
    told = file_version(file)[:3]
    return ".".join(map(str, told)) if any(told) else None
