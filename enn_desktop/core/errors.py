"""Every failure the user can hear of, each with its own French sentence.

EnnError
├── DossierError            about one dossier or one file: the run goes on, the failure stays open
│   ├── DossierGone             no longer on the platform
│   ├── FileAbsent              named by the platform, but it does not have it
│   ├── BadDownload             cut, endless, too slow, or not the file that was announced
│   ├── DoubtfulFile            came twice the same, yet looks cut or damaged
│   ├── DossierUnreadable       the platform cannot show this dossier
│   ├── DossierForbidden        the account may not read it
│   └── StorageItemError        this one file cannot be written
├── RunError                about the whole run: it stops, says so, may be tried again later
│   ├── AuthenticationRefused   password, token or certificate refused (never tried again alone)
│   ├── PortalInTheWay          a sign-in page answers instead of Pastell
│   ├── ServerUnreachable       no connection, certificate not trusted, time-out
│   ├── ServerBroken            the server answers, but not properly
│   ├── TooManyRequests         the platform asks everyone to wait
│   ├── RequestRefused          the server says no to this one request (400, 403, 404, 405…)
│   ├── StorageError            folder full, read-only or gone
│   ├── FolderBusy              another run works in this folder
│   ├── CatalogueError          newer schema, or unreadable
│   ├── VaultError              no safe vault for secrets
│   └── SettingsError           settings, policy or account cannot be used
├── WindowHangs             the window of this profile is open, and does not answer a second start
└── Cancelled               the user asked for it
"""

from __future__ import annotations

from typing import ClassVar

from enn_desktop.core.exits import ExitCode


class EnnError(Exception):
    """A failure with a French title, message and advice; ``detail`` is for the copyable part only.

    ``detail`` may hold codes and server words, never a secret.
    """

    title: ClassVar[str] = "Une erreur est survenue"
    default_message: ClassVar[str] = "L’opération n’a pas abouti."
    default_advice: ClassVar[str] = "Réessayez ; si cela persiste, appelez le support ENN."
    code: ClassVar[str] = "erreur"
    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, message: str = "", *, advice: str = "", detail: str = "") -> None:
        self.message = message or self.default_message
        self.advice = advice or self.default_advice
        self.detail = detail
        super().__init__(self.message)


class Cancelled(EnnError):
    """Raised when the user asked for a stop."""

    title = "Arrêt demandé"
    default_message = "La récupération a été arrêtée à votre demande."
    default_advice = "Ce qui est déjà récupéré est gardé. Relancez quand vous voulez : rien ne sera refait."
    code = "arret"
    exit_code = ExitCode.CANCELLED


class WindowHangs(EnnError):
    """Raised when the window of this profile is open, and does not answer a second start."""

    title = "enn-desktop ne répond pas"
    default_message = "enn-desktop est déjà ouvert, mais ne répond pas. Les documents déjà récupérés ne risquent rien."
    default_advice = "Attendez une minute, puis recommencez. S’il ne répond toujours pas, redémarrez l’ordinateur."
    code = "deja-ouvert"
    exit_code = ExitCode.BUSY


class DossierError(EnnError):
    """Raised for one dossier or one of its files; the rest of the run goes on."""

    title = "Un dossier n’a pas pu être récupéré"
    code = "dossier"
    exit_code = ExitCode.PARTIAL


class DossierGone(DossierError):
    """Raised when the dossier was deleted from the platform between the list and the download."""

    title = "Dossier absent de la plateforme"
    default_message = "Ce dossier n’est plus sur la plateforme."
    default_advice = "Votre copie locale est gardée telle quelle."
    code = "dossier-supprime"


class FileAbsent(DossierError):
    """Raised when the platform names a file that it does not have."""

    title = "Fichier absent du serveur"
    default_message = "La plateforme annonce ce fichier mais ne l’a pas."
    default_advice = "Appelez ENN : ce fichier manque sur le serveur."
    code = "fichier-absent"


class BadDownload(DossierError):
    """Raised when what came is not, or not surely, the announced file: nothing is kept under its name."""

    title = "Fichier mal reçu"
    default_message = "Le fichier est arrivé incomplet ou abîmé ; il n’a pas été gardé."
    default_advice = "Un nouvel essai aura lieu à la prochaine récupération."
    code = "fichier-mal-recu"


class DoubtfulFile(DossierError):
    """Raised for a file that looks cut or damaged, though the platform gave the same bytes twice: it is kept."""

    title = "Fichier douteux"
    default_message = "Ce fichier paraît abîmé, tel que la plateforme le donne. Il est gardé."
    default_advice = "Ouvrez-le pour vérifier ; s’il est illisible, appelez ENN."
    code = "fichier-douteux"


class DossierUnreadable(DossierError):
    """Raised when the platform cannot show this dossier (its own encoding failure, for instance)."""

    title = "Dossier illisible sur la plateforme"
    default_message = "La plateforme n’arrive pas à afficher ce dossier."
    default_advice = "Appelez ENN et donnez-lui le détail."
    code = "dossier-illisible"


class DossierForbidden(DossierError):
    """Raised when the account may see the dossier in the list but not read it."""

    title = "Lecture refusée par la plateforme"
    default_message = "La plateforme refuse l’accès à ce dossier."
    default_advice = "Vos droits ont peut-être changé : appelez ENN."
    code = "acces-refuse"


