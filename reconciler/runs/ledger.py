"""What is known of each token's hour, shared by the runs of one machine: a `Ledger` of `reconciler.mist` in files.

A file has the digest of host and token as its name, and holds numbers. It is worth an hour, and nothing is lost with
it: what can't be read or written is as if it were not there.
"""

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from reconciler.mist.ledger import MemoryLedger, Window

_PATIENCE = 2.0


class FileLedger:
    """A ledger in a directory, which is made when it is needed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._memory = MemoryLedger()
        self._usable = True

    def change(self, name: str, step: Callable[[Window | None], Window | None]) -> None:
        """See `reconciler.mist.ledger.Ledger`. Where files can't be used, what is known is known to this run alone."""
        lock = FileLock(self._directory / f"{name}.lock", mode=0o600, timeout=_PATIENCE)
        with contextlib.ExitStack() as stack:
            if self._usable:
                try:
                    self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
                    stack.enter_context(lock)
                except (OSError, Timeout):
                    self._usable = False
            if not self._usable:
                self._memory.change(name, step)
                return
            file = self._directory / f"{name}.json"
            after = step(_read(file))
            self._memory.change(name, lambda _known: after)
            self._usable = _write(file, after)


def _read(file: Path) -> Window | None:
    try:
        facts = json.loads(file.read_bytes())
        return Window(until=float(facts["until"]), limit=int(facts["limit"]), used=int(facts["used"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _write(file: Path, window: Window | None) -> bool:
    """Not by way of a temporary file: it is written often, and one that was cut short is none."""
    text = json.dumps({} if window is None else {"until": window.until, "limit": window.limit, "used": window.used})
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(file, flags, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
    except OSError:
        return False
    return True
