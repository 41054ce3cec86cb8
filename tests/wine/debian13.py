"""A Debian 13 below a folder, for its Wine 10: that one hands smart cards on to pcscd, Debian 12's does not.

Needs root and ``mmdebstrap``; half a minute and 1.1 GB.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.house.source_tree import PROJECT
from tests.signing_key.rigs import needs
from tests.wine.prefix import Programs

NAME = "trixie"
WINE, SERVER = "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64"
LIBRARY = "usr/lib/x86_64-linux-gnu/libpcsclite.so.1"
"""A card service speaks to the library of its own version alone: this computer's is put over Debian 13's."""
MADE_S = 600
_INSIDE = f"""\
root=$1; shift
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind /tmp "$root/tmp"
mount --bind "{PROJECT}" "$root{PROJECT}"
mount --bind "$(realpath /{LIBRARY})" "$root/{LIBRARY}"
exec chroot "$root" "$@"
"""
"""In a mount namespace of its own: what is mounted there ends with the program."""


def make_debian13(root: Path) -> Programs:
    """Make it, from where this computer takes its own packages; return how to start its Wine."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Codename: bookworm", "Created-By: Packages"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert told, "No source of Debian's packages is known to apt."
    tool = shutil.which("mmdebstrap")
    assert tool is not None, "Debian: apt-get install mmdebstrap"
    made = subprocess.run(
        [tool, "--quiet", "--variant=minbase", "--include=wine,wine64", NAME, str(root), told[0]],
        capture_output=True, timeout=MADE_S, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr.decode(errors="replace")
    (root / str(PROJECT).lstrip("/")).mkdir(parents=True, exist_ok=True)
    inside = (needs.program("unshare"), "--mount", needs.program("sh"), "-ec", _INSIDE, "inside", str(root))
    return Programs((*inside, WINE), (*inside, SERVER))
