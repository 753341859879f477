"""REST calls to a code host, as carefully as those to the cloud: no redirects, bounded in time and size, the token to
its own host only, https unless the host is this machine.

In: a base URL, headers and a token.  Out: an `Answer`, or an error of `reconciler.errors` in plain words. What may
pass (429, rate limits, 5xx, lost connections) is tried again, except for a POST whose fate is unknown: that is an
`AmbiguousWrite`, and the caller looks before it posts again.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from msgspec import Struct

from reconciler.errors import AmbiguousWrite, BadAnswer, Fate, RateLimited, Unreachable, UsageError
from reconciler.mist.redact import complaint
from reconciler.model.values import Secret
from reconciler.transport.pacing import Timing, time_of_day
from reconciler.transport.receiving import Raw, kind_of_refusal
from reconciler.transport.retry import Failure, Line, RetryPolicy
from reconciler.transport.route import is_loopback, route_to
from reconciler.transport.sending import Adapter, Limits, Sender
from reconciler.transport.trouble import Trouble

LIMITS = Limits(connect=10.0, read=60.0, total=60.0, max_bytes=32 * 1024 * 1024)
_ALL = frozenset({"GET", "POST", "PUT", "PATCH"})
POLICY = RetryPolicy(
    tries=7,
    budget=120.0,
    repeats={Fate.UNSENT: _ALL, Fate.HELD: _ALL, Fate.REFUSED: _ALL, Fate.UNKNOWN: _ALL - {"POST"}},
    passing=frozenset(range(500, 600)),
    first_contact=7,
)
_TOKEN = re.compile(r"[\x21-\x7e]+")


class Login(Struct, frozen=True, kw_only=True):
    """How a host wants the token: the header's name, what stands before the token, and which variable holds it."""

    header: str
    prefix: str
    variable: str
    token: Secret


class Answer(Struct, frozen=True, kw_only=True):
    """A 2xx: its JSON, and the URL of the next page ("" on the last one)."""

    data: Any
    next_page: str = ""


