"""Creating an object once, although answers get lost and lists lag."""

from typing import Any

import pytest
from msgspec.structs import replace

from reconciler.model.change import Outcome, Plan, Status
from reconciler.model.journal import NO_JOURNAL
from reconciler.pipeline.online import apply_plan
from reconciler.transport.pacing import FIRST_WAIT
from tests.transport.fake_time import FakeTime
from tests.world import ONE_THREAD, ORG, World, declare, world

GROUPS = f"orgs/{ORG}/sitegroups"
SITE = "22222222-0000-4000-8000-000000000001"
LOGS = {"method": "GET", "path": "/logs$"}


def lagging(seconds: float, **org: Any) -> World:
    """A world whose lists show new objects late; time passes by waiting only."""
    time = FakeTime()
    cloud = world({"list_lag_s": seconds}, clock=lambda: 1_750_000_000.0 + time.seconds, **org)
    cloud.client = cloud.connect(timing=time.timing)
    return cloud


def posts(cloud: World) -> int:
    return sum(method == "POST" for method, _ in cloud.writes)


def stored(cloud: World, name: str = "apac") -> list[str]:
    """The ids of the groups of that name, whatever the list shows."""
    groups = cloud.emulator.state()["orgs"][0]["sitegroups"]
    return [item["id"] for item in groups if item["name"] == name]


def fault(cloud: World, **what: Any) -> None:
    cloud.emulator.faults.add({"method": "POST", "path": "sitegroups$", **what})


@pytest.mark.parametrize("lag", [0, 6])
@pytest.mark.parametrize(
    "what",
    [
        {"drop": "after"},
        {"drop": "body"},
        {"status": 504, "stored": True},
        {"status": 500, "stored": True},
        {"body": "<html>"},
        {"body": "[]"},
        {"body": '{"name": "apac"}'},
        {"truncate": 20},
    ],
)
def test_a_create_that_was_stored_although_its_answer_was_lost_is_found_and_not_repeated(
    what: dict[str, Any], lag: int
) -> None:
    cloud = lagging(lag)
    fault(cloud, times=1, **what)
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert (outcome.status, outcome.verified) == (Status.APPLIED, True), outcome
    assert posts(cloud) == 1
    assert stored(cloud) == [outcome.api_id]


@pytest.mark.parametrize("what", [{"drop": "before"}, {"status": 503}, {"drop": "connect"}, {"status": 429}])
@pytest.mark.parametrize("times", [1, 3])
def test_a_create_that_was_not_stored_is_sent_again_after_looking_for_it(what: dict[str, Any], times: int) -> None:
    cloud = lagging(0)
    fault(cloud, times=times, **what)
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert outcome.status is Status.APPLIED
    assert stored(cloud) == [outcome.api_id]


@pytest.mark.parametrize("what", [{"drop": "before"}, {"drop": "after"}, {"status": 503}])
@pytest.mark.parametrize("path", ["sitegroups$", "sites$"])
def test_a_cut_connection_or_a_503_costs_no_more_than_twice_its_own_wait(what: dict[str, Any], path: str) -> None:
    cloud, time = lagging(0), FakeTime()
    cloud.client = cloud.connect(timing=time.timing)
    fault(cloud, path=path, times=1, **what)
    outcomes = cloud.apply(declare("sitegroup.apac"), declare("site.Paris"))
    assert all(item.verified for item in outcomes)
    assert sum(time.slept) <= 2 * FIRST_WAIT


def test_a_create_that_was_stored_late_and_sent_again_is_told_with_both_ids() -> None:
    cloud = lagging(0)
    send, late = cloud.adapter.send, []

    def answers(request: Any, **options: Any) -> Any:
        if request.method == "POST" and cloud.writes:  # the first one is stored while the second one is under way
            late.append(cloud.call("POST", GROUPS, {"name": "apac"})["id"])
        return send(request, **options)

    cloud.adapter.send = answers  # type: ignore[method-assign]
    fault(cloud, status=503, times=1)
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert (outcome.status, outcome.verified) == (Status.APPLIED, False)
    assert "it was made twice" in outcome.detail
    assert sorted(stored(cloud)) == sorted([*late, outcome.api_id])
    assert all(found in outcome.detail for found in stored(cloud))


