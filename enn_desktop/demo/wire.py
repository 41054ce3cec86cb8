"""What PHP puts on the wire: JSON as `json_encode` prints it, parameters as PHP reads them."""

from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring_ascii
from typing import TypeAlias
from urllib.parse import parse_qsl

# PHP knows one kind of array; a mapping with the keys 0, 1, 2… leaves as a JSON list.
Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
Parameters: TypeAlias = dict[str, str | list[str]]


class NotUtf8Error(ValueError):
    """A text holds bytes that are not UTF-8, so that PHP could not encode the answer."""


def text_of(raw: bytes) -> str:
    """Return the bytes as text; bytes that are not UTF-8 are kept as lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """Return the very bytes that `text_of` was given."""
    return text.encode("utf-8", "surrogateescape")


def json_text(value: Json, *, pretty: bool = True) -> str:
    r"""Return the value as PHP prints it: four spaces, `\uXXXX`, `\/`, empty arrays `[]`, no last newline.

    Raises:
        NotUtf8Error: some text holds bytes that are not UTF-8.
    """
    out: list[str] = []
    _write(value, out.append, "\n" if pretty else "", "    " if pretty else "")
    return "".join(out)


def _write(value: Json, put: Callable[[str], None], margin: str, step: str) -> None:
    if isinstance(value, str):
        put(_quoted(value))
    elif value is None:
        put("null")
    elif isinstance(value, bool):
        put("true" if value else "false")
    elif isinstance(value, int):
        put(str(value))
    elif isinstance(value, Mapping):
        _write_mapping(value, put, margin, step)
    else:
        _write_list(value, put, margin, step)


def _write_mapping(value: Mapping[str, Json], put: Callable[[str], None], margin: str, step: str) -> None:
    if not value or ("0" in value and list(value) == [str(number) for number in range(len(value))]):
        _write_list(list(value.values()), put, margin, step)
        return
    deeper = margin + step
    colon = '": ' if step else '":'
    lead = "{" + deeper + '"'
    for key, item in value.items():
        put(lead + _quoted(key)[1:-1] + colon)
        if isinstance(item, str):
            put(_quoted(item))
        else:
            _write(item, put, deeper, step)
        lead = "," + deeper + '"'
    put(margin + "}")


def _write_list(value: Sequence[Json], put: Callable[[str], None], margin: str, step: str) -> None:
    if not value:
        put("[]")
        return
    deeper = margin + step
    lead = "[" + deeper
    for item in value:
        put(lead)
        _write(item, put, deeper, step)
        lead = "," + deeper
    put(margin + "]")


def _quoted(text: str) -> str:
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise NotUtf8Error(text) from error
    quoted = encode_basestring_ascii(text)
    return quoted.replace("/", "\\/") if "/" in quoted else quoted


def parameters(raw: bytes) -> Parameters:
    """Read a query string or a form as PHP does: `a[]=1&a[]=2` is a list, a repeated name keeps its last value."""
    found: Parameters = {}
    pairs = parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True, errors="surrogateescape")
    for name, value in pairs:
        add_parameter(found, name, value)
    return found


def add_parameter(found: Parameters, name: str, value: str) -> None:
    """Put one pair among the parameters, with PHP's rule for names that end in brackets."""
    base, bracket, _ = name.partition("[")
    if not bracket:
        found[name] = value
        return
    already = found.get(base)
    if isinstance(already, list):
        already.append(value)
    else:
        found[base] = [value]


def number_of(text: str) -> int:
    """Return what PHP's `(int)` makes of a text: its leading digits, else 0."""
    stripped = text.strip()
    sign = stripped[:1] if stripped[:1] in {"-", "+"} else ""
    digits = ""
    for character in stripped[len(sign) :]:
        if not ("0" <= character <= "9"):
            break
        digits += character
    return int(sign + digits) if digits else 0


def truthy(text: str | list[str] | None) -> bool:
    """Return what PHP makes of a text in a condition: empty and `0` are false, everything else is true."""
    return text not in (None, "", "0", [])
