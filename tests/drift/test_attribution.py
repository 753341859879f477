"""Who made live differ: entries of the audit log as the cloud writes them, and what is told of them."""

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.drift.attribution import Log, attributed, edits_of, id_key
from reconciler.drift.log import read_log
from reconciler.kinds import kinds
from reconciler.model.address import Address
from reconciler.model.change import UNKNOWN, Action, Change, Edit, FieldChange
from reconciler.model.resource import LiveObject
from tests.world import ORG, world

SITE, WLAN, TEMPLATE = "site-id", "wlan-id", "template-id"
IDS = {"site.A": SITE, "site.A/wlan.Lab": WLAN, "wlantemplate.corp": TEMPLATE, "site.A/setting": SITE}


def event(message: str, time: float, admin: str = "Ann", **more: Any) -> dict[str, Any]:
    return {"id": f"{message}{time}", "timestamp": time, "admin_name": admin, "message": message, "org_id": ORG, **more}


def change(address: str, *paths: str, live: str | None = "", secret: str = "") -> Change:
    found = IDS.get(address) if live == "" else live
    kind = Address(address).kind
    fields = tuple(FieldChange(path=path, sensitive=path == secret) for path in paths)
    return Change(
        address=Address(address),
        kind=kind,
        action=Action.UPDATE if found else Action.CREATE,
        fields=fields,
        live=LiveObject(kind=kind, id=found, body={}) if found else None,
    )


def told(item: Change, *events: Mapping[str, Any], ids: Mapping[str, str] = IDS) -> Change:
    (result,) = attributed([item], Log(events, kinds=kinds(), ids=ids))
    return result


def names(item: Change) -> list[tuple[str, bool]]:
    return [(field.edited.admin, field.edited.shown) for field in item.fields if field.edited]


UPDATE = 'Update WLAN "Lab"'


def test_each_field_has_the_last_entry_that_shows_it_changing() -> None:
    events = [
        event(UPDATE, 1, "Ann", wlan_id=WLAN, before={"vlan_id": 1}, after={"vlan_id": 2}, src_ip="192.0.2.1"),
        event(UPDATE, 2, "Bob", wlan_id=WLAN, before={"auth": {"type": "psk"}}, after={"auth": {"type": "open"}}),
        event(UPDATE, 3, "Cat", wlan_id=WLAN, before={"isolation": True}, after={"isolation": False}),
    ]
    found = told(change("site.A/wlan.Lab", "vlan_id", "auth.type", "bands"), *events)
    assert names(found) == [("Ann", True), ("Bob", True), ("Cat", False)]
    assert found.edited is not None
    assert (found.edited.admin, found.edited.timestamp) == ("Cat", 3)
    assert found.fields[0].edited == Edit(admin="Ann", timestamp=1, message=UPDATE, address="192.0.2.1", shown=True)


def test_a_value_that_only_looks_different_is_no_change() -> None:
    """`10` and `"10"` are one VLAN, and null is as good as nothing."""
    noise = event(UPDATE, 5, "Noise", wlan_id=WLAN, before={"vlan_id": 10}, after={"vlan_id": "10", "bands": []})
    real = event(UPDATE, 4, "Real", wlan_id=WLAN, before={"vlan_id": 9}, after={"vlan_id": 10})
    assert names(told(change("site.A/wlan.Lab", "vlan_id"), noise, real)) == [("Real", True)]


def test_elements_of_keyed_lists_are_told_apart() -> None:
    ids = {"networktemplate.c": "nt"}
    policies = [{"name": "a", "actions": []}, {"name": "b", "actions": []}]
    changed = [policies[0], {"name": "b", "actions": [{"dst_tag": "any", "action": "deny"}]}]
    entry = event(
        'Update Network Template "c"',
        1,
        networktemplate_id="nt",
        before={"acl_policies": policies},
        after={"acl_policies": changed},
    )
    item = change("networktemplate.c", "acl_policies[b].actions[any]", "acl_policies[a].actions[any]", live="nt")
    assert names(told(item, entry, ids=ids)) == [("Ann", True), ("Ann", False)]


