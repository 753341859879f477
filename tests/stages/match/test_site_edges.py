"""Mist Edges: of the organisation or at a site, claimed, assigned, moved and taken away by declaring."""

from typing import Any

import pytest

from reconciler.model.change import Outcome, Plan, Status
from reconciler.model.options import Options
from reconciler.model.values import Secret, YamlList
from tests.world import ORG, World, declare, world

PARIS = "22222222-0000-4000-8000-000000000001"
LYON = "22222222-0000-4000-8000-000000000002"
SITES = {"sites": [{"id": PARIS, "name": "Paris"}, {"id": LYON, "name": "Lyon"}]}
EDGES = [
    {"name": "edge-1", "model": "ME-100", "site_id": PARIS, "for_site": True, "notes": "by hand"},
    {"name": "edge-1", "model": "ME-100"},
]
BOTH = (declare("site.Paris"), declare("site.Lyon"))
CODE = Secret("135-546-673", origin="env:CODE")
NTP = {"ntp_servers": ["ntp.example.net"]}
MAC = "02000300aa01"


def acme(*edges: dict[str, Any]) -> World:
    cloud = world(None, **SITES, mxedges=[{"model": "ME-100", **item} for item in edges])
    cloud.emulator.settings.update({"quirks": {"list_lag_s": 0}})
    return cloud


def at(site_id: str, **fields: Any) -> dict[str, Any]:
    return {"site_id": site_id, "for_site": True, **fields}


def edge(address: str, **fields: Any) -> Any:
    return declare(address, fields)


def told(planned: Plan) -> list[tuple[str, str | None]]:
    return [(item.rule, item.address) for item in planned.errors]


def shown(planned: Plan) -> dict[str, list[tuple[str, Any, Any]]]:
    return {str(item.address): [(it.path, it.before, it.after) for it in item.fields] for item in planned.changes}


def settled(cloud: World, *declared: Any) -> tuple[Outcome, ...]:
    """Applies with exactly the calls that the plan says, and plans nothing more."""
    planned = cloud.plan(*declared)
    cloud.emulator.calls.reset()
    outcomes = cloud.carry_out(planned)
    assert {(item.status, item.verified, item.detail) for item in outcomes} == {(Status.APPLIED, True, "")}
    log = [f"{call.method} {call.path}" for call in cloud.emulator.calls.log]
    assert (planned.applying, planned.writes) == (len(log), len(cloud.writes)), log
    assert cloud.plan(*declared).changes == ()
    return outcomes


def of(cloud: World, site_id: str) -> list[dict[str, Any]]:
    return list(cloud.call("GET", f"sites/{site_id}/mxedges"))


def test_one_of_a_site_is_configured_there_and_one_of_the_same_name_elsewhere_is_another() -> None:
    cloud = acme(*EDGES)
    settled(cloud, declare("site.Paris"), edge("site.Paris/mxedge.edge-1", **NTP))
    (live,) = of(cloud, PARIS)
    assert (live["ntp_servers"], live["notes"]) == (["ntp.example.net"], "by hand")
    (other,) = (item for item in cloud.call("GET", f"orgs/{ORG}/mxedges") if not item.get("site_id"))
    assert not other.get("ntp_servers")


def test_one_at_no_site_is_assigned_and_keeps_what_nobody_declares() -> None:
    cloud = acme({"name": "edge-1", "notes": "by hand"})
    declared = (*BOTH, edge("site.Paris/mxedge.edge-1", **NTP))
    assert shown(cloud.plan(*declared)) == {
        "site.Paris/mxedge.edge-1": [("site", None, "Paris"), ("ntp_servers", None, NTP["ntp_servers"])]
    }
    settled(cloud, *declared)
    assert [item["notes"] for item in of(cloud, PARIS)] == ["by hand"]
    assert ("POST", f"/api/v1/orgs/{ORG}/mxedges/assign") in cloud.writes


@pytest.mark.parametrize(
    "said",
    [{"aliases": YamlList(["site.Lyon/mxedge.old"])}, {"mac": "02:00:03:00:aa:01"}],
    ids=["by its old address", "by its MAC address"],
)
def test_one_of_another_site_moves_where_the_inventory_says_that_it_is_the_same(said: dict[str, Any]) -> None:
    cloud = acme(at(LYON, name="old", mac=MAC, notes="by hand"), {"name": "other"})
    aliases = tuple(said.pop("aliases", ()))
    declared = (*BOTH, declare("site.Paris/mxedge.edge-1", said, aliases=aliases))
    assert shown(cloud.plan(*declared)) == {
        "site.Paris/mxedge.edge-1": [("site", "Lyon", "Paris"), ("name", "old", "edge-1")]
    }
    settled(cloud, *declared)
    assert [(item["name"], item["notes"]) for item in of(cloud, PARIS)] == [("edge-1", "by hand")]
    assert of(cloud, LYON) == []


def test_one_of_its_id_moves_from_wherever_it_is() -> None:
    cloud = acme(at(LYON, name="edge-1"))
    (there,) = of(cloud, LYON)
    settled(cloud, *BOTH, declare("site.Paris/mxedge.edge-1", api_id=there["id"]))
    assert [item["id"] for item in of(cloud, PARIS)] == [there["id"]]


