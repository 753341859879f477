"""Which calls are repeated, how often, and what is said when they fail: on the emulator's faults."""

from email.utils import formatdate

import pytest

from reconciler.emulator import Emulator
from reconciler.errors import (
    AmbiguousWrite,
    ApiError,
    BadRequest,
    Forbidden,
    NotFound,
    RateLimited,
    ServerFailure,
    Unauthorized,
    Unreachable,
    UsageError,
)
from reconciler.mist.client import MistClient
from reconciler.mist.connection import Exchange
from tests.mist.conftest import GROUPS, ORG, paths
from tests.transport.fake_time import FakeTime

SITES = f"orgs/{ORG}/sites"


def group(emulator: Emulator, name: str = "emea") -> str:
    """Stores a site group and returns its path."""
    reply = emulator.call("POST", GROUPS, body={"name": name})
    emulator.calls.reset()
    return f"{GROUPS}/{reply.body['id']}"


def test_reads_and_writes_reach_the_cloud_and_are_counted(client: MistClient, emulator: Emulator) -> None:
    made = client.post(GROUPS, {"name": "emea"})
    path = f"{GROUPS}/{made['id']}"
    assert client.put(path, {"name": "apac"})["name"] == "apac"
    assert client.get(path)["name"] == "apac"
    assert [item["name"] for item in client.list(GROUPS)] == ["apac"]
    client.delete(path)
    assert client.list(GROUPS) == []
    assert (client.calls.reads, client.calls.writes, client.calls.retries) == (3, 3, 0)
    assert (emulator.calls.reads, emulator.calls.writes) == (3, 3)
    assert client.calls.total == 6


def test_self_says_who_the_token_is(client: MistClient) -> None:
    assert "privileges" in client.self_()


def test_a_list_asks_for_a_thousand_objects_and_keeps_the_query(client: MistClient, emulator: Emulator) -> None:
    client.list(GROUPS, query={"x": "1"})
    assert emulator.calls.log[-1].query == (("limit", "1000"), ("page", "1"), ("x", "1"))


def test_429_is_waited_out_as_long_as_the_cloud_asks(
    client: MistClient, emulator: Emulator, fake_time: FakeTime
) -> None:
    emulator.faults.add({"status": 429, "retry_after": 7, "times": 2})
    client.list(GROUPS)
    assert fake_time.slept == [7, 7]
    assert (client.calls.reads, client.calls.retries) == (3, 2)


def test_429_with_a_date_is_waited_out_until_then(client: MistClient, emulator: Emulator, fake_time: FakeTime) -> None:
    emulator.faults.add({"status": 429, "retry_after": "Thu, 01 Jan 1970 00:17:00 GMT", "times": 1})
    client.list(GROUPS)
    assert fake_time.slept == [20]


@pytest.mark.parametrize("behind", [3600, 0, -3600], ids=["behind", "equal", "ahead"])
def test_429_with_a_date_is_waited_out_by_the_clock_of_the_cloud(
    client: MistClient, emulator: Emulator, fake_time: FakeTime, behind: int
) -> None:
    fake_time.seconds += 10_000
    cloud = fake_time.seconds - behind
    headers = {"Date": formatdate(cloud, usegmt=True), "Retry-After": formatdate(cloud + 20, usegmt=True)}
    emulator.faults.add({"status": 429, "headers": headers, "times": 1})
    client.list(GROUPS)
    assert fake_time.slept == [20]


def test_429_without_a_time_is_backed_off_from(client: MistClient, emulator: Emulator, fake_time: FakeTime) -> None:
    emulator.faults.add({"status": 429, "times": 3})
    client.list(GROUPS)
    assert fake_time.slept == [0.2, 0.4, 0.8]


def test_a_retry_after_of_a_day_gives_up_at_once_and_says_until_when(
    client: MistClient, emulator: Emulator, fake_time: FakeTime
) -> None:
    emulator.faults.add({"status": 429, "retry_after": 86400})
    with pytest.raises(RateLimited) as caught:
        client.list(GROUPS)
    assert fake_time.slept == []
    assert caught.value.retry_after == 86400
    assert "until 1970-01-02 00:16:40 UTC" in str(caught.value)
    assert "again" in caught.value.remedy
    with pytest.raises(RateLimited, match="until 1970-01-02"):
        client.get("self")
    assert emulator.calls.total == 1, "no second call while the cloud wants none"


