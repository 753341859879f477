"""Devices beyond their configuration (claims, clusters, statistics, EVPN switches), and the feeds of changes."""

from __future__ import annotations

import gc
import json
import tracemalloc
from typing import Any

import pytest

from reconciler.emulator import Emulator, read_seed
from tests.emulator.support import ORG, OTHER_SITE, SITE, Clock, ok, organisation, refused

INVENTORY = f"orgs/{ORG}/inventory"
NODES = [f"5c5b3500000{n}" for n in range(1, 5)]
IDS = [f"00000000-0000-0000-1000-{mac}" for mac in NODES]


@pytest.fixture
def staffed(clock: Clock) -> Emulator:
    data = organisation()
    data["orgs"][0]["inventory"] = [
        {"mac": mac, "type": "gateway", "model": "SRX320", "serial": f"S{n}", "site_id": SITE}
        for n, mac in enumerate(NODES)
    ]
    return Emulator(data=data, clock=clock, sleep=clock.sleep)


def nodes(*macs: str) -> dict[str, Any]:
    return {"nodes": [{"mac": mac} for mac in macs]}


def test_two_gateways_become_a_cluster_change_a_node_and_part(staffed: Emulator) -> None:
    path = f"sites/{SITE}/devices/{IDS[0]}/ha"
    refused(staffed.call("GET", path), 404)
    made = ok(staffed.call("POST", path, body=nodes(NODES[0], NODES[1])))
    assert made == ok(staffed.call("GET", path))
    assert [(n["mac"], n["node"]) for n in made["nodes"]] == [(NODES[0], "node0"), (NODES[1], "node1")]
    again = staffed.call("POST", f"sites/{SITE}/devices/{IDS[2]}/ha", body=nodes(NODES[2], NODES[1]))
    refused(again, 400, "already belong to a ha cluster")
    changed = ok(staffed.call("PUT", path, body=nodes(NODES[0], NODES[3])))
    assert [n["mac"] for n in changed["nodes"]] == [NODES[0], NODES[3]]
    refused(staffed.call("PUT", path, body=nodes(NODES[1], NODES[2])), 400, "resource not found")
    assert Emulator(data=staffed.state()).call("GET", path).body == changed
    assert staffed.call("DELETE", path).status == 200
    refused(staffed.call("DELETE", path), 404)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (None, "nodes is required"),
        (nodes(NODES[0]), "nodes is required"),
        ({"nodes": ["a", "b"]}, "nodes is required"),
        (nodes(NODES[0], NODES[0]), "resource not found"),
        (nodes(NODES[1], NODES[0]), "resource not found"),
        (nodes(NODES[0], "5c5b35999999"), "resource not found"),
        ({"nodes": [{"mac": {}}, {"mac": []}]}, "resource not found"),
    ],
)
def test_a_cluster_of_what_are_not_two_gateways_is_refused(body: Any, detail: str, staffed: Emulator) -> None:
    refused(staffed.call("POST", f"sites/{SITE}/devices/{IDS[0]}/ha", body=body), 400, detail)


def test_statistics_and_versions_tell_what_an_upgrade_did(staffed: Emulator) -> None:
    assert ok(staffed.call("GET", f"orgs/{ORG}/stats/devices")) == []
    rows = ok(staffed.call("GET", f"orgs/{ORG}/stats/devices", query={"type": "all"}))
    assert {r["status"] for r in rows} == {"connected"}
    assert (
        ok(staffed.call("GET", f"orgs/{ORG}/stats/devices", query={"type": "all", "mac": NODES[1]}))[0]["serial"]
        == "S1"
    )
    assert len(ok(staffed.call("GET", f"sites/{SITE}/stats/devices", query={"type": "gateway"}))) == 4
    answer = ok(staffed.call("POST", f"sites/{SITE}/devices/{IDS[0]}/upgrade", body={"version": "23.4R2"}))
    assert answer["status"] == "inprogress"
    assert ok(staffed.call("GET", f"sites/{SITE}/stats/devices/{IDS[0]}"))["version"] == "23.4R2"
    refused(staffed.call("GET", f"sites/{SITE}/stats/devices/none"), 404)
    refused(staffed.call("POST", f"sites/{SITE}/devices/{IDS[0]}/upgrade", body={"version": 5}), 400, "version")
    versions = ok(staffed.call("GET", f"orgs/{ORG}/devices/versions", query={"type": "gateway"}))
    assert [(v["model"], v["tag"]) for v in versions] == [("SRX320", "stable")]


