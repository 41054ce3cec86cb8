"""The make-believe platform in a process of its own, so that it shares no lock with what is measured."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from enn_desktop.demo import DemoServer, build_bench_world
from enn_desktop.demo.documents import Document


@dataclass(frozen=True)
class Platform:
    """A running platform: its address, an account, and the paths of every detail and file."""

    url: str
    login: str
    password: str
    paths: tuple[str, ...]


@contextmanager
def platform(dossiers: int, files: int, size: int, *, latency: float = 0.0, huge: int = 0) -> Iterator[Platform]:
    """Start a platform with uniform dossiers; ``latency`` in seconds per answer, ``size`` in bytes per file."""
    command = [sys.executable, "-m", "tests.bench.platform_process"]
    arguments = [str(value) for value in (dossiers, files, size, latency, huge)]
    with subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        said = json.loads(process.stdout.readline())
        yield Platform(said["url"], said["login"], said["password"], tuple(said["paths"]))
        process.stdin.close()
        process.wait(30)


def _serve(dossiers: int, files: int, size: int, latency: float, huge: int) -> None:
    world = build_bench_world(dossiers, files, size, huge_file=huge)
    account = world.accounts["secretaire"]
    with DemoServer(world, latency=latency) as server:
        paths = [path for document in world.documents.values() for path in _paths(document)]
        said = {"url": server.url, "login": account.login, "password": account.password, "paths": paths}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        threading.Thread(target=sys.stdin.read, daemon=True).run()


def _paths(document: Document) -> list[str]:
    base = f"/api/v2/entite/{document.memberships[0].id_e}/document/{document.id_d}"
    lists = [(field, value) for field, value in document.content.items() if isinstance(value, list)]
    return [base, *(f"{base}/file/{field}/{num}" for field, files in lists for num in range(len(files)))]


if __name__ == "__main__":
    dossiers, files, size, huge = (int(sys.argv[place]) for place in (1, 2, 3, 5))
    _serve(dossiers, files, size, float(sys.argv[4]), huge)
