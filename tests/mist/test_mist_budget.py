"""The hour's calls of a token: asked for first, shared, waited for or refused, and never more than there are."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.errors import GuardRefusal, RateLimited, Unreachable
from reconciler.mist.budget import Account, Rules
from reconciler.mist.client import MistClient
from reconciler.mist.ledger import LIMIT, MemoryLedger, Usage, usage_of
from reconciler.model.values import Secret
from reconciler.runs.ledger import FileLedger
from tests.mist.conftest import GROUPS, ORG, TOKEN
from tests.transport.fake_time import FakeTime

QUOTA, HOUR = 200, 2.0
PATIENT = Rules(leave=10, wait=True)
USAGE = "/api/v1/self/usage"
Make = Callable[..., MistClient]


def short_hours(emulator: Emulator, *, limit: int = QUOTA) -> None:
    emulator.settings.update({"hourly_limit": limit, "hour_s": HOUR})


def statuses(emulator: Emulator) -> Counter[int]:
    return Counter(call.status for call in emulator.calls.log)


def looks_at_usage(emulator: Emulator) -> int:
    return sum(call.path == USAGE for call in emulator.calls.log)


@pytest.mark.parametrize("threads", [1, 8])
def test_a_thousand_calls_at_200_per_two_seconds_meet_no_429(
    threads: int, make_client: Make, emulator: Emulator, fake_time: FakeTime
) -> None:
    short_hours(emulator)
    client = make_client(budget=PATIENT, threads=threads)
    began = fake_time.seconds
    assert len(client.map(lambda _: client.list(GROUPS), range(1000))) == 1000
    assert set(statuses(emulator)) == {200}
    if threads == 1:  # many threads that sleep move this clock many times
        assert fake_time.seconds - began <= 1.25 * 1000 / QUOTA * HOUR
        assert looks_at_usage(emulator) <= 8


def test_writes_are_held_before_their_look_and_never_between_the_two(
    make_client: Make, emulator: Emulator, fake_time: FakeTime
) -> None:
    short_hours(emulator, limit=21)
    client = make_client(budget=PATIENT)
    group = client.post(GROUPS, {"name": "emea"})
    seen: list[float] = []

    def step() -> dict[str, Any]:
        client.get(f"{GROUPS}/{group['id']}")
        seen.append(fake_time.seconds)
        return client.put(f"{GROUPS}/{group['id']}", {"name": "emea"})

    for _ in range(40):
        client.look_and_write(step)
        assert fake_time.seconds == seen[-1]
    assert set(statuses(emulator)) == {200}
    assert len(seen) == 40


def test_an_hour_without_calls_is_refused_with_its_end_where_nothing_may_wait(
    make_client: Make, emulator: Emulator
) -> None:
    emulator.settings.update({"hourly_limit": 20})
    client = make_client(budget=Rules(leave=10))
    for _ in range(17):
        client.list(GROUPS)
    with pytest.raises(
        RateLimited, match=r"used up \(18 of 20, the rest is for others\), until 1970-01-01 01:00:00 UTC"
    ):
        client.list(GROUPS)
    assert emulator.calls.total == 18


def test_what_does_not_fit_is_said_before_it_begins(make_client: Make, emulator: Emulator) -> None:
    emulator.settings.update({"hourly_limit": 1000})
    notes: list[str] = []
    refusing, waiting = make_client(budget=Rules()), make_client(budget=PATIENT, on_note=notes.append)
    refusing.foresee(899, "this apply")
    with pytest.raises(GuardRefusal, match="This apply takes 900 calls, and 899 may be made in this hour") as refused:
        refusing.foresee(900, "this apply")
    assert "--wait" in str(refused.value)
    waiting.foresee(2800, "this apply")
    assert notes == [
        "This apply takes 2,800 calls, and 898 may be made in this hour (of 900 an hour; the rest is for others): "
        "it will be done soon after 1970-01-01 03:00:00 UTC."
    ]


def test_a_run_may_have_a_budget_of_its_own(make_client: Make, emulator: Emulator) -> None:
    short_hours(emulator, limit=1000)
    client = make_client(budget=Rules(leave=0, most=30, wait=True))
    before = 0
    for number in range(1, 101):
        client.list(GROUPS)
        if emulator.calls.total - before >= 30 and number < 100:
            before = emulator.calls.total
    assert looks_at_usage(emulator) >= 4
    assert set(statuses(emulator)) == {200}


FAILING: Mapping[str, Mapping[str, Any]] = {
    "403": {"status": 403},
    "404": {"status": 404},
    "500": {"status": 500},
    "429": {"status": 429, "retry_after": 1},
    "no answer": {"drop": "after"},
    "a page": {"body": "<html>sign in</html>"},
    "half an answer": {"truncate": 9},
    "a list": {"body": "[]"},
    "words": {"body": '{"requests": "many", "request_limit": "few", "seconds": null}'},
}


@pytest.mark.parametrize("fault", FAILING)
def test_without_a_word_about_usage_calls_are_counted(fault: str, make_client: Make, emulator: Emulator) -> None:
    emulator.faults.add({"path": "self/usage", **FAILING[fault]})
    client = make_client(budget=Rules(leave=10, most=20))
    for _ in range(19):
        client.list(GROUPS)
    assert looks_at_usage(emulator) >= 1
    assert all(call.status == 200 for call in emulator.calls.log if call.path != USAGE)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"requests": -1, "request_limit": 5000, "seconds": 1},
        {"requests": 1, "request_limit": 0, "seconds": 1},
        {"requests": True, "request_limit": 5000, "seconds": 1},
        {"requests": 1, "request_limit": float("inf"), "seconds": 1},
        {"requests": float("nan"), "request_limit": 5000, "seconds": 1},
        {"requests": "1", "request_limit": 5000},
    ],
)
def test_usage_that_can_not_be_is_none(answer: Any) -> None:
    assert usage_of(answer, cloud_now=0.0) is None


@pytest.mark.parametrize(
    ("seconds", "left"), [(60, 60), (3599, 600), (-5, 600), (None, 600), (10**9, 600), (float("nan"), 600)]
)
def test_an_hour_ends_at_the_latest_with_the_clock_hour(seconds: Any, left: float) -> None:
    found = usage_of({"requests": 1, "request_limit": 5000, "seconds": seconds}, cloud_now=3000.0)
    assert found == Usage(requests=1, limit=5000, seconds=left)


def account(ledger: Any, rules: Rules | None = None, *, token: str = TOKEN) -> Account:
    return Account(Secret(token, origin="test"), ledger, rules or Rules(leave=10), host="api.mist.com")


def test_a_cloud_that_counts_too_little_is_not_believed() -> None:
    mine = account(MemoryLedger())
    for _ in range(4):
        mine.learn(Usage(requests=1, limit=100, seconds=60), now=0.0)
        assert mine.take(20)
    assert mine.left == 90 - 80 - 4


def test_a_cloud_that_tells_nothing_is_asked_again_and_counted_on() -> None:
    ledger = MemoryLedger()
    first, second = account(ledger), account(ledger)
    first.learn(None, now=10.0)
    assert first.take(300)
    second.learn(None, now=20.0)
    assert second.left == LIMIT * 0.9 - 302
    second.learn(None, now=3600.0)
    assert second.left == LIMIT * 0.9 - 1, "a new hour"


def test_runs_of_one_machine_share_what_is_left(tmp_path: Path) -> None:
    one, two = (account(FileLedger(tmp_path / "budget")) for _ in range(2))
    other = account(FileLedger(tmp_path / "budget"), token="another")
    for item in (one, two, other):
        item.learn(Usage(requests=10, limit=100, seconds=60), now=0.0)
    taken = [item.take(20) for item in (one, two) * 3]
    assert taken == [True, True, True, True, False, False]
    assert other.take(60), "another token has an hour of its own"
    one.close()
    two.close()
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "budget").glob("*.json"))
    assert TOKEN not in "".join(f"{path} {path.read_text()}" for path in (tmp_path / "budget").glob("*.json"))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"until": "x", "limit": 1, "used": 1}', '{"until": 9e999}', "\x00" * 9]
)
def test_a_ledger_that_can_not_be_read_is_as_if_it_were_not_there(text: str, tmp_path: Path) -> None:
    mine = account(FileLedger(tmp_path / "budget"))
    mine.learn(Usage(requests=10, limit=100, seconds=60), now=0.0)
    assert mine.take(20)
    (file,) = (tmp_path / "budget").glob("*.json")
    file.write_text(text)
    assert mine.take(20)
    assert mine.left <= 90 - 10 - 40


def test_where_no_ledger_can_be_written_a_run_counts_for_itself(tmp_path: Path) -> None:
    (tmp_path / "budget").write_text("a file")
    mine = account(FileLedger(tmp_path / "budget"))
    mine.learn(Usage(requests=10, limit=100, seconds=60), now=0.0)
    assert [mine.take(40) for _ in range(3)] == [True, True, False]


def test_another_user_of_the_token_may_eat_the_hour(make_client: Make, emulator: Emulator) -> None:
    short_hours(emulator)
    client = make_client(budget=PATIENT)
    for number in range(400):
        if number % 150 == 50:
            for _ in range(140):
                emulator.call("GET", f"orgs/{ORG}", token=TOKEN)
        client.list(GROUPS)
    assert sum(call.status == 429 for call in emulator.calls.log if call.path.endswith(GROUPS)) <= 3


def test_tokens_share_the_work_by_what_is_left_of_each(
    make_client: Make, emulator: Emulator, fake_time: FakeTime
) -> None:
    emulator.settings.update({"hourly_limit": QUOTA})
    for _ in range(120):
        emulator.call("GET", f"orgs/{ORG}", token="second")
    emulator.calls.reset()
    client = make_client(budget=Rules(leave=0), more_tokens=(Secret("second", origin="env:MIST_APITOKENS"),))
    for _ in range(QUOTA + 80 - 2):
        client.list(GROUPS)
    assert set(statuses(emulator)) == {200}
    assert not fake_time.slept
    with pytest.raises(RateLimited):
        client.list(GROUPS)


def test_a_token_that_is_used_up_hands_over_at_once(make_client: Make, emulator: Emulator, fake_time: FakeTime) -> None:
    emulator.settings.update({"hourly_limit": QUOTA})
    client = make_client(budget=Rules(leave=0), more_tokens=(Secret("second", origin="env:MIST_APITOKENS"),))
    client.list(GROUPS)
    for token in (TOKEN, "second"):
        for _ in range(190 if token == TOKEN else 100):
            emulator.call("GET", f"orgs/{ORG}", token=token)
    for _ in range(60):
        client.list(GROUPS)
    assert statuses(emulator)[429] == 1
    assert not fake_time.slept


def test_no_token_is_shown_or_logged(make_client: Make, emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    emulator.settings.update({"hourly_limit": 1})
    client = make_client(budget=Rules(), more_tokens=(Secret("canary-second", origin="env:MIST_APITOKENS"),))
    with caplog.at_level("DEBUG", logger="reconciler.mist"), pytest.raises(RateLimited) as refused:
        client.map(lambda _: client.list(GROUPS), range(3))
    assert "canary" not in f"{refused.value} {caplog.text} {client.connection}"


def test_a_wait_for_the_next_hour_ends_with_the_run(make_client: Make, emulator: Emulator) -> None:
    emulator.settings.update({"hourly_limit": 20})
    heard: list[float] = []

    def interrupt(left: float) -> None:
        heard.append(left)
        client.stop()

    client = make_client(budget=PATIENT, on_hold=interrupt)
    with pytest.raises(Unreachable, match="interrupted"):
        client.map(lambda _: client.list(GROUPS), range(30))
    assert len(heard) <= client.connection.threads
