"""API calls are the scarce good: a plan reads exactly what it must, whatever the number of sites."""

from math import ceil
from typing import Any

import pytest

from reconciler.kinds import kinds
from reconciler.model.resource import Resource
from reconciler.model.values import YamlList, YamlMap
from tests.world import ORG, World, declare, world

CONSTANT = 1
"""The organisation itself, for its name."""


def inventory(sites: int) -> list[Resource]:
    """Sites, each with a setting and a WLAN of its own, and one object of each of four organisation kinds."""
    found = [
        declare("sitegroup.emea"),
        declare("rftemplate.indoor"),
        declare("networktemplate.branch"),
        declare("wlantemplate.corporate", {"applies": YamlMap({"sitegroups": YamlList(["emea"])})}),
    ]
    for number in range(sites):
        site = f"site.S{number:04d}"
        found += [
            declare(site, {"sitegroups": YamlList(["emea"]), "networktemplate": "branch", "rftemplate": "indoor"}),
            declare(f"{site}/setting", {"vars": YamlMap({"number": str(number)})}),
            declare(f"{site}/wlan.Lab", {"auth": YamlMap({"type": "open"})}),
        ]
    return [item for kind in kinds() for item in found if item.kind == kind.name]


def cloud_of(sites: int) -> World:
    named: list[dict[str, Any]] = [{"name": f"S{number:04d}"} for number in range(sites)]
    return world({}, sites=named)


def reads(cloud: World) -> int:
    calls = cloud.emulator.calls
    assert all(call.method == "GET" for call in calls.log)
    return calls.total


@pytest.mark.parametrize("sites", [1, 7, 1001])
def test_a_plan_of_s_sites_reads_twice_s_and_a_list_for_each_organisation_kind(sites: int) -> None:
    cloud = cloud_of(sites)
    planned = cloud.plan(*inventory(sites))
    other_kinds = 4
    assert reads(cloud) == 2 * sites + other_kinds + ceil(sites / 1000) + CONSTANT
    assert planned.reads == reads(cloud)


def test_a_second_apply_reads_the_same_and_writes_nothing() -> None:
    cloud = cloud_of(5)
    resources = inventory(5)
    cloud.apply(*resources)
    assert cloud.writes
    cloud.emulator.calls.reset()
    cloud.apply(*resources)
    assert cloud.writes == []
    assert cloud.plan(*resources).changes == ()


def test_kinds_that_nothing_names_are_not_read() -> None:
    cloud = cloud_of(2)
    cloud.plan(declare("site.S0000", {"notes": "only this"}))
    paths = [call.path for call in cloud.emulator.calls.log]
    assert paths == [f"/api/v1/orgs/{ORG}", f"/api/v1/orgs/{ORG}/sites"]
