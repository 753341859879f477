"""One call to the cloud: sent, repeated where that is harmless, judged. The token never leaves this module.

In: method, path below /api/v1/, query, body (which may hold `Secret` values).  Out: an `Answer`, or an error of
`reconciler.errors`. Requests go straight to a pooled transport adapter, without `requests.Session` in between: its
redirects, `.netrc`, cookies and environment are wrong for this job, and the adapter has none of them.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from reconciler.errors import RateLimited, ReconcilerError, Unauthorized, UsageError
from reconciler.mist.answers import Answer, Failure, Raw, Sent, TooLarge, judged, received, too_large
from reconciler.mist.connection import API_ROOT, Connection, Exchange, ca_bundle_of, proxy_of
from reconciler.mist.deadline import Deadline, deadline_adapter
from reconciler.mist.failures import failure_of
from reconciler.mist.known import KnownSecrets
from reconciler.mist.pacing import Gate, Timing, backoff, time_of_day
from reconciler.mist.redact import Known, for_log, secret_values
from reconciler.model.values import revealed

LOGGER = logging.getLogger("reconciler.mist")
FIRST_CONTACT_TRIES = 2
"""How often a host is tried that never took a connection in this run: most likely its name is wrong."""
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
    started: float


class MistSession:
    """Sends calls for many threads. `adapter` replaces the network, `timing` the clock: both for tests."""

    def __init__(
        self, connection: Connection, *, adapter: BaseAdapter | None = None, timing: Timing | None = None
    ) -> None:
        self.connection = connection
        self.timing = timing or Timing()
        self.gate = Gate(self.timing)
        self._proxy = proxy_of(connection)
        self._verify = ca_bundle_of(connection)
        self._deadline = Deadline()
        self._adapter = adapter or deadline_adapter(self._deadline, threads=connection.threads, proxy=self._proxy)
        self.known = KnownSecrets([connection.token.reveal()])
        self._lock = Lock()
        self._calls = Calls()
        self._reached = False

    @property
    def calls(self) -> Calls:
        """How many requests were sent so far."""
        return self._calls

    def close(self) -> None:
        """Closes the pooled connections."""
        self._adapter.close()

    def request(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> Answer:
        """Sends one call and returns its 2xx answer; raises an ApiError for everything else.

        GET, PUT and DELETE are repeated on 429, 502, 503, 504 and lost connections; POST on 429 and when no
        connection was opened.
        """
        call = self._call(method, path, query=query, body=body)
        attempt = 1
        while True:
            self._take_turn(call)
            outcome = self._attempt(call, attempt)
            if isinstance(outcome, Answer):
                return outcome
            self._rest(outcome, call, attempt)
            attempt += 1

    def _call(self, method: str, path: str, *, query: Mapping[str, str] | None, body: Any) -> _Call:
        if not _PATH.fullmatch(path) or ".." in path.split("/") or "." in path.split("/"):
            raise UsageError(f"{path!r} is no path of the API", remedy="Check the ids: they are UUIDs")
        token = self.connection.token.reveal()
        known = Known((token, *secret_values(body)), self.known)
        sent = Sent(method=method, path=path, host=self.connection.host_name, known=known)
        url = f"{self.connection.base}{API_ROOT}{path}"
        url += f"?{urlencode(sorted(query.items()))}" if query else ""
        return _Call(sent=sent, url=url, body=body, started=self.timing.clock())

    def _take_turn(self, call: _Call) -> None:
        """Waits while the cloud wants no calls; raises when there is no use in waiting, or no permission to send."""
        while (pause := self.gate.closed_for) > 0 and self.gate.reason is None:
            if pause > self._budget_left(call):
                raise self._too_long(call, pause)
            self.gate.sleep(pause)
        reason = self.gate.reason
        if reason is not None:
            raise type(reason)(reason.message, remedy=reason.remedy, method=call.sent.method, path=call.sent.path)

    def _budget_left(self, call: _Call) -> float:
        return self.connection.retry_budget - (self.timing.clock() - call.started)

    def _too_long(self, call: _Call, wait: float) -> RateLimited:
        error = RateLimited(
            f"{self.connection.host_name} takes no calls until {time_of_day(self.timing.now() + wait)}: "
            "the limit of calls for this API token is reached",
            remedy="Run the same command again then; what was done already is seen",
            method=call.sent.method,
            path=call.sent.path,
            status=429,
        )
        error.retry_after = wait
        return error

    def _rest(self, failure: Failure, call: _Call, attempt: int) -> None:
        """Waits before the next attempt; raises the failure's error when there is to be none."""
        limited = isinstance(failure.error, RateLimited)
        wait = failure.wait if failure.wait is not None else backoff(attempt, chance=self.timing.chance)
        left = self._budget_left(call)
        if limited and failure.wait is not None:
            self.gate.pause(wait)
        hopeless = not failure.sent and not self._reached and attempt >= FIRST_CONTACT_TRIES
        if hopeless or not failure.again or attempt > self.connection.max_retries or wait > left:
            raise self._too_long(call, wait) if limited and failure.wait is not None and wait > left else failure.error
        if limited and failure.wait is not None and self.connection.on_wait is not None:
            self.connection.on_wait(wait)
        self.gate.sleep(wait)

    def _attempt(self, call: _Call, attempt: int) -> Answer | Failure:
        started = self.timing.clock()
        raw = self._exchange(call)
        if isinstance(raw, ReconcilerError):
            raise raw
        outcome = judged(raw, call.sent, now=self.timing.now()) if isinstance(raw, Raw) else raw
        if isinstance(outcome, Failure) and isinstance(outcome.error, Unauthorized):
            self.gate.stop(outcome.error)
        if isinstance(outcome, Answer) or outcome.sent:
            self._reached = True
            self._count(call.sent.method, repeat=attempt > 1)
        self._tell(call, raw, attempt, milliseconds=round((self.timing.clock() - started) * 1000))
        return outcome

    def _exchange(self, call: _Call) -> Raw | Failure | ReconcilerError:
        """Sends and receives. The exception ends here: it holds the request, and the request holds the token."""
        limits = self.connection
        try:
            self._deadline.start(limits.total_timeout)
            response = self._adapter.send(
                self._prepared(call),
                stream=True,
                timeout=(limits.connect_timeout, min(limits.read_timeout, limits.total_timeout)),
                verify=self._verify,
                proxies={"https": self._proxy} if self._proxy else {},
            )
            return received(response, max_bytes=limits.max_bytes)
        except TooLarge:
            return too_large(call.sent, max_bytes=limits.max_bytes)
        except (requests.RequestException, HTTPError, OSError) as error:
            return failure_of(error, call.sent, proxy=self._proxy)

    def _prepared(self, call: _Call) -> requests.PreparedRequest:
        headers = {
            "Authorization": f"Token {self.connection.token.reveal()}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": self.connection.user_agent,
        }
        data = None
        if call.body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(revealed(call.body), ensure_ascii=False, allow_nan=False).encode()
        return requests.Request(call.sent.method, call.url, headers=headers, data=data).prepare()

    def _count(self, method: str, *, repeat: bool) -> None:
        with self._lock:
            now = self._calls
            read = method == "GET"
            self._calls = Calls(now.reads + read, now.writes + (not read), now.retries + repeat)

    def _tell(self, call: _Call, raw: Raw | Failure, attempt: int, *, milliseconds: int) -> None:
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
                    attempt=attempt,
                )
            )
        if LOGGER.isEnabledFor(logging.DEBUG):
            LOGGER.debug("%s", _line(call, raw, f"{status} {milliseconds} ms {request_id}".rstrip()))


def _line(call: _Call, raw: Raw | Failure, result: str) -> str:
    """The debug line of one request: no header, no query value of ours is secret, bodies are redacted."""
    answer = _parsed(raw.body) if isinstance(raw, Raw) and raw.body else None
    known = Known((*call.sent.known.own, *secret_values(answer)), call.sent.known.run)
    parts = [f"{call.sent.method} {call.url.partition(API_ROOT)[2]} -> {result}"]
    if call.body is not None:
        parts.append(f"sent {for_log(call.body, known=known)}")
    if isinstance(raw, Failure):
        parts.append(for_log(raw.error.message, known=known))
    elif raw.body:
        shown = f"{len(raw.body)} bytes that are no JSON" if answer is None else for_log(answer, known=known)
        parts.append(f"got {shown}")
    return known.hide(" | ".join(parts))


def _parsed(body: bytes) -> Any:
    """The answer as JSON data; None when it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
