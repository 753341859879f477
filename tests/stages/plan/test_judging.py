"""WLANs judged by the type that results, and new parts by what they need: what only a plan can tell."""

from typing import Any

import pytest

from reconciler.diagnostics import Severity
from reconciler.model.change import Plan, Resulting
from reconciler.model.values import Secret, YamlMap
from reconciler.report.json_report import plan_document
from reconciler.report.lines import as_text
from reconciler.report.markdown import plan_markdown
from reconciler.report.reading import plan_of
from reconciler.report.text import plan_text
from tests.world import World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
PSK = Secret("correct horse battery", origin="env:PSK")


def cloud(*wlans: dict[str, Any], quirks: dict[str, Any] | None = None, **org: Any) -> World:
    return world(quirks, sites=[{"id": SITE, "name": "Paris", "wlans": list(wlans)}], **org)


def lab(body: dict[str, Any]) -> Any:
    """The WLAN, with nothing added to it."""
    resource = declare("site.Paris/wlan.Lab", body)
    if "auth" not in body:
        del resource.body["auth"]
    return resource


def errors(plan: Plan) -> list[tuple[str, str | None]]:
    return [(item.rule, item.address) for item in plan.diagnostics if item.severity is Severity.ERROR]


UNTYPED: list[dict[str, Any]] = [
    {},
    {"vlan_enabled": True, "vlan_id": 10},
    {"auth": {"psk": PSK}},
    {"auth": {"psk": PSK, "type": None}},
    {"auth": {"pairwise": ["wpa2-ccmp"]}},
    {"auth": {"enable_mac_auth": True}},
    {"auth": {"multi_psk_only": True}},
    {"auth": {"keys": ["0123456789"]}},
    {"auth_servers": [{"host": "10.0.0.1", "secret": "s"}]},
    {"mist_nac": {"enabled": True}},
    {"dynamic_psk": {"enabled": True}},
]


@pytest.mark.parametrize("body", UNTYPED)
def test_a_new_wlan_is_never_open_by_omission(body: dict[str, Any]) -> None:
    it = cloud()
    plan = it.plan(declare("site.Paris"), lab(body))
    assert errors(plan) == [("wlan-type-missing", "site.Paris/wlan.Lab")]
    assert plan.changes == ()
    assert "open to everybody" in plan.diagnostics[0].detail
    it.carry_out(plan)
    assert it.writes == []


@pytest.mark.parametrize(
    "body",
    [
        {"auth": {"type": "open"}},
        {"auth": {"type": "open", "enable_mac_auth": True}, "mist_nac": {"enabled": True}},
        {"auth": {"type": "psk", "psk": PSK}},
        {"auth": {"type": "psk", "multi_psk_only": True}},
        {"auth": {"type": "eap"}, "auth_servers": [{"host": "10.0.0.1", "secret": "s"}]},
    ],
)
def test_a_new_wlan_that_says_what_it_is_is_planned(body: dict[str, Any]) -> None:
    plan = cloud().plan(declare("site.Paris"), lab(body))
    assert errors(plan) == []
    assert [str(change.address) for change in plan.changes] == ["site.Paris/wlan.Lab"]


@pytest.mark.parametrize("mask", [True, False])
@pytest.mark.parametrize(
    "body", [{"auth": {"psk": PSK}}, {"auth": {"pairwise": ["wpa3"]}}, {"auth": {"type": "psk", "pairwise": ["wpa3"]}}]
)
def test_what_live_has_needs_not_be_written(body: dict[str, Any], mask: bool) -> None:
    live = {"ssid": "Lab", "auth": {"type": "psk", "psk": "their old passphrase", "pairwise": ["wpa2-ccmp"]}}
    plan = cloud(live, quirks={"mask_secrets": mask}).plan(declare("site.Paris"), lab(body))
    assert errors(plan) == []
    assert len(plan.changes) == 1


def test_a_passphrase_for_a_live_open_wlan_is_refused() -> None:
    it = cloud({"ssid": "Lab", "auth": {"type": "open"}})
    plan = it.plan(declare("site.Paris"), lab({"auth": {"psk": PSK}}))
    assert errors(plan) == [("wlan-auth-unused", "site.Paris/wlan.Lab")]
    assert "the WLAN's type is `open` in the cloud" in plan.diagnostics[0].detail
    assert plan.changes == ()


def test_a_type_is_not_cleared_by_omission() -> None:
    it = cloud({"ssid": "Lab", "auth": {"type": "psk", "psk": "their old passphrase"}})
    plan = it.plan(declare("site.Paris"), lab({"auth": None}))
    assert errors(plan) == [("wlan-type-missing", "site.Paris/wlan.Lab")]
    assert "`psk`" in plan.diagnostics[0].detail


