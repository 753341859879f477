"""One call to the cloud: sent, repeated where that is harmless, judged. The token never leaves this module.

In: method, path below /api/v1/, query, body (which may hold `Secret` values).  Out: an `Answer`, or an error of
`reconciler.errors`. A call that writes is sent once: what is repeated is the whole step that looks, compares and sends.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from reconciler.errors import ApiError, Fate, RateLimited, Unauthorized, UsageError
from reconciler.mist.answers import Answer, Sent, judged
from reconciler.mist.budget import Account, Budget, Told
from reconciler.mist.connection import API_ROOT, Connection, Exchange
from reconciler.mist.failures import failure_of
from reconciler.mist.known import KnownSecrets
from reconciler.mist.ledger import LIMIT, Ledger, MemoryLedger, Usage, usage_of
from reconciler.mist.redact import Known, for_log, secret_values
from reconciler.model.values import Secret, revealed
from reconciler.transport.pacing import Gate, Timing, http_date, time_of_day
from reconciler.transport.receiving import Raw
from reconciler.transport.retry import LOOK_AND_WRITE, Failure, Line, RetryPolicy
from reconciler.transport.route import route_to
from reconciler.transport.sending import Adapter, Limits, Sender
from reconciler.transport.trouble import Trouble

LOGGER = logging.getLogger("reconciler.mist")
MOST_WAITS = 30
"""How often one call waits for the next hour: a cloud that refuses it for longer refuses it for another reason."""
FIRST_CONTACT_TRIES = 2
"""How often a host is tried that never took a connection in this run: most likely its name is wrong."""
_READ = frozenset({"GET"})
_ANEW = frozenset({"GET", LOOK_AND_WRITE})
Done = TypeVar("Done")
_PATH = re.compile(r"[\w\-.~:]+(?:/[\w\-.~:]+)*", re.ASCII)


class Calls(Struct, frozen=True):
    """HTTP requests sent, repeats included; `retries` says how many of them were repeats."""

    reads: int = 0
    writes: int = 0
    retries: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.reads + self.writes


class _Call(Struct, frozen=True, kw_only=True):
    """What every attempt of one call has in common."""

    sent: Sent
    url: str
    body: Any
    token: Secret
    account: Account | None = None

    def __repr__(self) -> str:  # without the body, which may hold secrets
        return f"_Call({self.sent.title!r})"


class MistSession:
    """Sends calls for many threads. `adapter` replaces the network, `timing` the clock: both for tests."""

    def __init__(
        self,
        connection: Connection,
        *,
        adapter: Adapter | None = None,
        timing: Timing | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.connection = connection
        self._base, self._host = connection.base, connection.host_name
        self._route = route_to(connection.base, proxy=connection.proxy, ca_bundle=connection.ca_bundle)
        self._sender = Sender(self._route, _limits(connection), threads=connection.threads, adapter=adapter)
        self._line = Line(retry_policy(connection), timing or Timing(), on_wait=connection.on_wait)
        self.known = KnownSecrets([token.reveal() for token in connection.tokens])
        self._lock = Lock()
        self._calls = Calls()
        self._made = self.timing.clock()
        self._usage_refused = False
        self.budget = self._budget_of(connection, ledger or MemoryLedger())

    @property
    def timing(self) -> Timing:
        """Where time and chance come from."""
        return self._line.timing

    @property
    def gate(self) -> Gate:
        """What may stop all calls, and what they wait for."""
        return self._line.gate

    @property
    def age(self) -> float:
        """For how many seconds there has been this session: nothing that was read with it is older."""
        return self.timing.clock() - self._made

    @property
    def calls(self) -> Calls:
        """How many requests were sent so far."""
        return self._calls

    def close(self) -> None:
        """Closes the pooled connections."""
        if self.budget is not None:
            self.budget.close()
        self._sender.close()

    def _budget_of(self, connection: Connection, ledger: Ledger) -> Budget | None:
        rules = connection.budget
        if rules is None:
            return None
        accounts = [Account(token, ledger, rules, host=connection.host_name) for token in connection.tokens]
        told = Told(hold=connection.on_hold, note=connection.on_note)
        return Budget(accounts, rules, gate=self.gate, timing=self.timing, ask=self._ask, told=told)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | Sequence[Any] | None = None,
    ) -> Answer:
        """Sends one call and returns its 2xx answer; raises an ApiError for everything else.

        GET is repeated on 429, 502, 503, 504 and lost connections. Everything else is sent once, and not at all while
        the cloud wants no calls: what it was made from would be old by then. See `look_and_write`.
        """
        call = self._call(method, path, query=query, body=body)
        waits = 0
        while True:
            outcome = self._line.call(
                method,
                partial(self._attempt, self._with_turn(call)),
                too_long=lambda wait: self._too_long(wait, method=method, path=path),
            )
            if isinstance(outcome, Answer):
                return outcome
            waits += 1
            if method not in _READ or not self._waits_for(outcome, waits):
                raise self._to_raise(outcome, method=method, path=path)

    def look_and_write(self, step: Callable[[], Done]) -> Done:
        """Makes a step that looks at what is live, compares and writes once. When the write fails in passing the step
        is made anew, from its look on, as often and as long as the cloud's rules let a call be repeated."""

        def attempt(_number: int) -> Done | Failure:
            try:
                return step()
            except ApiError as error:
                read = error.method == "GET" and error.fate is not Fate.BARRED  # it was repeated by itself
                return Failure(error=error, fate=Fate.SETTLED if read else error.fate, wait=error.retry_after)

        waits = 0
        while True:
            within: AbstractContextManager[None] = nullcontext() if self.budget is None else self.budget.step()
            with within:
                outcome = self._line.call(LOOK_AND_WRITE, attempt, too_long=self._too_long)
            if not isinstance(outcome, Failure):
                return outcome
            waits += 1
            if not self._waits_for(outcome, waits):
                raise self._to_raise(outcome)

    def _with_turn(self, call: _Call) -> _Call:
        """The call with the token that it is made with, once there is a call left for it in this hour."""
        if self.budget is None:
            return call
        account = self.budget.turn()
        return replace(call, account=account, token=account.token)

    def _waits_for(self, failure: Failure, waits: int) -> bool:
        """Whether a call that the cloud refuses for now is made again in the next hour."""
        if self.budget is None or not self.budget.waits or self.gate.reason is not None:
            return False
        return isinstance(failure.error, RateLimited) and waits < MOST_WAITS

    def _ask(self, token: Secret) -> Usage | None:
        """What the cloud says of a token's hour; asked once, since the run does without it."""
        call = replace(self._call("GET", "self/usage", query=None, body=None), token=token)
        outcome, now = self._send(call, 1), self.timing.now()
        if isinstance(outcome, Answer):
            self._usage_refused = False
            cloud = http_date(outcome.headers.get("date", ""))
            return usage_of(outcome.data, cloud_now=now if cloud is None else cloud)
        refused, self._usage_refused = self._usage_refused, isinstance(outcome.error, RateLimited)
        if self._usage_refused and not refused and outcome.wait is not None:  # twice in a row says nothing of the rest
            return Usage(requests=LIMIT, limit=LIMIT, seconds=outcome.wait)
        return None

    def _to_raise(self, failure: Failure, *, method: str = "", path: str = "") -> ApiError:
        """The error of a call that failed for good, with its fate."""
        error = failure.error
        if error is self.gate.reason:  # it is shared by all threads: a copy is raised
            error = type(error)(error.message, remedy=error.remedy, method=method, path=path, status=error.status)
        error.fate = failure.fate
        error.retry_after = failure.wait if failure.wait is not None else error.retry_after
        return error

    def _call(self, method: str, path: str, *, query: Mapping[str, str] | None, body: Any) -> _Call:
        if not _PATH.fullmatch(path) or ".." in path.split("/") or "." in path.split("/"):
            raise UsageError(f"{path!r} is no path of the API", remedy="Check the ids: they are UUIDs")
        token = self.connection.token
        known = Known((token.reveal(), *(secret_values(body) if body is not None else ())), self.known)
        sent = Sent(method=method, path=path, host=self._host, known=known)
        url = f"{self._base}{API_ROOT}{path}"
        url += f"?{urlencode(sorted(query.items()))}" if query else ""
        return _Call(sent=sent, url=url, body=body, token=token)

    def _too_long(self, wait: float, *, method: str = "", path: str = "") -> RateLimited:
        error = RateLimited(
            f"{self.connection.host_name} takes no calls until {time_of_day(self.timing.now() + wait)}: "
            "the limit of calls for this API token is reached",
            remedy="Run the same command again then; what was done already is seen",
            method=method,
            path=path,
            status=429,
        )
        error.retry_after = wait
        return error

    def _attempt(self, call: _Call, number: int) -> Answer | Failure:
        """One attempt; where a token's calls are used up, at once with another one that has some left."""
        if self.budget is not None and call.account is not None and number > 1:
            self.budget.repeated(call.account)
        while True:
            outcome = self._send(call, number)
            if isinstance(outcome, Failure) and isinstance(outcome.error, Unauthorized):
                self.gate.stop(outcome.error)
            refused = isinstance(outcome, Failure) and outcome.fate is Fate.REFUSED
            if not refused or self.budget is None or call.account is None:
                return outcome
            other = self.budget.refused(call.account, outcome.wait if isinstance(outcome, Failure) else None)
            if other is None:
                return outcome
            call = replace(call, account=other, token=other.token)

    def _send(self, call: _Call, number: int) -> Answer | Failure:
        started = self.timing.clock()
        raw = self._sender.exchange(call.sent.method, call.url, headers=self._headers(call), data=_data(call))
        outcome = self._judged(raw, call.sent)
        if isinstance(outcome, Answer) or outcome.fate.sent:
            self._count(call.sent.method, repeat=number > 1)
        self._report(call, raw, outcome, number, milliseconds=round((self.timing.clock() - started) * 1000))
        return outcome

    def _judged(self, raw: Raw | Trouble, sent: Sent) -> Answer | Failure:
        if isinstance(raw, Raw):
            return judged(raw, sent, policy=self._line.policy, now=self.timing.now())
        return failure_of(raw, sent, proxy=self._route.proxy, max_bytes=self.connection.max_bytes)

    def _headers(self, call: _Call) -> dict[str, str]:
        headers = {
            "Authorization": f"Token {call.token.reveal()}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": self.connection.user_agent,
        }
        return headers if call.body is None else {**headers, "Content-Type": "application/json"}

    def _count(self, method: str, *, repeat: bool) -> None:
        with self._lock:
            now = self._calls
            read = method == "GET"
            self._calls = Calls(now.reads + read, now.writes + (not read), now.retries + repeat)

    def _report(
        self, call: _Call, raw: Raw | Trouble, outcome: Answer | Failure, number: int, *, milliseconds: int
    ) -> None:
        """Reports the request to the run record, and to the debug log with its redacted bodies."""
        status, request_id = (raw.status, raw.request_id) if isinstance(raw, Raw) else (0, "")
        method, path = call.sent.method, call.sent.path
        if self.connection.on_request is not None:
            self.connection.on_request(
                Exchange(
                    method=method,
                    path=path,
                    status=status,
                    milliseconds=milliseconds,
                    request_id=request_id,
                    attempt=number,
                )
            )
        if LOGGER.isEnabledFor(logging.DEBUG):
            result = f"{status} {milliseconds} ms {request_id}".rstrip()
            LOGGER.debug("%s", _log_line(call, raw, outcome, result))


