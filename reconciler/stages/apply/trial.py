"""Whether the token may write at all: seen from the first two writes, before many are refused."""

import threading
from collections.abc import Callable
from typing import TypeVar

from reconciler.errors import Fate, Forbidden

ENOUGH = 2
Answer = TypeVar("Answer")


class Trial:
    """Until a write has succeeded no more than two are under way or were refused (403); after two refusals none is
    sent any more."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._proven = False
        self._refused = 0
        self._under_way = 0

    def send(self, send: Callable[[], Answer]) -> Answer:
        """Sends a write. Raises `Forbidden` without sending it where two were refused and none has succeeded."""
        if self._proven:
            return send()
        with self._changed:
            self._changed.wait_for(self._may_decide)
            if self._refused >= ENOUGH and not self._proven:
                raise _may_not_write()
            self._under_way += 1
        proven, refused = False, False
        try:
            answer = send()
            proven = True
        except Forbidden:
            refused = True
            raise
        finally:
            with self._changed:
                self._proven = self._proven or proven
                self._refused += refused
                self._under_way -= 1
                self._changed.notify_all()
        return answer

    def _may_decide(self) -> bool:
        return self._proven or self._refused >= ENOUGH or self._under_way + self._refused < ENOUGH


def _may_not_write() -> Forbidden:
    error = Forbidden(
        f"The first {ENOUGH} writes were refused (403), and none was done: this token may not write here",
        remedy="Give the token a role that may write, or choose with --target what it may write",
        status=403,
    )
    error.fate = Fate.BARRED
    return error