class StorageItemError(DossierError):
    """Raised when one file cannot be written though the folder works (in use, name refused…)."""

    title = "Fichier impossible à écrire"
    default_message = "Ce fichier n’a pas pu être écrit dans le dossier."
    default_advice = "Fermez-le s’il est ouvert dans un autre programme, puis relancez la récupération."
    code = "ecriture-fichier"


class RunError(EnnError):
    """Raised when the whole run must stop."""

    title = "La récupération s’est arrêtée"
    code = "recuperation"


class AuthenticationRefused(RunError):
    """Raised at the first 401; never tried again by itself (a lockout would follow)."""

    title = "Identification refusée"
    default_message = "La plateforme a refusé l’identifiant, le mot de passe, le jeton ou le certificat."
    default_advice = (
        "Vérifiez-les. Si vous passez d’habitude par un portail, demandez à ENN un jeton ou un mot de passe "
        "pour Pastell."
    )
    code = "identification"
    exit_code = ExitCode.AUTHENTICATION


class PortalInTheWay(RunError):
    """Raised when a sign-in page, or a redirect to another host, answers in Pastell's place."""

    title = "Un portail répond à la place de Pastell"
    default_message = "L’adresse mène à une page de connexion, pas à Pastell. Rien n’a été envoyé au portail."
    default_advice = (
        "Demandez à ENN l’adresse de Pastell pour les logiciels (hors portail) et un jeton ou un mot de passe."
    )
    code = "portail"
    exit_code = ExitCode.AUTHENTICATION


class ServerUnreachable(RunError):
    """Raised when no answer comes: no network, wrong address, certificate not trusted, time-out."""

    title = "Plateforme injoignable"
    default_message = "La plateforme ne répond pas."
    default_advice = "Vérifiez la connexion à Internet, puis réessayez. Si le reste d’Internet marche, appelez ENN."
    code = "injoignable"
    exit_code = ExitCode.NETWORK


class ServerBroken(RunError):
    """Raised when the server answers improperly: 5xx, unreadable body, database down."""

    title = "La plateforme est en panne"
    default_message = "La plateforme répond, mais elle est en panne."
    default_advice = "Réessayez dans une heure. Si cela dure, appelez ENN."
    code = "panne-serveur"
    exit_code = ExitCode.NETWORK


class TooManyRequests(RunError):
    """Raised when the platform still answers 429 after the wait it asked for."""

    title = "La plateforme demande d’attendre"
    default_message = "La plateforme limite le nombre de demandes et refuse encore les nôtres."
    default_advice = "Réessayez dans un quart d’heure. Si cela se répète, appelez ENN."
    code = "trop-de-demandes"
    exit_code = ExitCode.NETWORK


class RequestRefused(RunError):
    """Raised when the server refuses one request; ``status`` is the HTTP code it gave.

    The client turns it into a ``DossierError`` where the request was about one dossier.
    """

    title = "Demande refusée par la plateforme"
    default_message = "La plateforme a refusé une demande."
    code = "refus"
    exit_code = ExitCode.NETWORK

    def __init__(self, message: str = "", *, status: int = 0, advice: str = "", detail: str = "") -> None:
        super().__init__(message, advice=advice, detail=detail)
        self.status = status


class StorageError(RunError):
    """Raised when the folder itself cannot be used any more."""

    title = "Le dossier local n’est pas utilisable"
    default_message = "Le dossier choisi n’est pas accessible en écriture."
    default_advice = "Vérifiez que le disque est branché et qu’il reste de la place, puis relancez."
    code = "dossier-local"
    exit_code = ExitCode.STORAGE


class FolderBusy(RunError):
    """Raised when another run works in the same folder."""

    title = "Une récupération est déjà en cours"
    default_message = "Une autre récupération travaille déjà dans ce dossier."
    default_advice = "Attendez qu’elle se termine ; il n’y a rien d’autre à faire."
    code = "deja-en-cours"
    exit_code = ExitCode.BUSY


class CatalogueError(RunError):
    """Raised when the catalogue is newer than this program, or unreadable."""

    title = "Le catalogue ne peut pas être ouvert"
    default_message = "Le catalogue est illisible. Les documents, eux, sont intacts."
    default_advice = "Lancez la réparation : elle reconstruit le catalogue à partir du dossier."
    code = "catalogue"
    exit_code = ExitCode.CATALOGUE


class VaultError(RunError):
    """Raised when this computer has no safe place for a secret, or the secret is not there."""

    title = "Pas de coffre sûr pour le mot de passe"
    default_message = "Cet ordinateur n’a pas de trousseau sûr pour garder le mot de passe."
    default_advice = "Le mot de passe vous sera demandé à chaque fois ; il n’est écrit nulle part."
    code = "trousseau"
    exit_code = ExitCode.VAULT


class SettingsError(RunError):
    """Raised when settings, policy or account cannot be used."""

    title = "Réglage inutilisable"
    default_message = "Un réglage ne peut pas être utilisé."
    default_advice = "Corrigez-le, puis relancez."
    code = "reglage"
    exit_code = ExitCode.SETTINGS


STOPS_EVERYTHING = (AuthenticationRefused, Cancelled, TooManyRequests, StorageError)
"""Errors after which nothing more may be asked of the server, or written, whatever was being done."""