def test_a_create_that_is_lost_every_time_ends_within_the_deadline_and_says_that_it_may_be_there() -> None:
    cloud, time = lagging(0), FakeTime()
    cloud.client = cloud.connect(timing=time.timing)
    fault(cloud, drop="before")
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert (outcome.status, outcome.unsure) == (Status.FAILED, True)
    assert "it is not in the list" in outcome.detail
    assert sum(time.slept) < 150


@pytest.mark.parametrize("what", [{"status": 200, "body": "[]"}, {"status": 500}])
def test_a_create_that_the_cloud_itself_answered_is_not_sent_again(what: dict[str, Any]) -> None:
    cloud = lagging(0)
    fault(cloud, **what)
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert (outcome.status, outcome.unsure) == (Status.FAILED, True)
    assert posts(cloud) == 1


@pytest.mark.parametrize(("log", "lag"), [(True, 1000), (False, 25)], ids=["with_the_log", "without_the_log"])
def test_a_lost_create_that_its_list_hides_for_long_is_not_sent_again(log: bool, lag: float) -> None:
    cloud = lagging(lag)
    if not log:
        cloud.emulator.faults.add({**LOGS, "status": 403})
    fault(cloud, drop="after", times=1)
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert (outcome.status, outcome.verified) == (Status.APPLIED, True)
    assert stored(cloud) == [outcome.api_id]
    assert posts(cloud) == 1
    asked = sum(call.path.endswith("/logs") for call in cloud.emulator.calls.log)
    assert log or asked == 1


def test_two_new_objects_that_fit_are_an_error_that_names_both() -> None:
    cloud = lagging(0)
    plan = cloud.plan(declare("sitegroup.apac"))
    send = cloud.adapter.send
    others: list[str] = []

    def twice(request: Any, **options: Any) -> Any:
        if request.method == "POST":
            others.append(cloud.call("POST", GROUPS, {"name": "apac"})["id"])
        return send(request, **options)

    cloud.adapter.send = twice  # type: ignore[method-assign]
    fault(cloud, drop="after", times=1)
    (outcome,) = cloud.carry_out(plan)
    assert "2 new objects" in outcome.detail
    assert set(stored(cloud)) >= set(others)
    assert all(found in outcome.detail for found in stored(cloud))


def test_a_search_that_fails_is_an_error_and_no_reason_to_create_again() -> None:
    cloud = lagging(0)
    plan = cloud.plan(declare("sitegroup.apac"))
    fault(cloud, drop="after")
    cloud.emulator.faults.add({"method": "GET", "path": "sitegroups$", "status": 403})
    (outcome,) = cloud.carry_out(plan)
    assert (outcome.status, outcome.unsure) == (Status.FAILED, True)
    assert posts(cloud) == 1


def repeated(cloud: World, plan: Plan, **earlier: str) -> tuple[Outcome, ...]:
    """Applies a plan with what the run records know."""
    return apply_plan(plan, cloud.client, options=ONE_THREAD, journal=replace(NO_JOURNAL, earlier=earlier))


@pytest.mark.parametrize("known", ["by the run record", "by the audit log"])
def test_an_object_that_its_list_does_not_show_yet_is_not_made_again(known: str) -> None:
    cloud = lagging(1000, sites=[{"id": SITE, "name": "Paris"}])
    if known == "by the run record":
        cloud.emulator.faults.add({**LOGS, "status": 403})
    resources = [
        declare("sitegroup.apac"),
        declare("site.Oslo", {"notes": "ours", "sitegroups": ["apac"]}),
        declare("site.Oslo/setting", {"vars": {"a": "1"}}),
        declare("site.Oslo/wlan.Lab", {"vlan_id": 7}),
        declare("wlantemplate.corp"),
        declare("wlantemplate.corp/wlan.Corp", {"vlan_id": 10}),
        declare("site.Paris"),
        declare("site.Paris/wlan.Lab", {"vlan_id": 7}),
    ]
    first = cloud.apply(*resources)
    assert {item.status for item in first} == {Status.APPLIED}
    plan = cloud.plan(*resources)
    assert len(plan.changes) == len(first), "the lists show nothing"
    ids = {str(item.address): item.api_id or "" for item in first if item.action == "create"}
    before = len(cloud.writes)
    second = repeated(cloud, plan, **(ids if known == "by the run record" else {}))
    assert {str(item.address): item.status for item in second if item.status is not Status.UNCHANGED} == {}
    assert [item.api_id for item in second] == [item.api_id for item in first]
    assert len(cloud.writes) == before


