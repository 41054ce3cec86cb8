"""What is said of each state, in the secretary's words."""

from __future__ import annotations

from enn_desktop.core.french import NARROW, NBSP, count, days_left, long_date
from enn_desktop.core.platform_time import to_platform
from enn_desktop.signing_key.ladder import code_words
from enn_desktop.signing_key.selection import can_sign, on_card, valid_at
from enn_desktop.signing_key.values import KeyAnswer, KeyState, Note, Origin, Verdict

AUTHORITY, CONTRACTOR, NOBODY = "autorite", "prestataire", ""
GOOD, PLAIN, WARN, BAD = "good", "plain", "warn", "bad"
_SOMEBODY = "votre autorité de certification"
_HIDDEN = "son titulaire"
_UNKNOWN = "…"

_MESSAGES = {
    KeyState.OK: "Clé prête. Certificat de {holder}, valable jusqu’au {until}.",
    KeyState.OK_SOON: "Clé prête. Le certificat expire le {until} ({left}).",
    KeyState.KEY_ABSENT: "Aucune clé de signature branchée.",
    KeyState.USB_UNUSED: "La clé est branchée mais {system} ne l’utilise pas encore.",
    KeyState.SERVICE_DISABLED: "Le service “Carte à puce” {of_system}est désactivé sur ce poste.",
    KeyState.SERVICE_SILENT: "{System} ne répond pas au sujet des cartes à puce.",
    KeyState.REMOTE_SESSION: (
        f"Vous travaillez sur un bureau à distance{NBSP}: la clé doit être branchée sur le poste que vous avez "
        "devant vous, et partagée."
    ),
    KeyState.READER_EMPTY: "Le lecteur est là, mais sans carte.",
    KeyState.CARD_MUTE: "La carte ne répond pas.",
    KeyState.CARD_BUSY: "Un autre logiciel utilise la clé en ce moment.",
    KeyState.CARD_UNKNOWN: "Carte reconnue par l’ordinateur, mais modèle non répertorié ici.",
    KeyState.DRIVER_ABSENT: "Le pilote de votre clé n’est pas installé.",
    KeyState.DRIVER_INCOMPLETE: "Le pilote est installé mais ne se charge pas{code}.",
    KeyState.DRIVER_32_BITS: f"Seule la version 32{NBSP}bits du pilote est installée.",
    KeyState.DRIVER_CRASHED: "Le pilote de la clé s’est arrêté.",
    KeyState.DRIVER_HUNG: f"Le pilote de la clé n’a pas répondu en 8{NBSP}secondes.",
    KeyState.CERT_ABSENT: "La clé répond, mais aucun certificat n’apparaît {in_system}.",
    KeyState.CERT_GHOST: "Le certificat de {holder} est connu de {system}, mais sa clé n’est pas branchée.",
    KeyState.CERT_NOT_IN_WINDOWS: "Le certificat est dans la clé, mais Windows ne l’a pas recopié.",
    KeyState.CERT_EXPIRED: "Le certificat de {holder} a expiré le {until}.",
    KeyState.CERT_FUTURE: "Ce certificat n’est valable qu’à partir du {since}.",
    KeyState.CERT_AUTH_ONLY: "Cette clé sert à se connecter, pas à signer.",
    KeyState.CERT_SIGN_ONLY: "Cette clé sert à signer, pas à se connecter à S²LOW.",
    KeyState.SEVERAL: "{several}.",
    KeyState.KEY_SILENT: "La clé est vue, mais son certificat ne répond pas{code}.",
    KeyState.PIN_LAST_TRY: f"Attention{NBSP}: il ne reste qu’un essai de code PIN.",
    KeyState.PIN_LOCKED: "Le code PIN est bloqué.",
    KeyState.PIN_TO_CHANGE: "La clé doit d’abord être activée avec l’outil de votre autorité.",
    KeyState.UNDETERMINED: "Vérification incomplète.",
}
_SOFTWARE_MESSAGES = {
    KeyState.OK: "Certificat logiciel prêt, au nom de {holder}, valable jusqu’au {until}.",
    KeyState.OK_SOON: "Certificat logiciel prêt. Il expire le {until} ({left}).",
    KeyState.CERT_AUTH_ONLY: "Ce certificat logiciel sert à se connecter, pas à signer.",
    KeyState.CERT_SIGN_ONLY: "Ce certificat logiciel sert à signer, pas à se connecter à S²LOW.",
    KeyState.KEY_SILENT: "Le certificat logiciel de ce poste ne répond pas{code}.",
}
"""For a certificate that is no key, and was chosen all the same: nothing is plugged, and nothing says so."""

