"""The work itself, step by step, in the environment of its tools: ``python -m installer.windows.assembly``."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from installer.failures import Outcome, SetupError, explain_disk
from installer.speech import say
from installer.windows.c_runtime import copy_runtime, share_c_runtime
from installer.windows.compiling import compile_all
from installer.windows.foreign_files import demand_nothing_of_the_tests
from installer.windows.launchers import make_launchers
from installer.windows.licences import collect_licences
from installer.windows.order import Order, understood
from installer.windows.origin import origin_of, write_origin
from installer.windows.own_package import copy_package
from installer.windows.parts_list import PYTHON, write_parts_list
from installer.windows.pe_files import demand_known_libraries
from installer.windows.pe_report import write_report
from installer.windows.products import make_products, sign_launchers
from installer.windows.pruning import prune
from installer.windows.publishers import demand_signed_runtime, make_roots
from installer.windows.runtime import NOT_SHIPPED, SEARCH_PATH, SEARCHED, take_runtime
from installer.windows.wheels import take_wheels
from installer.windows.workshop import Workshop, sha256

COMPONENTS = Path("Lib") / "site-packages"
SUMS = "payload.sha256"
LARGEST = 120_000_000
"""Bytes of what is installed."""


def main(arguments: Sequence[str]) -> int:
    """Make the product; return the exit code, after a sentence for every failure."""
    workshop = Workshop()
    try:
        order = understood(arguments)
        hidden = (order.signer.password_env,) if order.signer is not None else ()
        workshop = Workshop(out=order.out or workshop.out, hidden=hidden)
        make_payload(workshop, order)
        if not order.payload_only:
            hand_out(workshop, order)
    except SetupError as stop:
        say(stop.sentence)
        return int(stop.outcome)
    except OSError as error:
        trouble = explain_disk(error, str(error.filename or workshop.out))
        say(trouble.sentence)
        return int(trouble.outcome)
    except KeyboardInterrupt:
        say("Arrêt demandé. Relancez la même commande quand vous voulez.")
        return int(Outcome.CANCELLED)
    return int(Outcome.DONE)


def make_payload(workshop: Workshop, order: Order) -> None:
    """Make what is installed, in ``workshop.payload``; what stood there stays until the new one is whole."""
    workshop.out.mkdir(parents=True, exist_ok=True)
    workshop.log.write_bytes(b"")
    draft, components = workshop.draft, workshop.draft / COMPONENTS
    shutil.rmtree(draft, ignore_errors=True)
    components.mkdir(parents=True)
    say(f"enn-desktop {workshop.version} pour Windows")
    say("1/6\u00a0: Python pour Windows")
    hashes = {PYTHON: take_runtime(workshop, order.runtime)}
    roots = make_roots(workshop)
    demand_signed_runtime(workshop, roots, order.runtime)
    say("2/6\u00a0: composants (100 Mo la première fois)")
    hashes |= take_wheels(workshop)
    say("3/6\u00a0: assemblage")
    copy_runtime(workshop.runtime, draft, NOT_SHIPPED)
    (draft / SEARCHED).write_bytes(SEARCH_PATH.replace("\n", "\r\n").encode("ascii"))
    shutil.copytree(workshop.wheels, components, dirs_exist_ok=True, copy_function=shutil.copyfile)
    prune(components)
    share_c_runtime(draft)
    copy_package(workshop, components)
    make_launchers(workshop, draft)
    demand_known_libraries(draft)
    write_parts_list(workshop, draft, collect_licences(workshop, draft, components), hashes)
    say("4/6\u00a0: compilation")
    compile_all(workshop, components)
    say("5/6\u00a0: contrôles")
    sign_launchers(draft, order.signer)
    demand_nothing_of_the_tests(draft)
    write_report(workshop, draft, components, roots)
    _finish(workshop)


def hand_out(workshop: Workshop, order: Order) -> None:
    """Make what is handed out from the payload: the setup, the MSI, their fingerprints; raises ``SetupError``."""
    say("6/6\u00a0: installeur" + ("" if order.fast else " (une à deux minutes)"))
    os.environ["SOURCE_DATE_EPOCH"] = str(workshop.epoch)
    write_origin(workshop.out, origin_of(workshop.root, fast=order.fast))
    made = make_products(workshop.payload, workshop.out, workshop.version, fast=order.fast, signer=order.signer)
    for path in made:
        say(f"Fait\u00a0: {path} ({path.stat().st_size / 1e6:.0f} Mo)")


def _finish(workshop: Workshop) -> None:
    """Give every file the product's date, note the hashes, and put the new payload in the place of the old one."""
    files = sorted(path for path in workshop.draft.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    if size > LARGEST:
        raise SetupError(
            Outcome.BUILD, f"Le produit ferait {size / 1e6:.0f} Mo une fois installé, pour {LARGEST / 1e6:.0f} au plus."
        )
    for path in files:
        os.utime(path, (workshop.epoch, workshop.epoch))
    named = sorted((path.relative_to(workshop.draft).as_posix(), path) for path in files)
    sums = "".join(f"{sha256(path)}  {name}\n" for name, path in named)
    shutil.rmtree(workshop.payload, ignore_errors=True)
    workshop.draft.rename(workshop.payload)
    (workshop.out / SUMS).write_text(sums, encoding="utf-8", newline="\n")
    say(f"Fait\u00a0: {workshop.payload} ({size / 1e6:.0f} Mo, {len(files)} fichiers)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
