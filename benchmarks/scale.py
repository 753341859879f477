"""How work grows with the organisation: processor time of each command at N and 4 N sites of four objects each.

python benchmarks/scale.py [SITES [SITES IN MEMORY]]

SITES is the larger size (5,000); the smaller one is a quarter of it. The emulator runs in a process of its own, so that
only the reconciler's own time counts. Growth may be 4.6 for 4 times the sites. `compare` is a quiet plan's work without
its calls; where `diffsync` is installed, its diff of the same objects is measured beside it, by turns, and in the end
the peak of memory that each takes for a quiet comparison beside the inventory and the answers (12,500 sites: 50,000
objects; 0: not measured). A dot on stderr is a step that is done.
"""

import gc
import json
import logging
import math
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parent.parent))

import requests

from reconciler.diagnostics import has_errors
from reconciler.drift.log import read_log
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient, connect
from reconciler.mist.connection import Connection
from reconciler.model.inventory import Inventory
from reconciler.model.memory import Memory
from reconciler.model.options import Options
from reconciler.model.values import Secret
from reconciler.pipeline.drift import find_drift
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import apply_plan, compare, make_plan
from reconciler.report.json_report import plan_json
from reconciler.report.text import plan_text
from reconciler.sources.directory import DirectoryTree

ORG = "00000000-0000-4000-8000-000000000001"
GROWTH = 4.6
ROUNDS = 3
TIMES = 3
SITE = """\
  - name: Branch {number}
    timezone: Europe/Paris
    country_code: FR
    address: {number} rue de la Paix, Paris
    networktemplate: branch
    setting: {{vars: {{vlan: "{vlan}"}}}}
    wlans:
      - {{ssid: Corp, auth: {{type: open}}, vlan_id: "10"}}
      - {{ssid: Guest, auth: {{type: open}}, vlan_id: "20"}}
"""

EMPTY: Mapping[str, Any] = {"orgs": [{"id": ORG, "name": "Acme"}]}


@contextmanager
def cloud(data: Mapping[str, Any] = EMPTY, *, latency: float = 0.0) -> Iterator[str]:
    """The URL of an emulator of its own process with these organisations (one that is empty); seconds of latency."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seed.json"
        path.write_text(json.dumps(data))
        code = (
            "from pathlib import Path; from reconciler.emulator.server import run; "
            f"run(port=0, seed=Path({str(path)!r}))"
        )
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().rsplit(" ", 1)[1].strip()
                settings = {"latency_ms": latency * 1000, "hourly_limit": 10**7}
                requests.put(f"{url}/__emulator__/settings", json=settings, timeout=10).raise_for_status()
                yield url
            finally:
                process.terminate()


def write_inventory(folder: Path, sites: int) -> None:
    """An inventory of so many sites; of one in a hundred the setting says something else each time."""
    (folder / "reconciler.yaml").write_text("version: 1\norg: {name: Acme}\n")
    text = "networktemplates:\n  - {name: branch, dns_servers: [10.0.0.1]}\nsites:\n"
    text += "".join(SITE.format(number=number, vlan=1) for number in range(sites))
    (folder / "sites.yaml").write_text(text)


def loaded(folder: Path) -> Inventory:
    found = load_inventory(DirectoryTree(folder), environ={})
    if has_errors(found.diagnostics):
        sys.exit(f"the inventory has errors: {found.diagnostics[0].detail}")
    return found


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of this process, and what came out."""
    gc.collect()
    print(".", end="", file=sys.stderr, flush=True)
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def repeated(work: Callable[[], Any]) -> tuple[float, Any]:
    """The same for what may be done again: the median, since a machine is not always equally quick."""
    runs = [timed(work) for _ in range(TIMES)]
    return median(seconds for seconds, _ in runs), runs[-1][1]


