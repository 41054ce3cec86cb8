"""The card service of Linux, through its own library: the five calls, by hand, because no ready-made binding exists."""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from enn_desktop.signing_key.file_arrival_linux import Arrivals
from enn_desktop.signing_key.pcsc import Code, PcscError, Seen
from enn_desktop.signing_key.stop import StopFlag

LIBRARY = "libpcsclite.so.1"
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
SOCKET = Path("/run/pcscd/pcscd.comm")
SCOPE_SYSTEM = 2
ATR_BYTES = 33
_WORD = 0xFFFFFFFF

# pcsc-lite's DWORD and LONG are C longs: eight bytes on a 64-bit Linux, four on a 64-bit Windows.
_DWORD = ctypes.c_ulong
_LONG = ctypes.c_long


class ReaderState(ctypes.Structure):
    """``SCARD_READERSTATE`` of pcsc-lite: not packed, the ATR shorter than on Windows."""

    _fields_ = (
        ("reader", ctypes.c_char_p),
        ("user_data", ctypes.c_void_p),
        ("current_state", _DWORD),
        ("event_state", _DWORD),
        ("atr_length", _DWORD),
        ("atr", ctypes.c_ubyte * ATR_BYTES),
    )


_ARGUMENTS: dict[str, tuple[type, ...]] = {
    "SCardEstablishContext": (_DWORD, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(_LONG)),
    "SCardReleaseContext": (_LONG,),
    "SCardListReaders": (_LONG, ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(_DWORD)),
    "SCardGetStatusChange": (_LONG, _DWORD, ctypes.POINTER(ReaderState), _DWORD),
    "SCardCancel": (_LONG,),
}


class PcscLite:
    """pcscd, asked through ``libpcsclite``; a computer without that library has no service."""

    def __init__(self, library: str = LIBRARY) -> None:
        self._library = library

    def establish(self) -> int:
        """Return a new context."""
        context = _LONG()
        self._ask("SCardEstablishContext", SCOPE_SYSTEM, None, None, ctypes.byref(context))
        return context.value

    def list_readers(self, context: int) -> tuple[str, ...]:
        """Return the readers' names; none at all is no error."""
        length = _DWORD()
        try:
            self._ask("SCardListReaders", context, None, None, ctypes.byref(length))
            names = ctypes.create_string_buffer(length.value)
            self._ask("SCardListReaders", context, None, names, ctypes.byref(length))
        except PcscError as error:
            if error.code == Code.NO_READERS:
                return ()
            raise
        return tuple(os.fsdecode(name) for name in names.raw[: length.value].split(b"\0") if name)

    def get_status_change(self, context: int, timeout_ms: int, known: Sequence[Seen]) -> tuple[Seen, ...]:
        """Return the same readers as they are, once one differs; ctypes lets other threads run meanwhile."""
        states = (ReaderState * len(known))()
        for place, seen in zip(states, known, strict=True):
            place.reader = os.fsencode(seen.name)
            place.current_state = seen.state
        self._ask("SCardGetStatusChange", context, timeout_ms, states, len(known))
        return tuple(
            Seen(seen.name, place.event_state & _WORD, bytes(place.atr[: min(place.atr_length, ATR_BYTES)]))
            for place, seen in zip(states, known, strict=True)
        )

    def cancel(self, context: int) -> None:
        """End the wait of another thread on this context."""
        self._ask("SCardCancel", context)

    def release(self, context: int) -> None:
        """Give a context back; one that is dead already is no error."""
        if self._calls is not None:
            self._calls["SCardReleaseContext"](context)

    def await_service(self, stop: StopFlag, seconds: float) -> bool:
        """Wait until the daemon's socket is made anew, that long at most; tell whether it was."""
        try:
            with Arrivals(Path(os.environ.get(SOCKET_VARIABLE, SOCKET)).resolve()) as watched:
                # Asked once more now that the watch stands: it may have come between the caller's try and here.
                return self._answers() or _heard(watched, stop, seconds)
        except OSError:
            # No watch to be had: the caller's limit is then all there is.
            stop.wait(seconds)
            return False

    def _answers(self) -> bool:
        try:
            self.release(self.establish())
        except PcscError:
            return False
        return True

    @cached_property
    def _calls(self) -> dict[str, Callable[..., int]] | None:
        try:
            library = ctypes.CDLL(self._library)
        except OSError:
            return None
        calls: dict[str, Callable[..., int]] = {}
        for name, arguments in _ARGUMENTS.items():
            function = getattr(library, name)
            function.argtypes = arguments
            function.restype = _LONG
            calls[name] = function
        return calls

    def _ask(self, name: str, *given: object) -> None:
        if self._calls is None:
            raise PcscError(Code.NO_SERVICE)
        code = self._calls[name](*given) & _WORD
        if code != Code.SUCCESS:
            raise PcscError(code)


def _heard(watched: Arrivals, stop: StopFlag, seconds: float) -> bool:
    hear, say = os.pipe()
    try:
        with stop.waking(lambda: _ring(say)):
            ready = [] if stop.is_set else select.select([watched.fileno(), hear], [], [], seconds)[0]
    finally:
        os.close(hear)
        os.close(say)
    return watched.fileno() in ready and watched.seen()


def _ring(say: int) -> None:
    os.write(say, b"!")
