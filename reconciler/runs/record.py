"""The record of one apply: a file of JSON lines that grows as the run goes, so that a crash leaves what was done.

    {"type": "run", ...}       who, when, which plan, organisation, commit and version
    {"type": "write", ...}     before a write is sent: what it overwrites and what it leaves there, secrets sealed out,
                               and the paths of the secrets that it changes; what goes along with a delete; on disk
                               before it goes
    {"type": "request", ...}   after each request: method, path, status, the cloud's request id, milliseconds
    {"type": "outcome", ...}   what became of a change
    {"type": "summary", ...}   how the run ended; missing when it was killed

Every line has a `time`, and a `check` over it and all lines before it, which shows that a record was edited.
Files are readable by their owner only, and hold no secret.
"""

import json
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from reconciler.errors import GuardRefusal, RecordFailure
from reconciler.mist.connection import Exchange
from reconciler.model.change import Outcome, Status, Taken
from reconciler.model.journal import Journal, Write
from reconciler.runs.chain import check_of
from reconciler.runs.sealing import image_of
from reconciler.sources.writing import open_log, sync_directory, write_file

FORMAT_VERSION = "1.2"
DIRECTORY = Path(".reconciler") / "runs"
SUFFIX = ".jsonl"
_SIGNALLED = 128


class RunRecord:
    """An open record. Safe to use from many threads."""

    def __init__(self, run_id: str, path: Path, handle: int, now: Callable[[], datetime]) -> None:
        self.run_id = run_id
        self.path = path
        self._handle = handle
        self._now = now
        self._lock = Lock()
        self._problem = ""
        self._check = ""
        self._summary: dict[str, Any] | None = None

    def journal(self, known: Sequence[str]) -> Journal:
        """What apply talks to; `known` are secret values that may stand nowhere."""

        def before(write: Write) -> None:
            change = write.change
            self._must_append(
                {
                    "type": "write",
                    "address": str(change.address),
                    "kind": change.kind,
                    "action": change.action.value,
                    "method": write.method,
                    "path": write.path,
                    "id": change.live.id if change.live else None,
                    "before": image_of(write, write.before, known),
                    "after": image_of(write, write.after, known),
                    "secrets": sorted({item.path for item in change.fields if item.sensitive}),
                    **_going(write, known),
                    **({"releases": [_taken(item) for item in change.releases]} if change.releases else {}),
                }
            )

        return Journal(before=before, after=self._outcome)

    def request(self, told: Exchange) -> None:
        """Notes a request that was made. A failure shows at the next write, which is then not sent: this request
        has happened, and what became of it must still be told."""
        self._append(
            {
                "type": "request",
                "method": told.method,
                "path": told.path,
                "status": told.status,
                "attempt": told.attempt,
                "milliseconds": told.milliseconds,
                "request_id": told.request_id,
            },
            durable=told.method != "GET",
        )

    def finish(self, outcomes: Sequence[Outcome], *, exit_code: int) -> None:
        """Says how the run ended; written when the record is closed."""
        tally = Counter(outcome.status.value for outcome in outcomes)
        self._summary = {
            "ended": "interrupted" if exit_code > _SIGNALLED else "finished",
            "exit_code": exit_code,
            "outcomes": dict(sorted(tally.items())),
            "not_as_declared": [str(item.address) for item in outcomes if item.verified is False],
            "not_read_back": [
                str(item.address) for item in outcomes if item.status is Status.APPLIED and item.verified is None
            ],
        }

    def close(self, error: BaseException | None) -> None:
        """Writes the last line and closes the file."""
        ended = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed" if error else "ended"
        summary = self._summary or {"ended": ended, "error": type(error).__name__ if error else ""}
        self._append({"type": "summary", **summary}, durable=True)
        os.close(self._handle)

    @property
    def problem(self) -> str:
        """Why the record is not whole; empty while it is."""
        return self._problem

    def _outcome(self, outcome: Outcome) -> None:
        self._append(
            {
                "type": "outcome",
                "address": str(outcome.address),
                "action": outcome.action.value,
                "status": outcome.status.value,
                "id": outcome.api_id,
                "unsure": outcome.unsure,
                "detail": outcome.detail,
            },
            durable=False,
        )

    def _must_append(self, line: Mapping[str, Any]) -> None:
        self._append(line, durable=True)
        if self._problem:
            raise RecordFailure(
                f"The run record {self.path} can't be written: {self._problem}",
                remedy="this write was not sent, and none after it; make room, and plan again",
            )

    def _append(self, line: Mapping[str, Any], *, durable: bool) -> None:
        """Adds one line with one write call, so that lines never mix; the first failure stays."""
        stamped = {"type": line["type"], "time": _text(self._now()), **line}
        text = json.dumps(stamped, ensure_ascii=True, allow_nan=False, default=str)
        with self._lock:
            if self._problem:
                return
            self._check = check_of(self._check, text)
            data = f'{text[:-1]}, "check": "{self._check}"}}\n'.encode()
            try:
                if os.write(self._handle, data) != len(data):
                    raise OSError(0, "the disk is full")
                if durable:
                    os.fsync(self._handle)
            except OSError as error:
                self._problem = error.strerror or str(error)


