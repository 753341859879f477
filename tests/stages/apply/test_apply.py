"""Applies on the emulator: what is sent, what is refused, and what becomes of the rest."""

import threading
from typing import Any

import pytest

from reconciler.errors import GuardRefusal
from reconciler.model.change import Outcome, Status
from reconciler.model.options import Options
from reconciler.model.values import Secret, YamlList
from tests.world import ORG, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
OTHER = "22222222-0000-4000-8000-000000000002"
GROUP = "33333333-0000-4000-8000-000000000001"
CAMPUS = "44444444-0000-4000-8000-000000000001"
QUIET = {"server_defaults": "none", "reorder": "none", "rotate_urls": False}
SERVERS = [{"host": "10.0.0.1", "port": 1812, "secret": "radius-one"}]


def campus(**more: Any) -> dict[str, Any]:
    return {
        "id": CAMPUS,
        "name": "campus",
        "acl_policies": [{"name": "base", "src_tags": ["corp"], "actions": [{"dst_tag": "any", "action": "allow"}]}],
        "acl_tags": {"corp": {"type": "any"}},
        "port_usages": {"handmade": {"mode": "access", "port_network": "corp"}},
        "radius_config": {"auth_servers": SERVERS, "coa_enabled": True},
        **more,
    }


def lived_in(**more: Any) -> World:
    collections = {
        "sitegroups": [{"id": GROUP, "name": "emea"}],
        "networktemplates": [campus()],
        "sites": [{"id": SITE, "name": "Paris", "sitegroup_ids": [GROUP], "setting": {"vars": {"a": "1", "b": "2"}}}],
    }
    return world(QUIET, **{**collections, **more})


def statuses(outcomes: tuple[Outcome, ...]) -> dict[str, str]:
    return {str(item.address): str(item.status) for item in outcomes}


def last_body(cloud: World, method: str = "PUT") -> Any:
    return next(call.body for call in reversed(cloud.emulator.calls.log) if call.method == method)


def test_only_the_changed_root_is_sent_with_everything_undeclared_in_it() -> None:
    cloud = lived_in()
    policies = [
        {"name": "base", "src_tags": ["corp"], "actions": [{"dst_tag": "any", "action": "allow"}]},
        {"name": "iot", "src_tags": ["corp"], "actions": [{"dst_tag": "any", "action": "deny"}]},
    ]
    cloud.apply(declare("networktemplate.campus", {"acl_policies": policies}))
    assert list(last_body(cloud)) == ["acl_policies"]
    after = cloud.only(f"orgs/{ORG}/networktemplates")
    assert after["acl_policies"] == policies
    assert {key: after[key] for key in campus() if key != "acl_policies"} == {
        key: value for key, value in campus().items() if key != "acl_policies"
    }


def test_a_new_server_does_not_inherit_the_secret_of_the_one_it_takes_the_place_of() -> None:
    cloud, new = lived_in(), {"host": "10.9.9.9", "secret": "its-own"}
    cloud.apply(declare("networktemplate.campus", {"radius_config": {"auth_servers": [new]}}))
    config = cloud.only(f"orgs/{ORG}/networktemplates")["radius_config"]
    assert config == {"auth_servers": [new], "coa_enabled": True}


def test_a_known_server_keeps_its_undeclared_secret() -> None:
    cloud = lived_in()
    servers = [{"host": "10.0.0.2", "port": 1812, "secret": "its-own"}, {"host": "10.0.0.1", "port": 1812}]
    cloud.apply(declare("networktemplate.campus", {"radius_config": {"auth_servers": servers}}))
    found = cloud.only(f"orgs/{ORG}/networktemplates")["radius_config"]["auth_servers"]
    assert found == [servers[0], SERVERS[0]]


def test_merge_declares_only_some_elements() -> None:
    cloud = lived_in()
    mine = YamlList([{"name": "iot", "src_tags": ["corp"], "actions": []}], merge=True)
    cloud.apply(declare("networktemplate.campus", {"acl_policies": mine}))
    names = [policy["name"] for policy in cloud.only(f"orgs/{ORG}/networktemplates")["acl_policies"]]
    assert names == ["base", "iot"]


