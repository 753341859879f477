"""How close reading comes to what the network allows: 500 sites, 16 threads, 50 ms latency.

python benchmarks/reading.py [SITES] [RUNS]

The emulator runs on a port in a process of its own. The bound is latency x calls / threads; the target is a ratio of
at most 1.15 (median). The calls must be exactly 2 S + organisation lists + ceil(S / 1000) + 1. Beside the processor
time of a call stands that of the same answers from urllib3 alone, by as many threads, in turns: the least it could be.
"""

import json
import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

import urllib3
from scale import cloud

from reconciler.kinds import kinds
from reconciler.mist.client import connect
from reconciler.mist.connection import Connection
from reconciler.model.address import Address
from reconciler.model.inventory import Inventory
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, YamlMap
from reconciler.stages.read import read, wants_of

ORG = "00000000-0000-4000-8000-000000000001"
THREADS = 16
LATENCY = 0.05
LISTS = ("networktemplate.campus", "sitegroup.emea", "webhook.siem")


def seed(count: int) -> dict[str, object]:
    """An organisation of `count` sites, each with a setting and three WLANs."""
    return {
        "orgs": [
            {
                "id": ORG,
                "name": "Acme",
                "sites": [
                    {
                        "name": f"branch-{n}",
                        "setting": {"vars": {"n": str(n)}},
                        "wlans": [{"ssid": ssid, "enabled": True} for ssid in ("Corp", "Guest", "IoT")],
                    }
                    for n in range(count)
                ],
            }
        ]
    }


def inventory(count: int) -> Inventory:
    """Everything of `seed`, declared."""
    texts = [*LISTS]
    for n in range(count):
        site = f"site.branch-{n}"
        texts += [site, f"{site}/setting", f"{site}/wlan.Corp"]
    addresses = [Address(text) for text in texts]
    resources = tuple(
        Resource(address=at, kind=at.kind, key=at.name, parent=at.parent, body=YamlMap()) for at in addresses
    )
    return Inventory(project=Project(version=1), resources=resources)


def measure(url: str, count: int) -> tuple[float, float, int]:
    """(seconds, processor seconds of this process, calls) of one reading."""
    token = Secret("benchmark", origin="env:MIST_APITOKEN")
    client = connect(Connection(host=url, token=token, threads=THREADS))
    declared = inventory(count)
    began, used = time.perf_counter(), time.process_time()
    live = read(client, wants_of(declared, kinds=kinds()), kinds=kinds(), org_id=ORG)
    taken = time.perf_counter() - began, time.process_time() - used
    client.close()
    expected = 2 * count + len(LISTS) + math.ceil(count / 1000) + 1
    if live.calls != expected or live.unread:
        sys.exit(f"{live.calls} calls instead of {expected}, {len(live.unread)} unread")
    return *taken, live.calls


def bare(url: str, count: int) -> float:
    """Processor seconds of a call that urllib3 makes with nothing of ours around it: the same settings and WLANs."""
    pool = urllib3.PoolManager(num_pools=1, maxsize=THREADS).connection_from_url(url)
    headers = {"Authorization": "Token benchmark", "Accept-Encoding": "gzip"}

    def data(path: str) -> Any:
        return json.loads(pool.urlopen("GET", f"/api/v1/{path}", headers=headers, retries=False, redirect=False).data)

    sites = [site for page in range(1, count // 1000 + 2) for site in data(f"orgs/{ORG}/sites?limit=1000&page={page}")]
    used = time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(data, (f"sites/{site['id']}/{what}" for what in ("setting", "wlans") for site in sites)))
    return (time.process_time() - used) / len(sites) / 2


def main(count: int = 500, runs: int = 5) -> None:
    kinds()
    with cloud(seed(count), latency=LATENCY) as url:
        results, floor = [], []
        for _ in range(runs):
            results.append(measure(url, count))
            floor.append(bare(url, count))
    calls = results[0][2]
    bound = LATENCY * calls / THREADS
    seconds = median(result[0] for result in results)
    print(f"{count} sites, {calls} calls, {THREADS} threads, {LATENCY * 1000:.0f} ms latency, median of {runs} runs")
    print(f"bound {bound:.2f} s, taken {seconds:.2f} s, ratio {seconds / bound:.3f} (target 1.15)")
    used = median(result[1] for result in results) / calls
    print(f"processor time of the client {used * 1000:.2f} ms per call (at most 0.6)")
    print(f"of urllib3 alone {median(floor) * 1000:.2f} ms per call, ratio {used / median(floor):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
