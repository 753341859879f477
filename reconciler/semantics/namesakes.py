"""Objects of one name in one place: which live one is which of the declared ones, by what is declared of them. Pure.

What tells two declared ones apart are the leaves that both declare and in which they differ; a secret is none of them,
since the cloud may hide it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.model.shape import Shape
from reconciler.model.values import Path, Secret, SecretRef
from reconciler.semantics.compare import covers
from reconciler.semantics.equality import key_in

Body = Mapping[str, Any]
Fits = Callable[[int, int], bool]

MOST_NAMESAKES = 50
"""How many of one name in one place are told apart by what is declared: each is held against each."""


def contrasts(one: Body, other: Body, shape: Shape) -> Iterator[Path]:
    """The leaves that tell two declared objects apart: a value of the one is none of the other. A list is one leaf;
    one that says only what is among others tells nothing."""
    for key, value in one.items():
        theirs, below = key_in(other, key), shape.below(key)
        found = other.get(theirs)
        if isinstance(value, dict) and isinstance(found, dict):
            yield from ((key, *path) for path in contrasts(value, found, below))
        elif theirs in other and _tells(value, below) and _tells(found, below) and _differ(value, found, below):
            yield (key,)


def _tells(value: Any, shape: Shape) -> bool:
    return not (shape.secret or isinstance(value, (Secret, SecretRef)) or getattr(value, "merge", False))


def _differ(one: Any, other: Any, shape: Shape) -> bool:
    return not covers(one, other, shape) and not covers(other, one, shape)


def is_equal(declared: Body, live: Body, shape: Shape) -> bool:
    """Whether every declared leaf is equal in a live object."""
    return all(
        value == live.get(root) or covers(value, live.get(root), shape.below(root)) for root, value in declared.items()
    )


def agrees(declared: Body, live: Body, shape: Shape, paths: Sequence[Path]) -> bool:
    """Whether the leaves at `paths` of a declared object are equal in a live one."""
    return all(covers(*_at(declared, live, shape, path)) for path in paths)


def _at(declared: Any, live: Any, shape: Shape, path: Path) -> tuple[Any, Any, Shape]:
    for step in path:
        declared, live, shape = _below(declared, step), _below(live, step), shape.below(step)
    return declared, live, shape


def _below(value: Any, step: str | int) -> Any:
    return value.get(key_in(value, str(step))) if isinstance(value, Mapping) else None


def is_anothers(live: Body, mine: Body, others: Sequence[Body], shape: Shape) -> bool:
    """Whether a live object is one of `others` and not the declared `mine`, by what tells the two apart."""
    for other in others:
        paths = list(contrasts(other, mine, shape))
        if paths and agrees(other, live, shape, paths) and not agrees(mine, live, shape, paths):
            return True
    return False


def pair_namesakes(
    declared: Sequence[Body], live: Sequence[Body], shape: Shape, *, others: Sequence[Body] = ()
) -> list[int | None]:
    """For each declared object the index of the live one that it is, None where that is not certain, or none is left.

    First those that are equal in every declared leaf, then those that agree in all that tells them from the rest, each
    time one to one and only one; then the one that is left with the one that is left, unless it is more like another.
    `others` are declared ones of the name that are known already, or that say nothing of themselves.
    """
    pairs: list[int | None] = [None] * len(declared)
    _only_ones(pairs, len(live), lambda at, index: is_equal(declared[at], live[index], shape))
    beside = [[*declared[:at], *declared[at + 1 :], *others] for at in range(len(declared))]
    telling = [
        list(dict.fromkeys(path for other in beside[at] for path in contrasts(own, other, shape)))
        for at, own in enumerate(declared)
    ]
    _only_ones(
        pairs,
        len(live),
        lambda at, index: bool(telling[at]) and agrees(declared[at], live[index], shape, telling[at]),
    )
    open_ones = [at for at, pair in enumerate(pairs) if pair is None]
    left = [index for index in range(len(live)) if index not in pairs]
    if len(open_ones) == 1 and len(left) == 1:
        at, index = open_ones[0], left[0]
        if not is_anothers(live[index], declared[at], beside[at], shape):
            pairs[at] = index
    return pairs


def _only_ones(pairs: list[int | None], count: int, fits: Fits) -> None:
    """Pairs what fits one another and nothing else that is still free."""
    free = [index for index in range(count) if index not in pairs]
    found = {at: [index for index in free if fits(at, index)] for at, pair in enumerate(pairs) if pair is None}
    for at, indices in found.items():
        if len(indices) == 1 and sum(indices[0] in other for other in found.values()) == 1:
            pairs[at] = indices[0]
