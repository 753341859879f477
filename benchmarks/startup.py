"""How quickly the command answers: `--version` against a bare Python, what it loads, `validate` of the example.

    python benchmarks/startup.py [--rounds 21]

Wall time of processes of their own, by turns; the figures are medians.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "inventory"
HEAVY = ("click", "deepdiff", "jinja2", "pydantic", "requests", "rich", "ruamel.yaml")
BARE = (sys.executable, "-c", "pass")
VERSION = (sys.executable, "-m", "reconciler", "--version")
VALIDATE = (sys.executable, "-m", "reconciler", "validate", str(EXAMPLE))
LOADED = (
    "import sys; from reconciler.__main__ import answer; sys.argv[1:] = ['--version']; answer(); print(*sys.modules)"
)


def seconds(command: tuple[str, ...]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def heavy_libraries() -> list[str]:
    """The heavy libraries that `--version` loads."""
    done = subprocess.run((sys.executable, "-c", LOADED), cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(set(HEAVY) & set(done.stdout.split()))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    taken: dict[tuple[str, ...], list[float]] = {BARE: [], VERSION: [], VALIDATE: []}
    for turn in range(rounds + 1):
        for command, times in taken.items():
            spent = seconds(command)
            times += [spent] if turn else []
    bare, version, validate = (statistics.median(times) for times in taken.values())
    print(f"python -c pass: {bare * 1000:.0f} ms")
    print(f"reconciler --version: {version * 1000:.0f} ms, {version / bare:.2f} x (at most 3)")
    print(f"heavy libraries that it loads: {', '.join(heavy_libraries()) or 'none'}")
    print(f"reconciler validate examples/inventory: {validate:.2f} s (under 1)")


if __name__ == "__main__":
    main()
