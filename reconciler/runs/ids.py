"""Which id each declared object had when it was last seen: `.reconciler/ids/ORG.json`, a hint for telling a renamed
object, a namesake and one that was made again apart. It is never needed: lost, edited or stale, names decide.

It holds addresses and ids and no secret. Git ignores it with all of `.reconciler`; `git add -f` shares it.
"""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from reconciler.runs.record import DIRECTORY, own_directory
from reconciler.sources.writing import write_file

FILE_VERSION = 1
_FOLDER = "ids"
_MAX_BYTES = 64 * 1024 * 1024


class Ids(Struct, frozen=True, kw_only=True):
    """Ids by address text. `problem` says why there are none although there is a file; then it is left as it is where
    a newer version wrote it."""

    known: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    newer: bool = False


def ids_file(inventory: Path, org_id: str) -> Path:
    """Where they are."""
    return inventory / DIRECTORY.parent / _FOLDER / f"{org_id}.json"


def known_ids(inventory: Path, org_id: str) -> Ids:
    """What earlier runs remember of this organisation."""
    path = ids_file(inventory, org_id)
    try:
        if path.stat().st_size > _MAX_BYTES:
            return Ids(problem="it is too large")
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Ids()
    except OSError as error:
        return Ids(problem=f"it can't be read: {error.strerror}")
    except (ValueError, RecursionError):
        return Ids(problem="it is not whole, or was edited")
    return _parsed(content, org_id)


def _parsed(content: Any, org_id: str) -> Ids:
    version = content.get("version") if isinstance(content, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        return Ids(problem="it is not whole, or was edited")
    if version > FILE_VERSION:
        return Ids(problem=f"it has version {version}, this reconciler reads version {FILE_VERSION}", newer=True)
    if content.get("org") != org_id:
        return Ids(problem=f"it is of the organisation {content.get('org')!r}")
    ids = content.get("ids")
    if not isinstance(ids, dict) or not all(isinstance(item, str) for item in ids.values()):
        return Ids(problem="it is not whole, or was edited")
    return Ids(known=ids)


def remember_ids(inventory: Path, org_id: str, ids: Mapping[str, str]) -> None:
    """Keeps them for the next run. Where nothing can be written, or a newer version keeps its own, nothing is lost
    but the hint."""
    before = known_ids(inventory, org_id)
    if before.newer or (before.known == ids and not before.problem):
        return
    content = {"version": FILE_VERSION, "org": org_id, "ids": dict(sorted(ids.items()))}
    with contextlib.suppress(OSError):
        own_directory(inventory)
        path = ids_file(inventory, org_id)
        if path.parent.is_symlink():
            return
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_file(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n", mode=0o600)
