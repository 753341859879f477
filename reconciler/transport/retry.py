"""When a call is sent again: what became of an attempt, and the rules of a host as data.

In: a function that makes one attempt.  Out: what it returned, or the `Failure` after which there is to be no other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from reconciler.errors import ApiError, RateLimited
from reconciler.transport.pacing import Gate, Timing, backoff

Done = TypeVar("Done")


class Fate(Enum):
    """What an attempt without success did at the host."""

    BARRED = "nothing was sent, and nothing can be"
    UNSENT = "nothing was sent: no connection was opened"
    REFUSED = "the host did nothing, and may do it later"
    UNKNOWN = "the host may have done it: the answer is lost, or comes from a server on the way"
    UNREADABLE = "the host says that it did it, and the rest of its answer can't be used"
    SETTLED = "the host has answered, and would answer the same again"

    @property
    def sent(self) -> bool:
        """Whether a request left this machine."""
        return self not in (Fate.BARRED, Fate.UNSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An attempt without success; `wait` is the seconds that the host asked for, and in what `Line.call` returns the
    seconds before which another attempt is of no use."""

    error: ApiError
    fate: Fate = Fate.SETTLED
    wait: float | None = None

    @property
    def may_be_done(self) -> bool:
        """Whether the host may have done what it was asked: read before it is asked again."""
        return self.fate in (Fate.UNKNOWN, Fate.UNREADABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
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
        self,
        method: str,
        attempt: Callable[[int], Done | Failure],
        *,
        too_long: Callable[[float], RateLimited],
        once: bool = False,
    ) -> Done | Failure:
        """Makes attempts, numbered from 1, until one succeeds or there is to be no other; with `once` a single one.

        `too_long` makes the error for a host that wants a longer pause than the call may take.
        """
        started = self.timing.clock()
        number = 0
        while True:
            refused = self._take_turn(started, too_long)
            if refused is not None:
                return refused
            number += 1
            outcome = attempt(number)
            if not isinstance(outcome, Failure):
                self._reached = True
                return outcome
            wait = self._wait_after(outcome, number)
            if once:
                return replace(outcome, wait=wait)
            left = self._left(started)
            if outcome.fate is Fate.REFUSED and outcome.wait is not None and wait > left:
                return Failure(error=too_long(wait), fate=Fate.REFUSED, wait=wait)
            if wait > left or not self._goes_on(method, outcome.fate, number):
                return replace(outcome, wait=wait)
            if outcome.fate is Fate.REFUSED and outcome.wait is not None and self._on_wait is not None:
                self._on_wait(wait)
            self.gate.sleep(wait)

    def _take_turn(self, started: float, too_long: Callable[[float], RateLimited]) -> Failure | None:
        """Waits while the host wants no calls; a failure when there is no use in waiting, or no permission to send."""
        while (pause := self.gate.closed_for) > 0 and self.gate.reason is None:
            if pause > self._left(started):
                return Failure(error=too_long(pause), fate=Fate.REFUSED, wait=pause)
            self.gate.sleep(pause)
        reason = self.gate.reason
        return None if reason is None else Failure(error=reason, fate=Fate.BARRED)

    def _wait_after(self, failure: Failure, number: int) -> float:
        """The seconds before the next attempt; a pause that the host asks for holds for every call.

        A host that asks for no pause, again and again, gets one all the same.
        """
        self._reached = self._reached or failure.fate.sent
        wait = max(failure.wait or 0.0, backoff(number, chance=self.timing.chance))
        if failure.fate is Fate.REFUSED and failure.wait is not None:
            self.gate.pause(wait)
        return wait

    def _goes_on(self, method: str, fate: Fate, number: int) -> bool:
        """Whether there is to be another attempt after this one."""
        if not self._reached and number >= self.policy.first_contact:
            return False
        return self.policy.may_repeat(method, fate) and number < self.policy.tries

    def _left(self, started: float) -> float:
        return self.policy.budget - (self.timing.clock() - started)
