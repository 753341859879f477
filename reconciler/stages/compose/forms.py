"""Per kind, worked out once: which keys of an object are no fields of it, and how references are renamed."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from reconciler.kinds.kind import Kind
from reconciler.kinds.registry import Kinds
from reconciler.kinds.shared.checks import each
from reconciler.model.values import Path, YamlList, YamlMap, copied


class Rename(Struct, frozen=True):
    """An API key and the readable key it becomes, in the mappings at `path` below the body (`[]` for each element of a
    list, `*` for each value of a map)."""

    path: tuple[str, ...]
    api: str
    field: str


class Form(Struct, frozen=True):
    """How objects of one kind are written. `special` are the keys that make a closer look necessary; `removed`
    those of them that are no fields."""

    kind: Kind
    singleton: bool
    parents: tuple[str, ...]
    children: Mapping[str, Kind]
    renames: tuple[Rename, ...]
    special: frozenset[str]
    removed: frozenset[str]


def form_of(kind: Kind, kinds: Kinds) -> Form:
    """The form of one kind."""
    parents = tuple(endpoint.parent for endpoint in kind.endpoints if endpoint.parent)
    children = {child.name if child.singleton else child.plural: child for child in kinds.children(kind.name)}
    renames = tuple(
        Rename(tuple(item.api_place.split(".")[:-1]), item.api_place.split(".")[-1], item.place.split(".")[-1])
        for item in kind.references
        if item.api != item.field
    )
    removed = frozenset({"absent", "aliases", "id", "key", "profiles", *parents, *children})
    roots = frozenset(item.path[0] if item.path else item.api for item in renames)
    return Form(kind, kind.singleton, parents, children, renames, removed | roots | {"acl_policies"}, removed)


def renamed(body: YamlMap, rename: Rename) -> YamlMap | None:
    """A copy of the body with one reference under its readable key; None when the API's key is not in it. The
    readable key wins where both are written: say so before."""
    if rename.path:
        found = _below(body, rename)
        return found if isinstance(found, YamlMap) else None
    if rename.api not in body:
        return None
    copy = YamlMap(body, marks=dict(body.marks), mark=body.mark)
    value, place = copy.pop(rename.api), copy.marks.pop(rename.api, None)
    if rename.field not in copy:
        copy[rename.field] = value
        if place:
            copy.marks[rename.field] = place
    return copy


def _below(holder: Any, rename: Rename) -> Any:
    """A copy of a mapping or list with the rename done below the first step of its path; None when nothing changes."""
    step, inner = rename.path[0], Rename(rename.path[1:], rename.api, rename.field)
    if step == "[]" and isinstance(holder, YamlList):
        changed: dict[Any, Any] = {at: _renamed(item, inner) for at, item in enumerate(holder)}
    elif step == "*" and isinstance(holder, YamlMap):
        changed = {key: _renamed(item, inner) for key, item in holder.items()}
    else:
        changed = {step: _renamed(holder[step], inner)} if isinstance(holder, YamlMap) and step in holder else {}
    changed = {key: value for key, value in changed.items() if value is not None}
    if not changed:
        return None
    copy = copied(holder)
    for key, value in changed.items():
        copy[key] = value
    return copy


def _renamed(value: Any, rename: Rename) -> Any:
    if isinstance(value, YamlMap):
        return renamed(value, rename)
    return _below(value, rename) if rename.path and isinstance(value, YamlList) else None


def both_written(body: YamlMap, rename: Rename) -> Path | None:
    """Where the API's key stands beside the readable key, None where it doesn't."""
    for path, holder in each(body, rename.path):
        if isinstance(holder, YamlMap) and rename.api in holder and rename.field in holder:
            return (*path, rename.api)
    return None
