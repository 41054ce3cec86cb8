"""Worlds and servers for the tests of the simulator."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest

from enn_desktop.demo import DemoServer, World, build_world

NOW = datetime(2026, 11, 23, 12, 0, 0)  # noqa: DTZ001 - the platform's local time

Serve = Callable[..., DemoServer]


@pytest.fixture
def world() -> World:
    return build_world(1, 60, now=NOW)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that stop with the test; the simulator itself must not have failed."""
    with ExitStack() as stack:
        started: list[DemoServer] = []

        def start(
            world: World | None = None, *, profile: str = "2.0", dossiers: int = 60, **options: Any
        ) -> DemoServer:
            chosen = world if world is not None else build_world(1, dossiers, profile=profile, now=NOW)
            server = stack.enter_context(DemoServer(chosen, **options))
            started.append(server)
            return server

        yield start
        assert [failure for server in started for failure in server.failures] == []


@pytest.fixture
def server(world: World, serve: Serve) -> DemoServer:
    return serve(world)
