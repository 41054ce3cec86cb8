"""Holds a lock in a process of its own: says so, then waits for its input to end."""

from __future__ import annotations

import sys
from pathlib import Path

from enn_desktop.system.folder_lock import FolderLock

if __name__ == "__main__":
    with FolderLock(Path(sys.argv[1])):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.read()
