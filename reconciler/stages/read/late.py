"""Lists that don't show yet what a run made that was killed: waited for, before anything is compared with them."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reconciler.errors import ApiError
from reconciler.mist.client import MistClient


def wait_until_listed(
    client: MistClient, made: Mapping[str, frozenset[str]], *, tell: Callable[[str], None]
) -> frozenset[str]:
    """`made` are ids of new objects by the path of their list. Waits as long as a list may need; returns the ids that
    none shows then. What is gone again, or can't be read, is not waited for."""
    waiting: dict[str, set[str]] = {}
    for path, ids in sorted(made.items()):
        hidden = ids - _shown(client, path)
        waiting[path] = {item for item in sorted(hidden) if _is_there(client, f"{path}/{item}")}
    if not any(waiting.values()):
        return frozenset()
    tell("Waiting until lists show what the run before this one made.")

    def look() -> bool | None:
        for path, ids in waiting.items():
            ids.difference_update(_shown(client, path) if ids else ())
        return None if any(waiting.values()) else True

    client.poll(look, seconds=client.connection.settle)
    return frozenset(item for ids in waiting.values() for item in ids)


def _shown(client: MistClient, path: str) -> set[str]:
    items: Sequence[Mapping[str, Any]] = ()
    with contextlib.suppress(ApiError):  # whoever reads it next will say so
        items = client.list(path)
    return {str(item.get("id")) for item in items}


def _is_there(client: MistClient, path: str) -> bool:
    try:
        return bool(client.get(path))
    except ApiError:
        return False
