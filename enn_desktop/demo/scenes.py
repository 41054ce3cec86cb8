"""What happens on the platform while a client looks: signatures, letters, deletions, edits."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from uuid import NAMESPACE_URL, uuid5

from enn_desktop.demo import papers
from enn_desktop.demo.clock import moment_of
from enn_desktop.demo.documents import Content, Document, Membership, Passage
from enn_desktop.demo.recipes import MESSAGES, message_of
from enn_desktop.demo.store import Store, shown_title
from enn_desktop.demo.stored_files import StoredFile, held

_MAIN_FIELDS = ("document", "commande", "arrete", "fichier_pes")
_ORIGINAL_FIELDS = ("document_orignal", "document_original")
_HISTORY = "iparapheur_historique"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Scenes(Store):
    """A store on which things happen. Every verb may be called from any thread."""

    _pending: list[tuple[datetime | None, Callable[[], None]]]
    _serial: "count[int]"

    def new_id(self) -> str:
        """Return an id that no document bears: seven characters of either case, or a UUID."""
        while True:
            if self.uuid_ids:
                return str(uuid5(NAMESPACE_URL, f"pastell-demo-{next(self._serial)}"))
            number = (next(self._serial) * 2654435761 + 97) % 62**7
            text = ""
            for _ in range(7):
                number, rest = divmod(number, 62)
                text += _ALPHABET[rest]
            if text not in self.documents:
                return text

    def create(self, kind: str, id_e: int, *, id_u: int = 0, id_d: str = "") -> Document:
        """Create an empty document now."""
        with self.lock:
            now = self.clock.stamp()
            document = Document(id_d or self.new_id(), kind, "", now, now)
            document.memberships.append(Membership(document, id_e, "creation", now))
            self.put(document)
            self._passages += 1
            message = MESSAGES["creation"]
            document.later.append(Passage("creation", now, id_u, message, id_e, self._passages))
            self.log(document, "creation", message, id_e=id_e, id_u=id_u)
            return document

    def add_document(  # noqa: PLR0913 - a document has that many sides, each named
        self,
        kind: str,
        id_e: int,
        *,
        title: str = "",
        state: str = "modification",
        files: Mapping[str, Sequence[tuple[str, bytes]]] | None = None,
        values: Mapping[str, str] | None = None,
        id_d: str = "",
    ) -> Document:
        """Add a document now, in a state, with these files by field and these values."""
        with self.lock:
            document = self.create(kind, id_e, id_d=id_d)
            content = document.own_content()
            field = self.flux_of(document).title_field
            if field is not None and title:
                content[field] = title
                document.titre = shown_title(title)
            content |= dict(values or {})
            for name, items in (files or {}).items():
                content[name] = [held(*item) for item in items]
            if state != "creation":
                self.change_state(document.id_d, state)
            return document

    def change_state(self, id_d: str, state: str, *, message: str | None = None, id_e: int | None = None) -> None:
        """Move a document to a state, now; its files stay as they are."""
        with self.lock:
            document = self.document(id_d)
            said = message if message is not None else message_of(self.flux_of(document), state)
            self.pass_to(document, state, said, id_e=id_e)

    def sign_in_place(self, id_d: str, *, id_u: int = 0) -> bytes:
        """Bring the signed file back: it takes the place of the original, which moves to the original's field.

        From 3.0 on the signed file bears the very name of the original; in 2.0 it is named `<nom>_signe.ext`.
        Returns the signed bytes.
        """
        with self.lock:
            document = self.document(id_d)
            content = document.own_content()
            flux = self.flux_of(document)
            main = next(name for name in _MAIN_FIELDS if document.files(name))
            original = document.files(main)[0]
            signed = original.read() + f"\n% signature {self.clock.stamp()} {id_d}\n%%EOF\n".encode()
            place = next((name for name in _ORIGINAL_FIELDS if name in flux.field_by_id), None)
            if place is not None:
                kept = _with_suffix(original.name, "_orig") if self.profile.signed_keeps_name else original.name
                content[place] = [StoredFile(kept, original.source)]
            name = original.name if self.profile.signed_keeps_name else _with_suffix(original.name, "_signe")
            content[main] = [held(name, signed), *document.files(main)[1:]]
            slip = next(
                (name for name in ("bordereau_signature", "document_signe", "bordereau") if name in flux.field_by_id),
                None,
            )
            if slip is not None:
                content[slip] = [held("bordereau.pdf", papers.pdf("Bordereau de signature", seed=id_d))]
            self._write_history(document, "Archive")
            self.pass_to(document, "recu-iparapheur", MESSAGES["recu-iparapheur"], id_u=id_u)
            return signed

    def rewrite_history(self, id_d: str) -> None:
        """Poll the parapheur once more: its history is rewritten, nothing else moves."""
        with self.lock:
            self._write_history(self.document(id_d), "Lu")

    def _write_history(self, document: Document, state: str) -> None:
        steps = [(passage.date.replace(" ", "T"), passage.action, passage.message) for passage in document.passages]
        steps.append((self.clock.stamp().replace(" ", "T"), state, f"relève n°{next(self._serial)}"))
        document.own_content()[_HISTORY] = [held("iparapheur_historique.xml", papers.parapheur_history(steps))]

    def restamp(self, id_d: str) -> None:
        """Stamp an act and its annexes again: the files change, neither the state nor its date."""
        with self.lock:
            document = self.document(id_d)
            content = document.own_content()
            for field in ("acte_tamponne", "annexes_tamponnees"):
                fresh: list[StoredFile] = []
                for item in document.files(field):
                    data = papers.pdf("Acte tamponné", [self.clock.stamp()], seed=f"{id_d}-{next(self._serial)}")
                    fresh.append(held(item.name, data))
                if fresh:
                    content[field] = fresh

    def acquit(self, id_d: str, *, files_delay: timedelta | None = None, with_files: bool = False) -> None:
        """Acknowledge an act: the state first, the files later.

        The files come with `deliver_pending_files`, or by themselves once `files_delay` has passed on the clock,
        or at once with `with_files`.
        """
        with self.lock:
            document = self.document(id_d)
            state = "acquiter-tdt" if "aractes" in self.flux_of(document).field_by_id else "info-tdt"
            self.change_state(id_d, state)
            due = self.clock.now() + files_delay if files_delay is not None else None
            self._pending.append((due, lambda: self._store_acknowledgement(id_d)))
            if with_files:
                self.deliver_pending_files()

    def _store_acknowledgement(self, id_d: str) -> None:
        document = self.documents.get(id_d)
        if document is None:
            return
        content = document.own_content()
        day, siren = self.clock.stamp()[:10], self.entities[document.memberships[0].id_e].siren
        if "aractes" not in self.flux_of(document).field_by_id:
            content["fichier_reponse"] = [
                held("retour.xml", papers.pes_answer(id_d, f"{siren}00011", day, 1, accepted=True))
            ]
            content["etat_ack"] = "1"
            return
        title = " ".join(document.titre.split())[:60].replace("/", "-")
        number = str(content.get("numero_de_lacte", "DEL_1"))
        content["has_bordereau"] = "1"
        content["bordereau"] = [
            held(f"{title}-bordereau.pdf", papers.pdf("Bordereau d'acquittement", [title], seed=id_d))
        ]
        content["aractes"] = [held("ARActes.xml", papers.act_receipt(siren, number, day, title, received=day))]
        content["acte_tamponne"] = [held(f"{title}-tamponne.pdf", papers.pdf("Acte tamponné", [title], seed=id_d))]
        content["date_ar"] = day

    def deliver_pending_files(self) -> int:
        """Store every file that was waiting since its state was written; return how many sets came."""
        with self.lock:
            waiting, self._pending = self._pending, []
            for _, deliver in waiting:
                deliver()
            return len(waiting)

    def deliver_due_files(self) -> None:
        """Store the files whose delay has passed."""
        with self.lock:
            now = self.clock.now()
            due = [item for item in self._pending if item[0] is not None and item[0] <= now]
            self._pending = [item for item in self._pending if item not in due]
            for _, deliver in due:
                deliver()

    def reopen(self, id_d: str) -> None:
        """Bring a terminal document back to a draft."""
        self.change_state(id_d, "modification", message="Réouverture du dossier")

    def prefecture_letter(self, id_d: str) -> Document:
        """Let a letter of the prefecture arrive, long after the act.

        In 2.0 it lands in the act itself, which waits for an answer; from 3.0 on it is a document of its own.
        Returns the document that holds the letter.
        """
        with self.lock:
            act = self.document(id_d)
            letter = papers.pdf("Courrier de la préfecture", [act.titre], seed=f"{id_d}-lettre")
            packed = papers.tarball({"courrier.pdf": letter})
            if "actes-reponse-prefecture" not in self.fluxes:
                content = act.own_content()
                content["courrier_simple"] = [held("courrier_simple.tar.gz", packed)]
                content["courrier_simple_unzip"] = [held("courrier.pdf", letter)]
                content["courrier_simple_date"] = self.clock.stamp()[:10]
                self.change_state(id_d, "attente-reponse-prefecture")
                return act
            files = {
                "reponse_prefecture": [("reponse_prefecture.tar.gz", packed)],
                "reponse_prefecture_unzip": [("courrier.pdf", letter)],
            }
            number = str(act.content.get("numero_de_lacte", "")) or act.id_d
            id_e = act.memberships[0].id_e
            return self.add_document(
                "actes-reponse-prefecture", id_e, title=number, state="attente-reponse-prefecture", files=files
            )

    def delete(self, id_d: str, *, id_u: int = 0, by: str = "") -> str:
        """Delete a document, rows and files; the journal keeps the deletion. Returns what the journal says."""
        with self.lock:
            document = self.document(id_d)
            message = f"Le document « {document.titre} » ({id_d}) a été supprimé{by}"
            self.log(document, "suppression", message, id_e=document.memberships[0].id_e, id_u=id_u)
            self.drop(document)
            return message

    def edit_title(self, id_d: str, title: str, *, quietly: bool = True) -> None:
        """Change the title; `quietly` leaves the state and its date alone."""
        with self.lock:
            document = self.document(id_d)
            field = self.flux_of(document).title_field
            if field is not None:
                document.own_content()[field] = title
            self.set_title(document, title)
            if not quietly:
                self.pass_to(document, "modification", MESSAGES["modification"])

    def replace_file(self, id_d: str, field: str, num: int, data: bytes, *, name: str | None = None) -> None:
        """Put other bytes behind a file of a field, under the same name unless told otherwise."""
        with self.lock:
            document = self.document(id_d)
            files = list(document.files(field))
            files[num] = held(name if name is not None else files[num].name, data)
            document.own_content()[field] = files

    def remove_file(self, id_d: str, field: str, num: int) -> None:
        """Take a file out of a field; those that follow are renumbered."""
        with self.lock:
            document = self.document(id_d)
            files = list(document.files(field))
            del files[num]
            content: Content = document.own_content()
            if files:
                content[field] = files
            else:
                content.pop(field, None)

    def lose_file(self, id_d: str, field: str, num: int = 0) -> None:
        """Lose a file from the platform's disk: its name stays, its bytes are gone."""
        with self.lock:
            document = self.document(id_d)
            files = list(document.files(field))
            files[num] = StoredFile(files[num].name, None)
            document.own_content()[field] = files

    def share(self, id_d: str, id_e: int, *, role: str = "editeur") -> None:
        """Show a document in one more entity, with the state it has."""
        with self.lock:
            document = self.document(id_d)
            first = document.memberships[0]
            self.add_row(document, Membership(document, id_e, first.last_action, first.last_action_date, role))

    def open_mail(self, id_d: str, rank: int = 0) -> None:
        """Let an addressee open a secured mail: its date, the notice rewritten, the state when all have read."""
        with self.lock:
            document = self.document(id_d)
            person = document.recipients[rank]
            person.read = self.clock.stamp()
            if "accuse_notification" in self.flux_of(document).field_by_id:
                notice = papers.pdf(
                    "Accusé de notification", [person.email, person.read], seed=f"{id_d}-{next(self._serial)}"
                )
                document.own_content()["accuse_notification"] = [held("accuse_notification.pdf", notice)]
            everyone = all(one.has_read for one in document.recipients)
            self.change_state(id_d, "reception" if everyone else "reception-partielle")


def _with_suffix(name: str, suffix: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{stem}{suffix}{dot}{extension}" if dot else f"{name}{suffix}"


def older_than(written: str, days: int, today: datetime) -> bool:
    """Tell whether a date is `days` calendar days old or more, as PHP compares dates."""
    return moment_of(written).date() <= (today - timedelta(days=days)).date()
