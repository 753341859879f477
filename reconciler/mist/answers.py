"""From an answer of the cloud to data, or to an error that a person can act on.

In: a `Raw` answer.  Out: an `Answer`, or a `Failure` with the typed error and the fate of the call. An answer that is
not what the API promises is never data.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field

from reconciler.errors import (
    AmbiguousWrite,
    BadAnswer,
    Fate,
    RateLimited,
)
from reconciler.mist.expected import wrong_reply
from reconciler.mist.redact import Known, complaint, one_line
from reconciler.transport.receiving import JSON_TYPES, Raw, kind_of_refusal
from reconciler.transport.retry import Failure, RetryPolicy


class Sent(Struct, frozen=True, kw_only=True):
    """What was sent, as far as answers and errors need it. `known` are values that no text may show."""

    method: str
    path: str
    host: str
    known: Known = field(default_factory=Known)

    @property
    def title(self) -> str:
        """`PUT sites/123/setting`."""
        return f"{self.method} {self.path}"


class Answer(Struct, frozen=True, kw_only=True):
    """A 2xx: its JSON (None for an empty body), and headers by lower-case name."""

    status: int
    data: Any
    headers: Mapping[str, str]


def judged(raw: Raw, sent: Sent, *, policy: RetryPolicy, now: float) -> Answer | Failure:
    """An answer is data, or a failure of a known kind."""
    if raw.is_success:
        return _data(raw, sent)
    if 300 <= raw.status < 400:
        return _redirect(raw, sent)
    return _refusal(raw, sent, fate=policy.fate_of(raw.status), wait=raw.asked_wait(now))


def _data(raw: Raw, sent: Sent) -> Answer | Failure:
    if not raw.body and sent.method == "DELETE":
        return Answer(status=raw.status, data=None, headers=raw.headers)
    if raw.content_type not in JSON_TYPES:
        return unreadable(f"is {_described(raw)} and not JSON", sent, raw.status)
    try:
        data = raw.json()
    except ValueError:
        return unreadable("holds no valid JSON, or only a part of it", sent, raw.status)
    if problem := wrong_reply(sent.method, sent.path, data):
        return unreadable(problem, sent, raw.status)
    return Answer(status=raw.status, data=data, headers=raw.headers)


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


def unreadable(what: str, sent: Sent, status: int = 200) -> Failure:
    """The failure for an answer that came with a success and is not what the API promises."""
    if sent.method in ("POST", "PUT"):
        return Failure(error=maybe_stored(f"{what} (status {status})", sent, status), fate=Fate.UNREADABLE)
    return Failure(error=bad_answer(what, sent, status), fate=Fate.UNREADABLE)


def maybe_stored(what: str, sent: Sent, status: int = 0) -> AmbiguousWrite:
    """The error for a write whose answer is of no use."""
    created = sent.method == "POST"
    return AmbiguousWrite(
        f"The answer of {sent.host} to {sent.title} {what}: "
        + ("the object may have been created" if created else "the change may have been stored"),
        remedy=f"Plan again: what was {'created' if created else 'stored'} shows as live",
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


def _refusal(raw: Raw, sent: Sent, *, fate: Fate, wait: float | None) -> Failure:
    words = _cloud_words(raw, sent)
    if raw.status == 429:
        return Failure(error=_limited(words, sent, wait), fate=fate, wait=wait)
    if fate is Fate.UNKNOWN and sent.method == "POST":
        what = f"is a failure of a server on the way{words} (status {raw.status})"
        return Failure(error=maybe_stored(what, sent, raw.status), fate=fate)
    message, remedy = _explained(raw.status, sent)
    kind = kind_of_refusal(raw.status)
    error = kind(f"{message}{words}", remedy=remedy, method=sent.method, path=sent.path, status=raw.status)
    return Failure(error=error, fate=fate, wait=wait if fate is Fate.UNKNOWN else None)


def _cloud_words(raw: Raw, sent: Sent) -> str:
    if raw.content_type not in JSON_TYPES:
        return ""
    try:
        words = complaint(raw.json(), known=sent.known)
    except ValueError:
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


def _explained(status: int, sent: Sent) -> tuple[str, str]:
    """What happened and what to do."""
    if status == 401:
        return (
            f"The API token is not valid on {sent.host} (401)",
            f"Check MIST_APITOKEN: is it complete, and neither expired nor revoked? {_CLOUD}",
        )
    if status == 403:
        return (
            f"No permission for {sent.title} (403)",
            "Give the API token a role that allows this, or check whether the object was deleted meanwhile",
        )
    if status == 404 and _names_org(sent.path):
        return (
            f"{sent.host} doesn't know the organisation {sent.path.split('/')[1]} (404)",
            f"Check MIST_ORG_ID (or org.id in reconciler.yaml). {_CLOUD}",
        )
    if status == 404:
        return f"{sent.title}: not found (404)", ""
    if status >= 500:
        return f"The cloud failed on {sent.title} ({status})", "Try again later"
    return f"The cloud refused {sent.title} ({status})", ""


def _names_org(path: str) -> bool:
    return path.startswith("orgs/") and path.count("/") == 1
