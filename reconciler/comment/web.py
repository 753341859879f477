"""REST calls to a code host, as carefully as those to the cloud: no redirects, bounded in time and size, the token to
its own host only, https unless the host is this machine.

In: a base URL, headers and a token.  Out: an `Answer`, or an error of `reconciler.errors` in plain words. What may
pass (429, rate limits, 5xx, lost connections) is tried again, except for a POST whose fate is unknown: that is an
`AmbiguousWrite`, and the caller looks before it posts again.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from reconciler.errors import (
    AmbiguousWrite,
    ApiError,
    BadAnswer,
    BadRequest,
    Forbidden,
    NotFound,
    RateLimited,
    ServerFailure,
    Unauthorized,
    Unreachable,
    UsageError,
)
from reconciler.mist.answers import Raw, TooLarge, received
from reconciler.mist.connection import Connection, ca_bundle_of, is_loopback, proxy_of
from reconciler.mist.deadline import Deadline, deadline_adapter
from reconciler.mist.pacing import Timing, backoff, retry_after, time_of_day
from reconciler.mist.redact import complaint
from reconciler.model.values import Secret

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 60.0
RETRY_SECONDS = 120.0
MAX_TRIES = 5
MAX_BYTES = 32 * 1024 * 1024
_TOKEN = re.compile(r"[\x21-\x7e]+")
_NOT_OPENED = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
_NOT_OPENED_NAMES = ("NewConnectionError", "NameResolutionError")
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^,;]+)*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a host wants the token: the header's name, what stands before the token, and which variable holds it."""

    header: str
    prefix: str
    variable: str
    token: Secret = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A 2xx: its JSON, and the URL of the next page ("" on the last one)."""

    data: Any
    next_page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unanswered:
    """No answer came; `sent` is False when nothing can have left this machine."""

    sent: bool


class _Passing(Exception):
    """A failure that may pass; `wait` is what the host asked for."""

    def __init__(self, error: ApiError, wait: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait


class Web:
    """Calls below one API root such as `https://api.github.com`. `adapter` and `timing` replace network and clock."""

    def __init__(
        self,
        root: str,
        login: Login,
        *,
        headers: Mapping[str, str],
        adapter: BaseAdapter | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._root = checked_root(root)
        if not _TOKEN.fullmatch(login.token.reveal()):
            raise UsageError(
                f"{login.variable} is empty or holds a blank or a line end", remedy=f"Set {login.variable} to the token"
            )
        parts = urlsplit(self._root)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self.host = parts.netloc
        self._login = login
        self._headers = dict(headers)
        self._timing = timing or Timing()
        connection = Connection(host=self._origin, token=login.token)
        self._proxy = proxy_of(connection)
        self._verify = ca_bundle_of(connection)
        self._deadline = Deadline()
        self._adapter = adapter or deadline_adapter(self._deadline, threads=1, proxy=self._proxy)

    def close(self) -> None:
        """Closes the connections."""
        self._adapter.close()

    def get(self, path: str, *, query: Mapping[str, str] | None = None) -> Answer:
        """Reads; `path` is relative to the root, or the full URL of a next page."""
        url = path if path.startswith(f"{self._origin}/") else f"{self._root}/{path}"
        return self._request("GET", f"{url}?{urlencode(query)}" if query else url)

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Writes; a POST whose answer was lost raises `AmbiguousWrite`."""
        return self._request(method, f"{self._root}/{path}", body=body)

    def _request(self, method: str, url: str, *, body: Mapping[str, Any] | None = None) -> Answer:
        started = self._timing.clock()
        attempt = 1
        while True:
            try:
                return self._attempt(method, url, body)
            except _Passing as passing:
                wait = passing.wait if passing.wait is not None else backoff(attempt, chance=self._timing.chance)
                left = RETRY_SECONDS - (self._timing.clock() - started)
                if attempt >= MAX_TRIES or wait > left:
                    raise passing.error from None
                self._sleep(wait)
                attempt += 1

    def _sleep(self, seconds: float) -> None:
        if self._timing.sleep is not None:
            self._timing.sleep(seconds)
        else:
            import time

            time.sleep(seconds)

    def _attempt(self, method: str, url: str, body: Mapping[str, Any] | None) -> Answer:
        """One exchange, judged."""
        raw = self._exchange(method, url, body)
        if isinstance(raw, Raw):
            return self._judged(raw, method, urlsplit(url).path)
        if isinstance(raw, BadAnswer):
            raise raw
        if raw.sent and method == "POST":
            raise _lost(self.host, "was lost with the connection")
        raise _Passing(_unreached(self.host, lost=raw.sent))

    def _exchange(self, method: str, url: str, body: Mapping[str, Any] | None) -> "Raw | BadAnswer | _Unanswered":
        """Library exceptions end here: they hold the request, and the request holds the token."""
        try:
            self._deadline.start(TOTAL_SECONDS)
            response = self._adapter.send(
                self._prepared(method, url, body),
                stream=True,
                timeout=(CONNECT_SECONDS, TOTAL_SECONDS),
                verify=self._verify,
                proxies={"https": self._proxy} if self._proxy else {},
            )
            return received(response, max_bytes=MAX_BYTES)
        except TooLarge:
            return BadAnswer(f"The answer of {self.host} is longer than {MAX_BYTES:,} bytes")
        except _NOT_OPENED:
            return _Unanswered(sent=False)
        except (requests.RequestException, HTTPError, OSError) as error:
            # requests wraps what says that no connection was opened at all; only its name can be looked for
            return _Unanswered(sent=not any(name in repr(error) for name in _NOT_OPENED_NAMES))

    def _prepared(self, method: str, url: str, body: Mapping[str, Any] | None) -> requests.PreparedRequest:
        headers = {
            **self._headers,
            "User-Agent": "mist-reconciler",
            self._login.header: f"{self._login.prefix}{self._login.token.reveal()}",
        }
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False).encode()
        return requests.Request(method, url, headers=headers, data=data).prepare()

    def _judged(self, raw: Raw, method: str, path: str) -> Answer:
        if 200 <= raw.status < 300:
            try:
                return Answer(data=json.loads(raw.body), next_page=self._next_page(raw.headers.get("link", "")))
            except (ValueError, RecursionError):
                what = f"The answer of {self.host} to {method} {path} is not JSON"
                raise BadAnswer(what, remedy="Is the API's address right, and does no proxy answer for it?") from None
        error = self._refusal(raw, method, path)
        if isinstance(error, RateLimited):
            raise _Passing(error, error.retry_after)
        if raw.status >= 500:
            if method == "POST":
                raise _lost(self.host, f"is a failure ({raw.status})")
            raise _Passing(error, retry_after(raw.headers.get("retry-after"), now=self._timing.now()))
        raise error

    def _refusal(self, raw: Raw, method: str, path: str) -> ApiError:
        """The error for an answer that is no success, with the host's own words."""
        words = self._words(raw)
        wait = self._asked_wait(raw)
        if raw.status == 429 or (raw.status == 403 and wait is not None):
            limited = RateLimited(
                f"{self.host} takes no more calls"
                + (f" until {time_of_day(self._timing.now() + wait)}" if wait is not None else " just now")
                + words,
                remedy="Run the job again later",
                status=raw.status,
            )
            limited.retry_after = wait
            return limited
        kind, message, remedy = _explained(raw.status, f"{method} {path}", self.host, self._login.variable)
        return kind(f"{message}{words}", remedy=remedy, method=method, path=path, status=raw.status)

    def _asked_wait(self, raw: Raw) -> float | None:
        """The seconds that the host asks to wait: `Retry-After`, or the hour's budget that is used up."""
        now = self._timing.now()
        asked = retry_after(raw.headers.get("retry-after"), now=now)
        if asked is not None:
            return asked
        left = raw.headers.get("x-ratelimit-remaining", raw.headers.get("ratelimit-remaining"))
        reset = raw.headers.get("x-ratelimit-reset", raw.headers.get("ratelimit-reset", ""))
        return max(0.0, float(reset) - now) if left == "0" and reset.isdecimal() else None

    def _words(self, raw: Raw) -> str:
        try:
            words = complaint(json.loads(raw.body), known=(self._login.token.reveal(),))
        except (ValueError, RecursionError):
            return ""
        return f": {words}" if words else ""

    def _next_page(self, header: str) -> str:
        for url, parameters in _LINK.findall(header):
            if re.search(r'rel="?next"?', parameters):
                if not url.startswith(f"{self._origin}/"):
                    raise BadAnswer(f"{self.host} names a next page on another host; the token is not sent there")
                return str(url)
        return ""


