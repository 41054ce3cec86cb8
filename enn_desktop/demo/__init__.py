"""An honest Pastell on loopback: for demonstrations, for training, for tests and measures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enn_desktop.demo.accounts import ACCENTED_PASSWORD, PASSWORD, token_of
    from enn_desktop.demo.faults import Faults
    from enn_desktop.demo.requests_seen import RequestSeen
    from enn_desktop.demo.seed_bench import build_bench_world
    from enn_desktop.demo.seed_world import build_world
    from enn_desktop.demo.server import DemoServer, serve
    from enn_desktop.demo.world import World

__all__ = [
    "ACCENTED_PASSWORD",
    "PASSWORD",
    "DemoServer",
    "Faults",
    "RequestSeen",
    "World",
    "build_bench_world",
    "build_world",
    "serve",
    "token_of",
]

_HOMES = {
    "ACCENTED_PASSWORD": "accounts",
    "PASSWORD": "accounts",
    "token_of": "accounts",
    "Faults": "faults",
    "RequestSeen": "requests_seen",
    "build_bench_world": "seed_bench",
    "build_world": "seed_world",
    "DemoServer": "server",
    "serve": "server",
    "World": "world",
}


def __getattr__(name: str) -> object:
    """Import a public name the first time it is used: the simulator costs nothing to those who do not run it."""
    from importlib import import_module

    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
