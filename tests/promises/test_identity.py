"""Which live object is meant: renames, pins, twins, raw ids, spelled addresses. One PUT for a rename, no false
differences at those who refer."""

from typing import Any

import pytest

from reconciler.diagnostics import Severity
from reconciler.model.change import Action, Plan
from reconciler.model.options import Options
from tests.world import ORG, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
CAMPUS = "55555555-0000-4000-8000-000000000001"
TWIN = "55555555-0000-4000-8000-000000000002"
PRUNE = Options(threads=1, prune=True)


def cloud(**more: Any) -> World:
    return world(
        networktemplates=[{"id": CAMPUS, "name": "campus", "remove_existing_configs": True}],
        sites=[{"id": SITE, "name": "Paris", "networktemplate_id": CAMPUS}],
        **more,
    )


def told(plan: Plan) -> list[str]:
    return [f"{change.action} {change.address}" for change in plan.changes]


def rules(plan: Plan) -> list[str]:
    return [item.rule for item in plan.diagnostics if item.severity is Severity.ERROR]


GONE = "55555555-0000-4000-8000-0000000000ff"


def test_an_id_that_the_organisation_lacks_is_an_error_as_a_name_is() -> None:
    live = cloud(sitegroups=[{"name": "emea", "id": TWIN}])
    plan = live.plan(declare("site.Paris", {"networktemplate": GONE, "sitegroups": [GONE]}))
    assert rules(plan) == ["not-in-cloud", "not-in-cloud"]
    assert rules(live.plan(declare("site.Paris", {"networktemplate": CAMPUS.upper(), "sitegroups": [TWIN]}))) == []


def test_an_id_that_could_not_be_looked_up_is_no_mistake() -> None:
    live = cloud()
    live.emulator.faults.add({"method": "GET", "path": "rftemplates", "status": 403})
    assert rules(live.plan(declare("site.Paris", {"rftemplate": GONE}))) == []


def test_renaming_a_template_is_one_put_and_no_difference_at_the_sites_that_name_it() -> None:
    live = cloud()
    inventory = [
        declare("networktemplate.core", {}, aliases=("campus",)),
        declare("site.Paris", {"networktemplate": "core"}),
    ]
    plan = live.plan(*inventory)
    assert told(plan) == ["update networktemplate.core"]
    assert plan.changes[0].reaches == ("Paris",)
    assert all(item.verified for item in live.carry_out(plan))
    assert live.writes == [("PUT", f"/api/v1/orgs/{ORG}/networktemplates/{CAMPUS}")]
    assert live.plan(*inventory).changes == ()


def test_a_site_changed_beside_a_renamed_template_is_neither_stale_nor_unverified() -> None:
    live = cloud()
    live.call("PUT", f"sites/{SITE}", {"networktemplate_id": None})
    inventory = [
        declare("networktemplate.core", {}, aliases=("campus",)),
        declare("site.Paris", {"networktemplate": "core", "notes": "x"}),
    ]
    outcomes = live.apply(*inventory)
    assert [(item.status, item.verified) for item in outcomes] == [("applied", True), ("applied", True)]
    assert live.plan(*inventory).changes == ()


@pytest.mark.parametrize("written", [CAMPUS, CAMPUS.upper(), "networktemplate.campus"])
def test_a_reference_by_id_or_by_address_is_the_same_as_by_name(written: str) -> None:
    live = cloud()
    assert told(live.plan(declare("site.Paris", {"networktemplate": written}))) == []
    live.call("PUT", f"sites/{SITE}", {"networktemplate_id": None})
    site = declare("site.Paris", {"networktemplate": written})
    assert all(item.verified for item in live.apply(site))
    assert live.call("GET", f"sites/{SITE}")["networktemplate_id"] == CAMPUS
    assert live.plan(site).changes == ()


def test_ids_and_names_mix_in_lists_without_a_false_difference() -> None:
    live = world(
        sitegroups=[{"id": CAMPUS, "name": "a"}, {"id": TWIN, "name": "b"}],
        sites=[{"id": SITE, "name": "Paris", "sitegroup_ids": [TWIN, CAMPUS]}],
        templates=[{"name": "corp", "applies": {"site_ids": [SITE], "sitegroup_ids": [CAMPUS]}}],
    )
    inventory = [
        declare("site.Paris", {"sitegroups": ["a", TWIN]}),
        declare("wlantemplate.corp", {"applies": {"sites": [SITE], "sitegroups": ["sitegroup.a"]}}),
    ]
    assert told(live.plan(*inventory)) == []