def checked_root(root: str) -> str:
    """The root of an API without a slash at its end; raises UsageError for what is no URL, or not safe for a token."""
    text = root.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        bad = not parts.hostname or parts.username or parts.query or parts.fragment or (parts.port == 0)
    except ValueError:
        bad, parts = True, urlsplit("")
    if bad or parts.scheme not in ("https", "http") or not re.fullmatch(r"[\x21-\x7e]+", text):
        raise UsageError("The API's address is no URL", remedy="It looks like https://api.github.com")
    if parts.scheme == "http" and not is_loopback(text):
        raise UsageError(
            f"Plain http to {parts.hostname} would send the token readable by everybody on the way",
            remedy="Use https; http is for loopback addresses only",
        )
    return text


def _explained(status: int, call: str, host: str, variable: str) -> tuple[type[ApiError], str, str]:
    if 300 <= status < 400:
        return BadAnswer, f"{host} answers {call} with a redirect ({status})", "Redirects are not followed"
    if status == 401:
        return Unauthorized, f"{host} does not accept the token (401)", f"Check {variable}: is it valid there?"
    if status == 403:
        remedy = f"The token in {variable} may not do this. On GitHub the job needs `pull-requests: write` (or "
        remedy += "`issues: write` with --issue), which forks never get; on GitLab a token with the scope `api`"
        return Forbidden, f"{host} refuses {call} (403)", remedy
    if status == 404:
        remedy = f"Check repository and number, and whether the token in {variable} can see them"
        return NotFound, f"{host} does not know {call} (404)", remedy
    if status >= 500:
        return ServerFailure, f"{host} failed on {call} ({status})", "Run the job again later"
    return BadRequest, f"{host} refused {call} ({status})", ""


def _unreached(host: str, *, lost: bool) -> Unreachable:
    what = "the connection was lost" if lost else "no connection"
    return Unreachable(f"Can't reach {host}: {what}", remedy="Check the address, the proxy and the certificates")


def _lost(host: str, what: str) -> AmbiguousWrite:
    return AmbiguousWrite(f"The answer of {host} to a POST {what}: it may have been stored or not")
