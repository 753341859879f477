"""How close an apply comes to what the network allows: 500 new sites with settings and two WLANs each, 150 ms latency.

python benchmarks/applying.py [SITES] [SITES OF ONE GROUP]

The emulator runs in a process of its own. The bound is the longer of calls x latency / threads and the chain of calls
that must be serial: writes of sites that share a site group are made one after the other, the cloud loses members
otherwise. The first run has no groups; in the second some of the sites (50) are in one. The target is a ratio of 1.10.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

import requests
from scale import ORG, SITE, cloud, loaded

from reconciler.kinds import kinds
from reconciler.mist.client import connect
from reconciler.mist.connection import Connection
from reconciler.model.options import Options
from reconciler.model.values import Secret
from reconciler.pipeline.online import apply_plan, make_plan

LATENCY = 0.15
THREADS = 16
LOOK_AND_LISTS = 4
"""What surrounds the writes one after the other: the token, the audit log, and the lists that show what is new."""


def write_inventory(folder: Path, sites: int, grouped: int) -> None:
    (folder / "reconciler.yaml").write_text("version: 1\norg: {name: Acme}\n")
    text = "networktemplates:\n  - {name: branch, dns_servers: [10.0.0.1]}\n"
    text += "sitegroups:\n  - {name: emea}\n" if grouped else ""
    text += "sites:\n"
    for number in range(sites):
        text += SITE.format(number=number, vlan=1)
        text += "    sitegroups: [emea]\n" if number < grouped else ""
    (folder / "sites.yaml").write_text(text)


def measure(sites: int, grouped: int) -> None:
    with tempfile.TemporaryDirectory() as name, cloud() as url:
        write_inventory(Path(name), sites, grouped)
        inventory = loaded(Path(name))
        token = Secret("benchmark", origin="env:MIST_APITOKEN")
        client = connect(Connection(host=url, token=token, threads=THREADS))
        options = Options(threads=THREADS)
        plan = make_plan(inventory, client, org_id=ORG, options=options)
        requests.put(f"{url}/__emulator__/settings", json={"latency_ms": LATENCY * 1000}, timeout=10).raise_for_status()
        before, began = client.calls.total, time.perf_counter()
        outcomes = apply_plan(plan, client, options=options)
        taken, calls = time.perf_counter() - began, client.calls.total - before
        client.close()
    if not all(item.verified for item in outcomes):
        sys.exit("not everything was applied")
    wide = calls * LATENCY / THREADS
    chain = (LOOK_AND_LISTS + 1 + bool(grouped) + max(grouped, 1) + 1) * LATENCY
    bound = max(wide, chain)
    print(f"{sites} new sites, {grouped} of them in one group: {calls} calls, {plan.applying} forecast")
    print(f"calls x latency / threads {wide:.1f} s, serial chain {chain:.1f} s")
    print(f"taken {taken:.1f} s, ratio {taken / bound:.3f} (at most 1.10)")


def main(sites: int = 500, grouped: int = 50) -> None:
    kinds()
    measure(sites, 0)
    measure(sites, grouped)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
