"""What is known of a token's hour, and where it is kept: an answer of `/self/usage` in, a `Usage` out."""

import math
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeGuard

from msgspec import Struct

HOUR = 3600.0
LIMIT = 5000
"""What a token may make in an hour where the cloud does not say it."""


class Window(Struct, frozen=True, kw_only=True):
    """What is known of a token's hour: when it ends (UTC seconds), how many calls it allows, and how many are used.
    Those that a run has taken and not made yet count as used."""

    until: float
    limit: int
    used: int


class Ledger(Protocol):
    """Keeps what is known of each token's hour."""

    def change(self, name: str, step: Callable[[Window | None], Window | None]) -> None:
        """Gives `step` what is known under a name, and keeps what it returns; nobody else changes it meanwhile."""


class MemoryLedger:
    """A ledger of this process alone."""

    def __init__(self) -> None:
        self._windows: dict[str, Window | None] = {}
        self._lock = threading.Lock()

    def change(self, name: str, step: Callable[[Window | None], Window | None]) -> None:
        """See `Ledger`."""
        with self._lock:
            self._windows[name] = step(self._windows.get(name))


class Usage(Struct, frozen=True, kw_only=True):
    """What `/self/usage` says; `seconds` until the hour ends."""

    requests: int
    limit: int
    seconds: float


def usage_of(answer: Any, *, cloud_now: float) -> Usage | None:
    """An answer of `/self/usage` (requests, request_limit, seconds); None where it says what can't be.

    What `seconds` counts is not documented: the hour ends at the sooner of it and of the clock hour, and then the cloud
    is asked again."""
    if not isinstance(answer, Mapping):
        return None
    requests, limit, seconds = answer.get("requests"), answer.get("request_limit"), answer.get("seconds")
    if not _is_number(requests) or not _is_number(limit) or requests < 0 or limit < 1:
        return None
    left = HOUR - cloud_now % HOUR
    if _is_number(seconds) and 0 <= seconds < left:
        left = seconds
    return Usage(requests=int(requests), limit=int(limit), seconds=left)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
