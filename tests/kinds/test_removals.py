"""What a change or a delete takes along beyond what it names is said, and what is left out goes in every cloud."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.options import Options
from tests.world import ORG, World, declare, world

PORTAL = "77777777-0000-4000-8000-000000000001"
PSKS = [
    {"name": "ann", "ssid": "Guest", "passphrase": "correct-horse", "portal_id": PORTAL},
    {"name": "bob", "ssid": "Guest", "passphrase": "correct-horse", "portal_id": PORTAL},
    {"name": "printer", "ssid": "Guest", "passphrase": "correct-horse"},
]


@pytest.mark.parametrize("answer", ["delta", "replaced"])
def test_a_switch_that_leaves_a_fabric_is_sent_as_gone(answer: str) -> None:
    macs = ["5c5b350e1001", "5c5b350e1002"]
    acme = world({"evpn_switches": answer}, inventory=[{"mac": mac, "type": "switch"} for mac in macs])
    both = [{"mac": mac, "role": "collapsed-core"} for mac in macs]
    acme.apply(declare("evpn_topology.fabric", {"switches": both}))
    one = declare("evpn_topology.fabric", {"switches": both[:1]})
    (outcome,) = acme.apply(one)
    assert (outcome.status, outcome.verified) == ("applied", True)
    assert acme.plan(one).changes == ()
    assert not [s for s in fabric(acme)["switches"] if s["mac"] == macs[1] and s["role"] != "none"]


def fabric(acme: World) -> dict[str, Any]:
    made = acme.only(f"orgs/{ORG}/evpn_topologies", name="fabric")
    found: dict[str, Any] = acme.call("GET", f"orgs/{ORG}/evpn_topologies/{made['id']}")
    return found


@pytest.mark.parametrize(("cleans", "taken"), [(True, ["ann", "bob"]), (False, [])])
def test_passphrases_go_with_their_portal_only_where_it_cleans_up(cleans: bool, taken: list[str]) -> None:
    portal = {"id": PORTAL, "name": "self-service", "ssid": "Guest", "cleanup_psk": cleans}
    acme = world(None, pskportals=[portal], psks=PSKS)
    gone = declare("pskportal.self-service", absent=True)
    (change,) = acme.plan(gone, options=Options(threads=1)).changes
    assert [item.name for item in change.takes] == taken
    moved = declare("pskportal.self-service", {"ssid": "Staff"})
    found = [item.rule for item in acme.plan(moved).diagnostics]
    assert found == (["passphrases-go"] if cleans else [])
