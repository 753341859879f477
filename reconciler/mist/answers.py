"""From a response to data or to an error that a person can act on.

In: a `requests` response, still unread.  Out: an `Answer`, or a `Failure` with the typed error and whether the call
may be repeated. An answer that is not what the API promises is never data.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests

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
)
from reconciler.mist.pacing import retry_after
from reconciler.mist.redact import Known, complaint, one_line

JSON_TYPES = frozenset({"application/json", "application/vnd.api+json"})
REQUEST_ID_HEADERS = ("X-Request-Id", "X-Amzn-Trace-Id", "X-Amz-Cf-Id", "CF-Ray")
PASSING = frozenset({502, 503, 504})
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent, as far as answers and errors need it. `known` are values that no text may show."""

    method: str
    path: str
    host: str
    known: Known = field(default_factory=Known, repr=False)

    @property
    def title(self) -> str:
        """`PUT sites/123/setting`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A 2xx: its JSON (None for an empty body), and headers by lower-case name."""

    status: int
    data: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong. `again`: sending it once more can do no harm. `wait`: the seconds that the cloud asked for.
    `sent` is False when nothing left this machine."""

    error: ApiError
    again: bool = False
    wait: float | None = None
    sent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An answer that has arrived, not judged yet."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str:
        """How the cloud names this request; "" when it does not."""
        return next((self.headers[name.lower()] for name in REQUEST_ID_HEADERS if name.lower() in self.headers), "")


class TooLarge(Exception):
    """The body is longer than allowed."""


def received(response: requests.Response, *, max_bytes: int) -> Raw:
    """Reads a response to its end; raises TooLarge, and what `requests` raises when the connection fails."""
    with response:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(_CHUNK):
            size += len(part)
            if size > max_bytes:
                raise TooLarge
            parts.append(part)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Raw(status=response.status_code, headers=headers, body=b"".join(parts))


def judged(raw: Raw, sent: Sent, *, now: float) -> Answer | Failure:
    """An answer is data, or a failure of a known kind."""
    if 200 <= raw.status < 300:
        return _data(raw, sent)
    if 300 <= raw.status < 400:
        return _redirect(raw, sent)
    return _refusal(raw, sent, wait=retry_after(raw.headers.get("retry-after"), now=now))


def _data(raw: Raw, sent: Sent) -> Answer | Failure:
    if not raw.body and sent.method == "DELETE":
        return Answer(status=raw.status, data=None, headers=raw.headers)
    if raw.content_type not in JSON_TYPES:
        return _bad(f"is {_described(raw)} and not JSON", sent, raw.status)
    try:
        data = _parsed(raw.body)
    except (ValueError, RecursionError):
        return _bad("holds no valid JSON, or only a part of it", sent, raw.status)
    return Answer(status=raw.status, data=data, headers=raw.headers)


def _parsed(body: bytes) -> Any:
    return json.loads(body.decode("utf-8"), parse_constant=_no_constant)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _described(raw: Raw) -> str:
    if not raw.body:
        return "empty"
    return "an HTML page" if "html" in raw.content_type else one_line(raw.content_type, limit=60) or "without a type"


def bad_answer(what: str, sent: Sent, status: int) -> BadAnswer:
    """The error for an answer that is not what the API promises."""
    return BadAnswer(
        f"The answer to {sent.title} {what} (status {status})",
        remedy=f"Check that {sent.host} is the API host of your cloud, and that no proxy or portal answers for it",
        method=sent.method,
        path=sent.path,
        status=status,
    )


def _bad(what: str, sent: Sent, status: int) -> Failure:
    return Failure(error=_lost(sent, what, status) if sent.method == "POST" else bad_answer(what, sent, status))


def too_large(sent: Sent, *, max_bytes: int) -> Failure:
    """The failure for a body beyond the bound."""
    return _bad(f"is longer than {max_bytes:,} bytes", sent, 200)


def _lost(sent: Sent, what: str, status: int) -> AmbiguousWrite:
    return AmbiguousWrite(
        f"The answer to {sent.title} {what} (status {status}): the object may have been created",
        remedy="Plan again: what was created shows as live",
        method=sent.method,
        path=sent.path,
        status=status,
    )


def _redirect(raw: Raw, sent: Sent) -> Failure:
    try:
        target = urlsplit(raw.headers.get("location", "")).hostname or sent.host
    except ValueError:
        target = "an address that can't be read"
    error = BadAnswer(
        f"{sent.host} answers {sent.title} with a redirect ({raw.status}) to {one_line(target, limit=100)}",
        remedy="Redirects are not followed. If that host is the API of your cloud, set MIST_HOST to it",
        method=sent.method,
        path=sent.path,
        status=raw.status,
    )
    return Failure(error=error)


def _refusal(raw: Raw, sent: Sent, *, wait: float | None) -> Failure:
    words = _cloud_words(raw, sent)
    if raw.status == 429:
        return Failure(error=_limited(words, sent, wait), again=True, wait=wait)
    if raw.status in PASSING and sent.method == "POST":
        return Failure(error=_lost(sent, f"is a failure of a server on the way{words}", raw.status))
    kind, message, remedy = _explained(raw.status, sent)
    error = kind(f"{message}{words}", remedy=remedy, method=sent.method, path=sent.path, status=raw.status)
    return Failure(error=error, again=raw.status in PASSING, wait=wait if raw.status in PASSING else None)


def _cloud_words(raw: Raw, sent: Sent) -> str:
    if raw.content_type not in JSON_TYPES:
        return ""
    try:
        words = complaint(_parsed(raw.body), known=sent.known)
    except (ValueError, RecursionError):
        return ""
    return f": {words}" if words else ""


def _limited(words: str, sent: Sent, wait: float | None) -> RateLimited:
    error = RateLimited(
        f"Too many calls: {sent.host} refuses {sent.title}{words}",
        remedy="Run the same command again later; what was done already is seen then",
        method=sent.method,
        path=sent.path,
        status=429,
    )
    error.retry_after = wait
    return error


_CLOUD = "Is MIST_HOST the host of your organisation's cloud?"


def _explained(status: int, sent: Sent) -> tuple[type[ApiError], str, str]:
    """The error's type, what happened and what to do."""
    if status == 400:
        return BadRequest, f"The cloud refused {sent.title} (400)", ""
    if status == 401:
        return (
            Unauthorized,
            f"The API token is not valid on {sent.host} (401)",
            f"Check MIST_APITOKEN: is it complete, and neither expired nor revoked? {_CLOUD}",
        )
    if status == 403:
        return (
            Forbidden,
            f"No permission for {sent.title} (403)",
            "Give the API token a role that allows this, or check whether the object was deleted meanwhile",
        )
    if status == 404 and _names_org(sent.path):
        return (
            NotFound,
            f"{sent.host} doesn't know the organisation {sent.path.split('/')[1]} (404)",
            f"Check MIST_ORG_ID (or org.id in reconciler.yaml). {_CLOUD}",
        )
    if status == 404:
        return NotFound, f"{sent.title}: not found (404)", ""
    if status >= 500:
        return ServerFailure, f"The cloud failed on {sent.title} ({status})", "Try again later"
    return BadRequest, f"The cloud refused {sent.title} ({status})", ""


def _names_org(path: str) -> bool:
    return path.startswith("orgs/") and path.count("/") == 1
