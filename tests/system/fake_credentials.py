"""Windows' Credential Manager under keyring's own class for it, in memory: its limits and its way of naming entries.

``wincred.h``: 2,560 bytes for a secret (CRED_MAX_CREDENTIAL_BLOB_SIZE), 513 characters for a user's name; the names of
entries are the same whatever their case.
"""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

LONGEST_SECRET = 2_560
LONGEST_USER = 513


class WindowsError(Exception):
    """As pywin32-ctypes raises it: no kind of keyring's own."""

    def __init__(self, code: int) -> None:
        super().__init__(code, "CredWrite", "refusé")
        self.winerror = code


class FakeCredentials(KeyringBackend):
    """One user's entries. ``cut_after`` writes, or removals, the plug is pulled."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring's own has no types
        self.entries: dict[str, tuple[str, str]] = {}
        self.cut_after: int | None = None

    def get_password(self, service: str, username: str) -> str | None:
        found = self.entries.get(service.casefold())
        if found is None or found[0] != username:
            found = self.entries.get(f"{username}@{service}".casefold())
        return None if found is None else found[1]

    def set_password(self, service: str, username: str, password: str) -> None:
        if (there := self.entries.get(service.casefold())) is not None:
            self._write(f"{there[0]}@{service}", *there)
        self._write(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        mine = [
            name
            for name in (service.casefold(), f"{username}@{service}".casefold())
            if name in self.entries and self.entries[name][0] == username
        ]
        if not mine:
            raise PasswordDeleteError(service)
        for name in mine:
            self._step()
            del self.entries[name]

    def _write(self, name: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > LONGEST_SECRET or len(username) > LONGEST_USER:
            raise WindowsError(1783)
        self._step()
        self.entries[name.casefold()] = (username, password)

    def _step(self) -> None:
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise PulledPlugError
            self.cut_after -= 1


class PulledPlugError(Exception):
    """The program ended here."""
