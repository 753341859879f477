"""Waits: what Retry-After means, how long backoff is, and the gate that all threads share."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Unauthorized
from reconciler.transport.pacing import LONGEST_WAIT, Gate, Timing, backoff, retry_after, time_of_day
from reconciler.transport.receiving import Raw
from tests.transport.fake_time import FakeTime

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT
HEADERS = [
    (None, None),
    ("7", 7.0),
    (" 7 ", 7.0),
    ("0", 0.0),
    ("1.5", 1.5),
    ("86400", 86400.0),
    ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0),
    ("Tue, 14 Nov 2023 22:14:20", 60.0),
    ("Tue, 14 Nov 2023 23:14:20 +0100", 60.0),
    ("Tue, 14 Nov 2023 22:00:00 GMT", 0.0),
    ("", None),
    ("-5", None),
    ("soon", None),
    ("1e400", None),
    ("inf", None),
    ("nan", None),
    ("\u0667", None),
    ("Tue, 99 Nov 2023 22:14:20 GMT", None),
]


@pytest.mark.parametrize(("header", "seconds"), HEADERS)
def test_retry_after_is_a_number_of_seconds_or_a_date_or_nothing(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, now=NOW) == seconds


DATES = [
    ({"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT", "date": "Tue, 14 Nov 2023 22:13:20 GMT"}, 60.0),
    ({"retry-after": "Tue, 14 Nov 2023 21:14:20 GMT", "date": "Tue, 14 Nov 2023 21:13:20 GMT"}, 60.0),
    ({"retry-after": "Tue, 14 Nov 2023 23:14:20 GMT", "date": "Tue, 14 Nov 2023 23:13:20 GMT"}, 60.0),
    ({"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT", "date": "yesterday"}, 60.0),
    ({"retry-after": "Tue, 14 Nov 2023 22:14:20 GMT"}, 60.0),
    ({"retry-after": "7", "date": "Tue, 14 Nov 2023 21:13:20 GMT"}, 7.0),
    ({"date": "Tue, 14 Nov 2023 21:13:20 GMT"}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), DATES)
def test_a_date_in_retry_after_is_measured_by_the_clock_of_the_host_that_wrote_it(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert Raw(status=429, headers=headers, body=b"").asked_wait(NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_header_crashes_or_asks_for_a_negative_wait(header: str) -> None:
    found = retry_after(header, now=NOW)
    assert found is None or found >= 0


@given(st.integers(1, 60), st.floats(0, 1))
def test_backoff_grows_to_a_bound_with_full_jitter(attempt: int, chance: float) -> None:
    assert 0 <= backoff(attempt, chance=lambda: chance) <= LONGEST_WAIT
    assert backoff(attempt, chance=lambda: 1.0) <= backoff(attempt + 1, chance=lambda: 1.0)


def test_a_time_beyond_every_calendar_is_still_said() -> None:
    assert time_of_day(NOW) == "2023-11-14 22:13:20 UTC"
    assert time_of_day(1e20) == "a later time"


def test_a_pause_closes_the_gate_until_its_end_and_is_never_shortened(fake_time: FakeTime) -> None:
    gate = Gate(fake_time.timing)
    gate.pause(10)
    gate.pause(3)
    assert gate.closed_for == 10
    fake_time.sleep(10)
    assert gate.closed_for == 0


def test_stopping_wakes_a_thread_that_really_waits() -> None:
    gate = Gate(Timing())
    sleeper = threading.Thread(target=gate.sleep, args=(60,))
    sleeper.start()
    gate.stop(Unauthorized("first"))
    gate.stop(Unauthorized("second"))
    sleeper.join(5)
    assert not sleeper.is_alive()
    assert gate.reason is not None
    assert gate.reason.message == "first"
