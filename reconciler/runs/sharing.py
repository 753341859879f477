"""What runs of an organisation on several machines share through a ref of the repository: the lease, and the records.

The lease says who applies now, since when and until when. It is taken, renewed and given back by compare-and-swap
(`reconciler.runs.ref`). Its holder stops writing a margin before it ends, others break it a margin after it ended: the
clocks of two machines may differ by as much. Who broke one, and whose it was, stays on the ref.
"""

import contextlib
import json
import os
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from reconciler.errors import GuardRefusal, RecordFailure
from reconciler.runs.record import make_records
from reconciler.runs.ref import RemoteRef
from reconciler.runs.who import has_id
from reconciler.sources.writing import write_file

LEASE, BROKEN = "lease.json", "broken.jsonl"
_RECORD = re.compile(r"\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{4,16}\.jsonl", re.ASCII)
_KEPT = 300
"""So many records of an organisation stay on the ref, the latest."""


class Span(Struct, frozen=True, kw_only=True):
    """Seconds: how long a lease lasts, how often it is renewed and the record sent, the margin around its end, and how
    often somebody who waits for it looks."""

    lease: float = 600.0
    every: float = 45.0
    margin: float = 60.0
    look: float = 3.0


class Share:
    """One run's part in what is shared. `who` are the facts about its holder, and the `machine` whose lock it holds:
    a lease of that machine is of a process that has ended. `leased`: it takes the lease."""

    def __init__(
        self,
        ref: RemoteRef,
        records: Path | None,
        who: Mapping[str, Any],
        *,
        leased: bool,
        span: Span,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._ref = ref
        self._records = records
        self._leased = leased
        self._span = span
        self._now = now
        self._token = secrets.token_hex(8)
        self._who = {**who, "host": socket.gethostname(), "pid": os.getpid()}
        self._since = now()
        self._ends = (now(), time.monotonic())
        self._lost = ""
        self._problem = ""
        self._ours: set[str] = set()

    def take(self, *, timeout: float, tell: Callable[[str], None]) -> None:
        """Takes the lease, waiting up to `timeout` seconds for another holder, and brings the records down. Raises
        `GuardRefusal`: somebody else holds it, or the remote can't be used."""
        last = time.monotonic() + timeout
        told = False
        while self._leased:
            try:
                self._put("lease taken", self._taken)
                break
            except _HeldByOther as held:
                if time.monotonic() >= last:
                    raise _under_way(held.lease, timeout) from None
                if not told:
                    tell(f"Waiting up to {timeout:g} s for another apply to this organisation to end: {held}")
                told = True
            time.sleep(min(self._span.look, max(0.0, last - time.monotonic())))
        if self._records is not None:
            bring_down(self._ref, self._records)

    def must_hold(self) -> None:
        """Raises `RecordFailure` where this run may write no more: its lease is broken, or could not be renewed."""
        if not self._leased:
            return
        if not self._lost and (self._now() >= self._ends[0] or time.monotonic() >= self._ends[1]):
            self._lost = f"the lease of this run could not be renewed in time: {self._problem or 'no answer yet'}"
        if self._lost:
            remedy = "this write was not sent, and none after it; look at `reconciler runs list`, and apply again"
            raise RecordFailure(f"{self._lost[0].upper()}{self._lost[1:]}", remedy=remedy)

    def sends(self, *records: Path) -> None:
        """From now on these records go to the ref as they grow."""
        self._ours |= {path.name for path in records}

    def begin(self) -> None:
        """Sends the records now. Raises `GuardRefusal` where that can't be: nothing has been written yet."""
        self._put("begun", dict)

    def beat(self) -> None:
        """Renews the lease, and sends the records. What fails is tried again by the next one."""
        try:
            self._put("under way", self._renewed if self._leased and not self._lost else dict)
            self._problem = ""
        except GuardRefusal as error:
            self._problem = error.message

    def end(self) -> str:
        """Sends the records, and gives the lease back; returns why it could not, or nothing."""
        try:
            self._put("ended", self._given_back if self._leased and not self._lost else dict)
        except GuardRefusal as error:
            return error.message
        return ""

    def _put(self, what: str, lease: Callable[[], dict[str, bytes]]) -> None:
        """One commit with the lease and the records."""
        began = (self._now(), time.monotonic())
        until: list[bool] = []

        def make() -> dict[str, bytes]:
            changed = lease()
            until[:] = [bool(changed.get(LEASE))]
            return {**self._unsent(), **changed}

        self._ref.change(make, message=f"{what}, {self._who.get('actor', '?')} on {self._who['host']}")
        if until == [True]:
            left = self._span.lease - self._span.margin
            self._ends = (began[0] + left, began[1] + left)

    def _taken(self) -> dict[str, bytes]:
        found, now = self._found(), self._now()
        if found is None:
            return self._mine()
        if found.get("token") == self._token:  # the push that gave it was answered too late
            return self._mine()
        if found.get("machine") and found["machine"] == self._who.get("machine"):  # we hold this machine's own lock
            return {**self._mine(), **broken(self._ref, found, self._who, why="its process here has ended", now=now)}
        if now < float(found.get("until", now + 1)) + self._span.margin:
            raise _HeldByOther(found)
        return {**self._mine(), **broken(self._ref, found, self._who, why="it had expired", now=now)}

    def _renewed(self) -> dict[str, bytes]:
        found = self._found()
        if found is None or found.get("token") != self._token:
            self._lost = f"the lease of this run was broken by {_breaker(self._ref)}"
            return {}
        return self._mine()

    def _given_back(self) -> dict[str, bytes]:
        found = self._found()
        return {LEASE: b""} if found and found.get("token") == self._token else {}

    def _mine(self) -> dict[str, bytes]:
        until = self._now() + self._span.lease
        facts = {"token": self._token, **self._who, "since": self._since, "until": until}
        return {LEASE: f"{json.dumps(facts, sort_keys=True)}\n".encode()}

    def _found(self) -> dict[str, Any] | None:
        return lease_of(self._ref)

    def _unsent(self) -> dict[str, bytes]:
        """The records of this run as they are now, and those that no longer have a place."""
        found: dict[str, bytes] = {}
        for path in [self._records / name for name in sorted(self._ours)] if self._records else ():
            with contextlib.suppress(OSError):
                name, content = path.name, path.read_bytes()
                if content != self._ref.read(name):
                    found[name] = content
        there = sorted(name for name in {*self._ref.held(), *found} if _RECORD.fullmatch(name))
        return {**found, **dict.fromkeys(there[: max(0, len(there) - _KEPT)], b"")}


class _HeldByOther(Exception):
    """Somebody else has the lease."""

    def __init__(self, lease: Mapping[str, Any]) -> None:
        super().__init__(holder_of(lease))
        self.lease = lease


@contextmanager
def kept(share: Share, span: Span, *, tell: Callable[[str], None]) -> Iterator[Share]:
    """Renews and sends while the block runs, and gives the lease back at its end, however that comes."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(span.every):
            share.beat()

    thread = threading.Thread(target=beat, name="share", daemon=True)
    thread.start()
    try:
        yield share
    finally:
        ended.set()
        thread.join()
        if problem := share.end():
            tell(f"The record and the lease of this run are not up to date for other machines: {problem}")


def bring_down(ref: RemoteRef, records: Path) -> None:
    """Writes the records of the ref that are missing here, or longer there, into a directory. Raises `GuardRefusal`."""
    for name, blob in sorted(ref.names().items()):
        path = records / name
        if not _RECORD.fullmatch(name):
            continue
        try:
            make_records(records)
            mine = path.read_bytes() if path.is_file() else b""
            if not has_id(mine, blob):
                theirs = ref.read(name) or b""
                if theirs.startswith(mine):
                    write_file(path, theirs, mode=0o600)
        except OSError as error:
            raise GuardRefusal(
                f"The record {path} can't be written: {error.strerror or error}", remedy="Make the directory writable"
            ) from error


def lease_of(ref: RemoteRef) -> dict[str, Any] | None:
    """The lease as the ref was read last; None where nobody holds it."""
    content = ref.read(LEASE)
    if content is None:
        return None
    try:
        found = json.loads(content)
        return {**found, "until": float(found["until"]), "since": float(found["since"])}
    except (ValueError, KeyError, TypeError):
        return {"actor": "a lease that can't be read"}


def holder_of(lease: Mapping[str, Any]) -> str:
    """`ann on build-7 (process 4711), since 2026-07-27 10:15:30 UTC, until 10:25:30`."""
    words = f"{str(lease.get('actor', '?'))[:80]}"
    if "host" in lease:
        words += f" on {str(lease['host'])[:80]} (process {lease.get('pid', '?')})"
    if "since" in lease and "until" in lease:
        since, until = (datetime.fromtimestamp(lease[name], UTC) for name in ("since", "until"))
        words += f", since {since:%Y-%m-%d %H:%M:%S} UTC, until {until:%H:%M:%S} if it is not renewed"
    return f"{words}, {lease['job']}" if lease.get("job") else words


def broken(
    ref: RemoteRef, lease: Mapping[str, Any], who: Mapping[str, Any], *, why: str, now: float
) -> dict[str, bytes]:
    """What is written down when a lease is broken: by whom, why, and whose it was."""
    by = {key: who[key] for key in ("actor", "job", "host") if who.get(key)}
    was = {key: value for key, value in lease.items() if key not in ("token", "machine")}
    line = json.dumps({"time": now, "by": by, "why": why, "was": was}, sort_keys=True)
    return {BROKEN: (ref.read(BROKEN) or b"") + f"{line}\n".encode()}


def unlock(ref: RemoteRef, who: Mapping[str, Any]) -> str:
    """Breaks the lease whoever holds it, and writes down who did; returns whose it was, or nothing."""
    whose: list[str] = []

    def make() -> dict[str, bytes]:
        found = lease_of(ref)
        whose[:] = [holder_of(found)] if found else []
        return {LEASE: b"", **broken(ref, found, who, why="unlocked", now=time.time())} if found else {}

    ref.change(make, message=f"unlocked by {who.get('actor', '?')}")
    return whose[0] if whose else ""


def breaks_of(ref: RemoteRef) -> tuple[dict[str, Any], ...]:
    """Who broke a lease so far, the first first."""
    found: list[dict[str, Any]] = []
    for row in (ref.read(BROKEN) or b"").splitlines():
        with contextlib.suppress(ValueError):
            line = json.loads(row)
            found += [line] if isinstance(line, dict) else []
    return tuple(found)


def _breaker(ref: RemoteRef) -> str:
    last = breaks_of(ref)[-1:]
    by = last[0].get("by", {}) if last else {}
    return f"{by.get('actor', 'somebody')} on {by['host']}" if by.get("host") else str(by.get("actor", "somebody"))


def _under_way(lease: Mapping[str, Any], timeout: float) -> GuardRefusal:
    waited = f" (waited {timeout:g} s)" if timeout else ""
    return GuardRefusal(
        f"Another apply to this organisation is under way: {holder_of(lease)}{waited}",
        remedy="Wait for it to end, let this one wait with --lock-timeout SECONDS, or, when that machine is gone, "
        "`reconciler runs unlock`; nothing was written",
    )