def test_a_pause_that_the_cloud_asks_of_one_call_holds_for_the_next_one_too(
    client: MistClient, emulator: Emulator, fake_time: FakeTime, make_client: object
) -> None:
    emulator.faults.add({"status": 429, "retry_after": 50, "times": 9})
    with pytest.raises(RateLimited):
        client.list(GROUPS)
    emulator.faults.clear()
    before = len(fake_time.slept)
    client.list(GROUPS)
    assert fake_time.slept[before:] == [50]


def test_the_waits_of_one_call_stay_within_its_budget(
    client: MistClient, emulator: Emulator, fake_time: FakeTime
) -> None:
    emulator.faults.add({"status": 429, "retry_after": 50})
    with pytest.raises(RateLimited):
        client.list(GROUPS)
    assert fake_time.slept == [50, 50]


def test_repeats_are_bounded_even_when_the_cloud_asks_for_no_wait(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"status": 429, "retry_after": 0})
    with pytest.raises(RateLimited) as caught:
        client.list(GROUPS)
    assert emulator.calls.total == 8
    assert "5000 API Calls" in caught.value.message


@pytest.mark.parametrize("fault", [{"status": 502}, {"status": 503}, {"status": 504}, {"drop": "before"}])
def test_a_passing_failure_of_a_read_is_repeated(
    client: MistClient, emulator: Emulator, fault: dict[str, object]
) -> None:
    path = group(emulator)
    emulator.faults.add({**fault, "times": 2})
    assert client.get(path)["name"] == "emea"
    assert client.calls.retries == 2


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "before"}, {"drop": "after"}, {"status": 429}])
@pytest.mark.parametrize(("times", "at_most"), [(1, 0.2), (2, 0.6), (6, 12.6)])
def test_a_passing_failure_costs_little_time(
    client: MistClient, emulator: Emulator, fake_time: FakeTime, fault: dict[str, object], times: int, at_most: float
) -> None:
    path = group(emulator)
    emulator.faults.add({**fault, "times": times})
    client.get(path)
    assert sum(fake_time.slept) <= at_most + 0.001


def test_an_outage_of_some_seconds_is_ridden_out(client: MistClient, emulator: Emulator, fake_time: FakeTime) -> None:
    emulator.faults.add({"status": 503, "times": 7})
    client.get("self")
    assert sum(fake_time.slept) > 20


def test_503_with_retry_after_is_waited_out(client: MistClient, emulator: Emulator, fake_time: FakeTime) -> None:
    emulator.faults.add({"status": 503, "retry_after": 9, "times": 1})
    client.list(GROUPS)
    assert fake_time.slept == [9]


def test_a_delete_of_what_is_gone_is_content(client: MistClient, emulator: Emulator) -> None:
    path = group(emulator)
    client.delete(path)
    client.delete(path)
    assert [status for *_, status in paths(emulator)] == [200, 404]


def test_a_read_that_is_cut_every_time_ends_as_unreachable(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"drop": "before"})
    with pytest.raises(Unreachable, match="was lost with the connection"):
        client.get("self")
    assert emulator.calls.total == 8


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"drop": "after"}, {"drop": "body"}, {"delay_ms": 70000}])
def test_a_post_whose_answer_was_lost_is_not_sent_again(
    client: MistClient, emulator: Emulator, fault: dict[str, object]
) -> None:
    emulator.faults.add({"method": "POST", **fault})
    with pytest.raises(AmbiguousWrite, match="may have been created"):
        client.post(GROUPS, {"name": "emea"})
    assert emulator.calls.total == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_post_that_a_gateway_failed_on_may_have_been_stored(
    client: MistClient, emulator: Emulator, status: int
) -> None:
    emulator.faults.add({"method": "POST", "status": status})
    with pytest.raises(AmbiguousWrite) as caught:
        client.post(GROUPS, {"name": "emea"})
    assert caught.value.status == status
    assert emulator.calls.total == 1


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_500_is_not_repeated_for_writes(client: MistClient, emulator: Emulator, method: str) -> None:
    path = group(emulator)
    emulator.faults.add({"method": method, "status": 500})
    with pytest.raises(ServerFailure) as caught:
        client.post(GROUPS, {"name": "x"}) if method == "POST" else client.put(path, {"name": "x"})
    assert emulator.calls.total == 1
    assert caught.value.status == 500


