"""The licence texts of all that is shipped, in one folder, with a list that a person can read."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

from installer.failures import Outcome, SetupError
from installer.windows.wheels import distributions
from installer.windows.workshop import OWN, Workshop

FOLDER = "licences"
INDEX = "LISEZ-MOI.txt"
_TEXTS = re.compile(r"(?:licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_CLASSIFIER = "License :: OSI Approved :: "
FAMILIES = {"qt": re.compile(r"pyside6.*|shiboken6"), "winrt": re.compile(r"winrt[-_].*")}
"""Components that bring no text, or not the one under which we ship them → our folder that has it."""
SAID_NOWHERE = {"windows-toasts": "Apache-2.0"}
"""Components whose description names no licence: read in their text."""
GPL_ONLY = re.compile(r"(?<![A-Za-z])A?GPL|(?<!Lesser )General Public License", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shipped:
    """One component: its name, version, licence in its own words, and where its texts stand below ``licences``."""

    name: str
    version: str
    licence: str
    folder: str


def licence_of(one: Distribution) -> str:
    """Return a component's licence as it says it: an expression, a short text, or its classifiers."""
    told = one.metadata
    name = canonical(told["Name"])
    short = next((text.strip() for key in ("License-Expression", "License") for text in told.get_all(key, [])), "")
    classifiers = [
        line.removeprefix(_CLASSIFIER) for line in told.get_all("Classifier", []) if line.startswith(_CLASSIFIER)
    ]
    if short and "\n" not in short:
        return short
    return SAID_NOWHERE.get(name) or "; ".join(classifiers)


def canonical(name: str) -> str:
    """Return a component's name as package indexes compare them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_copyleft_alone(licence: str) -> bool:
    """Whether a licence leaves no choice but the GPL."""
    choices = re.split(r"\s+OR\s+", licence)
    return bool(licence) and all(GPL_ONLY.search(choice) for choice in choices)


def collect_licences(workshop: Workshop, payload: Path, components: Path) -> list[Shipped]:
    """Move every licence text into ``licences``, and write the list; return the components.

    Raises ``SetupError`` for a component without a text, without a licence, or under the GPL alone.
    """
    into = payload / FOLDER
    shipped = [_collect(one, components, into) for one in distributions(components)]
    (into / "python").mkdir(parents=True)
    shutil.copyfile(workshop.runtime / "LICENSE.txt", into / "python" / "LICENSE.txt")
    (into / "enn-desktop").mkdir()
    shutil.copyfile(workshop.root / "LICENSE", into / "enn-desktop" / "LICENSE.txt")
    (into / INDEX).write_text(index(workshop.version, shipped), encoding="utf-8-sig", newline="\r\n")
    return shipped


def _collect(one: Distribution, components: Path, into: Path) -> Shipped:
    name, version, licence = canonical(one.metadata["Name"]), one.version, licence_of(one)
    if not licence or is_copyleft_alone(licence):
        raise SetupError(
            Outcome.BUILD, f"La licence de {name} ne convient pas\u00a0: «\u00a0{licence or 'inconnue'}\u00a0»."
        )
    family = next((ours for ours, names in FAMILIES.items() if names.fullmatch(name)), "")
    folder = into / (family or name)
    if family:
        shutil.copytree(OWN / FOLDER / family, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    (described,) = [path for path in components.glob("*.dist-info") if canonical(_named(path)) == name]
    for path in sorted(described.rglob("*")):
        inside = PurePosixPath(path.relative_to(described).as_posix())
        if path.is_file() and (inside.parts[0] == "licenses" or _TEXTS.match(path.name)):
            target = folder.joinpath(*(part for part in inside.parts if part != "licenses"))
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    if not folder.is_dir():
        raise SetupError(Outcome.BUILD, f"Le composant {name} n’apporte pas le texte de sa licence.")
    shutil.rmtree(described / "licenses", ignore_errors=True)
    return Shipped(name, version, licence, folder.name)


def _named(described: Path) -> str:
    return described.name.removesuffix(".dist-info").rpartition("-")[0]


def index(version: str, shipped: list[Shipped]) -> str:
    """Return the list, in French, for whoever opens the folder."""
    head = (
        f"Licences d’enn-desktop {version} et de ce qu’il contient\n\n"
        "enn-desktop est un logiciel libre, sous licence EUPL 1.2 (dossier enn-desktop).\n"
        "Il contient les logiciels ci-dessous, chacun sous sa licence\u00a0; le texte est dans le dossier nommé.\n"
        "Qt et ses liaisons Python (PySide6, shiboken6) sont employés sous LGPL 3\u00a0: leurs fichiers, dans\n"
        "Lib\\site-packages\\PySide6 et shiboken6, peuvent être remplacés par d’autres compatibles. Les sources sont\n"
        "publiées par The Qt Company\u00a0; les logiciels que Qt contient sont nommés dans qt\\logiciels-tiers.txt.\n"
        "Les bibliothèques msvcp140*.dll et vcruntime140*.dll sont à Microsoft, redistribuées avec Qt et Python.\n\n"
    )
    rows = [("python", "3.13", "PSF-2.0 et autres (OpenSSL, SQLite, libffi, bzip2, xz, expat)", "python")]
    rows += [(one.name, one.version, one.licence, one.folder) for one in shipped]
    return head + "".join(
        f"{name} {told}\n    {licence}\n    dossier {folder}\n" for name, told, licence, folder in rows
    )
