"""How the probe's process loads a vendor's library: from its full path, nothing from PATH, no error box on screen."""

from __future__ import annotations

from enn_desktop.signing_key.windows import api
from enn_desktop.system.windows_dll import SystemDll

_SYSTEM32 = 0x800
_OF_ITS_OWN_FOLDER = 0x100
_ENTRY = b"C_GetFunctionList"
_NO_SUCH_FUNCTION = 127
_NO_BOXES = 0x0001 | 0x0002 | 0x8000
"""Neither « critical error », nor « the program has stopped », nor « insert a disk »: nobody asked to see them."""


def harden(kernel: api.Dll | None = None) -> None:
    """Narrow what this whole process loads from to System32. To be called first, in the child only."""
    library = kernel or SystemDll("kernel32")
    library.call(api.ERROR_MODE, _NO_BOXES)
    # « The folder of the library itself » may be asked of one loading, not of the whole process: code 87.
    if not library.call(api.DEFAULT_FOLDERS, _SYSTEM32):
        raise api.refused(library, api.DEFAULT_FOLDERS)


def preload(path: str, kernel: api.Dll | None = None) -> int:
    """Load a module with what stands beside it, for good; return 0, or Windows's number (126, 193; 127: no PKCS#11).

    Whoever loads the same path afterwards gets this one: PKCS#11 bindings ask plainly, and after ``harden`` they would
    no longer find the libraries beside the module.
    """
    library = kernel or SystemDll("kernel32")
    module = library.call(api.LOAD_LIBRARY, api.wide(path), None, _OF_ITS_OWN_FOLDER | _SYSTEM32)
    # Bindings confuse a library that is no PKCS#11 module with one that fails.
    found = module and library.call(api.FIND_FUNCTION, module, _ENTRY)
    return 0 if found else library.last_error() or _NO_SUCH_FUNCTION
