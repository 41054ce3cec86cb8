"""Windows' list of networks as COM shows it: an object is a pointer to a table of functions."""

from __future__ import annotations

import ctypes
from typing import Any

from enn_desktop.system.metered import COST_MANAGER, LIST_MANAGER
from tests.signing_key.windows.fake_dll import FakeDll


class FakeCostManager:
    """``cost`` is what it answers, ``refused`` an HRESULT; counts what has to be let go."""

    def __init__(self, cost: int, *, refused: int = 0, absent: int = 0, begun: int = 0) -> None:
        self.cost, self.refused, self.absent, self.begun = cost, refused, absent, begun
        self.alive = self.initialised = 0
        release = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p)(self._release)
        get_cost = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32), ctypes.c_void_p)(
            self._get_cost
        )
        self._methods = (release, get_cost)
        places = (None, None, ctypes.cast(release, ctypes.c_void_p).value, ctypes.cast(get_cost, ctypes.c_void_p).value)
        self._table = (ctypes.c_void_p * 4)(*places)
        self._thing = ctypes.c_void_p(ctypes.addressof(self._table))

    def ole(self) -> FakeDll:
        """Return the library through which it is reached."""
        return FakeDll(CoInitializeEx=self._initialise, CoUninitialize=self._end, CoCreateInstance=self._create)

    def _initialise(self, _reserved: object, _kind: int) -> int:
        self.initialised += 1 if self.begun in {0, 1} else 0
        return self.begun

    def _end(self) -> None:
        self.initialised -= 1

    def _create(self, kind: int, _outer: object, _context: int, face: int, given: Any) -> int:
        assert ctypes.string_at(kind, 16) == LIST_MANAGER
        assert ctypes.string_at(face, 16) == COST_MANAGER
        if not self.absent:
            self.alive += 1
            given.contents.value = ctypes.addressof(self._thing)
        return self.absent

    def _release(self, _this: int) -> int:
        self.alive -= 1
        return self.alive

    def _get_cost(self, _this: int, cost: Any, destination: int | None) -> int:
        assert destination is None
        cost.contents.value = self.cost
        return self.refused