_REMEDIES = {
    KeyState.OK_SOON: f"Demandez le renouvellement{NBSP}: comptez plusieurs semaines.",
    KeyState.KEY_ABSENT: (
        "Branchez la clé, attendez que sa lumière s’allume. Si elle l’est déjà, essayez une autre prise, sans "
        "rallonge ni boîtier."
    ),
    KeyState.USB_UNUSED: (
        f"Patientez une minute, puis débranchez et rebranchez. Sinon, votre informaticien{NBSP}: Gestionnaire de "
        "périphériques, “Lecteurs de carte à puce”."
    ),
    KeyState.SERVICE_DISABLED: (
        f"Transmettez ce message à votre informaticien{NBSP}: services SCardSvr et ScDeviceEnum."
    ),
    KeyState.SERVICE_SILENT: (
        f"Débranchez la clé, attendez 10{NBSP}secondes, rebranchez. Si cela dure, redémarrez le poste."
    ),
    # The signs between the steps are those of the menus' own help.
    KeyState.REMOTE_SESSION: "Connexion Bureau à distance › Ressources locales › Autres › Cartes à puce.",  # noqa: RUF001
    KeyState.READER_EMPTY: "Introduisez la carte, puce vers le haut ou selon le dessin du lecteur.",
    KeyState.CARD_MUTE: (
        "Retirez-la, vérifiez le sens et la puce, remettez-la. Si cela continue, la carte est peut-être "
        f"abîmée{NBSP}: votre autorité de certification."
    ),
    KeyState.CARD_BUSY: "Terminez la signature en cours, puis revérifiez.",
    KeyState.CARD_UNKNOWN: (
        "Pour information. Si c’est bien la clé du signataire, demandez son pilote à votre autorité de certification."
    ),
    KeyState.DRIVER_ABSENT: "Installez le pilote fourni par {authority}. Cela demande souvent un informaticien.",
    KeyState.DRIVER_INCOMPLETE: "Réinstallez-le. Il lui manque parfois un composant Microsoft Visual C++.",
    KeyState.DRIVER_32_BITS: ("Les signatures peuvent marcher dans d’autres logiciels, pas la vérification d’ici."),
    KeyState.DRIVER_CRASHED: "L’application continue. Débranchez, rebranchez, revérifiez.",
    KeyState.DRIVER_HUNG: "L’application continue. Débranchez, rebranchez, revérifiez.",
    KeyState.CERT_ABSENT: "Clé vide, pas encore activée, ou pilote d’une autre marque.",
    KeyState.CERT_GHOST: "Branchez la clé correspondante.",
    KeyState.CERT_NOT_IN_WINDOWS: (
        "LiberSign et S²LOW ne le verront pas. Service “Propagation du certificat” (CertPropSvc), ou pilote sans "
        "module Windows."
    ),
    KeyState.CERT_EXPIRED: "Il ne permet plus ni de signer ni de télétransmettre. Renouvelez-le.",
    KeyState.CERT_FUTURE: "Vérifiez aussi l’heure du poste.",
    KeyState.CERT_AUTH_ONLY: f"Normal pour télétransmettre{NARROW}; pour signer, il faut la clé de l’élu.",
    KeyState.SEVERAL: f"Choisissez celui à utiliser{NBSP}: votre choix sera retenu.",
    KeyState.KEY_SILENT: (
        f"Débranchez, rebranchez. Depuis octobre 2025, certains anciens pilotes ne marchent plus{NBSP}: mettez le "
        "pilote à jour."
    ),
    KeyState.PIN_LAST_TRY: "Ne testez pas ici. Retrouvez d’abord le bon code.",
    KeyState.PIN_LOCKED: "Seule votre autorité peut débloquer la clé (courrier, délai, frais).",
    KeyState.UNDETERMINED: "Revérifiez. Si cela dure, copiez le rapport pour votre informaticien.",
}
_LINUX_REMEDIES = {
    KeyState.USB_UNUSED: (
        f"Patientez une minute, puis débranchez et rebranchez. Sinon, votre informaticien{NBSP}: service pcscd et "
        "paquet libccid."
    ),
    KeyState.SERVICE_DISABLED: f"Transmettez ce message à votre informaticien{NBSP}: service pcscd.",
    KeyState.REMOTE_SESSION: "Branchez-la sur ce poste-là, ou demandez à votre informaticien de la partager.",
    KeyState.DRIVER_INCOMPLETE: "Réinstallez-le. Il lui manque parfois un autre composant.",
    KeyState.KEY_SILENT: "Débranchez, rebranchez. Si cela dure, mettez le pilote à jour.",
}
"""Where the sentence speaks of what only Windows has."""
_SOFTWARE_REMEDIES = {
    KeyState.CERT_AUTH_ONLY: _REMEDIES[KeyState.CERT_AUTH_ONLY],
    KeyState.KEY_SILENT: "Demandez à votre informaticien de le réinstaller avec sa clé privée.",
}

