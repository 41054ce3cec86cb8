"""The diagnostic: each part looks after its own failure and its own time, and none holds a name, an object or a secret.

All parts look at once, each in a thread of its own that may be left behind: a share that hangs takes its own lines
away, not the others'.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from enn_desktop import __version__
from enn_desktop.agenda import update_watch
from enn_desktop.agenda.cloud_folders import cloud_of
from enn_desktop.agenda.key_words import diagnosis_lines
from enn_desktop.backup.assembly import Workshop
from enn_desktop.backup.run import folder_state
from enn_desktop.catalogue.schema import CURRENT
from enn_desktop.core.errors import EnnError
from enn_desktop.core.french import size
from enn_desktop.core.policy import Origin, PolicyLayer, describe_retention
from enn_desktop.core.settings import Settings
from enn_desktop.signing_key.values import Verdict
from enn_desktop.system import computer, computer_place
from enn_desktop.system.autostart import own_autostart
from enn_desktop.system.disk import free_bytes
from enn_desktop.system.paths import ProfilePaths, profile_paths
from enn_desktop.system.presets import Found, own_sources, read_presets
from enn_desktop.system.proxy import describe_proxy
from enn_desktop.system.scheduled_task import LastRun, own_scheduler
from enn_desktop.system.secret_vault import SecretVault

Lines = list[tuple[str, str]]
WHOLE_S, KEY_S = 5.0, 30.0
"""How long all the parts together may take, and the signing key alone, which may have to be woken."""
TOO_LATE: Lines = [("état", "n’a pas répondu à temps")]
_LAST = {
    LastRun.NEVER: "pas encore passée",
    LastRun.RUNNING: "en train de passer",
    LastRun.UNKNOWN: "on ne sait pas comment elle a fini",
}
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
    """Return the diagnostic, part by part, within about :data:`WHOLE_S` seconds, the key aside.

    A part that is broken or late is reported, not fatal.
    """
    parts: list[tuple[str, Callable[[], Lines], float]] = [
        ("Programme", lambda: _program(subject), WHOLE_S),
        ("Poste", computer.describe, WHOLE_S),
        ("Réseau", lambda: _network(subject), WHOLE_S),
        ("Profil", lambda: _profile(subject), WHOLE_S),
        ("Préparation", lambda: _prepared(subject), WHOLE_S),
        ("Automatismes", lambda: _automatic(subject), WHOLE_S),
        ("Règles", lambda: _rules(subject), WHOLE_S),
        ("Clé de signature", lambda: diagnosis_lines(subject.key()), KEY_S),
    ]
    for number, root in enumerate(subject.roots, 1):
        parts.append((f"Dossier {number}", partial(_place, root), WHOLE_S))
        parts.append((f"Catalogue {number}", partial(_catalogue, subject, root), WHOLE_S))
    begun = time.monotonic()
    looking = [(title, _begin(part), begun + seconds) for title, part, seconds in parts]
    return [(title, _end(answer, until)) for title, answer, until in looking]


def as_text(parts: list[tuple[str, Lines]]) -> str:
    """Return the diagnostic as the text that is shown, then copied."""
    blocks = ("\n".join([f"[{title}]", *(f"  {key}\u00a0: {value}" for key, value in lines)]) for title, lines in parts)
    return "\n".join(blocks) + "\n"


def _begin(part: Callable[[], Lines]) -> queue.SimpleQueue[Lines]:
    answer: queue.SimpleQueue[Lines] = queue.SimpleQueue()
    threading.Thread(target=lambda: answer.put(_safe(part)), name="diagnostic", daemon=True).start()
    return answer


def _end(answer: queue.SimpleQueue[Lines], until: float) -> Lines:
    try:
        return answer.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty:
        return TOO_LATE


def _safe(part: Callable[[], Lines]) -> Lines:
    try:
        return part()
    except EnnError as error:
        return [("état", f"{error.title} [{error.code}]")]
    except Exception as error:  # noqa: BLE001 - a diagnostic must come out whole
        return [("état", f"erreur {type(error).__name__}")]


def _program(_subject: Subject) -> Lines:
    setup = computer.setup_version()
    lines = [("version", __version__), ("installation", computer.installation_kind())]
    return lines + ([("version installée par le programme d’installation", setup)] if setup else [])


def _network(subject: Subject) -> Lines:
    settings = subject.settings
    return [
        ("proxy", describe_proxy(settings.proxy)),
        ("certificats", "magasin du système"),
        ("délai de réponse", f"{settings.network.answer_s:.0f} s"),
    ]


def _profile(subject: Subject) -> Lines:
    settings = subject.settings
    methods = Counter(account.method for account in settings.accounts)
    return [
        ("profil", "habituel" if _profile_given(subject.paths) is None else "particulier"),
        ("réglages", "les siens" if subject.paths.settings_file.exists() else "aucun encore"),
        ("comptes", str(len(settings.accounts))),
        ("méthodes", ", ".join(f"{name} × {number}" for name, number in methods.items()) or "aucune"),
        ("trousseau", f"{subject.vault.describe()} ({'sûr' if subject.vault.usable() else 'refusé'})"),
    ]


def _prepared(subject: Subject) -> Lines:
    """Say what a contractor prepared, by its origin; neither a path nor an address."""
    found = read_presets(own_sources(subject.paths), subject.settings)
    lines = [
        ("adresse proposée", _origin(found.address)),
        ("réglages préparés", _origin(found.settings)),
        ("politique de l’installation", _origin(found.policy)),
    ]
    return lines + ([("fichiers ou valeurs inutilisables", str(len(found.faults)))] if found.faults else [])


def _origin(found: Found[str] | Found[Settings] | Found[PolicyLayer]) -> str:
    if found.value is None:
        return "aucune préparation"
    place = found.where.value if found.where is not None else "réglages de l’utilisateur"
    return f"{place} (copie du {found.copy_of})" if found.copy_of else place


def _automatic(subject: Subject) -> Lines:
    schedule, notice = subject.settings.schedule, subject.settings.notice
    start = own_autostart()
    every = f"toutes les {schedule.every_hours} h" if schedule.automatic else "désactivée"
    lines = [
        ("récupération automatique", every),
        ("démarrage avec la session", ("oui" if start.enabled() else "non") if start.possible else "impossible ici"),
    ]
    scheduler = own_scheduler(_profile_given(subject.paths))
    task = scheduler.registered()
    if task is None:
        lines.append(("tâche planifiée", "aucune" if scheduler.possible else "pas de planificateur"))
    else:
        last = _LAST.get(task.last, f"dernier code {task.last_code}")
        other = "" if task.current else ", lance un autre programme"
        lines.append(("tâche planifiée", f"{task.plan.at.isoformat('minutes')}, {last}{other}"))
    memory, keys = update_watch.read_memory(subject.paths), update_watch.own_keys()
    state = "demandée" if notice.enabled else "non demandée"
    state += "" if keys.usable else ", programme sans clé"
    state += f", dernier essai\u00a0: {memory.trouble}" if memory.trouble else ""
    return [*lines, ("annonce de nouvelle version", state)]


def _rules(subject: Subject) -> Lines:
    policy = subject.workshop.policy
    # The name of a file's origin ends with its path, which may hold a person's name.
    origins = {key: Origin(one.name.partition(" (")[0], one.since) for key, one in policy.origins.items()}
    policy = replace(policy, origins=MappingProxyType(origins))
    lines = [
        ("version", f"{policy.version}, effet {policy.effective.isoformat()}"),
        ("source", policy.source),
    ]
    return lines + [(flow.label, describe_retention(policy, flow.family)) for flow in policy.flows]


def _place(root: Path) -> Lines:
    there = next((one for one in (root, *root.parents) if one.exists()), None)
    lines = [("dossier", "là" if there == root else "absent"), ("longueur du chemin", str(len(str(root))))]
    lines.append(("copié vers un nuage", cloud_of(root, os.environ) or "non"))
    if there is not None:
        lines += [("place libre", size(free_bytes(there))), *computer_place.describe(there)]
    return lines


def _catalogue(subject: Subject, root: Path) -> Lines:
    with subject.workshop.look(root) as opened:
        catalogue = opened.catalogue
        state = folder_state(catalogue.dossiers())
        run = catalogue.last_run()
        failures = Counter(failure.code for failure in catalogue.failures())
    lines = [("schéma du catalogue", str(CURRENT)), ("dossiers", str(state.total))]
    lines += [(words, str(getattr(state, name))) for name, words in _STATES]
    lines.append(("manques par code", ", ".join(f"{code} × {n}" for code, n in failures.items()) or "aucun"))
    if run is not None:
        lines.append(("dernière récupération", f"{run.ended_at.isoformat()} {run.outcome}, {run.requests} demandes"))
    return lines


def _profile_given(paths: ProfilePaths) -> Path | None:
    """Return what ``--profile`` was, ``None`` for the usual places."""
    return None if paths == profile_paths(None) else paths.settings
