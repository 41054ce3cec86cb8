"""What every vault must do under our secrets, the pretended one of the tests and Windows' own under Wine alike.

No pytest here: the Windows Python under Wine runs these functions as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from enn_desktop.core.errors import VaultError
from enn_desktop.system.secret_vault import LONGEST_PART, MOST_PARTS, SecretVault

Make = Callable[[str], SecretVault]
"""Makes our vault over the one under contract, for a profile."""
NAMES = (
    "Commune de Valbrume",
    "commune de valbrume",
    "COMMUNE DE VALBRUME",
    "Œuvres « scolaires » de l’été",
    "e\u0301te\u0301",
    "été",
    "市役所 🏛",
    "nom@enn-desktop",
    "nom\\avec/tout*?:|",
    " ",
    "x" * 700,
    "x" * 701,
)
SECRETS = ("", "a", "été:2026 «🔑»", " bords ", "ligne\nautre", "x" * LONGEST_PART, "enn-desktop:parties:a:1:0")


def keeps_what_it_is_given(make: Make) -> None:
    vault = make("")
    for secret in SECRETS[1:]:
        vault.keep("mairie", secret)
        assert vault.recall("mairie") == secret, secret[:20]
    vault.forget("mairie")
    assert vault.recall("mairie") is None


def tells_every_name_apart(make: Make) -> None:
    vault = make("")
    for number, name in enumerate(NAMES):
        vault.keep(name, f"secret {number}")
    assert [vault.recall(name) for name in NAMES] == [f"secret {number}" for number in range(len(NAMES))]
    vault.forget(NAMES[0])
    assert [vault.recall(name) for name in NAMES[:3]] == [None, "secret 1", "secret 2"]
    for name in NAMES:
        vault.forget(name)
        vault.forget(name)
        assert vault.recall(name) is None


def tells_profiles_apart(make: Make) -> None:
    usual, other = make(""), make("D:/essai")
    usual.keep("mairie", "le mien")
    assert other.recall("mairie") is None
    other.keep("mairie", "l’autre")
    assert (usual.recall("mairie"), other.recall("mairie")) == ("le mien", "l’autre")
    other.forget("mairie")
    assert usual.recall("mairie") == "le mien"
    usual.forget("mairie")


def keeps_a_secret_too_long_for_one_entry(make: Make) -> None:
    vault = make("")
    long = "é" * (LONGEST_PART + 1)
    wide = "🔑" * LONGEST_PART
    for secret in (long, wide, f"{wide}{long}", "court", long):
        vault.keep("mairie", secret)
        assert vault.recall("mairie") == secret, len(secret)
    vault.forget("mairie")
    assert vault.recall("mairie") is None


def refuses_what_is_no_secret_and_keeps_the_one_of_before(make: Make) -> None:
    vault = make("")
    vault.keep("mairie", "ancien")
    said = ""
    try:
        vault.keep("mairie", "x" * (LONGEST_PART * MOST_PARTS + 1))
    except VaultError as error:
        said = error.message
    assert "24\u202f001 caractères" in said, said
    assert vault.recall("mairie") == "ancien"
    vault.forget("mairie")


CLAUSES = (
    keeps_what_it_is_given,
    tells_every_name_apart,
    tells_profiles_apart,
    keeps_a_secret_too_long_for_one_entry,
    refuses_what_is_no_secret_and_keeps_the_one_of_before,
)
