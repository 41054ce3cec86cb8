"""Makes the MSI for the contractor's deployment tools, with Debian's wixl: per user, same folder, same presets."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from installer.windows.file_list import FileList, read_payload
from installer.windows.setup import ICON, Product, run_tool
from installer.windows.shortcut_block import APP_ID

UPGRADE_CODE = "{6E1D5E0C-3C0B-4E0B-9C5A-6B0B0E7A4D21}"
"""By this, Windows knows that two packages are the same product. It never changes."""
NAMESPACE = uuid.UUID("6e1d5e0c-3c0b-4e0b-9c5a-6b0b0e7a4d21")
FRENCH = "1036"
PRODUCT_KEY = r"Software\enn-desktop"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
SETUP_KEY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\enn-desktop"
WINDOWS_KEY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
PRESETS = {"PASTELL": "Pastell", "POLITIQUE": "Politique", "REGLAGES": "Reglages"}
"""Property of the command line → value in the registry, which the program reads."""
SEARCHES = {
    "SETUPBEFORE": ("HKCU", SETUP_KEY, "UninstallString"),
    "WINDOWSBUILD": ("HKLM", WINDOWS_KEY, "CurrentBuildNumber"),
    "RUNBEFORE": ("HKCU", RUN_KEY, "enn-desktop"),
    **{f"{name}BEFORE": ("HKCU", PRODUCT_KEY, value) for name, value in PRESETS.items()},
}
"""Property → where Windows looks for it before it begins."""
OLD_WINDOWS = "enn-desktop demande Windows 10 (version 1809) ou plus récent, en 64 bits."
SETUP_FIRST = (
    "enn-desktop est déjà installé par le fichier Setup.exe\u00a0: désinstallez-le d’abord (les réglages et les "
    "documents restent)."
)
PROGRAM_OPEN = (
    "enn-desktop est ouvert\u00a0: fermez-le d’abord (près de l’horloge, clic droit, «\u00a0Quitter\u00a0»), "
    "puis relancez."
)
RELATIVE = (
    "enn-desktop ne peut pas retrouver le fichier donné par {name}\u00a0: écrivez son chemin entier, par exemple "
    r"C:\Pose\fichier.toml ou \\serveur\partage\fichier.toml."
)
WHOLE_PATH = r'Installed OR NOT {name} OR {name} >< ":\" OR {name} << "\\"'
"""True for no path, or one that means the same wherever the program is started from."""
REMOVED = 'REMOVE = "ALL" AND NOT UPGRADINGPRODUCTCODE'
"""True when the program goes for good, not to make room for a newer one."""
TIDY_UP = {"RemoveTask": 1510, "ForgetProgram": 1511}
"""Action → its place: after InstallInitialize (1500), while every file is there. Told to wixl, it would move others."""
NEWER = "Une version plus récente d’enn-desktop est déjà là\u00a0: rien n’a été changé."
SPACED = '(INSTALLDIR >< " " OR (NOT INSTALLDIR AND LocalAppDataFolder >< " "))'
"""True when the path of the program has a space: its command is then written with quotes, as the program does it."""
WITH_SESSION = '(SESSION ~= "oui" OR (NOT SESSION AND (RUNBEFORE OR NOT WIX_UPGRADE_DETECTED)))'
"""What was asked for; else what was there; else yes, as in the setup."""
SHORTCUT_PROPERTIES = (
    "CREATE TABLE `MsiShortcutProperty` (`MsiShortcutProperty` CHAR(72) NOT NULL, `Shortcut_` CHAR(72) NOT NULL, "
    "`PropertyKey` CHAR(255) NOT NULL, `PropVariantValue` CHAR(255) NOT NULL PRIMARY KEY `MsiShortcutProperty`)"
)
NAME_OF_SHORTCUT = (
    "INSERT INTO `MsiShortcutProperty` (`MsiShortcutProperty`, `Shortcut_`, `PropertyKey`, `PropVariantValue`) "
    "VALUES ('AppId', 'StartMenu', 'System.AppUserModel.ID', '{app_id}')"
)
REMOVE_TASK = (
    "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) "
    "VALUES ('RemoveTask', 1122, 'INSTALLDIR', '\"[INSTALLDIR]enn-desktop.com\" task remove')"
)
"""A task that starts a program that is gone would fail every day: the program knows its name.