def test_a_create_that_failed_with_500_and_was_stored_is_not_doubled_by_the_next_run() -> None:
    cloud = lagging(1000)
    fault(cloud, status=500, stored=True, times=1)
    cloud.emulator.faults.add({**LOGS, "status": 403, "times": 9})
    (first,) = cloud.apply(declare("sitegroup.apac"))
    assert (first.status, first.unsure) == (Status.FAILED, True)
    cloud.emulator.faults.clear()
    (second,) = cloud.apply(declare("sitegroup.apac"))
    assert second.status is Status.UNCHANGED
    assert stored(cloud) == [second.api_id]


def test_a_create_of_which_the_record_knows_no_end_is_looked_for_with_patience() -> None:
    cloud = lagging(8)
    cloud.emulator.faults.add({**LOGS, "status": 403})
    cloud.call("POST", GROUPS, {"name": "apac"})
    plan = cloud.plan(declare("sitegroup.apac"))
    (outcome,) = repeated(cloud, plan, **{"sitegroup.apac": ""})
    assert outcome.status is Status.UNCHANGED
    assert len(stored(cloud)) == 1


def test_a_hidden_object_that_is_not_as_declared_is_stale() -> None:
    cloud = lagging(1000)
    made = cloud.call("POST", f"orgs/{ORG}/rftemplates", {"name": "indoor", "band_24_usage": "5"})
    (outcome,) = cloud.apply(declare("rftemplate.indoor", {"band_24_usage": "auto"}))
    assert outcome.status is Status.STALE
    assert made["id"] in outcome.detail
    assert posts(cloud) == 1


@pytest.mark.parametrize("sight", ["the log", "no log", "an old plan"])
def test_what_somebody_made_between_plan_and_apply_is_not_doubled(sight: str) -> None:
    time = FakeTime()
    cloud = world({}, clock=lambda: 1_750_000_000.0 + time.seconds)
    cloud.client = cloud.connect(timing=time.timing)
    plan = cloud.plan(declare("sitegroup.apac"))
    made = cloud.call("POST", GROUPS, {"name": "apac"})
    if sight == "no log":
        cloud.emulator.faults.add({**LOGS, "status": 403})
    if sight == "an old plan":
        time.seconds += 7200  # the log of the last hour tells nothing of it
    (outcome,) = cloud.carry_out(plan)
    assert outcome.status is Status.UNCHANGED
    assert stored(cloud) == [made["id"]]


def test_an_entry_of_the_log_about_another_object_of_that_name_changes_nothing() -> None:
    cloud = lagging(1000)
    for path in ("rftemplates", "networktemplates", "templates"):
        cloud.call("POST", f"orgs/{ORG}/{path}", {"name": "apac"})
    gone = cloud.call("POST", GROUPS, {"name": "apac"})
    cloud.call("DELETE", f"{GROUPS}/{gone['id']}")
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert outcome.status is Status.APPLIED


def test_an_apply_ends_when_lists_show_what_it_created() -> None:
    cloud = lagging(10)
    outcomes = cloud.apply(declare("sitegroup.apac"), declare("sitegroup.emea"), declare("rftemplate.indoor"))
    assert {(item.status, item.verified, item.detail) for item in outcomes} == {(Status.APPLIED, True, "")}
    assert cloud.plan(declare("sitegroup.apac"), declare("sitegroup.emea"), declare("rftemplate.indoor")).changes == ()


def test_a_list_that_lags_too_long_is_said_and_is_no_failure() -> None:
    cloud, time = lagging(1000), FakeTime()
    cloud.client = cloud.connect(timing=time.timing)
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert (outcome.status, outcome.verified) == (Status.APPLIED, True)
    assert "does not show it yet (waited 30 s)" in outcome.detail
    assert sum(time.slept) == pytest.approx(30)


def test_a_run_asks_the_log_once_and_only_where_it_creates() -> None:
    cloud = lagging(0, sitegroups=[{"name": "emea"}], sites=[{"id": SITE, "name": "Paris"}])
    cloud.apply(declare("site.Paris", {"notes": "ours"}))
    assert not [call for call in cloud.emulator.calls.log if call.path.endswith("/logs")]
    cloud.apply(*(declare(f"sitegroup.g{at}") for at in range(5)), declare("rftemplate.indoor"))
    assert len([call for call in cloud.emulator.calls.log if call.path.endswith("/logs")]) == 1
