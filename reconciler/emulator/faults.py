"""Faults that are injected into the answers: what goes wrong between a program and the cloud.

In: a list of fault descriptions.  Out: for each call the first fault that matches and is not used up.

    method        the verb, or left out for any           path        regular expression, searched in the path
    query         regular expression over "a=1&b=2"       times       how often (left out: every time)
    skip          let so many matching calls pass first   status      answer with this status instead
    stored        with status: make the change first      retry_after seconds, as the Retry-After header
    delay_ms      wait before the answer                  headers     more response headers
    body          raw text as the body (e.g. HTML)        truncate    keep so many bytes of the body
    detail        the text of the error's "detail"        drop        "connect", "before", "after" or "body": where
                                                                      the connection is cut
    shift         lists begin so many places later: the pages of a list that shifts while it is read
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from urllib.parse import urlencode

from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.messages import Cut, Json, Reply, Request

DROPS = ("connect", "before", "after", "body")
DETAILS = {
    400: "Bad Request",
    401: "Invalid token.",
    403: "You do not have permission to perform this action.",
    404: "Not found",
    429: "Too Many Request. The API Token used for the request reached the 5000 API Calls per hour threshold",
}


@dataclass(frozen=True)
class Fault:
    method: str | None = None
    path: str = ""
    query: str | None = None
    times: int | None = None
    skip: int = 0
    status: int | None = None
    stored: bool = False
    retry_after: float | str | None = None
    delay_ms: float = 0
    drop: Cut | None = None
    body: str | None = None
    truncate: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    detail: str | None = None
    shift: int = 0

    @property
    def handled(self) -> bool:
        """Does the call still reach the store?"""
        return self.drop not in ("connect", "before") and (self.status is None or self.stored)

    def matches(self, request: Request) -> bool:
        return (
            self.method in (None, "*", request.method)
            and re.search(self.path, request.path) is not None
            and (self.query is None or re.search(self.query, urlencode(sorted(request.query.items()))) is not None)
        )

    def changed(self, reply: Reply) -> Reply:
        """The reply as this fault makes it."""
        status = self.status or reply.status
        headers = {**reply.headers, **self.headers}
        if self.retry_after is not None:
            headers["Retry-After"] = f"{self.retry_after}"
        body, raw = reply.body, reply.raw
        if self.status is not None and not (200 <= self.status < 300 and self.handled):
            body = {"detail": self.detail or DETAILS.get(self.status, f"Emulated fault {self.status}")}
        if self.body is not None:
            raw = self.body.encode()
            if self.body.lstrip().startswith("<"):
                headers.setdefault("Content-Type", "text/html")
        changed = Reply(status, body, headers, raw)
        if self.truncate is not None:
            changed = Reply(status, body, headers, changed.content[: self.truncate])
        return changed


def parse_fault(raw: Any) -> Fault:
    if not isinstance(raw, Mapping):
        raise EmulatorError("fault: expected an object")
    known = {f.name for f in fields(Fault)}
    if unknown := sorted(set(raw) - known):
        raise EmulatorError(f"fault: unknown key {unknown[0]}; known are {', '.join(sorted(known))}")
    if raw.get("drop") not in (None, *DROPS):
        raise EmulatorError(f"fault: drop must be one of {', '.join(DROPS)}")
    for name in ("path", "query"):
        try:
            re.compile(raw.get(name) or "")
        except (re.error, TypeError) as error:
            raise EmulatorError(f"fault: {name} is no regular expression: {error}") from error
    for name in ("times", "skip", "status", "delay_ms", "truncate", "shift"):
        value = raw.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0):
            raise EmulatorError(f"fault: {name} must be a number, not {value!r}")
    return Fault(**raw)


class Faults:
    """The faults in force, in order, with what is left of each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: list[tuple[Fault, list[int]]] = []

    def add(self, fault: Fault | Mapping[str, Any]) -> Fault:
        parsed = fault if isinstance(fault, Fault) else parse_fault(fault)
        with self._lock:
            self._active.append((parsed, [parsed.skip, -1 if parsed.times is None else parsed.times]))
        return parsed

    def replace(self, faults: Iterable[Fault | Mapping[str, Any]]) -> None:
        parsed = [f if isinstance(f, Fault) else parse_fault(f) for f in faults]
        self.clear()
        for fault in parsed:
            self.add(fault)

    def clear(self) -> None:
        with self._lock:
            self._active.clear()

    def take(self, request: Request) -> Fault | None:
        """The fault for this call; counts it as used."""
        with self._lock:
            for fault, left in self._active:
                if left[1] == 0 or not fault.matches(request):
                    continue
                if left[0] > 0:
                    left[0] -= 1
                    continue
                left[1] -= 1 if left[1] > 0 else 0
                return fault
        return None

    def as_json(self) -> list[Json]:
        """The faults with what is left of `times` and `skip`."""
        empty = Fault()
        with self._lock:
            active = [(fault, list(left)) for fault, left in self._active]
        rows = []
        for fault, (skip, times) in active:
            row = {k: v for k, v in asdict(fault).items() if v != getattr(empty, k)}
            rows.append(row | ({"skip": skip} if fault.skip else {}) | ({"times": times} if times >= 0 else {}))
        return rows