def _limits(connection: Connection) -> Limits:
    return Limits(
        connect=connection.connect_timeout,
        read=connection.read_timeout,
        total=connection.total_timeout,
        max_bytes=connection.max_bytes,
    )


def retry_policy(connection: Connection) -> RetryPolicy:
    """The cloud's rules. A write is not sent again by itself: somebody may have changed the object meanwhile."""
    return RetryPolicy(
        tries=connection.max_retries + 1,
        budget=connection.retry_budget,
        repeats={
            Fate.UNSENT: _ANEW,
            Fate.HELD: _ANEW,
            Fate.REFUSED: _ANEW,
            Fate.UNKNOWN: _ANEW,
            Fate.UNREADABLE: _ANEW - _READ,
        },
        passing=frozenset({502, 503, 504}),
        first_contact=FIRST_CONTACT_TRIES,
    )


def _data(call: _Call) -> bytes | None:
    if call.body is None:
        return None
    return json.dumps(revealed(call.body), ensure_ascii=False, allow_nan=False).encode()


def _log_line(call: _Call, raw: Raw | Trouble, outcome: Answer | Failure, result: str) -> str:
    """The debug line of one request: no header, no query value of ours is secret, bodies are redacted."""
    answer = _parsed(raw) if isinstance(raw, Raw) else None
    known = Known((*call.sent.known.own, *secret_values(answer)), call.sent.known.run)
    parts = [f"{call.sent.method} {call.url.partition(API_ROOT)[2]} -> {result}"]
    if call.body is not None:
        parts.append(f"sent {for_log(call.body, known=known)}")
    if isinstance(raw, Trouble):
        parts.append(for_log(outcome.error.message if isinstance(outcome, Failure) else raw.value, known=known))
    elif raw.body:
        shown = f"{len(raw.body)} bytes that are no JSON" if answer is None else for_log(answer, known=known)
        parts.append(f"got {shown}")
    return known.hide(" | ".join(parts))


def _parsed(raw: Raw) -> Any:
    """The answer as JSON data; None when it is no JSON."""
    try:
        return raw.json()
    except ValueError:
        return None
