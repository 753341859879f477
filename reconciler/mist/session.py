"""One call to the cloud: sent, repeated where that is harmless, judged. The token never leaves this module.

In: method, path below /api/v1/, query, body (which may hold `Secret` values).  Out: an `Answer`, or an error of
`reconciler.errors`. A call that writes is sent once: what is repeated is the whole step that looks, compares and sends.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlencode

from reconciler.errors import ApiError, Fate, RateLimited, Unauthorized, UsageError
from reconciler.mist.answers import Answer, Sent, judged
from reconciler.mist.connection import API_ROOT, Connection, Exchange
from reconciler.mist.failures import failure_of
from reconciler.mist.known import KnownSecrets
from reconciler.mist.redact import Known, for_log, secret_values
from reconciler.model.values import revealed
from reconciler.transport.pacing import Gate, Timing, time_of_day
from reconciler.transport.receiving import Raw
from reconciler.transport.retry import LOOK_AND_WRITE, Failure, Line, RetryPolicy
from reconciler.transport.route import route_to
from reconciler.transport.sending import Adapter, Limits, Sender
from reconciler.transport.trouble import Trouble

LOGGER = logging.getLogger("reconciler.mist")
FIRST_CONTACT_TRIES = 2
"""How often a host is tried that never took a connection in this run: most likely its name is wrong."""
_READ = frozenset({"GET"})
_ANEW = frozenset({"GET", LOOK_AND_WRITE})
Done = TypeVar("Done")
_PATH = re.compile(r"[\w\-.~:]+(?:/[\w\-.~:]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Calls:
    """HTTP requests sent, repeats included; `retries` says how many of them were repeats."""

    reads: int = 0
    writes: int = 0
    retries: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.reads + self.writes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What every attempt of one call has in common."""

    sent: Sent
    url: str
    body: Any = field(repr=False)


class MistSession:
    """Sends calls for many threads. `adapter` replaces the network, `timing` the clock: both for tests."""

    def __init__(self, connection: Connection, *, adapter: Adapter | None = None, timing: Timing | None = None) -> None:
        self.connection = connection
        self._route = route_to(connection.base, proxy=connection.proxy, ca_bundle=connection.ca_bundle)
        self._sender = Sender(self._route, _limits(connection), threads=connection.threads, adapter=adapter)
        self._line = Line(retry_policy(connection), timing or Timing(), on_wait=connection.on_wait)
        self.known = KnownSecrets([connection.token.reveal()])
        self._lock = Lock()
        self._calls = Calls()
        self._made = self.timing.clock()

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
        self._sender.close()

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
        outcome = self._line.call(
            method,
            lambda number: self._attempt(call, number),
            too_long=lambda wait: self._too_long(wait, method=method, path=path),
        )
        if isinstance(outcome, Answer):
            return outcome
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

        outcome = self._line.call(LOOK_AND_WRITE, attempt, too_long=self._too_long)
        if isinstance(outcome, Failure):
            raise self._to_raise(outcome)
        return outcome

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
        token = self.connection.token.reveal()
        known = Known((token, *secret_values(body)), self.known)
        sent = Sent(method=method, path=path, host=self.connection.host_name, known=known)
        url = f"{self.connection.base}{API_ROOT}{path}"
        url += f"?{urlencode(sorted(query.items()))}" if query else ""
        return _Call(sent=sent, url=url, body=body)

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
        started = self.timing.clock()
        raw = self._sender.exchange(call.sent.method, call.url, headers=self._headers(call), data=_data(call))
        outcome = self._judged(raw, call.sent)
        if isinstance(outcome, Failure) and isinstance(outcome.error, Unauthorized):
            self.gate.stop(outcome.error)
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
            "Authorization": f"Token {self.connection.token.reveal()}",
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