def test_one_leaves_its_site_only_where_that_is_declared_and_stays_in_the_organisation() -> None:
    cloud = acme(at(PARIS, name="edge-1", notes="by hand"))
    assert cloud.plan(*BOTH).changes == ()
    declared = (*BOTH, edge("site.Paris/mxedge.edge-1", unassign=True))
    assert shown(cloud.plan(*declared)) == {"site.Paris/mxedge.edge-1": [("site", "Paris", None)]}
    settled(cloud, *declared)
    live = cloud.only(f"orgs/{ORG}/mxedges", name="edge-1")
    assert (live.get("site_id"), live["notes"]) == (None, "by hand")
    pruned = cloud.plan(*declared, options=Options(threads=1, prune=True), manage={"mxedge": {"prune": True}})
    assert pruned.changes == ()  # what the site was told to let go is not deleted


def test_one_of_the_organisation_comes_back_from_a_site_by_its_old_address() -> None:
    cloud = acme(at(PARIS, name="edge-1", notes="by hand"))
    settled(cloud, *BOTH, declare("mxedge.edge-1", NTP, aliases=("site.Paris/mxedge.edge-1",)))
    live = cloud.only(f"orgs/{ORG}/mxedges", name="edge-1")
    assert (live.get("site_id"), live["notes"], live["ntp_servers"]) == (None, "by hand", NTP["ntp_servers"])


@pytest.mark.parametrize("address", ["mxedge.edge-1", "site.Paris/mxedge.edge-1"])
def test_a_claim_code_claims_once_and_is_never_shown(address: str) -> None:
    cloud = acme()
    declared = (*BOTH, edge(address, claim_code=CODE, **NTP))
    planned = cloud.plan(*declared)
    first, *_ = planned.changes[0].fields
    assert (first.path, first.sensitive) == ("claim_code", True)
    settled(cloud, *declared)
    assert cloud.writes.count(("POST", f"/api/v1/orgs/{ORG}/mxedges/claim")) == 1
    (live,) = of(cloud, PARIS) if "site" in address else cloud.call("GET", f"orgs/{ORG}/mxedges")
    assert (live["name"], live["ntp_servers"]) == ("edge-1", NTP["ntp_servers"])


@pytest.mark.parametrize("quirk", ["refused", "answered"])
def test_a_claim_whose_answer_is_lost_is_not_made_twice(quirk: str) -> None:
    cloud = acme({"name": "other"})
    cloud.emulator.settings.update({"quirks": {"edge_claimed_again": quirk}})
    planned = cloud.plan(*BOTH, edge("site.Paris/mxedge.edge-1", claim_code=CODE))
    lost = {"method": "POST", "path": ".*/claim", "times": 1, "status": 502, "stored": True, "body": "{}"}
    cloud.emulator.faults.replace([lost])
    (outcome,) = cloud.carry_out(planned)
    assert (outcome.status, outcome.detail) == (Status.APPLIED, "")
    assert [item["name"] for item in of(cloud, PARIS)] == ["edge-1"]


def test_a_claim_code_that_the_cloud_refuses_is_told() -> None:
    cloud = acme()
    code = Secret("none", origin="env:CODE")
    (outcome,) = cloud.apply(*BOTH, edge("site.Paris/mxedge.edge-1", claim_code=code))
    assert outcome.status is Status.FAILED
    assert "the claim code was refused" in outcome.detail


@pytest.mark.parametrize(
    ("edges", "address", "rule", "says"),
    [
        ([], "site.Paris/mxedge.edge-1", "not-claimed", "claim_code: !secret env:NAME"),
        ([at(LYON)], "site.Paris/mxedge.edge-1", "not-at-site", "aliases: [site.Lyon/mxedge.edge-1]"),
        ([at(LYON)], "mxedge.edge-1", "not-here", "aliases: [site.Lyon/mxedge.edge-1]"),
        ([{}, {}], "site.Paris/mxedge.edge-1", "ambiguous-live", "pin the one that you mean with `id:`"),
    ],
    ids=["nowhere", "at another site", "at a site", "two of the name"],
)
def test_one_that_can_not_be_had_is_left_out_and_the_rest_goes_on(
    edges: list[dict[str, Any]], address: str, rule: str, says: str
) -> None:
    cloud = acme(*({"name": "edge-1", **item} for item in edges))
    prune = {"options": Options(threads=1, prune=True), "manage": {"mxedge": {"prune": True}}}
    planned = cloud.plan(*BOTH, edge(address, model="ME-100"), declare("site.Paris/wlan.A"), **prune)
    assert told(planned) == [(rule, address)]
    assert says in planned.errors[0].detail
    assert [str(change.address) for change in planned.changes] == ["site.Paris/wlan.A"]  # and nothing is deleted


def test_one_that_somebody_moved_meanwhile_is_stale() -> None:
    cloud = acme({"name": "edge-1"})
    planned = cloud.plan(*BOTH, edge("site.Paris/mxedge.edge-1", **NTP))
    own = cloud.only(f"orgs/{ORG}/mxedges", name="edge-1")["id"]
    cloud.call("POST", f"orgs/{ORG}/mxedges/assign", {"mxedge_ids": [own], "site_id": LYON})
    before = len(cloud.writes)
    assert [item.status for item in cloud.carry_out(planned)] == [Status.STALE]
    assert len(cloud.writes) == before


def test_without_the_list_of_the_organisation_those_at_their_site_are_still_compared() -> None:
    cloud = acme(at(PARIS, name="edge-1"), {"name": "edge-2"})
    cloud.emulator.faults.replace([{"method": "GET", "path": "orgs/.*/mxedges", "times": 9, "status": 403}])
    planned = cloud.plan(*BOTH, edge("site.Paris/mxedge.edge-1", **NTP), edge("site.Paris/mxedge.edge-2", **NTP))
    assert list(shown(planned)) == ["site.Paris/mxedge.edge-1"]
    assert told(planned) == [("unread", "site.Paris/mxedge.edge-2")]