def test_two_live_objects_of_one_name_are_told_apart_when_one_is_pinned() -> None:
    live = cloud()
    live.emulator.call("PUT", f"/api/v1/sites/{SITE}", body={"networktemplate_id": None}, token="p")
    twin = live.call("POST", f"orgs/{ORG}/networktemplates", {"name": "campus"})["id"]
    live.call("PUT", f"sites/{SITE}", {"networktemplate_id": twin})
    inventory = [
        declare("networktemplate.campus", {"dns_suffix": ["x"]}, api_id=CAMPUS),
        declare("site.Paris", {"networktemplate": "campus"}),
    ]
    outcomes = live.apply(*inventory)
    assert all(item.verified for item in outcomes)
    assert live.call("GET", f"sites/{SITE}")["networktemplate_id"] == CAMPUS
    assert live.plan(*inventory).changes == ()


def test_pruning_a_twin_deletes_the_twin_and_not_the_pinned_object() -> None:
    live = cloud()
    twin = live.call("POST", f"orgs/{ORG}/networktemplates", {"name": "campus"})["id"]
    inventory = [declare("networktemplate.campus", {"dns_suffix": ["x"]}, api_id=CAMPUS)]
    manage: dict[str, Any] = {"manage": {"networktemplate": {"prune": True}}}
    outcomes = live.apply(*inventory, options=PRUNE, **manage)
    assert [item.action for item in outcomes] == ["update", "delete"]
    assert ("DELETE", f"/api/v1/orgs/{ORG}/networktemplates/{twin}") in live.writes
    assert [item["id"] for item in live.call("GET", f"orgs/{ORG}/networktemplates")] == [CAMPUS]
    assert live.plan(*inventory, options=PRUNE, **manage).changes == ()


def test_two_undeclared_twins_are_both_pruned() -> None:
    live = cloud()
    for _ in range(2):
        live.call("POST", f"orgs/{ORG}/networktemplates", {"name": "other"})
    manage: dict[str, Any] = {"manage": {"networktemplate": {"prune": True}}}
    plan = live.plan(declare("networktemplate.campus"), options=PRUNE, **manage)
    assert plan.count(Action.DELETE) == 2
    live.carry_out(plan, options=PRUNE)
    assert [item["name"] for item in live.call("GET", f"orgs/{ORG}/networktemplates")] == ["campus"]


def test_objects_that_the_plan_could_not_pair_are_never_in_its_deletes() -> None:
    live = cloud()
    live.call("POST", f"orgs/{ORG}/networktemplates", {"name": "campus"})
    plan = live.plan(declare("networktemplate.campus"), options=PRUNE, manage={"networktemplate": {"prune": True}})
    assert rules(plan) == ["ambiguous-live"]
    assert plan.changes == ()
    assert plan.unmanaged == ()


def test_one_live_object_is_never_pinned_twice() -> None:
    live = cloud()
    inventory = [declare("networktemplate.a", {}, api_id=CAMPUS), declare("networktemplate.b", {}, api_id=CAMPUS)]
    plan = live.plan(*inventory)
    assert rules(plan) == ["pinned-id-missing"]


def test_a_pinned_id_may_be_written_in_capitals() -> None:
    assert told(cloud().plan(declare("networktemplate.campus", {}, api_id=CAMPUS.upper()))) == []


def test_a_renamed_and_a_new_object_of_the_old_name_never_depend_on_their_order_in_the_files() -> None:
    both = [declare("networktemplate.core", {}, aliases=("campus",)), declare("networktemplate.campus")]
    assert sorted(told(cloud().plan(*both))) == sorted(told(cloud().plan(*reversed(both))))


