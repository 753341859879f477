"""What was added by hand inside of what is declared: matches in, what nobody declared out. Pure.

A declared object, map, or list that is merged, keeps what else is live in it. Unless the inventory is strict, that is
no difference and is not planned; a network or a DNS server that nobody declared is worth a line all the same.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.kinds import Kinds
from reconciler.model.change import Action, Change, FieldChange
from reconciler.model.match import Match
from reconciler.model.shape import Shape
from reconciler.semantics.undeclared import with_undeclared


def members(matches: Iterable[Match], *, kinds: Kinds) -> tuple[Change, ...]:
    """For each object with undeclared members a change that nobody plans: its fields are paths, without values."""
    found = []
    for item in matches:
        if item.declared is None or item.live is None:
            continue
        shape = kinds[item.kind].shape
        _, beside = with_undeclared(kinds[item.kind], item.declared.body, item.live.body)
        listed = (
            path
            for root, value in item.declared.body.items()
            for path in _added(value, item.live.body.get(root), shape.below(root), root)
        )
        paths = [*listed, *beside]
        if paths:
            fields = tuple(FieldChange(path=path, sensitive=True) for path in paths)
            found.append(
                Change(
                    address=item.address,
                    kind=item.kind,
                    action=Action.UPDATE,
                    fields=fields,
                    renamed_from=item.renamed_from,
                    declared=item.declared,
                    live=item.live,
                )
            )
    return tuple(found)


def _added(declared: Any, live: Any, shape: Shape, path: str) -> Iterator[str]:
    """The elements of merged lists."""
    if isinstance(declared, dict) and isinstance(live, dict):
        for key, value in declared.items():
            yield from _added(value, live.get(key), shape.below(str(key)), f"{path}.{key}")
    elif isinstance(declared, list) and isinstance(live, list) and getattr(declared, "merge", False):
        known = [_label(item, shape) for item in declared]
        yield from (f"{path}[{label}]" for item in live if (label := _label(item, shape)) not in known and label)


def _label(item: Any, shape: Shape) -> str:
    """What identifies an element: its key, or itself where it is plain."""
    if isinstance(item, dict):
        return ", ".join(str(item.get(name, "")) for name in shape.key)
    return str(item) if isinstance(item, str | int | float) else ""
