"""``python -m tests.bench [first-run|nothing-new|memory|verify …] [--repeats N]``: prints ratios and their limits."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Measure, backup, noise, run, say, spread, verdict
from tests.bench.platform_process import Platform, platform

MO = 1_000_000


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="enn-bench-") as name:
        yield Path(name)


def ours(there: Platform, place: Path, name: str) -> Measure:
    """Measure one first run into a fresh folder."""
    return backup(there.url, there.login, there.password, place / f"profil-{name}", place / f"dossiers-{name}")


def curl(there: Platform, place: Path, name: str) -> Measure:
    """Measure curl fetching exactly the same details and files, two at a time."""
    target = place / f"curl-{name}"
    target.mkdir()
    config = place / f"curl-{name}.txt"
    lines = (f'url = "{there.url}{path}"\noutput = "{target}/{n}"\n' for n, path in enumerate(there.paths))
    config.write_text("".join(lines), encoding="utf-8")
    command = ["curl", "--silent", "--fail", "--parallel", "--parallel-max", "2", "--user"]
    return run([*command, f"{there.login}:{there.password}", "--config", str(config)])


def first_run(repeats: int) -> None:
    """1. A thousand dossiers of four files of 80 kB, 30 ms per answer, against curl."""
    say("1. Première récupération : 1 000 dossiers × 4 fichiers de 80 ko, 30 ms par réponse, face à curl")
    ratios = []
    with platform(1000, 4, 80_000, latency=0.030) as there, workplace() as place:
        for number in range(repeats):
            other = curl(there, place, str(number))
            mine = ours(there, place, str(number))
            report = json.loads(mine.output)
            assert report["state"]["complete"] == 1000, report["state"]
            ratios.append(mine.wall_s / other.wall_s)
            more = report["requests"] / len(there.paths) - 1
            say(f"  nous {mine.wall_s:.1f} s, curl {other.wall_s:.1f} s, en plus {more:.2%}, ratio {ratios[-1]:.3f}")
            for name in (f"curl-{number}", f"dossiers-{number}", f"profil-{number}"):
                shutil.rmtree(place / name)
    say(f"  ratios : {spread(ratios)}")
    verdict("temps / curl (médiane)", sorted(ratios)[len(ratios) // 2], 1.10)


def nothing_new(_repeats: int) -> None:
    """2. and first half of 3. Ten thousand dossiers, then a run with nothing new."""
    say("2. Rien de nouveau, 10 000 dossiers connus")
    with platform(10_000, 1, 2_000) as there, workplace() as place:
        first = ours(there, place, "a")
        again = ours(there, place, "a")
        report = json.loads(again.output)
        # Pages of 200 and the one that ends them, then a page each for the two entities that hold nothing.
        pages = 10_000 // 200 + 1 + 2
        say(f"  demandes : {report['requests']} dont {pages} pages de liste ; mur {again.wall_s:.1f} s")
        verdict("demandes hors liste", report["requests"] - pages, 5)
        verdict("processeur, en secondes", again.cpu_s, 3.0)
        say("3a. Mémoire d’une première récupération de 10 000 dossiers")
        verdict("mémoire, en Mo", first.peak_bytes / MO, 150)


def memory(_repeats: int) -> None:
    """3. Memory with one file of a gigabyte."""
    say("3b. Mémoire avec un fichier de 1 Go")
    with platform(1, 1, 1000, huge=1_000_000_000) as there, workplace() as place:
        taken = ours(there, place, "a")
        assert json.loads(taken.output)["fetched"]["bytes"] >= 1_000_000_000
        verdict("mémoire, en Mo", taken.peak_bytes / MO, 150)


def verify(repeats: int) -> None:
    """4. Verification of 5 GB against sha256sum on all cores."""
    say("4. Vérification de 5 Go, face à sha256sum sur tous les cœurs")
    ratios = []
    with platform(250, 4, 5_000_000) as there, workplace() as place:
        ours(there, place, "a")
        folder = place / "dossiers-a"
        mine = [
            sys.executable,
            "-m",
            "enn_desktop",
            "--profile",
            str(place / "profil-a"),
            "verify",
            "--to",
            str(folder),
        ]
        theirs = f"find '{folder}' -name '*.pdf' -print0 | xargs -0 -n 16 -P {os.cpu_count()} sha256sum | wc -l"
        for _ in range(max(repeats, 3)):
            other = run(["sh", "-c", theirs])
            ours_time = run(mine)
            ratios.append(other.wall_s / ours_time.wall_s)
            say(f"  nous {ours_time.wall_s:.2f} s, sha256sum {other.wall_s:.2f} s, débit relatif {ratios[-1]:.3f}")
    say(f"  débits relatifs : {spread(ratios)}")
    verdict("débit / sha256sum (médiane)", sorted(ratios)[len(ratios) // 2], 0.9, at_most=False)


def window(repeats: int) -> None:
    """5. The window beside a bare one: paint, memory, lag during a run, idle."""
    from tests.bench import window_bench

    say("5. La fenêtre, face à une fenêtre PySide6 nue (20 000 dossiers connus)")
    paints, sizes = window_bench.paint_and_memory(max(repeats, 5))
    say(f"  ratios : affichage {spread(paints)}, mémoire {spread(sizes)}")
    verdict("premier affichage utile / fenêtre nue (médiane)", sorted(paints)[len(paints) // 2], 1.6)
    verdict("mémoire / fenêtre nue (médiane)", sorted(sizes)[len(sizes) // 2], 1.6)
    late = window_bench.lag()
    say(f"  pendant une récupération de {late['dossiers']:.0f} dossiers : {late['beats']:.0f} mesures, "
        f"médiane {late['p50_s'] * 1000:.1f} ms, pire {late['worst_s'] * 1000:.1f} ms")  # fmt: skip
    verdict("retard de la boucle d’événements, p99, en ms", late["p99_s"] * 1000, 16)
    verdict("au repos près de l’horloge, part d’un cœur, en %", window_bench.idle_share() * 100, 0.2)


def search(repeats: int) -> None:
    """6. A key in the search, with a hundred thousand dossiers."""
    from tests.bench import search_bench

    search_bench.search(repeats)


def key_window(repeats: int) -> None:
    """7. The window while a driver of the key hangs; a card put in and taken out (Linux, with the tests' own rigs)."""
    from tests.bench import key_window_bench

    say("7. La clé : la fenêtre pendant qu’un pilote ne répond pas, puis une carte mise et retirée")
    late = key_window_bench.lag()
    typical, worst = late["p50_s"] * 1000, late["worst_s"] * 1000
    say(f"  en {late['lasted_s']:.1f} s : {late['beats']:.0f} mesures, médiane {typical:.1f} ms, pire {worst:.1f} ms")
    verdict("retard de la boucle d’événements, p99, en ms", late["p99_s"] * 1000, 16)
    shown = key_window_bench.shown(max(repeats, 10))
    say(f"  en secondes : mise {spread(shown.came)}, retirée {spread(shown.left)}")
    verdict("montré après ce que dit le lecteur (pire), en ms", max(*shown.came, *shown.left) * 1000, 500)


BENCHES: dict[str, Callable[[int], None]] = {
    "first-run": first_run,
    "nothing-new": nothing_new,
    "memory": memory,
    "verify": verify,
    "window": window,
    "search": search,
    "key-window": key_window,
}


def main() -> None:
    """Run the benches asked for."""
    parser = argparse.ArgumentParser(description="Mesures d’enn-desktop")
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], default=[])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    cores = os.cpu_count()
    version = subprocess.run(["uname", "-sr"], capture_output=True, text=True, check=True).stdout.strip()
    say(f"Machine : {cores} cœurs, {version}, bruit (max/min d’un même travail) {noise():.2f}")
    for name in options.names or BENCHES:
        BENCHES[name](options.repeats)
    say(f"Bruit à la fin : {noise():.2f}")


if __name__ == "__main__":
    main()
