"""Faults and controls, as a program and as a person at a keyboard use them."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator, EmulatorError, Fault, Request
from reconciler.emulator.messages import Delivery, Reply
from tests.emulator.support import ORG, SITE, Clock, ok, refused

PATH = f"/api/v1/orgs/{ORG}/sites"
HEADERS = {"Authorization": "Token t"}


def deliver(emulator: Emulator, method: str = "GET", path: str = PATH, **more: Any) -> Delivery:
    request = Request(method, path, more.get("query", {}), more.get("body"), HEADERS)
    return emulator.deliver(request, timeout=more.get("timeout"))


def control(emulator: Emulator, method: str, name: str, body: Any = None) -> Reply:
    return emulator.handle(Request(method, f"/__emulator__/{name}", body=body))


STATUSES = [
    ({"status": 503}, (503, "Emulated fault 503", {})),
    ({"status": 429, "retry_after": 7}, (429, "Too Many Request", {"Retry-After": "7"})),
    ({"status": 403}, (403, "permission", {})),
    ({"status": 500, "detail": "disk full"}, (500, "disk full", {})),
    ({"status": 503, "headers": {"X-A": "b"}}, (503, "Emulated", {"X-A": "b"})),
]


@pytest.mark.parametrize(("fault", "expected"), STATUSES)
def test_a_fault_answers_in_place_of_the_cloud(fault: Any, expected: Any, emulator: Emulator) -> None:
    emulator.faults.add({**fault, "times": 1})
    reply = deliver(emulator, "POST", body={"name": "n"}).reply
    status, detail, headers = expected
    refused(reply, status, detail)
    assert headers.items() <= reply.headers.items()
    assert len(ok(deliver(emulator).reply)) == 2


def test_a_fault_can_strike_after_the_change_was_stored(emulator: Emulator) -> None:
    emulator.faults.add({"status": 504, "stored": True, "times": 1})
    refused(deliver(emulator, "POST", body={"name": "n"}).reply, 504)
    assert len(ok(deliver(emulator).reply)) == 3


MATCHING = [
    ({"method": "PUT"}, [True, True, True]),
    ({"method": "GET"}, [False, True, True]),
    ({"method": "*"}, [False, True, True]),
    ({"path": "sitegroups"}, [True, True, True]),
    ({"path": r"/orgs/[^/]+/sites$"}, [False, True, True]),
    ({"query": "page=2"}, [True, False, True]),
    ({"skip": 1}, [True, False, True]),
    ({"times": None}, [False, False, False]),
    ({"times": 2}, [False, False, True]),
    ({"times": 0}, [True, True, True]),
]


@pytest.mark.parametrize(("fault", "fine"), MATCHING)
def test_a_fault_strikes_where_and_as_often_as_it_says(fault: Any, fine: list[bool], emulator: Emulator) -> None:
    emulator.faults.add({"status": 500, "times": 1, **fault})
    queries = [{"page": "1"}, {"page": "2"}, {"page": "3"}]
    assert [deliver(emulator, query=q).reply.status == 200 for q in queries] == fine


def test_the_first_fault_that_matches_wins_and_the_next_one_follows(emulator: Emulator) -> None:
    emulator.faults.replace([Fault(status=500, times=1), {"status": 502, "times": 1}])
    assert [deliver(emulator).reply.status for _ in range(3)] == [500, 502, 200]


def test_an_answer_can_be_html_or_cut_short(emulator: Emulator) -> None:
    emulator.faults.replace([{"body": "<html>busy</html>", "times": 1}, {"truncate": 5, "times": 1}])
    page = deliver(emulator).reply
    assert (page.status, page.content, page.headers["Content-Type"]) == (200, b"<html>busy</html>", "text/html")
    assert len(deliver(emulator).reply.content) == 5
    emulator.faults.add({"body": "busy", "status": 502, "times": 1})
    assert deliver(emulator).reply.headers == {}


def test_the_pages_of_a_list_can_shift_while_it_is_read(emulator: Emulator) -> None:
    emulator.faults.add({"query": "page=2", "shift": 1})
    first, second = (deliver(emulator, query={"limit": "1", "page": p}).reply for p in "12")
    assert ([s["name"] for s in ok(first)], ok(second)) == (["Paris"], [])
    assert (first.headers["X-Page-Total"], second.headers["X-Page-Total"]) == ("2", "1")


DROPS = [("connect", 2), ("before", 2), ("after", 3), ("body", 3)]


@pytest.mark.parametrize(("drop", "sites"), DROPS)
def test_a_connection_is_cut_before_or_after_the_change(drop: str, sites: int, emulator: Emulator) -> None:
    emulator.faults.add({"drop": drop, "times": 1})
    assert deliver(emulator, "POST", body={"name": "n"}).cut == drop
    assert emulator.calls.log[-1].status == 0
    assert len(ok(deliver(emulator).reply)) == sites


def test_latency_and_delay_pass_and_a_timeout_ends_them(emulator: Emulator, clock: Clock) -> None:
    emulator.settings.update({"latency_ms": 1000})
    emulator.faults.add({"delay_ms": 5000, "times": 2})
    start = clock.now
    assert not deliver(emulator, timeout=10).timed_out
    assert clock.now - start == pytest.approx(6, abs=0.2)
    start = clock.now
    late = deliver(emulator, "POST", body={"name": "n"}, timeout=2)
    assert late.timed_out
    assert clock.now - start == pytest.approx(2, abs=0.2)
    assert len(ok(deliver(emulator).reply)) == 3


BAD_FAULTS = [
    ("text", "expected an object"),
    ({"colour": 1}, "unknown key colour"),
    ({"drop": "sometimes"}, "drop must be one of"),
    ({"path": "("}, "path is no regular expression"),
    ({"query": 5}, "query is no regular expression"),
    ({"status": "500"}, "status must be a number"),
    ({"times": True}, "times must be a number"),
    ({"delay_ms": -1}, "delay_ms must be a number"),
]


@pytest.mark.parametrize(("fault", "message"), BAD_FAULTS)
def test_a_fault_that_makes_no_sense_is_an_error_and_the_others_stay(
    fault: Any, message: str, emulator: Emulator
) -> None:
    emulator.faults.add({"status": 500})
    with pytest.raises(EmulatorError, match=message):
        emulator.faults.replace([fault])
    reply = control(emulator, "PUT", "faults", [fault])
    refused(reply, 400, message)
    assert len(emulator.faults.as_json()) == 1


def test_faults_are_set_read_and_cleared_by_the_control(emulator: Emulator) -> None:
    fault = {"method": "GET", "status": 500, "times": 2, "skip": 1}
    assert ok(control(emulator, "PUT", "faults", [fault, {"drop": "after"}])) == [fault, {"drop": "after"}]
    deliver(emulator)
    deliver(emulator)
    assert ok(control(emulator, "GET", "faults")) == [{**fault, "times": 1, "skip": 0}, {"drop": "after"}]
    assert ok(control(emulator, "DELETE", "faults")) == ok(control(emulator, "GET", "faults")) == []
    refused(control(emulator, "PUT", "faults", {}), 400, "expected a list")


def test_calls_are_counted_and_kept_and_controls_are_not(emulator: Emulator) -> None:
    deliver(emulator, query={"limit": "5"})
    deliver(emulator, "PUT", f"/api/v1/sites/{SITE}", body={"notes": "n"})
    emulator.call("GET", "nowhere", token=None)
    calls = ok(control(emulator, "GET", "calls"))
    assert (calls["total"], calls["reads"], calls["writes"]) == (3, 2, 1)
    assert calls["log"][0] == {"method": "GET", "path": PATH, "status": 200, "body": None, "query": {"limit": "5"}}
    assert (calls["log"][1]["body"], calls["log"][2]["status"]) == ({"notes": "n"}, 401)
    assert ok(control(emulator, "DELETE", "calls"))["total"] == emulator.calls.total == 0
    assert deliver(emulator, path="/__emulator__/calls").reply.body["total"] == 0


def test_settings_change_one_by_one(emulator: Emulator) -> None:
    ok(control(emulator, "PUT", "settings", {"latency_ms": 5, "quirks": {"list_lag_s": 1.5}}))
    answer = ok(control(emulator, "PUT", "settings", {"quirks": {"rotate_urls": False}}))
    assert (answer["latency_ms"], answer["quirks"]["list_lag_s"]) == (5, 1.5)
    assert (answer["quirks"]["rotate_urls"], answer["quirks"]["reorder"]) == (False, "server")
    assert ok(control(emulator, "GET", "settings")) == answer


BAD_SETTINGS = [
    ([], "expected an object"),
    ({"speed": 1}, "unknown setting speed"),
    ({"latency_ms": "fast"}, "latency_ms has a wrong value"),
    ({"latency_ms": -1}, "latency_ms has a wrong value"),
    ({"hourly_limit": True}, "hourly_limit has a wrong value"),
    ({"hour_s": 0}, "hour_s has a wrong value"),
    ({"ahead_s": "soon"}, "ahead_s has a wrong value"),
    ({"quirks": 5}, "must be an object"),
    ({"quirks": {"magic": True}}, "unknown setting quirks.magic"),
    ({"quirks": {"rotate_urls": 1}}, "quirks.rotate_urls has a wrong value"),
    ({"quirks": {"list_lag_s": -1}}, "quirks.list_lag_s has a wrong value"),
    ({"quirks": {"list_lag_s": float("nan")}}, "quirks.list_lag_s has a wrong value"),
    ({"quirks": {"list_lag_s": True}}, "quirks.list_lag_s has a wrong value"),
    ({"quirks": {"random": "x"}}, "quirks.random needs a whole number"),
    ({"quirks": "all"}, "must be an object"),
    ({"webhooks": "everywhere"}, "webhooks has a wrong value"),
    ({"quirks": {"reorder": 1}}, "quirks.reorder has a wrong value"),
]


@pytest.mark.parametrize(("body", "message"), BAD_SETTINGS)
def test_settings_that_make_no_sense_are_refused_whole(body: Any, message: str, emulator: Emulator) -> None:
    before = emulator.settings.current
    refused(control(emulator, "PUT", "settings", body), 400, message)
    assert emulator.settings.current == before


def test_tokens_are_declared_by_the_control(emulator: Emulator) -> None:
    ok(control(emulator, "PUT", "tokens", {"t": {"role": "read"}}))
    assert ok(control(emulator, "GET", "tokens")) == {"t": {"role": "read"}}
    refused(deliver(emulator, "PUT", f"/api/v1/sites/{SITE}", body={}).reply, 403)


def test_state_is_read_and_replaced(emulator: Emulator) -> None:
    state = ok(control(emulator, "GET", "state"))
    assert ok(control(emulator, "PUT", "state", state)) == state
    assert ok(control(emulator, "PUT", "state", {}))["orgs"] == []
    refused(control(emulator, "PUT", "state", {"planets": []}), 400, "unknown key planets")
    refused(control(emulator, "PUT", "state", 5), 400, "expected an object")


def test_unknown_controls_and_verbs_are_told(emulator: Emulator) -> None:
    refused(control(emulator, "GET", "magic"), 404, "calls, faults, settings, state, tokens")
    refused(control(emulator, "PUT", "calls"), 405, "GET, DELETE")
