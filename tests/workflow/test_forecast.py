"""A plan says how many calls its apply makes, and in an undisturbed run these are made, to the call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from reconciler.model.options import ANEW, FILE, Options
from reconciler.model.resource import Resource
from reconciler.model.values import YamlList, YamlMap
from tests.workflow.file import apply_file, process, saved_and_loaded
from tests.world import World, declare, world

PARIS = "22222222-0000-4000-8000-000000000001"
LYON = "22222222-0000-4000-8000-000000000002"
INDOOR = "33333333-0000-4000-8000-000000000001"
PRUNE = {
    "manage": {kind: {"prune": True} for kind in ("wlan", "sitegroup", "site")},
    "limits": {"deletes": {"absolute": 99, "percent": 100}},
}


@dataclass(frozen=True)
class Case:
    resources: Sequence[Resource]
    live: dict[str, Any] = field(default_factory=dict)
    prune: bool = False


def named(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": name, **more} for name in names]


def site(name: str, **fields: Any) -> list[Resource]:
    """A site of four objects."""
    return [
        declare(f"site.{name}", {"notes": "ours", **fields}),
        declare(f"site.{name}/setting", {"vars": YamlMap({"a": "1"})}),
        declare(f"site.{name}/wlan.A"),
        declare(f"site.{name}/wlan.B"),
    ]


def sorted_by_kind(*resources: Resource) -> list[Resource]:
    return sorted(resources, key=lambda item: item.address.text.count("/"))


WLANS = {"wlans": [{"ssid": ssid, "vlan_id": "1", "auth": {"type": "open"}} for ssid in ("A", "B", "C")]}
MACS = [f"5c5b350e00{at:02}" for at in range(1, 8)]


def fleet(*, at: str | None = None, **more: Any) -> dict[str, Any]:
    """Two sites, a profile, and seven access points of the organisation, at one of the sites or at none."""
    devices = [{"mac": mac, "type": "ap", "model": "AP45", **more} for mac in MACS]
    ids = {"S": PARIS, "T": LYON}
    sites = [{"id": ids[name], "name": name, "devices": devices if name == at else []} for name in ids]
    profiles = [{"id": INDOOR, "name": "indoor", "type": "ap"}, {"name": "outdoor", "type": "ap"}]
    return {"sites": sites, "deviceprofiles": profiles} | ({} if at else {"inventory": devices})


def aps(count: int, **fields: Any) -> list[Resource]:
    return [declare("site.S"), declare("site.T"), *(declare(f"site.S/ap.{mac}", fields) for mac in MACS[:count])]


DEVICES = {
    "a device that is assigned": Case(aps(1, name="x"), fleet()),
    "a device that is given a profile": Case(aps(1, deviceprofile="indoor"), fleet(at="S")),
    "two devices that are given a profile": Case(aps(2, name="x", deviceprofile="indoor"), fleet()),
    "a device that moves": Case(aps(1), fleet(at="T", name="x", notes="by hand")),
    "a device that moves with its profile": Case(aps(1, notes="y"), fleet(at="T", deviceprofile_id=INDOOR)),
    "a device that leaves": Case(aps(1, unassign=True), fleet(at="S")),
    "many devices that are assigned": Case(aps(7), fleet()),
    "many devices that are assigned and configured": Case(aps(7, name="x", deviceprofile="indoor"), fleet()),
    "many devices that move": Case(aps(7, notes="z"), fleet(at="T", name="x", deviceprofile_id=INDOOR)),
    "many devices that leave": Case(aps(7, unassign=True), fleet(at="S")),
    "many devices that are given a profile": Case(
        aps(7, deviceprofile="outdoor"), fleet(at="S", deviceprofile_id=INDOOR)
    ),
    "many devices that lose their profile": Case(aps(7, deviceprofile=None), fleet(at="S", deviceprofile_id=INDOOR)),
    "many devices that are named and given a profile": Case(aps(7, name="x", deviceprofile="indoor"), fleet(at="S")),
}
CASES = DEVICES | {
    "nothing": Case([declare("sitegroup.a")], {"sitegroups": named("a")}),
    "a create": Case([declare("sitegroup.a")]),
    "creates of one kind": Case([declare(f"sitegroup.{name}") for name in "abc"]),
    "creates beside a thousand": Case(
        [declare("sitegroup.a")], {"sitegroups": named(*(f"g{at}" for at in range(999)))}
    ),
    "an update": Case(
        [declare("sitegroup.b"), declare("site.S", {"notes": "x"})], {"sites": named("S"), "sitegroups": named("b")}
    ),
    "a setting": Case(
        [declare("site.S"), declare("site.S/setting", {"vars": YamlMap({"a": "1"})})], {"sites": named("S")}
    ),
    "a field that is cleared": Case([declare("site.S", {"notes": None})], {"sites": named("S", notes="old")}),
    "a new site": Case(sorted_by_kind(*site("S"))),
    "new sites": Case(sorted_by_kind(*(item for name in ("S", "T", "U", "V") for item in site(name)))),
    "new objects below sites": Case(
        sorted_by_kind(*(item for name in "STUV" for item in site(name))), {"sites": named(*"STUV", notes="ours")}
    ),
    "a template and its child": Case(
        [declare("wlantemplate.t", {"applies": YamlMap({"sites": YamlList(["S"])})}), declare("wlantemplate.t/wlan.A")],
        {"sites": named("S")},
    ),
    "a new reference": Case(
        sorted_by_kind(declare("networktemplate.n"), *site("S", networktemplate="n")), {"sites": named("S")}
    ),
    "references in a circle": Case(
        [
            declare("site.S"),
            declare("site.S/wxtag.t", {"match": "wlan_id", "op": "in", "type": "match", "values": YamlList(["A"])}),
            declare("site.S/wlan.A", {"wxtags": YamlList(["t"])}),
        ],
        {"sites": named("S")},
    ),
    "a delete": Case([declare("sitegroup.a")], {"sitegroups": named("a", "b")}, prune=True),
    "deletes of one list": Case(
        [declare("site.S", {"notes": "ours"}), declare("site.S/wlan.A", {"vlan_id": "1"})],
        {"sites": named("S", notes="ours", **WLANS)},
        prune=True,
    ),
    "a site that goes": Case([declare("site.S")], {"sites": named("S", "T", **WLANS)}, prune=True),
    "all at once": Case(
        sorted_by_kind(declare("sitegroup.a"), *site("S"), *site("T")),
        {"sites": named("S", "U", **WLANS), "sitegroups": named("b")},
        prune=True,
    ),
}


def cloud_of(case: Case) -> World:
    return world({}, **case.live)


@pytest.mark.parametrize("threads", [1, 16])
@pytest.mark.parametrize("name", CASES)
def test_the_forecast_is_right_to_the_call(name: str, threads: int) -> None:
    case = CASES[name]
    cloud = cloud_of(case)
    cloud.client = cloud.connect(threads=threads)
    options = Options(threads=threads, prune=case.prune)
    plan = cloud.plan(*case.resources, options=options, **(PRUNE if case.prune else {}))
    assert not plan.errors
    assert bool(plan.changes) is (name != "nothing")
    cloud.emulator.calls.reset()
    outcomes = cloud.carry_out(plan, options)
    assert all(item.verified for item in outcomes), outcomes
    log = [f"{call.method} {call.path}" for call in cloud.emulator.calls.log]
    assert (plan.applying, plan.writes) == (len(log), len(cloud.writes)), log


def test_many_devices_cost_a_write_each_and_a_few_more() -> None:
    case = DEVICES["many devices that are assigned and configured"]
    plan = cloud_of(case).plan(*case.resources)
    assert plan.writes == len(MACS) + 2  # all are assigned in one call, and given their profile in another
    assert plan.applying == plan.writes + 4  # the token, the claimed devices, and the site's list twice


@pytest.mark.parametrize("refuse_any_stale", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_the_forecast_of_a_saved_plan_is_right_to_the_call(name: str, refuse_any_stale: bool) -> None:
    case = CASES[name]
    project, cloud = PRUNE if case.prune else {}, cloud_of(case)
    cloud.client = process(cloud, threads=1)
    options = Options(threads=1, prune=case.prune, refuse_any_stale=refuse_any_stale, forecast=FILE)
    plan = cloud.plan(*case.resources, options=options, **project)
    if not plan.changes:
        assert plan.applying == 0
        return
    saved = saved_and_loaded(plan)
    cloud.client = process(cloud, threads=1)
    cloud.emulator.calls.reset()
    outcomes = apply_file(cloud, saved, case.resources, options=options, **project)
    assert all(item.verified for item in outcomes), outcomes
    log = [f"{call.method} {call.path}" for call in cloud.emulator.calls.log]
    assert (plan.applying, plan.writes) == (len(log), len(cloud.writes)), log


@pytest.mark.parametrize("name", CASES)
def test_a_plan_and_an_apply_that_plans_again_are_what_the_plan_says(name: str) -> None:
    case = CASES[name]
    project, cloud = PRUNE if case.prune else {}, cloud_of(case)
    cloud.client = process(cloud, threads=1)
    plan = cloud.plan(*case.resources, options=Options(threads=1, prune=case.prune, forecast=ANEW), **project)
    cloud.client = process(cloud, threads=1)
    cloud.emulator.calls.reset()
    cloud.client.self_()
    assert all(
        item.verified for item in cloud.apply(*case.resources, options=Options(threads=1, prune=case.prune), **project)
    )
    log = [f"{call.method} {call.path}" for call in cloud.emulator.calls.log]
    assert plan.reads + plan.applying == len(log), log