def test_500_for_a_read_is_tried_three_times(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"status": 500})
    with pytest.raises(ServerFailure):
        client.list(GROUPS)
    assert emulator.calls.total == 3


def test_a_read_that_times_out_is_repeated(client: MistClient, emulator: Emulator, fake_time: FakeTime) -> None:
    emulator.faults.add({"delay_ms": 70000, "times": 1})
    client.list(GROUPS)
    assert client.calls.retries == 1


def test_reads_that_take_too_long_each_time_end_within_the_budget(
    client: MistClient, emulator: Emulator, fake_time: FakeTime
) -> None:
    emulator.faults.add({"delay_ms": 70000})
    began = fake_time.seconds
    with pytest.raises(Unreachable, match="did not come in time"):
        client.list(GROUPS)
    assert fake_time.seconds - began < 120 + 60 + 10


REFUSALS = [
    (400, BadRequest, "refused GET self \\(400\\)"),
    (401, Unauthorized, "not valid on api.mist.com"),
    (403, Forbidden, "No permission for GET self"),
    (404, NotFound, "GET self: not found"),
    (405, BadRequest, "405"),
    (418, BadRequest, "418"),
]


@pytest.mark.parametrize(("status", "kind", "words"), REFUSALS)
def test_each_refusal_has_its_own_error_and_is_not_repeated(
    client: MistClient, emulator: Emulator, status: int, kind: type[ApiError], words: str
) -> None:
    emulator.faults.add({"status": status})
    with pytest.raises(kind, match=words) as caught:
        client.get("self")
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.method, caught.value.path) == (status, "GET", "self")
    assert emulator.calls.total == 1


def test_401_names_the_variables_to_look_at(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"status": 401})
    with pytest.raises(Unauthorized) as caught:
        client.get("self")
    assert "MIST_APITOKEN" in caught.value.remedy
    assert "MIST_HOST" in caught.value.remedy


def test_after_a_401_no_call_leaves_any_more(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"status": 401, "times": 1})
    for _ in range(3):
        with pytest.raises(Unauthorized, match="token is not valid on"):
            client.get("self")
    assert emulator.calls.total == 1


def test_an_unknown_organisation_asks_about_cloud_and_id(client: MistClient) -> None:
    with pytest.raises(NotFound) as caught:
        client.get("orgs/00000000-0000-4000-8000-00000000dead")
    assert "MIST_ORG_ID" in caught.value.remedy
    assert "MIST_HOST" in caught.value.remedy


@pytest.mark.parametrize(("known", "tries"), [(False, 2), (True, 8)], ids=["never_reached", "reached_before"])
def test_a_host_that_never_took_a_connection_is_not_tried_for_long(
    client: MistClient, emulator: Emulator, known: bool, tries: int
) -> None:
    if known:
        client.get("self")
    emulator.faults.add({"drop": "connect", "times": 99})
    with pytest.raises(Unreachable):
        client.get("self")
    assert emulator.faults.as_json()[0]["times"] == 99 - tries


def test_a_host_that_can_not_be_reached_says_so_with_a_remedy(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"drop": "connect"})
    with pytest.raises(Unreachable) as caught:
        client.get("self")
    assert caught.value.message == "Can't reach api.mist.com: the connection is refused"
    assert "HTTPS_PROXY" in caught.value.remedy
    assert client.calls.total == 0


@pytest.mark.parametrize(
    "path", ["../x", "/self", "orgs//sites", "self?x=1", "a/../b", "a b", "", "self\n", "x/%2e%2e/y", "."]
)
def test_a_path_that_leads_elsewhere_is_never_sent(client: MistClient, emulator: Emulator, path: str) -> None:
    with pytest.raises(UsageError):
        client.get(path)
    assert emulator.calls.total == 0


def test_every_request_is_told_to_the_run_record(make_client: object, emulator: Emulator) -> None:
    told: list[Exchange] = []
    client = make_client(on_request=told.append)  # type: ignore[operator]
    emulator.faults.replace(
        [{"status": 503, "times": 1, "headers": {"X-Request-Id": "abc"}}, {"drop": "before", "times": 1}]
    )
    client.get("self")
    assert [(item.status, item.attempt, item.request_id) for item in told] == [
        (503, 1, "abc"),
        (0, 2, ""),
        (200, 3, ""),
    ]
    assert {(item.method, item.path) for item in told} == {("GET", "self")}
