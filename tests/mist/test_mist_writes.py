"""A call that writes is sent once; the step that looks, compares and writes is what is repeated."""

import pytest

from reconciler.emulator import Emulator
from reconciler.errors import ApiError, Fate, RateLimited, ServerFailure
from reconciler.mist.client import MistClient
from tests.mist.conftest import GROUPS, paths
from tests.transport.fake_time import FakeTime


def group(emulator: Emulator) -> str:
    """Stores a site group and returns its path."""
    reply = emulator.call("POST", GROUPS, body={"name": "emea"})
    emulator.calls.reset()
    return f"{GROUPS}/{reply.body['id']}"


FATES: list[tuple[dict[str, object], Fate]] = [
    ({"status": 429, "retry_after": 1}, Fate.REFUSED),
    ({"status": 429}, Fate.REFUSED),
    ({"status": 502}, Fate.UNKNOWN),
    ({"status": 503, "retry_after": 1}, Fate.UNKNOWN),
    ({"status": 504}, Fate.UNKNOWN),
    ({"drop": "before"}, Fate.UNKNOWN),
    ({"drop": "after"}, Fate.UNKNOWN),
    ({"drop": "body"}, Fate.UNKNOWN),
    ({"drop": "connect"}, Fate.UNSENT),
    ({"body": "<html>"}, Fate.UNREADABLE),
    ({"body": "[]"}, Fate.UNREADABLE),
    ({"status": 500}, Fate.SETTLED),
    ({"status": 400}, Fate.SETTLED),
]


@pytest.mark.parametrize(("fault", "fate"), FATES, ids=[str(case[0]) for case in FATES])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_is_sent_once_and_its_error_says_what_may_have_become_of_it(
    client: MistClient, emulator: Emulator, fault: dict[str, object], fate: Fate, method: str
) -> None:
    path = group(emulator)
    client.get("self")
    emulator.faults.add({"method": method, **fault})
    if method == "DELETE" and fault == {"body": "[]"}:
        return  # what a DELETE is answered with does not matter
    with pytest.raises(ApiError) as caught:
        _write(client, method, path)
    assert caught.value.fate is fate
    assert client.calls.writes == (fate is not Fate.UNSENT)
    assert sum(call.method == method for call in emulator.calls.log) == 1


def _write(client: MistClient, method: str, path: str) -> None:
    if method == "POST":
        client.post(GROUPS, {"name": "apac"})
    elif method == "PUT":
        client.put(path, {"name": "x"})
    else:
        client.delete(path)


def test_a_write_does_not_wait_for_a_pause_that_the_cloud_wants(
    client: MistClient, emulator: Emulator, fake_time: FakeTime
) -> None:
    path = group(emulator)
    emulator.faults.add({"status": 429, "retry_after": 20, "times": 1})
    with pytest.raises(RateLimited):
        client.put(path, {"name": "x"})
    with pytest.raises(RateLimited) as caught:
        client.put(path, {"name": "x"})
    assert (caught.value.fate, caught.value.retry_after) == (Fate.HELD, 20)
    assert fake_time.slept == []
    assert emulator.calls.total == 1


def test_a_step_that_looks_and_writes_is_made_anew_from_its_look_on(
    client: MistClient, emulator: Emulator, fake_time: FakeTime
) -> None:
    path = group(emulator)
    emulator.faults.add({"method": "PUT", "status": 429, "retry_after": 20, "times": 1})
    emulator.faults.add({"method": "PUT", "drop": "before", "times": 1})

    def step() -> str:
        seen = client.get(path)["name"]
        return str(client.put(path, {"name": f"{seen}!"})["name"])

    assert client.look_and_write(step) == "emea!"
    assert [call[0] for call in paths(emulator)] == ["GET", "PUT"] * 3
    assert fake_time.slept == [20, 0.4]


def test_a_look_that_fails_is_not_repeated_more_often_than_any_read(client: MistClient, emulator: Emulator) -> None:
    emulator.faults.add({"status": 503})
    with pytest.raises(ServerFailure):
        client.look_and_write(lambda: client.get("self"))
    assert emulator.calls.total == 8