def test_references_are_matched_under_their_readable_names() -> None:
    entry = event('Update Site "A"', 1, site_id=SITE, before={"rftemplate_id": "1"}, after={"rftemplate_id": "2"})
    assert names(told(change("site.A", "rftemplate"), entry)) == [("Ann", True)]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({"auth": {"psk": "********"}}, {"auth": {"psk": "********"}}, True),
        ({"auth": {"psk": "********", "type": "a"}}, {"auth": {"psk": "********", "type": "b"}}, False),
        ({"vlan_id": 1}, {"vlan_id": 2}, False),
    ],
)
def test_a_masked_secret_changed_when_nothing_else_in_its_root_did(
    before: dict[str, Any], after: dict[str, Any], shown: bool
) -> None:
    entry = event(UPDATE, 1, wlan_id=WLAN, before=before, after=after)
    assert names(told(change("site.A/wlan.Lab", "auth.psk", secret="auth.psk"), entry)) == [("Ann", shown)]


@pytest.mark.parametrize(
    ("address", "entry", "fits"),
    [
        ("site.A", event('Update Site "A"', 1, site_id=SITE), True),
        ("site.A", event("Update Site Settings", 1, site_id=SITE), False),
        ("site.A", event(UPDATE, 1, site_id=SITE, wlan_id=WLAN), False),
        ("site.A", event('Update WLAN "A"', 1, site_id=SITE), False),
        ("site.A", event('Delete WLAN "Lab"', 1, site_id=SITE, wlan_id="None"), False),
        ("site.A/setting", event("Update Site Settings", 1, site_id=SITE), True),
        ("site.A/setting", event("Update Site Settings", 1, site_id="other"), False),
        ("site.A/setting", event('Update Site "A"', 1, site_id=SITE), False),
        ("site.A/wlan.Lab", event(UPDATE, 1, wlan_id=WLAN, template_id=TEMPLATE), True),
        ("site.A/wlan.Lab", event(UPDATE, 1, wlan_id="other"), False),
        ("site.A/wlan.Lab", event(UPDATE, 1, site_id=SITE), True),
        ("site.A/wlan.Lab", event(UPDATE, 1, site_id="other"), False),
        ("site.A/wlan.Lab", event('Update WxLAN Tag "Lab"', 1, site_id=SITE), False),
        ("site.A/wlan.Lab", event('Delete WLAN "Lab"', 1, site_id=SITE, wlan_id="None"), False),
        ("wlantemplate.corp", event('Update WLAN Template "corp"', 1, template_id=TEMPLATE), True),
        ("wlantemplate.corp", event('Update Template "corp"', 1), True),
        ("wlantemplate.corp", event(UPDATE, 1, wlan_id=WLAN, template_id=TEMPLATE), False),
        ("site.A", event("Ann logged in", 1), False),
        ("site.A", {"id": "x"}, False),
    ],
)
def test_an_entry_is_about_this_object_or_not(address: str, entry: dict[str, Any], fits: bool) -> None:
    found = told(change(address, "x"), entry)
    assert (found.edited != UNKNOWN) is fits
    assert (found.fields[0].edited != UNKNOWN) is fits


@pytest.mark.parametrize(
    ("address", "entry", "fits"),
    [
        ("site.A/wlan.Gone", event('Delete WLAN "Gone"', 1, site_id=SITE, wlan_id="None"), True),
        ("site.A/wlan.Gone", event('Delete WLAN "Gone"', 1, site_id="other", wlan_id="None"), False),
        ("site.A/wlan.Gone", event('Update WLAN "Gone"', 1, site_id=SITE, wlan_id="x"), False),
        ("site.Lost", event('Delete Site "Lost"', 1, site_id="None"), True),
        ("site.Lost/wlan.X", event('Delete Site "Lost"', 1, site_id="None"), True),
        ("wlantemplate.corp/wlan.Y", event('Delete WLAN "Y"', 1, wlan_id="None", template_id=TEMPLATE), True),
        ("wlantemplate.corp/wlan.Y", event('Delete WLAN "Y"', 1, wlan_id="None", template_id="other"), False),
        ("webhook.w", event('Delete Webhook "w"', 1, webhook_id="None"), True),
        ("webhook.w", event('Delete Webhook "w"', 1, webhook_id="None", site_id=SITE), False),
    ],
)
def test_a_deleted_object_is_found_by_its_name_in_its_place(address: str, entry: dict[str, Any], fits: bool) -> None:
    found = told(change(address, "name", live=None), entry)
    assert (found.edited is not None and found.edited.known) is fits


