"""Creating an object once, although answers get lost."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.errors import AmbiguousWrite, BadRequest, Forbidden
from reconciler.mist.client import MistClient
from tests.mist.conftest import GROUPS
from tests.transport.fake_time import FakeTime


def create(client: MistClient, known: frozenset[str] = frozenset()) -> dict[str, Any]:
    return client.post_once(
        GROUPS,
        {"name": "emea"},
        list_path=GROUPS,
        query=None,
        is_same=lambda item: item["name"] == "emea",
        known_ids=known,
    )


def posts(emulator: Emulator) -> int:
    return sum(call.method == "POST" for call in emulator.calls.log)


def stored(emulator: Emulator) -> list[str]:
    emulator.settings.update({"quirks": {"list_lag_s": 0}})
    return [item["id"] for item in emulator.call("GET", GROUPS).body]


def test_a_create_that_works_takes_one_call(client: MistClient, emulator: Emulator) -> None:
    assert create(client)["id"] in stored(emulator)
    assert client.calls.total == 1


@pytest.mark.parametrize(
    "fault", [{"drop": "after"}, {"drop": "body"}, {"status": 504, "stored": True}, {"body": "<html>", "stored": True}]
)
def test_a_create_that_was_stored_although_its_answer_was_lost_is_found_and_not_repeated(
    client: MistClient, emulator: Emulator, fault: dict[str, Any]
) -> None:
    emulator.faults.add({"method": "POST", "times": 1, **fault})
    made = create(client)
    assert stored(emulator) == [made["id"]]
    assert posts(emulator) == 1


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"status": 503}])
def test_a_create_that_was_not_stored_is_repeated_after_looking_for_it(
    client: MistClient, emulator: Emulator, fake_time: FakeTime, fault: dict[str, Any]
) -> None:
    emulator.faults.add({"method": "POST", "times": 1, **fault})
    made = create(client)
    assert stored(emulator) == [made["id"]]
    assert posts(emulator) == 2
    assert sum(fake_time.slept) == pytest.approx(12), "looked for with patience first"


def test_a_list_that_shows_the_new_object_late_makes_no_second_one(
    client: MistClient, emulator: Emulator, fake_time: FakeTime
) -> None:
    emulator.settings.update({"quirks": {"list_lag_s": 6}})
    emulator.faults.add({"method": "POST", "drop": "after", "times": 1})
    made = create(client)
    assert stored(emulator) == [made["id"]]
    assert posts(emulator) == 1


def test_an_object_of_that_name_that_was_there_before_is_not_taken_for_the_new_one(
    client: MistClient, emulator: Emulator
) -> None:
    old = create(client)
    emulator.faults.add({"method": "POST", "drop": "after", "times": 1})
    made = create(client, known=frozenset({old["id"]}))
    assert made["id"] != old["id"]
    assert len(stored(emulator)) == 2


def test_a_create_that_is_lost_every_time_and_never_shows_is_an_error(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"method": "POST", "drop": "before"})
    with pytest.raises(AmbiguousWrite, match="not in the list"):
        create(client)
    assert posts(emulator) == 2


def test_a_create_answered_with_nonsense_that_never_shows_is_not_repeated(
    client: MistClient, emulator: Emulator
) -> None:
    emulator.faults.add({"method": "POST", "status": 200, "body": "[]"})
    with pytest.raises(AmbiguousWrite, match="not in the list"):
        create(client)
    assert posts(emulator) == 1


def test_two_new_objects_that_fit_are_an_error_that_names_both(
    client: MistClient, emulator: Emulator, make_client: Callable[..., MistClient]
) -> None:
    other = emulator.call("POST", GROUPS, body={"name": "emea"}).body["id"]
    emulator.faults.add({"method": "POST", "drop": "after", "times": 1})
    with pytest.raises(AmbiguousWrite, match="2 new objects") as caught:
        create(client)
    assert other in caught.value.message


def test_a_search_that_fails_is_an_error_and_no_reason_to_create_again(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"method": "POST", "drop": "after"})
    emulator.faults.add({"method": "GET", "status": 403})
    with pytest.raises(Forbidden):
        create(client)
    assert posts(emulator) == 1


def test_a_create_that_the_cloud_refuses_is_an_error_at_once(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"method": "POST", "status": 400})
    with pytest.raises(BadRequest):
        create(client)
    assert emulator.calls.total == 1
