"""Which element of a declared list is which element of the live one.

Elements pair by the list's key, or, where it has none, when every leaf that the declared element has is equal in the
live one. Never by position: a new RADIUS server must not inherit the old one's secret.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from reconciler.model.address import nfc
from reconciler.model.shape import ListAs, Shape
from reconciler.semantics.equality import canonical, is_empty

Key = tuple[Any, ...]
Covers = Callable[[Any, Any, Shape], bool]
"""Whether every leaf of the first (declared) element is equal in the second (live) one."""


class Pairing(Struct, frozen=True):
    """`pairs[i]` is the index in the live list of declared element i, None when it is new; `left` are the indices of
    live elements that no declared element is; `keyed` says whether a key did the pairing, and `named` whether it did
    that of every declared element that is live."""

    pairs: tuple[int | None, ...]
    left: tuple[int, ...]
    keyed: bool
    named: bool = False


def pair_elements(declared: list[Any], live: list[Any], shape: Shape, covers: Covers) -> Pairing:
    """Pairs two lists of objects. `shape` is the list's own; `covers` decides where there is no key, or no clear one:
    elements without a key, or two of one key, don't make strangers of their neighbours."""
    pairs: list[int | None] = [None] * len(declared)
    keyed, named, unclear = False, False, set[int]()
    if shape.list_as is ListAs.KEYED:
        mine, theirs = ([element_key(element, shape) for element in side] for side in (declared, live))
        _by_key(pairs, mine, theirs, fits=_same_key)
        _by_key(pairs, mine, theirs, fits=_agreeing_keys)
        keyed = _unique(mine) and _unique(theirs)
        known = set(theirs)
        named = _unique(mine) and all(
            pair is not None or key not in known for key, pair in zip(mine, pairs, strict=True)
        )
        unclear = {at for at, key in enumerate(mine) if None in key and _is_unclear(key, mine, theirs)}
    open_ones = [at for at, pair in enumerate(pairs) if pair is None and at not in unclear]
    _by_leaves(open_ones, pairs, lambda at, index: covers(_asked(declared[at]), live[index], shape.below(0)), len(live))
    used = set(pairs)
    return Pairing(tuple(pairs), tuple(index for index in range(len(live)) if index not in used), keyed, named)


def _asked(element: Any) -> Any:
    """An element without what it releases: that says nothing about which live one it is."""
    if not isinstance(element, dict):
        return element
    released = getattr(element, "released", ())
    return {key: _asked(value) for key, value in element.items() if key not in released}


def element_key(element: Any, shape: Shape) -> Key:
    """The key of one element of a keyed list; a missing key field counts as None."""
    if not isinstance(element, dict):
        return (None,) * len(shape.key)
    below = shape.below(0)
    return tuple(
        None if is_empty(element.get(name)) else _key_text(element[name], below.below(name)) for name in shape.key
    )


def _key_text(value: Any, shape: Shape) -> Any:
    """A key's value as text, so that port 1812 and "1812" are one key."""
    return (
        nfc(str(canonical(value, shape)))
        if isinstance(value, (str, int)) and not isinstance(value, bool)
        else canonical(value, shape)
    )


def element_label(element: Any, index: int, shape: Shape) -> str:
    """How a path names an element: its key where the list has one, else its position."""
    if shape.list_as is ListAs.KEYED and isinstance(element, dict):
        parts = [str(element[name]) for name in shape.key if not is_empty(element.get(name))]
        if parts:
            return ":".join(parts)
    return str(index)


def element_words(element: Any, index: int, shape: Shape) -> str:
    """How a list of elements names one: by its label, or, where that is only a position, by what it says first."""
    label = element_label(element, index, shape)
    if label != str(index) or not isinstance(element, dict):
        return label
    said = [f"{key}: {value}" for key, value in element.items() if isinstance(value, str | int) and not is_empty(value)]
    return ", ".join(said[:_SAID]) or label


_SAID = 2


def _unique(keys: list[Key]) -> bool:
    return len(set(keys)) == len(keys) and all(any(part is not None for part in key) for key in keys)


def _same_key(mine: Key, theirs: Key) -> bool:
    return mine == theirs and any(part is not None for part in mine)


def _agreeing_keys(mine: Key, theirs: Key) -> bool:
    """A key with a part left out (a server without its port) agrees with one that has it."""
    parts = list(zip(mine, theirs, strict=True))
    return all(None in part or part[0] == part[1] for part in parts) and any(
        one == other and one is not None for one, other in parts
    )


def _by_key(pairs: list[int | None], mine: list[Key], theirs: list[Key], *, fits: Callable[[Key, Key], bool]) -> None:
    """Pairs what is still free where exactly one element of either side fits exactly one of the other."""
    used = set(pairs)
    places = defaultdict[Any, list[int]](list)  # by each part of the key: long lists are not compared all with all
    for index, key in enumerate(theirs):
        for part in enumerate(key) if index not in used else ():
            places[part].append(index)
    found: dict[int, list[int]] = {}
    for at, key in enumerate(mine):
        if pairs[at] is None:
            near = dict.fromkeys(index for part in enumerate(key) if part[1] is not None for index in places[part])
            found[at] = [index for index in near if fits(key, theirs[index])]
    wanted = Counter(index for indices in found.values() for index in indices)
    for at, indices in found.items():
        if len(indices) == 1 and wanted[indices[0]] == 1:
            pairs[at] = indices[0]


def _is_unclear(key: Key, mine: list[Key], theirs: list[Key]) -> bool:
    """Whether a key with a part left out could be more live elements than there are declared ones like it."""
    return mine.count(key) < sum(_agreeing_keys(key, other) for other in theirs)


def _by_leaves(
    open_ones: list[int], pairs: list[int | None], covers: Callable[[int, int], bool], live_count: int
) -> None:
    """Pairs as many of the open ones as can be paired, those at the same place first.

    One that fits several makes room for one that fits only there (Kuhn's algorithm): two elements of a set of which
    one says less than the other must pair the same way in whatever order the cloud gives them.
    """
    used = set(pairs)
    free = [index for index in range(live_count) if index not in used]
    fits = {
        at: [index for index in sorted(free, key=lambda index: index != at) if covers(at, index)] for at in open_ones
    }
    owner: dict[int, int] = {}
    for at in open_ones:
        if at in fits[at]:
            pairs[at], owner[at] = at, at
    for at in open_ones:
        if pairs[at] is None:
            _find_place(at, fits, pairs, owner)


def _find_place(start: int, fits: dict[int, list[int]], pairs: list[int | None], owner: dict[int, int]) -> None:
    """Looks for a free place for one element, where owners of places it fits may move on; takes it if there is one."""
    reached: dict[int, int] = {}
    queue = [start]
    for at in queue:
        for index in fits[at]:
            if index in reached:
                continue
            reached[index] = at
            if index not in owner:
                _take(index, reached, pairs, owner)
                return
            queue.append(owner[index])


def _take(index: int | None, reached: dict[int, int], pairs: list[int | None], owner: dict[int, int]) -> None:
    """Gives the free place to the element that reached it, that one's former place to the one before, and so on."""
    while index is not None:
        at = reached[index]
        former = pairs[at]
        pairs[at], owner[index] = index, at
        index = former
