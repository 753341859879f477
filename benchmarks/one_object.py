"""How long one object takes from a saved plan: 20 sites, 50 ms latency, `reconciler apply PLAN` as a person runs it.

python benchmarks/one_object.py [RUNS]

The variable of one site changes. The bound is the chain of the apply's calls (those that wait for one another, each
with its latency) and 0.35 s for everything else: start-up, imports, rendering. The chain is measured: what the wall
time gains from 50 to 550 ms, over the gain in latency. Medians; the two latencies and commands that ask no cloud are
run by turns. Beside the wall time stands the processor time, which a busy machine lengthens less.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

import requests
from calls import ORG, ROOT, ROWS, TOKEN, run, write_inventory
from scale import cloud

SITES = 20
LATENCY, MORE = 0.05, 0.55
REST = 0.35
FIRST, TARGET = ROWS[0], "site.S1/setting"


def slow(url: str, seconds: float) -> None:
    requests.put(f"{url}/__emulator__/settings", json={"latency_ms": seconds * 1000}, timeout=10).raise_for_status()


def used() -> float:
    """Processor seconds of the commands that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def walls(folder: Path, environ: Mapping[str, str], *words: str) -> tuple[float, float]:
    """Wall and processor seconds of a command."""
    began, before = time.perf_counter(), used()
    run(folder, environ, *words)
    return time.perf_counter() - began, used() - before


def applied(
    url: str, folder: Path, environ: Mapping[str, str], *, value: int, latency: float
) -> tuple[float, float, int]:
    """Wall and processor seconds, and calls, of the apply of a saved plan: the variable of one site changes."""
    lines = [f"S{n},{value if n == 1 else 10}" for n in range(1, SITES + 1)]
    (folder / "sites.csv").write_text("\n".join(["name,vlan", *lines]) + "\n", "utf-8")
    slow(url, 0)
    run(folder, environ, "plan", "--out", "p.plan", f"--target={TARGET}")
    slow(url, latency)
    requests.delete(f"{url}/__emulator__/calls", timeout=10).raise_for_status()
    wall, spent = walls(folder, environ, "apply", "p.plan")
    calls = requests.get(f"{url}/__emulator__/calls", timeout=10).json()["total"]
    return wall, spent, calls


def main(runs: int = 5) -> None:
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "RECONCILER_PLAN_KEY")}
    taken: dict[float, list[float]] = {LATENCY: [], MORE: []}
    started: dict[str, list[float]] = {"--version": [], "--help": [], "plan --help": []}
    spent: list[float] = []
    calls = 0
    with tempfile.TemporaryDirectory() as name, cloud() as url:
        folder = Path(name)
        environ = {**kept, "MIST_HOST": url, "MIST_APITOKEN": TOKEN, "MIST_ORG_ID": ORG, "PYTHONPATH": str(ROOT)}
        write_inventory(folder, SITES, FIRST)
        run(folder, environ, "apply", "--auto-approve")
        for turn in range(runs):
            for at, (latency, walled) in enumerate(taken.items()):
                wall, one, calls = applied(url, folder, environ, value=20 + 2 * turn + at, latency=latency)
                walled.append(wall)
                spent.append(one)
            for words, times in started.items():
                began = time.perf_counter()
                subprocess.run(
                    (sys.executable, "-m", "reconciler", *words.split()),
                    cwd=ROOT,
                    stdout=subprocess.DEVNULL,
                    check=True,
                )
                times.append(time.perf_counter() - began)
    wall, longer = (median(times) for times in taken.values())
    chain = round((longer - wall) / (MORE - LATENCY))
    print(f"one variable of {SITES} sites from a saved plan, {LATENCY * 1000:.0f} ms latency, median of {runs} runs")
    print(f"{calls} calls, {chain} of them one after the other: {chain * LATENCY:.2f} s; taken {wall:.2f} s")
    print(f"beside the chain {wall - chain * LATENCY:.2f} s (at most {REST}); processor time {median(spent):.2f} s")
    for words, times in started.items():
        print(f"reconciler {words}: {median(times):.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
