"""The card service of Windows, through pyscard's raw calls: its own classes poll, and hide the codes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from ctypes import POINTER, c_int, c_uint32, c_void_p
from typing import TypeVar

from smartcard import scard

from enn_desktop.signing_key.pcsc import Code, PcscError, Seen
from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.windows.api import Dll
from enn_desktop.system.windows_dll import Prototype, SystemDll

_WORD = 0xFFFFFFFF
_T = TypeVar("_T")

_STARTED = Prototype("SCardAccessStartedEvent", c_void_p, ())
_FORGET_STARTED = Prototype("SCardReleaseStartedEvent", None, ())
_NEW_EVENT = Prototype("CreateEventW", c_void_p, (c_void_p, c_int, c_int, c_void_p))
_SET_EVENT = Prototype("SetEvent", c_int, (c_void_p,))
_CLOSE = Prototype("CloseHandle", c_int, (c_void_p,))
_WAIT = Prototype("WaitForMultipleObjects", c_uint32, (c_uint32, POINTER(c_void_p), c_int, c_uint32))


class WindowsPcsc:
    """winscard, asked through ``smartcard.scard``; it works against pcscd as well."""

    def __init__(self, winscard: Dll | None = None, kernel: Dll | None = None) -> None:
        self._winscard: Dll = winscard or SystemDll("winscard")
        self._kernel: Dll = kernel or SystemDll("kernel32")

    def establish(self) -> int:
        """Return a new context."""
        code, context = _spoken(lambda: scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
        _demand(code)
        return int(context)

    def list_readers(self, context: int) -> tuple[str, ...]:
        """Return the readers' names; none at all is no error."""
        code, names = _spoken(lambda: scard.SCardListReaders(context, []))
        if code & _WORD == Code.NO_READERS:
            return ()
        _demand(code)
        return tuple(names)

    def get_status_change(self, context: int, timeout_ms: int, known: Sequence[Seen]) -> tuple[Seen, ...]:
        """Return the same readers as they are, once one differs; pyscard lets other threads run meanwhile."""
        asked = [(one.name, _signed(one.state)) for one in known]
        code, states = _spoken(lambda: scard.SCardGetStatusChange(context, timeout_ms, asked))
        _demand(code)
        return tuple(Seen(name, state & _WORD, bytes(atr)) for name, state, atr in states)

    def cancel(self, context: int) -> None:
        """End the wait of another thread on this context."""
        _demand(_spoken(lambda: scard.SCardCancel(context)))

    def release(self, context: int) -> None:
        """Give a context back; one that is dead already is no error."""
        try:
            _spoken(lambda: scard.SCardReleaseContext(context))
        except PcscError:
            return

    def await_service(self, stop: StopFlag, seconds: float) -> bool:
        """Wait until Windows says that the service has started, that long at most; tell whether it did."""
        try:
            started = self._winscard.call(_STARTED)
            halt = self._kernel.call(_NEW_EVENT, None, 1, 0, None)
        except OSError:
            started = halt = 0
        if not started or not halt:
            stop.wait(seconds)
            return False
        try:
            with stop.waking(lambda: self._ring(halt)):
                if stop.is_set:
                    return False
                both = (c_void_p * 2)(started, halt)
                return self._kernel.call(_WAIT, len(both), both, 0, int(seconds * 1000)) == 0
        finally:
            self._kernel.call(_CLOSE, halt)
            self._winscard.call(_FORGET_STARTED)

    def _ring(self, halt: int) -> None:
        self._kernel.call(_SET_EVENT, halt)


def _spoken(call: Callable[[], _T]) -> _T:
    """Return what pyscard says; on a dead context it may raise an error of its own, without a code."""
    try:
        return call()
    except SystemError as error:
        raise PcscError(Code.NO_SERVICE) from error


def _demand(code: int) -> None:
    if code & _WORD != Code.SUCCESS:
        raise PcscError(code & _WORD)


def _signed(state: int) -> int:
    """Return a state as pyscard takes it: a C long, which has 32 bits on Windows, sign included."""
    return ctypes.c_int32(state).value
