"""Many creates of one list are one call where the API has one; what it refuses is refused alone."""

import pytest

from reconciler.model.change import Status
from reconciler.model.resource import Resource
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
