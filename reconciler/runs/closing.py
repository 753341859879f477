"""Records of runs that were killed: closed by the next run of the same organisation, which holds its lock."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path

from reconciler.errors import UsageError
from reconciler.runs.reading import list_ends
from reconciler.runs.record import SUFFIX
from reconciler.sources.writing import append_to

KILLED = "without a summary"


def close_killed(records: Path, *, org_id: str, machine: str = "") -> tuple[str, ...]:
    """Adds a last line to each record of this organisation that has none, and returns the ids of those runs. With
    `machine` only to those that were made there: elsewhere one may be under way. What can't be read or written is left
    as it is."""
    closed: list[str] = []
    with contextlib.suppress(UsageError):
        for run in list_ends(records):
            ours = machine in ("", run.header.get("machine", machine))
            if ours and run.summary is None and run.header.get("org", {}).get("id") == org_id:
                with contextlib.suppress(OSError):
                    _close(records / f"{run.run_id}{SUFFIX}")
                    closed.append(run.run_id)
    return tuple(closed)


def _close(path: Path) -> None:
    """The line begins with a line break, because the run may have been killed in the middle of one."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = json.dumps({"type": "summary", "time": now, "ended": KILLED})
    append_to(path, f"\n{line}\n".encode())
