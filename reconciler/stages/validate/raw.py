"""`raw` holds only what the models don't know: a kind and what stands under `raw` in, findings out.

A known field there would be sent without any check; a natural key would make another object with every apply.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.kinds import Kind, Kinds, Violation
from reconciler.kinds.shared.checks import path_text
from reconciler.kinds.shared.rules import violation
from reconciler.model.inventory import META_KEYS
from reconciler.model.shape import Shape
from reconciler.model.values import Path

_OUTSIDE = "Write it outside of `raw`."


def raw_findings(kind: Kind, raw: Mapping[str, Any], kinds: Kinds) -> Iterator[Violation]:
    """An error for everything under `raw` that has a place of its own, or that can't be set at all."""
    api = {reference.api_place: reference.place for reference in kind.references if reference.api != reference.field}
    holders = {endpoint.parent for endpoint in kind.endpoints if endpoint.parent}
    children = {child.name if child.singleton else child.plural for child in kinds.children(kind.name)}
    for key, value in raw.items():
        path = ("raw", key)
        if key.startswith("-"):
            yield _found(path, f"is no field but the API's way to clear one. Write `{key[1:]}: null`.")
        elif key in kind.read_only:
            yield _found(path, "is made by the cloud and can't be set. Remove it.")
        elif key in holders | children or key in META_KEYS:
            yield _found(path, f"is no field of the cloud's. {_OUTSIDE}")
        else:
            yield from _known(value, kind.shape, (key,), api)


def _known(value: Any, holder: Shape, path: tuple[str, ...], api: Mapping[str, str]) -> Iterator[Violation]:
    """What the model knows at a path and below. A mapping may hold new keys beside those that are known."""
    key, dotted = path[-1], ".".join(path)
    if dotted in api:
        yield _found(("raw", *path), f"is the reference `{api[dotted]}`. {_OUTSIDE}")
        return
    shape = holder.fields.get(key) or (None if holder.fields else holder.values)
    if shape is None:
        return
    if isinstance(value, dict) and value and (shape.fields or shape.values):
        for step, item in value.items():
            yield from _known(item, shape, (*path, step), api)
    elif not (isinstance(value, list) and _holds_new(value, shape)):
        yield _found(("raw", *path), f"is a field that is known here. {_OUTSIDE}")


def _holds_new(value: Any, shape: Shape) -> bool:
    """Whether a list of objects holds a key that the model doesn't know: a list can only be given whole."""
    if isinstance(value, dict):
        return any(
            (shape.values is None and bool(shape.fields) and key not in shape.fields)
            or _holds_new(item, shape.below(key))
            for key, item in value.items()
        )
    return isinstance(value, list) and any(_holds_new(item, shape.below(0)) for item in value)


def _found(path: Path, words: str) -> Violation:
    return violation("raw-known-field", f"`{path_text(path)}` {words}", path)
