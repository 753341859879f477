"""Many creates of one list are one call where the API has one; what it refuses is refused alone."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from reconciler.model.change import Status
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.values import YamlMap
from tests.world import ORG, World, declare, world

COUNT = 7
PSK = {"ssid": "Guest", "passphrase": "correct-horse"}


def psks(count: int, **more: str) -> list[Resource]:
    return [declare(f"psk.P{at}@Guest", {**PSK, "name": f"P{at}", **more}) for at in range(count)]


def usermacs(count: int) -> list[Resource]:
    return [declare(f"usermac.4850e01234{at:02}", {"vlan": "30"}) for at in range(count)]


def assets(count: int, parent: str = "") -> list[Resource]:
    return [declare(f"{parent}asset.A{at}", {"mac": f"5c5b350e00{at:02}"}) for at in range(count)]


def settled(acme: World, *resources: Resource) -> list[tuple[str, str]]:
    """Applies, with what the plan says that it takes; the writes."""
    plan = acme.plan(*resources)
    before = len(acme.emulator.calls.log)
    outcomes = acme.carry_out(plan)
    assert {(item.status, item.verified) for item in outcomes} == {(Status.APPLIED, True)}, outcomes
    assert len(acme.emulator.calls.log) - before == plan.applying
    assert len(acme.writes) == plan.writes
    assert acme.plan(*resources).changes == ()
    return acme.writes


@pytest.mark.parametrize(
    ("resources", "path"),
    [
        (psks(COUNT), "psks/import"),
        (usermacs(COUNT), "usermacs/import"),
        (assets(COUNT), "assets/import"),
    ],
    ids=["psks", "usermacs", "assets"],
)
def test_many_are_one_call(resources: list[Resource], path: str) -> None:
    assert settled(world({}), *resources) == [("POST", f"/api/v1/orgs/{ORG}/{path}")]


def test_below_a_site_that_is_made_in_the_same_run() -> None:
    site = declare("site.S")
    writes = settled(world({}), site, *assets(COUNT, "site.S/"))
    assert [path.rpartition("/")[2] for _, path in writes] == ["sites", "import"]


def test_a_few_are_created_one_by_one_and_so_is_what_the_call_does_not_take() -> None:
    assert len(settled(world({}), *psks(4))) == 4
    floor = declare("site.S/map.Floor", {"type": "image"})
    placed = [declare(f"site.S/asset.A{at}", {"mac": f"5c5b350e00{at:02}", "map": "Floor"}) for at in range(COUNT)]
    assert len(settled(world({}, sites=[{"name": "S"}]), declare("site.S"), floor, *placed)) == 1 + COUNT


def test_a_name_that_is_there_on_another_ssid_is_not_overwritten() -> None:
    acme = world({}, psks=[{"name": "P1", "ssid": "Staff", "passphrase": "of-the-staff"}])
    writes = settled(acme, *psks(COUNT))
    assert [path.rpartition("/")[2] for _, path in writes] == ["import", "psks"]
    assert acme.only(f"orgs/{ORG}/psks", ssid="Staff")["passphrase"] == "of-the-staff"


def test_a_row_that_the_cloud_refuses_fails_alone_and_is_named() -> None:
    acme = world({})
    bad = declare("psk.bad@Guest", {"name": "bad", "ssid": "Guest"})  # without a passphrase
    outcomes = {str(item.address): item for item in acme.apply(*psks(20), bad)}
    failed = {address: item.detail for address, item in outcomes.items() if item.status is not Status.APPLIED}
    assert list(failed) == ["psk.bad@Guest"]
    assert "passphrase" in failed["psk.bad@Guest"]
    assert len(acme.call("GET", f"orgs/{ORG}/psks")) == 20
    assert len(acme.writes) < 15


def test_a_row_that_the_answer_names_fails_alone() -> None:
    acme = world({})
    bad = declare("usermac.zz", {"vlan": "30"})
    acme.emulator.faults.add({"method": "POST", "path": "usermacs$", "times": 9, "status": 400})
    outcomes = acme.apply(*usermacs(COUNT), bad)
    assert [item.status for item in outcomes].count(Status.APPLIED) == COUNT
    assert [str(item.address) for item in outcomes if item.status is Status.FAILED] == ["usermac.zz"]


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_doubles_nothing(lost: str) -> None:
    acme = world({"list_lag_s": 0})
    acme.emulator.faults.add({"method": "POST", "path": "import", "times": 1, "drop": lost})
    outcomes = acme.apply(*assets(COUNT))
    assert {item.status for item in outcomes} == {Status.APPLIED}
    names = [item["name"] for item in acme.call("GET", f"orgs/{ORG}/assets")]
    assert sorted(names) == [f"A{at}" for at in range(COUNT)]


def test_many_go_in_calls_of_five_hundred() -> None:
    acme = world({})
    plan = acme.plan(*usermacs(99), *(declare(f"usermac.4850e1{at:06}") for at in range(402)))
    assert plan.writes == 2
    acme.carry_out(plan)
    assert len(acme.emulator.calls.log) - plan.reads == plan.applying


PRUNE = Options(threads=2, prune=True)
MANAGED: dict[str, Any] = {
    "manage": {"psk": {"prune": True}, "usermac": {"prune": True}},
    "limits": {"deletes": {"absolute": 999, "percent": 100}, "changes": {"absolute": 999, "percent": 100}},
}


def moved(acme: World, *resources: Resource) -> list[tuple[str, str]]:
    """Applies to what is there, with the calls that the plan says; the writes."""
    plan, calls, written = acme.plan(*resources, options=PRUNE, **MANAGED), acme.emulator.calls.log, len(acme.writes)
    assert plan.errors == ()
    before = len(calls)
    outcomes = acme.carry_out(plan)
    assert {(item.status, item.verified) for item in outcomes} == {(Status.APPLIED, True)}, outcomes
    assert (len(calls) - before, len(acme.writes) - written) == (plan.applying, plan.writes)
    assert acme.plan(*resources, options=PRUNE, **MANAGED).changes == ()
    return acme.writes[written:]


def with_vlan(vlan: str, *resources: Resource) -> list[Resource]:
    field = {"psk": "vlan_id", "usermac": "vlan"}
    return [replace(item, body=YamlMap({**item.body, field[item.kind]: vlan})) for item in resources]


@pytest.mark.parametrize("make", [psks, usermacs])
def test_many_are_changed_and_deleted_in_one_call_each(make: Callable[[int], list[Resource]]) -> None:
    acme, made = world({}), make(3 * COUNT)
    path = f"/api/v1/orgs/{ORG}/{made[0].kind}s"
    settled(acme, *made)
    kept = [*with_vlan("40", *made[:COUNT]), *made[COUNT : 2 * COUNT]]
    assert sorted(moved(acme, *kept)) == [("POST", f"{path}/delete"), ("PUT", path)]
    assert len(moved(acme, *with_vlan("50", *made[:4]), *kept[4:])) == 4


def test_those_of_a_site_are_changed_in_one_call_too() -> None:
    acme = world({}, sites=[{"name": "S"}])
    made = [declare(f"site.S/psk.P{at}@Guest", {**PSK, "name": f"P{at}"}) for at in range(COUNT)]
    settled(acme, declare("site.S"), *made)
    ((method, path),) = moved(acme, declare("site.S"), *with_vlan("40", *made))
    assert (method, path.rpartition("/")[2]) == ("PUT", "psks")


def test_one_that_moved_meanwhile_is_left_alone_and_told() -> None:
    acme, made = world({}), psks(2 * COUNT)
    settled(acme, *made)
    plan = acme.plan(*with_vlan("40", *made[:COUNT]), options=PRUNE, **MANAGED)
    for name in ("P1", f"P{COUNT}"):
        path = f"orgs/{ORG}/psks/{acme.only(f'orgs/{ORG}/psks', name=name)['id']}"
        acme.call("PUT", path, {"vlan_id": "99"})
    told = {item.address.name: item.status for item in acme.carry_out(plan)}
    stale = {name for name, status in told.items() if status is not Status.APPLIED}
    assert (stale, len(told)) == ({"P1@Guest", f"P{COUNT}@Guest"}, 2 * COUNT)
    assert acme.only(f"orgs/{ORG}/psks", name="P1")["vlan_id"] == "99"


def test_a_changed_row_that_the_cloud_refuses_fails_alone_and_is_named() -> None:
    acme, made = world({}), psks(4 * COUNT)
    settled(acme, *made)
    bad = replace(made[3], body=YamlMap({**made[3].body, "passphrase": "g" * 64}))  # 64 must be hexadecimal
    before = len(acme.writes)
    outcomes = acme.apply(*with_vlan("40", *made[:3], *made[4:]), bad)
    failed = [(str(item.address), item.detail) for item in outcomes if item.status is not Status.APPLIED]
    assert [address for address, _ in failed] == ["psk.P3@Guest"]
    assert "passphrase" in failed[0][1]
    assert len(acme.writes) - before < 12


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_to_a_change_of_many_is_made_up_for(lost: str) -> None:
    acme, made = world({}), psks(COUNT)
    settled(acme, *made)
    acme.emulator.faults.add({"method": "PUT", "path": "psks$", "times": 1, "drop": lost})
    outcomes = acme.apply(*with_vlan("40", *made))
    assert {(item.status, item.verified) for item in outcomes} == {(Status.APPLIED, True)}
    assert {item["vlan_id"] for item in acme.call("GET", f"orgs/{ORG}/psks")} <= {"40", 40}
