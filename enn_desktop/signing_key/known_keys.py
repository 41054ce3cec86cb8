"""What is known beforehand of keys, cards, drivers and codes. It helps to name a thing, never to refuse one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from enn_desktop.core.plain_text import plain
from enn_desktop.signing_key.values import KeyAnswer, KeyState, Origin

USB_NAMES = {
    (0x0529, 0x0620): "SafeNet eToken 5100/5110",
    (0x0529, 0x0602): "SafeNet eToken 7300",
    (0x08E6, 0x34CF): "Thales eToken 5110+ FIPS",
    (0x08E6, 0x34CC): "Thales eToken 5300",
    (0x08E6, 0x34CE): "Thales eToken 5300 C",
    (0x08E6, 0x34D2): "Thales eToken Fusion",
    (0x08E6, 0x3438): "Gemalto GemPC Key (IDBridge K30)",
    (0x08E6, 0x3437): "Gemalto IDBridge CT30 / K50",
    (0x08E6, 0x8141): "Thales IDBridge K3000",
    (0x08E6, 0x2202): "Gemalto Gem e-Seal Pro",
    (0x1A74, 0xB111): "Oberthur ID-ONE Token Slim v2",
    (0x096E, 0x0807): "Feitian ePass2003",
    (0x096E, 0x080A): "Feitian ePass2003Auto",
    (0x1E0D, 0x0013): "Neowave Weneo",
    (0x1E0D, 0x0033): "Neowave Weneo",
    (0x1E0D, 0x1023): "Neowave Weneo",
    (0x1E0D, 0x8033): "Neowave Weneo",
    (0x0DC3, 0x0900): "Athena IDProtect Key v2",
    (0x0DC3, 0x100F): "Athena IDProtect Flash",
    (0x25DD, 0x2341): "Bit4id tokenME FIPS v3",
    (0x25DD, 0x2371): "Bit4id tokenME EVO v2",
    (0x25DD, 0x3111): "Bit4id miniLector-EVO",
    (0x0F14, 0x0037): "Ingenico MyLeo",
    (0x0F14, 0x0038): "Ingenico Leo v2",
    (0x0F14, 0x003B): "Ingenico Leo",
    (0x076B, 0x3021): "Lecteur Omnikey",
    (0x076B, 0x3031): "Lecteur Omnikey",
    (0x072F, 0x90CC): "Lecteur ACS",
    (0x072F, 0xB100): "Lecteur ACS",
}
USB_MAKERS = {0x04E6: "Lecteur Identiv"}
"""Makers all of whose devices are card readers."""
NOT_KEYS = {0x1050: "YubiKey"}
"""Makers whose devices are of the card class and sign nothing here."""


def usb_name(vendor: int, product: int) -> str:
    """Return the family that a USB device's numbers tell, ``""`` when they tell none."""
    return USB_NAMES.get((vendor, product)) or USB_MAKERS.get(vendor, "")


def is_ignored_usb(vendor: int, product: int) -> bool:  # noqa: ARG001 - asked with both, as usb_name is
    """Whether a USB device is known not to be a signing key, though it is of the card class."""
    return vendor in NOT_KEYS


# -- cards ---------------------------------------------------------------------------------------------------