def test_a_renamed_object_is_found_by_its_live_name() -> None:
    item = change("site.A/wlan.Lab", "ssid")
    renamed = Change(**{**{key: getattr(item, key) for key in item.__slots__}, "renamed_from": "Old"})
    assert names(told(renamed, event('Update WLAN "Old"', 1, site_id=SITE))) == [("Ann", False)]


def test_unmanaged_objects_have_their_last_edit() -> None:
    log = Log([event(UPDATE, 1, wlan_id=WLAN), event(UPDATE, 2, "Bob", wlan_id=WLAN)], kinds=kinds(), ids=IDS)
    found = edits_of([Address("site.A/wlan.Lab"), Address("webhook.w")], log, IDS)
    assert [item.edited and item.edited.admin for item in found] == ["Bob", ""]


def test_the_ids_of_every_kind_have_the_key_of_its_collection() -> None:
    found = {kind.name: id_key(kind) for kind in kinds() if not kind.singleton and not kind.composed_only}
    assert found["wlantemplate"] == "template_id"
    assert found["secpolicy"] == "secpolicy_id"
    assert found["wlan"] == "wlan_id"
    assert found["site"] == "site_id"


def test_the_log_is_read_page_by_page_within_its_bound() -> None:
    entries = [
        {"id": f"e{number}", "timestamp": 1_750_000_000 - number, "admin_name": "A", "message": "Update Org"}
        for number in range(2500)
    ]
    acme = world(logs=entries)
    whole = read_log(acme.client, ORG, days=30)
    assert (len(whole.events), whole.read.problem, acme.client.calls.total) == (2500, "", 3)
    part = read_log(acme.client, ORG, days=30, most=2)
    assert (len(part.events), acme.client.calls.total) == (2000, 5)
    assert "only the newest 2,000" in part.read.problem


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (403, "this token may not read the audit log"),
        (404, "this token may not read the audit log"),
        (500, "the audit log could not be read"),
    ],
)
def test_a_log_that_can_not_be_read_costs_the_names_and_not_the_report(status: int, problem: str) -> None:
    acme = world()
    acme.emulator.faults.replace([{"method": "GET", "path": "/logs|/events/", "times": 99, "status": status}])
    found = read_log(acme.client, ORG)
    assert (found.events, found.read.problem) == ((), problem)


def test_without_the_log_the_feed_of_changes_names_authors() -> None:
    acme = world()
    made = acme.emulator.call("POST", f"orgs/{ORG}/wlans", body={"ssid": "Lab"}, admin="Ann").body
    acme.emulator.faults.replace([{"method": "GET", "path": "/logs", "times": 99, "status": 403}])
    found = read_log(acme.client, ORG)
    assert [(item["wlan_id"], item["admin_name"]) for item in found.events] == [(made["id"], "Ann")]
    assert "the feed of changes" in found.read.problem


def test_values_of_an_entry_may_be_json_text() -> None:
    entry = event(UPDATE, 1, "Ann", wlan_id=WLAN, before='{"vlan_id": 1}', after='{"vlan_id": 2}')
    broken = event(UPDATE, 2, "Bob", wlan_id=WLAN, before="{", after="no JSON")
    assert names(told(change("site.A/wlan.Lab", "vlan_id"), entry, broken)) == [("Ann", True)]
