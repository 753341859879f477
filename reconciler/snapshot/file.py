"""The file of a snapshot: a header of one line, then what was kept, and over both a seal with the key of plan files.

What can't be used is told by a word why, and then everything is read: an edited, half-written, old or foreign file can
at worst cost calls. Only one of another organisation, or that is no snapshot at all, is refused: it is not replaced.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from reconciler import __version__
from reconciler.approval.fingerprints import keyed_print
from reconciler.errors import GuardRefusal, UsageError
from reconciler.model.memory import Asked
from reconciler.sources.writing import write_file

VERSION = 1
_MARK = '{"mist-reconciler snapshot": '
_MAX_BYTES = 1024 * 1024 * 1024
Body = Mapping[str, Any]


class Kept(Struct, frozen=True, kw_only=True):
    """One list or singleton: the kinds that lie in it, the API's root keys that were kept, and what is kept of each."""

    kinds: tuple[str, ...]
    roots: frozenset[str]
    bodies: Sequence[Body]


class Snapshot(Struct, frozen=True, kw_only=True):
    """`at`: up to when, in seconds of the cloud's clock, all is known of the `lists`; `reach` is a digest of what the
    token may see, `sites` the names of sites by id."""

    org_id: str
    org_name: str
    made: datetime
    at: float
    reach: str
    lists: Mapping[Asked, Kept] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)


def path_of(given: Path, org_id: str) -> Path:
    """The file itself, also where a directory is named."""
    return given / f"{org_id}.snapshot" if given.is_dir() else given


def save(snapshot: Snapshot, path: Path, *, key: bytes) -> None:
    """Writes it, readable by its owner only. Raises `UsageError` when it can't be written."""
    tables = sorted({one.roots for one in snapshot.lists.values()}, key=sorted)
    number = {roots: at for at, roots in enumerate(tables)}
    rows = [
        [list(asked), list(one.kinds), number[one.roots], list(one.bodies)] for asked, one in snapshot.lists.items()
    ]
    rows.sort(key=lambda row: json.dumps(row[0]))
    content = {"roots": [sorted(roots) for roots in tables], "sites": dict(sorted(snapshot.sites.items()))}
    body = json.dumps({**content, "lists": rows}, ensure_ascii=False, sort_keys=True)
    header = {
        "mist-reconciler snapshot": VERSION,
        "version": __version__,
        "org": {"id": snapshot.org_id, "name": snapshot.org_name},
        "made": snapshot.made.isoformat(timespec="seconds"),
        "at": snapshot.at,
        "reach": snapshot.reach,
        "key_check": keyed_print(key, "key"),
    }
    header["seal"] = _seal(key, header, body)
    try:
        write_file(path, f"{json.dumps(header, ensure_ascii=False)}\n{body}\n", mode=0o600)
    except OSError as error:
        raise UsageError(f"The snapshot can't be written to {path}: {error.strerror}") from error


class Loaded(Struct, frozen=True, kw_only=True):
    """A snapshot, or why there is none that can be used; neither where there is no file yet."""

    snapshot: Snapshot | None = None
    problem: str = ""


def load(path: Path, *, org_id: str, key: bytes, max_age: timedelta, now: datetime) -> Loaded:
    """Reads a file. Raises `GuardRefusal` for another organisation's, `UsageError` for what is no snapshot."""
    try:
        if path.exists() and (not path.is_file() or path.stat().st_size > _MAX_BYTES):
            raise UsageError(f"{path} is no snapshot", remedy="Name another file with --snapshot")
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Loaded()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    except ValueError:
        raise _no_snapshot(path) from None
    if not text:
        return Loaded(problem="it is empty")
    if not text.startswith(_MARK):
        raise _no_snapshot(path)
    head, _, body = text.partition("\n")
    try:
        header = json.loads(head)
        found = str(header["org"]["id"]), str(header["org"]["name"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return Loaded(problem="it is cut short, or was edited")
    if found[0] != org_id:
        raise GuardRefusal(
            f"The snapshot {path} is of organisation {found[1]!r} ({found[0]}), this run is for {org_id}",
            remedy="name another file with --snapshot, or a directory: it may hold one of each organisation",
        )
    return _checked(header, body.removesuffix("\n"), key=key, max_age=max_age, now=now)


def _checked(header: Mapping[str, Any], body: str, *, key: bytes, max_age: timedelta, now: datetime) -> Loaded:
    if (header["mist-reconciler snapshot"], header.get("version")) != (VERSION, __version__):
        return Loaded(problem="it was made by another version")
    if not hmac.compare_digest(str(header.get("key_check")), keyed_print(key, "key")):
        return Loaded(problem="it was made with another token, or another RECONCILER_PLAN_KEY")
    if not hmac.compare_digest(str(header.get("seal")), _seal(key, header, body)):
        return Loaded(problem="it is cut short, or was edited")
    snapshot = _parsed(header, json.loads(body))  # nobody but us can have made the seal
    age = now - snapshot.made
    if age > max_age:
        return Loaded(problem=f"it is older than {_days(max_age)} (--snapshot-max-age)")
    if age < -timedelta(minutes=5):
        return Loaded(problem="it was made in the future")
    return Loaded(snapshot=snapshot)


def _parsed(header: Mapping[str, Any], content: Mapping[str, Any]) -> Snapshot:
    tables = [frozenset(roots) for roots in content["roots"]]
    lists = {
        (path, tuple((name, value) for name, value in query)): Kept(
            kinds=tuple(kinds), roots=tables[table], bodies=bodies
        )
        for (path, query), kinds, table, bodies in content["lists"]
    }
    return Snapshot(
        org_id=header["org"]["id"],
        org_name=header["org"]["name"],
        made=datetime.fromisoformat(header["made"]).astimezone(UTC),
        at=header["at"],
        reach=header["reach"],
        lists=lists,
        sites=content["sites"],
    )


def _days(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} hours"


def _seal(key: bytes, header: Mapping[str, Any], body: str) -> str:
    head = {name: value for name, value in header.items() if name != "seal"}
    return keyed_print(key, f"{json.dumps(head, sort_keys=True)}\n{body}")


def _no_snapshot(path: Path) -> UsageError:
    return UsageError(f"{path} is no snapshot", remedy="Name another file with --snapshot; this one stays as it is")