_NOTES = {
    Note.OTHER_SIGNER: "Ce certificat est au nom de {holder}, pas à celui du signataire attendu.",
    Note.CHOICE_MISSING: "Le certificat que vous aviez choisi est introuvable.",
    Note.CARD_UNKNOWN: f"Modèle de clé non répertorié ici{NBSP}: pour information.",
    Note.DRIVER_MISSING: "Le pilote n’est pas parmi ceux que nous connaissons, mais la clé répond.",
    Note.WEAK: "Cryptographie ancienne ({weak}), que des services peuvent refuser.",
    Note.SEAL: f"C’est un certificat de cachet{NBSP}: il représente un organisme, pas une personne.",
    Note.SOFTWARE: "Un certificat logiciel est installé sur ce poste. Il ne remplace pas une clé de signature.",
    Note.OLD_PROVIDER: (
        "Le pilote passe par l’ancien mode de Windows (CSP). S’il cesse de répondre après une mise à jour, "
        "mettez-le à jour."
    ),
    Note.IN_USE: "Un autre logiciel se sert aussi de la clé en ce moment.",
    Note.PIN_LOW: "Un code PIN faux a été tapé récemment. Ne tapez plus de code au hasard.",
    Note.USAGE: _MESSAGES[KeyState.CERT_AUTH_ONLY],
}

_CALLED = {
    AUTHORITY: (
        KeyState.OK_SOON,
        KeyState.CARD_MUTE,
        KeyState.CERT_ABSENT,
        KeyState.CERT_EXPIRED,
        KeyState.PIN_LAST_TRY,
        KeyState.PIN_LOCKED,
        KeyState.PIN_TO_CHANGE,
    ),
    CONTRACTOR: (
        KeyState.USB_UNUSED,
        KeyState.SERVICE_DISABLED,
        KeyState.SERVICE_SILENT,
        KeyState.REMOTE_SESSION,
        KeyState.CARD_UNKNOWN,
        KeyState.DRIVER_ABSENT,
        KeyState.DRIVER_INCOMPLETE,
        KeyState.DRIVER_32_BITS,
        KeyState.DRIVER_CRASHED,
        KeyState.DRIVER_HUNG,
        KeyState.CERT_NOT_IN_WINDOWS,
        KeyState.KEY_SILENT,
        KeyState.UNDETERMINED,
    ),
}
_CONTACTS = {state: contact for contact, states in _CALLED.items() for state in states}

_BADGES = {
    KeyState.OK: ("Prête", GOOD),
    KeyState.OK_SOON: ("Échéance", WARN),
    KeyState.KEY_ABSENT: ("Absente", PLAIN),
    KeyState.USB_UNUSED: ("Attente", WARN),
    KeyState.SERVICE_DISABLED: ("Service", BAD),
    KeyState.SERVICE_SILENT: ("Service", BAD),
    KeyState.REMOTE_SESSION: ("Distance", WARN),
    KeyState.READER_EMPTY: ("Absente", PLAIN),
    KeyState.CARD_MUTE: ("Muette", BAD),
    KeyState.CARD_BUSY: ("Occupée", WARN),
    KeyState.CARD_UNKNOWN: ("Inconnue", PLAIN),
    KeyState.DRIVER_ABSENT: ("Pilote", BAD),
    KeyState.DRIVER_INCOMPLETE: ("Pilote", BAD),
    KeyState.DRIVER_32_BITS: ("Pilote", WARN),
    KeyState.DRIVER_CRASHED: ("Pilote", BAD),
    KeyState.DRIVER_HUNG: ("Pilote", BAD),
    KeyState.CERT_ABSENT: ("Vide", BAD),
    KeyState.CERT_GHOST: ("Absente", PLAIN),
    KeyState.CERT_NOT_IN_WINDOWS: ("Invisible", BAD),
    KeyState.CERT_EXPIRED: ("Expirée", BAD),
    KeyState.CERT_FUTURE: ("Prématurée", WARN),
    KeyState.CERT_AUTH_ONLY: ("Connexion", PLAIN),
    KeyState.CERT_SIGN_ONLY: ("Signature", PLAIN),
    KeyState.SEVERAL: ("Choix", WARN),
    KeyState.KEY_SILENT: ("Muette", BAD),
    KeyState.PIN_LAST_TRY: ("Attention", WARN),
    KeyState.PIN_LOCKED: ("Bloquée", BAD),
    KeyState.PIN_TO_CHANGE: ("Activation", WARN),
    KeyState.UNDETERMINED: ("Incertaine", PLAIN),
}