@pytest.mark.parametrize(
    ("address", "body", "expected"),
    [
        ("site.Paris", {"notes": None}, {"-notes": ""}),
        ("site.Paris", {"networktemplate": None}, {"networktemplate_id": None}),
        ("site.Paris", {"sitegroups": None}, {"sitegroup_ids": []}),
        ("site.Paris/setting", {"vars": {"a": None}}, {"vars": {"b": "2"}}),
        ("site.Paris/setting", {"vars": {"a": None, "b": None}}, {"-vars": ""}),
    ],
    ids=["a_root", "a_template_reference", "a_list_of_references", "a_key_inside", "the_last_key_inside"],
)
def test_null_clears_as_the_cloud_wants_it(address: str, body: dict[str, Any], expected: dict[str, Any]) -> None:
    site = {"id": SITE, "name": "Paris", "notes": "old", "networktemplate_id": CAMPUS, "sitegroup_ids": [GROUP]}
    cloud = lived_in(sites=[{**site, "setting": {"vars": {"a": "1", "b": "2"}}}])
    resources = [declare("site.Paris", body)] if address == "site.Paris" else [declare("site.Paris")]
    resources += [declare(address, body)] if address != "site.Paris" else []
    outcomes = cloud.apply(*resources)
    assert last_body(cloud) == expected
    assert all(item.verified for item in outcomes)
    assert cloud.plan(*resources).changes == ()


def test_what_this_run_creates_is_named_by_its_id_in_later_requests() -> None:
    cloud = lived_in()
    resources = [
        declare("networktemplate.branch"),
        declare("sitegroup.apac"),
        declare("site.Oslo", {"networktemplate": "branch", "sitegroups": ["apac", "emea"]}),
        declare("site.Oslo/setting", {"vars": {"vlan": "20"}}),
        declare("site.Oslo/wlan.Lab", {"vlan_id": "{{vlan}}"}),
        declare("wlantemplate.corp", {"applies": {"sites": ["Oslo"], "sitegroups": ["apac"]}}),
        declare("wlantemplate.corp/wlan.Corp", {"vlan_id": 10}),
    ]
    outcomes = cloud.apply(*resources)
    assert set(statuses(outcomes).values()) == {"applied"}
    assert all(item.verified for item in outcomes)
    oslo = cloud.only(f"orgs/{ORG}/sites", name="Oslo")
    assert oslo["networktemplate_id"] == cloud.only(f"orgs/{ORG}/networktemplates", name="branch")["id"]
    template = cloud.only(f"orgs/{ORG}/templates", name="corp")
    assert template["applies"]["site_ids"] == [oslo["id"]]
    assert cloud.only(f"orgs/{ORG}/wlans", ssid="Corp")["template_id"] == template["id"]
    assert cloud.plan(*resources).changes == ()


def test_a_cycle_is_closed_by_a_second_pass_and_the_next_plan_is_empty() -> None:
    cloud = lived_in()
    resources = [
        declare("site.Paris"),
        declare("site.Paris/wlan.Lab", {"wxtags": ["staff"]}),
        declare("site.Paris/wxtag.staff", {"type": "match", "match": "wlan_id", "op": "in", "values": ["Lab"]}),
    ]
    outcomes = cloud.apply(*resources)
    assert set(statuses(outcomes).values()) == {"applied"}
    wlan, tag = cloud.only(f"sites/{SITE}/wlans"), cloud.only(f"sites/{SITE}/wxtags")
    assert (wlan["wxtag_ids"], tag["values"]) == ([tag["id"]], [wlan["id"]])
    assert cloud.plan(*resources).changes == ()


def test_a_hand_edit_of_what_the_plan_changes_is_refused_and_not_overwritten() -> None:
    cloud = lived_in()
    plan = cloud.plan(declare("site.Paris", {"notes": "ours"}), declare("sitegroup.apac"))
    cloud.call("PUT", f"sites/{SITE}", {"notes": "by hand"})
    before = len(cloud.writes)
    outcomes = cloud.carry_out(plan)
    assert statuses(outcomes) == {"sitegroup.apac": "applied", "site.Paris": "stale"}
    assert "notes" in next(item.detail for item in outcomes if item.status is Status.STALE)
    assert [method for method, _ in cloud.writes[before:]] == ["POST"]
    assert cloud.call("GET", f"sites/{SITE}")["notes"] == "by hand"


def test_a_hand_edit_of_a_list_that_the_plan_replaces_is_refused() -> None:
    cloud = lived_in()
    plan = cloud.plan(declare("networktemplate.campus", {"acl_policies": [{"name": "iot"}]}))
    added = [*campus()["acl_policies"], {"name": "urgent"}]
    cloud.call("PUT", f"orgs/{ORG}/networktemplates/{CAMPUS}", {"acl_policies": added})
    assert statuses(cloud.carry_out(plan)) == {"networktemplate.campus": "stale"}


def test_a_hand_edit_beside_what_the_plan_changes_is_kept() -> None:
    cloud = lived_in()
    plan = cloud.plan(declare("site.Paris"), declare("site.Paris/setting", {"vars": {"a": "9"}}))
    cloud.call("PUT", f"sites/{SITE}/setting", {"vars": {"a": "1", "b": "by hand"}})
    assert statuses(cloud.carry_out(plan)) == {"site.Paris/setting": "applied"}
    assert cloud.call("GET", f"sites/{SITE}/setting")["vars"] == {"a": "9", "b": "by hand"}


