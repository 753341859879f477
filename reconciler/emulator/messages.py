"""What goes into the emulator and what comes out: a request, a reply, and how the reply reaches the caller."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


def copied(value: Any) -> Any:
    """A value of JSON, nothing of it shared with the original; several times as fast as a copy of anything."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


# Where a connection is cut: before it opened, before the change, after the change, in the middle of the answer.
Cut = Literal["connect", "before", "after", "body"]


@dataclass(frozen=True)
class Malformed:
    """A body that can't be read, and why; the core answers 400 with it."""

    detail: str


@dataclass(frozen=True)
class Request:
    """One call; header names in any case.  The body is parsed JSON (None when there was none), a `Form`, or
    `Malformed`."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), None)


@dataclass(frozen=True)
class Reply:
    """Status, headers and body: JSON data, or raw text when `raw` is given."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    @property
    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Delivery:
    """How a reply travels: whole, cut somewhere, or too late for the caller's read timeout."""

    reply: Reply
    cut: Cut | None = None
    timed_out: bool = False


def reply_headers(reply: Reply) -> dict[str, str]:
    headers = {"Content-Type": "application/json", **reply.headers}
    return headers | {"Content-Length": str(len(reply.content))}
