"""Devices: assigned, moved, replaced, claimed, unassigned and configured; never made, never deleted."""

import hashlib
import json
from typing import Any

import pytest

from reconciler.kinds import kinds
from reconciler.model.change import Action, Outcome, Plan, Status
from reconciler.model.options import Options
from reconciler.model.values import Secret, YamlList, YamlMap
from tests.kinds.stages import Stages, rules
from tests.world import ORG, World, declare, world

PARIS = "22222222-0000-4000-8000-000000000001"
LYON = "22222222-0000-4000-8000-000000000002"
INDOOR = "33333333-0000-4000-8000-000000000001"
FREE, THERE, OLD, SPARE, SWITCH, MEMBER = (f"5c5b350e000{at}" for at in range(1, 7))
CODE = "ABCDEFGHIJKLMNO"
CLAIMED_BY_CODE = "5c5b3526828d"
"""The device that the emulator makes of the code."""


def device(mac: str, **more: Any) -> dict[str, Any]:
    return {"mac": mac, "type": "ap", "model": "AP45", **more}


def acme(**org: Any) -> World:
    sites = [
        {"id": PARIS, "name": "Paris", "devices": [device(OLD, name="old", notes="third floor", orientation=90)]},
        {
            "id": LYON,
            "name": "Lyon",
            "devices": [device(THERE, name="there", notes="by hand", orientation=45, deviceprofile_id=INDOOR)],
        },
    ]
    inventory = [
        device(FREE),
        device(SPARE),
        device(SWITCH, type="switch", model="EX4100-48P"),
        device(MEMBER, type="switch", vc_mac=SWITCH),
    ]
    profiles = [{"id": INDOOR, "name": "indoor", "type": "ap"}]
    return world(None, **{"sites": sites, "inventory": inventory, "deviceprofiles": profiles, **org})


def ap(mac: str, **fields: Any) -> Any:
    return declare(f"site.Paris/ap.{mac}", fields)


SITES = (declare("site.Paris"), declare("site.Lyon"))


def shown(planned: Plan) -> dict[str, list[tuple[str, Any, Any]]]:
    return {str(item.address): [(it.path, it.before, it.after) for it in item.fields] for item in planned.changes}


def of(cloud: World, mac: str, site: str = PARIS) -> dict[str, Any]:
    return dict(cloud.call("GET", f"sites/{site}/devices/00000000-0000-0000-1000-{mac}"))


def claimed(cloud: World, mac: str) -> dict[str, Any]:
    return cloud.only(f"orgs/{ORG}/inventory", mac=mac)


def settled(cloud: World, *declared: Any) -> tuple[Outcome, ...]:
    """Applies with exactly the calls that the plan says, and plans nothing more."""
    planned = cloud.plan(*SITES, *declared)
    before = len(cloud.writes)
    outcomes = cloud.carry_out(planned)
    assert [(item.status, item.verified, item.detail) for item in outcomes] == [(Status.APPLIED, True, "")] * len(
        outcomes
    )
    assert len(cloud.writes) - before == planned.writes
    assert shown(cloud.plan(*SITES, *declared)) == {}
    return outcomes


def test_a_claimed_device_is_assigned_to_its_site_given_its_profile_and_configured() -> None:
    cloud = acme()
    declared = ap(FREE, name="lobby", deviceprofile="indoor", radio_config={"band_5": {"channel": 36}})
    assert shown(cloud.plan(*SITES, declared)) == {
        f"site.Paris/ap.{FREE}": [
            ("site", None, "Paris"),
            ("name", None, "lobby"),
            ("deviceprofile", None, "indoor"),
            ("radio_config.band_5.channel", None, 36),
        ]
    }
    settled(cloud, declared)
    assert of(cloud, FREE)["deviceprofile_id"] == INDOOR
    assert ("POST", f"/api/v1/orgs/{ORG}/deviceprofiles/{INDOOR}/assign") in cloud.writes
    settled(cloud, ap(FREE, name="lobby", deviceprofile=None))
    assert not of(cloud, FREE).get("deviceprofile_id")


