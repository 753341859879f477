"""Plans on the emulator: what changes, in which order, what may be deleted, what a template reaches."""

from typing import Any

import pytest

from reconciler.model.change import Action, Plan
from reconciler.model.options import Options
from reconciler.report.wording import compared_sentences
from tests.world import ORG, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
OTHER = "22222222-0000-4000-8000-000000000002"
GROUP = "33333333-0000-4000-8000-000000000001"
CAMPUS = "44444444-0000-4000-8000-000000000001"
PRUNE = Options(prune=True, threads=1)


def lived_in(**more: Any) -> World:
    """Two sites in one group, one of them with a network template."""
    return world(
        sitegroups=[{"id": GROUP, "name": "emea"}],
        networktemplates=[{"id": CAMPUS, "name": "campus", "ntp_servers": ["10.0.0.1"]}],
        sites=[
            {"id": SITE, "name": "Paris", "sitegroup_ids": [GROUP], "networktemplate_id": CAMPUS},
            {"id": OTHER, "name": "Tokyo", "timezone": "Asia/Tokyo"},
        ],
        **more,
    )


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(str(change.action), str(change.address)) for change in plan.changes]


def rules(plan: Plan) -> list[str]:
    return [item.rule for item in plan.diagnostics]


def test_what_is_live_as_declared_is_no_change() -> None:
    plan = lived_in().plan(declare("site.Paris", {"sitegroups": ["emea"], "networktemplate": "campus"}))
    assert plan.changes == ()
    assert plan.unchanged == 1


def test_an_update_names_both_values_in_names_and_not_in_ids() -> None:
    plan = lived_in().plan(declare("site.Paris", {"networktemplate": "branch"}), declare("networktemplate.branch"))
    assert told(plan) == [("create", "networktemplate.branch"), ("update", "site.Paris")]
    (field,) = plan.changes[1].fields
    assert (field.path, field.before, field.after) == ("networktemplate", "campus", "branch")
    assert [str(item) for item in plan.changes[1].depends_on] == ["networktemplate.branch"]


def test_children_of_a_new_site_wait_for_it() -> None:
    plan = lived_in().plan(
        declare("site.Oslo/wlan.Lab", {"vlan_id": 10}), declare("site.Oslo/setting", {"vars": {"a": "1"}}),
        declare("site.Oslo", {"sitegroups": ["emea"]}),
    )  # fmt: skip
    assert told(plan) == [("create", "site.Oslo"), ("create", "site.Oslo/setting"), ("create", "site.Oslo/wlan.Lab")]
    assert all([str(item) for item in change.depends_on] == ["site.Oslo"] for change in plan.changes[1:])
    assert plan.writes == 3


def test_a_changed_template_names_the_sites_that_it_reaches() -> None:
    plan = lived_in().plan(declare("networktemplate.campus", {"ntp_servers": ["10.0.0.9"]}), declare("site.Tokyo"))
    assert plan.changes[0].reaches == ("Paris",)


def test_a_wlan_template_reaches_the_sites_of_its_groups() -> None:
    cloud = lived_in()
    plan = cloud.plan(
        declare("wlantemplate.corp", {"applies": {"sitegroups": ["emea"]}}),
        declare("site.Paris"),
        declare("site.Tokyo"),
    )
    assert plan.changes[0].reaches == ("Paris",)


def test_a_cycle_of_wlan_and_tag_is_sent_in_two_passes() -> None:
    plan = lived_in().plan(
        declare("site.Paris"),
        declare("site.Paris/wlan.Lab", {"wxtags": ["staff"]}),
        declare("site.Paris/wxtag.staff", {"type": "match", "match": "wlan_id", "values": ["Lab"]}),
    )
    assert told(plan) == [("create", "site.Paris/wxtag.staff"), ("create", "site.Paris/wlan.Lab")] or told(plan) == [
        ("create", "site.Paris/wlan.Lab"),
        ("create", "site.Paris/wxtag.staff"),
    ]
    assert [change.deferred for change in plan.changes if change.deferred] != []
    assert plan.writes == 3


def test_unmanaged_objects_are_told_and_left_alone() -> None:
    plan = lived_in().plan(declare("site.Paris"))
    assert [str(address) for address in plan.unmanaged] == ["site.Tokyo"]


def test_prune_deletes_what_nothing_declares() -> None:
    plan = lived_in().plan(declare("site.Paris"), manage={"site": {"prune": True}}, options=PRUNE)
    assert told(plan) == [("delete", "site.Tokyo")]


@pytest.mark.parametrize(
    ("project", "options"),
    [
        ({"manage": {"site": {"prune": True}}}, Options()),
        ({"manage": {"site": {"prune": False}}}, PRUNE),
        ({"manage": {"webhook": {"prune": True}}}, PRUNE),
        ({"manage": {"site": {"prune": True}}, "protect": ["site.T*"]}, PRUNE),
        ({"manage": {"site": {"prune": True, "scope": ["site.P*"]}}}, PRUNE),
    ],
    ids=["without_the_flag", "not_allowed_for_the_kind", "another_kind", "protected", "out_of_scope"],
)
def test_nothing_is_deleted(project: dict[str, Any], options: Options) -> None:
    plan = lived_in().plan(declare("site.Paris"), options=options, **project)
    assert plan.changes == ()


