"""Whether the token may write at all: seen from the first two writes, before many are refused."""

import threading
from collections.abc import Callable
from typing import TypeVar

from reconciler.errors import Fate, Forbidden

ENOUGH = 2
Answer = TypeVar("Answer")


class Trial:
    """Until a write has succeeded at most two are under way; after two refusals (403) none is sent any more."""

    def __init__(self) -> None:
        self._turns = threading.Semaphore(ENOUGH)
        self._lock = threading.Lock()
        self._proven = False
        self._refused = 0

    def send(self, send: Callable[[], Answer]) -> Answer:
        """Sends a write. Raises `Forbidden` without sending it where two were refused and none has succeeded."""
        if self._proven:
            return send()
        with self._turns:
            if self._refused >= ENOUGH and not self._proven:
                raise _may_not_write()
            try:
                answer = send()
            except Forbidden:
                with self._lock:
                    self._refused += 1
                raise
            self._proven = True
            return answer


def _may_not_write() -> Forbidden:
    error = Forbidden(
        f"The first {ENOUGH} writes were refused (403), and none was done: this token may not write here",
        remedy="Give the token a role that may write, or choose with --target what it may write",
        status=403,
    )
    error.fate = Fate.BARRED
    return error
