"""Two objects of one name in one place are two objects: made, found again, changed and deleted as the two they are."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.model.change import Outcome, Plan, Status
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.pipeline.online import make_plan
from tests.transport.fake_time import FakeTime
from tests.world import ONE_THREAD, ORG, World, declare, world

PARIS = "22222222-0000-4000-8000-000000000001"
WLANS = f"sites/{PARIS}/wlans"
SITE = declare("site.Paris")
PRUNE: dict[str, Any] = {"manage": {"wlan": {"prune": True}}}


def keyed(key: str, band: str, vlan: str = "7", **options: Any) -> Resource:
    """A WLAN of the SSID `Guest` with a key of its own (or none, for the key `Guest`)."""
    body = {"ssid": "Guest", "bands": [band], "vlan_id": vlan, "vlan_enabled": True}
    return replace(declare(f"site.Paris/wlan.{key}", body, **options), key="Guest")


SLOW, FAST = keyed("guest-2g", "24"), keyed("guest-5g", "5")
PLAIN = keyed("Guest", "24")
BOTH = (SITE, SLOW, FAST)


def paris(quirks: dict[str, Any] | None = None, *live: dict[str, Any], time: FakeTime | None = None) -> World:
    """A site with some WLANs; with `time` it passes by waiting only."""
    clock = (lambda: 1_750_000_000.0 + time.seconds) if time else None
    cloud = world(quirks, sites=[{"id": PARIS, "name": "Paris"}], clock=clock)
    for body in live:
        cloud.call(
            "POST", WLANS, {"ssid": "Guest", "auth": {"type": "open"}, "vlan_id": "7", "vlan_enabled": True, **body}
        )
    if time:
        cloud.client = cloud.connect(timing=time.timing)
    return cloud


def stored(cloud: World) -> list[list[str]]:
    """The bands of the WLANs that are there, whatever the list shows."""
    wlans = cloud.emulator.state()["orgs"][0]["sites"][0].get("wlans", [])
    return sorted(item["bands"] for item in wlans if item["ssid"] == "Guest")


def told(plan: Plan) -> tuple[list[str], list[str]]:
    """What a plan does, and which rules it names."""
    done = [f"{item.action} {item.address.name}" for item in plan.changes]
    return done, sorted(item.rule for item in plan.diagnostics)


def with_ids(cloud: World, *resources: Resource) -> tuple[Resource, ...]:
    """The resources with the ids that are remembered after an apply of them."""
    ids = cloud.plan(*resources).ids
    return tuple(replace(item, known_id=ids.get(item.address.text, "")) for item in resources)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), first=st.sampled_from([SLOW, PLAIN]), threads=st.sampled_from([1, 4]))
def test_both_are_made_and_found_again_with_and_without_their_ids_whatever_the_cloud_does(
    seed: int, first: Resource, threads: int
) -> None:
    cloud = paris({"random": seed, "list_lag_s": 0.0})
    outcomes = cloud.apply(SITE, first, FAST, options=Options(threads=threads))
    assert [item.status for item in outcomes] == [Status.APPLIED] * 2, outcomes
    assert stored(cloud) == [["24"], ["5"]]
    for resources in ((SITE, first, FAST), with_ids(cloud, SITE, first, FAST)):
        assert told(cloud.plan(*resources)) == ([], [])


@pytest.mark.parametrize("first", [SLOW, PLAIN])
def test_a_second_one_is_made_beside_the_one_that_is_live(first: Resource) -> None:
    cloud = paris(None, {"bands": ["24"], "dtim": 3})
    assert told(cloud.plan(SITE, first, FAST)) == (["create guest-5g"], [])
    cloud.apply(SITE, first, FAST)
    assert stored(cloud) == [["24"], ["5"]]
    assert cloud.only(WLANS, bands=["24"])["dtim"] == 3


@dataclass(frozen=True)
class Live:
    """WLANs of the SSID that are live, and what is planned for both declared ones where nothing is remembered."""

    bodies: tuple[dict[str, Any], ...]
    planned: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


TWO_G, FIVE_G, WIDE = ({"bands": bands} for bands in (["24"], ["5"], ["24", "5"]))
CASES = {
    "both as declared": Live((FIVE_G, TWO_G)),
    "one edited where it says nothing of which it is": Live((TWO_G, {**FIVE_G, "dtim": 9})),
    "both edited in the same field": Live(
        ({**TWO_G, "vlan_id": "8"}, {**FIVE_G, "vlan_id": "8"}), ("update guest-2g", "update guest-5g")
    ),
    "one edited so that it is like none": Live((TWO_G, WIDE), ("update guest-5g",)),
    "both edited so that they are like none": Live((WIDE, WIDE), (), ("ambiguous-live", "ambiguous-live")),
    "one of them, like none": Live((WIDE,), (), ("ambiguous-live", "ambiguous-live")),
    "a copy of one, and the other is gone": Live((TWO_G, TWO_G), (), ("ambiguous-live", "ambiguous-live")),
    "a third one that nobody declared": Live((TWO_G, FIVE_G, WIDE)),
    "a copy of one beside both": Live((TWO_G, TWO_G, FIVE_G), (), ("ambiguous-live",)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_tells_them_apart_says_which_is_which_and_nothing_is_written_where_it_does_not(case: Live) -> None:
    plan = paris({}, *case.bodies).plan(*BOTH)
    assert told(plan) == ([*case.planned], [*case.rules])
    for change in plan.changes:
        assert change.live is not None
        assert change.declared is not None
        bands = change.live.body["bands"]
        assert bands in (change.declared.body["bands"], WIDE["bands"])


def test_an_id_that_is_remembered_comes_before_what_is_alike() -> None:
    cloud = paris()
    cloud.apply(*BOTH)
    known = with_ids(cloud, *BOTH)
    slow, fast = (cloud.only(WLANS, bands=bands)["id"] for bands in (["24"], ["5"]))
    cloud.call("PUT", f"{WLANS}/{slow}", {"bands": ["5"]})
    cloud.call("PUT", f"{WLANS}/{fast}", {"bands": ["24"]})
    changes = cloud.plan(*known).changes
    assert [(item.address.name, item.live and item.live.id) for item in changes] == [
        ("guest-2g", slow),
        ("guest-5g", fast),
    ]


def test_the_one_that_was_made_again_is_made_and_its_sibling_is_left_alone() -> None:
    cloud = paris()
    cloud.apply(*BOTH)
    known = with_ids(cloud, *BOTH)
    cloud.call("DELETE", f"{WLANS}/{cloud.only(WLANS, bands=['5'])['id']}")
    for resources in (BOTH, known):
        assert told(cloud.plan(*resources))[0] == ["create guest-5g"]


@pytest.mark.parametrize("remembered", [False, True])
def test_the_one_that_is_taken_out_of_the_files_is_the_one_that_is_pruned(remembered: bool) -> None:
    cloud = paris()
    cloud.apply(*BOTH)
    left = (with_ids(cloud, *BOTH) if remembered else BOTH)[:2]
    plan = cloud.plan(*left, options=Options(prune=True, threads=1), **PRUNE)
    assert [item.action for item in plan.changes] == ["delete"]
    cloud.carry_out(plan)
    assert stored(cloud) == [["24"]]


def test_a_commit_may_change_all_that_tells_them_apart_where_its_base_is_known() -> None:
    cloud = paris()
    cloud.apply(*BOTH)
    project = Project.model_validate({"version": 1})
    base = Inventory(project=project, resources=BOTH)
    head = Inventory(project=project, resources=(SITE, keyed("guest-2g", "6", "8"), keyed("guest-5g", "6", "9")))
    slow, fast = (cloud.only(WLANS, bands=bands)["id"] for bands in (["24"], ["5"]))
    plan = make_plan(head, cloud.client, org_id=ORG, options=ONE_THREAD, bases=(base,))
    assert [(item.address.name, item.live and item.live.id) for item in plan.changes] == [
        ("guest-2g", slow),
        ("guest-5g", fast),
    ]
    assert told(make_plan(head, cloud.client, org_id=ORG, options=ONE_THREAD))[1] == ["ambiguous-live"] * 2


def test_one_that_is_to_go_is_known_by_its_id_alone() -> None:
    cloud = paris()
    cloud.apply(*BOTH)
    gone = replace(FAST, absent=True, body=FAST.body)
    known = with_ids(cloud, SITE, SLOW, FAST)[2].known_id
    assert told(cloud.plan(SITE, SLOW, gone)) == ([], ["ambiguous-live"])
    cloud.apply(SITE, SLOW, replace(gone, known_id=known))
    assert stored(cloud) == [["24"]]
    assert told(cloud.plan(SITE, SLOW, gone)) == ([], [])


FAULTS: list[dict[str, Any]] = [
    {"drop": "after"},
    {"drop": "before"},
    {"status": 503},
    {"status": 500, "stored": True},
    {"body": "[]"},
    {"drop": "after", "times": 2},
]


@pytest.mark.parametrize("lag", [0, 6])
@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_create_never_takes_its_sibling_for_itself_and_is_never_doubled(
    fault: dict[str, Any], log: bool, threads: int, lag: int
) -> None:
    time = FakeTime()
    cloud = paris({"list_lag_s": lag}, time=time)
    cloud.emulator.faults.add({"method": "POST", "path": "wlans$", "times": 1, **fault})
    if not log:
        cloud.emulator.faults.add({"method": "GET", "path": "/logs$", "status": 403, "times": 99})
    outcomes = cloud.apply(*BOTH, options=Options(threads=threads))
    assert [item.status for item in outcomes] == [Status.APPLIED] * 2, outcomes
    assert stored(cloud) == [["24"], ["5"]]
    assert told(cloud.plan(*BOTH)) == ([], [])
    assert same_bands(cloud, outcomes)


def same_bands(cloud: World, outcomes: tuple[Outcome, ...]) -> bool:
    """Whether each outcome has the id of what it made."""
    wanted = {item.address.name: item.api_id for item in outcomes}
    return wanted == {
        key: cloud.only(WLANS, bands=[band])["id"] for key, band in (("guest-2g", "24"), ("guest-5g", "5"))
    }


@pytest.mark.parametrize("lag", [0, 6])
@pytest.mark.parametrize("first", [SLOW, FAST])
def test_what_another_run_made_just_now_is_found_although_no_list_shows_it(first: Resource, lag: int) -> None:
    time = FakeTime()
    cloud = paris({"list_lag_s": lag}, time=time)
    plan = cloud.plan(*BOTH)
    body = dict(first.body)
    cloud.call("POST", WLANS, body)  # as a run that was killed did
    outcomes = cloud.carry_out(plan, options=ONE_THREAD)
    assert sorted(item.status for item in outcomes) == [Status.APPLIED, Status.UNCHANGED], outcomes
    assert stored(cloud) == [["24"], ["5"]]


def test_passphrases_of_one_name_and_ssid_are_two_under_keys_of_their_own() -> None:
    body = {"name": "till", "ssid": "Shop", "usage": "multi", "passphrase": "a passphrase of ours"}
    both = [replace(declare(f"psk.till-{vlan}", {**body, "vlan_id": vlan}), key="till@Shop") for vlan in ("10", "20")]
    others = [
        replace(declare(f"psk.till{n}@Shop", {**body, "name": f"till{n}"}), key=f"till{n}@Shop") for n in range(6)
    ]
    cloud = world({})
    outcomes = cloud.apply(*both, *others)
    assert {item.status for item in outcomes} == {Status.APPLIED}
    found = [(item["name"], item.get("vlan_id")) for item in cloud.call("GET", f"orgs/{ORG}/psks")]
    assert len(found) == 8
    assert [vlan for name, vlan in found if name == "till"] == ["10", "20"]
    assert told(cloud.plan(*both, *others)) == ([], [])
