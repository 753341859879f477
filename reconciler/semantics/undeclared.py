"""What is live inside of a declared object without being declared: members of its maps, and whole fields of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.kinds import Kind
from reconciler.model.shape import Shape
from reconciler.model.values import YamlMap
from reconciler.semantics.equality import in_clear, is_cleared, is_empty, key_in


def with_undeclared(kind: Kind, declared: YamlMap, live: Mapping[str, Any]) -> tuple[YamlMap, tuple[str, ...]]:
    """The declared body with a null for everything that is live beside it, and the paths of these.

    Of the object itself that are the fields that the models know and the cloud can clear, but for those that hold what
    the cloud puts there by itself; of a declared map its members. A list is declared whole, or merged on purpose.
    """
    paths: list[str] = []
    found: dict[str, Any] = {
        root: _members(value, live.get(root), kind.shape.below(root), root, paths) for root, value in declared.items()
    }
    for root in _roots(kind, declared, live):
        found[root] = None
        paths.append(root)
    return (YamlMap(found, marks=declared.marks, mark=declared.mark), tuple(paths)) if paths else (declared, ())


def _roots(kind: Kind, declared: Mapping[str, Any], live: Mapping[str, Any]) -> Iterator[str]:
    kept = {*kind.read_only, *kind.required, kind.key, kind.key_fallback}
    for root, value in live.items():
        shape = kind.shape.fields.get(root)
        if shape is None or shape.ignored or root in kept or root in declared:
            continue
        if not is_cleared(in_clear(value), shape):
            yield root


def _members(declared: Any, live: Any, shape: Shape, path: str, paths: list[str]) -> Any:
    if not isinstance(declared, dict) or not isinstance(live, dict) or shape.ignored:
        return declared
    found: dict[str, Any] = {
        key: _members(value, live.get(key), shape.below(str(key)), f"{path}.{key}", paths)
        for key, value in declared.items()
    }
    for key, value in live.items() if shape.values is not None else ():
        if key_in(found, key) not in found and not is_empty(in_clear(value)):
            found[key] = None
            paths.append(f"{path}.{key}")
    if not isinstance(declared, YamlMap):
        return found
    return YamlMap(found, marks=declared.marks, mark=declared.mark).releasing(
        found, getattr(declared, "released", frozenset())
    )
