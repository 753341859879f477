"""What a PUT does: roots, removal, null, and the values that the server makes of what it is given."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator
from tests.emulator.support import ORG, OTHER_SITE, SITE, Clock, ok, refused

TEMPLATES = f"orgs/{ORG}/networktemplates"
Body = dict[str, Any]


@pytest.mark.parametrize(
    ("stored", "body", "expected"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 5}}, {"a": {"x": 5}}),
        ({"a": [1, 2, 3]}, {"a": [9]}, {"a": [9]}),
        ({"a": {"x": 1}, "b": [1]}, {"c": 1}, {"a": {"x": 1}, "b": [1], "c": 1}),
        ({"a": 1, "b": 2}, {"-a": ""}, {"b": 2}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"-x": "", "z": 1}}, {"a": {"-x": "", "z": 1}}),
        ({"a": 1}, {"-missing": ""}, {"a": 1}),
        ({"a": 1}, {"-a": "", "a": 2}, {"a": 2}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({"dns_servers": ["1.1.1.1"]}, {"dns_servers": None}, {"dns_servers": ["1.1.1.1"]}),
        ({"dns_servers": ["1.1.1.1"]}, {"dns_servers": []}, {"dns_servers": []}),
        ({"dns_servers": ["1.1.1.1"]}, {"-dns_servers": ""}, {}),
    ],
)
def test_a_put_replaces_roots_and_leaves_the_others(stored: Body, body: Body, expected: Body, plain: Emulator) -> None:
    made = ok(plain.call("POST", TEMPLATES, body={"name": "t", **stored}))
    answer = ok(plain.call("PUT", f"{TEMPLATES}/{made['id']}", body=body))
    own = {k: v for k, v in answer.items() if k not in ("id", "org_id", "created_time", "modified_time", "name")}
    assert own == expected
    assert ok(plain.call("GET", f"{TEMPLATES}/{made['id']}")) == answer


REFERENCES = ["alarmtemplate_id", "networktemplate_id", "rftemplate_id", "routertemplate_id", "sitetemplate_id"]


@pytest.mark.parametrize("name", REFERENCES)
def test_a_template_of_a_site_is_cleared_by_null_and_not_by_a_dash(name: str, emulator: Emulator) -> None:
    ok(emulator.call("PUT", f"sites/{SITE}", body={name: ORG}))
    assert ok(emulator.call("PUT", f"sites/{SITE}", body={f"-{name}": ""}))[name] == ORG
    assert ok(emulator.call("PUT", f"sites/{SITE}", body={name: None}))[name] is None


def test_the_alarm_template_of_an_organisation_is_cleared_by_null(emulator: Emulator) -> None:
    ok(emulator.call("PUT", f"orgs/{ORG}", body={"alarmtemplate_id": SITE}))
    assert ok(emulator.call("PUT", f"orgs/{ORG}", body={"-alarmtemplate_id": ""}))["alarmtemplate_id"] == SITE
    assert ok(emulator.call("PUT", f"orgs/{ORG}", body={"alarmtemplate_id": None}))["alarmtemplate_id"] is None


def test_a_required_root_cannot_be_removed(emulator: Emulator) -> None:
    refused(emulator.call("PUT", f"sites/{SITE}", body={"-name": ""}), 400, "name is required")


def test_read_only_fields_in_a_body_are_ignored(plain: Emulator) -> None:
    body = {"ssid": "a", "thumbnail": "mine", "created_time": 5, "site_id": OTHER_SITE, "for_site": False}
    made = ok(plain.call("POST", f"sites/{SITE}/wlans", body=body))
    assert made["created_time"] != 5
    assert (made.get("thumbnail"), made["site_id"], made["for_site"]) == (None, SITE, True)


def test_a_zone_keeps_the_map_it_was_made_on(plain: Emulator) -> None:
    made = ok(plain.call("POST", f"sites/{SITE}/zones", body={"name": "z", "map_id": ORG}))
    assert made["map_id"] == ORG


def test_settings_are_there_from_the_start_and_cannot_be_deleted(emulator: Emulator) -> None:
    for path in (f"orgs/{ORG}/setting", f"sites/{SITE}/setting"):
        assert "created_time" in ok(emulator.call("GET", path))
        assert ok(emulator.call("PUT", path, body={"vars": {"a": "1"}}))["vars"] == {"a": "1"}
        refused(emulator.call("DELETE", path), 405)
    made = ok(emulator.call("POST", f"orgs/{ORG}/sites", body={"name": "new"}))
    setting = ok(emulator.call("GET", f"sites/{made['id']}/setting"))
    assert (setting["site_id"], setting["for_site"], "id" in setting) == (made["id"], True, False)


def test_an_organisation_can_be_made_changed_and_deleted(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", "orgs", body={"name": "Second"}))
    site = ok(emulator.call("POST", f"orgs/{made['id']}/sites", body={"name": "S"}))
    assert ok(emulator.call("PUT", f"orgs/{made['id']}", body={"name": "Third"}))["name"] == "Third"
    assert ok(emulator.call("GET", f"orgs/{made['id']}"))["allow_mist"] is True
    assert emulator.call("DELETE", f"orgs/{made['id']}").status == 200
    refused(emulator.call("GET", f"orgs/{made['id']}"), 404)
    refused(emulator.call("GET", f"sites/{site['id']}"), 403)


def test_defaults_are_filled_in_nested_objects_too(emulator: Emulator) -> None:
    body = {"name": "t", "radius_config": {"auth_servers": [{"host": "10.0.0.1", "secret": "s"}]}}
    made = ok(emulator.call("POST", TEMPLATES, body=body))
    assert made["radius_config"]["auth_servers_retries"] == 3
    assert made["radius_config"]["acct_interim_interval"] == 0
    wlan = ok(emulator.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a"}))
    assert (wlan["portal"]["enabled"], wlan["dtim"]) == (False, 2)


def test_a_removed_root_that_has_a_default_reads_as_its_default(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a", "dtim": 5}))
    assert ok(emulator.call("PUT", f"sites/{SITE}/wlans/{made['id']}", body={"-dtim": ""}))["dtim"] == 2


def test_roots_that_were_not_written_are_not_looked_at_again(emulator: Emulator) -> None:
    emulator.load({"orgs": [{"id": ORG, "name": "A", "wlans": [{"id": "w", "ssid": "a", "vlan_id": 10, "auth": {}}]}]})
    answer = ok(emulator.call("PUT", f"orgs/{ORG}/wlans/w", body={"dtim": 3}))
    assert (answer["vlan_id"], answer["auth"]) == (10, {})


COUPLED = [
    ({"isolation": True}, "l2_isolation", True),
    ({"isolation": True, "l2_isolation": False}, "l2_isolation", False),
    ({"limit_bcast": True}, "allow_ssdp", True),
    ({"limit_bcast": True, "allow_ssdp": False}, "allow_ssdp", False),
]


@pytest.mark.parametrize(("body", "name", "expected"), COUPLED)
def test_some_defaults_depend_on_other_values_if_told(
    body: Body, name: str, expected: bool, emulator: Emulator
) -> None:
    made = ok(emulator.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a", **body}))
    assert (made.get(name) or False) is body.get(name, False)
    emulator.settings.update({"quirks": {"coupled_defaults": True}})
    assert ok(emulator.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a", **body}))[name] is expected


STORED = [
    ({"vlan_id": 10}, "vlan_id", "10"),
    ({"vlan_id": "{{v}}"}, "vlan_id", "{{v}}"),
    ({"auth_servers": [{"host": "h", "secret": "s", "port": "1812"}]}, "auth_servers.0.port", 1812),
    ({"auth_servers": [{"host": "h", "secret": "s", "port": "{{p}}"}]}, "auth_servers.0.port", "{{p}}"),
    ({"ap_ids": []}, "ap_ids", None),
    ({"wxtag_ids": []}, "wxtag_ids", []),
    ({"portal_allowed_hostnames": []}, "portal_allowed_hostnames", []),
]


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


@pytest.mark.parametrize(("body", "path", "expected"), STORED)
def test_numbers_text_and_empty_values_change_when_stored(
    body: Body, path: str, expected: Any, emulator: Emulator
) -> None:
    made = ok(emulator.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a", **body}))
    assert at(made, path) == expected


def test_empty_channels_of_a_band_read_as_null(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", f"orgs/{ORG}/rftemplates", body={"name": "r", "band_5": {"channels": []}}))
    assert made["band_5"]["channels"] is None


def test_null_in_some_lists_reads_as_empty(emulator: Emulator) -> None:
    body = {"name": "p", "type": "ap", "ip_config": {"dns": None, "gateway": None}}
    made = ok(emulator.call("POST", f"orgs/{ORG}/deviceprofiles", body=body))
    assert (made["ip_config"]["dns"], made["ip_config"]["gateway"]) == ([], None)


def test_a_site_without_groups_has_an_empty_list_of_them(emulator: Emulator) -> None:
    assert ok(emulator.call("PUT", f"sites/{SITE}", body={"-sitegroup_ids": ""}))["sitegroup_ids"] == []


def test_null_and_empty_references_are_normalised(emulator: Emulator) -> None:
    path = f"sites/{SITE}"
    assert ok(emulator.call("PUT", path, body={"rftemplate_id": ""}))["rftemplate_id"] is None
    assert ok(emulator.call("PUT", path, body={"sitegroup_ids": []}))["sitegroup_ids"] == []
    emulator.settings.update({"quirks": {"empty_references": "kept"}})
    assert ok(emulator.call("PUT", path, body={"rftemplate_id": ""}))["rftemplate_id"] == ""


def test_without_quirks_what_is_written_is_what_is_read(plain: Emulator) -> None:
    body: Body = {"ssid": "a", "vlan_id": 10, "ap_ids": [], "isolation": True, "bands": ["5", "24", "6"]}
    made = ok(plain.call("POST", f"sites/{SITE}/wlans", body=body))
    assert {k: made[k] for k in body} == body
    assert "dtim" not in made


def test_a_guest_portal_of_type_external_gets_a_secret_of_the_server(emulator: Emulator) -> None:
    body = {"ssid": "guest", "portal": {"enabled": True, "auth": "external"}}
    made = ok(emulator.call("POST", f"sites/{SITE}/wlans", body=body))
    assert len(made["portal_api_secret"]) == 40
    again = ok(emulator.call("PUT", f"sites/{SITE}/wlans/{made['id']}", body={"dtim": 3}))
    assert again["portal_api_secret"] == made["portal_api_secret"]


def test_a_site_tells_its_offset_from_utc(emulator: Emulator, clock: Clock) -> None:
    assert ok(emulator.call("GET", f"sites/{OTHER_SITE}"))["tzoffset"] == 540
    path = f"sites/{SITE}"
    assert ok(emulator.call("PUT", path, body={"timezone": "Europe/London"}))["tzoffset"] == 60
    clock.now += 180 * 86400
    assert ok(emulator.call("PUT", path, body={"notes": "winter"}))["tzoffset"] == 0
    assert ok(emulator.call("PUT", path, body={"timezone": "No/Where"}))["tzoffset"] == 0