def message(verdict: Verdict) -> str:
    """Return the one sentence of a verdict. It may name the certificate's holder: for the screen only."""
    return _message(verdict, _holder(verdict))


def anonymous_message(verdict: Verdict) -> str:
    """Return the same sentence without the holder's name: for reports and scripts."""
    return _message(verdict, _HIDDEN)


def remedy(verdict: Verdict) -> str:
    """Return what to do, ``""`` where there is nothing to do."""
    state = verdict.state
    if _software(verdict) and state in _SOFTWARE_MESSAGES:
        return _SOFTWARE_REMEDIES.get(state, "" if state is not KeyState.OK_SOON else _REMEDIES[state])
    words = _REMEDIES.get(state, "")
    if not verdict.windows:
        words = _LINUX_REMEDIES.get(state, words)
    issuer = verdict.chosen.certificate.issuer if verdict.chosen is not None else ""
    return words.replace("{authority}", issuer or _SOMEBODY)


def note(verdict: Verdict, one: Note) -> str:
    """Return the line of a note. It may name the holder: for the screen only."""
    certificate = verdict.chosen.certificate if verdict.chosen is not None else None
    if one is Note.USAGE and certificate is not None and can_sign(certificate):
        return _MESSAGES[KeyState.CERT_SIGN_ONLY]
    if one is Note.SOFTWARE and _software(verdict):
        return "Ce certificat est un fichier de ce poste, pas une clé de signature."
    return _NOTES[one].format(holder=_holder(verdict), weak=certificate.weak if certificate is not None else "")


def whom_to_call(state: KeyState) -> str:
    """Return a contact's id in the policy, ``autorite`` for whoever issued the certificate, ``""`` for nobody."""
    return _CONTACTS.get(state, NOBODY)


def badge(state: KeyState) -> tuple[str, str]:
    """Return one word, and its tone: ``good``, ``plain``, ``warn`` or ``bad``."""
    return _BADGES[state]


def _message(verdict: Verdict, holder: str) -> str:
    words = _MESSAGES[verdict.state]
    if _software(verdict):
        words = _SOFTWARE_MESSAGES.get(verdict.state, words)
    here = verdict.windows
    certificate = verdict.chosen.certificate if verdict.chosen is not None else None
    left = verdict.days_left if verdict.days_left is not None else 0
    return words.format(
        holder=holder,
        until=long_date(to_platform(certificate.not_after).date()) if certificate is not None else _UNKNOWN,
        since=long_date(to_platform(certificate.not_before).date()) if certificate is not None else _UNKNOWN,
        left=days_left(left),
        system="Windows" if here else "ce poste",
        System="Windows" if here else "Ce poste",
        in_system="dans Windows" if here else "sur ce poste",
        of_system="de Windows " if here else "",
        code=f" (code{NBSP}{verdict_code(verdict)})" if verdict.code else "",
        several=_several(verdict),
    )


def verdict_code(verdict: Verdict) -> str:
    """Return the technical number of a verdict, ``""`` when it has none."""
    found = verdict.chosen
    of_module = found is not None and found.origin is Origin.MODULE and found.key_code == verdict.code
    return code_words(verdict.code, Origin.MODULE if of_module else Origin.STORE) if verdict.code else ""


def _several(verdict: Verdict) -> str:
    usable = [
        one
        for one in verdict.usable
        if valid_at(one.certificate, verdict.looked_at) and one.answer is not KeyAnswer.FAILS
    ]
    return count(len(usable), "certificat utilisable", "certificats utilisables")


def _holder(verdict: Verdict) -> str:
    found = verdict.chosen
    return (found.certificate.holder or found.certificate.organisation if found is not None else "") or _HIDDEN


def _software(verdict: Verdict) -> bool:
    """Whether the certificate spoken of is on no card."""
    return verdict.chosen is not None and not on_card(verdict.chosen)