def test_names_are_swapped_by_pins() -> None:
    live = cloud()
    other = live.call("POST", f"orgs/{ORG}/networktemplates", {"name": "core"})["id"]
    inventory = [
        declare("networktemplate.core", {}, api_id=CAMPUS),
        declare("networktemplate.campus", {}, api_id=other),
        declare("site.Paris", {"networktemplate": "core"}),
    ]
    assert told(live.plan(*inventory)) == ["update networktemplate.campus", "update networktemplate.core"]
    assert all(item.verified for item in live.apply(*inventory))
    assert live.call("GET", f"sites/{SITE}")["networktemplate_id"] == CAMPUS
    assert live.plan(*inventory).changes == ()


@pytest.mark.parametrize("name", ["Paris ", " Paris", "PARIS", "Paris\t"])
def test_a_live_name_that_looks_the_same_is_refused_and_no_second_one_is_made(name: str) -> None:
    live = world(sites=[{"id": SITE, "name": name}])
    plan = live.plan(declare("site.Paris"))
    assert rules(plan) == ["case-differs"]
    assert plan.changes == ()


def test_children_of_a_renamed_site_are_pruned_in_the_same_run() -> None:
    live = world(sites=[{"id": SITE, "name": "Old", "wlans": [{"ssid": "Gone"}, {"ssid": "Kept"}]}])
    inventory = [declare("site.New", {}, aliases=("Old",)), declare("site.New/wlan.Kept", {"enabled": True})]
    manage: dict[str, Any] = {"manage": {"wlan": {"prune": True}}}
    plan = live.plan(*inventory, options=PRUNE, **manage)
    assert "delete site.New/wlan.Gone" in told(plan)
    live.carry_out(plan, options=PRUNE)
    assert live.plan(*inventory, options=PRUNE, **manage).changes == ()


def test_a_wlan_moved_to_another_template_is_made_there_and_pruned_here() -> None:
    live = world(templates=[{"id": CAMPUS, "name": "a"}, {"id": TWIN, "name": "b"}])
    live.call("POST", f"orgs/{ORG}/wlans", {"ssid": "Corp", "template_id": CAMPUS})
    inventory = [declare("wlantemplate.a"), declare("wlantemplate.b"), declare("wlantemplate.b/wlan.Corp")]
    outcomes = live.apply(*inventory, options=PRUNE, manage={"wlan": {"prune": True}})
    assert [(item.action, item.verified) for item in outcomes] == [("create", True), ("delete", True)]
    assert [item["template_id"] for item in live.call("GET", f"orgs/{ORG}/wlans")] == [TWIN]


def test_a_new_tag_of_a_site_takes_over_the_name_of_the_organisations_tag_at_once() -> None:
    live = world(sites=[{"id": SITE, "name": "Paris"}], wxtags=[{"id": TWIN, "name": "t", "type": "client"}])
    live.call("POST", f"sites/{SITE}/wlans", {"ssid": "Lab", "wxtag_ids": [TWIN]})
    inventory = [
        declare("site.Paris"),
        declare("site.Paris/wxtag.t", {"type": "client"}),
        declare("site.Paris/wlan.Lab", {"wxtags": ["t"]}),
    ]
    assert all(item.verified for item in live.apply(*inventory))
    assert live.plan(*inventory).changes == ()


def test_an_alias_may_be_an_address_of_the_same_place() -> None:
    live = world(sites=[{"id": SITE, "name": "Old/1"}])
    (change,) = live.plan(declare("site.New", aliases=("site.Old%2F1",))).changes
    assert (change.action, change.renamed_from) == ("update", "Old/1")


def test_a_twin_in_another_place_is_told_with_the_alias_that_moves_it_here() -> None:
    live = world(templates=[{"id": CAMPUS, "name": "a"}, {"id": TWIN, "name": "b"}])
    live.call("POST", f"orgs/{ORG}/wlans", {"ssid": "Corp", "template_id": CAMPUS})
    holders = [declare("wlantemplate.a"), declare("wlantemplate.b")]
    told = live.plan(*holders, declare("wlantemplate.b/wlan.Corp"))
    assert [item.rule for item in told.diagnostics] == ["twin-elsewhere"]
    assert "write `aliases: [wlantemplate.a/wlan.Corp]`" in told.diagnostics[0].detail
    both = live.plan(*holders, declare("wlantemplate.a/wlan.Corp"), declare("wlantemplate.b/wlan.Corp"))
    assert [item.rule for item in both.diagnostics] == []
