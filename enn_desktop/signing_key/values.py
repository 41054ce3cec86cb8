"""What is known of the signing key: facts looked at, rung by rung, and the one verdict drawn from them. No words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class KeyState(Enum):
    """The one answer. The value is its stable code, for scripts, logs and the contractor."""

    OK = "OK"
    OK_SOON = "OK_BIENTOT"
    KEY_ABSENT = "CLE_ABSENTE"
    USB_UNUSED = "CLE_SANS_PILOTE_USB"
    SERVICE_DISABLED = "SERVICE_DESACTIVE"
    SERVICE_SILENT = "SERVICE_MUET"
    REMOTE_SESSION = "SESSION_DISTANTE"
    READER_EMPTY = "LECTEUR_VIDE"
    CARD_MUTE = "CARTE_MUETTE"
    CARD_BUSY = "CARTE_OCCUPEE"
    CARD_UNKNOWN = "CARTE_INCONNUE"
    DRIVER_ABSENT = "PILOTE_ABSENT"
    DRIVER_INCOMPLETE = "PILOTE_INCOMPLET"
    DRIVER_32_BITS = "PILOTE_32_BITS"
    DRIVER_CRASHED = "PILOTE_PLANTE"
    DRIVER_HUNG = "PILOTE_MUET"
    CERT_ABSENT = "CERT_ABSENT"
    CERT_GHOST = "CERT_FANTOME"
    CERT_NOT_IN_WINDOWS = "CERT_PAS_DANS_WINDOWS"
    CERT_EXPIRED = "CERT_EXPIRE"
    CERT_FUTURE = "CERT_FUTUR"
    CERT_AUTH_ONLY = "CERT_AUTH_SEUL"
    CERT_SIGN_ONLY = "CERT_SIGN_SEUL"
    SEVERAL = "PLUSIEURS"
    KEY_SILENT = "CLE_NE_REPOND_PAS"
    PIN_LAST_TRY = "PIN_DERNIER_ESSAI"
    PIN_LOCKED = "PIN_BLOQUE"
    PIN_TO_CHANGE = "PIN_A_CHANGER"
    UNDETERMINED = "INDETERMINE"


class Rung(Enum):
    """One step of the ladder, lowest first; the value is its name on screen."""

    SERVICE = "Service"
    USB = "Clé USB"
    READER = "Lecteur"
    CARD = "Carte"
    DRIVER = "Pilote"
    CERTIFICATE = "Certificat"
    KEY = "Réponse de la clé"


class Standing(Enum):
    """How one rung stands. ``NOTE``: it fails, but a higher rung answers, so nothing is wrong."""

    GOOD = "bon"
    BAD = "mauvais"
    NOTE = "à noter"
    UNKNOWN = "non vérifié"


class ServiceStatus(Enum):
    """What the system says of one of its services."""

    RUNNING = "en marche"
    ON_DEMAND = "à la demande"
    """Stopped, and started by the system when a reader comes: normal without a key."""
    DISABLED = "désactivé"
    ABSENT = "absent"
    UNKNOWN = "inconnu"


class CardState(Enum):
    """What the card service says of one reader, without connecting."""

    EMPTY = "vide"
    PRESENT = "carte présente"
    MUTE = "carte muette"
    EXCLUSIVE = "carte prise par un autre logiciel"
    IN_USE = "carte partagée avec un autre logiciel"
    UNAVAILABLE = "lecteur indisponible"


class Usage(Enum):
    """What a certificate's key may be used for."""

    BOTH = "signature et authentification"
    SIGNATURE = "signature"
    AUTHENTICATION = "authentification"
    OTHER = "autre usage"


class Holder(Enum):
    """Whom a certificate stands for, when it says so."""

    PERSON = "personne"
    SEAL = "cachet"
    WEB = "site"


class Origin(Enum):
    """Where a certificate was seen."""

    STORE = "magasin du système"
    MODULE = "module du pilote"


class KeyAnswer(Enum):
    """What the private key's holder answered to a silent question (level B: no PIN, no signature)."""

    ANSWERS = "répond"
    ABSENT = "absente"
    OTHER_KEY = "une autre clé est branchée"
    FAILS = "ne répond pas"
    NOT_ASKED = "non vérifié"


class Machine(Enum):
    """For which processor a driver's file is made, read from its header."""

    X64 = "x64"
    X86 = "x86"
    ARM64 = "arm64"
    OTHER = "autre"


class ChildEnd(Enum):
    """How a probe's process ended. Only ``ANSWERED`` carries an answer."""

    ANSWERED = "a répondu"
    CRASHED = "s’est arrêté"
    HUNG = "n’a pas répondu à temps"
    MUTE = "a fini sans répondre"
    NOT_STARTED = "n’a pas démarré"


