"""Settings and policy files on the disk: read gently, written in one step, a bad one set aside and said."""

from __future__ import annotations

import logging
import os
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.policy import Policy, PolicyLayer, layer_policies
from enn_desktop.core.settings import Settings, dump_settings, parse_settings
from enn_desktop.system import disk
from enn_desktop.system.paths import ProfilePaths, machine_policy_file, resource
from enn_desktop.system.presets import (
    Found,
    Sources,
    own_sources,
    preset_policy,
    preset_settings,
    proposed_address,
    read_presets,
)

log = logging.getLogger(__name__)
POLICY = "politique-enn.toml"
_ENCODING = "utf-8-sig"
"""UTF-8, with or without the mark that Notepad and PowerShell put in front."""


def load_settings(paths: ProfilePaths, sources: Sources | None = None) -> Settings:
    """Return the user's settings; without any, those that her contractor prepared, or the usual ones.

    Raises ``SettingsError`` for a file that cannot be read; it has been set aside, not lost.
    """
    path = paths.settings_file
    try:
        content = disk.read_bytes(path)
    except FileNotFoundError:
        return _beginning(preset_settings(sources or own_sources(paths)))
    except OSError as error:
        # Nothing says that it is bad: an antivirus, or Notepad, has it. Her accounts are in it.
        message = "Le fichier des réglages ne peut pas être lu en ce moment."
        advice = "Fermez-le s’il est ouvert dans un autre programme, puis relancez."
        raise SettingsError(message, advice=advice, detail=f"{type(error).__name__} {error.errno}") from error
    try:
        return parse_settings(content.decode(_ENCODING))
    except (SettingsError, UnicodeDecodeError) as error:
        raise _set_aside(path, error) from error


def _beginning(prepared: Found[Settings]) -> Settings:
    """Return what a new user starts with. The address stays a proposal: it is not written among what she chose."""
    for fault in prepared.faults:
        log.info("Préréglages inutilisables\u00a0: %s", fault.code)
    return msgspec.structs.replace(prepared.value or Settings(), platform="")


def address_to_propose(paths: ProfilePaths, settings: Settings, sources: Sources | None = None) -> tuple[str, bool]:
    """Return the address to propose for a new account, empty for none, and whether a contractor prepared it."""
    found = proposed_address(sources or own_sources(paths), settings)
    return found.value or "", found.where is not None


def prepared_faults(paths: ProfilePaths, sources: Sources | None = None) -> tuple[SettingsError, ...]:
    """Return what is wrong in the prepared files that are of use to this user, each said once. Never raises."""
    found = sources or own_sources(paths)
    presets = read_presets(found)
    if paths.settings_file.exists():
        # Prepared settings are for those who have none.
        presets = replace(presets, settings=Found())
    return presets.faults


def keep_unread(paths: ProfilePaths) -> None:
    """Move settings that could not be read out of the way of those that come: her accounts are in them.

    Raises ``StorageError`` or ``StorageItemError`` while they cannot be moved; nothing must be written then.
    """
    path = paths.settings_file
    if path.exists():
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
        disk.rename(path, path.with_name(f"non-lu-{moment}-{path.name}"))


def _set_aside(path: Path, error: Exception) -> SettingsError:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    aside = path.with_name(f"abime-{moment}-{path.name}")
    disk.rename(path, aside)
    return SettingsError(
        f"Le fichier des réglages était illisible ; il est gardé sous le nom « {aside.name} ».",
        advice="Relancez : les réglages habituels seront repris. Ajoutez de nouveau vos comptes.",
        detail=str(error),
    )


def save_settings(paths: ProfilePaths, settings: Settings) -> None:
    """Write the settings in one step. Raises ``StorageError`` when the profile cannot be written."""
    path = paths.settings_file
    content = dump_settings(settings).encode("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".reglages-", dir=path.parent)
    except OSError as error:
        raise disk.storage_failure(error) from error
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            disk.flush_to_disk(file.fileno())
        disk.rename(fresh, path)
    except OSError as error:
        raise disk.storage_failure(error) from error
    finally:
        fresh.unlink(missing_ok=True)


def charter() -> Policy:
    """Return the rules that are shipped, whatever anybody else set: a file of the program's own."""
    return layer_policies([_charter_layer()], today=datetime.now().astimezone().date())


def _charter_layer() -> PolicyLayer:
    return PolicyLayer("la charte ENN", resource(POLICY).read_text(encoding="utf-8"))


def load_policy(paths: ProfilePaths, sources: Sources | None = None) -> Policy:
    """Return the rules in force: ours, the installation's, this computer's, the user's, each key keeping its origin.

    A policy of the installation that cannot be used is left out (:func:`enn_desktop.system.presets.preset_policy` says
    why). Raises ``SettingsError`` naming the file and the key at fault, for the two last ones.
    """
    layers = [_charter_layer()]
    prepared = preset_policy(sources or own_sources(paths))
    if prepared.value is not None:
        layers.append(prepared.value)
    for fault in prepared.faults:
        log.info("Politique de l’installation inutilisable\u00a0: %s", fault.code)
    for origin, path in (
        (f"cet ordinateur ({machine_policy_file()})", machine_policy_file()),
        (f"votre réglage ({paths.policy_file})", paths.policy_file),
    ):
        try:
            layers.append(PolicyLayer(origin, path.read_text(encoding=_ENCODING)))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            message = f"La politique de {origin} ne peut pas être lue."
            raise SettingsError(message, detail=str(error)) from error
    return layer_policies(layers, today=datetime.now().astimezone().date())
