"""A 2xx is data only when it is the object that was asked for; a write's useless answer is no failure of the write."""

import json
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.errors import AmbiguousWrite, ApiError, BadAnswer, Fate
from reconciler.mist.client import MistClient
from tests.mist.conftest import GROUPS, ORG
from tests.transport.fake_time import FakeTime

OTHER = "00000000-0000-4000-9000-000000000077"
NOT_THE_OBJECT = [
    "[]",
    "null",
    '"text"',
    "7",
    '{"detail": "Not found."}',
    '{"error": "busy", "code": 503}',
    json.dumps([{"id": OTHER}]),
    json.dumps({"id": OTHER, "name": "emea"}),
    json.dumps({"id": None, "name": "emea"}),
]


@pytest.fixture
def item(emulator: Emulator) -> str:
    made = emulator.call("POST", GROUPS, body={"name": "emea"}).body
    emulator.calls.reset()
    return f"{GROUPS}/{made['id']}"


@pytest.fixture
def setting(emulator: Emulator) -> str:
    body = {"name": "Paris", "country_code": "FR", "timezone": "Europe/Paris"}
    made = emulator.call("POST", f"orgs/{ORG}/sites", body=body).body
    emulator.calls.reset()
    return f"sites/{made['id']}/setting"


@pytest.mark.parametrize("body", [*NOT_THE_OBJECT, "{}", '{"name": "emea"}'])
def test_a_read_that_brings_something_else_than_the_object_is_an_error(
    client: MistClient, emulator: Emulator, item: str, body: str
) -> None:
    emulator.faults.add({"method": "GET", "body": body})
    with pytest.raises(BadAnswer):
        client.get(item)
    assert emulator.calls.total == 3, "read again, as any answer that can't be used"


def test_a_read_that_brings_the_object_at_last_is_good(client: MistClient, emulator: Emulator, item: str) -> None:
    emulator.faults.add({"method": "GET", "body": '{"detail": "busy"}', "times": 2})
    assert client.get(item)["name"] == "emea"


def test_an_id_in_other_letters_is_the_same_id(client: MistClient, emulator: Emulator, item: str) -> None:
    emulator.faults.add({"method": "GET", "body": json.dumps({"id": item.rpartition("/")[2].upper(), "name": "x"})})
    assert client.get(item)["name"] == "x"


@pytest.mark.parametrize("body", ["[]", "{}", '{"detail": "x"}', '{"vars": {"a": "1"}}', '{"site_id": ""}'])
def test_a_setting_that_names_neither_site_nor_organisation_is_an_error(
    client: MistClient, emulator: Emulator, setting: str, body: str
) -> None:
    emulator.faults.add({"method": "GET", "body": body})
    with pytest.raises(BadAnswer):
        client.get(setting)


def test_settings_and_the_account_are_read(client: MistClient, setting: str) -> None:
    assert client.get(setting)["site_id"]
    assert client.get(f"orgs/{ORG}/setting")["org_id"] == ORG
    assert client.self_()["privileges"]


# ---- writes


@pytest.mark.parametrize("body", ["", "nonsense", *NOT_THE_OBJECT])
def test_a_put_that_was_accepted_with_a_useless_answer_may_have_been_stored(
    client: MistClient, emulator: Emulator, item: str, body: str
) -> None:
    emulator.faults.add({"method": "PUT", "body": body, "stored": True})
    with pytest.raises(AmbiguousWrite, match="the change may have been stored") as caught:
        client.put(item, {"name": "apac"})
    assert (caught.value.method, caught.value.path, caught.value.status) == ("PUT", item, 200)
    assert emulator.calls.total == 1
    assert client.get(item)["name"] == "apac"


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"name": "emea"}', '{"id": 7}', '{"id": ""}', '{"detail": "x"}'])
def test_a_create_that_was_accepted_without_the_new_id_may_have_been_done(
    client: MistClient, emulator: Emulator, body: str
) -> None:
    emulator.faults.add({"method": "POST", "body": body, "stored": True, "times": 1})
    with pytest.raises(AmbiguousWrite, match="the object may have been created") as caught:
        client.post(GROUPS, {"name": "emea"})
    assert caught.value.fate is Fate.UNREADABLE
    assert [found["name"] for found in client.list(GROUPS)].count("emea") == 1


# ---- a PUT that is sent a single time


def test_a_put_that_works_returns_the_object(client: MistClient, item: str) -> None:
    assert client.put(item, {"name": "apac"})["name"] == "apac"


FATES: list[tuple[dict[str, Any], Fate, bool]] = [
    ({"status": 429, "retry_after": 7}, Fate.REFUSED, False),
    ({"status": 429}, Fate.REFUSED, False),
    ({"drop": "connect"}, Fate.UNSENT, False),
    ({"drop": "before"}, Fate.UNKNOWN, True),
    ({"drop": "after"}, Fate.UNKNOWN, True),
    ({"delay_ms": 70000}, Fate.UNKNOWN, True),
    ({"status": 503, "retry_after": 9}, Fate.UNKNOWN, True),
    ({"body": "", "stored": True}, Fate.UNREADABLE, True),
    ({"body": '{"detail": "x"}', "stored": True}, Fate.UNREADABLE, True),
]


@pytest.mark.parametrize(("fault", "fate", "may_be_done"), FATES, ids=str)
def test_a_put_that_fails_for_now_is_not_repeated_and_says_what_became_of_it(
    client: MistClient, emulator: Emulator, item: str, fault: dict[str, Any], fate: Fate, may_be_done: bool
) -> None:
    emulator.faults.add({"method": "PUT", **fault})
    with pytest.raises(ApiError) as caught:
        client.put(item, {"name": "apac"})
    assert (caught.value.fate, caught.value.may_be_done) == (fate, may_be_done)
    assert sum(call.method == "PUT" for call in emulator.calls.log) <= 1


def test_a_pause_that_a_put_was_asked_for_is_kept_by_the_read_that_follows(
    client: MistClient, emulator: Emulator, item: str, fake_time: FakeTime
) -> None:
    emulator.faults.add({"method": "PUT", "status": 429, "retry_after": 7})
    with pytest.raises(ApiError):
        client.put(item, {"name": "apac"})
    client.get(item)
    assert sum(fake_time.slept) == 7
