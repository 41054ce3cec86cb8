"""How a made-up document gets its past and its content from one number."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from enn_desktop.demo.clock import moment_of, stamp
from enn_desktop.demo.documents import Content, Document, Passage, Recipient
from enn_desktop.demo.flux import Field, Flux
from enn_desktop.demo.made_files import FileOrder, file_bytes, file_name
from enn_desktop.demo.made_values import field_value
from enn_desktop.demo.stored_files import Made, StoredFile

MESSAGES: Final = {
    "creation": "Création du document [webservice]",
    "modification": "Modification du document [WS]",
    "send-iparapheur": "Le document a été envoyé au parapheur électronique",
    "recu-iparapheur": "La signature a été récupérée sur le i-parapheur électronique",
    "rejet-iparapheur": "Le document a été rejeté dans le parapheur : pièce manquante",
    "send-tdt": "Le document a été envoyé au contrôle de légalité",
    "acquiter-tdt": "L'acte a été acquitté par le contrôle de légalité",
    "info-tdt": "Réception d'un message (état HELIOS_INFO)",
    "send-ged": "Le document a été versé sur la GED",
    "send-archive": "Le document a été envoyé au SAE",
    "accepter-sae": "La transaction a été acceptée par le SAE",
    "envoi": "Le document a été envoyé",
    "envoi-mail": "Le document a été envoyé au fournisseur",
    "send-mailsec": "Le document a été envoyé",
    "reception-partielle": "Un destinataire a consulté le message",
    "reception": "Tous les destinataires ont consulté le message",
    "termine": "Le traitement du document est terminé",
}
_READ_STATES: Final = {"reception", "reception-partielle", "reception-etat"}


def message_of(flux: Flux, action: str) -> str:
    """Return what the journal says of an action."""
    if action in MESSAGES:
        return MESSAGES[action]
    definition = flux.action_by_id.get(action)
    label = definition.label if definition is not None else None
    return f"Le document est passé dans l'état : {label or action}"


@dataclass(frozen=True, slots=True)
class ScenePlan:
    """A made-up document: its type, its last state, the number it is made from."""

    flux: Flux
    state: str
    number: int
    title: str
    siren: str
    author: int
    keeps_name: bool
    annexes: int = 2
    refused: bool = False
    extras: tuple[StoredFile, ...] = ()
    size: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        """The states passed, oldest first."""
        return self.flux.path_to(self.state)

    @property
    def step_count(self) -> int:
        """How many states were passed."""
        return len(self.path)

    def passages(self, document: Document) -> list[Passage]:
        """Return the states passed, spread between creation and last action."""
        first = moment_of(document.creation)
        row = document.memberships[0]
        span = (moment_of(row.last_action_date) - first).total_seconds()
        path = self.path
        last = len(path) - 1
        found = []
        for step, action in enumerate(path):
            date = stamp(first + timedelta(seconds=int(span * step / last))) if last else row.last_action_date
            author = self.author if step < 3 or action.startswith("send") else 0  # noqa: PLR2004 - what follows is automatic
            found.append(Passage(action, date, author, message_of(self.flux, action), row.id_e))
        return found

    def content(self, document: Document) -> Content:
        """Return the values and the files that the states passed have brought."""
        path = self.path
        found: Content = {}
        for item in self.flux.fields:
            key = item.id.lower()
            if item.is_file:
                files = self._files(item, document, path)
                if files:
                    found[key] = files
            elif len(path) > 1 and (value := field_value(item, self, document, path)) is not None:
                found[key] = value
        found |= self._unlisted(document, path)
        return found

    def content_title(self, document: Document) -> str:
        """Return the value of the field that titles the document."""
        value = self.content(document).get(self.flux.title_field or "", "")
        return value if isinstance(value, str) else ""

    def _unlisted(self, document: Document, path: Sequence[str]) -> Content:
        """Return the keys that no definition lists, as the real platform has some."""
        found: Content = {}
        if "send-tdt" in path:
            found["tedetis_transaction_id"] = str(70000000 + self.number * 977)
        if "acquiter-tdt" in path and "acte_nature" in self.flux.field_by_id:
            found["date_ar"] = document.memberships[0].last_action_date[:10]
        return found

    def _files(self, item: Field, document: Document, path: Sequence[str]) -> list[StoredFile]:
        if item.arrives is None or item.arrives not in path:
            return []
        count = self._count(item)
        found = []
        for number in range(count):
            order = FileOrder(item.id.lower(), number, self, document)
            name = file_name(order, path)
            if name is not None:
                found.append(StoredFile(name, Made(partial(file_bytes, order))))
        if item.properties.get("multiple") and item.arrives == "modification":
            found.extend(self.extras)
        return found

    def _count(self, item: Field) -> int:
        if not item.properties.get("multiple"):
            return 1
        if item.arrives == "modification" or item.id == "annexes_tamponnees":
            return self.annexes
        return 1

    def recipients(self, document: Document) -> list[Recipient]:
        """Return the addressees of a mail, those who opened it according to the last state."""
        if "to" not in self.flux.field_by_id or len(self.path) < 3:  # noqa: PLR2004 - a draft has not been sent
            return []
        chance = random.Random(self.number)  # noqa: S311 - a made-up world, not a secret
        sent = stamp(moment_of(document.memberships[0].last_action_date) - timedelta(hours=chance.randrange(2, 40)))
        everyone = self.state in {"reception", "reception-etat", "termine", "reponse"}
        found = []
        for rank in range(2):
            person = Recipient(self.number * 4 + rank, f"elu{rank + 1}@exemple.invalid", sent)
            if everyone or (rank == 0 and self.state in _READ_STATES):
                person.read = document.memberships[0].last_action_date
            found.append(person)
        return found
