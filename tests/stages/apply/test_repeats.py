"""A repeat is a new write: before anything is sent again the object is read and compared again."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from requests import PreparedRequest, Response

from reconciler.model.change import Action, Outcome, Status
from reconciler.model.options import Options
from reconciler.transport.pacing import Timing
from tests.transport.fake_time import FakeTime
from tests.world import ORG, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
GROUP = "33333333-0000-4000-8000-000000000001"
GROUPS = f"orgs/{ORG}/sitegroups"
PRUNE = Options(threads=1, prune=True, ack_deletes=1)
PLAIN = {"server_defaults": "none", "reorder": "none", "rotate_urls": False, "list_lag_s": 0}

REPEATED: dict[str, Mapping[str, Any]] = {
    "429": {"status": 429, "retry_after": 30},
    "429_without_a_time": {"status": 429},
    "502": {"status": 502},
    "503": {"status": 503},
    "504": {"status": 504},
    "504_stored": {"status": 504, "stored": True},
    "cut_before": {"drop": "before"},
    "cut_after": {"drop": "after"},
    "cut_in_the_answer": {"drop": "body"},
    "no_connection": {"drop": "connect"},
    "empty_answer": {"body": ""},
    "html": {"body": "<html>", "stored": True},
}


def lived_in() -> World:
    cloud = world(
        PLAIN,
        sites=[
            {"id": SITE, "name": "Paris", "notes": "old", "setting": {"vars": {"a": "1"}, "rogue": {"enabled": True}}}
        ],
        sitegroups=[{"id": GROUP, "name": "emea"}],
    )
    cloud.client = cloud.connect(timing=FakeTime().timing)
    return cloud


class Colleague:
    """Somebody who edits each time that a writing call of the tool has arrived, or is about to."""

    def __init__(self, cloud: World, edit: Callable[[], object], *, method: str = "PUT") -> None:
        self.inner, self.edit, self.method, self.times = cloud.adapter.send, edit, method, 1

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        try:
            return self.inner(request, **options)
        finally:
            if request.method == self.method and self.times:
                self.times -= 1
                self.edit()


def meanwhile(cloud: World, edit: Callable[[], object], *, method: str = "PUT") -> None:
    cloud.adapter.send = Colleague(cloud, edit, method=method).send  # type: ignore[method-assign]


def by_address(outcomes: tuple[Outcome, ...]) -> dict[str, Outcome]:
    return {str(item.address): item for item in outcomes}


@pytest.mark.parametrize("fault", REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("theirs", ["declared leaf", "beside it"])
def test_a_put_that_is_sent_again_overwrites_no_edit_made_in_between(fault: Mapping[str, Any], theirs: str) -> None:
    cloud = lived_in()
    cloud.emulator.faults.add({"method": "PUT", "path": "setting$", "times": 1, **fault})
    edited = {"a": "by hand"} if theirs == "declared leaf" else {"a": "1", "b": "by hand"}
    stored = fault.get("stored") or fault.get("drop") in ("after", "body") or fault.get("body") == ""
    if stored and theirs == "beside it":
        edited = {"a": "9", "b": "by hand"}
    meanwhile(cloud, lambda: cloud.call("PUT", f"sites/{SITE}/setting", {"vars": edited}))
    outcome = by_address(cloud.apply(declare("site.Paris"), declare("site.Paris/setting", {"vars": {"a": "9"}})))
    found = cloud.call("GET", f"sites/{SITE}/setting")["vars"]
    if theirs == "declared leaf":
        assert found == {"a": "by hand"}
        assert outcome["site.Paris/setting"].status is Status.STALE
    else:
        assert found == {"a": "9", "b": "by hand"}
        assert outcome["site.Paris/setting"].status is Status.APPLIED
        assert outcome["site.Paris/setting"].verified


@pytest.mark.parametrize("fault", REPEATED.values(), ids=REPEATED)
def test_a_delete_that_is_sent_again_does_not_delete_what_was_edited_in_between(fault: Mapping[str, Any]) -> None:
    cloud = lived_in()
    cloud.emulator.faults.add({"method": "DELETE", "times": 1, **fault})
    stored = fault.get("stored") or fault.get("drop") in ("after", "body") or "body" in fault
    if not stored:
        meanwhile(cloud, lambda: cloud.call("PUT", f"{GROUPS}/{GROUP}", {"name": "precious"}), method="DELETE")
    plan = cloud.plan(declare("sitegroup.apac"), manage={"sitegroup": {"prune": True}}, options=PRUNE)
    outcome = by_address(cloud.carry_out(plan))["sitegroup.emea"]
    if stored:
        assert (outcome.status, outcome.verified) == (Status.APPLIED, True)
    else:
        assert outcome.status is Status.STALE
        cloud.only(GROUPS, name="precious")


@pytest.mark.parametrize("fault", REPEATED.values(), ids=REPEATED)
def test_a_create_that_is_sent_again_doubles_nothing_that_somebody_made_in_between(fault: Mapping[str, Any]) -> None:
    cloud = lived_in()
    cloud.emulator.faults.add({"method": "POST", "times": 1, **fault})
    stored = fault.get("stored") or fault.get("drop") in ("after", "body") or "body" in fault
    if not stored:
        meanwhile(cloud, lambda: cloud.call("POST", GROUPS, {"name": "apac"}), method="POST")
    (outcome,) = cloud.apply(declare("sitegroup.apac"))
    assert outcome.status in (Status.APPLIED, Status.UNCHANGED)
    assert outcome.api_id == cloud.only(GROUPS, name="apac")["id"]


def test_the_references_that_close_a_cycle_are_read_again_as_well() -> None:
    cloud = lived_in()
    cycle = [
        declare("site.Paris"),
        declare("site.Paris/wlan.Lab", {"wxtags": ["t"]}),
        declare("site.Paris/wxtag.t", {"type": "match", "match": "wlan_id", "values": ["Lab"]}),
    ]
    cloud.emulator.faults.add({"method": "PUT", "path": "wlans|wxtags", "status": 503, "times": 1})

    def edit() -> None:
        wlan = cloud.only(f"sites/{SITE}/wlans")
        tag = cloud.call("POST", f"sites/{SITE}/wxtags", {"name": "theirs", "type": "client", "match": "ap_id"})
        cloud.call("PUT", f"sites/{SITE}/wlans/{wlan['id']}", {"wxtag_ids": [tag["id"]]})
        mine = cloud.only(f"sites/{SITE}/wxtags", name="t")
        cloud.call("PUT", f"sites/{SITE}/wxtags/{mine['id']}", {"values": [SITE]})

    meanwhile(cloud, edit)
    outcomes = cloud.apply(*cycle)
    (failed,) = [item for item in outcomes if item.status is Status.FAILED]
    assert "was changed after the plan was made" in failed.detail
    assert len([call for call in cloud.writes if call[0] == "PUT"]) == 3, "one of ours, two of the colleague"


def test_an_object_that_was_edited_within_a_second_of_the_plan_is_not_deleted() -> None:
    cloud = world(PLAIN, clock=lambda: 1_750_000_000.0)
    templates = f"orgs/{ORG}/rftemplates"
    made = cloud.call("POST", templates, {"name": "old", "band_24_usage": "auto"})
    plan = cloud.plan(declare("rftemplate.new"), manage={"rftemplate": {"prune": True}}, options=PRUNE)
    cloud.call("PUT", f"{templates}/{made['id']}", {"band_24_usage": "5"})
    after = cloud.call("GET", f"{templates}/{made['id']}")
    assert after["modified_time"] == made["modified_time"]
    outcome = by_address(cloud.carry_out(plan))["rftemplate.old"]
    assert (outcome.action, outcome.status) == (Action.DELETE, Status.STALE)
    assert "`band_24_usage` was changed after the plan was made" in outcome.detail
    cloud.only(templates, name="old")


def test_what_a_run_itself_changes_by_its_deletes_makes_none_of_them_stale() -> None:
    cloud = world(
        sitegroups=[{"id": GROUP, "name": "emea"}],
        networktemplates=[{"name": "campus"}],
        sites=[{"id": SITE, "name": "Old", "sitegroup_ids": [GROUP]}, {"name": "New"}],
        templates=[{"name": "corp", "applies": {"site_ids": [SITE], "sitegroup_ids": [GROUP]}}],
    )
    template = cloud.only(f"orgs/{ORG}/networktemplates")
    cloud.call("PUT", f"sites/{SITE}", {"networktemplate_id": template["id"]})
    cloud.call("POST", f"sites/{SITE}/wlans", {"ssid": "Lab", "portal": {"enabled": True}})
    cloud.call("POST", f"sites/{SITE}/webhooks", {"name": "w", "url": "https://w.example.net/", "topics": ["zone"]})
    kinds = ("site", "sitegroup", "networktemplate", "wlantemplate", "wlan", "webhook")
    plan = cloud.plan(
        declare("site.New"),
        declare("sitegroup.keep"),
        declare("networktemplate.keep"),
        declare("wlantemplate.keep"),
        declare("wlantemplate.keep/wlan.W"),
        declare("webhook.keep", {"url": "https://k.example.net/"}),
        manage={kind: {"prune": True} for kind in kinds},
        limits={"deletes": {"percent": 100, "absolute": 50}},
        options=Options(threads=1, prune=True, ack_deletes=99),
    )
    deletes = [item for item in cloud.carry_out(plan) if item.action is Action.DELETE]
    assert {
        (str(item.address), item.status, item.detail) for item in deletes if item.status is not Status.APPLIED
    } == set()
    assert {"site.Old", "sitegroup.emea", "networktemplate.campus", "wlantemplate.corp"} <= set(
        by_address(tuple(deletes))
    )


def shaken(cloud: World, start: int) -> Callable[..., Response]:
    """The network, with 503 for every tenth answer: some of what is answered so is stored, some is not."""
    inner, calls = cloud.adapter.send, itertools.count(start)

    def send(request: PreparedRequest, **options: Any) -> Response:
        at = next(calls)
        if at * 7919 % 10 == 0:
            cloud.emulator.faults.add({"status": 503, "times": 1, "stored": at % 3 == 0})
        return inner(request, **options)

    return send


@pytest.mark.parametrize("start", range(8))
def test_ten_per_cent_of_answers_503_end_complete_and_double_nothing(start: int) -> None:
    cloud = lived_in()
    plan = cloud.plan(*(declare(f"sitegroup.g{at}") for at in range(30)), declare("site.Paris", {"notes": "ours"}))
    cloud.adapter.send = shaken(cloud, start)  # type: ignore[method-assign]
    outcomes = cloud.carry_out(plan)
    cloud.emulator.faults.clear()
    assert {item.status for item in outcomes} == {Status.APPLIED}
    names = [item["name"] for item in cloud.call("GET", GROUPS)]
    assert len(names) == len(set(names)) == 31


def test_waits_are_the_only_time_that_a_repeat_takes() -> None:
    cloud, time = lived_in(), FakeTime()
    cloud.client = cloud.connect(timing=Timing(clock=time.clock, now=time.clock, sleep=time.sleep, chance=lambda: 1.0))
    cloud.emulator.faults.add({"method": "PUT", "status": 503, "times": 2})
    cloud.apply(declare("site.Paris", {"notes": "ours"}))
    assert time.slept == [0.2, 0.4]