@pytest.mark.parametrize(("usage", "status"), [("auto", "unchanged"), ("5", "stale")])
def test_an_object_that_somebody_made_in_between_is_not_made_twice(usage: str, status: str) -> None:
    cloud = lived_in()
    plan = cloud.plan(declare("rftemplate.indoor", {"band_24_usage": "auto"}))
    made = cloud.call("POST", f"orgs/{ORG}/rftemplates", {"name": "indoor", "band_24_usage": usage})
    (outcome,) = cloud.carry_out(plan)
    assert outcome.status == status, outcome
    assert made["id"] in (outcome.api_id, *outcome.detail.replace("(", " ").replace(")", " ").split())
    assert cloud.only(f"orgs/{ORG}/rftemplates", name="indoor")["band_24_usage"] == usage


def test_settings_and_their_sites_are_told_apart_although_they_share_an_id() -> None:
    cloud = lived_in()
    resources = [declare("wlantemplate.corp", {"applies": {"sites": ["Paris"]}})]
    for name in ("Oslo", "Bergen", "Paris"):
        resources += [declare(f"site.{name}", {"notes": "ours"}), declare(f"site.{name}/setting", {"vars": {"c": "3"}})]
    assert all(item.verified for item in cloud.apply(*resources))
    template = cloud.only(f"orgs/{ORG}/templates")
    cloud.call("PUT", f"orgs/{ORG}/templates/{template['id']}", {"applies": {"site_ids": []}})
    outcomes = cloud.apply(*resources)
    assert [(str(item.address), item.verified) for item in outcomes] == [("wlantemplate.corp", True)]


def test_a_second_apply_of_the_same_plan_writes_nothing() -> None:
    cloud = lived_in()
    plan = cloud.plan(declare("site.Paris", {"notes": "ours"}))
    cloud.carry_out(plan)
    before = len(cloud.writes)
    assert statuses(cloud.carry_out(plan)) == {"site.Paris": "unchanged"}
    assert len(cloud.writes) == before


def test_a_failure_blocks_only_what_depends_on_it() -> None:
    cloud = lived_in()
    cloud.emulator.faults.add({"method": "POST", "path": "networktemplates", "times": 9, "status": 400})
    outcomes = cloud.apply(
        declare("networktemplate.branch"),
        declare("site.Oslo", {"networktemplate": "branch"}),
        declare("site.Oslo/wlan.Lab"),
        declare("site.Bergen"),
    )
    assert statuses(outcomes) == {
        "networktemplate.branch": "failed",
        "site.Bergen": "applied",
        "site.Oslo": "blocked",
        "site.Oslo/wlan.Lab": "blocked",
    }
    assert "networktemplate.branch" in next(item.detail for item in outcomes if str(item.address) == "site.Oslo")


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize("lag", [0, 1])
def test_a_lost_answer_to_a_create_makes_no_twin(drop: str, lag: int) -> None:
    cloud = lived_in()
    cloud.emulator.settings.update({"quirks": {"list_lag_s": lag}})
    cloud.emulator.faults.add({"method": "POST", "path": "sitegroups", "times": 1, "drop": drop})
    outcomes = cloud.apply(declare("sitegroup.apac"))
    cloud.emulator.settings.update({"quirks": {"list_lag_s": 0}})
    found = [item for item in cloud.call("GET", f"orgs/{ORG}/sitegroups") if item["name"] == "apac"]
    assert len(found) <= 1
    if lag == 0:
        assert statuses(outcomes) == {"sitegroup.apac": "applied"}
        assert len(found) == 1


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_lost_answer_to_a_change_is_repeated(drop: str) -> None:
    cloud = lived_in()
    cloud.emulator.faults.add({"method": "PUT", "path": "sites", "times": 1, "drop": drop})
    assert statuses(cloud.apply(declare("site.Paris", {"notes": "ours"}))) == {"site.Paris": "applied"}
    assert cloud.call("GET", f"sites/{SITE}")["notes"] == "ours"


def test_a_reading_token_is_refused_before_the_first_write() -> None:
    cloud = lived_in()
    cloud.emulator.tokens.replace({"reader": {"role": "read"}})
    cloud.client = cloud.connect("reader")
    plan = cloud.plan(declare("site.Paris", {"notes": "ours"}))
    with pytest.raises(GuardRefusal, match="can only read"):
        cloud.carry_out(plan)
    assert cloud.writes == []


def hidden_from_all(form: str) -> World:
    """An organisation that shows no secret to anybody, with a RADIUS server's long enough for a mask of its ends."""
    cloud = lived_in()
    cloud.emulator.settings.update({"quirks": {"mask_secrets": True, "mask_form": form}})
    servers = [{"host": "10.0.0.1", "port": 1812, "secret": "a-long-shared-secret"}]
    cloud.call("PUT", f"orgs/{ORG}/setting", {"api_policy": {"no_reveal": True}})
    template = cloud.call("GET", f"orgs/{ORG}/networktemplates")[0]["id"]
    cloud.call("PUT", f"orgs/{ORG}/networktemplates/{template}", {"radius_config": {"auth_servers": servers}})
    return cloud


