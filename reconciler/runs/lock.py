"""An advisory lock per organisation, so that two applies on one machine don't write at the same time.

In: the organisation's id and how long to wait. The lock is a file in the user's state directory; the system releases it
when the process ends, however it ends. It knows nothing of other machines: pipelines need a concurrency group of
their own. A host has many spellings (`localhost`, `127.0.0.1`, a CNAME), and an id is of one cloud only: the host is
no part of the lock.
"""

import contextlib
import json
import os
import re
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from reconciler.errors import GuardRefusal, UsageError
from reconciler.sources.writing import write_file

_POLL_SECONDS = 0.2
_LARGEST = 4096


def state_directory(environ: Mapping[str, str]) -> Path:
    """Where this user's locks are: below XDG_STATE_HOME, or ~/.local/state."""
    given = environ.get("XDG_STATE_HOME", "")
    try:
        base = Path(given) if os.path.isabs(given) else Path.home() / ".local" / "state"
    except RuntimeError as error:
        raise UsageError("There is no home directory for the lock", remedy="Set XDG_STATE_HOME") from error
    return base / "mist-reconciler" / "locks"


def machine_of(directory: Path) -> str:
    """What tells the machines apart that have locks of their own: whoever has this name shares these locks. Raises
    `OSError`."""
    path = directory / "machine"
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        write_file(path, secrets.token_hex(16))
    return path.read_text("ascii")


@contextmanager
def organisation_lock(directory: Path, *, org_id: str, timeout: float, tell: Callable[[str], None]) -> Iterator[None]:
    """Holds the lock of one organisation. `tell` is given a sentence when there is something to wait for.

    Raises `GuardRefusal` when another run holds it for longer than `timeout` seconds.
    """
    name = re.sub(r"[^\w.\-]+", "_", org_id.lower(), flags=re.ASCII)
    holder = directory / f"{name}.holder"
    lock = FileLock(directory / f"{name}.lock", mode=0o600, poll_interval=_POLL_SECONDS)
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        _acquire(lock, holder, timeout, tell)
    except Timeout:
        waited = f" (waited {timeout:g} s)" if timeout else ""
        raise GuardRefusal(
            f"Another apply to this organisation is under way: {_holder(holder)}{waited}",
            remedy="Wait for it to end, or let this one wait with --lock-timeout SECONDS; nothing was written",
        ) from None
    except OSError as error:
        raise UsageError(
            f"The lock for this organisation can't be made in {directory}: {error.strerror or error}",
            remedy="Set XDG_STATE_HOME to a directory that can be written",
        ) from error
    try:
        _write_holder(holder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, holder: Path, timeout: float, tell: Callable[[str], None]) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not timeout:
            raise
        tell(f"Waiting up to {timeout:g} s for another apply to this organisation to end: {_holder(holder)}")
        lock.acquire(timeout=timeout)


def _write_holder(path: Path) -> None:
    """Notes who holds the lock. It is for people: a lock without it holds just as well."""
    facts = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with contextlib.suppress(OSError):
        write_file(path, json.dumps(facts), sync=False)


def _holder(path: Path) -> str:
    """`process 4711 on build-7, since 2026-07-27 10:15:30 UTC`."""
    try:
        with path.open("rb") as file:
            facts: Any = json.loads(file.read(_LARGEST))
        since = datetime.fromisoformat(facts["since"])
        return f"process {int(facts['pid'])} on {str(facts['host'])[:80]!s}, since {since:%Y-%m-%d %H:%M:%S} UTC"
    except (OSError, ValueError, KeyError, TypeError):
        return "by another process"