class Web:
    """Calls below one API root such as `https://api.github.com`. `adapter` and `timing` replace network and clock."""

    def __init__(
        self,
        root: str,
        login: Login,
        *,
        headers: Mapping[str, str],
        adapter: Adapter | None = None,
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
        self._sender = Sender(route_to(self._origin), LIMITS, threads=1, adapter=adapter)
        self._line = Line(POLICY, timing or Timing())

    def close(self) -> None:
        """Closes the connections."""
        self._sender.close()

    def get(self, path: str, *, query: Mapping[str, str] | None = None) -> Answer:
        """Reads; `path` is relative to the root, or the full URL of a next page."""
        url = path if path.startswith(f"{self._origin}/") else f"{self._root}/{path}"
        return self._request("GET", f"{url}?{urlencode(query)}" if query else url)

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Writes; a POST whose answer was lost raises `AmbiguousWrite`."""
        return self._request(method, f"{self._root}/{path}", body=body)

    def _request(self, method: str, url: str, *, body: Mapping[str, Any] | None = None) -> Answer:
        outcome = self._line.call(method, lambda _number: self._attempt(method, url, body), too_long=self._limited)
        if isinstance(outcome, Answer):
            return outcome
        raise outcome.error

    def _attempt(self, method: str, url: str, body: Mapping[str, Any] | None) -> Answer | Failure:
        """One exchange, judged."""
        headers = {
            **self._headers,
            "User-Agent": "mist-reconciler",
            self._login.header: f"{self._login.prefix}{self._login.token.reveal()}",
        }
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False).encode()
        raw = self._sender.exchange(method, url, headers=headers, data=data)
        call = f"{method} {urlsplit(url).path}"
        if isinstance(raw, Trouble):
            return self._unanswered(raw, method, call)
        return self._read(raw, call) if raw.is_success else self._refused(raw, method, call)

    def _unanswered(self, trouble: Trouble, method: str, call: str) -> Failure:
        if trouble in (Trouble.TOO_LONG, Trouble.GARBLED):
            return Failure(error=BadAnswer(f"The answer of {self.host} to {call} {trouble.value}"))
        if trouble.sent and method == "POST":
            return Failure(error=_lost(self.host, "was lost with the connection"), fate=Fate.UNKNOWN)
        what = "the connection was lost" if trouble.sent else f"no connection: {trouble.value}"
        error = Unreachable(
            f"Can't reach {self.host}: {what}", remedy="Check the address, the proxy and the certificates"
        )
        if trouble in (Trouble.NO_HOST, Trouble.UNTRUSTED):
            return Failure(error=error, fate=Fate.BARRED)
        return Failure(error=error, fate=Fate.UNKNOWN if trouble.sent else Fate.UNSENT)

    def _read(self, raw: Raw, call: str) -> Answer | Failure:
        try:
            data = raw.json()
        except ValueError:
            remedy = "Is the API's address right, and does no proxy answer for it?"
            return Failure(error=BadAnswer(f"The answer of {self.host} to {call} is not JSON", remedy=remedy))
        page = raw.next_page
        if page and not page.startswith(f"{self._origin}/"):
            what = f"{self.host} names a next page on another host; the token is not sent there"
            return Failure(error=BadAnswer(what))
        return Answer(data=data, next_page=page)

    def _refused(self, raw: Raw, method: str, call: str) -> Failure:
        """The failure for an answer that is no success, with the host's own words."""
        wait, fate, words = self._asked_wait(raw), POLICY.fate_of(raw.status), self._words(raw)
        if fate is Fate.REFUSED or (raw.status == 403 and wait is not None):
            return Failure(error=self._limited(wait, words), fate=Fate.REFUSED, wait=wait)
        if fate is Fate.UNKNOWN and method == "POST":
            return Failure(error=_lost(self.host, f"is a failure ({raw.status})"), fate=fate)
        message, remedy = _explained(raw.status, call, self.host, self._login.variable)
        error = kind_of_refusal(raw.status)(f"{message}{words}", remedy=remedy, status=raw.status)
        return Failure(error=error, fate=fate, wait=wait)

    def _limited(self, wait: float | None, words: str = "") -> RateLimited:
        until = "just now" if wait is None else f"until {time_of_day(self._line.timing.now() + wait)}"
        error = RateLimited(
            f"{self.host} takes no more calls {until}{words}", remedy="Run the job again later", status=429
        )
        error.retry_after = wait
        return error

    def _asked_wait(self, raw: Raw) -> float | None:
        """The seconds that the host asks to wait: `Retry-After`, or the hour's budget that is used up."""
        now = self._line.timing.now()
        asked = raw.asked_wait(now)
        if asked is not None:
            return asked
        left = raw.headers.get("x-ratelimit-remaining", raw.headers.get("ratelimit-remaining"))
        reset = raw.headers.get("x-ratelimit-reset", raw.headers.get("ratelimit-reset", ""))
        return max(0.0, float(reset) - raw.sent_at(now)) if left == "0" and reset.isdecimal() else None

    def _words(self, raw: Raw) -> str:
        try:
            words = complaint(raw.json(), known=(self._login.token.reveal(),))
        except ValueError:
            return ""
        return f": {words}" if words else ""


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


def _explained(status: int, call: str, host: str, variable: str) -> tuple[str, str]:
    """What happened and what to do."""
    if 300 <= status < 400:
        return f"{host} answers {call} with a redirect ({status})", "Redirects are not followed"
    if status == 401:
        return f"{host} does not accept the token (401)", f"Check {variable}: is it valid there?"
    if status == 403:
        remedy = f"The token in {variable} may not do this. On GitHub the job needs `pull-requests: write` (or "
        remedy += "`issues: write` with --issue), which forks never get; on GitLab a token with the scope `api`"
        return f"{host} refuses {call} (403)", remedy
    if status == 404:
        return f"{host} does not know {call} (404)", (
            f"Check repository and number, and whether the token in {variable} can see them"
        )
    if status >= 500:
        return f"{host} failed on {call} ({status})", "Run the job again later"
    return f"{host} refused {call} ({status})", ""


def _lost(host: str, what: str) -> AmbiguousWrite:
    return AmbiguousWrite(f"The answer of {host} to a POST {what}: it may have been stored or not")
