"""The one loop that repeats calls, and how two hosts differ in it by data alone."""

from collections.abc import Callable

import pytest

from reconciler.comment.web import POLICY as CODE_HOST
from reconciler.errors import Fate, RateLimited, ServerFailure, Unauthorized
from reconciler.mist.session import retry_policy
from reconciler.transport.retry import LOOK_AND_WRITE, Failure, Line
from tests.mist.conftest import connection
from tests.transport.fake_time import FakeTime

CLOUD = retry_policy(connection())
BOTH = {"cloud": CLOUD, "code host": CODE_HOST}


def failing(fate: Fate, wait: float | None = None, *, times: int = 99) -> Callable[[int], int | Failure]:
    """An attempt that fails so often, then returns its number."""
    failure = Failure(error=ServerFailure("failed"), fate=fate, wait=wait)
    return lambda number: failure if number <= times else number


def failing_often(fate: Fate, wait: float | None = None, *, times: int) -> Callable[[int], int | Failure]:
    """An attempt that fails so often, however it is numbered; then it returns how often it was made."""
    made: list[int] = []

    def attempt(number: int) -> int | Failure:
        made.append(number)
        return len(made) if len(made) > times else failing(fate, wait)(number)

    return attempt


def limited(wait: float) -> RateLimited:
    return RateLimited(f"not for {wait:g} s")


def call(line: Line, method: str, attempt: Callable[[int], int | Failure]) -> int | Failure:
    return line.call(method, attempt, too_long=limited)


WRITES = {"POST", "PUT"}
REPEATED = {
    "cloud": {
        Fate.BARRED: set(),
        Fate.UNSENT: {"GET", LOOK_AND_WRITE},
        Fate.HELD: {"GET", LOOK_AND_WRITE},
        Fate.REFUSED: {"GET", LOOK_AND_WRITE},
        Fate.UNKNOWN: {"GET", LOOK_AND_WRITE},
        Fate.UNREADABLE: {LOOK_AND_WRITE},
        Fate.SETTLED: set(),
    },
    "code host": {
        Fate.BARRED: set(),
        Fate.UNSENT: {"GET", *WRITES},
        Fate.HELD: {"GET", *WRITES},
        Fate.REFUSED: {"GET", *WRITES},
        Fate.UNKNOWN: {"GET", "PUT"},
        Fate.UNREADABLE: set(),
        Fate.SETTLED: set(),
    },
}


@pytest.mark.parametrize("host", BOTH)
@pytest.mark.parametrize("method", ["GET", LOOK_AND_WRITE, *sorted(WRITES)])
@pytest.mark.parametrize("fate", Fate, ids=lambda fate: str(fate.name))
def test_a_call_is_repeated_by_its_method_and_by_the_fate_of_the_attempt_before(
    host: str, method: str, fate: Fate, fake_time: FakeTime
) -> None:
    if host == "code host" and method == LOOK_AND_WRITE:
        return
    outcome = call(Line(BOTH[host], fake_time.timing), method, failing_often(fate, times=1))
    assert isinstance(outcome, int) == (method in REPEATED[host][fate])


def test_a_write_is_not_sent_after_a_pause_and_the_step_that_looks_first_is(fake_time: FakeTime) -> None:
    line = Line(CLOUD, fake_time.timing)
    line.gate.pause(7)
    outcome = call(line, "PUT", failing(Fate.SETTLED, times=0))
    assert isinstance(outcome, Failure)
    assert (outcome.fate, outcome.wait, fake_time.slept) == (Fate.HELD, 7, [])
    assert call(line, LOOK_AND_WRITE, failing(Fate.SETTLED, times=0)) == 1
    assert fake_time.slept == [7]


def test_an_attempt_that_was_held_does_not_count(fake_time: FakeTime) -> None:
    assert call(Line(CLOUD, fake_time.timing), LOOK_AND_WRITE, failing_often(Fate.HELD, 0.1, times=50)) == 51
    assert isinstance(call(Line(CLOUD, fake_time.timing), LOOK_AND_WRITE, failing(Fate.UNKNOWN, times=8)), Failure)


def test_the_two_hosts_differ_in_which_statuses_may_pass() -> None:
    assert [CLOUD.fate_of(status) for status in (429, 500, 503)] == [Fate.REFUSED, Fate.SETTLED, Fate.UNKNOWN]
    assert [CODE_HOST.fate_of(status) for status in (429, 500, 503)] == [Fate.REFUSED, Fate.UNKNOWN, Fate.UNKNOWN]


def test_a_pause_that_is_longer_than_the_budget_is_an_error_at_once(fake_time: FakeTime) -> None:
    outcome = call(Line(CLOUD, fake_time.timing), "GET", failing(Fate.REFUSED, 500))
    assert isinstance(outcome, Failure)
    assert (outcome.error.message, outcome.fate, outcome.wait) == ("not for 500 s", Fate.REFUSED, 500)
    assert fake_time.slept == []


def test_a_pause_that_the_host_asks_for_is_reported_and_holds_for_the_next_call(fake_time: FakeTime) -> None:
    waits: list[float] = []
    line = Line(CLOUD, fake_time.timing, on_wait=waits.append)
    call(line, "GET", failing(Fate.REFUSED, 7, times=1))
    assert waits == [7]
    call(line, "GET", failing(Fate.REFUSED, 200))
    assert fake_time.slept == [7]
    outcome = call(line, "GET", failing(Fate.SETTLED, times=0))
    assert isinstance(outcome, Failure), "the pause is longer than what this call may take"


@pytest.mark.parametrize(("fate", "wait"), [(Fate.UNKNOWN, None), (Fate.UNKNOWN, 9), (Fate.REFUSED, None)])
def test_a_failure_of_one_call_makes_no_other_call_wait(fate: Fate, wait: float | None, fake_time: FakeTime) -> None:
    line = Line(CLOUD, fake_time.timing)

    def another(number: int) -> int | Failure:
        assert line.gate.closed_for == 0
        return Failure(error=ServerFailure("failed"), fate=fate, wait=wait) if number == 1 else number

    assert call(line, "GET", another) == 2


def test_a_host_that_asks_for_no_pause_again_and_again_gets_one(fake_time: FakeTime) -> None:
    call(Line(CLOUD, fake_time.timing), "GET", failing(Fate.REFUSED, 0))
    assert fake_time.slept == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8])


def test_a_line_that_was_stopped_makes_no_attempt(fake_time: FakeTime) -> None:
    line = Line(CLOUD, fake_time.timing)
    line.gate.stop(Unauthorized("the token is off"))
    outcome = call(line, "GET", failing(Fate.SETTLED, times=0))
    assert isinstance(outcome, Failure)
    assert (outcome.error.message, outcome.fate) == ("the token is off", Fate.BARRED)
