"""Claimed devices, devices of a site, profiles, edges, EVPN topologies."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator
from tests.emulator.support import ORG, OTHER_SITE, SITE, Clock, ok, refused

INVENTORY = f"orgs/{ORG}/inventory"
AP, SWITCH = "5c5b35000001", "5c5b35000002"
AP_ID, SWITCH_ID = (f"00000000-0000-0000-1000-{mac}" for mac in (AP, SWITCH))


@pytest.fixture
def staffed(emulator: Emulator) -> Emulator:
    data = emulator.state()
    data["orgs"][0]["inventory"] = [
        {"mac": "5C:5B:35:00:00:03", "serial": "S3", "model": "AP45"},
        {"mac": "5c5b35000004", "serial": "S4", "type": "switch", "site_id": SITE},
    ]
    data["orgs"][0]["sites"][0]["devices"] = [
        {"mac": AP, "name": "ap-1", "serial": "S1", "model": "AP45"},
        {"mac": SWITCH, "name": "sw-1", "type": "switch", "serial": "S2"},
    ]
    emulator.load(data)
    return emulator


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["ap-1"]),
        ({"type": "ap"}, ["ap-1"]),
        ({"type": "switch"}, ["sw-1", ""]),
        ({"type": "all"}, ["ap-1", "sw-1", ""]),
        ({"type": "all", "name": "sw-1"}, ["sw-1"]),
        ({"type": "gateway"}, []),
    ],
)
def test_devices_list_access_points_unless_asked(query: dict[str, str], names: list[str], staffed: Emulator) -> None:
    found = ok(staffed.call("GET", f"sites/{SITE}/devices", query=query))
    assert [d.get("name") for d in found] == names


def test_a_device_is_configured_but_neither_made_nor_deleted(staffed: Emulator) -> None:
    path = f"sites/{SITE}/devices/{SWITCH_ID}"
    changed = ok(staffed.call("PUT", path, body={"name": "sw-9", "mac": "0", "type": "ap"}))
    assert (changed["name"], changed["mac"], changed["type"]) == ("sw-9", SWITCH, "switch")
    refused(staffed.call("POST", f"sites/{SITE}/devices", body={}), 405)
    refused(staffed.call("DELETE", path), 405)
    named = ok(staffed.call("GET", INVENTORY, query={"mac": "5C-5B-35-00-00-02"}))
    assert [d["name"] for d in named] == ["sw-9"]


def test_the_devices_of_an_organisation_are_macs_and_names_only(staffed: Emulator) -> None:
    rows = ok(staffed.call("GET", f"orgs/{ORG}/devices"))["results"]
    assert {"mac": AP, "name": "ap-1"} in rows
    assert all(set(row) == {"mac", "name"} for row in rows)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 4),
        ({"type": "switch"}, 2),
        ({"serial": "S1"}, 1),
        ({"model": "AP45"}, 2),
        ({"site_id": SITE}, 3),
        ({"unassigned": "true"}, 1),
        ({"unassigned": "false"}, 4),
        ({"serial": "", "mac": "", "type": "", "unassigned": "false", "modified_after": "0", "limit": "1000"}, 4),
        ({"modified_after": "1"}, 4),
        ({"modified_after": "9999999999"}, 0),
    ],
)
def test_the_inventory_is_filtered(query: dict[str, str], count: int, staffed: Emulator) -> None:
    assert len(ok(staffed.call("GET", INVENTORY, query=query))) == count


def test_a_time_that_is_no_number_is_refused(staffed: Emulator) -> None:
    refused(staffed.call("GET", INVENTORY, query={"modified_after": "noon"}), 400, "modified_after")


def test_a_device_moves_between_sites_and_goes(staffed: Emulator, clock: Clock) -> None:
    def change(**body: Any) -> Any:
        return ok(staffed.call("PUT", INVENTORY, body=body))

    moved = change(op="assign", macs=[AP, "ffffffffffff"], serials=["S3", "S9"], site_id=OTHER_SITE)
    assert (sorted(moved["success"]), moved["error"]) == ([AP, "5c5b35000003"], ["ffffffffffff", "S9"])
    assert moved["reason"] == ["not found", "not found"]
    assert len(ok(staffed.call("GET", f"sites/{OTHER_SITE}/devices"))) == 2
    assert ok(staffed.call("GET", f"sites/{SITE}/devices")) == []
    refusal = change(op="assign", macs=[AP], site_id=SITE, no_reassign=True)
    assert refusal["reason"] == ["already assigned"]
    assert change(op="upgrade_to_mist", macs=[SWITCH])["success"] == [SWITCH]
    assert change(op="unassign", macs=[AP])["success"] == [AP]
    refused(staffed.call("GET", f"sites/{OTHER_SITE}/devices/{AP_ID}"), 404)
    assert sorted(change(op="delete", macs=[AP, SWITCH])["success"]) == [AP, SWITCH]
    assert len(ok(staffed.call("GET", INVENTORY))) == 2


@pytest.mark.parametrize("body", [None, {}, {"op": "fly"}, {"op": "assign", "site_id": "x", "macs": []}])
def test_a_wrong_change_of_the_inventory_is_refused(body: Any, staffed: Emulator) -> None:
    refused(staffed.call("PUT", INVENTORY, body=body), 400, "invalid field")


def test_claim_codes_become_devices_once(emulator: Emulator) -> None:
    one, two, three = ("AAAAA-AAAAA-AAAAA", "BBBBBBBBBBBBBBB", "CCCCC-CCCCC-CCCCC")
    assert ok(emulator.call("POST", INVENTORY, body=[one, two]))["added"] == [one, two]
    again = ok(emulator.call("POST", INVENTORY, body=[two, three, "no code"]))
    assert (again["added"], again["duplicated"], again["error"]) == ([three], [two], ["no code"])
    assert again["reason"] == ["invalid claim code"]
    assert [d["magic"] for d in again["inventory_added"]] == ["C" * 15]
    assert [set(d) for d in again["inventory_duplicated"]] == [{"mac", "magic", "model", "serial", "type"}]
    refusal = emulator.call("POST", INVENTORY, body=["no code"])
    assert (refusal.status, refusal.body["error"]) == (400, ["no code"])
    refused(emulator.call("POST", INVENTORY, body={"code": 1}), 400)


def test_a_released_device_is_the_same_one_where_its_code_is_claimed_next(staffed: Emulator) -> None:
    """What the public scripts do that move a site to another organisation; they name a device by MAC and by serial."""
    other = ok(staffed.call("POST", "orgs", body={"name": "Other"}))["id"]
    before = {row["mac"]: row for row in ok(staffed.call("GET", INVENTORY))}
    answer = ok(
        staffed.call("PUT", INVENTORY, body={"op": "delete", "macs": [AP, "5C-5B-35-00-00-01"], "serials": ["S1"]})
    )
    assert (answer["success"], answer["error"]) == ([AP], [])
    staffed.load(staffed.state())
    code = before[AP]["magic"]
    claimed = ok(staffed.call("POST", f"orgs/{other}/inventory", body=[code]))["inventory_added"]
    assert claimed == [{key: before[AP][key] for key in ("mac", "magic", "model", "serial", "type")}]
    assert staffed.call("POST", INVENTORY, body=[code]).body["reason"] == ["already claimed"]
    assert [row["site_id"] for row in ok(staffed.call("GET", f"orgs/{other}/inventory"))] == [None]


def test_the_devices_of_a_deleted_site_are_claimed_still(staffed: Emulator) -> None:
    ok(staffed.call("DELETE", f"sites/{SITE}"))
    assert len(ok(staffed.call("GET", INVENTORY, query={"unassigned": "true"}))) == 4


def test_device_profiles_list_those_of_access_points_unless_asked(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/deviceprofiles"
    for kind in ("ap", "switch", "gateway"):
        ok(emulator.call("POST", path, body={"name": kind, "type": kind}))
    assert [p["name"] for p in ok(emulator.call("GET", path))] == ["ap"]
    assert [p["name"] for p in ok(emulator.call("GET", path, query={"type": "switch"}))] == ["switch"]


def test_a_profile_is_assigned_to_devices_and_taken_back(staffed: Emulator) -> None:
    made = ok(staffed.call("POST", f"orgs/{ORG}/deviceprofiles", body={"name": "p", "type": "ap"}))
    path = f"orgs/{ORG}/deviceprofiles/{made['id']}"
    body = {"macs": [AP, "ffffffffffff"]}
    assert ok(staffed.call("POST", f"{path}/assign", body=body)) == {"success": [AP]}
    device = f"sites/{SITE}/devices/{AP_ID}"
    assert ok(staffed.call("GET", device))["deviceprofile_id"] == made["id"]
    ok(staffed.call("POST", f"{path}/unassign", body=body))
    assert ok(staffed.call("GET", device))["deviceprofile_id"] is None
    refused(staffed.call("POST", f"{path}/assign", body=[]), 400, "macs is required")
    refused(staffed.call("POST", f"orgs/{ORG}/deviceprofiles/none/assign", body=body), 404)


def test_an_edge_of_a_site_is_hidden_from_the_organisation(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/mxedges"
    made = ok(emulator.call("POST", path, body={"name": "e", "model": "ME-100", "mxcluster_id": "c"}))
    item, moved = f"{path}/{made['id']}", {"site_id": SITE, "mxedge_ids": [made["id"], "none"]}
    assert ok(emulator.call("POST", f"{path}/assign", body=moved))["success"] == [made["id"]]
    assert ok(emulator.call("GET", path)) == []
    for query in ("any", "true"):
        assert len(ok(emulator.call("GET", path, query={"for_site": query}))) == 1
    refused(emulator.call("GET", item), 404)
    at_site = f"sites/{SITE}/mxedges/{made['id']}"
    assert len(ok(emulator.call("GET", f"sites/{SITE}/mxedges"))) == 1
    assert ok(emulator.call("GET", at_site))["for_site"] is True
    assert ok(emulator.call("PUT", at_site, body={"name": "f", "mxcluster_id": None}))["mxcluster_id"] is None
    refused(emulator.call("GET", f"sites/{OTHER_SITE}/mxedges/{made['id']}"), 404)
    ok(emulator.call("POST", f"{path}/unassign", body={"mxedge_ids": [made["id"]]}))
    assert ok(emulator.call("GET", item))["name"] == "f"
    refused(emulator.call("POST", f"{path}/unassign", body={}), 400)
    refused(emulator.call("POST", f"{path}/assign", body={"site_id": "x"}), 400)
    ok(emulator.call("POST", f"{path}/assign", body=moved))
    ok(emulator.call("DELETE", at_site))
    assert ok(emulator.call("GET", path, query={"for_site": "any"})) == []


def test_the_list_of_evpn_topologies_has_no_switches(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/evpn_topologies"
    made = ok(emulator.call("POST", path, body={"name": "e", "switches": [{"mac": AP, "role": "core"}]}))
    assert "switches" not in ok(emulator.call("GET", path))[0]
    assert ok(emulator.call("GET", f"{path}/{made['id']}"))["switches"][0]["mac"] == AP
