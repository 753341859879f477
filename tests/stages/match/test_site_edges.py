"""Mist Edges of a site: changed where they are, never made there."""

from reconciler.model.change import Status
from tests.world import ORG, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
SITES = {"sites": [{"id": SITE, "name": "Paris"}]}
EDGES = [
    {"name": "edge-1", "model": "ME-100", "site_id": SITE, "for_site": True, "notes": "by hand"},
    {"name": "edge-1", "model": "ME-100"},
]


def test_one_of_a_site_is_configured_there_and_one_of_the_same_name_elsewhere_is_another() -> None:
    acme = world(None, **SITES, mxedges=EDGES)
    declared = [declare("site.Paris"), declare("site.Paris/mxedge.edge-1", {"ntp_servers": ["ntp.example.net"]})]
    (outcome,) = acme.apply(*declared)
    assert (outcome.status, outcome.verified) == (Status.APPLIED, True)
    assert acme.plan(*declared).changes == ()
    (live,) = acme.call("GET", f"sites/{SITE}/mxedges")
    assert (live["ntp_servers"], live["notes"]) == (["ntp.example.net"], "by hand")
    (other,) = (item for item in acme.call("GET", f"orgs/{ORG}/mxedges") if not item.get("site_id"))
    assert not other.get("ntp_servers")


def test_one_that_is_not_at_the_site_is_told_and_not_made() -> None:
    acme = world(None, **SITES, mxedges=EDGES)
    plan = acme.plan(declare("site.Paris"), declare("site.Paris/mxedge.edge-9", {"model": "ME-100"}))
    assert plan.changes == ()
    assert [(item.rule, item.address) for item in plan.errors] == [("not-at-site", "site.Paris/mxedge.edge-9")]
    assert "assign it to the site in the portal" in plan.errors[0].detail


def test_one_that_was_assigned_to_a_site_is_not_made_a_second_time() -> None:
    acme = world(None, **SITES, mxedges=[{"name": "edge-7", "model": "ME-100"}])
    declared = [declare("site.Paris"), declare("mxedge.edge-7", {"model": "ME-100"})]
    assert acme.plan(*declared).changes == ()
    made = acme.only(f"orgs/{ORG}/mxedges", name="edge-7")
    acme.call("POST", f"orgs/{ORG}/mxedges/assign", {"mxedge_ids": [made["id"]], "site_id": SITE})
    plan = acme.plan(*declared)
    assert plan.changes == ()
    assert [(item.rule, item.address) for item in plan.errors] == [("not-here", "mxedge.edge-7")]
    assert "it is at site.Paris" in plan.errors[0].detail
    there = [declared[0], declare("site.Paris/mxedge.edge-7", {"ntp_servers": ["ntp.example.net"]})]
    (outcome,) = acme.apply(*there)
    assert (outcome.status, outcome.verified) == (Status.APPLIED, True)
    assert acme.plan(*there).changes == ()
