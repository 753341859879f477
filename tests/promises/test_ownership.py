"""What may be deleted, and what never: through the whole pipeline."""

from typing import Any

import pytest

from reconciler.diagnostics import Severity
from reconciler.model.change import Action, Plan
from reconciler.model.options import Options
from tests.world import ORG, declare, world

OLD = "22222222-0000-4000-8000-000000000001"
NEW = "22222222-0000-4000-8000-000000000002"
PRUNE = Options(threads=1, prune=True)


def deletes(plan: Plan) -> list[str]:
    return [str(change.address) for change in plan.changes if change.action is Action.DELETE]


def rules(plan: Plan) -> list[str]:
    return [item.rule for item in plan.diagnostics if item.severity is Severity.ERROR]


@pytest.mark.parametrize(
    "protect", ["site.Old/wlan.Guest", "site.Old/*", "site.*/wlan.*", "site.Old", "site.O*", "*/setting"]
)
def test_what_holds_a_protected_object_is_protected_too(protect: str) -> None:
    cloud = world(sites=[{"id": OLD, "name": "Old", "wlans": [{"ssid": "Guest"}]}, {"id": NEW, "name": "New"}])
    plan = cloud.plan(declare("site.New"), options=PRUNE, manage={"site": {"prune": True}}, protect=[protect])
    assert deletes(plan) == []
    assert [item.rule for item in plan.diagnostics] == ["protected"]


def test_protecting_a_name_protects_its_twins() -> None:
    cloud = world(networktemplates=[{"name": "a"}, {"name": "twin"}, {"name": "twin"}])
    plan = cloud.plan(
        declare("networktemplate.a"),
        options=PRUNE,
        manage={"networktemplate": {"prune": True}},
        protect=["networktemplate.twin"],
    )
    assert deletes(plan) == []


def test_what_the_project_file_lists_as_external_is_never_pruned() -> None:
    cloud = world(sites=[{"id": OLD, "name": "Old"}, {"id": NEW, "name": "New"}])
    plan = cloud.plan(declare("site.New"), options=PRUNE, manage={"site": {"prune": True}}, external={"site": ["Old"]})
    assert deletes(plan) == []


def test_a_site_that_nobody_declares_stays_while_something_in_it_is_declared() -> None:
    cloud = world(sites=[{"id": OLD, "name": "Old"}, {"id": NEW, "name": "New"}])
    plan = cloud.plan(
        declare("site.New"), declare("site.Old/wlan.Lab"), options=PRUNE, manage={"site": {"prune": True}}
    )
    assert deletes(plan) == []


def test_what_a_declared_object_refers_to_is_never_pruned() -> None:
    cloud = world(
        networktemplates=[{"id": OLD, "name": "used"}, {"name": "declared"}], sites=[{"id": NEW, "name": "New"}]
    )
    plan = cloud.plan(
        declare("site.New", {"networktemplate": OLD}),
        declare("networktemplate.declared"),
        options=PRUNE,
        manage={"networktemplate": {"prune": True}},
    )
    assert deletes(plan) == []


def test_deleting_a_site_is_one_delete_and_its_children_go_with_it() -> None:
    cloud = world(sites=[{"id": OLD, "name": "Old", "wlans": [{"ssid": "Guest"}]}, {"id": NEW, "name": "New"}])
    inventory = [declare("site.New"), declare("site.New/wlan.Lab")]
    manage: dict[str, Any] = {"manage": {"site": {"prune": True}, "wlan": {"prune": True}}}
    cloud.apply(declare("site.New/wlan.Lab"), declare("site.New"))
    plan = cloud.plan(*inventory, options=PRUNE, **manage)
    assert deletes(plan) == ["site.Old"]
    assert all(item.verified for item in cloud.carry_out(plan, options=PRUNE))
    assert cloud.plan(*inventory, options=PRUNE, **manage).changes == ()


