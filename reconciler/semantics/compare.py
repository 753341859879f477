"""The differences between what is declared and what is live, leaf by leaf, only where something is declared.

In: a declared value, the live value beside it, the `Shape` of both. Out: `FieldChange`s in a fixed order.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reconciler.model.change import FieldChange
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret
from reconciler.semantics.equality import (
    canonical,
    holds_secret,
    holds_unknown_secret,
    is_cleared,
    is_empty,
    is_masked,
    key_in,
    plain,
    same_scalar,
)
from reconciler.semantics.merging import new_places, object_slots, scalar_slots
from reconciler.semantics.ordering import is_arranged
from reconciler.semantics.pairing import element_label, element_words, pair_elements


def differences(declared: Any, live: Any, shape: Shape, path: str = "") -> Iterator[FieldChange]:
    """Every leaf, list element or removed value by which live differs from declared."""
    if declared is None:
        if not is_cleared(plain(live), shape):
            yield _change(path, live, None, shape)
    elif shape.secret or isinstance(declared, Secret) or isinstance(live, Secret):
        yield from _secret_differences(declared, live, path)
    elif isinstance(declared, dict):
        yield from _mapping_differences(declared, live, shape, path)
    elif isinstance(declared, list):
        yield from _list_differences(declared, live, shape, path)
    elif not same_scalar(declared, live, shape) and not (is_empty(declared) and is_empty(live)):
        yield _change(path, live, declared, shape)


def covers(declared: Any, live: Any, shape: Shape) -> bool:
    """Whether every declared leaf is equal in live."""
    return next(differences(declared, live, shape), None) is None


def _change(path: str, before: Any, after: Any, shape: Shape) -> FieldChange:
    """A list or mapping of which a part is a declared secret is not shown at all: what is live there may be its
    former value in clear, when the models don't know the field as a secret."""
    sensitive = shape.secret or isinstance(before, Secret) or holds_secret(after)
    if sensitive:
        return FieldChange(path=path, sensitive=True, note="removed" if after is None else "")
    return FieldChange(path=path, before=before, after=after)


def _secret_differences(declared: Any, live: Any, path: str) -> Iterator[FieldChange]:
    if is_masked(live):
        return
    if plain(declared) != plain(live) and not (is_empty(plain(declared)) and is_empty(plain(live))):
        yield FieldChange(path=path, sensitive=True, note="set" if is_empty(plain(live)) else "")


def _mapping_differences(declared: dict[str, Any], live: Any, shape: Shape, path: str) -> Iterator[FieldChange]:
    if not isinstance(live, dict):
        if not is_empty(live):
            yield _change(path, live, declared, shape)
            return
        live = {}
    for key, value in declared.items():
        found = live.get(key_in(live, key))
        if value != found:  # most values are equal, and this costs a fiftieth of a generator
            yield from differences(value, found, shape.below(key), f"{path}.{key}" if path else key)


def _list_differences(declared: list[Any], live: Any, shape: Shape, path: str) -> Iterator[FieldChange]:
    if not isinstance(live, list):
        if not (is_empty(declared) and is_empty(live)):
            yield _change(path, live, declared, shape)
        return
    if any(isinstance(element, dict) for element in declared) or any(isinstance(element, dict) for element in live):
        yield from _object_list_differences(declared, live, shape, path)
    elif not _same_scalars(declared, live, shape):
        change = _change(path, live, declared, shape)
        merge, unordered = getattr(declared, "merge", False), shape.list_as is ListAs.SET
        yield replace(change, note="merge" if merge else "unordered") if merge or unordered else change


def _same_scalars(declared: list[Any], live: list[Any], shape: Shape) -> bool:
    below = shape.below(0)
    wanted = [canonical(element, below) for element in declared]
    found = [canonical(element, below) for element in live]
    if any(map(is_masked, live)):  # what is masked can't be told apart: only their number can
        return len(wanted) == len(found) or getattr(declared, "merge", False)
    if getattr(declared, "merge", False):
        in_order = shape.list_as is ListAs.SET or is_arranged(scalar_slots(declared, live, shape))
        return in_order and set(wanted) <= set(found)
    return set(wanted) == set(found) if shape.list_as is ListAs.SET else wanted == found


def _object_list_differences(declared: list[Any], live: list[Any], shape: Shape, path: str) -> Iterator[FieldChange]:
    pairing = pair_elements(declared, live, shape, covers)
    merge, hidden = getattr(declared, "merge", False), holds_unknown_secret(declared, shape)
    slots = object_slots(declared, live, shape, pairing) if merge else []
    places = new_places(declared, live, slots, shape)
    for at, index in enumerate(pairing.pairs):
        label = f"{path}[{element_label(declared[at], at, shape)}]"
        if index is None:
            yield FieldChange(path=label, after=declared[at], note=places.get(at, ""))
        else:
            yield from differences(declared[at], live[index], shape.below(0), label)
    if not merge:
        for index in pairing.left:
            label = f"{path}[{element_label(live[index], index, shape)}]"
            yield (
                FieldChange(path=label, sensitive=True, note="removed")
                if hidden
                else FieldChange(path=label, before=live[index])
            )
    chosen = [index for _, index in slots] if merge else pairing.pairs
    common = [index for index in chosen if index is not None]
    ordered = shape.list_as is not ListAs.SET and not shape.unordered
    if ordered and common != sorted(common):
        yield FieldChange(
            path=path,
            before=[element_words(live[index], index, shape) for index in sorted(common)],
            after=[element_words(live[index], index, shape) for index in common],
            note="order",
        )
