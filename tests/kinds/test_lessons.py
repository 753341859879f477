"""What went wrong with these kinds elsewhere goes right here: cases in `lessons.yaml`, and what needs a live side."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.diagnostics import Severity
from reconciler.model.change import Status
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import apply_plan, make_plan
from reconciler.sources.texts import TextTree
from tests.world import ORG, declare, world

CASES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "lessons.yaml").read_text("utf-8"))
SWITCH = {"mac": "5c5b350e00b1", "type": "switch", "model": "EX2300-C-12P"}
ONE = Options(threads=1)


def checked(text: str) -> Inventory:
    """The inventory, which has no error."""
    tree = TextTree({"reconciler.yaml": "version: 1\n", "inventory.yaml": text})
    found = load_inventory(tree, environ={"PSK": "correct-horse-battery"})
    assert [item.detail for item in found.diagnostics if item.severity is Severity.ERROR] == []
    return found


@pytest.mark.parametrize("name", CASES)
def test_it_is_applied_as_it_is_written_and_plans_to_nothing(name: str) -> None:
    case, acme = CASES[name], world({"mask_secrets": False}, inventory=[SWITCH])
    inventory = checked(case["inventory"])
    outcomes = apply_plan(make_plan(inventory, acme.client, org_id=ORG, options=ONE), acme.client, options=ONE)
    assert {(item.status, item.detail) for item in outcomes} == {(Status.APPLIED, "")}
    again = make_plan(inventory, acme.client, org_id=ORG, options=ONE)
    assert [(item.address.text, item.fields) for item in again.changes] == []
    if "sends" in case:
        last = [call for call in acme.emulator.calls.log if call.method != "GET"][-1]
        assert {key: last.body.get(key) for key in case["sends"]} == case["sends"]
        assert not case.get("whole") or last.body == case["sends"]


def test_a_value_that_no_source_knows_is_no_trouble_where_it_is_live() -> None:
    live = [{"name": "noc", "privileges": [{"scope": "orgsites", "role": "write", "views": ""}]}]
    acme = world(None, ssoroles=live)
    role = declare("ssorole.noc")
    assert acme.plan(role).changes == ()
    assert acme.plan(role).errors == ()


def test_a_rotating_url_is_no_difference() -> None:
    site = {"id": "22222222-0000-4000-8000-000000000001", "name": "S"}
    device = {"mac": SWITCH["mac"], "type": "switch", "name": "a", "image1_url": "https://x.example.net/1?sig=a"}
    acme = world({"rotate_urls": True}, sites=[{**site, "devices": [device]}])
    declared = (declare("site.S"), declare(f"site.S/switch.{SWITCH['mac']}", {"name": "a"}))
    assert acme.plan(*declared).changes == acme.plan(*declared).changes == ()


def test_the_cluster_of_a_mist_edge_is_cleared_with_null() -> None:
    acme = world(None)
    cluster = declare("mxcluster.core")
    acme.apply(cluster, declare("mxedge.e", {"model": "ME-100", "mxcluster": "core"}))
    without = declare("mxedge.e", {"model": "ME-100", "mxcluster": None})
    acme.apply(cluster, without)
    assert not acme.only(f"orgs/{ORG}/mxedges", name="e").get("mxcluster_id")
    assert acme.plan(cluster, without).changes == ()
