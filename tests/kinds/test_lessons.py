"""What went wrong with these kinds elsewhere goes right here: cases in `lessons.yaml`, and what needs a live side."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from reconciler.diagnostics import Severity
from reconciler.model.change import Status
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import apply_plan, make_plan
from reconciler.sources.texts import TextTree
from tests.kinds.walk import all_fields
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


REFUSED = [
    (
        "networks: [{name: n, vpn_access: {v: {destination_nat: {10.1.0.0/24: {wan_name: x}}}}}]\nvpns: [{name: v}]",
        "unknown-key",
        "`vpn_access.v.destination_nat.10.1.0.0/24.wan_name` is not a field here. Did you mean `name`? If the cloud "
        "knows it and this release does not, put it under `raw:`, as it stands.",
    ),
    (
        "gatewaytemplates: [{name: g, tunnel_configs: {t: {auto_provision: {provider: custom}}}}]",
        "bad-enum",
        "`tunnel_configs.t.auto_provision.provider` must be `jse-ipsec` or `zscaler-ipsec`, not 'custom'.",
    ),
    (
        "sites: [{name: S, country_code: FR, timezone: Europe/Paris, maps: [{type: image}]}]",
        "no-name",
        "a map needs `name:`",
    ),
]


@pytest.mark.parametrize(("text", "rule", "says"), REFUSED, ids=[case[1] for case in REFUSED])
def test_what_can_not_be_right_is_refused_with_its_place(text: str, rule: str, says: str) -> None:
    tree = TextTree({"reconciler.yaml": "version: 1\n", "inventory.yaml": text})
    found = load_inventory(tree, environ={}).diagnostics
    assert (rule, says) in [(item.rule, item.detail) for item in found if item.severity is Severity.ERROR]


def test_a_live_map_without_a_name_is_told_by_its_id() -> None:
    site = {"id": "22222222-0000-4000-8000-000000000001", "name": "S"}
    acme = world(None, sites=[{**site, "maps": [{"type": "image"}, {"name": "a", "type": "image"}]}])
    plan = acme.plan(declare("site.S"), declare("site.S/map.a", {"type": "image"}))
    nameless = next(item["id"] for item in acme.call("GET", f"sites/{site['id']}/maps") if not item.get("name"))
    assert (plan.changes, [item.text for item in plan.unmanaged]) == ((), [f"site.S/map.{nameless}"])


def test_whatever_ends_says_in_which_unit() -> None:
    silent = {"NacGuestPortal.expire", "Org.session_expiry", "OrgMistNac.usermac_expiry"}  # the document does not say
    units = re.compile("minutes|days|seconds", re.IGNORECASE)
    ends = {
        name: f"{name} {info.description}"
        for name, info in all_fields()
        if re.search("expir", name) and int in (info.annotation, *get_args(info.annotation))
    }
    assert len(ends) > 12
    assert {name for name, text in ends.items() if not units.search(text)} <= silent


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