def test_a_kind_that_the_inventory_does_not_mention_is_never_pruned() -> None:
    plan = lived_in().plan(declare("sitegroup.emea"), manage={"site": {"prune": True}}, options=PRUNE)
    assert plan.changes == ()


@pytest.mark.parametrize(("sites", "refused"), [(4, True), (5, True), (6, True), (60, True)])
def test_deleting_all_of_a_kind_is_refused_at_any_size(sites: int, refused: bool) -> None:
    cloud = world(wlans=[], sites=[{"name": "HQ"}], sitegroups=[{"name": f"g{at}"} for at in range(sites)])
    plan = cloud.plan(declare("sitegroup.new"), manage={"sitegroup": {"prune": True}}, options=PRUNE)
    assert ("limit-deletes" in rules(plan)) is refused


@pytest.mark.parametrize(("deletes", "refused"), [(2, False), (3, True), (6, True)])
def test_more_deletes_than_the_limit_are_refused(deletes: int, refused: bool) -> None:
    names = [f"g{at}" for at in range(20)]
    cloud = world(sitegroups=[{"name": name} for name in names])
    kept = [declare(f"sitegroup.{name}") for name in names[deletes:]]
    plan = cloud.plan(*kept, manage={"sitegroup": {"prune": True}}, options=PRUNE)
    assert ("limit-deletes" in rules(plan)) is refused
    assert plan.count(Action.DELETE) == deletes


@pytest.mark.parametrize(("acknowledged", "refused"), [(6, False), (7, True), (5, True)])
def test_deletes_can_be_acknowledged_by_their_exact_number(acknowledged: int, refused: bool) -> None:
    cloud = world(sitegroups=[{"name": f"g{at}"} for at in range(20)])
    kept = [declare(f"sitegroup.g{at}") for at in range(6, 20)]
    options = Options(prune=True, ack_deletes=acknowledged)
    plan = cloud.plan(*kept, manage={"sitegroup": {"prune": True}}, options=options)
    assert any(rule in ("limit-deletes", "acknowledged-deletes") for rule in rules(plan)) is refused


def test_a_limit_on_changes_counts_all_of_them() -> None:
    resources = [declare(f"sitegroup.g{at}") for at in range(4)]
    assert rules(world().plan(*resources, limits={"changes": {"absolute": 3}})) == ["limit-changes"]
    assert rules(world().plan(*resources, limits={"changes": {"absolute": 4}})) == []
    assert rules(world().plan(*resources, limits={"kinds": {"sitegroup": {"changes": {"absolute": 3}}}})) == [
        "limit-changes"
    ]


def test_what_is_ignored_is_neither_a_change_nor_sent() -> None:
    cloud = lived_in()
    paris = declare("site.Paris", {"timezone": "Europe/Paris", "notes": "ours"})
    plan = cloud.plan(paris, ignore=[{"address": "site.*", "field": "timezone"}])
    assert [field.path for field in plan.changes[0].fields] == ["notes"]
    cloud.carry_out(plan)
    assert cloud.call("GET", f"sites/{SITE}").get("timezone") != "Europe/Paris"


def test_an_ignore_rule_ends_with_its_date() -> None:
    rule = {"address": "site.*", "field": "timezone", "until": "2020-01-01"}
    assert lived_in().plan(declare("site.Tokyo", {"timezone": "Asia/Seoul"}), ignore=[rule]).changes != ()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (Options(targets=("site.Oslo",)), ["site.Oslo", "site.Oslo/wlan.Lab"]),
        (Options(targets=("site.Oslo/wlan.Lab",)), ["site.Oslo", "site.Oslo/wlan.Lab"]),
        (Options(targets=("sitegroup.*",)), ["sitegroup.new"]),
        (Options(excludes=("site.Oslo/wlan.*",)), ["sitegroup.new", "site.Oslo"]),
        (Options(excludes=("site.Oslo",)), ["sitegroup.new"]),
    ],
)
def test_part_of_a_plan_can_be_chosen(options: Options, expected: list[str]) -> None:
    resources = [declare("site.Oslo"), declare("site.Oslo/wlan.Lab"), declare("sitegroup.new")]
    plan = lived_in().plan(*resources, options=options)
    assert [str(change.address) for change in plan.changes] == expected


def test_a_target_that_names_no_change_is_told() -> None:
    assert rules(lived_in().plan(declare("site.Paris"), options=Options(targets=("site.Paris",)))) == [
        "target-without-change"
    ]


def test_an_alias_makes_a_rename_an_update() -> None:
    plan = lived_in().plan(declare("site.Paris-HQ", aliases=("Paris",)))
    assert told(plan) == [("update", "site.Paris-HQ")]
    assert plan.changes[0].renamed_from == "Paris"


def test_a_pinned_id_finds_the_object_under_any_name() -> None:
    plan = lived_in().plan(declare("site.Edo", api_id=OTHER))
    assert told(plan) == [("update", "site.Edo")]


