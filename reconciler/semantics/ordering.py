"""Where the elements of a `!merge` list stand among those that nobody declares. Pairs of indices in, the new order out.

Declared elements keep their order among themselves. A place says where they stand: `first` and `last` of all, or
`before:NAME` or `after:NAME` of another element. Without one, those that stand in order stay where they are, and every
other one goes right behind the declared one before it (the first of all right before the next); where none is live, to
the end. Whatever order the cloud had, the result is one that needs no other change.
"""

from bisect import bisect_left
from collections.abc import Hashable, Sequence

FIRST, LAST, BEFORE, AFTER = "first", "last", "before", "after"

Slot = tuple[int | None, int | None]
"""An element of the result: its index among the declared ones and its index among the live ones, None for neither."""


def arranged(pairs: Sequence[int | None], live_count: int, *, place: str = "", anchor: int | None = None) -> list[Slot]:
    """The result's elements in order. `pairs` are the live indices of the declared elements, None for new ones;
    `anchor` is the live index of the element that the place names."""
    word = place.partition(":")[0]
    declared: list[Slot] = list(enumerate(pairs))
    taken = {index for index in pairs if index is not None}
    others: list[Slot] = [(None, index) for index in range(live_count) if index not in taken]
    if word == FIRST:
        return [*declared, *others]
    if word == LAST:
        return [*others, *declared]
    if anchor is None or anchor in taken or word not in (BEFORE, AFTER):
        return _between(declared, others, live_count)
    fixed: Slot = (None, anchor)
    others.remove(fixed)
    return _between([*declared, fixed] if word == BEFORE else [fixed, *declared], others, live_count, fixed=anchor)


def is_arranged(slots: Sequence[Slot]) -> bool:
    """Whether nothing has to come or to move."""
    return all(index == at for at, (_, index) in enumerate(slots))


def pair_scalars(
    declared: Sequence[Hashable], live: Sequence[Hashable], *, place: str = "", anchor: int | None = None
) -> list[int | None]:
    """The live index of each declared value. Values may repeat: they pair in order, from the side on which they
    belong, so that a list that is arranged already is found to be."""
    backwards = place.partition(":")[0] in (LAST, BEFORE)
    if backwards:
        turned = None if anchor is None else len(live) - 1 - anchor
        found = _pair(declared[::-1], live[::-1], turned)
        return [None if index is None else len(live) - 1 - index for index in reversed(found)]
    return _pair(declared, live, anchor)


def _pair(declared: Sequence[Hashable], live: Sequence[Hashable], start: int | None) -> list[int | None]:
    places: dict[Hashable, list[int]] = {}
    for here, value in enumerate(live):
        if here != start:
            places.setdefault(value, []).append(here)
    found: list[int | None] = []
    last = -1 if start is None else start
    for value in declared:
        free = places.get(value, [])
        at = bisect_left(free, last)
        if free:
            index = free.pop(at if at < len(free) else 0)
            last = max(last, index)
            found.append(index)
        else:
            found.append(None)
    return found


def _between(chain: list[Slot], others: list[Slot], live_count: int, *, fixed: int | None = None) -> list[Slot]:
    """The chain in its order, laid into the others."""
    staying = _longest_rise([index for _, index in chain if index is not None], fixed)
    behind: dict[int | None, list[Slot]] = {}
    leading: list[Slot] = []
    last: int | None = None
    for slot in chain:
        if slot[1] in staying:
            last = slot[1]
            behind[last] = [slot]
        elif last is None:
            leading.append(slot)
        else:
            behind[last].append(slot)
    if last is None:
        return [*others, *leading]
    first = min(staying)
    behind[first] = [*leading, *behind[first]]
    rest = {index: [(at, index)] for at, index in others if index is not None}
    return [slot for index in range(live_count) for slot in behind.get(index, ()) or rest.get(index, ())]


def _longest_rise(indices: list[int], fixed: int | None) -> set[int]:
    """The indices of a longest rising part of the list (one with `fixed` in it)."""
    if fixed is not None:
        at = indices.index(fixed)
        indices = [index for here, index in enumerate(indices) if (index - fixed) * (here - at) > 0 or here == at]
    ends: list[int] = []
    tops: list[int] = []
    before: list[int | None] = []
    for here, index in enumerate(indices):
        at = bisect_left(tops, index)
        before.append(ends[at - 1] if at else None)
        tops[at : at + 1], ends[at : at + 1] = [index], [here]
    found: set[int] = set()
    step: int | None = ends[-1] if ends else None
    while step is not None:
        found.add(indices[step])
        step = before[step]
    return found
