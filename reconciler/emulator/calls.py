"""The record of the API calls made: what a test or a reader asks the emulator about afterwards."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.bodies import Form
from reconciler.emulator.messages import Json, Malformed, Request

KEPT = 100_000
# Bodies are kept up to this many bytes altogether, the latest ones.
KEPT_BYTES = 16_000_000


@dataclass(slots=True)
class CallEntry:
    """One call; status 0 means that the connection was cut before an answer.  `sent` is the body as JSON text, so that
    a stored object is not held a second time, and None when it is too long ago."""

    method: str
    path: str
    status: int
    sent: str | None = None
    query: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> Any:
        return None if self.sent is None else json.loads(self.sent)

    def as_json(self) -> Json:
        entry: Json = {"method": self.method, "path": self.path, "status": self.status, "body": self.body}
        return entry | ({"query": dict(self.query)} if self.query else {})


class CallLog:
    """Counts every call; keeps the latest ones."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.reads = 0
        self.writes = 0
        self.log: deque[CallEntry] = deque(maxlen=KEPT)
        self._with_body: deque[CallEntry] = deque()
        self._bytes = 0

    @property
    def total(self) -> int:
        return self.reads + self.writes

    def add(self, request: Request, status: int) -> None:
        if request.method in ("GET", "HEAD"):
            self.reads += 1
        else:
            self.writes += 1
        query = tuple(sorted(request.query.items()))
        entry = CallEntry(request.method, request.path, status, _text(request.body), query)
        self.log.append(entry)
        if entry.sent is not None:
            self._with_body.append(entry)
            self._bytes += len(entry.sent)
        while self._bytes > KEPT_BYTES and self._with_body:
            oldest = self._with_body.popleft()
            self._bytes -= len(oldest.sent or "")
            oldest.sent = None

    def as_json(self) -> Json:
        log = [entry.as_json() for entry in list(self.log)]
        return {"total": self.total, "reads": self.reads, "writes": self.writes, "log": log}


def _text(body: Any) -> str | None:
    if body is None:
        return None
    if isinstance(body, Malformed):
        return json.dumps({"malformed": body.detail})
    return json.dumps(body.as_json() if isinstance(body, Form) else body, default=str)