def test_an_open_wlan_is_not_put_on_the_air_by_omission() -> None:
    off = {"ssid": "Lab", "enabled": False, "auth": {"type": "open"}}
    assert errors(cloud(off).plan(declare("site.Paris"), lab({"enabled": True}))) != []
    on = {**off, "enabled": True}
    assert errors(cloud(on).plan(declare("site.Paris"), lab({"vlan_enabled": True, "vlan_id": 10}))) == []


def test_a_new_passphrase_network_needs_its_passphrase() -> None:
    plan = cloud().plan(declare("site.Paris"), lab({"auth": {"type": "psk"}}))
    assert errors(plan) == [("new-object-incomplete", "site.Paris/wlan.Lab")]
    live = {"ssid": "Lab", "auth": {"type": "open"}}
    plan = cloud(live).plan(declare("site.Paris"), lab({"auth": {"type": "psk"}}))
    assert errors(plan) == [("new-object-incomplete", "site.Paris/wlan.Lab")]


def test_what_needs_a_refused_object_is_not_planned_either() -> None:
    tag = declare("site.Paris/wxtag.t", {"type": "match", "match": "wlan_id", "values": ["Lab"]})
    plan = cloud().plan(declare("site.Paris"), lab({}), tag)
    assert plan.changes == ()
    assert sorted(rule for rule, _ in errors(plan)) == ["refused-but-needed", "wlan-type-missing"]


def test_a_new_server_needs_its_secret_and_a_known_one_does_not() -> None:
    servers = [{"host": "10.0.0.1", "port": 1812, "secret": "shared"}]
    live = {"ssid": "Lab", "auth": {"type": "eap"}, "auth_servers": servers}
    known = lab({"auth_servers": [{"host": "10.0.0.1", "require_message_authenticator": True}]})
    assert errors(cloud(live).plan(declare("site.Paris"), known)) == []
    new = lab({"auth_servers": [{"host": "10.0.0.2"}]})
    assert errors(cloud(live).plan(declare("site.Paris"), new)) == [("new-object-incomplete", "site.Paris/wlan.Lab")]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"networks": {"iot": {"subnet": "10.0.0.0/24"}}}, "networks.iot"),
        ({"radius_config": {"auth_servers": [{"host": "10.0.0.9"}]}}, "radius_config.auth_servers[0]"),
    ],
)
def test_a_switch_network_or_server_that_is_new_is_complete(body: dict[str, Any], path: str) -> None:
    live = {"name": "campus", "networks": {"old": {}}, "radius_config": {"auth_servers": [{"host": "10.0.0.1"}]}}
    plan = world(networktemplates=[live]).plan(declare("networktemplate.campus", body))
    assert errors(plan) == [("new-object-incomplete", "networktemplate.campus")]
    assert f"`{path}` is new" in plan.diagnostics[0].detail
    kept = {"networks": {"old": {"subnet": "10.0.0.0/24"}}, "radius_config": {"auth_servers": [{"host": "10.0.0.1"}]}}
    assert errors(world(networktemplates=[live]).plan(declare("networktemplate.campus", kept))) == []


@pytest.mark.parametrize("at", ["radius_config", "switch_mgmt.radius.radius_config"])
@pytest.mark.parametrize("kind", ["networktemplate", "deviceprofile_switch"])
def test_a_new_server_of_any_switch_configuration_needs_its_secret(kind: str, at: str) -> None:
    body: dict[str, Any] = {"auth_servers": [{"host": "10.0.0.9"}]}
    for step in reversed(at.split(".")):
        body = {step: body}
    assert errors(world().plan(declare(f"{kind}.campus", body))) == [("new-object-incomplete", f"{kind}.campus")]


def test_the_type_that_results_is_shown_where_nobody_wrote_it() -> None:
    live = {"ssid": "Lab", "auth": {"type": "psk", "psk": "their old passphrase"}}
    plan = cloud(live).plan(declare("site.Paris"), lab({"auth": {"psk": PSK}}))
    assert plan.changes[0].results == (Resulting(path="auth.type", value="psk", live=True),)
    document = plan_document(plan)
    assert document["changes"][0]["results"] == [{"path": "auth.type", "value": "psk", "from": "live"}]
    assert plan_of(document).changes[0].results == plan.changes[0].results
    sentence = "auth.type: psk (not declared: as it is live)"
    assert sentence in as_text(plan_text(plan))
    assert sentence in plan_markdown(plan).replace("\\", "")


def test_a_new_wlan_shows_its_type_in_every_format() -> None:
    plan = cloud().plan(declare("site.Paris"), lab({"auth": YamlMap({"type": "psk", "psk": PSK})}))
    field = next(item for item in plan_document(plan)["changes"][0]["fields"] if item["path"] == "auth")
    assert field["after"] == {"type": "psk", "psk": "(secret)"}
    assert "type: psk" in plan_markdown(plan)
