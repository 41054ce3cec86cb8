"""These tests are collected on Windows alone; everywhere else the Windows suite runs them under Wine."""

from __future__ import annotations

import sys

import pytest

collect_ignore_glob = [] if sys.platform == "win32" else ["test_*.py"]


@pytest.fixture
def real_vault(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the programs that the test starts use the Credential Manager itself; return the account to use there."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.Windows.WinVaultKeyring")
    return "mairie d’essai"
