"""How many calls may still be made in this hour, and with which token: rules and tokens in, a turn for each call out.

The cloud allows so many calls for each token and clock hour (5,000, reset at the hour: pages of the vendor).
`/self/usage` is asked before the first call, after each end of an hour, and again when half of what it left is used,
since others may use the same token. Where it fails or says what can't be, calls are counted here. What is known stands
in a `Ledger`, which the runs of one machine share.
"""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from reconciler.errors import ApiError, GuardRefusal, RateLimited
from reconciler.mist.ledger import HOUR, LIMIT, Ledger, Usage, Window
from reconciler.model.values import Secret
from reconciler.transport.pacing import Gate, Timing, time_of_day

STEP = 4
"""Calls that a look with its write has to find free: one that has begun is finished, whatever the budget says then."""
_CHUNK = 20
"""So many calls are taken from the ledger at once."""
_SLACK = 0.05
_TICK = 1.0
_MOMENT = 0.05
_SOON = 15.0
"""Seconds until the cloud is asked again whose hour ends later than it seemed."""
_ASK_AGAIN = 200
_REMEDY = (
    "Wait with --wait, or take a part with --target; --budget and `budget:` in reconciler.yaml say how many are yours"
)


class Rules(Struct, frozen=True, kw_only=True):
    """`leave` is the share of each hour, in percent, that is left to the portal and others; `most` bounds the calls of
    this run in an hour; `wait`: the run waits for the next hour where this one's calls are used up. A pause of up to
    `brief` seconds is waited for in any case."""

    leave: float = 10.0
    most: int | None = None
    wait: bool = False
    brief: float = 120.0


class Account:
    """One token and its hour. Not safe for threads: the budget's lock is held by whoever calls."""

    def __init__(self, token: Secret, ledger: Ledger, rules: Rules, *, host: str) -> None:
        self.token = token
        self._ledger = ledger
        self._rules = rules
        self._name = sha256(f"{host}\0{token.reveal()}".encode()).hexdigest()[:32]
        self._window: Window | None = None
        self._unspent = 0
        self._made = 0
        self._since = 0
        self._ask_after = 0.0
        self._ends = -math.inf

    @property
    def until(self) -> float:
        """When this hour ends."""
        return self._window.until if self._window else 0.0

    @property
    def hourly(self) -> int:
        """How many calls of an hour are for us."""
        limit = self._window.limit if self._window else LIMIT
        mine = self._ours(limit)
        return mine if self._rules.most is None else min(mine, self._rules.most)

    @property
    def left(self) -> int:
        """How many of them may still be made in this hour."""
        return self._unspent + self._free(self._window)

    @property
    def used(self) -> tuple[int, int]:
        """How many calls of this hour are used, by anybody, and how many there are."""
        return (self._window.used - self._unspent, self._window.limit) if self._window else (0, LIMIT)

    def must_ask(self, now: float) -> bool:
        """Whether what is known is of an hour that is over, or may be old."""
        return self._window is None or now >= self._window.until or self._since >= self._ask_after

    def learn(self, usage: Usage | None, *, now: float) -> None:
        """Takes over what the cloud says; None: it says nothing, and calls are counted here."""
        ended, over = self._ends, now >= self._ends
        self._made = 1 if over else self._made + 1
        self._unspent = 0 if over else self._unspent

        def step(known: Window | None) -> Window:
            if usage is None:
                if known is not None and now < known.until:
                    return replace(known, used=known.used + 1)
                return Window(until=now + HOUR - now % HOUR, limit=LIMIT, used=1)
            used = max(usage.requests, self._made) + self._unspent
            return Window(until=now + usage.seconds + _SLACK, limit=usage.limit, used=used)

        self._change(step)
        self._ends = self.until if over else ended
        if self.left < 1 and now - ended < HOUR / 60:
            self._change(lambda known: replace(known, until=min(known.until, now + _SOON)) if known else None)
        self._since, self._ask_after = 0, max(_ASK_AGAIN, self.left / 2)

    def take(self, count: int) -> bool:
        """Takes so many calls, if this hour still has them."""
        count = min(count, self.hourly)
        if self._unspent < count:
            wanted = max(count, _CHUNK) - self._unspent
            before = self._unspent

            def step(known: Window | None) -> Window | None:
                known = known or self._window
                granted = min(wanted, self._free(known))
                self._unspent = before + granted
                return replace(known, used=known.used + granted) if known else None

            self._change(step)
        if self._unspent < count:
            return False
        self._spend(count)
        return True

    def overdraw(self) -> None:
        """Counts a call that is not held: a repeat, or one of a step that has begun."""
        if self._unspent < 1:
            self._change(lambda known: replace(known, used=known.used + 1) if known else None)
            self._unspent += 1
        self._spend(1)

    def give_back(self, count: int) -> None:
        """Calls that were taken and not made."""
        self._unspent += count
        self._made -= count
        self._since -= count

    def use_up(self, wait: float | None, *, now: float) -> None:
        """The cloud refuses calls of this token, for so many seconds; None: it does not say, and is asked."""
        self._unspent = 0
        until = now + max(wait or 0.0, _SLACK)
        self._change(lambda known: Window(until=until, limit=known.limit if known else LIMIT, used=10**9))

    def close(self) -> None:
        """Gives back what was taken and not used."""
        rest, self._unspent = self._unspent, 0
        if rest:
            self._change(lambda known: replace(known, used=max(0, known.used - rest)) if known else None)

    def _free(self, window: Window | None) -> int:
        if window is None:
            return 0
        free = self._ours(window.limit) - window.used
        if self._rules.most is not None:
            free = min(free, self._rules.most - self._made - self._unspent)
        return max(0, free)

    def _ours(self, limit: int) -> int:
        return max(1, math.floor(limit * (100 - self._rules.leave) / 100))

    def _spend(self, count: int) -> None:
        self._unspent -= count
        self._made += count
        self._since += count

    def _change(self, step: Callable[[Window | None], Window | None]) -> None:
        def kept(known: Window | None) -> Window | None:
            self._window = step(known)
            return self._window

        self._ledger.change(self._name, kept)


