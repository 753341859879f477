"""What has to be read, decided from the inventory alone."""

from typing import Any

import pytest

from reconciler.kinds import kinds
from reconciler.model.address import Address
from reconciler.model.inventory import Inventory
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import YamlMap
from reconciler.stages.read.wants import Wants, wants_of


def declared(address: str, *, api_id: str | None = None, aliases: tuple[str, ...] = (), **body: Any) -> Resource:
    at = Address(address)
    return Resource(
        address=at, kind=at.kind, key=at.name, parent=at.parent, body=YamlMap(body), api_id=api_id, aliases=aliases
    )


def wants(*resources: Resource, prune: bool = False, **project: Any) -> Wants:
    inventory = Inventory(project=Project.model_validate({"version": 1, **project}), resources=resources)
    return wants_of(inventory, kinds=kinds(), prune=prune)


ORGANISATION = [
    ("site.A", {}, {"site"}),
    ("networktemplate.campus", {}, {"networktemplate", "site"}),
    ("webhook.siem", {}, {"webhook"}),
    ("wlantemplate.corp", {}, {"wlantemplate", "site"}),
    ("wlantemplate.corp/wlan.Corp", {}, {"wlantemplate", "wlan", "site"}),
    ("site.A/setting", {}, {"site"}),
    ("site.A/wlan.Lab", {}, {"site"}),
    ("site.A/webhook.zones", {}, {"site"}),
    ("acl_tag.printers", {}, set()),
    ("site.A", {"networktemplate": "campus"}, {"site", "networktemplate"}),
    ("site.A", {"networktemplate": None}, {"site", "networktemplate"}),
    ("site.A", {"sitegroups": [], "gatewaytemplate": "wan"}, {"site", "sitegroup", "gatewaytemplate"}),
    ("wlantemplate.corp", {"applies": {"sites": ["A"]}}, {"wlantemplate", "site"}),
    ("wlantemplate.corp", {"applies": {"org": True}}, {"wlantemplate", "site"}),
    ("wlantemplate.corp", {"applies": None}, {"wlantemplate", "site"}),
    ("wxtag.staff", {"match": "wlan_id", "values": ["Corp"]}, {"wxtag", "wlan", "wlantemplate", "site"}),
    ("wxtag.staff", {"match": "hostname", "values": ["x"]}, {"wxtag"}),
    ("site.A/wlan.Lab", {"wxtags": ["staff"]}, {"site", "wxtag"}),
]


@pytest.mark.parametrize(("address", "body", "expected"), ORGANISATION)
def test_lists_of_the_organisation_are_wanted_when_declared_or_referenced(
    address: str, body: dict[str, Any], expected: set[str]
) -> None:
    assert wants(declared(address, **body)).organisation == expected


def test_an_empty_inventory_wants_nothing() -> None:
    assert wants() == Wants()


def test_a_sites_children_are_wanted_on_that_site_only() -> None:
    below = wants(declared("site.A"), declared("site.B"), declared("site.A/wlan.Lab")).below
    assert set(below) == {"wlan"}
    assert below["wlan"].includes("wlan", "1", "A")
    assert below["wlan"].includes("wlan", "1", "a"), "a name that differs in case is told later, so it is read"
    assert not below["wlan"].includes("wlan", "1", "B")


def test_a_reference_within_a_site_is_looked_for_on_that_site() -> None:
    below = wants(declared("site.A/wlan.Lab", wxtags=["staff"])).below
    assert below["wxtag"].includes("wxtag", "1", "A")


def test_a_renamed_site_is_found_under_its_former_names() -> None:
    below = wants(declared("site.New", aliases=("Old",)), declared("site.New/setting")).below["setting"]
    assert [below.includes("setting", "1", name) for name in ("New", "Old", "Other")] == [True, True, False]


def test_a_pinned_site_is_found_by_its_id_alone() -> None:
    below = wants(declared("site.A", api_id="7"), declared("site.A/setting")).below["setting"]
    assert below.includes("setting", "7", "whatever")
    assert not below.includes("setting", "8", "A")


def test_a_site_that_lives_only_in_the_cloud_is_found_by_name_or_id() -> None:
    below = wants(declared("site.Cloud/setting")).below["setting"]
    assert below.includes("setting", "1", "Cloud")
    assert wants(declared("site.77-id/setting")).below["setting"].includes("setting", "77-id", "Cloud")


def test_without_prune_nothing_more_is_read_whatever_is_managed() -> None:
    assert wants(manage={"wlans": {"prune": True}}) == Wants()


def test_prune_wants_its_kinds_everywhere_and_what_holds_them() -> None:
    found = wants(prune=True, manage={"wlans": {"prune": True}, "webhook": {"prune": True}, "sites": {"prune": False}})
    assert found.organisation == {"wlan", "wlantemplate", "webhook", "site"}
    assert found.below["wlan"].includes("wlan", "1", "Any")
    assert found.below["webhook"].includes("webhook", "1", "Any")


@pytest.mark.parametrize("manage", [{"nonsense": {"prune": True}}, {"acl_tags": {"prune": True}}])
def test_prune_of_what_is_no_object_of_the_cloud_reads_nothing(manage: dict[str, Any]) -> None:
    assert wants(prune=True, manage=manage) == Wants()


SCOPES = [
    ("*", "Paris", True),
    ("site.Paris*", "Paris-HQ", True),
    ("site.Paris*", "London", False),
    ("site.Paris-HQ/*", "Paris-HQ", True),
    ("site.Paris-HQ/wlan.*", "Paris-HQ", True),
    ("site.Paris-HQ/webhook.*", "Paris-HQ", False),
    ("*/wlan.Guest", "Paris", True),
    ("*Guest", "Paris", True),
    ("site.P*", "Paris", True),
    ("site.Paris", "Paris", False),
    ("site.Paris-HQ/wlan.Guest", "Paris-HQ", True),
    ("wlantemplate.*", "Paris", False),
    ("site.A%2FB/*", "A/B", True),
]


@pytest.mark.parametrize(("glob", "site", "expected"), SCOPES)
def test_only_sites_that_the_scope_may_reach_into_are_read_for_pruning(glob: str, site: str, expected: bool) -> None:
    below = wants(prune=True, manage={"wlans": {"prune": True, "scope": [glob]}}).below["wlan"]
    assert below.includes("wlan", "1", site) is expected
