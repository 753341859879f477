"""When a call is sent again: what became of an attempt, and the rules of a host as data.

In: a function that makes one attempt.  Out: what it returned, or the `Failure` after which there is to be no other.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from reconciler.errors import ApiError, Fate, RateLimited
from reconciler.transport.pacing import Gate, Timing, backoff

Done = TypeVar("Done")
LOOK_AND_WRITE = "LOOK AND WRITE"
"""Stands for a method in `RetryPolicy.repeats`: a write together with the look at what is live before it. It is
repeated as a whole, where the write alone must not be: what is live may be another thing by then."""


class Failure(Struct, frozen=True, kw_only=True):
    """An attempt without success; `wait` is the seconds that the host asked for."""

    error: ApiError
    fate: Fate = Fate.SETTLED
    wait: float | None = None


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """The rules of one host. `repeats` has the methods that may be sent again, by the fate of the attempt before;
    `passing` the statuses that leave a call's fate unknown. `budget` bounds one call with all its waits in seconds;
    `first_contact` is how often a host is tried that never took a connection."""

    tries: int
    budget: float
    repeats: Mapping[Fate, frozenset[str]]
    passing: frozenset[int]
    first_contact: int

    def may_repeat(self, method: str, fate: Fate) -> bool:
        """Whether a call may be sent again after an attempt of that fate."""
        return method in self.repeats.get(fate, frozenset())

    def fate_of(self, status: int) -> Fate:
        """What an answer's status says of the call."""
        if status == 429:
            return Fate.REFUSED
        return Fate.UNKNOWN if status in self.passing else Fate.SETTLED


class Line:
    """What all calls to one host share: its rules, its pauses, and whether it was ever reached."""

    def __init__(self, policy: RetryPolicy, timing: Timing, *, on_wait: Callable[[float], None] | None = None) -> None:
        self.timing = timing
        self.gate = Gate(timing)
        self.policy = policy
        self._on_wait = on_wait
        self._reached = False

    def call(
        self, method: str, attempt: Callable[[int], Done | Failure], *, too_long: Callable[[float], RateLimited]
    ) -> Done | Failure:
        """Makes attempts, numbered from 1, until one succeeds or there is to be no other.

        `too_long` makes the error for a host that wants a longer pause than the call may take.
        """
        started = self.timing.clock()
        number = 0
        while True:
            refused = self._take_turn(method, started, too_long)
            if refused is not None:
                return refused
            outcome = attempt(number + 1)
            if not isinstance(outcome, Failure):
                self._reached = True
                return outcome
            number += outcome.fate is not Fate.HELD
            final = self._rest(outcome, method, number, started=started, too_long=too_long)
            if final is not None:
                return final

    def _take_turn(self, method: str, started: float, too_long: Callable[[float], RateLimited]) -> Failure | None:
        """Waits while the host wants no calls; a failure when there is no use in waiting, or no permission to send."""
        while (pause := self.gate.closed_for) > 0 and self.gate.reason is None:
            if pause > self._left(started) or not self.policy.may_repeat(method, Fate.HELD):
                return Failure(error=too_long(pause), fate=Fate.HELD, wait=pause)
            self.gate.sleep(pause)
        reason = self.gate.reason
        return None if reason is None else Failure(error=reason, fate=Fate.BARRED)

    def _rest(
        self,
        failure: Failure,
        method: str,
        number: int,
        *,
        started: float,
        too_long: Callable[[float], RateLimited],
    ) -> Failure | None:
        """Waits before the next attempt; returns the failure when there is to be none."""
        self._reached = self._reached or failure.fate.sent
        # A host that asks for no pause, again and again, gets one all the same.
        wait = max(failure.wait or 0.0, backoff(number, chance=self.timing.chance))
        limited = failure.fate in (Fate.REFUSED, Fate.HELD) and failure.wait is not None
        if failure.fate is Fate.REFUSED and failure.wait is not None:
            self.gate.pause(wait)
        left = self._left(started)
        hopeless = not self._reached and number >= self.policy.first_contact
        if hopeless or not self.policy.may_repeat(method, failure.fate) or number >= self.policy.tries or wait > left:
            return Failure(error=too_long(wait), fate=Fate.REFUSED, wait=wait) if limited and wait > left else failure
        if limited and self._on_wait is not None:
            self._on_wait(wait)
        self.gate.sleep(wait)
        return None

    def _left(self, started: float) -> float:
        return self.policy.budget - (self.timing.clock() - started)
