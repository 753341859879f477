"""Which leaves tell a new element of a list from the one that it most likely takes the place of: for the reader only.

An element whose key changed, or that has none, shows as one removed and one added; nothing is ever inherited on this
ground. Changes in, the same changes out, with a note at new elements.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from reconciler.model.change import FieldChange
from reconciler.model.values import revealed

MOST = 6
"""Old elements of one list that a new one is compared with: each costs about a millisecond."""
_NAMED = 3


def with_likeness(fields: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    """The changes, each new element with a likeness, `as [old] but for equals`, where half of it or more is as in an
    old one of the same list."""
    listed = tuple(fields)
    removed: defaultdict[str, list[tuple[str, Any]]] = defaultdict(list)
    for item in listed:
        if item.path.endswith("]") and item.after is None and isinstance(item.before, dict):
            path, _, label = item.path.rpartition("[")
            removed[path].append((f"[{label}", item.before))
    return tuple(_noted(item, removed) for item in listed) if removed else listed


def _noted(item: FieldChange, removed: dict[str, list[tuple[str, Any]]]) -> FieldChange:
    old = removed.get(item.path.rpartition("[")[0]) if item.path.endswith("]") else None
    if not old or item.remark or item.before is not None or not isinstance(item.after, dict) or len(old) > MOST:
        return item
    paths, label = min(
        ((_different(element, item.after), label) for label, element in old), key=lambda found: (len(found[0]), found)
    )
    if len(paths) * 2 > len(item.after):
        return item
    rest = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return replace(item, likeness=f"as {label} but for {', '.join(paths[:_NAMED])}{rest}")


def _different(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The paths of the leaves by which two elements differ, sorted: fewer are more alike."""
    from deepdiff import DeepDiff

    tree = DeepDiff(revealed(old), revealed(new), view="tree")
    items = (item for group in tree.values() for item in group)
    return sorted({".".join(str(step) for step in item.path(output_format="list")) for item in items})