def test_a_device_moves_with_what_nobody_declares() -> None:
    cloud = acme()
    declared = ap(THERE, name="lobby")
    assert shown(cloud.plan(*SITES, declared)) == {
        f"site.Paris/ap.{THERE}": [("site", "Lyon", "Paris"), ("name", "there", "lobby")]
    }
    settled(cloud, declared)
    after = of(cloud, THERE)
    assert (after["name"], after["notes"], after["orientation"]) == ("lobby", "by hand", 45)
    assert after["deviceprofile_id"] == INDOOR


def test_a_replacement_takes_place_and_configuration_and_the_old_one_is_free() -> None:
    cloud = acme()
    declared = ap(SPARE, name="new", replaces=OLD.upper())
    assert shown(cloud.plan(*SITES, declared)) == {
        f"site.Paris/ap.{SPARE}": [("mac", OLD, SPARE), ("name", "old", "new")]
    }
    settled(cloud, declared)
    after = of(cloud, SPARE)
    assert (after["name"], after["notes"], after["orientation"]) == ("new", "third floor", 90)
    assert not claimed(cloud, OLD).get("site_id")


def test_a_claim_code_claims_once_and_is_never_shown() -> None:
    cloud = acme()
    cloud.emulator.settings.update({"quirks": {"list_lag_s": 0}})
    declared = ap(CLAIMED_BY_CODE, name="new", claim_code=Secret(CODE, origin="env:CODE"))
    planned = cloud.plan(*SITES, declared)
    assert [it.path for it in planned.changes[0].fields] == ["claim_code", "site", "name"]
    assert planned.changes[0].fields[0].sensitive
    settled(cloud, declared)
    assert claimed(cloud, CLAIMED_BY_CODE)["site_id"] == PARIS


@pytest.mark.parametrize("case", ["the list lags", "claimed meanwhile", "the answer says nothing"])
def test_a_claim_is_made_once_whatever_the_cloud_says_of_it(case: str) -> None:
    cloud, declared = acme(), ap(CLAIMED_BY_CODE, name="new", claim_code=Secret(CODE, origin="env:CODE"))
    planned, claims = cloud.plan(*SITES, declared), ("POST", f"/api/v1/orgs/{ORG}/inventory")
    if case == "the list lags":
        cloud.emulator.settings.update({"quirks": {"list_lag_s": 3}})
    elif case == "claimed meanwhile":
        cloud.call("POST", f"orgs/{ORG}/inventory", [CODE])
    else:
        said_nothing = {"method": "POST", "path": "inventory", "times": 1, "status": 200, "stored": True, "body": "{}"}
        cloud.emulator.faults.replace([said_nothing])
    (outcome,) = cloud.carry_out(planned)
    assert (outcome.status, outcome.detail) == (Status.APPLIED, "")
    assert cloud.writes.count(claims) == 1
    assert claimed(cloud, CLAIMED_BY_CODE)["site_id"] == PARIS


def test_a_device_that_the_cloud_does_not_assign_is_named_and_the_rest_goes_on() -> None:
    cloud = acme()
    refused = {"op": "assign", "success": [], "error": [FREE], "reason": ["not assignable"]}
    fault = {"method": "PUT", "path": "inventory", "times": 1, "status": 200, "body": json.dumps(refused)}
    planned = cloud.plan(*SITES, ap(FREE), ap(OLD, name="lobby"))
    cloud.emulator.faults.replace([fault])
    told = {item.address.name: (item.status, item.detail) for item in cloud.carry_out(planned)}
    assert told == {FREE: (Status.FAILED, "the cloud refused it: not assignable"), OLD: (Status.APPLIED, "")}


def test_a_device_leaves_its_site_only_where_that_is_declared() -> None:
    cloud = acme()
    assert cloud.plan(*SITES, ap(FREE)).count(Action.DELETE) == 0
    settled(cloud, ap(OLD, unassign=True), ap(FREE, unassign=True))
    assert not claimed(cloud, OLD).get("site_id")


def test_no_device_is_ever_deleted() -> None:
    cloud = acme()
    settled(cloud, ap(FREE))
    planned = cloud.plan(*SITES, ap(FREE), options=Options(threads=1, prune=True), manage={"ap": {"prune": True}})
    assert planned.changes == ()
    assert f"site.Paris/ap.{OLD}" in map(str, planned.unmanaged)


