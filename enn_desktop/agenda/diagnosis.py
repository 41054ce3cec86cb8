"""The diagnostic: each part looks after its own failure, and none holds a name, an object or a secret."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from enn_desktop import __version__
from enn_desktop.agenda.key_words import diagnosis_lines
from enn_desktop.backup.assembly import Workshop
from enn_desktop.backup.run import folder_state
from enn_desktop.catalogue.schema import CURRENT
from enn_desktop.core.errors import EnnError
from enn_desktop.core.french import size
from enn_desktop.core.policy import describe_retention
from enn_desktop.core.settings import Settings
from enn_desktop.signing_key.values import Verdict
from enn_desktop.system import computer
from enn_desktop.system.disk import free_bytes
from enn_desktop.system.paths import ProfilePaths
from enn_desktop.system.secret_vault import SecretVault

Lines = list[tuple[str, str]]
_STATES = (
    ("complete", "complets"),
    ("in_progress", "à jour, en cours"),
    ("to_confirm", "à confirmer"),
    ("incomplete", "incomplets"),
    ("gone_complete", "absents de la plateforme, copie complète"),
    ("gone_incomplete", "absents de la plateforme, copie incomplète"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a diagnostic looks at."""

    settings: Settings
    paths: ProfilePaths
    vault: SecretVault
    workshop: Workshop
    roots: tuple[Path, ...]
    key: Callable[[], Verdict | None] = lambda: None
    """Gives what is known of the signing key; it may look at it now, which takes seconds."""


def sections(subject: Subject) -> list[tuple[str, Lines]]:
    """Return the diagnostic, part by part; a broken part is reported, not fatal."""
    parts: list[tuple[str, Callable[[], Lines]]] = [
        ("Programme", _program),
        ("Poste", computer.describe),
        ("Profil", lambda: _profile(subject)),
        ("Règles", lambda: _rules(subject)),
        ("Clé de signature", lambda: diagnosis_lines(subject.key())),
    ]
    parts += [(f"Dossier {number}", partial(_folder, subject, root)) for number, root in enumerate(subject.roots, 1)]
    return [(title, _safe(part)) for title, part in parts]


def as_text(parts: list[tuple[str, Lines]]) -> str:
    """Return the diagnostic as the text that is shown, then copied."""
    blocks = ("\n".join([f"[{title}]", *(f"  {key}\u00a0: {value}" for key, value in lines)]) for title, lines in parts)
    return "\n".join(blocks) + "\n"


def _safe(part: Callable[[], Lines]) -> Lines:
    try:
        return part()
    except EnnError as error:
        return [("état", f"{error.title} [{error.code}]")]
    except Exception as error:  # noqa: BLE001 - a diagnostic must come out whole
        return [("état", f"erreur {type(error).__name__}")]


def _program() -> Lines:
    return [("version", __version__), ("installé", "oui" if getattr(sys, "frozen", False) else "depuis un paquet")]


def _profile(subject: Subject) -> Lines:
    settings = subject.settings
    methods = Counter(account.method for account in settings.accounts)
    return [
        ("profil", "particulier" if not subject.paths.data.is_relative_to(Path.home()) else "habituel"),
        ("comptes", str(len(settings.accounts))),
        ("méthodes", ", ".join(f"{name} × {number}" for name, number in methods.items()) or "aucune"),
        ("trousseau", f"{subject.vault.describe()} ({'sûr' if subject.vault.usable() else 'refusé'})"),
        ("délai de réponse", f"{settings.network.answer_s:.0f} s"),
    ]


def _rules(subject: Subject) -> Lines:
    policy = subject.workshop.policy
    lines = [
        ("version", f"{policy.version}, effet {policy.effective.isoformat()}"),
        ("source", policy.source),
    ]
    return lines + [(flow.label, describe_retention(policy, flow.family)) for flow in policy.flows]


def _folder(subject: Subject, root: Path) -> Lines:
    lines = [("place libre", size(free_bytes(root))), ("longueur du chemin", str(len(str(root))))]
    with subject.workshop.look(root) as opened:
        catalogue = opened.catalogue
        state = folder_state(catalogue.dossiers())
        run = catalogue.last_run()
        failures = Counter(failure.code for failure in catalogue.failures())
    lines += [("schéma du catalogue", str(CURRENT)), ("dossiers", str(state.total))]
    lines += [(words, str(getattr(state, name))) for name, words in _STATES]
    lines.append(("manques par code", ", ".join(f"{code} × {n}" for code, n in failures.items()) or "aucun"))
    if run is not None:
        lines.append(("dernière récupération", f"{run.ended_at.isoformat()} {run.outcome}, {run.requests} demandes"))
    return lines
