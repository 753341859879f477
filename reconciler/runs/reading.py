"""Records read back: files in, runs as data out. A record that ends in the middle of a line is read up to there."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from reconciler.errors import UsageError
from reconciler.runs.record import SUFFIX

LATEST = "last"
_TAIL = 64 * 1024
"""So many bytes at the end of a record are looked at for its last line."""


class Run(Struct, frozen=True, kw_only=True):
    """One recorded run: its lines in order. `whole` says whether it ended in its own way."""

    run_id: str
    lines: tuple[Mapping[str, Any], ...]

    @property
    def header(self) -> Mapping[str, Any]:
        """Its first line."""
        return self.lines[0] if self.lines and self.lines[0].get("type") == "run" else {}

    @property
    def summary(self) -> Mapping[str, Any] | None:
        """Its last line; None for a run that was killed."""
        return self.lines[-1] if self.lines and self.lines[-1].get("type") == "summary" else None

    @property
    def is_complete(self) -> bool:
        """Whether it applied a whole inventory, and ended well."""
        ended = self.summary or {}
        return bool(self.header.get("whole")) and ended.get("ended") == "finished" and ended.get("exit_code") == 0

    def of(self, kind: str) -> tuple[Mapping[str, Any], ...]:
        """Its lines of one type."""
        return tuple(line for line in self.lines if line.get("type") == kind)


def list_runs(records: Path) -> tuple[Run, ...]:
    """Every run recorded in a directory, the latest first."""
    return tuple(_read(path) for path in _files(records))


def list_ends(records: Path) -> tuple[Run, ...]:
    """The same with no more of each than its first and its last line: a year of records is long."""
    return tuple(_run(path, _ends(path)) for path in _files(records))


def find_run(records: Path, word: str) -> Run:
    """The run with this id, the only one whose id begins with it, or the `last` one; raises `UsageError`."""
    paths = _files(records)
    fitting = paths[:1] if word == LATEST else [path for path in paths if path.stem.startswith(word)]
    exact = [path for path in fitting if path.stem == word]
    if len(exact or fitting) == 1:
        return _read((exact or fitting)[0])
    if not paths:
        raise UsageError(f"No run is recorded in {records}", remedy="`reconciler apply` records its runs")
    what = f"{len(fitting)} runs begin with" if fitting else "No run is called"
    raise UsageError(f"{what} {word!r}", remedy="`reconciler runs list` lists them")


def commits_applied(records: Path, *, org_id: str, before: str = "") -> tuple[str, ...]:
    """The commits of which something may be live, the latest first: those of the runs that wrote a part, and the last
    that was applied as a whole, where they end. A run from files that were in no commit has none. Those `before` the
    run of an id, or of all. Empty where no record can be read."""
    found: list[str] = []
    for path in _readable(records):
        if before and path.stem >= before:
            continue
        run = _read(path)
        if run.header.get("org", {}).get("id") != org_id or "rollback" in (run.header.get("source") or {}):
            continue
        at = run.header.get("commit") or {}
        if (run.is_complete or run.of("write")) and at.get("id") and not at.get("changed"):
            found.append(str(at["id"]))
        if run.is_complete:
            break
    return tuple(dict.fromkeys(found))


def created_since(records: Path, *, org_id: str, since: datetime) -> dict[str, str]:
    """What recorded runs created in an organisation: ids by address, "" where a create was sent and its record ends
    before it says what became of it. A list of the cloud may not show these yet. What can't be read is left out."""
    found: dict[str, str] = {}
    for run in _recent_runs(records, since.timestamp()):
        if run.header.get("org", {}).get("id") == org_id:
            for line in run.lines:
                _note_created(line, found)
    return found


def made_by_killed(records: Path, *, org_id: str, since: datetime) -> dict[str, frozenset[str]]:
    """The ids of what recorded runs made that did not come to their end, by the path of their list: such a run did not
    wait until lists show it."""
    found: dict[str, frozenset[str]] = {}
    for run in _recent_runs(records, since.timestamp()):
        ended = (run.summary or {}).get("ended")
        if run.header.get("org", {}).get("id") != org_id or ended == "finished":
            continue
        paths = {str(line["address"]): str(line["path"]) for line in run.of("write") if line["method"] == "POST"}
        for line in run.of("outcome"):
            path = paths.get(str(line["address"]))
            if path and line.get("action") == "create" and isinstance(line.get("id"), str):
                found[path] = found.get(path, frozenset()) | {line["id"]}
    return found


def _readable(records: Path) -> list[Path]:
    with contextlib.suppress(UsageError):
        return _files(records)
    return []


def _recent_runs(records: Path, since: float) -> Iterator[Run]:
    """The runs whose records grew since then, the oldest first."""
    with contextlib.suppress(UsageError):
        for path in reversed(_files(records)):
            with contextlib.suppress(OSError, UsageError):
                if path.stat().st_mtime >= since:
                    yield _read(path)


def _note_created(line: Mapping[str, Any], found: dict[str, str]) -> None:
    address = str(line.get("address"))
    if line.get("type") == "write" and line.get("method") == "POST":
        found[address] = ""
    elif line.get("type") == "write" and line.get("method") == "DELETE":
        found.pop(address, None)
    elif line.get("type") == "outcome" and line.get("action") == "create":
        if isinstance(line.get("id"), str):
            found[address] = line["id"]
        elif not line.get("unsure"):
            found.pop(address, None)


def _files(records: Path) -> list[Path]:
    try:
        found = [path for path in records.iterdir() if path.suffix == SUFFIX and path.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{records} can't be read: {error.strerror}") from error
    return sorted(found, key=lambda path: path.stem, reverse=True)


def _read(path: Path) -> Run:
    try:
        rows = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    return _run(path, rows)


def _ends(path: Path) -> list[bytes]:
    """The first and the last line; all lines where these are too long for a look."""
    try:
        with path.open("rb") as file:
            first = file.readline()
            second, tail = file.tell(), file.seek(0, os.SEEK_END) - _TAIL
            file.seek(max(second, tail))
            rows = file.read().rstrip().split(b"\n")
            if len(rows) == 1 and tail > second:
                return path.read_bytes().split(b"\n")
            return [first, rows[-1]]
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error


def _run(path: Path, rows: list[bytes]) -> Run:
    lines: list[Mapping[str, Any]] = []
    for row in rows:
        try:
            line = json.loads(row)
        except ValueError:
            continue  # the line at which a run was killed
        if isinstance(line, dict):
            lines.append(line)
    return Run(run_id=path.stem, lines=tuple(lines))
