"""The cost of comparing, as ratios to DeepDiff in the same run.

1. 5,000 pairs of WLAN-like objects of 40 fields, of which 1 % differ: `differences` on every pair against DeepDiff on
   every pair. 2. One list of 250 ACL policies of which 40 % changed: by key against DeepDiff with `ignore_order`.

The pairs are measured by turns, one part of them after the other: ours takes some milliseconds, and a machine that is
busy in just these would count against it.
"""

import copy
import statistics
import time
from collections.abc import Callable
from typing import Any

from deepdiff import DeepDiff

from reconciler.kinds import kinds
from reconciler.semantics.compare import differences

ROUNDS = 5
PARTS = 10


def wlan(number: int) -> dict[str, Any]:
    """An object of 40 fields, nested ones included."""
    body: dict[str, Any] = {f"flag_{index}": index % 2 == 0 for index in range(20)}
    body |= {f"limit_{index}": index for index in range(10)}
    body |= {
        "ssid": f"Corp-{number}",
        "auth": {"type": "eap", "pairwise": ["wpa2-ccmp", "wpa3"], "eap_reauth": False},
        "auth_servers": [{"host": "10.0.0.1", "port": 1812}, {"host": "10.0.0.2", "port": 1812}],
        "bands": ["24", "5", "6"],
        "dynamic_vlan": {"enabled": True, "vlans": {"10": "corp", "20": "voice"}},
        "portal": {"enabled": False, "expire": 1440},
        "rateset": {"24": {"template": "no-legacy"}, "5": {"template": "high-density"}},
        "vlan_id": 10,
        "schedule": {"enabled": False, "hours": {"mon": "08:00-18:00"}},
    }
    return body


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compare_ours(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> int:
    shape = kinds()["wlan"].shape
    return sum(any(differences(declared, live, shape)) for declared, live in pairs)


def compare_deepdiff(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> int:
    return sum(bool(DeepDiff(live, declared)) for declared, live in pairs)


def objects_ratio() -> tuple[float, float]:
    """(seconds of ours for 5,000 pairs, ratio)."""
    pairs = [(wlan(number), {**copy.deepcopy(wlan(number)), "id": str(number)}) for number in range(5000)]
    for declared, _ in pairs[::100]:
        declared["auth"]["pairwise"] = ["wpa3"]
    for _, live in pairs:  # what the cloud fills in by itself
        live["auth"]["anticlog_threshold"] = 16
        live["portal"]["privacy"] = True
    same_keys = [(declared, {key: live[key] for key in declared}) for declared, live in pairs]
    assert compare_ours(pairs) == 50
    ours, ratios, size = [], [], len(pairs) // PARTS
    for first in range(0, len(pairs), size):
        part, same_part = pairs[first : first + size], same_keys[first : first + size]
        ours.append(statistics.median(seconds(lambda part=part: compare_ours(part)) for _ in range(ROUNDS)))
        ratios.append(seconds(lambda part=same_part: compare_deepdiff(part)) / ours[-1])
    return sum(ours), statistics.median(ratios)


def list_ratio() -> tuple[float, float]:
    """(seconds of ours for a list of 250, ratio)."""
    live = [
        {"name": f"policy-{number}", "src_tags": ["corp", "iot"], "actions": [{"dst_tag": "any", "action": "deny"}]}
        for number in range(250)
    ]
    declared = copy.deepcopy(live)
    for policy in declared[:100]:
        policy["actions"] = [{"dst_tag": policy["name"], "action": "allow"}]
    shape = kinds()["networktemplate"].shape.below("acl_policies")
    ours = statistics.median(
        seconds(lambda: list(differences(declared, live, shape, "acl_policies"))) for _ in range(ROUNDS)
    )
    theirs = seconds(lambda: DeepDiff(live, declared, ignore_order=True))
    return ours, theirs / ours


def main() -> None:
    objects, objects_faster = objects_ratio()
    print(f"5,000 pairs, 1 % differ: {objects * 1000:.0f} ms, {objects_faster:.0f} x faster than DeepDiff on each")
    listed, list_faster = list_ratio()
    print(f"list of 250, 40 % changed: {listed * 1000:.2f} ms, {list_faster:.0f} x faster than DeepDiff ignore_order")


if __name__ == "__main__":
    main()
