"""Which element of a declared list is which element of the live one.

Elements pair by the list's key, or, where it has none, when every leaf that the declared element has is equal in the
live one. Never by position: a new RADIUS server must not inherit the old one's secret.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reconciler.model.shape import ListAs, Shape
from reconciler.semantics.equality import canonical, is_empty

Covers = Callable[[Any, Any, Shape], bool]
"""Whether every leaf of the first (declared) element is equal in the second (live) one."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """`pairs[i]` is the index in the live list of declared element i, None when it is new; `left` are the indices of
    live elements that no declared element is; `keyed` says whether a key did the pairing."""

    pairs: tuple[int | None, ...]
    left: tuple[int, ...]
    keyed: bool


def pair_elements(declared: list[Any], live: list[Any], shape: Shape, covers: Covers) -> Pairing:
    """Pairs two lists of objects. `shape` is the list's own; `covers` decides where there is no key."""
    if shape.list_as is ListAs.KEYED and _unique_keys(live, shape) and _unique_keys(declared, shape):
        return _finish(_by_key(declared, live, shape), len(live), keyed=True)
    return _finish(_by_leaves(declared, live, shape.below(0), covers), len(live), keyed=False)


def element_key(element: Any, shape: Shape) -> tuple[Any, ...]:
    """The key of one element of a keyed list; a missing key field counts as None."""
    if not isinstance(element, dict):
        return (canonical(element, shape.below(0)),)
    below = shape.below(0)
    return tuple(
        None if is_empty(element.get(name)) else _key_text(element[name], below.below(name)) for name in shape.key
    )


def _key_text(value: Any, shape: Shape) -> Any:
    """A key's value as text, so that port 1812 and "1812" are one key."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else canonical(value, shape)


def element_label(element: Any, index: int, shape: Shape) -> str:
    """How a path names an element: its key where the list has one, else its position."""
    if shape.list_as is ListAs.KEYED and isinstance(element, dict):
        parts = [str(element[name]) for name in shape.key if not is_empty(element.get(name))]
        if parts:
            return ":".join(parts)
    return str(index)


def _unique_keys(elements: list[Any], shape: Shape) -> bool:
    keys = [element_key(element, shape) for element in elements]
    return len(set(keys)) == len(keys) and all(any(part is not None for part in key) for key in keys)


def _by_key(declared: list[Any], live: list[Any], shape: Shape) -> list[int | None]:
    index = {element_key(element, shape): at for at, element in enumerate(live)}
    pairs = [index.pop(element_key(element, shape), None) for element in declared]
    for at, element in enumerate(declared):
        if pairs[at] is None:
            pairs[at] = _by_partial_key(element_key(element, shape), index)
    return pairs


def _by_partial_key(key: tuple[Any, ...], index: dict[tuple[Any, ...], int]) -> int | None:
    """A declared key with a part left out (a server without its port) matches the one live element that agrees."""
    if None not in key:
        return None
    found = [
        candidate
        for candidate in index
        if all(mine is None or mine == theirs for mine, theirs in zip(key, candidate, strict=True))
    ]
    return index.pop(found[0]) if len(found) == 1 else None


def _by_leaves(declared: list[Any], live: list[Any], below: Shape, covers: Covers) -> list[int | None]:
    free = dict.fromkeys(range(len(live)))
    pairs: list[int | None] = [None] * len(declared)
    for at, element in enumerate(declared):
        if at in free and covers(element, live[at], below):
            pairs[at] = at
            del free[at]
    for at, element in enumerate(declared):
        if pairs[at] is None:
            found = next((index for index in free if covers(element, live[index], below)), None)
            if found is not None:
                pairs[at] = found
                del free[found]
    return pairs


def _finish(pairs: list[int | None], live_count: int, *, keyed: bool) -> Pairing:
    used = set(pairs)
    return Pairing(tuple(pairs), tuple(index for index in range(live_count) if index not in used), keyed)