_ATR_WORDS = (
    ("3BD5180081313A7D8073C8211030", "SafeNet eToken Java (5100/5110)"),
    ("3BD518008131FE7D8073C82110F4", "SafeNet eToken Java (5100/5110 FIPS)"),
    ("3BFF9600008131804380318065B0850300EF120FFE82900066", "SafeNet eToken 5110 CC (IDPrime 840)"),
    ("3BFF9600008131FE4380318065B0855956FB120FFE82900000", "SafeNet eToken 5110 CC (IDPrime 940)"),
    ("3BFF9600008131FE4380318065B0855956FB12017882900088", "SafeNet eToken 5110 CC (IDPrime 940)"),
    ("3BFF9600008131FE4380318065B08505003912017882900040", "Thales IDPrime 940C"),
    ("3BFF9600008131FE4380318065B0846566FB12017882900085", "SafeNet eToken 5110+ FIPS"),
    ("3B7F96000080318065B0*120FFE829000", "Thales IDPrime MD (830, 840, 940)"),
    ("3BDB960080B1FE451F830031C0641A71010007900033", "Oberthur Cosmo v7 (ChamberSign)"),
    ("3BDB960080B1FE451F830031C164084022300F90000A", "Oberthur v7 (clé GemPC de ChamberSign)"),
    ("3B7A18000000487970734944205333", "HypsID S3 (Certinomis)"),
    ("3B056801010205", "Cryptoflex (Certinomis, ancienne)"),
    ("3B7D9?000080318065B083*83009000", "Gemalto IDClassic (Classic TPC)"),
    ("3B7F*0031B864*", "Carte IAS-ECC"),
    ("3BDF18FF8191FE1FC3003138644790ECC273140150829000BA", "Carte d’agent (ANTS)"),
    ("3B7E18000080584D4333322042494F83059000", "Carte d’agent (ministère des Finances)"),
    ("3B9F958131FE9F0066465305*71DF*", "Feitian ePass2003"),
    ("3BF91800008031FE4580574E454F574156457D", "Neowave Weneo"),
    ("3BDC18FF8191FE1FC38073C82113*", "Athena IDProtect"),
    ("3BD518FF8091FE1FC38073C82113??", "Athena IDProtect"),
    ("3B8F80010031B86404B0ECC1739401808290000E", "Carte de professionnel de santé (CPS)"),
    (f"3B*{b'Yubikey'.hex()}*", "YubiKey"),
    (f"3B*{b'YubiKey'.hex()}*", "YubiKey"),
    (f"3B*{b'Nitrokey'.hex()}*", "Nitrokey"),
)
"""``?`` stands for any half-byte, ``*`` for any number of them."""


def _pattern(mask: str) -> re.Pattern[str]:
    return re.compile(mask.upper().replace("?", "[0-9A-F]").replace("*", "[0-9A-F]*"))


_ATR_FAMILIES = tuple((_pattern(mask), name) for mask, name in _ATR_WORDS)


def atr_family(atr: bytes) -> str:
    """Return the family that a card's first answer tells, ``""`` when it tells none."""
    word = atr.hex().upper()
    return next((name for pattern, name in _ATR_FAMILIES if pattern.fullmatch(word)), "")


# -- readers -------------------------------------------------------------------------------------------------

_IGNORED_READERS = ("windows hello", "microsoft virtual smart card", "yubico", "yubikey", "microsoft uicc")
_BRACKETS = re.compile(r"\s*[(\[](?:.*[)\]]|.*$)")
_SERIAL_WORD = re.compile(r"\b(?:\d{6,}|(?=[A-F]*\d)[0-9A-F]{8,})\b", re.IGNORECASE)


def is_ignored_reader(name: str) -> bool:
    """Whether a reader is none: Windows Hello, Microsoft's virtual card, a key that signs nothing here."""
    said = plain(name)
    return any(word in said for word in _IGNORED_READERS)


def reader_without_serial(name: str) -> str:
    """Return a reader's name without any serial number; its slot numbers stay (« Token JC 00 00 »).

    Linux writes the serial in brackets, after the interface's name; what is doubtful is cut too.
    """
    return " ".join(_SERIAL_WORD.sub("", _BRACKETS.sub("", name)).split())


# -- drivers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModulePath:
    """Where a driver's module stands if it is installed.

    ``folder`` is a token that the system's room turns into a real folder: ``system32``, ``program_files`` (64 bits),
    their 32-bit twins ``syswow64`` and ``program_files_x86``, or ``root`` (Linux: ``relative`` starts at /).
    """

    middleware: str
    folder: str
    relative: str


_SYSTEM, _PROGRAMS = "system32", "program_files"
_TWINS = {_SYSTEM: "syswow64", _PROGRAMS: "program_files_x86"}
_SAC, _IDGO, _AWP = "SafeNet Authentication Client", "Thales IDGo 800", "Oberthur AWP"

