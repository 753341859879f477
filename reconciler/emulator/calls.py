"""The record of the API calls made: what a test or a reader asks the emulator about afterwards."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.messages import Json, Request

KEPT = 100_000


@dataclass(frozen=True)
class CallEntry:
    """One call; status 0 means that the connection was cut before an answer."""

    method: str
    path: str
    status: int
    body: Any = None
    query: tuple[tuple[str, str], ...] = ()

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

    @property
    def total(self) -> int:
        return self.reads + self.writes

    def add(self, request: Request, status: int) -> None:
        if request.method in ("GET", "HEAD"):
            self.reads += 1
        else:
            self.writes += 1
        query = tuple(sorted(request.query.items()))
        self.log.append(CallEntry(request.method, request.path, status, request.body, query))

    def as_json(self) -> Json:
        log = [entry.as_json() for entry in list(self.log)]
        return {"total": self.total, "reads": self.reads, "writes": self.writes, "log": log}
