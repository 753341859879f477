"""Applying when things go wrong: what is told, what is blocked, what is never sent."""

import threading
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.model.change import Action, Change, Outcome, Status
from reconciler.model.options import Options
from reconciler.model.values import Secret
from tests.world import ORG, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
PRUNE = Options(threads=1, prune=True)


def by_address(outcomes: tuple[Outcome, ...]) -> dict[str, Outcome]:
    return {str(item.address): item for item in outcomes}


def cycle() -> list[Any]:
    return [
        declare("site.Paris"),
        declare("site.Paris/wlan.Lab", {"wxtags": ["t"]}),
        declare("site.Paris/wxtag.t", {"type": "match", "match": "wlan_id", "values": ["Lab"]}),
    ]


def test_a_second_pass_that_fails_says_what_is_not_set_and_the_next_run_sets_it() -> None:
    cloud = world(sites=[{"id": SITE, "name": "Paris"}])
    cloud.emulator.faults.add({"method": "PUT", "path": "wlans|wxtags", "status": 400, "times": 1})
    outcomes = cloud.apply(*cycle())
    failed = [item for item in outcomes if item.status is Status.FAILED]
    assert len(failed) == 1
    assert failed[0].api_id
    assert "it was created, but `" in failed[0].detail
    assert "is not set" in failed[0].detail
    assert all(item.verified for item in cloud.apply(*cycle()))
    assert cloud.plan(*cycle()).changes == ()


def test_a_reference_to_what_could_not_be_created_is_not_sent_as_a_name() -> None:
    cloud = world(sites=[{"id": SITE, "name": "Paris"}])
    plan = cloud.plan(*cycle())
    deferred = next(change for change in plan.changes if change.deferred)
    other = "wxtags" if deferred.kind == "wlan" else "wlans"
    cloud.emulator.faults.add({"method": "POST", "path": f"/{other}$", "status": 400})
    outcomes = by_address(cloud.carry_out(plan))
    assert outcomes[deferred.address.text].status is Status.FAILED
    assert "it was created, but" in outcomes[deferred.address.text].detail
    bodies = [call.body for call in cloud.emulator.calls.log if call.method in ("POST", "PUT")]
    assert '["t"]' not in str(bodies).replace("'", '"')
    assert '["Lab"]' not in str(bodies).replace("'", '"')


def test_a_delete_that_is_forbidden_is_a_failure_and_not_gone() -> None:
    cloud = world(rftemplates=[{"name": "a"}, {"name": "b"}])
    plan = cloud.plan(declare("rftemplate.a"), options=PRUNE, manage={"rftemplate": {"prune": True}})
    cloud.emulator.faults.add({"method": "GET", "path": "rftemplates/", "status": 403})
    (outcome,) = cloud.carry_out(plan, PRUNE)
    assert outcome.status is Status.FAILED


def test_a_site_that_somebody_deleted_and_that_answers_403_is_gone() -> None:
    cloud = world(sites=[{"id": SITE, "name": "Old"}, {"name": "New"}])
    plan = cloud.plan(declare("site.New"), options=PRUNE, manage={"site": {"prune": True}})
    cloud.call("DELETE", f"sites/{SITE}")
    cloud.emulator.faults.add({"method": "GET", "path": f"sites/{SITE}$", "status": 403})
    (outcome,) = cloud.carry_out(plan, PRUNE)
    assert outcome.status is Status.UNCHANGED


def test_the_children_of_a_site_that_could_not_be_created_are_blocked_and_say_by_what() -> None:
    cloud = world()
    cloud.emulator.faults.add({"method": "POST", "path": "/sites$", "status": 400, "detail": "no"})
    inventory = [
        declare("site.Paris"),
        declare("site.Paris/setting", {"vars": {"a": "1"}}),
        declare("site.Paris/wlan.Lab"),
        declare("sitegroup.free"),
    ]
    outcomes = by_address(cloud.apply(*inventory))
    assert outcomes["site.Paris"].status is Status.FAILED
    for child in ("setting", "wlan.Lab"):
        assert outcomes[f"site.Paris/{child}"].status is Status.BLOCKED
        assert "site.Paris" in outcomes[f"site.Paris/{child}"].detail
    assert outcomes["sitegroup.free"].status is Status.APPLIED


