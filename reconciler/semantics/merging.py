"""The elements of a `!merge` list in the order that a write gives them, and where its new ones come to stand.

In: the declared list and the live one, their shape and pairing. Out: slots (see `ordering`), and words for a reviewer.
"""

from typing import Any

from reconciler.model.shape import ListAs, Shape
from reconciler.semantics.equality import canonical
from reconciler.semantics.ordering import LAST, Slot, arranged, pair_scalars
from reconciler.semantics.pairing import Covers, Pairing, element_label, pair_elements


def object_slots(declared: list[Any], live: list[Any], shape: Shape, pairing: Pairing) -> list[Slot]:
    """The slots of a list of objects. Where order doesn't count, or nobody can say which element is which, live ones
    stay where they are, and new ones come last (or first, where that is their place)."""
    place = place_of(declared)
    if shape.list_as is ListAs.KEYED and not shape.unordered and pairing.named:
        labels = [element_label(element, index, shape) for index, element in enumerate(live)]
        return arranged(pairing.pairs, len(live), place=place, anchor=_anchor(place, labels))
    owners = {index: at for at, index in enumerate(pairing.pairs) if index is not None}
    staying: list[Slot] = [(owners.get(index), index) for index in range(len(live))]
    new: list[Slot] = [(at, None) for at, index in enumerate(pairing.pairs) if index is None]
    return [*new, *staying] if place == "first" else [*staying, *new]


def scalar_slots(declared: list[Any], live: list[Any], shape: Shape) -> list[Slot]:
    """The slots of a list of plain values whose order counts."""
    below, place = shape.below(0), place_of(declared)
    wanted = [canonical(element, below) for element in declared]
    found = [canonical(element, below) for element in live]
    anchor = _anchor(place, [str(value) for value in found])
    if anchor is not None and found[anchor] in wanted:
        anchor = None
    pairs = pair_scalars(wanted, found, place=place, anchor=anchor)
    return arranged(pairs, len(found), place=place, anchor=anchor)


def gone_in(declared: list[Any], live: list[Any], shape: Shape, pairing: Pairing, covers: Covers) -> dict[int, Any]:
    """The live elements, by index, that a `!merge` list takes out, each with what was declared of it."""
    gone = list(getattr(declared, "gone", ()))
    if not gone:
        return {}
    found = zip(pair_elements(gone, live, shape, covers).pairs, gone, strict=True)
    return {index: element for index, element in found if index is not None and index not in pairing.pairs}


def stays(value: Any, declared: list[Any], shape: Shape) -> bool:
    """Whether a live plain value is none of those that a `!merge` list takes out."""
    below, gone = shape.below(0), getattr(declared, "gone", ())
    return not gone or canonical(value, below) not in {canonical(item, below) for item in gone}


def place_of(declared: Any) -> str:
    """Where a list says that its elements stand."""
    return str(getattr(declared, "place", ""))


def new_places(declared: list[Any], live: list[Any], slots: list[Slot], shape: Shape) -> dict[int, str]:
    """Where each new element comes to stand, by its index among the declared ones: before which live one, or last.
    Nothing where order doesn't count, or where there is no live element."""
    if shape.list_as is not ListAs.KEYED or shape.unordered or not live:
        return {}
    _, colon, name = place_of(declared).partition(":")
    labels = {index: element_label(element, index, shape) for index, element in enumerate(live)} if slots else {}
    lost = f", because there is no {name}" if colon and name not in labels.values() else ""
    found: dict[int, str] = {}
    words = LAST
    for at, index in reversed(slots):
        if index is not None:
            words = f"before {labels[index]}"
        elif at is not None:
            found[at] = f"{words}{lost}"
    return found


def _anchor(place: str, labels: list[str]) -> int | None:
    _, colon, name = place.partition(":")
    return labels.index(name) if colon and name in labels else None
