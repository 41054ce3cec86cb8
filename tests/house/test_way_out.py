"""The way out of the network is found by one door: the network library never looks for a proxy by itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, calls, dotted, python_files, where

OPENERS = {"httpx.Client", "httpx.AsyncClient", "httpx.HTTPTransport", "httpx.AsyncHTTPTransport"}
SHORTCUTS = {f"httpx.{verb}" for verb in ("get", "post", "put", "head", "delete", "request", "stream")}


def looking_for_a_proxy(package: Path) -> list[str]:
    """Return every place that lets httpx read the environment, or Windows' registry, deaf to a PAC file."""
    found = []
    for path in python_files(package):
        for call in calls(path):
            name = dotted(call.func)
            told = any(
                word.arg == "trust_env" and isinstance(word.value, ast.Constant) and word.value.value is False
                for word in call.keywords
            )
            if name in SHORTCUTS or (name in OPENERS and not told) or name.endswith("request.urlopen"):
                found.append(f"{where(path, call.lineno, package.parent)} {name}")
    return found


def test_nothing_looks_for_a_proxy_beside_the_door() -> None:
    assert looking_for_a_proxy(PACKAGE) == []


@pytest.mark.parametrize(
    "code",
    ["httpx.Client()", "httpx.Client(trust_env=True)", "httpx.get(url)", "urllib.request.urlopen(url)"],
)
def test_the_checker_sees_who_goes_beside_the_door(tmp_path: Path, code: str) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "asker.py").write_text(code, encoding="utf-8")
    assert len(looking_for_a_proxy(tmp_path / "pack")) == 1
