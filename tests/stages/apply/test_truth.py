"""An apply says what is so: one failure is one failure, and what is deleted, unread or different is told apart."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.model.change import Outcome, Status
from reconciler.model.journal import Journal, Write
from reconciler.model.options import Options
from reconciler.pipeline.online import apply_plan
from tests.transport.fake_time import FakeTime
from tests.world import ORG, World, declare, world

GROUPS = f"orgs/{ORG}/sitegroups"
SITE = "22222222-0000-4000-8000-000000000001"
PRUNE = Options(threads=1, prune=True, ack_deletes=99)
FEW = {"sitegroup": {"prune": True}}
ALL = {"deletes": {"percent": 100, "absolute": 50}}


def named(outcomes: tuple[Outcome, ...]) -> dict[str, Outcome]:
    return {str(item.address): item for item in outcomes}


@pytest.mark.parametrize("threads", [1, 16])
def test_two_refusals_are_enough_to_see_that_the_token_may_not_write(threads: int) -> None:
    cloud = world()
    cloud.client = cloud.connect(threads=threads)
    plan = cloud.plan(*(declare(f"sitegroup.g{at:02}") for at in range(40)))
    cloud.emulator.faults.add({"method": "POST", "status": 403})
    outcomes = cloud.carry_out(plan, Options(threads=threads))
    assert len(cloud.writes) == 2
    assert sorted(item.status for item in outcomes) == [Status.BLOCKED] * 38 + [Status.FAILED] * 2
    assert "may not write here" in next(item.detail for item in outcomes if item.status is Status.BLOCKED)


def test_a_token_that_may_write_some_things_writes_them() -> None:
    cloud = world(sites=[{"id": SITE, "name": "Paris"}])
    plan = cloud.plan(declare("site.Paris", {"notes": "x"}), *(declare(f"sitegroup.g{at:02}") for at in range(9)))
    cloud.emulator.faults.add({"method": "POST", "status": 403, "skip": 1})
    outcomes = cloud.carry_out(plan)
    assert sum(item.status is Status.APPLIED for item in outcomes) == 2
    assert sum(item.status is Status.FAILED for item in outcomes) == 8


def test_an_unforeseen_error_of_one_change_is_that_changes_failure_and_holds_no_value() -> None:
    cloud = world(sites=[{"id": SITE, "name": "Paris"}])
    plan = cloud.plan(
        declare("sitegroup.a"), declare("sitegroup.b"), declare("site.Paris/wlan.L"), declare("site.Paris")
    )

    def fail(write: Write) -> None:
        if str(write.change.address) == "sitegroup.a":
            raise KeyError("canary-secret")

    outcomes = named(apply_plan(plan, cloud.client, options=PRUNE, journal=Journal(before=fail)))
    assert outcomes["sitegroup.a"].status is Status.FAILED
    assert "KeyError" in outcomes["sitegroup.a"].detail
    assert "canary" not in repr(outcomes)
    assert {item.status for name, item in outcomes.items() if name != "sitegroup.a"} == {Status.APPLIED}


@pytest.mark.parametrize("body", ["{}", '{"id": 7}', '{"detail": "x"}', "[]", "null", "7"])
def test_an_answer_without_an_id_is_looked_for(body: str) -> None:
    cloud = world()
    cloud.emulator.faults.add({"method": "POST", "body": body, "times": 1})
    outcomes = cloud.apply(declare("sitegroup.a"), declare("sitegroup.b"))
    assert {item.status for item in outcomes} == {Status.APPLIED}
    assert len(cloud.call("GET", GROUPS)) == 2


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"name": "x'])
@pytest.mark.parametrize("stored", [True, False])
def test_a_change_whose_answer_can_not_be_read_is_judged_by_what_is_live(body: str, stored: bool) -> None:
    cloud = world(sites=[{"id": SITE, "name": "Paris"}])
    fault: Mapping[str, Any] = {"method": "PUT", "body": body, "times": 1}
    cloud.emulator.faults.add(fault if stored else {**fault, "status": 200})
    (outcome,) = cloud.apply(declare("site.Paris", {"notes": "ours"}))
    assert (outcome.status, outcome.verified) == (Status.APPLIED, True)
    assert cloud.call("GET", f"sites/{SITE}")["notes"] == "ours"


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_after_a_failure_of_the_cloud_itself_one_look_says_what_became_of_the_write(method: str, stored: bool) -> None:
    cloud = world(sitegroups=[{"name": "keep"}, {"name": "old"}], sites=[{"id": SITE, "name": "Paris"}])
    resources = [declare("site.Paris", {"notes": "ours"}), declare("sitegroup.keep")]
    plan = cloud.plan(*resources, manage=FEW, limits=ALL, options=PRUNE)
    cloud.emulator.faults.add({"method": method, "status": 500, "stored": stored})
    outcome = named(cloud.carry_out(plan))["site.Paris" if method == "PUT" else "sitegroup.old"]
    assert (outcome.status, outcome.unsure) == (Status.APPLIED if stored else Status.FAILED, False)
    assert sum(call[0] == method for call in cloud.writes) == 1


def test_progress_that_nobody_reads_any_more_ends_no_run() -> None:
    cloud = world()
    plan = cloud.plan(*(declare(f"sitegroup.g{at}") for at in range(5)))

    def broken(_what: str, _done: int, _total: int) -> None:
        raise BrokenPipeError

    outcomes = apply_plan(plan, cloud.client, options=PRUNE, progress=broken)
    assert {(item.status, item.verified) for item in outcomes} == {(Status.APPLIED, True)}


def deleting(cloud: World, **options: Any) -> tuple[Outcome, ...]:
    plan = cloud.plan(declare("sitegroup.keep"), manage=FEW, limits=ALL, options=PRUNE)
    for what in options.get("faults", ()):
        cloud.emulator.faults.add(what)
    return cloud.carry_out(plan, PRUNE)


class Ghosts:
    """A list that shows deleted objects for some more reads."""

    def __init__(self, cloud: World, reads: int) -> None:
        self.send_on, self.reads = cloud.adapter.send, reads
        self.cloud, self.before = cloud, cloud.call("GET", GROUPS)

    def send(self, request: Any, **options: Any) -> Any:
        deleted = any(method == "DELETE" for method, _ in self.cloud.writes)
        if deleted and self.reads and request.method == "GET" and "sitegroups?" in request.url:
            self.reads -= 1
            self.cloud.emulator.faults.add({"times": 1, "body": json.dumps(self.before)})
        return self.send_on(request, **options)


@pytest.mark.parametrize("reads", [0, 1, 2, 5])
def test_a_list_that_still_shows_a_deleted_object_does_not_make_its_delete_a_failure(reads: int) -> None:
    cloud = world(sitegroups=[{"name": "keep"}, *({"name": f"g{at}"} for at in range(4))])
    cloud.client = cloud.connect(timing=FakeTime().timing)
    plan = cloud.plan(declare("sitegroup.keep"), manage=FEW, limits=ALL, options=PRUNE)
    cloud.adapter.send = Ghosts(cloud, reads).send  # type: ignore[method-assign]
    outcomes = cloud.carry_out(plan, PRUNE)
    assert {(item.status, item.verified, item.detail) for item in outcomes} == {(Status.APPLIED, True, "")}


def test_an_object_that_is_still_there_after_its_delete_is_told() -> None:
    cloud = world(sitegroups=[{"name": "keep"}, {"name": "g1"}, {"name": "g2"}])
    cloud.client = cloud.connect(timing=FakeTime().timing)
    outcomes = deleting(cloud, faults=[{"method": "DELETE", "status": 200}])
    assert {(item.status, item.verified) for item in outcomes} == {(Status.APPLIED, False)}
    assert "still shows it" in outcomes[0].detail


def test_what_can_not_be_read_back_is_neither_as_declared_nor_different() -> None:
    cloud = world(sitegroups=[{"name": "keep"}], sites=[{"name": "Paris"}])
    plan = cloud.plan(declare("site.Paris", {"notes": "a"}), declare("sitegroup.keep"), declare("sitegroup.b"))
    cloud.emulator.faults.add({"method": "PUT", "body": '{"notes": "a"}'})  # not the whole object: it is read again
    cloud.emulator.faults.add({"method": "GET", "path": "/sites", "skip": 1, "status": 429, "retry_after": 9999})
    outcomes: Mapping[str, Outcome] = named(cloud.carry_out(plan))
    assert outcomes["site.Paris"].status is Status.APPLIED
    assert outcomes["site.Paris"].verified is None
    assert "can't be read back" in outcomes["site.Paris"].detail


def test_every_change_has_one_outcome() -> None:
    cloud = world()
    plan = cloud.plan(*(declare(f"sitegroup.g{at}") for at in range(30)))
    cloud.emulator.faults.add({"method": "POST", "status": 401, "skip": 7})
    outcomes = cloud.carry_out(plan)
    assert [item.address for item in outcomes] == [change.address for change in plan.changes]
