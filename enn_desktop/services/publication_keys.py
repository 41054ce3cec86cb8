"""The public keys of those who may announce a new version, pinned in the program; none today means: nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.typed_reading import from_json

if TYPE_CHECKING:
    from securesystemslib.signer import Key

RESOURCE = "cles-de-publication.json"
"""Beside the policy; whoever builds the program puts theirs in its place."""
KIND = "ed25519"


class _KeyValue(msgspec.Struct, frozen=True):
    public: str


class _Key(msgspec.Struct, frozen=True):
    """A key as TUF writes it (TUF 1.0, section 4.2)."""

    keytype: str
    scheme: str
    keyval: _KeyValue


class _File(msgspec.Struct, frozen=True):
    threshold: int = msgspec.field(name="seuil")
    keys: dict[str, _Key] = msgspec.field(name="cles")


@dataclass(frozen=True, slots=True)
class PublicationKeys:
    """``threshold`` different ones of these keys must have signed. ``public``: key id → public key in hex."""

    threshold: int
    public: dict[str, str]

    @property
    def usable(self) -> bool:
        """Whether any announcement at all could be believed."""
        return bool(self.public)

    def of_library(self) -> list[Key]:
        """Return them as the signing library takes them."""
        from securesystemslib.signer import SSlibKey

        return [SSlibKey(keyid, KIND, KIND, {"public": public}) for keyid, public in self.public.items()]


def parse_keys(text: bytes) -> PublicationKeys:
    """Read the pinned keys. Raises ``SettingsError``: a program with wrong keys believes nobody."""
    try:
        found = from_json(text, _File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unusable(type(error).__name__) from error
    public = {keyid: key.keyval.public for keyid, key in found.keys.items()}
    of_our_kind = all(key.keytype == key.scheme == KIND for key in found.keys.values())
    # The same key under two names would count twice.
    if not of_our_kind or len(set(public.values())) != len(public) or not all(map(_is_key, public.values())):
        raise _unusable("cles")
    if public and not 1 <= found.threshold <= len(public):
        raise _unusable("seuil")
    return PublicationKeys(found.threshold, public)


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == 32 and text == text.lower()  # noqa: PLR2004 - an Ed25519 key (RFC 8032)
    except ValueError:
        return False


def _unusable(detail: str) -> SettingsError:
    message = "Les clés de publication de ce programme sont inutilisables."
    return SettingsError(message, advice="Demandez à votre prestataire de réinstaller le programme.", detail=detail)