1122: a command with its folder (34), its failure passed over (64), in the script of the installation (1024).
"""
STEP = (
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) "
    "VALUES ('{action}', '{condition}', {number})"
)
CONDITION = "UPDATE `Component` SET `Condition` = '{condition}' WHERE `Component` = '{part}'"
COMPILER = "x86_64-w64-mingw32-gcc"
GUARD = Path(__file__).with_name("msi_guard.c")
WIX = "http://schemas.microsoft.com/wix/2006/wi"
PUBLISHER = "Eure Normandie Numérique"


def make_msi(product: Product, out: Path) -> Path:
    """Make the MSI at ``out``, sign it and verify the signature; return its path.

    Raises ``PayloadError``, ``BuildError``, ``SigningError``.
    """
    files = read_payload(product.payload)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="enn-msi-") as name:
        folder = Path(name)
        # wixl looks for the files from where it runs.
        (folder / "payload").symlink_to(product.payload.resolve(), target_is_directory=True)
        shutil.copyfile(ICON, folder / ICON.name)
        _compile_guard(folder / "guard.dll", product)
        source = folder / "enn-desktop.wxs"
        ET.ElementTree(describe(files, product.version)).write(source, encoding="utf-8", xml_declaration=True)
        raw = folder / out.name
        run_tool(["wixl", "-a", "x64", "-o", raw.name, source.name], product.epoch, folder)
        _finish(raw, product)
        if product.signer is not None:
            product.signer.sign(raw)
        shutil.copyfile(raw, out)
    return out


def _compile_guard(library: Path, product: Product) -> None:
    """Compile and sign the few lines that run inside Windows Installer."""
    options = ["-O2", "-Wall", "-Werror", "-shared", "-s", "-nostdlib", "-Wl,-e,0", "-Wl,--no-insert-timestamp"]
    run_tool([COMPILER, *options, "-o", str(library), str(GUARD), "-lmsi", "-ladvapi32", "-lkernel32"], product.epoch)
    if product.signer is not None:
        product.signer.sign(library)


def _finish(path: Path, product: Product) -> None:
    """Add what wixl has no word for: conditions, commands, the shortcut's AppUserModelID, the language and the code."""
    package = str(uuid.uuid5(NAMESPACE, f"package {product.version}")).upper()
    summary = ["enn-desktop", PUBLISHER, f"x64;{FRENCH}", f"{{{package}}}"]
    run_tool(["msibuild", str(path), "-s", *summary], product.epoch)
    queries = [REMOVE_TASK, SHORTCUT_PROPERTIES, NAME_OF_SHORTCUT.format(app_id=APP_ID)]
    queries += [STEP.format(action=name, condition=REMOVED, number=number) for name, number in TIDY_UP.items()]
    queries += [CONDITION.format(part=key, condition=condition) for key, condition, *_ in _conditional()]
    for query in queries:
        run_tool(["msibuild", str(path), "-q", query], product.epoch)


def describe(files: FileList, version: str) -> ET.Element:
    """Return the description of the package that wixl reads (the WiX 3 language)."""
    root = ET.Element("Wix", xmlns=WIX)
    product = ET.SubElement(
        root,
        "Product",
        Id=_guid(f"product {version}"),
        Name="enn-desktop",
        Language=FRENCH,
        Version=version,
        Manufacturer=PUBLISHER,
        UpgradeCode=UPGRADE_CODE,
    )
    _package(product)
    ET.SubElement(product, "Media", Id="1", Cabinet="enn.cab", EmbedCab="yes")
    ET.SubElement(product, "Property", Id="ARPNOMODIFY", Value="1")
    ET.SubElement(product, "Property", Id="ARPNOREPAIR", Value="1")
    ET.SubElement(product, "Icon", Id="enn.ico", SourceFile="enn-desktop.ico")
    ET.SubElement(product, "Property", Id="ARPPRODUCTICON", Value="enn.ico")
    _guard(product)
    _conditions(product)
    folder = _folders(product)
    parts = [*_file_components(files, folder), *_settings_components(folder, version)]
    feature = ET.SubElement(product, "Feature", Id="Programme", Title="enn-desktop", Level="1")
    for part in parts:
        ET.SubElement(feature, "ComponentRef", Id=part)
    return root


def _package(product: ET.Element) -> None:
    """Declare a package per user, in French, that replaces every older one."""
    ET.SubElement(
        product,
        "Package",
        Id="*",
        InstallerVersion="500",
        Compressed="yes",
        InstallScope="perUser",
        Languages=FRENCH,
        Description="enn-desktop",
        Manufacturer=PUBLISHER,
    )
    ET.SubElement(
        product,
        "MajorUpgrade",
        DowngradeErrorMessage=NEWER,
    )


def _folders(product: ET.Element) -> ET.Element:
    """Declare the program's folder and the Start menu; return the first."""
    target = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    ET.SubElement(target, "Directory", Id="ProgramMenuFolder")
    local = ET.SubElement(target, "Directory", Id="LocalAppDataFolder")
    programs = ET.SubElement(local, "Directory", Id="LocalPrograms", Name="Programs")
    return ET.SubElement(programs, "Directory", Id="INSTALLDIR", Name="enn-desktop")


