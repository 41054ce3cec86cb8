"""The exchanges recorded from a real Pastell 2.0.16, read from their files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data" / "recordings"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded exchange; JSON values are left as they were decoded."""

    name: str
    number: int
    method: str
    path: str
    query: str
    user: str | None
    sent_headers: Mapping[str, str]
    form: Mapping[str, str] | None
    has_upload: bool
    raw_body: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    length: int | None
    text: str | None
    head: bytes
    version: int

    @property
    def json(self) -> Any:
        return json.loads(self.text or "null")

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def load(folder: Path = FOLDER) -> list[Recording]:
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> Recording:
    raw = json.loads(path.read_text(encoding="utf-8"))
    request, response = raw["request"], raw["response"]
    return Recording(
        name=path.stem,
        number=raw["n"],
        method=request["method"],
        path=request["path"],
        query=_query(request.get("query")),
        user=request.get("auth_user"),
        sent_headers=request.get("headers") or {},
        form=request.get("body_form"),
        has_upload=bool(request.get("body_files")),
        raw_body=(request.get("body_raw_latin1") or "").encode("latin-1"),
        status=response["status"],
        headers=tuple((name, value) for name, value in response["headers"]),
        length=response.get("length"),
        text=response.get("body_text"),
        head=(response.get("body_head_latin1") or "").encode("latin-1"),
        version=response.get("http_version", 11),
    )


def _query(query: str | Mapping[str, Any] | None) -> str:
    if query is None:
        return ""
    return query if isinstance(query, str) else "&".join(f"{name}={value}" for name, value in query.items())


def rows_and_details(recordings: Sequence[Recording]) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the rows of all recorded lists, in the order first seen, and the details by id."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    details: dict[str, dict[str, Any]] = {}
    for recording in recordings:
        if recording.status != 200 or recording.method != "GET" or not recording.text:
            continue
        if not recording.path.startswith("/api/v2/entite/") or "/file" in recording.path:
            continue
        if not recording.text.startswith(("{", "[")):
            continue
        _sort_out(recording.json, rows, details)
    return list(rows.values()), details


def _sort_out(found: Any, rows: dict[tuple[str, str], dict[str, Any]], details: dict[str, dict[str, Any]]) -> None:
    if isinstance(found, list):
        for row in found:
            if isinstance(row, dict) and "last_action_date" in row and row["id_d"]:
                rows.setdefault((row["id_d"], str(row["id_e"])), row)
    elif "info" in found and "id_d" in found["info"]:
        details[found["info"]["id_d"]] = found
    else:
        details.update({key: value for key, value in found.items() if isinstance(value, dict) and "info" in value})