@pytest.mark.parametrize("form", ["stars", "dots"])
def test_a_secret_that_is_shown_masked_is_no_difference_and_never_sent_back(form: str) -> None:
    cloud = hidden_from_all(form)
    declared = {"host": "10.0.0.1", "port": 1812, "secret": Secret("other", origin="env:R")}
    assert cloud.plan(declare("networktemplate.campus", {"radius_config": {"auth_servers": [declared]}})).changes == ()
    before = list(cloud.writes)
    (outcome,) = cloud.apply(declare("networktemplate.campus", {"radius_config": {"coa_enabled": True}}))
    assert (outcome.status, cloud.writes) == (Status.FAILED, before)
    assert "secret that the cloud hides" in outcome.detail


def test_a_token_revoked_half_way_stops_the_run_and_blocks_the_rest() -> None:
    cloud = lived_in()
    plan = cloud.plan(*(declare(f"sitegroup.g{at:02}") for at in range(20)))
    cloud.emulator.faults.add({"method": "POST", "path": "sitegroups", "times": 99, "status": 401, "skip": 3})
    before = len(cloud.writes)
    outcomes = cloud.carry_out(plan, Options(threads=1))
    assert sum(item.status is Status.APPLIED for item in outcomes) == 3
    assert {item.status for item in outcomes[3:]} == {Status.FAILED, Status.BLOCKED}
    assert len(cloud.writes) - before <= 3 + 2


def test_sites_of_one_group_are_written_one_at_a_time_and_others_meanwhile() -> None:
    cloud = lived_in()
    cloud.client = cloud.connect(threads=4)
    running, most, lock = [0], [0], threading.Lock()
    met = threading.Barrier(2, timeout=10)
    send = cloud.adapter.send

    def watched(request: Any, **options: Any) -> Any:
        if request.method != "POST":
            return send(request, **options)
        if b"sitegroup_ids" not in request.body:
            met.wait()  # for another one at the same time
            return send(request, **options)
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        try:
            return send(request, **options)
        finally:
            with lock:
                running[0] -= 1

    cloud.adapter.send = watched  # type: ignore[method-assign]
    sites = [declare(f"site.S{at}", {"sitegroups": ["emea"]}) for at in range(12)]
    free = [declare(f"site.T{at}") for at in range(4)]
    done = cloud.apply(*sites, *free, options=Options(threads=4))
    assert most[0] == 1
    assert all(item.verified for item in done)
    assert len(cloud.only(f"orgs/{ORG}/sitegroups")["site_ids"]) == 13


def test_deletes_are_made_and_read_back() -> None:
    cloud = lived_in()
    plan = cloud.plan(
        declare("sitegroup.apac"),
        manage={"sitegroup": {"prune": True}},
        options=Options(prune=True, ack_deletes=1),
    )
    outcomes = cloud.carry_out(plan)
    assert statuses(outcomes) == {"sitegroup.apac": "applied", "sitegroup.emea": "applied"}
    assert all(item.verified for item in outcomes)
    assert [item["name"] for item in cloud.call("GET", f"orgs/{ORG}/sitegroups")] == ["apac"]


def test_an_object_that_changed_after_the_plan_is_not_deleted() -> None:
    cloud = lived_in()
    options = Options(prune=True, ack_deletes=1)
    plan = cloud.plan(declare("sitegroup.apac"), manage={"sitegroup": {"prune": True}}, options=options)
    cloud.call("PUT", f"orgs/{ORG}/sitegroups/{GROUP}", {"name": "emea-important"})
    assert statuses(cloud.carry_out(plan)) == {"sitegroup.apac": "applied", "sitegroup.emea": "stale"}
    cloud.only(f"orgs/{ORG}/sitegroups", name="emea-important")


def test_a_rename_is_one_put() -> None:
    cloud = lived_in()
    cloud.apply(declare("site.Paris-HQ", aliases=("Paris",)))
    assert cloud.writes == [("PUT", f"/api/v1/sites/{SITE}")]
    assert cloud.call("GET", f"sites/{SITE}")["name"] == "Paris-HQ"


def test_the_secrets_of_a_body_are_sent_in_clear_and_only_there() -> None:
    cloud = lived_in()
    outcomes = cloud.apply(
        declare("site.Paris"),
        declare("site.Paris/wlan.Lab", {"auth": {"type": "psk", "psk": Secret("correct horse", origin="env:P")}}),
    )
    assert cloud.only(f"sites/{SITE}/wlans")["auth"]["psk"] == "correct horse"
    assert "correct horse" not in repr(outcomes)