def test_a_pinned_id_that_is_not_there_is_an_error() -> None:
    plan = lived_in().plan(declare("site.Edo", api_id=GROUP))
    assert rules(plan) == ["pinned-id-missing"]
    assert plan.changes == ()


def test_two_live_objects_of_one_name_are_an_error_with_both_ids() -> None:
    cloud = world(sitegroups=[{"id": GROUP, "name": "emea"}, {"id": OTHER, "name": "EMEA"}])
    plan = cloud.plan(declare("sitegroup.emea"))
    (problem,) = plan.diagnostics
    assert problem.rule == "ambiguous-live"
    assert GROUP in problem.detail
    assert OTHER in problem.detail


def test_a_live_name_in_another_case_is_an_error_and_no_create() -> None:
    plan = lived_in().plan(declare("site.paris"))
    assert rules(plan) == ["case-differs"]
    assert plan.changes == ()


def test_a_collection_that_can_not_be_read_is_not_empty() -> None:
    cloud = lived_in()
    cloud.emulator.faults.add({"method": "GET", "path": f"sites/{SITE}/wlans", "times": 99, "status": 403})
    plan = cloud.plan(
        declare("site.Paris"), declare("site.Tokyo"),
        declare("site.Paris/wlan.Lab"), declare("site.Tokyo/wlan.Lab"),
    )  # fmt: skip
    assert rules(plan) == ["unread"]
    assert told(plan) == [("create", "site.Tokyo/wlan.Lab")]


def test_what_belongs_to_a_site_that_is_only_in_the_cloud_needs_that_site() -> None:
    assert told(lived_in().plan(declare("site.Tokyo/wlan.Lab"))) == [("create", "site.Tokyo/wlan.Lab")]
    assert rules(lived_in().plan(declare("site.Osaka/wlan.Lab"))) == ["not-in-cloud"]
    cloud = lived_in()
    cloud.emulator.faults.add({"method": "GET", "path": "/sites$", "times": 99, "status": 403})
    plan = cloud.plan(declare("site.Tokyo/wlan.Lab"))
    assert rules(plan) == ["unread"]
    assert plan.changes == ()


def test_a_name_that_is_nowhere_is_an_error() -> None:
    plan = lived_in().plan(declare("site.Paris", {"rftemplate": "dense"}))
    assert rules(plan) == ["not-in-cloud"]


def test_deletes_come_last_and_after_what_named_the_object() -> None:
    cloud = lived_in()
    plan = cloud.plan(
        declare("site.Paris", {"networktemplate": None}), declare("site.Tokyo"), declare("networktemplate.other"),
        manage={"networktemplate": {"prune": True}}, options=Options(prune=True, ack_deletes=1),
    )  # fmt: skip
    assert told(plan) == [
        ("create", "networktemplate.other"),
        ("update", "site.Paris"),
        ("delete", "networktemplate.campus"),
    ]
    assert plan.changes[2].reaches == ()


def test_the_same_input_gives_the_same_plan() -> None:
    resources = [declare(f"site.S{at}", {"sitegroups": ["emea"]}) for at in range(20)]
    plans = [lived_in().plan(*resources, *(declare(f"{item.address}/setting") for item in resources)) for _ in range(2)]
    assert told(plans[0]) == told(plans[1])


def test_a_share_of_the_whole_is_not_judged_again_where_only_a_part_is_read() -> None:
    groups = [{"name": f"g{at}"} for at in range(10)]
    cloud = world(sitegroups=groups, rftemplates=[{"name": f"r{at}"} for at in range(20)])
    declared = [
        *(declare(f"sitegroup.g{at}") for at in range(10)),
        *(declare(f"sitegroup.new{at}") for at in range(3)),
        *(declare(f"rftemplate.r{at}") for at in range(20)),
    ]
    limits = {"changes": {"percent": 10}}
    first = cloud.plan(*declared, limits=limits)
    assert (len(first.changes), first.errors) == (3, ())
    reads = tuple(change.address.text for change in first.changes)
    again = cloud.plan(*declared, limits=limits, options=Options(reads=reads))
    assert (again.changes, again.errors) == (first.changes, ())
    assert again.reads < first.reads


def test_roots_that_no_model_knows_are_named_once_for_their_kind_and_only_where_nobody_declares_them() -> None:
    cloud = world(None)
    sites = [declare(f"site.{name}", {"timezone": "Europe/Paris"}) for name in ("A", "B")]
    cloud.apply(*sites, declare("site.A/setting", {"newest": {"x": 1}}))
    for site in cloud.call("GET", f"orgs/{ORG}/sites"):
        cloud.call("PUT", f"sites/{site['id']}/setting", {"newer": 1, "newest": {"x": 1}})
    assert cloud.plan(*sites).compared.strange == ()
    settings = [declare(f"site.{name}/setting", {"newest": {"x": 1}}) for name in ("A", "B")]
    planned = cloud.plan(*sites, *settings)
    assert planned.compared.strange == ("settings.newer",)
    told = [compared_sentences(planned, verbose=verbose) for verbose in (False, True)]
    assert ["settings.newer" in " ".join(sentences) for sentences in told] == [False, True]