@pytest.mark.parametrize(
    ("declared", "rule", "says"),
    [
        (ap("5c5b350eeeee"), "not-claimed", "claim_code: !secret env:NAME"),
        (ap(SWITCH), "device-type", f"{SWITCH} (EX4100-48P) is of type switch"),
        (declare(f"site.Paris/switch.{MEMBER}"), "device-member", f"virtual chassis {SWITCH}: declare that one"),
        (ap(THERE, replaces=OLD), "device-elsewhere", f"{THERE} is at site.Lyon"),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value else "",
)
def test_a_device_that_can_not_be_had_is_left_out_and_the_rest_goes_on(declared: Any, rule: str, says: str) -> None:
    cloud = acme()
    planned = cloud.plan(*SITES, declared, ap(FREE, name="lobby"))
    assert [(item.rule, item.address) for item in planned.errors] == [(rule, str(declared.address))]
    assert says in planned.errors[0].detail
    assert [str(change.address) for change in planned.changes] == [f"site.Paris/ap.{FREE}"]


@pytest.mark.parametrize(
    ("mac", "fields", "elsewhere"), [(FREE, {}, LYON), (THERE, {}, None), (SPARE, {"replaces": OLD}, LYON)]
)
def test_a_device_that_somebody_moved_meanwhile_is_stale(mac: str, fields: Any, elsewhere: str | None) -> None:
    cloud = acme()
    planned = cloud.plan(*SITES, ap(mac, **fields))
    by_hand = {"op": "assign", "site_id": elsewhere} if elsewhere else {"op": "unassign"}
    cloud.call("PUT", f"orgs/{ORG}/inventory", {**by_hand, "macs": [mac]})
    before = len(cloud.writes)
    assert [item.status for item in cloud.carry_out(planned)] == [Status.STALE]
    assert len(cloud.writes) == before


@pytest.mark.parametrize(
    ("code", "mac", "says"),
    [("short", "5c5b350eeeee", "invalid claim code"), (CODE, "5c5b350eeeee", f"it claimed {CLAIMED_BY_CODE}")],
)
def test_a_claim_code_that_does_not_fit_is_told(code: str, mac: str, says: str) -> None:
    cloud = acme()
    (outcome,) = cloud.apply(*SITES, ap(mac, claim_code=Secret(code, origin="env:CODE")))
    assert outcome.status is Status.FAILED
    assert says in outcome.detail
    assert code not in outcome.detail


def test_a_list_of_devices_is_read_once_for_all_their_kinds_and_that_of_the_site_that_one_comes_from() -> None:
    cloud = acme()
    gateway = declare(f"site.Paris/gateway.{SWITCH}")
    cloud.emulator.calls.log.clear()
    cloud.plan(*SITES, ap(THERE), declare(f"site.Paris/switch.{SWITCH}"), gateway)
    paths = [call.path.removeprefix("/api/v1/") for call in cloud.emulator.calls.log]
    assert sorted(path for path in paths if path.endswith(("devices", "inventory"))) == [
        f"orgs/{ORG}/inventory",
        f"sites/{PARIS}/devices",
        f"sites/{LYON}/devices",
    ]
    (inventory,) = (call for call in cloud.emulator.calls.log if call.path.endswith("inventory"))
    assert ("vc", "true") in inventory.query  # so that a virtual chassis has its own MAC address


def test_without_the_claimed_devices_those_at_their_site_are_still_compared() -> None:
    cloud = acme()
    cloud.emulator.faults.replace([{"method": "GET", "path": ".*/inventory", "times": 9, "status": 403}])
    planned = cloud.plan(*SITES, ap(OLD, name="lobby"), ap(FREE))
    assert [str(change.address) for change in planned.changes] == [f"site.Paris/ap.{OLD}"]
    assert [(item.rule, item.address) for item in planned.errors] == [("unread", f"site.Paris/ap.{FREE}")]


def test_a_device_can_not_be_absent() -> None:
    found = rules(Stages(kinds(), acme()).inventory(f"aps: [{{mac: '{OLD}', site: Paris, absent: true}}]"))
    assert found["bad-absent"] == "a device is never deleted; `unassign: true` takes it from its site"


def test_many_are_claimed_in_one_call_and_a_code_that_is_refused_fails_alone() -> None:
    codes = [f"ABCDEFGHIJ{at:05}" for at in range(6)]
    macs = ["5c5b35" + hashlib.sha256(code.encode()).hexdigest()[:6] for code in codes]
    good = [ap(mac, claim_code=code) for mac, code in zip(macs, codes, strict=True)]
    cloud = acme()
    settled(cloud, *good)
    assert cloud.writes.count(("POST", f"/api/v1/orgs/{ORG}/inventory")) == 1
    cloud = acme()
    outcomes = cloud.apply(*SITES, *good, ap("5c5b35ffffff", claim_code="no code"))
    assert [item.status for item in outcomes].count(Status.APPLIED) == 6
    (failed,) = (item for item in outcomes if item.status is Status.FAILED)
    assert (failed.address.name, "invalid claim code" in failed.detail) == ("5c5b35ffffff", True)


MANY = [f"5c5b350f00{at:02}" for at in range(1, 8)]
ASSIGNS = ("PUT", f"/api/v1/orgs/{ORG}/inventory")


def many(*, at: str | None = None, **fields: Any) -> World:
    devices = [device(mac, **fields) for mac in MANY]
    sites = [{"id": PARIS, "name": "Paris"}, {"id": LYON, "name": "Lyon"}]
    placed = [{**site, "devices": devices} if site["id"] == at else site for site in sites]
    return acme(sites=placed, inventory=[] if at else devices)


def told(outcomes: tuple[Outcome, ...]) -> dict[str, tuple[Status, str]]:
    return {item.address.name or "": (item.status, item.detail) for item in outcomes}


def test_many_devices_of_one_site_are_assigned_and_given_their_profile_in_two_calls() -> None:
    cloud = many()
    settled(cloud, *(ap(mac, name=f"ap-{mac}", deviceprofile="indoor") for mac in MANY))
    assert cloud.writes.count(ASSIGNS) == 1
    assert cloud.writes.count(("POST", f"/api/v1/orgs/{ORG}/deviceprofiles/{INDOOR}/assign")) == 1
    assert {of(cloud, mac)["deviceprofile_id"] for mac in MANY} == {INDOOR}


def test_many_devices_move_with_what_nobody_declares() -> None:
    cloud = many(at=LYON, notes="by hand", deviceprofile_id=INDOOR)
    settled(cloud, *(ap(mac, name=f"ap-{mac}") for mac in MANY))
    assert cloud.writes.count(ASSIGNS) == 1
    after = [of(cloud, mac) for mac in MANY]
    assert {(item["notes"], item["deviceprofile_id"]) for item in after} == {("by hand", INDOOR)}


@pytest.mark.parametrize("failures", ["ok", "bad_request"])
@pytest.mark.parametrize("op", ["assign", "unassign"])
def test_of_many_a_device_that_the_cloud_refuses_fails_alone_with_its_reason(failures: str, op: str) -> None:
    cloud = many(at=PARIS if op == "unassign" else None)
    cloud.emulator.settings.update({"quirks": {"inventory_failures": failures}})
    fields = {"unassign": True} if op == "unassign" else {"name": "x"}
    planned = cloud.plan(*SITES, *(ap(mac, **fields) for mac in MANY))
    bad = MANY[2]
    cloud.emulator.settings.update({"devices": {"stay": {bad: "not assignable"}}})
    outcomes = told(cloud.carry_out(planned))
    status, detail = outcomes.pop(bad)
    assert status is Status.FAILED
    assert "not assignable" in detail
    assert set(outcomes.values()) == {(Status.APPLIED, "")}


def test_of_many_a_device_that_somebody_moved_meanwhile_is_stale_alone() -> None:
    cloud = many()
    planned = cloud.plan(*SITES, *(ap(mac, name="x") for mac in MANY))
    cloud.call("PUT", f"orgs/{ORG}/inventory", {"op": "assign", "site_id": LYON, "macs": [MANY[0]]})
    outcomes = told(cloud.carry_out(planned))
    assert outcomes.pop(MANY[0])[0] is Status.STALE
    assert set(outcomes.values()) == {(Status.APPLIED, "")}
    assert claimed(cloud, MANY[0])["site_id"] == LYON


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("op", ["assign", "unassign", "profile"])
def test_a_call_for_many_whose_answer_is_lost_is_looked_at_before_anything_is_sent_again(op: str, stored: bool) -> None:
    cloud = many(at=None if op == "assign" else PARIS)
    fields = {"assign": {"name": "x"}, "unassign": {"unassign": True}, "profile": {"deviceprofile": "indoor"}}[op]
    declared = [ap(mac, **fields) for mac in MANY]
    planned = cloud.plan(*SITES, *declared)
    method, path = ("POST", ".*/assign") if op == "profile" else ("PUT", ".*/inventory")
    cloud.emulator.faults.replace(
        [{"method": method, "path": path, "times": 1, "status": 502, "stored": stored, "body": "{}"}]
    )
    assert set(told(cloud.carry_out(planned)).values()) == {(Status.APPLIED, "")}
    assert cloud.plan(*SITES, *declared).changes == ()
    if stored:
        assert len([write for write in cloud.writes if write[0] == method and write[1].endswith(path[3:])]) == 1


def test_of_many_a_profile_that_somebody_gave_meanwhile_is_stale_alone() -> None:
    cloud = many(at=PARIS)
    cloud.call("POST", f"orgs/{ORG}/deviceprofiles", {"name": "outdoor", "type": "ap"})
    other = cloud.only(f"orgs/{ORG}/deviceprofiles", name="outdoor")["id"]
    planned = cloud.plan(*SITES, *(ap(mac, deviceprofile="indoor") for mac in MANY))
    cloud.call("POST", f"orgs/{ORG}/deviceprofiles/{other}/assign", {"macs": [MANY[0]]})
    outcomes = told(cloud.carry_out(planned))
    assert outcomes.pop(MANY[0])[0] is Status.STALE
    assert set(outcomes.values()) == {(Status.APPLIED, "")}
    assert of(cloud, MANY[0])["deviceprofile_id"] == other


CHASSIS, NODE = "020003000001", "020003000002"


@pytest.mark.parametrize(
    ("kind", "site", "members", "says"),
    [
        ("switch", LYON, [], f"its member {MEMBER} is at site.Lyon"),
        ("gateway", LYON, [], f"its member {MEMBER} is at site.Lyon"),
        ("switch", LYON, [FREE], f"its member {MEMBER} is at site.Lyon"),
        ("switch", PARIS, [SWITCH], f"its member {SWITCH} is at site.Lyon"),
        ("switch", PARIS, [FREE], ""),
        ("gateway", PARIS, [], ""),
        ("switch", None, [], ""),
    ],
)
def test_a_virtual_chassis_or_a_cluster_has_all_members_at_its_site(
    kind: str, site: str | None, members: list[str], says: str
) -> None:
    inventory = [
        device(CHASSIS, type=kind, vc_mac=CHASSIS, site_id=PARIS),
        device(MEMBER, type=kind, vc_mac=CHASSIS, site_id=site),
        device(SWITCH, type="switch", site_id=LYON),
        device(FREE, type="switch"),
    ]
    cloud = acme(sites=[{"id": PARIS, "name": "Paris"}, {"id": LYON, "name": "Lyon"}], inventory=inventory)
    listed = YamlList([YamlMap({"mac": mac, "member_id": at, "vc_role": "backup"}) for at, mac in enumerate(members)])
    chassis = {"virtual_chassis": YamlMap({"members": listed})} if members else {}
    planned = cloud.plan(*SITES, declare(f"site.Paris/{kind}.{CHASSIS}", {"name": "x", **chassis}), ap(OLD))
    apart = [item.detail for item in planned.errors if item.rule == "members-apart"]
    assert [says in item for item in apart] == ([True] if says else [])
    assert [str(change.address) for change in planned.changes] == ([] if says else [f"site.Paris/{kind}.{CHASSIS}"])


def test_a_member_that_comes_to_the_site_too_is_not_apart() -> None:
    inventory = [device(SWITCH, type="switch", site_id=PARIS), device(FREE, type="switch", site_id=LYON)]
    cloud = acme(sites=[{"id": PARIS, "name": "Paris"}, {"id": LYON, "name": "Lyon"}], inventory=inventory)
    member = YamlMap({"mac": FREE, "member_id": 1, "vc_role": "backup"})
    chassis = declare(f"site.Paris/switch.{SWITCH}", {"virtual_chassis": YamlMap({"members": YamlList([member])})})
    planned = cloud.plan(*SITES, chassis, declare(f"site.Paris/switch.{FREE}"))
    assert not planned.errors
    assert len(planned.changes) == 2
