"""One window per person and per profile: a second start raises the first."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from enn_desktop.core.errors import FolderBusy, StorageError
from enn_desktop.system.folder_lock import FolderLock

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

LOCK = "fenetre.verrou"
WAIT_MS = 2_000
"""How long a second start waits for the first to answer: one that hangs must not hold the second."""
LONGEST = 64


class SingleInstance(QObject):
    """Holds a lock that the system releases when the process dies; the first instance listens to the others."""

    told = Signal(str)
    """What another start had to say (« raise »)."""

    def __init__(self, profile: Path) -> None:
        super().__init__()
        who = f"{getpass.getuser()}\n{profile.absolute()}"
        self._name = f"enn-desktop-{hashlib.sha256(who.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"
        self._lock = FolderLock(profile / LOCK)
        self._held = False
        self._server: QLocalServer | None = None

    def claim(self, message: str) -> bool:
        """Return whether this is the first instance; otherwise the first was told ``message`` (nothing if empty).

        Where the profile cannot be locked (a disk without locks), every start is a first one: better two windows
        than none.
        """
        try:
            self._lock.__enter__()
        except FolderBusy:
            if message:
                self._tell(message)
            return False
        except StorageError:
            return True
        self._held = True
        return True

    def listen(self) -> None:
        """Hear other starts from now on; later than the first paint, because it loads the network library."""
        from PySide6.QtNetwork import QLocalServer

        server = self._server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # A crash leaves its socket behind; the lock says that nobody listens to it any more.
        QLocalServer.removeServer(self._name)
        server.newConnection.connect(self._hear)
        server.listen(self._name)

    def release(self) -> None:
        """Let another instance be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._held:
            self._lock.__exit__(None, None, None)
            self._held = False

    def _hear(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is None:
            return

        def read() -> None:
            message = bytes(socket.read(LONGEST).data()).decode("ascii", "replace").strip()
            socket.disconnectFromServer()
            if message:
                self.told.emit(message)

        socket.readyRead.connect(read)
        socket.disconnected.connect(socket.deleteLater)
        if socket.bytesAvailable():
            read()

    def _tell(self, message: str) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(WAIT_MS):
            return False
        socket.write(message.encode("ascii") + b"\n")
        socket.waitForBytesWritten(WAIT_MS)
        socket.disconnectFromServer()
        return True
