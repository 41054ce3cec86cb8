"""Types of the flow « Convocations » and of secured mails."""

from typing import Final

from enn_desktop.demo.flux import Flux, defined
from enn_desktop.demo.flux_blocks import (
    DRAFT,
    MAIL_FIELDS,
    MAILSEC,
    STUDIO,
    STUDIO_MAIL_FIELDS,
    TECHNICAL_FIELDS,
)
from enn_desktop.demo.profiles import Profile

_MAIL: Final = (
    MAIL_FIELDS
    + """
objet | Objet | requis title
message | Message | textarea
document_attache | Documents attachés | file multiple from=modification
key | key | no-show
sent_mail_number | Nombre de mails envoyés | since=3.1
sent_mail_read | Nombre de mails lus | since=3.1
sent_mail_answered | Nombre de réponses | since=3.1
"""
)

_MAIL_STATES: Final = """
{sent} | {label} | Envoyer | after=creation,modification valid via=modification
send-mailsec-error | Erreur d'envoi d'un mail sécurisé | | since=4.0 via=modification
renvoi | Renvoyé | Envoyer à nouveau | after={sent},reception-partielle,reception via={sent}
reception-partielle | Reçu partiellement | | via={sent}
reception | Reçu | | via={sent}
non-recu | Non reçu | Définir comme non reçu | since=3.1 after={sent},reception-partielle via={sent}
"""

_STUDIO_MAIL: Final = (
    STUDIO_MAIL_FIELDS
    + """
objet | Objet | requis title
message | Message | textarea
document_attache | Document(s) | file multiple from=modification
"""
    + TECHNICAL_FIELDS
)

_ANSWER_FIELDS: Final = """
reponse | Réponse | title
document_attache | Document(s) | file multiple from=modification
"""


def mail_fluxes(profile: Profile) -> list[Flux]:
    """Return the types that send secured mails."""
    fields = _MAIL
    deletable = "creation,modification,fatal-error" + (",reception,non-recu" if profile.at_least(3, 1) else "")
    draft = DRAFT.format(editable="creation,modification", deletable=deletable)
    simple = draft + _MAIL_STATES.format(sent="envoi", label="Envoyé")
    found = [defined(profile, ("mailsec", "Mail sécurisé", "Mails sécurisés"), fields, simple)]
    if profile.at_least(3):
        both = draft + _MAIL_STATES.format(sent="envoi-mail", label="Mail envoyé")
        found.append(defined(profile, ("mailsec-bidir", "Mail sécurisé avec réponse", "Mails sécurisés"), fields, both))
    if not profile.at_least(4):
        found.append(defined(profile, ("convocation", "Convocation", "Flux d'extension"), fields, simple))
    if profile.at_least(4, 1):
        text = DRAFT.format(
            editable="creation,modification,importation",
            deletable="creation,modification,importation,termine,fatal-error,transformation-error,send-mailsec-error",
        )
        text += STUDIO.format(last="reception") + MAILSEC.format(before="modification")
        answered = text + "reponse | Une réponse a été enregistrée | | via=send-mailsec\n"
        fields = _STUDIO_MAIL
        found.append(defined(profile, ("ls-mailsec", "Mail sécurisé", "Mails sécurisés"), fields, text, studio=True))
        found.append(
            defined(
                profile,
                ("ls-mailsec-bidir", "Mail sécurisé avec réponse", "Mails sécurisés"),
                fields,
                answered,
                studio=True,
            )
        )
    return found + _companions(found, profile)


def _companions(mails: list[Flux], profile: Profile) -> list[Flux]:
    draft = (
        DRAFT.format(editable="creation,modification", deletable="creation,modification")
        + "termine | Traitement terminé | | via=modification\n"
    )
    found = []
    for mail in mails:
        name = f"{mail.id}-destinataire"
        found.append(
            defined(
                profile, (name, f"{mail.label} (destinataire)", mail.category), _ANSWER_FIELDS, draft, technical=True
            )
        )
        if mail.id.endswith("bidir"):
            name = f"{mail.id}-reponse"
            found.append(
                defined(
                    profile, (name, f"{mail.label} (réponse)", mail.category), _ANSWER_FIELDS, draft, technical=True
                )
            )
    return found
