"""What policies are given, and the example's policies at fixed hours and on wrong inventories."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.diagnostics import Severity
from reconciler.kinds import kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Plan
from reconciler.model.inventory import Inventory
from reconciler.model.policy import Policy
from reconciler.model.project import Project
from reconciler.model.resource import LiveObject, Resource
from reconciler.model.values import Secret, SecretRef, YamlMap
from reconciler.policies import ChangeView, Finding, InventoryView, Sealed, policy
from reconciler.policies.checking import check_inventory, check_plan, field_path
from reconciler.policies.loading import load_policies
from reconciler.policies.views import plan_view, sealed
from reconciler.sources.directory import DirectoryTree
from tests.world import ORG, declare

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "inventory"
PIN = "22222222-0000-4000-8000-000000000002"
GROUP = "33333333-0000-4000-8000-000000000003"

RESOURCES = (
    declare("sitegroup.shops", api_id=GROUP),
    declare("site.A", {"sitegroups": ["shops"], "networktemplate": "campus", "timezone": "Asia/Tokyo"}),
    declare("site.B", {"sitegroups": [GROUP], "rftemplate": "indoor"}, api_id=PIN),
    declare("site.C", {"sitegroups": None}),
    declare("site.A/setting", {"vars": {"x": "1"}}),
    declare("site.A/wlan.Own", {"auth": {"type": "psk", "psk": Secret("canary-psk", origin="env:X")}}),
    declare("networktemplate.campus"),
    declare("rftemplate.indoor"),
    declare("wlantemplate.groups", {"applies": {"sitegroups": ["shops"]}, "exceptions": {"sites": ["A"]}}),
    declare("wlantemplate.all", {"applies": {"org": True}, "exceptions": {"sitegroups": ["shops"]}}),
    declare("wlantemplate.pinned", {"applies": {"sites": [PIN]}}),
    declare("wlantemplate.nowhere"),
    declare("wlantemplate.groups/wlan.Guest", {"auth": {"type": "open"}}),
)
VIEW = InventoryView(RESOURCES)


def names(items: Any) -> list[str]:
    return [item.address for item in items]


@pytest.mark.parametrize(
    ("address", "sites"),
    [
        ("site.A", ["site.A"]),
        ("site.A/setting", ["site.A"]),
        ("site.A/wlan.Own", ["site.A"]),
        ("networktemplate.campus", ["site.A"]),
        ("rftemplate.indoor", ["site.B"]),
        ("wlantemplate.groups", ["site.B"]),
        ("wlantemplate.groups/wlan.Guest", ["site.B"]),
        ("wlantemplate.all", ["site.C"]),
        ("wlantemplate.pinned", ["site.B"]),
        ("wlantemplate.nowhere", []),
    ],
)
def test_an_object_knows_the_sites_that_it_has_an_effect_on(address: str, sites: list[str]) -> None:
    found = VIEW.resource(address)
    assert found is not None
    assert names(VIEW.sites_of(found)) == sites


def test_sites_are_found_by_their_group_also_when_it_stands_by_its_id() -> None:
    assert names(VIEW.sites(group="shops")) == ["site.A", "site.B"]
    assert names(VIEW.sites()) == ["site.A", "site.B", "site.C"]
    assert [VIEW.groups(site) for site in VIEW.sites()] == [("shops",), ("shops",), ()]


def test_a_site_broadcasts_its_own_wlans_and_those_of_its_templates() -> None:
    assert [names(VIEW.wlans_on(site)) for site in VIEW.sites()] == [
        ["site.A/wlan.Own"],
        ["wlantemplate.groups/wlan.Guest"],
        [],
    ]


def test_objects_are_found_by_address_kind_glob_and_parent() -> None:
    site = VIEW.resource("site.A")
    assert site is not None
    assert names(site.children()) == ["site.A/setting", "site.A/wlan.Own"]
    assert names(site.children("wlan")) == ["site.A/wlan.Own"]
    assert (site.parent, site.children("wlan")[0].parent) == (None, site)
    assert names(VIEW.matching("site.*/wlan.*")) == ["site.A/wlan.Own"]
    assert VIEW.resource("site.Z") is None
    assert len(VIEW.resources) == len(RESOURCES)
    assert (site.kind, site.name, str(site.source), repr(site)) == ("site", "A", "test.yaml:1:1", "<site.A>")
    assert names(VIEW.of("setting")) == ["site.A/setting"]


def test_a_value_is_found_by_its_path() -> None:
    wlan = VIEW.of("wlan")[0]
    assert wlan.get("auth.type") == "psk"
    assert wlan.get("auth.type.deeper", 7) == 7
    assert wlan.get("portal.enabled", default=False) is False
    assert VIEW.sites()[2].get("sitegroups", ()) == ()


def test_what_a_policy_is_given_can_not_be_changed() -> None:
    body = sealed({"a": {"b": [1, {"c": 2}]}})
    for attempt in (lambda: body.update(a=1), lambda: body["a"]["b"].append(1), lambda: body["a"]["b"][1].clear()):
        with pytest.raises(AttributeError):
            attempt()
    with pytest.raises(TypeError):
        body["a"]["x"] = 1
    with pytest.raises(AttributeError):
        Sealed("x").origin = "y"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "seal"),
    [
        (Secret("canary", origin="env:X"), Sealed("env:X", 6)),
        (Secret("*****", origin="live"), Sealed("live", None)),
        (SecretRef("env", "LAB", mark=("f", 1, 1)), Sealed("env:LAB", None)),
    ],
)
def test_a_secret_shows_its_origin_and_its_length_only(value: Any, seal: Sealed) -> None:
    found = sealed({"psk": value})["psk"]
    assert found == seal
    assert repr(found) == "(secret)"


def change(text: str, action: Action = Action.UPDATE, **options: Any) -> Change:
    address = Address(text)
    return Change(address=address, kind=address.kind, action=action, **options)


def views(*changes: Change, timezones: dict[str, str] | None = None) -> tuple[ChangeView, ...]:
    plan = Plan(org_id=ORG, org_name="Acme", changes=changes, timezones=timezones or {})
    return plan_view(plan, VIEW, applying=False).changes


NOON = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("address", "live", "hour"),
    [
        ("site.A", {}, 21),  # as declared: Tokyo
        ("site.A/wlan.Own", {"site.A": "America/New_York"}, 8),  # live goes before declared
        ("site.Gone", {"site.Gone": "Europe/Paris"}, 14),
        ("site.Gone", {}, None),
        ("site.Odd", {"site.Odd": "Mars/Olympus"}, None),
        ("site.Odd", {"site.Odd": "../../etc/passwd"}, None),
        ("wlantemplate.all", {}, None),
    ],
)
def test_the_time_is_that_of_the_site(address: str, live: dict[str, str], hour: int | None) -> None:
    local = views(change(address), timezones=live)[0].local_time(NOON)
    assert (local.hour if local else None) == hour


def test_a_change_shows_both_sides_and_where_it_belongs() -> None:
    live = LiveObject(kind="wlan", id="x", body={"ssid": "Own", "auth": {"psk": Secret("canary-old", origin="live")}})
    one, two = views(
        change("site.A/wlan.Own", declared=RESOURCES[5], live=live),
        change("wlantemplate.all", Action.DELETE, reaches=("A", "B")),
    )
    assert (one.kind, one.name, one.action, one.site, one.reaches) == ("wlan", "Own", "update", "A", ("A",))
    assert (one.before["auth"]["psk"], one.after["auth"]["psk"].length) == (Sealed("live", 10), 10)
    assert (str(one.source), two.source, repr(two)) == ("test.yaml:1:1", None, "<delete wlantemplate.all>")
    assert (two.site, two.reaches, dict(two.before), dict(two.after)) == (None, ("A", "B"), {}, {})
    assert one.fields == ()


def test_a_plan_sorts_its_changes_by_action_and_kind() -> None:
    plan = Plan(
        org_id=ORG,
        org_name="Acme",
        unmanaged=(Address("wlan.Old"),),
        changes=(change("site.A", Action.CREATE), change("wlan.B", Action.DELETE), change("site.C")),
    )
    view = plan_view(plan, VIEW, applying=True)
    assert (names(view.creates()), names(view.updates("site")), names(view.deletes("wlan"))) == (
        ["site.A"],
        ["site.C"],
        ["wlan.B"],
    )
    assert (view.creates("wlan"), view.unmanaged, view.applying, view.org_name) == ((), ("wlan.Old",), True, "Acme")


TEMPLATE = declare(
    "networktemplate.t",
    YamlMap(
        {"acl_policies": [{"name": "one", "actions": [{"dst_tag": "any"}]}, {"name": "two.x"}], "dns": ["9.9.9.9"]}
    ),
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("acl_policies[1].name", ("acl_policies", 1, "name")),
        ("acl_policies[one].actions[any].dst_tag", ("acl_policies", 0, "actions", 0, "dst_tag")),
        ("acl_policies[two.x].name", ("acl_policies", 1, "name")),
        ("acl_policies[three].name", ("acl_policies",)),
        ("acl_policies[one].nothing.more", ("acl_policies", 0)),
        ("acl_policies[one].name.deeper", ("acl_policies", 0, "name")),
        ("dns[0]", ("dns", 0)),
        ("", ()),
    ],
)
def test_a_fields_path_leads_as_far_as_there_is_something(text: str, path: tuple[Any, ...]) -> None:
    assert field_path(text, TEMPLATE, kinds()) == path


def test_a_policy_can_be_called_by_its_author() -> None:
    @policy(id="a-b", title="t")
    def mine(inventory: InventoryView) -> list[Finding]:
        return [Finding(inventory.sites()[0], "x")]

    assert isinstance(mine, Policy)
    assert repr(mine(VIEW)) == "[Finding('site.A', 'x')]"


HOUSE, PROBLEMS = load_policies(DirectoryTree(EXAMPLE), ["policies/*.py"], marks=(), built_in=())


def told(*resources: Resource) -> list[tuple[str, str]]:
    inventory = Inventory(project=Project(version=1), resources=resources, policies=HOUSE)
    found = check_inventory(inventory, kinds=kinds(), now=NOON)
    return [(item.rule, str(item.address)) for item in found]


def test_the_examples_policies_can_be_loaded() -> None:
    assert [item.id for item in HOUSE] == [
        "no-open-ssid-in-shops",
        "acl-ends-in-deny",
        "no-site-delete-in-office-hours",
    ]
    assert PROBLEMS == ()


def test_the_example_wants_no_open_wlan_in_shops() -> None:
    shop, office = declare("site.Shop", {"sitegroups": ["branches"]}), declare("site.Office")
    template = declare("wlantemplate.t", {"applies": {"sitegroups": ["branches"]}})
    assert told(shop, office, declare("site.Shop/wlan.Open")) == [("no-open-ssid-in-shops", "site.Shop/wlan.Open")]
    assert told(shop, office, declare("site.Office/wlan.Open")) == []
    assert told(shop, template, declare("wlantemplate.t/wlan.Open", {"auth": {"type": "open"}})) == [
        ("no-open-ssid-in-shops", "wlantemplate.t/wlan.Open")
    ]
    assert told(shop, template, declare("wlantemplate.t/wlan.Guest", {"portal": {"enabled": True}})) == []


@pytest.mark.parametrize(
    ("name", "actions", "fine"),
    [
        ("iot", [("a", "allow"), ("any", "deny")], True),
        ("iot", [("any", "deny"), ("a", "allow")], False),
        ("iot", [("any", "allow")], False),
        ("iot-back", [("a", "allow")], True),
        ("guests", [("a", "deny")], True),
        ("empty", [], True),
    ],
)
def test_the_example_wants_acl_policies_to_end_in_deny(name: str, actions: list[tuple[str, str]], fine: bool) -> None:
    listed = [{"dst_tag": tag, "action": action} for tag, action in actions]
    template = declare("networktemplate.t", {"acl_policies": [{"name": name, "actions": listed}]})
    assert told(template) == ([] if fine else [("acl-ends-in-deny", "networktemplate.t")])


@pytest.mark.parametrize(
    ("zone", "now", "severity"),
    [
        ("Europe/Paris", datetime(2026, 6, 3, 12, 0, tzinfo=UTC), Severity.ERROR),
        ("Europe/Paris", datetime(2026, 6, 3, 5, 59, tzinfo=UTC), None),
        ("Europe/Paris", datetime(2026, 6, 3, 6, 0, tzinfo=UTC), Severity.ERROR),
        ("Europe/Paris", datetime(2026, 6, 6, 12, 0, tzinfo=UTC), None),
        ("Asia/Tokyo", datetime(2026, 6, 3, 12, 0, tzinfo=UTC), None),
        ("Asia/Tokyo", datetime(2026, 6, 7, 23, 30, tzinfo=UTC), Severity.ERROR),  # Monday morning there
        ("", datetime(2026, 6, 6, 12, 0, tzinfo=UTC), Severity.ERROR),
    ],
)
def test_the_example_lets_no_site_go_in_its_office_hours(zone: str, now: datetime, severity: Severity | None) -> None:
    inventory = Inventory(project=Project(version=1), policies=HOUSE)
    gone = change("site.Gone", Action.DELETE)
    plan = Plan(org_id=ORG, org_name="Acme", changes=(gone,), timezones={"site.Gone": zone} if zone else {})
    for applying in (True, False):
        checked = check_plan(plan, inventory, kinds=kinds(), now=now, applying=applying)
        wanted = severity if applying or severity is None else Severity.WARNING
        assert [item.severity for item in checked.diagnostics] == ([wanted] if wanted else [])
        assert "no-site-delete-in-office-hours" in checked.policies


def test_without_plan_policies_a_plan_stays_as_it_is() -> None:
    plan = Plan(org_id=ORG, org_name="Acme")
    inventory = Inventory(project=Project(version=1), policies=HOUSE[:1])
    assert check_plan(plan, inventory, kinds=kinds(), now=NOON, applying=True) is plan