WINDOWS_MODULES: tuple[ModulePath, ...] = (
    ModulePath(_SAC, _SYSTEM, "eTPKCS11.dll"),
    ModulePath(_SAC, _PROGRAMS, r"SafeNet\Authentication\SAC\x64\IDPrimePKCS1164.dll"),
    ModulePath(_IDGO, _PROGRAMS, r"Gemalto\IDGo 800 PKCS#11\IDPrimePKCS1164.dll"),
    ModulePath("Gemalto Classic Client", _PROGRAMS, r"Gemalto\Classic Client\BIN\gclib.dll"),
    ModulePath(_AWP, _PROGRAMS, r"Oberthur Technologies\AWP\DLLs\OcsCryptoki.dll"),
    ModulePath(_AWP, _PROGRAMS, r"Oberthur Technologies\AuthentIC Webpack\DLLs\OCSCryptoki.dll"),
    ModulePath(_AWP, _SYSTEM, "OcsCryptoki.dll"),
    ModulePath("Idopte SCMiddleware", _PROGRAMS, r"Smart Card Middleware\bin\idoPKCS.dll"),
    ModulePath("Feitian ePass2003", _SYSTEM, "eps2003csp1164.dll"),
    ModulePath("Feitian ePass2003", _SYSTEM, "eps2003csp11.dll"),
    ModulePath("Bit4id", _SYSTEM, "bit4xpki.dll"),
    ModulePath("Bit4id", _SYSTEM, "bit4ipki.dll"),
    ModulePath("Athena IDProtect", _SYSTEM, "asepkcs.dll"),
    ModulePath("A.E.T. SafeSign", _SYSTEM, "aetpkss1.dll"),
    ModulePath("OpenSC", _PROGRAMS, r"OpenSC Project\OpenSC\pkcs11\opensc-pkcs11.dll"),
)

WINDOWS_MODULES_32_BITS: tuple[ModulePath, ...] = (
    *(ModulePath(one.middleware, _TWINS[one.folder], one.relative) for one in WINDOWS_MODULES),
    # The 32-bit half has a name and a folder of its own.
    ModulePath(_SAC, "program_files_x86", r"SafeNet\Authentication\SAC\x32\IDPrimePKCS11.dll"),
    ModulePath(_IDGO, "program_files_x86", r"Gemalto\IDGo 800 PKCS#11\IDPrimePKCS11.dll"),
)
"""A 64-bit program cannot load these: that they stand alone is an answer of its own."""

_LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64", "usr/lib")

LINUX_MODULES: tuple[ModulePath, ...] = (
    *(ModulePath("OpenSC", "root", f"{folder}/opensc-pkcs11.so") for folder in _LIBRARIES),
    *(ModulePath("OpenSC", "root", f"{folder}/pkcs11/opensc-pkcs11.so") for folder in _LIBRARIES),
    *(ModulePath("SafeNet Authentication Client", "root", f"{folder}/libeToken.so") for folder in _LIBRARIES),
)
"""One file may stand under two of these names, or be named by p11-kit too: it is one module all the same."""

P11_KIT_SETTINGS = ("usr/share/p11-kit/modules", "etc/pkcs11/modules")
"""Where p11-kit is told of modules, one ``*.module`` file each; a same name in the later folder wins."""
P11_KIT_MODULES = tuple(f"{folder}/pkcs11" for folder in _LIBRARIES)
"""Where a module named without its folder stands."""
_NO_TOKENS = ("p11-kit-trust.so", "p11-kit-client.so", "p11-kit-proxy.so", "gnome-keyring-pkcs11.so")


def p11_kit_module(text: str) -> str:
    """Return the module that one p11-kit file names, ``""`` when it names none, disables it, or it holds no token."""
    told: dict[str, str] = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon and not line.lstrip().startswith("#"):
            told[key.strip()] = value.strip()
    module = told.get("module", "")
    if "enable-in" in told or "remote" in told:
        # For named programs only, or not a file of this computer.
        return ""
    return "" if module.rpartition("/")[2] in _NO_TOKENS else module


# -- providers -----------------------------------------------------------------------------------------------

_CARD_PROVIDERS = (
    *("smart card", "etoken", "safenet", "gemalto", "oberthur", "idopte", "epass", "bit4id", "safesign", "idprotect"),
    *("idprime", "idemia", "feitian"),
)


def is_card_provider(name: str) -> bool:
    """Whether a Windows provider of that name keeps its keys on cards."""
    said = plain(name)
    return any(word in said for word in _CARD_PROVIDERS)


# -- codes ---------------------------------------------------------------------------------------------------

_ANSWERING = {0, 0x80090022}
"""Success, and « I would have to ask »: the key was reached, and nobody was asked."""
_OTHER_KEY = 0x80090015
_NOT_THERE = {
    *(0x80090016, 0x8009000D, 0x8009200B, 0x80090011),
    *(0x8010000C, 0x80100069, 0x8010002E, 0x8010001D, 0x8010001E),
}
"""No such key, or nobody to ask for it: no key, no card, no reader, no service."""
_MODULE_NOT_THERE = {0xE0}
_CANCELLED = {0x8010006E, 0x80100002, 1223}