def test_a_device_that_is_assigned_to_where_it_is_keeps_its_configuration(staffed: Emulator) -> None:
    path = f"sites/{SITE}/devices/{IDS[0]}"
    ok(staffed.call("PUT", path, body={"name": "gw", "notes": "mine"}))
    assign = {"op": "assign", "macs": [NODES[0]], "site_id": SITE, "managed": True, "disable_auto_config": False}
    assert ok(staffed.call("PUT", INVENTORY, body=assign))["success"] == [NODES[0]]
    assert ok(staffed.call("GET", path))["notes"] == "mine"
    (row,) = ok(staffed.call("GET", INVENTORY, query={"mac": NODES[0]}))
    assert row["mist_configured"] is True
    ok(staffed.call("PUT", INVENTORY, body={**assign, "site_id": OTHER_SITE, "mist_configured": False}))
    assert "notes" not in ok(staffed.call("GET", f"sites/{OTHER_SITE}/devices/{IDS[0]}"))
    assert ok(staffed.call("GET", INVENTORY, query={"mac": NODES[0]}))[0]["mist_configured"] is False


def test_a_failed_change_of_the_inventory_answers_200_or_400(staffed: Emulator) -> None:
    body = {"op": "unassign", "macs": ["5c:5b:35:99:99:99", NODES[0]]}
    answer = ok(staffed.call("PUT", INVENTORY, body=body))
    assert (answer["error"], answer["reason"], answer["success"]) == (["5c5b35999999"], ["not found"], [NODES[0]])
    staffed.settings.update({"quirks": {"inventory_failures": "bad_request", "answered_macs": "written"}})
    reply = staffed.call("PUT", INVENTORY, body=body)
    assert (reply.status, reply.body["error"]) == (400, ["5c:5b:35:99:99:99"])


@pytest.mark.parametrize(
    "body", [{"op": "assign", "site_id": {}}, {"op": "delete", "macs": [{}]}, {"op": "delete", "macs": 5}]
)
def test_ids_that_are_no_texts_are_refused(body: Any, staffed: Emulator) -> None:
    refused(staffed.call("PUT", INVENTORY, body=body), 400, "invalid field")


def test_claimed_devices_have_a_claim_code_that_readers_do_not_see(staffed: Emulator) -> None:
    (row, *_) = ok(staffed.call("GET", INVENTORY))
    assert len(row["magic"]) == 15
    staffed.tokens.declare({"reader": {"role": "read"}})
    assert set(ok(staffed.call("GET", INVENTORY, token="reader"))[0]["magic"]) == {"*"}
    (again,) = ok(staffed.call("POST", INVENTORY, body=[row["magic"]]))["inventory_duplicated"]
    assert again["mac"] == row["mac"]


def test_the_inventory_comes_whole_unless_a_page_is_asked_for(staffed: Emulator) -> None:
    state = staffed.state()
    state["orgs"][0]["inventory"] = [{"mac": f"{n:012d}"} for n in range(150)]
    staffed.load(state)
    assert len(ok(staffed.call("GET", INVENTORY))) == 154
    assert len(ok(staffed.call("GET", INVENTORY, query={"page": "1"}))) == 100
    staffed.settings.update({"quirks": {"whole_inventory": False}})
    assert len(ok(staffed.call("GET", INVENTORY))) == 100


def test_members_of_a_virtual_chassis_are_shown_on_request(staffed: Emulator) -> None:
    state = staffed.state()
    rows = [{"mac": "5c5b35aa0001", "vc_mac": "5c5b35aa0001"}, {"mac": "5c5b35aa0002", "vc_mac": "5c5b35aa0001"}]
    state["orgs"][0]["inventory"] = [{**r, "type": "switch"} for r in rows]
    staffed.load(state)
    for query, count in (({}, 1), ({"vc": "true"}, 2), ({"vc": "false"}, 1)):
        assert len(ok(staffed.call("GET", INVENTORY, query={"type": "switch", **query}))) == count


