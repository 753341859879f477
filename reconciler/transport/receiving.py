"""What arrived, and what can be read from it whatever the host: JSON, the type of a refusal, how long to wait."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import msgspec
from msgspec import Struct
from requests.utils import parse_header_links

from reconciler.errors import (
    ApiError,
    BadAnswer,
    BadRequest,
    Forbidden,
    NotFound,
    RateLimited,
    ServerFailure,
    Unauthorized,
)
from reconciler.transport.pacing import http_date, retry_after

JSON_TYPES = frozenset({"application/json", "application/vnd.api+json"})
REQUEST_ID_HEADERS = ("X-Request-Id", "X-Amzn-Trace-Id", "X-Amz-Cf-Id", "CF-Ray")
CHUNK = 64 * 1024
"""So many bytes of an answer are taken at once."""
_KINDS: Mapping[int, type[ApiError]] = {401: Unauthorized, 403: Forbidden, 404: NotFound, 429: RateLimited}


class Raw(Struct, frozen=True, kw_only=True):
    """An answer that has arrived whole; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str:
        """How the host names this request; "" when it does not."""
        return next((self.headers[name.lower()] for name in REQUEST_ID_HEADERS if name.lower() in self.headers), "")

    @property
    def is_success(self) -> bool:
        """A 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON, strictly; raises ValueError for anything else."""
        try:
            return _quickly(self.body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error

    def sent_at(self, now: float) -> float:
        """When the host sent this, by its own clock: what its other times are measured against. `now` stands in."""
        moment = http_date(self.headers.get("date", ""))
        return now if moment is None else moment

    def asked_wait(self, now: float) -> float | None:
        """The seconds that Retry-After asks for, None without one."""
        return retry_after(self.headers.get("retry-after"), now=self.sent_at(now))

    @property
    def next_page(self) -> str:
        """The URL that the Link header names as the next page; "" on the last one."""
        links = parse_header_links(self.headers.get("link", ""))
        return next((str(link["url"]) for link in links if link.get("rel") == "next"), "")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_JSON = json.JSONDecoder(parse_constant=_no_constant)


def _quickly(body: bytes) -> Any:
    """JSON in a third of the time. What the quick reader refuses is left to the standard library's: it takes numbers
    and halves of characters that no other does, and its word is the last one."""
    try:
        return msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return _JSON.decode(body.decode("utf-8"))


class TooLarge(Exception):
    """The body is longer than allowed."""


def received(status: int, headers: Mapping[str, str], parts: Iterable[bytes], *, max_bytes: int) -> Raw:
    """Reads the parts of a body to their end; raises TooLarge, and what the library raises where a connection fails."""
    whole: list[bytes] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > max_bytes:
            raise TooLarge
        whole.append(part)
    return Raw(status=status, headers={name.lower(): value for name, value in headers.items()}, body=b"".join(whole))


def kind_of_refusal(status: int) -> type[ApiError]:
    """The error for an answer that is no success."""
    if status in _KINDS:
        return _KINDS[status]
    if 300 <= status < 400:
        return BadAnswer
    return ServerFailure if status >= 500 else BadRequest
