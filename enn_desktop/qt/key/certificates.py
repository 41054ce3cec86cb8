"""The certificates to choose from: usage and dates beside each, the expired ones shown and greyed, never hidden."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from enn_desktop.core.french import NBSP, long_date
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, clear, plain_tip, words
from enn_desktop.signing_key.values import Certificate, Found

INDENT = 24
SIGN_ROOM = 34
TITLE = "De quel certificat s’agit-il\u202f?"
HINT = "Votre choix est retenu sur ce poste\u202f; il ne change rien à la clé."


class CertificateList(QFrame):
    """Shows them when there are several; tells which one was chosen."""

    chosen = Signal(str)
    """The fingerprint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "card")
        self.buttons: dict[str, QRadioButton] = {}
        self._shown: tuple[object, ...] = ()
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(words(TITLE, "section"))
        self._list = QVBoxLayout()
        self._list.setSpacing(SMALL_GAP)
        layout.addLayout(self._list)
        layout.addWidget(words(HINT, "muted"))
        self.hide()

    def show_certificates(self, usable: Sequence[Found], chosen: Found | None, now: datetime) -> None:
        """Show these; ``now`` is aware. The same ones again keep their buttons, and the focus with them."""
        self.setVisible(len(usable) > 1)
        content = tuple((one.certificate, ends_words(one.certificate, now)) for one in usable)
        if content != self._shown:
            self._shown = content
            self._make(usable, now)
        mine = self.buttons.get(chosen.certificate.fingerprint) if chosen is not None else None
        self._group.setExclusive(False)
        for button in self.buttons.values():
            button.setChecked(button is mine)
        self._group.setExclusive(True)

    def _make(self, usable: Sequence[Found], now: datetime) -> None:
        clear(self._list)
        self.buttons = {}
        for one in usable:
            certificate = one.certificate
            button = _Choice(certificate.holder or "Sans nom")
            about = about_words(certificate, now)
            button.setAccessibleName(f"{certificate.holder}, {about}")
            button.setToolTip(plain_tip(certificate.issuer))
            button.clicked.connect(
                lambda _checked=False, fingerprint=certificate.fingerprint: self.chosen.emit(fingerprint)
            )
            details = words(about, "muted")
            details.setContentsMargins(INDENT, 0, 0, 0)
            expired = certificate.not_after <= now
            with_role(button, "past" if expired else "")
            self._group.addButton(button)
            self.buttons[certificate.fingerprint] = button
            together = QVBoxLayout()
            together.setSpacing(0)
            together.addWidget(button)
            together.addWidget(details)
            self._list.addLayout(together)


class _Choice(QRadioButton):
    """A choice whose name is cut where there is no room: Qt would make the whole page wider instead."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = " ".join(name.split())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Let the name shrink to a few signs."""
        return QSize(SIGN_ROOM * 4, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Cut anew."""
        super().resizeEvent(event)
        room = max(self.width() - SIGN_ROOM, 1)
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        # Qt would underline a letter instead of showing « & ».
        self.setText(shown.replace("&", "&&"))


def ends_words(certificate: Certificate, now: datetime) -> str:
    """Return until when it is, or was, good."""
    end = long_date(certificate.not_after.astimezone(now.tzinfo).date())
    if certificate.not_after <= now:
        return f"expiré depuis le {end}"
    if certificate.not_before > now:
        return f"valable à partir du {long_date(certificate.not_before.astimezone(now.tzinfo).date())}"
    return f"valable jusqu’au {end}"


def about_words(certificate: Certificate, now: datetime) -> str:
    """Return usage, dates and issuer in one line."""
    usage = certificate.usage.value
    by = f"émis par {certificate.issuer}" if certificate.issuer else ""
    return " · ".join(part for part in (f"usage{NBSP}: {usage}", ends_words(certificate, now), by) if part)