def test_a_seed_may_hold_a_mac_that_yaml_takes_for_a_number(tmp_path: Any) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(
        "orgs: [{id: o, name: A, inventory: [{mac: 020001000001}], sites: [{devices: [{mac: 020001000002}]}]}]"
    )
    rows = ok(Emulator(data=read_seed(path)).call("GET", "orgs/o/inventory"))
    assert sorted(r["mac"] for r in rows) == ["020001000001", "020001000002"]


@pytest.mark.parametrize("listed", ["changed", "all"])
def test_an_assigned_profile_lists_devices_that_changed_or_all(listed: str, staffed: Emulator) -> None:
    staffed.settings.update({"quirks": {"assigned_listed": listed}})
    made = ok(staffed.call("POST", f"orgs/{ORG}/deviceprofiles", body={"name": "p", "type": "gateway"}))
    path = f"orgs/{ORG}/deviceprofiles/{made['id']}"
    assert ok(staffed.call("POST", f"{path}/assign", body={"macs": NODES[:1]}))["success"] == NODES[:1]
    again = ok(staffed.call("POST", f"{path}/assign", body={"macs": NODES[:2]}))["success"]
    assert sorted(again) == (NODES[1:2] if listed == "changed" else NODES[:2])
    other = ok(staffed.call("POST", f"orgs/{ORG}/deviceprofiles", body={"name": "q", "type": "gateway"}))
    kept = f"orgs/{ORG}/deviceprofiles/{other['id']}/unassign"
    staffed.call("POST", kept, body={"macs": NODES[:2]})
    assert ok(staffed.call("GET", f"sites/{SITE}/devices/{IDS[0]}"))["deviceprofile_id"] == made["id"]
    refused(staffed.call("POST", f"{path}/assign", body={"macs": [{}]}), 400, "macs")


@pytest.mark.parametrize(("mode", "left"), [("delta", [NODES[0], NODES[2]]), ("replaced", NODES[1:3])])
def test_switches_of_a_topology_get_what_the_server_makes_and_change_one_by_one(
    mode: str, left: list[str], staffed: Emulator
) -> None:
    staffed.settings.update({"quirks": {"evpn_switches": mode}})
    path = f"orgs/{ORG}/evpn_topologies"
    switches = [{"mac": mac, "role": "core"} for mac in NODES[:2]]
    made = ok(staffed.call("POST", path, body={"name": "e", "switches": switches}))
    assert [s["evpn_id"] for s in made["switches"]] == [1, 2]
    assert {"router_id", "downlink_ips", "deviceprofile_id", "model"} <= set(made["switches"][0])
    assert made["switches"][0]["site_id"] == SITE
    gone = "none" if mode == "delta" else "core"
    change = [{"mac": NODES[1], "role": gone}, {"mac": NODES[2], "role": "access"}]
    changed = ok(staffed.call("PUT", f"{path}/{made['id']}", body={"switches": change}))
    assert [s["mac"] for s in changed["switches"]] == left


@pytest.mark.parametrize(("quirk", "count"), [("organisation", 1), ("all", 2)])
def test_edges_of_sites_are_listed_on_request_or_always(quirk: str, count: int, emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"edges_listed": quirk}})
    path = f"orgs/{ORG}/mxedges"
    one, _ = (ok(emulator.call("POST", path, body={"name": n, "model": "ME-100"})) for n in ("a", "b"))
    ok(emulator.call("POST", f"{path}/assign", body={"site_id": SITE, "mxedge_ids": [one["id"]]}))
    assert len(ok(emulator.call("GET", path))) == count
    assert len(ok(emulator.call("GET", path, query={"for_site": "any"}))) == 2
    for body in ({"site_id": SITE, "mxedge_ids": [{}]}, {"site_id": {}, "mxedge_ids": []}):
        refused(emulator.call("POST", f"{path}/assign", body=body), 400, "invalid field")


