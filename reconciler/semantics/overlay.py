"""The value that a PUT must carry for one root: live overlaid with declared, so that nothing undeclared is lost.

Also what such a write keeps, and what it drops because a declared list is the whole list.
"""

from collections.abc import Iterator
from typing import Any

from reconciler.model.change import RootSummary
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret
from reconciler.semantics.compare import covers
from reconciler.semantics.equality import canonical, holds_unknown_secret, is_empty, key_in
from reconciler.semantics.merging import gone_in, object_slots, scalar_slots, stays
from reconciler.semantics.pairing import element_label, pair_elements


def overlay(declared: Any, live: Any, shape: Shape) -> Any:
    """A new value: `live` with every declared leaf laid over it; neither argument is changed.

    Mappings merge, a null removes its key, a declared list is the whole list (with `!merge` only its elements),
    an element that pairs with a live one keeps that one's undeclared fields.
    """
    if isinstance(declared, dict):
        result = dict(live) if isinstance(live, dict) else {}
        for name, value in declared.items():
            key = key_in(result, name)
            if value is None:
                result.pop(key, None)
            else:
                result[key] = overlay(value, result.get(key), shape.below(key))
        return result
    if isinstance(declared, list):
        return _overlay_list(declared, live if isinstance(live, list) else [], shape)
    return declared


def _overlay_list(declared: list[Any], live: list[Any], shape: Shape) -> list[Any]:
    merge = getattr(declared, "merge", False)
    if not any(isinstance(element, dict) for element in (*declared, *getattr(declared, "gone", ()))):
        return _merged_scalars(declared, live, shape) if merge else list(declared)
    pairing = pair_elements(declared, live, shape, covers)
    laid = [
        overlay(element, live[index] if index is not None else None, shape.below(0))
        for element, index in zip(declared, pairing.pairs, strict=True)
    ]
    if not merge:
        return laid
    gone = gone_in(declared, live, shape, pairing, covers)
    slots = object_slots(declared, live, shape, pairing)
    return [live[index] if at is None else laid[at] for at, index in slots if at is not None or index not in gone]  # type: ignore[index]


def _merged_scalars(declared: list[Any], live: list[Any], shape: Shape) -> list[Any]:
    live = [element for element in live if stays(element, declared, shape)]
    if shape.list_as is not ListAs.SET:
        slots = scalar_slots(declared, live, shape)
        return [live[index] if index is not None else declared[at] for at, index in slots]  # type: ignore[index]
    below = shape.below(0)
    present = {canonical(element, below) for element in live}
    return [*live, *(element for element in declared if canonical(element, below) not in present)]


def project(live: Any, declared: Any, shape: Shape) -> Any:
    """The part of `live` that `declared` speaks of: what a reviewer saw when the plan was made.

    A list counts as a whole, but the undeclared fields of a paired element don't.
    """
    if isinstance(declared, dict) and (isinstance(live, dict) or is_empty(live)):
        base = live or {}
        return {key: project(base.get(key), value, shape.below(key)) for key, value in declared.items()}
    if isinstance(declared, list) and isinstance(live, list):
        pairing = pair_elements(declared, live, shape, covers)
        spoken = {index: at for at, index in enumerate(pairing.pairs) if index is not None}
        merge = getattr(declared, "merge", False)
        gone = gone_in(declared, live, shape, pairing, covers) if merge else {}
        return [
            project(element, declared[spoken[index]], shape.below(0))
            if index in spoken
            else project(element, gone[index], shape.below(0))
            if index in gone
            else element
            for index, element in enumerate(live)
            if index in spoken or index in gone or not merge
        ]
    return live


def root_summary(root: str, declared: Any, live: Any, shape: Shape) -> RootSummary | None:
    """What replacing this root whole means; None for a scalar root."""
    if not isinstance(declared, (dict, list)):
        return None
    result = overlay(declared, live, shape)
    before, after = _members(live, shape), _members(result, shape)
    if holds_unknown_secret(declared, shape) and isinstance(declared, list):
        before = after = {}
    return RootSummary(
        root=root,
        before=len(before),
        after=len(after),
        gains=tuple(name for name in after if name not in before),
        loses=tuple(name for name in before if name not in after),
        keeps=max(0, sum(1 for _ in leaves(result)) - sum(1 for _ in leaves(declared))),
        drops=tuple(dict.fromkeys(_drops(declared, live, shape, root))),
    )


def _members(value: Any, shape: Shape) -> dict[str, None]:
    if isinstance(value, dict):
        return dict.fromkeys(value)
    if isinstance(value, list):
        labels = (
            element_label(element, index, shape)
            if isinstance(element, dict)
            else element.shown
            if isinstance(element, Secret)
            else str(element)
            for index, element in enumerate(value)
        )
        return dict.fromkeys(labels)
    return {}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its path; empty values are no leaves."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from leaves(item, f"{path}[{at}]")
    elif not is_empty(value):
        yield path, value


def _drops(declared: Any, live: Any, shape: Shape, path: str) -> Iterator[str]:
    """Undeclared leaves of live elements that a new element takes the place of, in lists without a usable key."""
    if isinstance(declared, dict) and isinstance(live, dict):
        for key, value in declared.items():
            yield from _drops(value, live.get(key), shape.below(key), f"{path}.{key}")
    elif isinstance(declared, list) and isinstance(live, list) and any(isinstance(item, dict) for item in declared):
        pairing = pair_elements(declared, live, shape, covers)
        for at, index in enumerate(pairing.pairs):
            if index is not None:
                label = f"{path}[{element_label(live[index], index, shape)}]"
                yield from _drops(declared[at], live[index], shape.below(0), label)
        if pairing.keyed or shape.list_as is ListAs.SET or None not in pairing.pairs:
            return
        new = [declared[at] for at, index in enumerate(pairing.pairs) if index is None]
        said = {leaf for element in new for leaf, _ in leaves(element)}
        for index in pairing.left:
            yield from (f"{path}[{index}].{leaf}" for leaf, _ in leaves(live[index]) if leaf not in said)
