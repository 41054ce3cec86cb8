"""One window per person and per profile: a second start raises the first."""

from __future__ import annotations

import getpass
import logging
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from enn_desktop.core.errors import EnnError, FolderBusy
from enn_desktop.system.folder_lock import FolderLock
from enn_desktop.system.foreground import let_another_come_forward

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)
LOCK = "fenetre.verrou"
WAIT_MS = 2_000
"""How long a second start waits for an answer to what it said: a first one that hangs must not hold it."""
ABSENT_MS = 20_000
"""How long it waits for a first one that listens to nobody, because it is itself starting, or leaving."""
AGAIN_S = 0.05
"""Between two tries, while the first is itself starting, or leaving."""
RAISE, LEAVE = "raise", "leave"
"""What another start may say."""
GONE_MS = 20_000
"""How long an instance that was asked to leave may take: it first ends what goes on."""
LONGEST = 64
HEARD = b"ok\n"


class Claim(Enum):
    """What became of a claim."""

    FIRST = "première"
    TOLD = "l’autre a entendu"
    ABSENT = "l’autre n’écoute pas encore, ou plus"
    UNHEARD = "l’autre ne répond pas"


class SingleInstance(QObject):
    """Holds a lock that the system releases when the process dies; the first instance listens to the others.

    The lock costs the first instance nothing; the network library is for those who come second, and for later.
    """

    told = Signal(str)
    """What another start had to say (:data:`RAISE`, :data:`LEAVE`)."""

    def __init__(self, profile: Path) -> None:
        super().__init__()
        self.outcome = Claim.UNHEARD
        """What became of the last claim: there may be something to say when the other one does not answer."""
        self._profile = profile
        self._lock = FolderLock(profile / LOCK)
        self._held = False
        self._server: QLocalServer | None = None

    def claim(self, message: str) -> bool:
        """Return whether this is the first instance; otherwise the first was told ``message`` (nothing if empty).

        Where the profile cannot be locked (a disk without locks), every start is a first one: better two windows
        than none. Waits :data:`ABSENT_MS` at most for a first instance that is starting or leaving, and
        :data:`WAIT_MS` for one that hangs.
        """
        patience = QDeadlineTimer(ABSENT_MS)
        self.outcome = self._try(message)
        while self.outcome is Claim.ABSENT and not patience.hasExpired():
            time.sleep(AGAIN_S)
            self.outcome = self._try(message)
        return self.outcome is Claim.FIRST

    def listen(self) -> None:
        """Hear other starts from now on; later than the first paint, because it loads the network library."""
        from PySide6.QtNetwork import QLocalServer

        server = self._server = QLocalServer(self)
        # With this, Qt also puts its socket in place of one that a crash left behind; nobody listens there: the lock.
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._hear)
        if not server.listen(self._name()):
            log.info("Un autre démarrage ne sera pas entendu (%s)", server.serverError().name)

    def stop_listening(self) -> None:
        """Hear nobody any more: who leaves cannot come forward, and another start waits for the place instead."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def release(self) -> None:
        """Let another instance be the first."""
        self.stop_listening()
        if self._held:
            self._lock.__exit__(None, None, None)
            self._held = False

    def _try(self, message: str) -> Claim:
        try:
            self._lock.__enter__()
        except FolderBusy:
            return self._tell(message) if message else Claim.TOLD
        except EnnError:
            return Claim.FIRST
        self._held = True
        return Claim.FIRST

    def _name(self) -> str:
        import hashlib

        try:
            who = getpass.getuser()
        except (OSError, KeyError, ImportError):
            who = ""
        whose = f"{who}\n{self._profile.absolute()}"
        return f"enn-desktop-{hashlib.sha256(whose.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"

    def _hear(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            self._listen_to(socket)

    def _listen_to(self, socket: QLocalSocket) -> None:
        def read() -> None:
            if not socket.canReadLine() and socket.bytesAvailable() < LONGEST:
                return
            message = bytes(socket.readLine(LONGEST).data()).decode("ascii", "replace").strip()
            socket.write(HEARD)
            # Said before it is done: what is asked for may take a while.
            socket.flush()
            socket.disconnectFromServer()
            if message:
                self.told.emit(message)

        # It goes with the server: ending it by itself, from its own signal, ends the whole program now and then.
        socket.readyRead.connect(read)
        read()

    def _tell(self, message: str) -> Claim:
        from PySide6.QtNetwork import QLocalSocket

        kind = QLocalSocket.LocalSocketError
        nobody = {kind.ServerNotFoundError, kind.ConnectionRefusedError, kind.PeerClosedError}
        patience, socket = QDeadlineTimer(WAIT_MS), QLocalSocket()
        socket.connectToServer(self._name())
        if socket.waitForConnected(patience.remainingTime()):
            let_another_come_forward()
            socket.write(message.encode("ascii") + b"\n")
            # Connected is not heard: the system takes the words of a program that hangs, too.
            if socket.waitForReadyRead(patience.remainingTime()):
                return Claim.TOLD
        return Claim.ABSENT if socket.error() in nobody else Claim.UNHEARD


def have_it_leave(profile: Path) -> bool:
    """Ask the instance of a profile to leave; whether none is open any more, within :data:`GONE_MS`."""
    asked = SingleInstance(profile)
    patience = QDeadlineTimer(GONE_MS)
    gone = asked.claim(LEAVE)
    while not gone and asked.outcome is Claim.TOLD and not patience.hasExpired():
        time.sleep(AGAIN_S)
        gone = asked.claim("")
    asked.release()
    return gone