def edited_by_hand(url: str, client: MistClient, sites: int) -> None:
    """One in a hundred settings is changed by somebody."""
    found = sorted(client.list(f"orgs/{ORG}/sites"), key=lambda item: item["name"])[: max(1, sites // 100)]
    for site in found:
        answer = requests.put(
            f"{url}/api/v1/sites/{site['id']}/setting",
            json={"vars": {"vlan": "9"}},
            headers={"Authorization": "Token somebody"},
            timeout=10,
        )
        answer.raise_for_status()


def measure(sites: int) -> dict[str, float]:
    """Processor seconds of each command at this size."""
    taken: dict[str, float] = {}
    options = Options()
    with tempfile.TemporaryDirectory() as name, cloud() as url:
        folder = Path(name)
        write_inventory(folder, sites)
        token = Secret("benchmark", origin="env:MIST_APITOKEN")
        client = connect(Connection(host=url, token=token, settle=120.0))
        taken["validate"], inventory = repeated(lambda: loaded(folder))

        def planned() -> Any:
            return make_plan(inventory, client, org_id=ORG, options=options)

        taken["plan, all is new"], first = repeated(planned)
        taken["plan as text and JSON"], _ = repeated(
            lambda: (list(plan_text(first)), plan_json(first, options=options))
        )
        taken["apply"], outcomes = timed(lambda: apply_plan(first, client, options=options))
        if not all(item.verified for item in outcomes):
            sys.exit("not everything was applied")
        before = client.calls.total
        taken["plan, quiet"], quiet = repeated(planned)
        calls = (client.calls.total - before) / TIMES
        if quiet.changes:
            sys.exit("the second plan is not empty")
        memory = Memory()
        remembering = replace(options, memory=memory)
        make_plan(inventory, client, org_id=ORG, options=remembering)
        sides = sides_of(inventory, {item.address.text: item.body for item in inventory.resources})
        runs, theirs = [], []
        for _ in range(ROUNDS):
            runs.append(timed(lambda: make_plan(inventory, client, org_id=ORG, options=remembering))[0])
            theirs.append(timed(lambda: sides[0].diff_to(sides[1]))[0] if sides else math.nan)
        taken["compare"], taken["diffsync"] = median(runs), median(theirs)
        taken["a call, ms"] = (taken["plan, quiet"] - taken["compare"]) / calls * 1000
        edited_by_hand(url, client, sites)
        taken["plan, 1 % changed"], changed = repeated(planned)
        if len(changed.changes) != max(1, sites // 100):
            sys.exit(f"{len(changed.changes)} changes were found")

        def drift() -> Any:
            audit = read_log(client, ORG, days=1, most=1)
            matches = compare(inventory, client, org_id=ORG, options=options, whole=True)
            return find_drift(inventory, client, matches, audit, options=options)

        taken["drift"], found = repeated(drift)
        if len(found.plan.changes) != len(changed.changes):
            sys.exit("drift does not find what changed")
        client.close()
    return taken


def sides_of(inventory: Inventory, live: Mapping[str, Mapping[str, Any]]) -> tuple[Any, Any] | None:
    """Declared and live objects as diffsync wants them: models, of the declared roots; None where it is not there."""
    try:
        import structlog
        from diffsync import Adapter, DiffSyncModel
    except ImportError:
        return None
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    class Thing(DiffSyncModel):
        _modelname = "thing"
        _identifiers = ("address",)
        _attributes = ("body",)
        address: str
        body: dict[str, Any]

    class Side(Adapter):
        thing = Thing
        top_level = ("thing",)

    one, other = Side(), Side()
    for item in inventory.resources:
        address = item.address.text
        one.add(Thing(address=address, body=dict(item.body)))
        other.add(Thing(address=address, body={root: live[address].get(root) for root in item.body}))
    return one, other


def remembered(sites: int) -> Memory:
    """The answers of a cloud that has what the inventory of so many sites declares: those of one site, repeated."""
    with tempfile.TemporaryDirectory() as name, cloud() as url:
        folder = Path(name)
        write_inventory(folder, 1)
        client = connect(Connection(host=url, token=Secret("benchmark", origin="env:MIST_APITOKEN")))
        memory = Memory()
        apply_plan(make_plan(loaded(folder), client, org_id=ORG, options=Options()), client, options=Options())
        make_plan(loaded(folder), client, org_id=ORG, options=Options(memory=memory))
        client.close()
    of_sites, answers = f"orgs/{ORG}/sites", {}
    for (path, query), bodies in memory.answers.items():
        text, below = json.dumps(list(bodies)), path.startswith("sites/")
        own = path.split("/")[1] if below else ""
        for number in range(sites) if below else ():
            answers[path.replace(own, ident(number)), query] = copied(text, own, number)
        if path == of_sites:
            own = str(bodies[0]["id"])
            answers[path, query] = [body for number in range(sites) for body in copied(text, own, number)]
        elif not below:
            answers[path, query] = bodies
    memory.answers, memory.kinds, memory.alone = answers, {}, True
    return memory


def ident(number: int) -> str:
    return f"00000000-0000-4000-9000-{number:012d}"


def copied(text: str, site_id: str, number: int) -> list[dict[str, Any]]:
    """The objects of a list as another site has them."""
    found: list[dict[str, Any]] = json.loads(text.replace(site_id, ident(number)))
    for at, body in enumerate(found):
        if body.get("id", ident(number)) != ident(number):
            body["id"] = f"00000000-0000-4000-a{at:03d}-{number:012d}"
        if body.get("name") == "Branch 0":
            body |= {"name": f"Branch {number}", "address": f"{number} rue de la Paix, Paris"}
    return found


def peaks(sites: int) -> tuple[float, float]:
    """Megabytes that a quiet comparison takes at most, ours and diffsync's, beside the inventory and the answers."""
    with tempfile.TemporaryDirectory() as name:
        write_inventory(Path(name), sites)
        inventory = loaded(Path(name))
    memory = remembered(sites)
    client = connect(Connection(host="http://127.0.0.1:9", token=Secret("benchmark", origin="env:MIST_APITOKEN")))

    def ours() -> None:
        memory.sealed.clear()
        if make_plan(inventory, client, org_id=ORG, options=Options(memory=memory)).changes:
            sys.exit("the comparison is not quiet")

    def theirs() -> None:
        sides = sides_of(inventory, {item.address.text: item.body for item in inventory.resources})
        if sides:
            sides[0].diff_to(sides[1])

    found = []
    for work in (ours, theirs):
        gc.collect()
        tracemalloc.start()
        work()
        found.append(tracemalloc.get_traced_memory()[1] / 1e6)
        tracemalloc.stop()
    return found[0], found[1]


def main(large: int = 5000, in_memory: int = 12_500) -> None:
    gc.set_threshold(50_000)  # as the command does
    kinds()
    small = large // 4
    one, other = measure(small), measure(large)
    print(f"processor seconds at {small:,} and {large:,} sites of four objects each")
    worst = 0.0
    for name in one:
        if name == "a call, ms":
            print(f"{name:24}{one[name]:10.2f}{other[name]:10.2f}")
            continue
        growth = other[name] / one[name]
        worst = max(worst, growth if name != "diffsync" else 0.0)
        print(f"{name:24}{one[name]:10.2f}{other[name]:10.2f}   growth {growth:.2f} (at most {GROWTH})")
    print(f"largest growth {worst:.2f} (at most {GROWTH})")
    print(f"compare, against diffsync's diff {other['compare'] / other['diffsync']:.2f} (at most 1)")
    if in_memory:
        ours, theirs = peaks(in_memory)
        print(f"peak of memory for {4 * in_memory + 1:,} objects: {ours:.0f} MB, diffsync's {theirs:.0f} MB")
        print(f"peak of memory, against diffsync's {ours / theirs if theirs > 1 else math.nan:.2f} (at most 0.9)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
