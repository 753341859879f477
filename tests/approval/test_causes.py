"""What a branch would change, told from what somebody changed by hand."""

from typing import Any

from reconciler.approval.causes import counts, narrow, only_config
from reconciler.model.change import Cause, Plan
from reconciler.model.inventory import Inventory
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import Secret
from reconciler.pipeline.online import make_plan
from tests.world import ONE_THREAD, ORG, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
QUIET = {"server_defaults": "none"}


def lived_in(**site: Any) -> World:
    return world(QUIET, sites=[{"id": SITE, "name": "Paris", **site}, {"name": "Tokyo", "notes": "live"}])


def against(cloud: World, base: list[Resource], head: list[Resource]) -> Plan:
    now, before = (Inventory(project=Project(version=1), resources=tuple(items)) for items in (head, base))
    return make_plan(now, cloud.client, org_id=ORG, options=ONE_THREAD, bases=(before,))


def causes(plan: Plan) -> dict[str, str]:
    return {f"{change.address}:{field.path}": str(field.cause) for change in plan.changes for field in change.fields}


def test_what_only_the_files_changed_is_config() -> None:
    plan = against(
        lived_in(notes="old"), [declare("site.Paris", {"notes": "old"})], [declare("site.Paris", {"notes": "new"})]
    )
    assert causes(plan) == {"site.Paris:notes": "config"}


def test_what_only_a_hand_changed_is_drift() -> None:
    plan = against(
        lived_in(notes="by hand"),
        [declare("site.Paris", {"notes": "old"})] * 1,
        [declare("site.Paris", {"notes": "old"})],
    )
    assert causes(plan) == {"site.Paris:notes": "drift"}


def test_what_both_changed_is_both() -> None:
    plan = against(
        lived_in(notes="by hand"), [declare("site.Paris", {"notes": "old"})], [declare("site.Paris", {"notes": "new"})]
    )
    assert causes(plan) == {"site.Paris:notes": "both"}


def test_a_field_that_the_base_did_not_declare_is_config() -> None:
    plan = against(lived_in(notes="by hand"), [declare("site.Paris")], [declare("site.Paris", {"notes": "new"})])
    assert causes(plan) == {"site.Paris:notes": "config"}


def test_an_object_of_the_branch_is_config_and_one_that_somebody_deleted_is_drift() -> None:
    base = [declare("sitegroup.gone")]
    plan = against(lived_in(), base, [*base, declare("sitegroup.new")])
    assert {str(change.address): change.cause for change in plan.changes} == {
        "sitegroup.gone": Cause.DRIFT,
        "sitegroup.new": Cause.CONFIG,
    }
    assert counts(plan.changes) == {Cause.CONFIG: 1, Cause.DRIFT: 1}


def test_a_secret_of_the_branch_is_config_and_one_that_somebody_changed_is_drift() -> None:
    cloud = world(QUIET, webhooks=[{"name": "siem", "url": "https://x", "topics": ["audits"], "secret": "live"}])

    def siem(secret: str) -> list[Resource]:
        return [declare("webhook.siem", {"secret": Secret(secret, origin="env:S")})]

    assert causes(against(cloud, siem("ours"), siem("ours"))) == {"webhook.siem:secret": "drift"}
    assert causes(against(cloud, siem("live"), siem("new"))) == {"webhook.siem:secret": "config"}
    assert causes(against(cloud, siem("ours"), siem("new"))) == {"webhook.siem:secret": "both"}


def test_only_the_branch_can_be_taken_root_by_root() -> None:
    cloud = lived_in(notes="by hand", timezone="UTC")
    base = [declare("site.Paris", {"notes": "old", "timezone": "UTC"}), declare("site.Tokyo", {"notes": "declared"})]
    head = [declare("site.Paris", {"notes": "old", "timezone": "Europe/Paris"}), base[1]]
    plan = against(cloud, base, head)
    assert plan.count(plan.changes[0].action) == 2
    mine = only_config(plan)
    assert [(str(change.address), change.replaces) for change in mine.changes] == [("site.Paris", ("timezone",))]
    cloud.carry_out(mine)
    assert cloud.call("GET", f"sites/{SITE}")["notes"] == "by hand"
    assert cloud.call("GET", f"sites/{SITE}")["timezone"] == "Europe/Paris"


def test_what_is_no_longer_declared_is_released_and_what_was_changed_by_hand_is_told() -> None:
    base = [
        declare("site.Paris", {"notes": "old", "latlng": {"lat": 1.0, "lng": 2.0}, "address": "there"}),
        declare("site.Tokyo"),
        declare("sitegroup.old"),
    ]
    head = [declare("site.Paris", {"latlng": {"lat": 1.0}}), declare("sitegroup.new", aliases=("old",))]
    cloud = lived_in(notes="old", latlng={"lat": 1.0, "lng": 2.0}, address="by hand")
    plan = against(cloud, base, head)
    assert causes(plan)["site.Paris:notes"] == "released"
    assert causes(plan)["site.Paris:latlng.lng"] == "released"
    told = {item.rule: item.detail for item in plan.diagnostics}
    assert "`address` is no longer declared, and live is not what the base said" in told["released-but-changed"]
    assert "site.Tokyo was declared in the base" in told["released-object"]
    assert "reconciler apply --prune --target site.Tokyo` deletes it" in told["released-object"]


def test_narrowing_to_roots_that_do_not_change_leaves_nothing() -> None:
    plan = lived_in().plan(declare("site.Paris", {"notes": "new"}))
    assert narrow(plan.changes[0], ["timezone"]) is None
