"""Per kind, worked out once: which keys of an object are no fields of it, and how references are renamed."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.kinds.kind import Kind
from reconciler.kinds.registry import Kinds
from reconciler.model.values import YamlMap


@dataclass(frozen=True, slots=True)
class Rename:
    """An API key and the readable key it becomes, in the mapping at `path` below the body."""

    path: tuple[str, ...]
    api: str
    field: str


@dataclass(frozen=True, slots=True)
class Form:
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
        Rename(tuple(item.api.split(".")[:-1]), item.api.split(".")[-1], item.field.split(".")[-1])
        for item in kind.references
        if item.api != item.field
    )
    removed = frozenset({"absent", "aliases", "id", "profiles", *parents, *children})
    roots = frozenset(item.path[0] if item.path else item.api for item in renames)
    return Form(kind, kind.singleton, parents, children, renames, removed | roots | {"acl_policies"}, removed)


def renamed(body: YamlMap, rename: Rename) -> YamlMap | None:
    """A copy of the body with one reference under its readable key; None when the API's key is not in it. The
    readable key wins where both are written: say so before."""
    if rename.path:
        below = body.get(rename.path[0])
        inner = Rename(rename.path[1:], rename.api, rename.field)
        changed = renamed(below, inner) if isinstance(below, YamlMap) else None
        return _with(body, rename.path[0], changed) if changed is not None else None
    if rename.api not in body:
        return None
    copy = YamlMap(body, marks=dict(body.marks), mark=body.mark)
    value, place = copy.pop(rename.api), copy.marks.pop(rename.api, None)
    if rename.field not in copy:
        copy[rename.field] = value
        if place:
            copy.marks[rename.field] = place
    return copy


def both_written(body: YamlMap, rename: Rename) -> bool:
    """Whether the API's key and the readable key stand side by side."""
    holder: object = body
    for step in rename.path:
        holder = holder.get(step) if isinstance(holder, YamlMap) else None
    return isinstance(holder, YamlMap) and rename.api in holder and rename.field in holder


def _with(body: YamlMap, key: str, value: YamlMap) -> YamlMap:
    copy = YamlMap(body, marks=body.marks, mark=body.mark)
    copy[key] = value
    return copy
