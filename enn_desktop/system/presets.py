r"""What a contractor prepared for many computers: an address, a policy, settings to begin with.

Where it is looked for, the first that can be used wins:

- the **address** proposed for a new account: ``plateforme`` of the user's own settings; value ``Pastell`` of the user's
  registry, then of the computer's; ``plateforme`` of the prepared settings;
- the **prepared settings** (used as long as the user has no settings of her own; after that, hers alone count): the
  file that value ``Reglages`` names in the user's registry, then in the computer's; ``prereglages.toml`` beside the
  program; on Linux, ``prereglages.toml`` in the system's own configuration;
- the **policy of the installation**, laid between ENN's charter and the computer's policy: the file that value
  ``Politique`` names, in the same order; ``politique-enn.toml`` beside the program.

Both registries: ``Software\enn-desktop``, written by the setup's ``/PASTELL=`` or by a GPO. ``C:\ProgramData`` is not
looked at for settings: any user of the computer may write there, and settings say where passwords are sent.

A file named by the registry may be on a share that is off: it is waited for :data:`PATIENCE_S` seconds, once, then the
last good copy is used, and said. A wrong file is a sentence, never a crash, and takes nothing from the user.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
import platformdirs

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.policy import PolicyLayer, layer_policies
from enn_desktop.core.prepared import demand_no_secret, web_address
from enn_desktop.core.settings import Settings, parse_settings
from enn_desktop.system.kept_copies import KeptCopies
from enn_desktop.system.launching import is_installed
from enn_desktop.system.paths import APP, ProfilePaths, resource

KEY = rf"Software\{APP}"
ADDRESS, POLICY_PATH, SETTINGS_PATH = "Pastell", "Politique", "Reglages"
SETTINGS_NAME, POLICY_NAME = "prereglages.toml", "politique-enn.toml"
PATIENCE_S = 3.0
"""How long a share may take to answer before its last good copy is used."""
WHOM = "Appelez votre prestataire informatique\u00a0: c’est lui qui a préparé cette installation."

T = TypeVar("T")


class Where(Enum):
    """Where a preset comes from, as a diagnostic says it."""

    USER = "registre de l’utilisateur"
    COMPUTER = "registre de l’ordinateur"
    PROGRAM = "dossier du programme"
    SYSTEM = "configuration du système"


def _nothing(_name: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look; a test gives its own. ``user`` and ``computer`` read one value of a registry."""

    user: Callable[[str], str | None] = _nothing
    computer: Callable[[str], str | None] = _nothing
    program: Path | None = None
    system: Path | None = None
    copies: KeptCopies | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What was found and from where, ``None`` for nothing; what was wrong on the way there."""

    value: T | None = None
    where: Where | None = None
    copy_of: str = ""
    """The day of the copy that stands for a file that does not answer, as « 2026-03-12 »; empty for the file itself."""
    faults: tuple[SettingsError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    where: Where
    path: Path
    far: bool = False


@dataclass(frozen=True, slots=True)
class Presets:
    """Everything that was prepared here."""

    settings: Found[Settings] = field(default_factory=Found)
    policy: Found[PolicyLayer] = field(default_factory=Found)
    address: Found[str] = field(default_factory=Found)

    @property
    def faults(self) -> tuple[SettingsError, ...]:
        """What is wrong in it, each said once."""
        every = (*self.settings.faults, *self.policy.faults, *self.address.faults)
        return tuple({fault.message: fault for fault in every}.values())


def program_folder() -> Path | None:
    """Return the folder of the installed program, ``None`` when it runs from a package."""
    return Path(sys.executable).parent if is_installed() else None


def own_sources(paths: ProfilePaths) -> Sources:
    """Return where this computer keeps what was prepared."""
    copies = KeptCopies(paths.data / "copies", PATIENCE_S)
    if sys.platform == "win32":
        from enn_desktop.system.windows_registry import MachineRegistry, UserRegistry

        user, machine = UserRegistry(), MachineRegistry()

        def of_user(name: str) -> str | None:
            return _text(user.read(KEY, name))

        def of_computer(name: str) -> str | None:
            # A contractor's tool of 32 bits writes into its own view.
            return next((text for bits in (64, 32) if (text := _text(machine.values(KEY, bits).get(name)))), None)

        return Sources(of_user, of_computer, program_folder(), None, copies)
    system = platformdirs.PlatformDirs(APP, appauthor=False).site_config_path
    return Sources(program=program_folder(), system=system, copies=copies)


def read_presets(sources: Sources, own: Settings | None = None) -> Presets:
    """Return all that was prepared; ``own`` are the user's settings, whose address comes first. Never raises."""
    settings = preset_settings(sources)
    return Presets(settings, preset_policy(sources), _address(sources, settings, own or Settings()))


def proposed_address(sources: Sources, own: Settings) -> Found[str]:
    """Return the address to propose for a new account; ``where`` is ``None`` for the user's own. Never raises."""
    return _address(sources, None, own)


