"""Step 2: how Pastell knows you."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QLayout, QRadioButton, QStackedWidget, QVBoxLayout, QWidget

from enn_desktop.qt.first_start.draft import CERTIFICATE, PASSWORD, TOKEN, AccountDraft, Concern
from enn_desktop.qt.first_start.fields import SecretField, column, label_for, line, muted
from enn_desktop.qt.pieces import GAP, button, page_layout, row

LABELS = {
    PASSWORD: "Mot de passe",
    TOKEN: "Jeton",
    CERTIFICATE: "Certificat",
}
KEPT = "Il est gardé dans le trousseau de cet ordinateur, jamais dans un fichier."
PASSWORD_HELP = f"Les mêmes que dans Pastell. Le mot de passe ne va qu’à Pastell. {KEPT}"
TOKEN_HELP = f"Un jeton se crée dans Pastell (version 4 et suivantes), ou se demande à ENN. {KEPT}"
CERTIFICATE_HELP = (
    "Un fichier .p12, .pfx ou .pem, remis par ENN ou par votre prestataire. "
    "Il ne s’agit pas de la clé USB de signature."
)
FILE_KINDS = "Certificats (*.p12 *.pfx *.pem);;Tous les fichiers (*)"


class AccountStep(QWidget):
    """Asks for an identity by password, token or certificate file."""

    title = "Votre compte Pastell"
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._methods = QButtonGroup(self)
        self._panels = QStackedWidget()
        self.choices: dict[str, QRadioButton] = {}
        self.user = line("Identifiant")
        self.password = SecretField("Mot de passe")
        self.token = SecretField("Jeton")
        self.certificate = line("Fichier du certificat", description=CERTIFICATE_HELP)
        self.certificate_password = SecretField("Mot de passe du certificat")
        self._choose = button("Choisir…", self._choose_file, name="Choisir le fichier du certificat")
        self._file_dialog: QFileDialog | None = None
        layout = page_layout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._make_choices())
        layout.addWidget(self._panels)
        layout.addStretch(1)
        self._make_panels()
        self.choose_method(PASSWORD)
        for field in (*self._secrets().values(), self.password):
            field.edit.textEdited.connect(lambda _text: self.edited.emit())
        for edit in (self.user, self.certificate):
            edit.textEdited.connect(lambda _text: self.edited.emit())

    # -- values --------------------------------------------------------------------------------------------

    def method(self) -> str:
        """Return the method chosen."""
        return next(method for method, choice in self.choices.items() if choice.isChecked())

    def choose_method(self, method: str) -> None:
        """Show the fields of one method."""
        self.choices[method].setChecked(True)

    def fill(self, draft: AccountDraft) -> None:
        """Show an account as it was typed before."""
        self.choose_method(draft.method)
        self.user.setText(draft.user)
        self.certificate.setText(str(draft.certificate or ""))
        for method, field in self._secrets().items():
            field.edit.setText(draft.secret if method == draft.method else "")
            field.hide_text()

    def draft(self, address: str) -> AccountDraft:
        """Return what was typed, for that address: only what belongs to the method chosen."""
        method = self.method()
        typed = self._secrets()[method].text()
        certificate = self.certificate.text().strip().strip('"')
        return AccountDraft(
            address=address,
            user=self.user.text().strip() if method == PASSWORD else "",
            method=method,
            # A token is pasted, with spaces around it; a password may begin with one.
            secret=typed.strip() if method == TOKEN else typed,
            certificate=Path(certificate) if method == CERTIFICATE and certificate else None,
        )

    def missing(self) -> tuple[str, QWidget] | None:
        """Return what is not filled in and where, ``None`` when all is."""
        draft = self.draft("")
        if draft.method == CERTIFICATE:
            return None if draft.certificate else ("Choisissez le fichier du certificat.", self.certificate)
        if draft.method == TOKEN:
            return None if draft.secret else ("Collez le jeton.", self.token.edit)
        if not draft.user:
            return "Tapez votre identifiant.", self.user
        return None if draft.secret else ("Tapez votre mot de passe.", self.password.edit)

    def field_of(self, concern: Concern) -> QWidget:
        """Return the field that a refusal is about."""
        return self.certificate if concern is Concern.CERTIFICATE else self._secrets()[self.method()].edit

    @property
    def field(self) -> QWidget:
        """The first field to fill in."""
        return {PASSWORD: self.user, TOKEN: self.token.edit, CERTIFICATE: self.certificate}[self.method()]

    # -- how it is made ------------------------------------------------------------------------------------

    def _secrets(self) -> dict[str, SecretField]:
        return {PASSWORD: self.password, TOKEN: self.token, CERTIFICATE: self.certificate_password}

    def _make_choices(self) -> QLayout:
        choices = row()
        choices.setSpacing(GAP)
        for number, (method, text) in enumerate(LABELS.items()):
            choice = QRadioButton(text)
            choice.setAccessibleName(f"Se connecter avec\u00a0: {text[:1].lower()}{text[1:]}")
            choice.setMinimumHeight(24)
            choice.toggled.connect(lambda on, number=number: self._show_panel(number) if on else None)
            self._methods.addButton(choice)
            self.choices[method] = choice
            choices.addWidget(choice)
        choices.addStretch(1)
        return choices

    def _make_panels(self) -> None:
        chosen = row(self.certificate, self._choose, None)
        chosen.setStretch(0, 100)
        for fields, said in (
            ((("Identifiant", self.user), ("Mot de passe", self.password)), PASSWORD_HELP),
            ((("Jeton", self.token),), TOKEN_HELP),
            (
                (("Fichier du certificat", chosen), ("Mot de passe du certificat", self.certificate_password)),
                CERTIFICATE_HELP,
            ),
        ):
            panel, layout = column()
            for text, part in fields:
                self._add_field(layout, text, part)
            layout.addWidget(muted(said))
            layout.addStretch(1)
            self._panels.addWidget(panel)

    def _add_field(self, layout: QVBoxLayout, text: str, part: QWidget | QLayout) -> None:
        if isinstance(part, QLayout):
            layout.addWidget(label_for(self.certificate, text))
            layout.addLayout(part)
        else:
            layout.addWidget(label_for(part.edit if isinstance(part, SecretField) else part, text))
            layout.addWidget(part)

    def _show_panel(self, number: int) -> None:
        self._panels.setCurrentIndex(number)
        self.edited.emit()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Fichier du certificat", self.certificate.text(), FILE_KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        self._file_dialog = dialog
        dialog.open()

    def _file_chosen(self, path: str) -> None:
        self.certificate.setText(str(Path(path)))
        self.certificate_password.edit.setFocus()
        self.edited.emit()
