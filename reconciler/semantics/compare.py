"""The differences between what is declared and what is live, leaf by leaf, only where something is declared.

In: a declared value, the live value beside it, the `Shape` of both. Out: `FieldChange`s in a fixed order.
"""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from reconciler.model.change import FieldChange, Note
from reconciler.model.hiding import SHOWN
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret, SecretRef
from reconciler.semantics.equality import (
    canonical,
    holds_secret,
    holds_unknown_secret,
    in_clear,
    is_cleared,
    is_empty,
    is_masked,
    key_in,
    same_scalar,
)
from reconciler.semantics.merging import gone_in, new_places, object_slots, scalar_slots, stays
from reconciler.semantics.ordering import is_arranged
from reconciler.semantics.pairing import element_label, element_words, pair_elements
from reconciler.semantics.sealing import sealed_field


def differences(declared: Any, live: Any, shape: Shape, path: str = "") -> Iterator[FieldChange]:
    """Every leaf, list element or removed value by which live differs from declared. A secret that could not be looked
    up says nothing."""
    if isinstance(declared, SecretRef):
        return
    if declared is None:
        if not is_cleared(in_clear(live), shape):
            yield _change(path, live, None, shape)
    elif shape.secret or isinstance(declared, Secret) or isinstance(live, Secret):
        yield from _secret_differences(declared, live, shape, path)
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
    if sensitive and not (isinstance(before, Secret) and after is None and not before.hidden):
        return FieldChange(path=path, sensitive=True, note=Note.REMOVED if after is None else None)
    return FieldChange(path=path, before=before, after=_distinguished(before, after))


def _distinguished(before: Any, after: Any) -> Any:
    """The declared value, with a remark on texts of which only the hidden part is another one."""
    if not isinstance(before, list) or not isinstance(after, list):
        return after
    known = [item for item in before if isinstance(item, Secret)]
    shown = {item.shown for item in known}
    return [
        Secret(item.reveal(), origin=item.origin, shown=f"{item.shown} (another one)")
        if isinstance(item, Secret) and item.shown in shown and item not in known
        else item
        for item in after
    ]


def _secret_differences(declared: Any, live: Any, shape: Shape, path: str) -> Iterator[FieldChange]:
    """A secret that changed; of a text that only holds one, or names it, the rest is shown."""
    if is_masked(live):
        return
    if in_clear(declared) != in_clear(live) and not (is_empty(in_clear(declared)) and is_empty(in_clear(live))):
        before, after = _visible(live, shape), _visible(declared, shape)
        if before == after or after == SHOWN or (after is None and before == SHOWN):
            yield FieldChange(path=path, sensitive=True, note=Note.SET if is_empty(in_clear(live)) else None)
        else:
            yield FieldChange(path=path, before=before, after=after)


def _visible(value: Any, shape: Shape) -> Any:
    """What a reader may see of one side; None for nothing."""
    if is_empty(in_clear(value)):
        return None
    if shape.secret and isinstance(value, str):
        return sealed_field(value, origin="plain").shown
    return value.shown if isinstance(value, Secret) else SHOWN if shape.secret else value


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
    if any(isinstance(element, dict) for element in (*declared, *live)):
        yield from _object_list_differences(declared, live, shape, path)
    elif not _same_scalars(declared, live, shape):
        change = _change(path, live, declared, shape)
        merge, unordered = getattr(declared, "merge", False), shape.list_as is ListAs.SET
        yield replace(change, note=Note.MERGE if merge else Note.UNORDERED) if merge or unordered else change


def _same_scalars(declared: list[Any], live: list[Any], shape: Shape) -> bool:
    below = shape.below(0)
    wanted = [canonical(element, below) for element in declared]
    found = [canonical(element, below) for element in live]
    if any(map(is_masked, live)) or any(isinstance(item, SecretRef) for item in declared):
        # what is masked, or was not looked up, can't be told apart: only their number can
        return len(wanted) == len(found) or getattr(declared, "merge", False)
    if getattr(declared, "merge", False):
        in_order = shape.list_as is ListAs.SET or is_arranged(scalar_slots(declared, live, shape))
        return in_order and set(wanted) <= set(found) and all(stays(element, declared, shape) for element in live)
    return set(wanted) == set(found) if shape.list_as is ListAs.SET else wanted == found


def _object_list_differences(declared: list[Any], live: list[Any], shape: Shape, path: str) -> Iterator[FieldChange]:
    pairing = pair_elements(declared, live, shape, covers)
    merge, hidden = getattr(declared, "merge", False), holds_unknown_secret(declared, shape)
    slots = object_slots(declared, live, shape, pairing) if merge else []
    places = new_places(declared, live, slots, shape)
    for at, index in enumerate(pairing.pairs):
        label = f"{path}[{element_label(declared[at], at, shape)}]"
        if index is None:
            yield FieldChange(path=label, after=declared[at], place=places.get(at, ""))
        else:
            yield from differences(declared[at], live[index], shape.below(0), label)
    gone = gone_in(declared, live, shape, pairing, covers) if merge else pairing.left
    if gone:
        for index in sorted(gone):
            label = f"{path}[{element_label(live[index], index, shape)}]"
            yield (
                FieldChange(path=label, sensitive=True, note=Note.REMOVED)
                if hidden
                else FieldChange(path=label, before=live[index])
            )
    chosen = [index for _, index in slots] if merge else pairing.pairs
    common = [index for index in chosen if index is not None and not (merge and index in gone)]
    ordered = shape.list_as is not ListAs.SET and not shape.unordered
    if ordered and common != sorted(common):
        yield FieldChange(
            path=path,
            before=[element_words(live[index], index, shape) for index in sorted(common)],
            after=[element_words(live[index], index, shape) for index in common],
            note=Note.ORDER,
        )
