"""The promises of plan and apply for as long as you like: bodies larger and examples more than in the test suite.

    python tools/long_promises.py [--examples 300] [--size 10] [KIND ...]
    python tools/long_promises.py --worlds 2000
    python tools/long_promises.py --hostile 100 [--seed 1]
    python tools/long_promises.py --races 50
    python tools/long_promises.py --kill [2/5]
    python tools/long_promises.py --rollbacks 300 [--seed 1]

In: how many and how large; with `--worlds` so many clouds, each with its own answers to the open questions (quirks),
for bodies of all kinds, devices among them;
with `--hostile` so many applies of the example while calls fail, lists lag and a colleague edits (tools/hostile.py);
with `--kill` an apply of 30 writes is cut short at every request and fsync (tests/promises/kills.py), or at a part;
with `--rollbacks` so many random runs are rolled back (tests/promises/rollbacks.py);
with `--races` so many races of two machines for the git lease (tests/runs/races.py).
Out: a line per kind and property; exit code 1 when one is broken, with its example. The random inventories have a run
of their own: `RECONCILER_LONG=1000 pytest tests/promises/test_machine.py`.
"""

import argparse
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.kinds import test_random_bodies as everywhere
from tests.kinds.test_contract import place_id
from tests.promises.kills import kills
from tests.promises.rollbacks import roll_back
from tests.runs.races import race
from tests.stages.apply import test_properties as promises
from tools.hostile import hostile

PROPERTIES = (
    promises.test_every_undeclared_leaf_stays_as_it_was,
    promises.test_the_second_plan_is_empty_with_all_quirks_on,
)


def holds(given_with: dict[str, Any], prove: Any, options: argparse.Namespace) -> bool:
    """Whether one property holds for one kind, or place; tells its first counter-example."""

    def run(data: st.DataObject) -> None:
        prove.hypothesis.inner_test(**given_with, data=data)

    many = settings(
        max_examples=options.examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    try:
        many(given(data=st.data())(run))()
    except Exception:
        traceback.print_exc(limit=-2)
        return False
    return True


def killed(part: int, parts: int) -> int:
    """Cuts runs short; of all points each `parts`-th."""
    done = broken = 0
    for found in kills(lambda number: number % parts == part % parts):
        done += 1
        broken += len(found)
        print("\n".join(found) or ".", end="\n" if found else "", flush=True)
    print(f"\n{done} runs cut short: {broken} promises broken", flush=True)
    return int(broken > 0)


def rolled_back(count: int, seed: int) -> int:
    """Rolls so many random runs back."""
    broken = 0
    for number in range(seed, seed + count):
        found = roll_back(number)
        broken += len(found)
        print("\n".join(found) or ".", end="\n" if found else "", flush=True)
    print(f"\n{count} random runs rolled back: {broken} promises broken", flush=True)
    return int(broken > 0)


def races(count: int) -> int:
    """So many turns of each of two machines with the lease."""
    with tempfile.TemporaryDirectory() as directory:
        broken = race(Path(directory), races=count, machines=2)
    print("\n".join([*broken, f"{count} races of two machines: {len(broken)} promises broken"]), flush=True)
    return int(bool(broken))


def main() -> int:
    """Runs every property for every kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--size", type=int, default=10)
    parser.add_argument("--worlds", type=int, default=0)
    parser.add_argument("--hostile", type=int, nargs="?", const=100, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--races", type=int, default=0)
    parser.add_argument("--kill", nargs="?", const="1/1", metavar="PART/PARTS")
    parser.add_argument("--rollbacks", type=int, default=0)
    options = parser.parse_args()
    if options.rollbacks:
        return rolled_back(options.rollbacks, options.seed)
    if options.kill:
        return killed(*map(int, options.kill.split("/")))
    if options.races:
        return races(options.races)
    if options.hostile:
        return int(hostile(options.hostile, options.seed) > 0)
    promises.SIZE = everywhere.SIZE = options.size
    if options.worlds:
        return worlds(options)
    broken = 0
    for kind in options.kinds or sorted(promises.ADDRESSES):
        for prove in PROPERTIES:
            found = holds({"name": kind}, prove, options)
            broken += not found
            print(f"{'holds ' if found else 'BROKEN'}  {kind}: {prove.__name__}", flush=True)
    return int(broken > 0)


def worlds(options: argparse.Namespace) -> int:
    """Random bodies of every kind, devices among them, wherever it can live, each on a cloud of its own."""
    places = [place for place in everywhere.PLACES if place[0].name in (options.kinds or [place[0].name])]
    options.examples = -(-options.worlds // len(places))
    broken = 0
    for place in places:
        prove = everywhere.test_any_body_is_applied_changed_and_plans_to_nothing_on_any_cloud
        found = holds({"place": place}, prove, options)
        broken += not found
        print(f"{'holds ' if found else 'BROKEN'}  {place_id(place)} on {options.examples} clouds", flush=True)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