def test_a_site_refused_for_twin_groups_fails_with_the_clouds_words() -> None:
    cloud = world(sitegroups=[{"id": SITE, "name": "emea"}, {"name": "emea"}])
    outcome = cloud.apply(declare("site.Paris", {"sitegroups": [SITE]}))[0]
    assert outcome.status is Status.FAILED
    assert "already used" in outcome.detail


def test_a_masked_secret_is_never_sent_by_a_create_either() -> None:
    cloud = world()
    secret = Secret("********", origin="env:COPIED")
    outcome = cloud.apply(declare("webhook.h", {"url": "https://h.example.net/", "secret": secret}))[0]
    assert outcome.status is Status.FAILED
    assert "secret" in outcome.detail
    assert cloud.writes == []


@pytest.mark.parametrize("threads", [1, 4])
def test_after_an_interruption_no_change_is_begun_any_more(threads: int) -> None:
    cloud = World(Emulator(data={"orgs": [{"id": ORG, "name": "Acme"}]}))
    plan = cloud.plan(*(declare(f"rftemplate.r{number}") for number in range(40)))
    cloud.emulator.settings.update({"latency_ms": 20})

    def interrupt(_what: str, done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    from reconciler.pipeline.online import apply_plan

    with pytest.raises(KeyboardInterrupt):
        apply_plan(plan, cloud.client, options=Options(threads=threads), progress=interrupt)
    assert len(cloud.writes) < 20


def test_many_threads_make_each_object_once_and_know_every_id() -> None:
    cloud = world()
    inventory = [
        *(declare(f"sitegroup.g{number}") for number in range(8)),
        *(declare(f"wlantemplate.t{number}", {"applies": {"sites": [f"S{number}"]}}) for number in range(8)),
        *(declare(f"wlantemplate.t{number}/wlan.W", {"enabled": True}) for number in range(8)),
        *(declare(f"site.S{number}", {"sitegroups": ["g1", f"g{number}"]}) for number in range(8)),
        *(declare(f"site.S{number}/setting", {"vars": {"a": f"{number}"}}) for number in range(8)),
    ]
    outcomes = cloud.apply(*inventory, options=Options(threads=12))
    assert all(item.verified for item in outcomes)
    assert len(cloud.call("GET", f"orgs/{ORG}/sites")) == 8
    assert cloud.plan(*inventory).changes == ()
    members = {item["name"]: len(item["site_ids"]) for item in cloud.call("GET", f"orgs/{ORG}/sitegroups")}
    assert members["g1"] == 8
    assert threading.active_count() < 30


def test_a_read_back_that_fails_is_told_as_such_and_nothing_is_written_twice() -> None:
    cloud = world(rftemplates=[{"name": "a"}])
    plan = cloud.plan(declare("rftemplate.a", {"band_24_usage": "auto"}))
    cloud.emulator.faults.add({"method": "PUT", "body": "{}"})
    cloud.emulator.faults.add({"method": "GET", "path": "rftemplates/", "skip": 1, "status": 403})
    (outcome,) = cloud.carry_out(plan)
    assert (outcome.status, outcome.verified) == (Status.APPLIED, None)
    assert "can't be read back" in outcome.detail
    assert len(cloud.writes) == 1


def actions(changes: tuple[Change, ...]) -> list[Action]:
    return [change.action for change in changes]


def lagging() -> World:
    return world({"list_lag_s": 30})


def test_lists_that_lag_make_no_twin_and_no_false_outcome() -> None:
    cloud = lagging()
    inventory = [declare(f"rftemplate.r{number}", {"band_24_usage": "auto"}) for number in range(3)]
    assert all(item.verified for item in cloud.apply(*inventory))
    assert actions(cloud.plan(*inventory).changes) in ([], [Action.CREATE] * 3)
