"""The check with S²LOW, behind a click: a certificate file and its password, or why this computer cannot do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Tone
from enn_desktop.core.errors import EnnError
from enn_desktop.core.french import NBSP
from enn_desktop.qt.first_start.account_step import FILE_KINDS
from enn_desktop.qt.first_start.fields import SecretField, label_for, line
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, button, row, scrolled, selectable, words

if TYPE_CHECKING:
    from enn_desktop.services.s2low_answers import S2lowAnswer

TITLE = "Vérifier auprès de S²LOW"
WHAT = (
    "Le programme demande à S²LOW, par Internet, s’il accepte un certificat et s’il le reconnaît comme RGS. Rien "
    "d’autre n’est envoyé, et seulement quand vous cliquez."
)
ON_A_KEY = (
    "Le certificat doit être un fichier (.p12 ou .pfx)\u00a0: celui d’une clé USB ne peut pas en sortir. Sans fichier, "
    "l’essai se fait dans votre navigateur."
)
ASKING = "S²LOW est interrogé…"
ASK, STOP = "Interroger", "Arrêter"
IN_BROWSER = "Par le navigateur"
SIGNS = 48
SIZE = QSize(560, 440)


@dataclass(frozen=True, slots=True)
class S2lowQuestion:
    """What to ask: where, with which certificate file."""

    address: str
    certificate: Path | None
    password: str = field(default="", repr=False)


class S2lowBox(QDialog):
    """Asks once per click; shows the answer, and forgets the password when it closes."""

    asked = Signal(object)
    """An ``S2lowQuestion``."""
    stopped = Signal()
    browser_wanted = Signal(str)
    """The address of S²LOW, as typed."""

    def __init__(self, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setModal(True)
        self._asking = False
        self.address, self.certificate = line("Adresse de S²LOW"), line("Fichier du certificat", description=ON_A_KEY)
        self.address.setText(address)
        self._choose = button("Choisir…", self._choose_file, name="Choisir le fichier du certificat")
        self.password = SecretField("Mot de passe du certificat")
        self.sentence, self.advice, self.detail = words(), words(), words(role="muted")
        self.ask_button = button(ASK, self._ask, "primary")
        self.browser_button = button(IN_BROWSER, lambda: self.browser_wanted.emit(self.address.text().strip()))
        self.close_button = button("Fermer", self.reject)
        self._assemble()
        self._show_told = QTimer(self)
        self._show_told.setSingleShot(True)
        self._show_told.timeout.connect(self._scroll_to_answer)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * SIGNS)
        self.resize(SIZE)

    def _assemble(self) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(GAP, GAP, GAP, SMALL_GAP)
        inside.setSpacing(SMALL_GAP)
        inside.addWidget(words(WHAT))
        chosen = row(self.certificate, self._choose)
        chosen.setStretch(0, 1)
        for one in (self.address, self.certificate, self.password.edit):
            inside.addWidget(label_for(one, one.accessibleName()))
            if one is self.certificate:
                inside.addLayout(chosen)
            else:
                inside.addWidget(one if one is self.address else self.password)
        inside.addWidget(words(ON_A_KEY, "muted"))
        inside.addSpacing(SMALL_GAP)
        for label in (self.sentence, self.advice, self.detail):
            inside.addWidget(selectable(label))
            label.hide()
        inside.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, GAP)
        self._area = scrolled(content)
        layout.addWidget(self._area, 1)
        buttons = row(self.browser_button, None, self.close_button, self.ask_button)
        buttons.setContentsMargins(GAP, 0, GAP, 0)
        layout.addLayout(buttons)
        self.ask_button.setDefault(True)

    # -- what is shown -------------------------------------------------------------------------------------

    def show_answer(self, answer: S2lowAnswer) -> None:
        """Show what came of it."""
        from enn_desktop.services.s2low_answers import Said

        self._set_asking(on=False)
        refused = Said.NO in {answer.accepted, answer.rgs}
        accepted = answer.accepted is answer.rgs is Said.YES
        tone = Tone.BAD if refused else Tone.GOOD if accepted else Tone.WARN
        self._tell(answer.sentence, answer.advice, answer.detail, tone)

    def show_error(self, error: EnnError) -> None:
        """Show why it could not be asked."""
        self._set_asking(on=False)
        self._tell(error.message, error.advice, error.detail, Tone.BAD)

    def _tell(self, sentence: str, advice: str, detail: str, tone: Tone) -> None:
        with_role(self.sentence, "" if tone is Tone.PLAIN else tone.value)
        for label, text in ((self.sentence, sentence), (self.advice, advice), (self.detail, detail)):
            label.setText(text)
            label.setVisible(bool(text))
        announce(self, f"{sentence} {advice}".strip())
        # Once the texts have their places.
        self._show_told.start()

    def _scroll_to_answer(self) -> None:
        last = self.advice if self.advice.isVisible() else self.sentence
        self._area.ensureWidgetVisible(last)

    def _set_asking(self, *, on: bool) -> None:
        self._asking = on
        self.ask_button.setText(STOP if on else ASK)
        self.ask_button.setAccessibleName(self.ask_button.text())

    # -- what is asked -------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if self._asking:
            self._set_asking(on=False)
            self._tell(f"Essai arrêté{NBSP}: S²LOW n’a rien dit.", "", "", Tone.PLAIN)
            self.stopped.emit()
            return
        named = self.certificate.text().strip().strip('"')
        self._set_asking(on=True)
        self._tell(ASKING, "", "", Tone.PLAIN)
        file = Path(named) if named else None
        self.asked.emit(S2lowQuestion(self.address.text().strip(), file, self.password.text()))

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Fichier du certificat", self.certificate.text(), FILE_KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _file_chosen(self, path: str) -> None:
        self.certificate.setText(str(Path(path)))
        self.password.edit.setFocus()

    # -- what Qt tells -------------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Close, whatever way: nothing is asked any more, and the password is gone."""
        if self._asking:
            self.stopped.emit()
        self.password.edit.clear()
        super().done(result)