def _file_components(files: FileList, top: ET.Element) -> Iterable[str]:
    """Declare each file as a part of its own, known under the same name from one version to the next."""
    folders = {".": top}
    for name in files.names:
        folder = _folder(str(PurePosixPath(name).parent), folders)
        key = _id("F", name)
        part = ET.SubElement(folder, "Component", Id=f"C{key}", Guid=_guid(f"file {name}"), Win64="yes")
        ET.SubElement(part, "File", Id=key, Name=PurePosixPath(name).name, Source=f"payload/{name}", KeyPath="yes")
        yield f"C{key}"
    for name, folder in folders.items():
        key = _id("D", name)
        part = ET.SubElement(folder, "Component", Id=f"C{key}", Guid=_guid(f"folder {name}"), Win64="yes")
        ET.SubElement(part, "CreateFolder")
        ET.SubElement(part, "RemoveFolder", Id=key, On="uninstall")
        yield f"C{key}"


def _folder(name: str, known: dict[str, ET.Element]) -> ET.Element:
    if name not in known:
        path = PurePosixPath(name)
        parent = _folder(str(path.parent), known)
        known[name] = ET.SubElement(parent, "Directory", Id=_id("D", name), Name=path.name)
    return known[name]


def _settings_components(folder: ET.Element, version: str) -> Iterable[str]:
    """Declare what goes into the registry and the Start menu."""
    part = _component(folder, "Own")
    _value(part, PRODUCT_KEY, "Msi", version)
    ET.SubElement(
        part,
        "Shortcut",
        Id="StartMenu",
        Directory="ProgramMenuFolder",
        Name="enn-desktop",
        Target="[INSTALLDIR]enn-desktop.exe",
        WorkingDirectory="INSTALLDIR",
        Description="Vos dossiers Pastell, gardés sur ce poste",
    )
    yield "Own"
    for key, _, where, value, text in _conditional():
        _value(_component(folder, key), where, value, text)
        yield key


def _conditional() -> Iterable[tuple[str, str, str, str, str]]:
    """Yield the values that are only written sometimes: part, condition, key, value, text."""
    for name, value in PRESETS.items():
        # What is given; else what an earlier package wrote, which goes away with that one.
        for key, condition in ((name, name), (f"{name}BEFORE", f"NOT {name} AND {name}BEFORE")):
            yield f"Preset{key}", condition, PRODUCT_KEY, value, f"[{key}]"
    plain, quoted = "[INSTALLDIR]enn-desktop.exe --tray", '"[INSTALLDIR]enn-desktop.exe" --tray'
    yield "Session", f"{WITH_SESSION} AND NOT {SPACED}", RUN_KEY, "enn-desktop", plain
    yield "SessionQuoted", f"{WITH_SESSION} AND {SPACED}", RUN_KEY, "enn-desktop", quoted


def _component(folder: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(folder, "Component", Id=name, Guid=_guid(f"setting {name}"), Win64="yes")


def _value(part: ET.Element, key: str, name: str, value: str) -> None:
    ET.SubElement(part, "RegistryValue", Root="HKCU", Key=key, Name=name, Type="string", Value=value, KeyPath="yes")


def _conditions(product: ET.Element) -> None:
    """Declare what is looked at before anything is touched."""
    for name, (root, key, value) in SEARCHES.items():
        found = ET.SubElement(product, "Property", Id=name)
        ET.SubElement(
            found, "RegistrySearch", Id=f"Find{name}", Root=root, Key=key, Name=value, Type="raw", Win64="yes"
        )
    for sentence, condition in (
        (OLD_WINDOWS, "Installed OR (VersionNT64 AND WINDOWSBUILD >= 17763)"),
        (SETUP_FIRST, "Installed OR NOT SETUPBEFORE"),
        (PROGRAM_OPEN, "NOT ENNOPEN"),
        *((RELATIVE.format(name=name), WHOLE_PATH.format(name=name)) for name in ("POLITIQUE", "REGLAGES")),
    ):
        ET.SubElement(product, "Condition", Message=sentence).text = condition


def _guard(product: ET.Element) -> None:
    """Declare who looks whether the program is open, with and without a window, and who tidies up after it."""
    ET.SubElement(product, "Binary", Id="Guard", SourceFile="guard.dll")
    ET.SubElement(
        product, "CustomAction", Id="LookForProgram", BinaryKey="Guard", DllEntry="LookForProgram", Return="check"
    )
    for name in ("InstallUISequence", "InstallExecuteSequence"):
        sequence = ET.SubElement(product, name)
        ET.SubElement(sequence, "Custom", Action="LookForProgram", Before="LaunchConditions")
    ET.SubElement(
        product,
        "CustomAction",
        Id="ForgetProgram",
        BinaryKey="Guard",
        DllEntry="ForgetProgram",
        Execute="deferred",
        Impersonate="yes",
        Return="ignore",
    )


def _guid(what: str) -> str:
    """Return the same identifier for the same thing, whatever the version and the machine that builds."""
    return f"{{{str(uuid.uuid5(NAMESPACE, what)).upper()}}}"


def _id(kind: str, name: str) -> str:
    return kind + uuid.uuid5(NAMESPACE, name).hex