_STATES = {
    0x8010000B: KeyState.CARD_BUSY,
    0x8010000C: KeyState.READER_EMPTY,
    0x80100069: KeyState.READER_EMPTY,
    0x80100066: KeyState.CARD_MUTE,
    0x80100067: KeyState.CARD_MUTE,
    0x8010006C: KeyState.PIN_LOCKED,
    0x8010002E: KeyState.KEY_ABSENT,
    0x80090016: KeyState.CERT_GHOST,
    0x80090015: KeyState.CERT_GHOST,
    **dict.fromkeys(_CANCELLED, KeyState.UNDETERMINED),
}
_MODULE_STATES = {
    0xE0: KeyState.READER_EMPTY,
    0xE1: KeyState.DRIVER_ABSENT,
    0xA4: KeyState.PIN_LOCKED,
}

CODE_NAMES = {
    0x80090003: "NTE_BAD_KEY",
    0x8009000B: "NTE_BAD_KEY_STATE",
    0x80090011: "NTE_NOT_FOUND",
    0x80090014: "NTE_BAD_PROV_TYPE",
    0x80090015: "NTE_BAD_PUBLIC_KEY",
    0x80090016: "NTE_BAD_KEYSET",
    0x80090022: "NTE_SILENT_CONTEXT",
    0x8010000B: "SCARD_E_SHARING_VIOLATION",
    0x8010000C: "SCARD_E_NO_SMARTCARD",
    0x8010001D: "SCARD_E_NO_SERVICE",
    0x8010001E: "SCARD_E_SERVICE_STOPPED",
    0x8010002E: "SCARD_E_NO_READERS_AVAILABLE",
    0x80100066: "SCARD_W_UNRESPONSIVE_CARD",
    0x80100067: "SCARD_W_UNPOWERED_CARD",
    0x80100068: "SCARD_W_RESET_CARD",
    0x80100069: "SCARD_W_REMOVED_CARD",
    0x8010006A: "SCARD_W_SECURITY_VIOLATION",
    0x8010006B: "SCARD_W_WRONG_CHV",
    0x8010006C: "SCARD_W_CHV_BLOCKED",
    0x8010006E: "SCARD_W_CANCELLED_BY_USER",
    1223: "ERROR_CANCELLED",
}
MODULE_CODE_NAMES = {
    0x05: "CKR_GENERAL_ERROR",
    0x06: "CKR_FUNCTION_FAILED",
    0x30: "CKR_DEVICE_ERROR",
    0x32: "CKR_DEVICE_REMOVED",
    0xA0: "CKR_PIN_INCORRECT",
    0xA4: "CKR_PIN_LOCKED",
    0xE0: "CKR_TOKEN_NOT_PRESENT",
    0xE1: "CKR_TOKEN_NOT_RECOGNIZED",
}
LOADER_CODE_NAMES = {
    126: "ERROR_MOD_NOT_FOUND",
    127: "ERROR_PROC_NOT_FOUND",
    193: "ERROR_BAD_EXE_FORMAT",
}


def answer_of_code(code: int, origin: Origin = Origin.STORE) -> KeyAnswer:
    """Return what the code of a silent question means: of Windows (``STORE``) or of a module (``MODULE``).

    « Would have to ask » is an answer: the key was reached. An unknown code is a failure, never « a wrong PIN ».
    """
    if origin is Origin.MODULE:
        absent = code in _MODULE_NOT_THERE
        return KeyAnswer.ANSWERS if code == 0 else KeyAnswer.ABSENT if absent else KeyAnswer.FAILS
    if code in _ANSWERING:
        return KeyAnswer.ANSWERS
    if code == _OTHER_KEY:
        return KeyAnswer.OTHER_KEY
    if code in _CANCELLED:
        return KeyAnswer.NOT_ASKED
    return KeyAnswer.ABSENT if code in _NOT_THERE else KeyAnswer.FAILS


def state_of_code(code: int, origin: Origin = Origin.STORE) -> KeyState:
    """Return the state that a failing key's code tells; an unknown code is « it does not answer »."""
    known = _MODULE_STATES if origin is Origin.MODULE else _STATES
    return known.get(code, KeyState.KEY_SILENT)


def code_name(code: int, origin: Origin = Origin.STORE) -> str:
    """Return a code's technical name, ``""`` when it is not in our table."""
    return (MODULE_CODE_NAMES if origin is Origin.MODULE else CODE_NAMES).get(code, "")
