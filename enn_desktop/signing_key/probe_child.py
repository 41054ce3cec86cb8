"""The probe's own process: what may load a vendor's code happens here, says what it saw, and ends without a word."""

from __future__ import annotations

import faulthandler
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import NoReturn

from enn_desktop.signing_key.probe_lines import End, Line, StoreCertificate, written
from enn_desktop.system.paths import on_windows

MODULE, STORE = "module", "magasin"
DEADLINE_S = 8.0
"""How long whoever started this waits for an answer; later, nobody listens."""
LEAVES_S = 12.0
"""How long this may still take to come to the end of what it asks of the card, and to give it back."""
OUTLIVES_S = DEADLINE_S + LEAVES_S + 2.0
"""Longer than it is left to live: nobody is there to end it, so it ends itself."""
CLOSES_S = 1.0
"""How long the closing of a module is waited for once all was said."""
NOT_UNDERSTOOD = 2


def main(arguments: Sequence[str]) -> NoReturn:
    """Do what follows ``--sonde``, and leave; nothing that a module does on the way out can hold this up."""
    say = _own_line()
    _end_after(OUTLIVES_S)
    match arguments:
        case [what, path] if what == MODULE:
            lines = _module_lines(path)
        case [what] if what == STORE:
            lines = _store_lines()
        case _:
            os._exit(NOT_UNDERSTOOD)
    try:
        for line in lines:
            say(written(line))
    finally:
        os._exit(0)


def _end_after(seconds: float) -> None:
    """End this process then, wherever it hangs: the watch is kept by C code, which needs no interpreter."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=2)


def _own_line() -> Callable[[bytes], None]:
    """Keep the pipe for ourselves: what a module prints on descriptor 1 goes where errors go."""
    kept = os.dup(1)
    os.dup2(2, 1)

    def say(text: bytes) -> None:
        while text:
            text = text[os.write(kept, text) :]

    return say


def _module_lines(path: str) -> Iterator[Line]:
    if on_windows():
        from enn_desktop.signing_key.windows import loading

        loading.harden()
    from enn_desktop.signing_key.module_child import close, look

    listened_to_until = time.monotonic() + DEADLINE_S
    with closing(look(path)) as lines:
        for line in lines:
            yield line
            if time.monotonic() >= listened_to_until:
                break
        else:
            yield End()
    # A card is started afresh, under other programs' hands, when one leaves without giving it back; and pcscd takes
    # the card for used a while longer.
    _end_after(LEAVES_S)
    close(path)


def _store_lines() -> Iterator[Line]:
    from enn_desktop.signing_key.windows import loading, store

    if on_windows():
        loading.harden()
    try:
        for one in store.entries():
            yield StoreCertificate(one.der, one.provider, one.provider_type, one.hardware, one.answer, one.key_code)
    except OSError as error:
        yield End(_code(error))
        return
    yield End()


def _code(error: OSError) -> int:
    return error.errno or 1
