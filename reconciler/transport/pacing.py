"""When to send: waits between repeats, the pause that the cloud asks of everybody, and the stop after a 401.

Clock, sleep and chance are injected through `Timing`, so that tests neither wait nor guess.
"""

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

from reconciler.errors import ApiError

FIRST_WAIT = 0.2
LONGEST_WAIT = 30.0


class Timing(Struct, frozen=True, kw_only=True):
    """Where time and chance come from: `clock` is monotonic, `now` is the time of day in UTC seconds.

    `sleep` None waits for real, and wakes up when the session is stopped.
    """

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] | None = None
    chance: Callable[[], float] = random.random


def retry_after(text: str | None, *, now: float) -> float | None:
    """The seconds that a Retry-After header asks for (a number or an HTTP date), None when it says nothing usable."""
    if text is None:
        return None
    if text.strip().replace(".", "", 1).isdecimal() and text.isascii():
        return float(text)
    until = http_date(text)
    return None if until is None else max(0.0, until - now)


def http_date(text: str) -> float | None:
    """The moment that an HTTP date names, in UTC seconds; None when it names none."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, IndexError, OverflowError):
        return None


def backoff(attempt: int, *, chance: Callable[[], float]) -> float:
    """The wait before repeat number `attempt` (from 1): exponential with full jitter."""
    return chance() * float(min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)))


def time_of_day(seconds: float) -> str:
    """`2031-02-03 14:05:06 UTC`; the words `a later time` when it is beyond every calendar."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return "a later time"


class Gate:
    """What all threads of one session share: whether calls may be sent at all, and from when on."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._stopped = threading.Event()
        self._lock = threading.RLock()  # a signal's handler may stop what its own thread was pausing
        self._reason: ApiError | None = None
        self._open_from = float("-inf")

    def stop(self, reason: ApiError) -> None:
        """No more calls from now on; those that wait end at once. The first reason stays."""
        with self._lock:
            if self._reason is None:
                self._reason = reason
        self._stopped.set()

    @property
    def reason(self) -> ApiError | None:
        """Why everything was stopped; None while calls may be sent."""
        return self._reason if self._stopped.is_set() else None

    def pause(self, seconds: float) -> None:
        """The cloud wants no call for so long, from any thread."""
        with self._lock:
            self._open_from = max(self._open_from, self._timing.clock() + seconds)

    @property
    def closed_for(self) -> float:
        """How many seconds the pause still lasts; 0 when calls may go."""
        return max(0.0, self._open_from - self._timing.clock())

    def sleep(self, seconds: float) -> None:
        """Waits, no longer than until everything is stopped."""
        if self._timing.sleep is not None:
            self._timing.sleep(seconds)
        else:
            self._stopped.wait(seconds)