@contextmanager
def recording(
    records: Path, header: Mapping[str, Any], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[RunRecord]:
    """A record in the directory `records`, begun with `header`, closed at the end whatever happens.

    Raises `GuardRefusal` when it can't be begun: an apply that nobody can look up is not wanted.
    """
    record = None
    try:
        record = _begin(records, header, now)
        problem = record.problem
    except OSError as error:
        problem = f"{error.strerror or error}"
    if record is None or problem:
        if record is not None:
            record.close(None)
            record.path.unlink(missing_ok=True)
        raise GuardRefusal(
            f"No record of this run can be kept in {records}: {problem}",
            remedy="Make the directory writable, or apply without a record with --no-record; nothing was written",
        )
    try:
        yield record
    except BaseException as error:
        record.close(error)
        raise
    record.close(None)


def _begin(directory: Path, header: Mapping[str, Any], now: Callable[[], datetime]) -> RunRecord:
    make_records(directory)
    began = now()
    # To the millisecond, so that ids sort as the runs began; the rest tells machines apart that share a directory.
    run_id = f"{began:%Y%m%dT%H%M%S}.{began.microsecond // 1000:03d}Z-{secrets.token_hex(2)}"
    path = directory / f"{run_id}{SUFFIX}"
    record = RunRecord(run_id, path, open_log(path), now)
    record._append({"type": "run", "format_version": FORMAT_VERSION, "run": run_id, **header}, durable=True)
    return record


def make_records(directory: Path) -> None:
    """Makes the directory for records; git ignores the one that is beside an inventory. Raises `OSError`."""
    if directory.parts[-2:] == DIRECTORY.parts:
        own_directory(directory.parent.parent)
        _make(directory)
    elif not directory.is_dir():
        directory.mkdir(parents=True, mode=0o700)
        sync_directory(directory.parent)


def own_directory(inventory: Path) -> Path:
    """The directory for what this program keeps beside an inventory; git ignores it. Raises `OSError`."""
    directory = inventory / DIRECTORY.parent
    _make(directory)
    ignore = directory / ".gitignore"
    if not ignore.exists():
        write_file(ignore, "*\n")
    return directory


def _going(write: Write, known: Sequence[str]) -> dict[str, Any]:
    """What goes with a delete: the objects, secrets sealed out, and by number what was not read whole."""
    held = {(item.kind, item.address.name or item.kind) for item in write.along}
    takes = [_taken(item) for item in write.change.takes if (item.kind, item.name) not in held]
    along = [
        {"address": str(item.address), "kind": item.kind, "id": item.id, "body": image_of(write, item.body, known)}
        for item in write.along
    ]
    return {**({"along": along} if along else {}), **({"takes": takes} if takes else {})}


def _taken(item: Taken) -> dict[str, Any]:
    return {"kind": item.kind, "name": item.name, "count": item.count}


def _make(directory: Path) -> None:
    """A directory of its owner only. A link could lead the record out of the inventory."""
    if directory.is_symlink():
        raise OSError(0, f"{directory.name} is a link")
    if not directory.is_dir():
        directory.mkdir(mode=0o700)
        sync_directory(directory.parent)
    directory.chmod(0o700)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
