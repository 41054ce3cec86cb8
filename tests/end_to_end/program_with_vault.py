"""The program itself, with a vault of the tests in the place of the system's: there is none on this screen."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend

from enn_desktop.__main__ import main
from enn_desktop.system import secret_vault


class TestVault(KeyringBackend):
    """Gives the secrets of one file, and keeps none."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring's own has no types

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 - keyring's own signature
        found = json.loads(Path(os.environ["ENN_TEST_VAULT"]).read_text(encoding="utf-8")).get(username)
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


if __name__ == "__main__":
    keyring.set_keyring(TestVault())
    secret_vault._SAFE = (*secret_vault._SAFE, __name__)  # type: ignore[assignment] # one vault more, for the tests
    sys.exit(main())