@pytest.mark.parametrize("quirk", ["refused", "answered"])
def test_a_claim_code_brings_an_edge_at_no_site_and_once_more_the_same_or_an_error(
    quirk: str, emulator: Emulator
) -> None:
    emulator.settings.update({"quirks": {"edge_claimed_again": quirk, "list_lag_s": 0}})
    path = f"orgs/{ORG}/mxedges"
    claimed = ok(emulator.call("POST", f"{path}/claim", body={"code": "135-546-673"}))
    assert claimed.keys() == {"id", "magic"}
    (edge,) = ok(emulator.call("GET", path))
    assert (edge["id"], edge["magic"], edge.get("site_id")) == (claimed["id"], claimed["magic"], None)
    again = emulator.call("POST", f"{path}/claim", body={"code": "135546673"})
    if quirk == "refused":
        refused(again, 400, "already claimed")
    else:
        assert ok(again) == claimed
    for body in ({"code": "12"}, {"code": {}}, {}, []):
        refused(emulator.call("POST", f"{path}/claim", body=body), 400, "claim code")


def test_the_feed_of_changes_names_type_object_and_author(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a"}, admin="Ada"))
    ok(emulator.call("PUT", f"sites/{SITE}/setting", body={"vars": {"a": "1"}}, admin="Bob"))
    ok(emulator.call("DELETE", f"sites/{SITE}/wlans/{made['id']}", admin="Cleo"))
    feed = ok(emulator.call("GET", f"orgs/{ORG}/events/system/search"))["results"]
    assert [(e["type"], e["admin_name"]) for e in feed] == [
        ("delete-wlan", "Cleo"),
        ("update-site-setting", "Bob"),
        ("add-wlan", "Ada"),
    ]
    assert {e["change_cat"] for e in feed} == {"admin_action"}
    assert [(e["scope"], e["site_id"]) for e in feed] == [("site", SITE)] * 3
    assert json.loads(feed[2]["metadata"])["wlan_id"] == made["id"]
    assert json.loads(feed[0]["metadata"])["wlan_id"] == "None"
    wanted = ok(emulator.call("GET", f"orgs/{ORG}/events/system/search", query={"type": "add-wlan"}))
    assert wanted["total"] == 1
    assert ok(emulator.call("GET", f"sites/{OTHER_SITE}/events/system/search"))["results"] == []
    counted = ok(emulator.call("GET", f"orgs/{ORG}/events/system/count"))["results"]
    assert {c["type"]: c["count"] for c in counted} == {"delete-wlan": 1, "update-site-setting": 1, "add-wlan": 1}


def test_the_log_holds_changed_leaves_only_as_objects_or_as_text(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/networktemplates"
    made = ok(emulator.call("POST", path, body={"name": "n", "networks": {"a": {"vlan_id": 1}, "b": {"vlan_id": 2}}}))
    change = {"networks": {"a": {"vlan_id": 1}, "b": {"vlan_id": 3}}}
    ok(emulator.call("PUT", f"{path}/{made['id']}", body=change))
    (entry, _) = ok(emulator.call("GET", f"orgs/{ORG}/logs"))["results"]
    assert (entry["before"], entry["after"]) == (
        {"networks": {"b": {"vlan_id": "2"}}},
        {"networks": {"b": {"vlan_id": "3"}}},
    )
    emulator.settings.update({"quirks": {"audit_values": "text"}})
    (entry, _) = ok(emulator.call("GET", f"orgs/{ORG}/logs"))["results"]
    assert json.loads(entry["after"]) == {"networks": {"b": {"vlan_id": "3"}}}
    ok(emulator.call("PUT", f"{path}/{made['id']}", body=change))
    assert ok(emulator.call("GET", f"orgs/{ORG}/logs"))["total"] == 2


def test_many_writes_of_a_template_take_little_memory(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/networktemplates"
    body = {"name": "n", "networks": {f"net{n}": {"vlan_id": n, "subnet": f"10.0.{n}.0/24"} for n in range(100)}}
    made = ok(emulator.call("POST", path, body=body))
    gc.collect()
    tracemalloc.start()
    for number in range(40):
        body["networks"]["net1"]["vlan_id"] = number
        ok(emulator.call("PUT", f"{path}/{made['id']}", body=json.loads(json.dumps(body))))
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    # The bodies alone, as text, are 0.2 MB; as objects, and twice, they were 2.5.
    assert grown < 1_000_000
