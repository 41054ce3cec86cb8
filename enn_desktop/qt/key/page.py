"""The place « Ma clé »: one sentence, one drawing, what to do and whom to call; the ladder one click away."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Tone
from enn_desktop.core.french import NBSP
from enn_desktop.core.policy import Policy
from enn_desktop.qt.key.certificates import CertificateList
from enn_desktop.qt.key.drawing import KeyDrawing, Scene
from enn_desktop.qt.key.faces import CHECKING, face_of, progress_words
from enn_desktop.qt.key.ladder import Ladder
from enn_desktop.qt.look import with_role
from enn_desktop.qt.marks import Mark
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, button, card, page_layout, row, scrolled, selectable, words
from enn_desktop.signing_key import sentences
from enn_desktop.signing_key.values import KeyState, Verdict

NOT_CHECKED = "La clé n’a pas encore été vérifiée."
CHECK, STOP = "Revérifier", "Arrêter"
SHOW_DETAIL, HIDE_DETAIL = "Voir le détail", "Masquer le détail"
AUTHORITY = "autorite"
"""Whom to call when it is whoever issued the certificate: nobody of the policy."""
DEMO = "Démonstration\u00a0: la clé montrée ici est la vraie clé de cet ordinateur, rien n’est imité."
NEVER = "Cette vérification ne demande jamais le code PIN et ne signe rien."
SIGNER_NAME = "Signataire attendu (facultatif)"
SIGNER_HINT = "Prénom et nom de l’élu\u00a0: la page dira si la clé branchée est celle de quelqu’un d’autre."
SIGNS = 34


class KeyPage(QWidget):
    """Shows a verdict; asks for everything else."""

    opened = Signal()
    """The page was shown: what it says has to be of now."""
    check_wanted = Signal()
    stop_wanted = Signal()
    report_wanted = Signal()
    choice_wanted = Signal(str)
    """The fingerprint of the certificate chosen."""
    signer_wanted = Signal(str)
    s2low_wanted = Signal()

    def __init__(self, *, demo: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy: Policy | None = None
        self._verdict: Verdict | None = None
        self._checking = False
        self._said = ""
        self.drawing = KeyDrawing()
        self.title, self.remedy = words(role="title"), words()
        self.call, self.code = words(role="muted"), words(role="muted")
        self.notes = words()
        self.check_button = button(CHECK, self._check, "primary")
        self.report_button = button("Copier pour l’informaticien…", self.report_wanted.emit)
        self.detail_button = button(SHOW_DETAIL, self._toggle)
        self.ladder = Ladder()
        self.certificates = CertificateList()
        self.certificates.chosen.connect(self.choice_wanted)
        self.signer = QLineEdit()
        self.s2low_button = button("Vérifier auprès de S²LOW…", self.s2low_wanted.emit)
        self._card = QFrame()
        self._assemble(demo=demo)
        self._tell_nothing()

    # -- how it is made ------------------------------------------------------------------------------------

    def _assemble(self, *, demo: bool) -> None:
        content = QWidget()
        layout = page_layout(content)
        if demo:
            layout.addWidget(words(DEMO, "muted"))
        layout.addWidget(self._answer())
        layout.addWidget(self.certificates)
        layout.addWidget(self.ladder)
        layout.addWidget(self._more())
        layout.addWidget(words(NEVER, "muted"))
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(content))
        self.ladder.hide()

    def _answer(self) -> QFrame:
        told = QVBoxLayout()
        told.setSpacing(SMALL_GAP)
        for part in (self.title, self.remedy, self.notes, self.call, self.code):
            told.addWidget(selectable(part))
        told.addStretch(1)
        layout = QGridLayout(self._card)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setHorizontalSpacing(GAP * 2)
        layout.setVerticalSpacing(GAP)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.drawing, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(told, 0, 1)
        # Under the drawing too: in large letters they need the whole width.
        layout.addLayout(row(self.check_button, self.report_button, self.detail_button, None), 1, 0, 1, 2)
        with_role(self._card, "card")
        return self._card

    def _more(self) -> QFrame:
        frame, inside = card()
        name = words(SIGNER_NAME)
        name.setBuddy(self.signer)
        self.signer.setAccessibleName(SIGNER_NAME)
        self.signer.setAccessibleDescription(SIGNER_HINT)
        self.signer.setMaximumWidth(self.signer.fontMetrics().averageCharWidth() * SIGNS)
        self.signer.editingFinished.connect(lambda: self.signer_wanted.emit(" ".join(self.signer.text().split())))
        inside.addWidget(name)
        inside.addWidget(self.signer)
        inside.addWidget(words(SIGNER_HINT, "muted"))
        inside.addSpacing(SMALL_GAP)
        inside.addLayout(row(self.s2low_button, None))
        return frame

    # -- what is shown -------------------------------------------------------------------------------------

    def set_policy(self, policy: Policy) -> None:
        """Show whom to call, by these rules."""
        self._policy = policy
        if self._verdict is not None and not self._checking:
            self._tell_call(self._verdict)

    def set_signer(self, signer: str) -> None:
        """Show the expected signer, unless another one is being typed."""
        if not self.signer.hasFocus():
            self.signer.setText(signer)

    def show_checking(self, *, checking: bool) -> None:
        """Say that a check goes on, or that none does any more."""
        if checking is self._checking:
            return
        self._checking = checking
        self._tell_button()
        if checking:
            self._tell_checking(None)
            self._announce(CHECKING)
        elif self._verdict is None:
            self._tell_nothing()

    def show_progress(self, verdict: Verdict | None) -> None:
        """Show how far a check has come."""
        if self._checking:
            self._tell_checking(verdict)

    def show_verdict(self, verdict: Verdict, now: datetime) -> None:
        """Show an answer. ``now`` is aware, in the computer's zone."""
        self._verdict = verdict
        self._checking = False
        self._tell_button()
        message = sentences.message(verdict)
        scene, mark = face_of(verdict.state)
        self._tell(message, sentences.remedy(verdict), scene, mark, Tone(sentences.badge(verdict.state)[1]))
        lines = [sentences.note(verdict, one) for one in verdict.notes]
        self._put(self.notes, "\n".join(line for line in lines if line))
        self._tell_call(verdict)
        code = sentences.verdict_code(verdict)
        shown = f"{verdict.state.value} ({code})" if code else verdict.state.value
        # For whoever is called; nobody is when all is well.
        self._put(self.code, f"Code{NBSP}: {shown}" if verdict.state is not KeyState.OK else "")
        self.ladder.show_ladder(verdict.ladder)
        self.certificates.show_certificates(verdict.usable, verdict.chosen, now)
        self.report_button.setEnabled(True)
        self._announce(message)

    def _tell_button(self) -> None:
        self.check_button.setText(STOP if self._checking else CHECK)
        self.check_button.setAccessibleName(f"{self.check_button.text()} la vérification" if self._checking else CHECK)

    def _tell_checking(self, verdict: Verdict | None) -> None:
        ladder = verdict.ladder if verdict is not None else ()
        self._tell(CHECKING, progress_words(ladder), Scene.PLUGGED, Mark.DOTS, Tone.PLAIN)
        for part in (self.notes, self.call, self.code):
            part.hide()
        self.ladder.show_ladder(ladder)

    def _tell_nothing(self) -> None:
        self._tell(NOT_CHECKED, "", Scene.APART, Mark.DOT, Tone.PLAIN)
        for part in (self.notes, self.call, self.code):
            part.hide()
        self.report_button.setEnabled(False)

    def _tell(self, title: str, text: str, scene: Scene, mark: Mark, tone: Tone) -> None:
        with_role(self._card, "card" if tone is Tone.PLAIN else tone.value)
        self._put(self.title, title)
        self._put(self.remedy, text)
        self._card.setAccessibleName(f"{title} {text}".strip())
        self.drawing.show_scene(scene, mark, tone)

    def _tell_call(self, verdict: Verdict) -> None:
        wanted = sentences.whom_to_call(verdict.state)
        contact = self._policy.contact(wanted) if self._policy is not None and wanted else None
        if contact is not None:
            how = " · ".join(part for part in (contact.phone, contact.email) if part)
            self._put(self.call, f"Qui appeler{NBSP}: {contact.name}{f' ({how})' if how else ''}.")
        elif wanted == AUTHORITY:
            issuer = verdict.chosen.certificate.issuer if verdict.chosen is not None else ""
            named = f"{issuer}, qui a fourni la clé" if issuer else "l’autorité de certification qui a fourni la clé"
            self._put(self.call, f"Qui appeler{NBSP}: {named}.")
        else:
            self._put(self.call, "")

    @staticmethod
    def _put(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _announce(self, text: str) -> None:
        if self.isVisible() and text != self._said:
            announce(self, text)
        self._said = text

    # -- what is asked -------------------------------------------------------------------------------------

    def _check(self) -> None:
        (self.stop_wanted if self._checking else self.check_wanted).emit()

    def _toggle(self) -> None:
        shown = self.ladder.isHidden()
        self.ladder.setVisible(shown)
        self.detail_button.setText(HIDE_DETAIL if shown else SHOW_DETAIL)
        self.detail_button.setAccessibleName(self.detail_button.text())

    # -- what Qt tells -------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the page was opened; coming back from under another window is no opening."""
        super().showEvent(event)
        if not event.spontaneous():
            self.opened.emit()