@dataclass(frozen=True, slots=True)
class Services:
    """The system's services for cards. ``context_code``: 0 when the card service let itself be asked, else its code.

    On Linux only ``cards`` (pcscd) is known; the two others stay ``UNKNOWN``.
    """

    cards: ServiceStatus = ServiceStatus.UNKNOWN
    enumeration: ServiceStatus = ServiceStatus.UNKNOWN
    propagation: ServiceStatus = ServiceStatus.UNKNOWN
    context_code: int = 0
    remote_session: bool = False


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A USB device that may be a key: known by its numbers, or of the card class (0x0B). ``name`` empty: unknown."""

    vendor: int
    product: int
    name: str = ""
    card_class: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader. ``name`` is cut before any serial number; ``ignored``: not a key (Windows Hello, virtual card)."""

    name: str
    state: CardState
    atr: bytes = b""
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class DriverFile:
    """One driver module found on this computer, at a full path under a system or program folder."""

    middleware: str
    path: str
    machine: Machine


@dataclass(frozen=True, slots=True)
class Driver:
    """What is installed for the card that is there: its family and registration (``""``: none), the files found."""

    family: str = ""
    registered: str = ""
    files: tuple[DriverFile, ...] = ()


@dataclass(frozen=True, slots=True)
class PinFlags:
    """What a token says of its PIN: hints, never guarantees (no flag still means one safe attempt)."""

    low: bool = False
    last_try: bool = False
    locked: bool = False
    to_change: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, read from its DER. Dates are aware UTC; ``fingerprint`` is SHA-256 in lower-case hex.

    ``weak`` says in code why its cryptography is old (``RSA-1024``, ``SHA-1``), empty when it is not.
    """

    fingerprint: str
    holder: str
    organisation: str
    issuer: str
    not_before: datetime
    not_after: datetime
    usage: Usage
    client_auth: bool
    """Whether it may identify its holder to a server: no extended usage at all, or the client's one."""
    qualified: bool = False
    on_device: bool = False
    stands_for: Holder = Holder.PERSON
    policies: tuple[str, ...] = ()
    weak: str = ""
    authority: bool = False
    """Whether it is a certification authority's own: never a signer's."""


@dataclass(frozen=True, slots=True)
class Found:
    """One certificate where it was seen, and what its key answered.

    ``on_card``: whether its key is on a card by what its provider says; ``None`` when nothing says so.
    ``provider`` names a Windows provider or a module's middleware; ``key_code`` the code behind ``answer``.
    """

    certificate: Certificate
    origin: Origin
    provider: str = ""
    provider_type: int = 0
    on_card: bool | None = None
    answer: KeyAnswer = KeyAnswer.NOT_ASKED
    key_code: int = 0


@dataclass(frozen=True, slots=True)
class ProbeEnd:
    """How the probe of one driver module, or of the system's store (``what`` = ``store``), ended.

    ``code``: the loader's or the process's number, 0 when there is none. ``tokens``: how many tokens it showed.
    """

    what: str
    end: ChildEnd
    loaded: bool = False
    code: int = 0
    tokens: int = 0
    pin: PinFlags = PinFlags()


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that one check saw. ``done`` tells which rungs were looked at: the others are unknown, not bad.

    ``windows``: whether the system's store counts as the main witness (signing programs of Windows read it).
    """

    windows: bool
    done: frozenset[Rung] = frozenset()
    services: Services = Services()
    usb: tuple[UsbDevice, ...] = ()
    readers: tuple[Reader, ...] = ()
    driver: Driver = Driver()
    probes: tuple[ProbeEnd, ...] = ()
    certificates: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What she chose: the certificate to speak of (fingerprint) and the name of the expected signer; both may lack."""

    fingerprint: str = ""
    signer: str = ""


@dataclass(frozen=True, slots=True)
class RungLine:
    """One rung of the ladder as it stands; ``fact`` says what was seen, in a few French words."""

    rung: Rung
    standing: Standing
    fact: str = ""


class Note(Enum):
    """Something worth a line under the verdict; it never changes the verdict."""

    OTHER_SIGNER = "signataire"
    CHOICE_MISSING = "choix"
    CARD_UNKNOWN = "modèle"
    DRIVER_MISSING = "pilote"
    WEAK = "cryptographie"
    SEAL = "cachet"
    SOFTWARE = "logiciel"
    OLD_PROVIDER = "fournisseur"
    IN_USE = "partagée"
    PIN_LOW = "essais"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one check: a state, the facts that its sentence needs, the ladder, the notes.

    ``chosen`` is the certificate spoken of, ``None`` before one is known; ``usable`` all those that could be chosen
    (expired ones included, so that « c’est celui-ci qui a expiré » can be shown). ``days_left`` counts local days to
    its end, negative once past. ``code`` is the technical number behind a failure, 0 for none.
    """

    state: KeyState
    looked_at: datetime
    ladder: tuple[RungLine, ...] = ()
    chosen: Found | None = None
    usable: tuple[Found, ...] = ()
    days_left: int | None = None
    code: int = 0
    notes: tuple[Note, ...] = field(default_factory=tuple)
    family: str = ""
    """The family of the card or key, when its numbers or its ATR are known."""
    windows: bool = True
    """As in the look: sentences name Windows only where it is there."""
