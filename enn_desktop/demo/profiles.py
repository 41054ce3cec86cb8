"""What differs between the lines of Pastell, one profile for each."""

from dataclasses import dataclass, replace
from typing import Final, Literal

RateRule = Literal["none", "login", "address", "address-failures"]

_DEFAULT_PATCH: Final = {"2.0": "2.0.16", "3.0": "3.0.13", "3.1": "3.1.21"} | {
    "4.0": "4.0.14",
    "4.1": "4.1.18",
    "5.0": "5.0.4",
}
# From these versions on, reading a document needs `lecture` and no longer `edition` (Pastell API, rights).
_LECTURE_FROM: Final = {(4, 0): (4, 0, 29), (4, 1): (4, 1, 16), (5, 0): (5, 0, 2)}


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of Pastell and everything the API does differently because of it."""

    name: str
    version: tuple[int, int, int]
    numbers: Literal["strings", "native"]
    rate_limit: RateRule
    shown_version: str

    def at_least(self, *version: int) -> bool:
        """Tell whether this platform is of that version or later."""
        return self.version >= version

    @property
    def strings(self) -> bool:
        """Tell whether numbers of the database leave as JSON strings (2.0 and 3.x)."""
        return self.numbers == "strings"

    @property
    def casts_rows(self) -> bool:
        """Tell whether the list casts its columns (4.x and later)."""
        return self.at_least(4)

    @property
    def reading_right(self) -> Literal["lecture", "edition"]:
        """The right that detail and download ask for."""
        floor = _LECTURE_FROM.get(self.version[:2])
        return "lecture" if floor is not None and self.version >= floor else "edition"

    @property
    def unknown_document_is_404(self) -> bool:
        """Tell how an unknown document is refused: 404, or 403 with an empty type."""
        return self.at_least(4)

    @property
    def unknown_file_is_404(self) -> bool:
        """Tell the same of the file route, which checked nothing before 4.1.9."""
        return self.at_least(4, 1, 9)

    @property
    def entity_state_column(self) -> bool:
        """Tell whether rows hold `etat`."""
        return not self.at_least(4)

    @property
    def tokens(self) -> bool:
        """Tell whether `Authorization: Bearer` exists."""
        return self.at_least(4)

    @property
    def token_routes(self) -> bool:
        """Tell whether tokens can be listed and made by the API."""
        return self.at_least(4, 0, 3)

    @property
    def masks_passwords(self) -> bool:
        """Tell whether fields of type password are masked in the detail."""
        return self.at_least(3)

    @property
    def empty_data_is_null(self) -> bool:
        """Tell whether a new document says `"data": null`."""
        return not self.at_least(3)

    @property
    def mail_details(self) -> bool:
        """Tell whether the detail of mail flows lists the recipients."""
        return self.at_least(3, 1)

    @property
    def deletes_documents(self) -> bool:
        """Tell whether DELETE on a document exists."""
        return self.at_least(4)

    @property
    def signed_keeps_name(self) -> bool:
        """Tell whether the signed file takes the very name of the original."""
        return self.at_least(3)

    @property
    def journal_days(self) -> int | None:
        """Days that the journal keeps its rows; `None` stands for two months."""
        return 60 if self.at_least(5) else None

    @property
    def client_certificates(self) -> bool:
        """Tell whether a client certificate logs its owner in without being switched on first."""
        return not self.at_least(4)


def profile_named(name: str) -> Profile:
    """Return a profile by line (`2.0`, `3.1`, `4.0`, `4.1`, `5.0`), by patch (`4.0.29`), or `2.0-native`.

    `2.0-native` is 2.0.16 on native database types, as some of the recorded exchanges were made.

    Raises:
        ValueError: no such line of Pastell is known.
    """
    line, _, variant = name.partition("-")
    patch = _DEFAULT_PATCH.get(line, line)
    pieces = patch.split(".")
    if len(pieces) != 3 or not all(piece.isdigit() for piece in pieces) or variant not in {"", "native"}:  # noqa: PLR2004 - major, minor, patch
        message = f"unknown profile of Pastell: {name}"
        raise ValueError(message)
    version = (int(pieces[0]), int(pieces[1]), int(pieces[2]))
    if ".".join(pieces[:2]) not in _DEFAULT_PATCH:
        message = f"unknown profile of Pastell: {name}"
        raise ValueError(message)
    native = variant == "native" or version >= (4, 0, 0)
    return Profile(name, version, "native" if native else "strings", _rate_rule(version), patch)


def with_version_text(profile: Profile, text: str) -> Profile:
    """Return the same profile announcing another version, such as `%VERSION%` of a home-built platform."""
    return replace(profile, shown_version=text)


def _rate_rule(version: tuple[int, int, int]) -> RateRule:
    if version < (3, 1, 11):
        return "none"
    if version < (4, 0, 0):
        return "login"
    return "address" if version < (4, 0, 15) else "address-failures"