def preset_settings(sources: Sources) -> Found[Settings]:
    """Return the settings that were prepared, with what is wrong in them. Never raises."""
    candidates = _candidates(sources, SETTINGS_PATH, SETTINGS_NAME)
    if sources.system is not None:
        candidates.append(_Candidate(Where.SYSTEM, sources.system / SETTINGS_NAME))
    found = _first(sources, candidates, _prepared)
    if found.value is None:
        return Found(faults=found.faults)
    usable, faults = _without_bad_addresses(found.value)
    return replace(found, value=usable, faults=(*found.faults, *faults))


def preset_policy(sources: Sources) -> Found[PolicyLayer]:
    """Return the policy of the installation, its origin in words, with what is wrong in it. Never raises."""
    ours = PolicyLayer("la charte ENN", resource(POLICY_NAME).read_text(encoding="utf-8"))

    def checked(text: str, path: Path) -> PolicyLayer:
        layer = PolicyLayer(f"l’installation ({path})", text)
        layer_policies([ours, layer])
        return layer

    found = _first(sources, _candidates(sources, POLICY_PATH, POLICY_NAME), checked)
    if found.value is not None and found.copy_of:
        origin = f"{found.value.origin[:-1]}, copie du {found.copy_of}\u00a0: le fichier ne répond pas)"
        return replace(found, value=replace(found.value, origin=origin))
    return found


# -- the parts -------------------------------------------------------------------------------------------------


def _address(sources: Sources, settings: Found[Settings] | None, own: Settings) -> Found[str]:
    if own.platform and web_address(own.platform):
        return Found(own.platform)
    faults: list[SettingsError] = []
    for where, read, hive in ((Where.USER, sources.user, "HKCU"), (Where.COMPUTER, sources.computer, "HKLM")):
        given = _value(read, ADDRESS)
        if given and web_address(given):
            return Found(given, where, faults=tuple(faults))
        if given:
            place = f"le registre ({hive}\\{KEY}, valeur {ADDRESS})"
            faults.append(_fault(f"L’adresse de Pastell préparée dans {place} n’est pas une adresse web."))
    prepared = preset_settings(sources) if settings is None else settings
    if prepared.value is not None and prepared.value.platform:
        return Found(prepared.value.platform, prepared.where, faults=tuple(faults))
    return Found(faults=tuple(faults))


def _candidates(sources: Sources, value: str, name: str) -> list[_Candidate]:
    named = ((Where.USER, _value(sources.user, value)), (Where.COMPUTER, _value(sources.computer, value)))
    found = [_Candidate(where, Path(os.path.expandvars(path)), far=True) for where, path in named if path]
    if sources.program is not None:
        found.append(_Candidate(Where.PROGRAM, sources.program / name))
    return found


def _first(sources: Sources, candidates: Iterable[_Candidate], make: Callable[[str, Path], T]) -> Found[T]:
    """Return the first file that can be used; the wrong ones before it are said."""
    copies = sources.copies or KeptCopies(None, PATIENCE_S)
    faults: list[SettingsError] = []
    for one in candidates:
        # A file that is not there is no fault, unless someone named it.
        absent_is_fine = not one.far
        for reading in copies.readings(one.path, far=one.far):
            if reading.text is None:
                if not (absent_is_fine and reading.absent):
                    faults.append(_unreadable(one.path, reading.reason))
                continue
            try:
                value = make(reading.text, one.path)
            except SettingsError as error:
                faults.append(
                    _fault(
                        f"Le fichier préparé «\u00a0{one.path}\u00a0» ne peut pas être utilisé. {error.message}", error
                    )
                )
                continue
            if one.far and not reading.copy_of:
                copies.keep(one.path, reading.text)
            return Found(value, one.where, reading.copy_of, tuple(faults))
    return Found(faults=tuple(faults))


def _prepared(text: str, _path: Path) -> Settings:
    demand_no_secret(text)
    return parse_settings(text)


def _without_bad_addresses(settings: Settings) -> tuple[Settings, list[SettingsError]]:
    """Return prepared settings without the addresses that lead nowhere, each said."""
    faults: list[SettingsError] = []
    platform = settings.platform
    if platform and not web_address(platform):
        faults.append(_fault("L’adresse «\u00a0plateforme\u00a0» des réglages préparés n’est pas une adresse web."))
        platform = ""
    good = tuple(account for account in settings.accounts if web_address(account.address))
    faults += [
        _fault(f"L’adresse du compte préparé «\u00a0{account.name}\u00a0» n’est pas une adresse web.")
        for account in settings.accounts
        if account not in good
    ]
    return msgspec.structs.replace(settings, platform=platform, accounts=good), faults


def _fault(message: str, cause: SettingsError | None = None) -> SettingsError:
    return SettingsError(message, advice=WHOM, detail=cause.detail if cause is not None else "")


def _unreadable(path: Path, reason: str) -> SettingsError:
    return SettingsError(f"Le fichier préparé «\u00a0{path}\u00a0» ne peut pas être lu.", advice=WHOM, detail=reason)


def _value(read: Callable[[str], str | None], name: str) -> str:
    with contextlib.suppress(OSError):
        return (read(name) or "").strip()
    return ""


def _text(value: str | bytes | None) -> str | None:
    return value if isinstance(value, str) else None
