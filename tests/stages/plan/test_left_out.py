"""What is wrong with one object is its own affair: the rest is planned and applied; nothing says that all is well."""

import pytest

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.errors import InventoryError, UsageError
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.pipeline.online import make_plan
from reconciler.report.lines import as_text
from reconciler.report.markdown import plan_markdown
from reconciler.report.text import plan_text
from tests.world import ONE_THREAD, ORG, World, declare, world

PARIS = "22222222-0000-4000-8000-000000000001"
TWINS = ("33333333-0000-4000-8000-000000000001", "33333333-0000-4000-8000-000000000002")
PRUNE = Options(prune=True, threads=1)


def doubled() -> World:
    """A site with an SSID twice, and one with another name beside them."""
    cloud = world(sites=[{"id": PARIS, "name": "Paris"}])
    for ssid in ("Guest", "Guest", "Old"):
        cloud.call("POST", f"sites/{PARIS}/wlans", {"ssid": ssid})
    return cloud


def test_an_ambiguous_object_is_named_with_its_ids_and_the_ways_out_and_the_rest_is_planned() -> None:
    plan = doubled().plan(declare("site.Paris", {"notes": "x"}), declare("site.Paris/wlan.Guest", {"vlan_id": "7"}))
    (problem,) = plan.errors
    assert problem.rule == "ambiguous-live"
    assert all(way in problem.detail for way in ("`id:`", "`key:`", "delete one"))
    assert plan.refusals == ()
    assert [str(change.address) for change in plan.changes] == ["site.Paris"]


def test_no_report_says_that_all_is_well_beside_an_error() -> None:
    plan = doubled().plan(declare("site.Paris"), declare("site.Paris/wlan.Guest", {"vlan_id": "7"}))
    assert plan.changes == ()
    for text in (as_text(plan_text(plan)), plan_markdown(plan)):
        assert "not whole" in text
        assert "matches" not in text


def test_nothing_is_pruned_where_it_is_unclear_what_a_declared_object_is() -> None:
    rules = {"manage": {"wlan": {"prune": True}}}
    plan = doubled().plan(declare("site.Paris"), declare("site.Paris/wlan.Guest"), options=PRUNE, **rules)
    assert plan.changes == ()
    assert "not-pruned" in [item.rule for item in plan.diagnostics]


def test_what_needs_an_object_that_is_left_out_is_left_out_too() -> None:
    cloud = world(sites=[{"id": PARIS, "name": "Paris"}])
    plan = cloud.plan(
        declare("site.Oslo", {"networktemplate": "nowhere"}),
        declare("site.Oslo/wlan.Lab"),
        declare("site.Paris", {"notes": "x"}),
    )
    assert [str(change.address) for change in plan.changes] == ["site.Paris"]
    assert [item.rule for item in plan.errors] == ["not-in-cloud", "waits-for-left-out"]


def test_the_rest_is_applied() -> None:
    cloud = doubled()
    cloud.apply(declare("site.Paris", {"notes": "x"}), declare("site.Paris/wlan.Guest", {"vlan_id": "7"}))
    assert cloud.only("orgs/" + ORG + "/sites")["notes"] == "x"
    assert [method for method, _ in cloud.writes].count("PUT") == 1


@pytest.mark.parametrize("flag", ["targets", "excludes"])
def test_a_selection_that_names_nothing_is_an_error_with_a_suggestion(flag: str) -> None:
    options = Options(threads=1, **{flag: ("site.Pariss",)})
    with pytest.raises(UsageError) as caught:
        doubled().plan(declare("site.Paris"), options=options)
    assert "site.Paris?" in str(caught.value.remedy)


def test_the_pipeline_itself_refuses_an_inventory_with_errors() -> None:
    broken = Diagnostic(severity=Severity.ERROR, rule="unknown-key", summary="A key is not known")
    inventory = Inventory(project=Project(version=1), diagnostics=(broken,))
    cloud = doubled()
    with pytest.raises(InventoryError):
        make_plan(inventory, cloud.client, org_id=ORG, options=ONE_THREAD)
    assert not [call for call in cloud.emulator.calls.log if call.method == "GET"]


def test_a_target_narrows_what_is_read_and_names_still_come_from_the_whole_inventory() -> None:
    template = {"id": TWINS[0], "name": "campus"}
    cloud = world(sites=[{"id": PARIS, "name": "Paris"}, {"name": "Lyon"}], networktemplates=[template])
    resources = [
        declare("networktemplate.campus"),
        declare("sitegroup.emea"),
        declare("site.Paris", {"networktemplate": "campus", "sitegroups": ["emea"]}),
        declare("site.Lyon", {"networktemplate": "campus"}),
        *(declare(f"site.{name}/{child}") for name in ("Paris", "Lyon") for child in ("setting", "wlan.Lab")),
    ]
    cloud.apply(*resources)
    cloud.client = cloud.connect()
    whole = cloud.plan(*resources)
    cloud.client = cloud.connect()
    part = cloud.plan(*resources, options=Options(threads=1, targets=("networktemplate.campus",)))
    assert whole.errors == part.errors == ()
    assert whole.changes == part.changes == ()
    assert part.reads < whole.reads
    cloud.client = cloud.connect()
    wlan = cloud.plan(*resources, options=Options(threads=1, targets=("site.Paris/wlan.Lab",)))
    assert (wlan.changes, wlan.errors) == ((), ())
    assert wlan.reads < whole.reads


def test_a_list_that_can_not_be_read_is_said_where_something_should_be_deleted() -> None:
    cloud = doubled()
    cloud.emulator.faults.add({"method": "GET", "path": f"orgs/{ORG}/sitegroups", "times": 99, "status": 403})
    plan = cloud.plan(declare("site.Paris"), options=PRUNE, manage={"sitegroup": {"prune": True}})
    assert [item.rule for item in plan.errors] == ["unread"]


def test_the_last_object_of_a_kind_that_left_the_files_stays_and_that_is_said() -> None:
    cloud = world(sites=[{"name": "Paris"}], sitegroups=[{"name": "emea"}])
    plan = cloud.plan(declare("site.Paris"), options=PRUNE, manage={"sitegroup": {"prune": True}})
    assert plan.changes == ()
    assert [item.rule for item in plan.diagnostics] == ["not-pruned"]


@pytest.mark.parametrize(("limit", "refused"), [(2, False), (1, True)])
def test_a_change_counts_as_the_sites_that_it_reaches(limit: int, refused: bool) -> None:
    cloud = world(
        networktemplates=[{"id": TWINS[0], "name": "campus"}],
        sites=[{"name": name, "networktemplate_id": TWINS[0]} for name in ("Paris", "Lyon")],
    )
    changed = declare("networktemplate.campus", {"ntp_servers": ["10.0.0.9"]})
    plan = cloud.plan(changed, limits={"sites": limit})
    assert ([item.rule for item in plan.refusals] == ["limit-changes"]) is refused