def test_wlans_and_tags_that_name_each_other_are_both_pruned() -> None:
    cloud = world(sites=[{"id": NEW, "name": "New", "wlans": [{"ssid": "A"}], "wxtags": []}])
    wlan = cloud.only(f"sites/{NEW}/wlans", ssid="A")["id"]
    tag = cloud.call(
        "POST", f"sites/{NEW}/wxtags", {"name": "t", "type": "match", "match": "wlan_id", "values": [wlan]}
    )["id"]
    cloud.call("PUT", f"sites/{NEW}/wlans/{wlan}", {"wxtag_ids": [tag]})
    for path, body in (("wlans", {"ssid": "Kept"}), ("wxtags", {"name": "kept", "type": "client"})):
        cloud.call("POST", f"sites/{NEW}/{path}", body)
    inventory = [declare("site.New"), declare("site.New/wlan.Kept"), declare("site.New/wxtag.kept")]
    manage: dict[str, Any] = {"manage": {"wlan": {"prune": True}, "wxtag": {"prune": True}}}
    plan = cloud.plan(*inventory, options=PRUNE, **manage)
    assert sorted(deletes(plan)) == ["site.New/wlan.A", "site.New/wxtag.t"]
    assert all(item.verified for item in cloud.carry_out(plan, options=PRUNE))
    assert cloud.plan(*inventory, options=PRUNE, **manage).changes == ()


def test_a_deleted_template_shows_the_sites_that_use_it_although_no_site_is_declared() -> None:
    cloud = world(
        networktemplates=[{"id": OLD, "name": "old"}, {"name": "kept"}],
        sites=[{"name": "Paris", "networktemplate_id": OLD}, {"name": "Oslo", "networktemplate_id": OLD}],
    )
    plan = cloud.plan(declare("networktemplate.kept"), options=PRUNE, manage={"networktemplate": {"prune": True}})
    assert [(change.address.text, change.reaches) for change in plan.changes] == [
        ("networktemplate.old", ("Oslo", "Paris"))
    ]


def test_a_wlan_template_for_the_whole_organisation_reaches_every_site() -> None:
    cloud = world(templates=[{"name": "corp", "applies": {"org_id": ORG}}], sites=[{"name": "Paris"}, {"name": "Oslo"}])
    (change,) = cloud.plan(declare("wlantemplate.corp", {"filter_by_deviceprofile": True})).changes
    assert change.reaches == ("Oslo", "Paris")


def test_a_target_brings_what_it_refers_to_and_would_not_exist_without() -> None:
    cloud = world()
    inventory = [
        declare("sitegroup.emea"),
        declare("networktemplate.campus"),
        declare("site.Paris", {"sitegroups": ["emea"], "networktemplate": "campus"}),
        declare("site.Oslo", {"sitegroups": ["emea"]}),
    ]
    plan = cloud.plan(*inventory, options=Options(threads=1, targets=("site.Paris",)))
    assert sorted(change.address.text for change in plan.changes) == [
        "networktemplate.campus",
        "site.Paris",
        "sitegroup.emea",
    ]
    assert all(item.verified for item in cloud.carry_out(plan))


def test_excluding_what_another_change_needs_is_told_and_never_sends_a_name_as_an_id() -> None:
    cloud = world()
    inventory = [declare("sitegroup.emea"), declare("site.Paris", {"sitegroups": ["emea"]})]
    options = Options(threads=1, excludes=("sitegroup.emea",))
    plan = cloud.plan(*inventory, options=options)
    assert rules(plan) == ["excluded-but-needed"]
    outcomes = cloud.carry_out(plan, options)
    assert [item.status for item in outcomes] == ["failed"]
    assert "`sitegroups` names emea, which does not exist" in outcomes[0].detail
    assert cloud.writes == []


@pytest.mark.parametrize(
    "options", [Options(threads=1, excludes=("site.Bad",)), Options(threads=1, targets=("site.Good",))]
)
def test_what_is_left_out_does_not_hold_up_the_rest(options: Options) -> None:
    cloud = world(sites=[{"name": "Bad"}, {"name": "Bad"}, {"name": "Good"}])
    inventory = [declare("site.Bad", {"notes": "x"}), declare("site.Good", {"notes": "x"})]
    assert rules(cloud.plan(*inventory)) == ["ambiguous-live"]
    plan = cloud.plan(*inventory, options=options)
    assert rules(plan) == []
    assert [change.address.text for change in plan.changes] == ["site.Good"]


@pytest.mark.parametrize(("live", "kept"), [(9, 0), (10, 0), (10, 1), (2, 0)])
def test_losing_all_or_nearly_all_of_a_kind_is_refused_at_any_size(live: int, kept: int) -> None:
    cloud = world(rftemplates=[{"name": f"r{number}"} for number in range(live)])
    declared = [declare(f"rftemplate.r{number}") for number in range(kept)] or [declare("rftemplate.other")]
    plan = cloud.plan(*declared, options=PRUNE, manage={"rftemplate": {"prune": True}})
    assert "limit-deletes" in rules(plan)