class Told(Struct, frozen=True, kw_only=True):
    """Who hears of the budget: `hold` the seconds that are left of a wait, `note` a sentence."""

    hold: Callable[[float], None] | None = None
    note: Callable[[str], None] | None = None


class Budget:
    """Gives a turn, and a token, to each call of many threads. `ask` makes the call to `/self/usage` with a token."""

    def __init__(
        self,
        accounts: Sequence[Account],
        rules: Rules,
        *,
        gate: Gate,
        timing: Timing,
        ask: Callable[[Secret], Usage | None],
        told: Told,
    ) -> None:
        self._accounts = accounts
        self._rules = rules
        self._gate = gate
        self._timing = timing
        self._ask = ask
        self._told = told
        self._lock = threading.Lock()
        self._step = _Step()
        self._lent = 0

    @property
    def waits(self) -> bool:
        """Whether a call that is refused waits for the next hour: not between a look and its write."""
        return self._rules.wait and self._step.account is None

    def turn(self) -> Account:
        """The account that the next call is made with; waits for the next hour, or raises `RateLimited`."""
        step = self._step
        if step.account is None:
            return self._admit(1)[0]
        if step.credit:
            step.credit -= 1
        else:
            self.repeated(step.account)
        return step.account

    def repeated(self, account: Account) -> None:
        """Counts a call that is made again."""
        with self._lock:
            account.overdraw()

    @contextmanager
    def step(self) -> Iterator[None]:
        """A look with its write: it waits before it begins, and never between the two."""
        if self._step.account is not None:
            yield
            return
        account, credit = self._admit(STEP)
        with self._lock:
            self._lent += 1
        self._step.account, self._step.credit = account, credit
        try:
            yield
        finally:
            with self._lock:
                self._step.account.give_back(self._step.credit)
                self._lent -= 1
            self._step.account, self._step.credit = None, 0

    def refused(self, account: Account, wait: float | None) -> Account | None:
        """The cloud refuses calls of this token. Another one that still may make some, None when there is none."""
        with self._lock:
            account.use_up(wait, now=self._timing.now())
            other = self._best()
            if other is account or not other.take(1):
                return None
            if self._step.account is account:
                self._step.account, self._step.credit = other, 0
            return other

    def foresee(self, calls: int, what: str) -> None:
        """Says when something that takes so many calls would be done, if this hour has not enough of them.

        Raises `GuardRefusal` where the run may not wait."""
        with self._lock:
            self._learn()
            left, hourly = sum(item.left for item in self._accounts), sum(item.hourly for item in self._accounts)
            until = min(item.until for item in self._accounts)
        if calls <= left:
            return
        hours = math.ceil((calls - left) / hourly)
        done = time_of_day(until + (hours - 1) * HOUR)
        said = f"{what[0].upper()}{what[1:]} takes {calls:,} calls, and {left:,} may be made in this hour"
        share = f" (of {hourly:,} an hour; the rest is for others)"
        if not self._rules.wait and (hours > 1 or until - self._timing.now() > self._rules.brief):
            raise GuardRefusal(f"{said}{share}: it could be done at {done}; nothing was written", remedy=_REMEDY)
        if self._told.note is not None:
            self._told.note(f"{said}{share}: it will be done soon after {done}.")

    def close(self) -> None:
        """Gives back what was taken and not used."""
        with self._lock:
            for account in self._accounts:
                account.close()

    def _admit(self, count: int) -> tuple[Account, int]:
        """An account with so many calls taken from it; with none, where everything is stopped."""
        began = self._timing.now()
        while True:
            with self._lock:
                self._learn()
                account = self._best()
                if self._gate.reason is not None:
                    return account, 0
                if account.take(count):
                    return account, min(count, account.hourly)
                until = min(item.until for item in self._accounts)
                used, limit = account.used
                lent = self._lent
            if not self._rules.wait and not lent and until - began > self._rules.brief:
                raise self._used_up(used, limit, until)
            self._hold(until, count)

    def _learn(self) -> None:
        for account in self._accounts:
            if account.must_ask(self._timing.now()) and self._gate.reason is None:
                usage = self._ask(account.token)
                account.learn(usage, now=self._timing.now())

    def _best(self) -> Account:
        return max(self._accounts, key=lambda account: account.left)

    def _hold(self, until: float, count: int) -> None:
        """Waits for the end of the hour, or for what a step under way gives back."""
        while (rest := until - self._timing.now()) > 0 and self._gate.reason is None:
            if self._lent:
                self._gate.sleep(min(rest, _MOMENT))
                if not self._lent or any(account.left >= min(count, account.hourly) for account in self._accounts):
                    return
                continue
            if self._told.hold is not None:
                self._told.hold(rest)
            self._gate.sleep(min(rest, _TICK))

    def _used_up(self, used: int, limit: int, until: float) -> ApiError:
        many = f"{min(used, limit):,} of {limit:,}"
        error = RateLimited(
            f"The calls of this hour are used up ({many}, the rest is for others), until {time_of_day(until)}",
            remedy=f"{_REMEDY}. The same command goes on later: what was done already is seen",
        )
        error.retry_after = max(0.0, until - self._timing.now())
        return error


class _Step(threading.local):
    account: Account | None = None
    credit = 0
