"""How much a template may do: what it is about to make in, an error out before it is made.

Every turn of a loop, call, filter, joined text and list that a template makes counts with its size. That bounds time
and memory, and the same template stops at the same place on every machine.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from jinja2 import Undefined, pass_environment
from jinja2.filters import make_attrgetter, sync_do_slice

MOST = 3_000_000
MOST_OF_ALL = 100_000_000
_MAX_ELEMENTS = 100_001
_MAX_DIGITS = 20
_SIZED = (str, bytes, dict, list, tuple, range)


class TooMuchError(Exception):
    """A template does or makes more than any inventory needs."""

    def __init__(self) -> None:
        super().__init__("it was stopped: it takes too many steps, or makes too much")


class Budget:
    """What one rendering has used so far, and all renderings of a template together."""

    __slots__ = ("spent", "spent_before")

    def __init__(self) -> None:
        self.spent = 0
        self.spent_before = 0

    @property
    def is_used_up(self) -> bool:
        """Whether nothing more can be rendered."""
        return self.spent_before + self.spent > MOST_OF_ALL

    def begin(self) -> None:
        """A new rendering."""
        self.spent_before += self.spent
        self.spent = 0

    def spend(self, size: int) -> None:
        """Raises `TooMuchError` when nothing is left."""
        self.spent += size
        if self.spent > MOST or self.is_used_up:
            raise TooMuchError

    def weigh(self, value: Any) -> Any:
        """Spends the size of a value, with all that lies in it, as often as it lies in it. A stream becomes a list."""
        kind = value.__class__
        if kind is str:
            self.spend(1 + len(value))
            return value
        if isinstance(value, Iterator):
            value = list(islice(value, _MAX_ELEMENTS))
        waiting = [value]
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict | list | tuple):
                below = item.values() if isinstance(item, dict) else item
                waiting += [part for part in below if isinstance(part, _SIZED)]
            self.spend(1 + len(item) if isinstance(item, _SIZED) else 1)
        return value


@pass_environment
def _replace(environment: Any, text: Any, old: Any, new: Any, count: int | None = None) -> str:
    return replaced(environment.budget, str(text), str(old), str(new), -1 if count is None else count)


def replaced(budget: Budget, text: str, old: str, new: str, count: int = -1) -> str:
    """`text.replace`, paid for."""
    times = text.count(old) if count < 0 else min(text.count(old), count)
    budget.spend(len(text) + times * len(new))
    return text.replace(old, new, count)


@pass_environment
def _join(environment: Any, values: Iterable[Any], between: Any = "", attribute: str | int | None = None) -> str:
    found = map(make_attrgetter(environment, attribute), values) if attribute is not None else values
    return joined_texts(environment.budget, str(between), found)


def joined_texts(budget: Budget, between: str, values: Iterable[Any]) -> str:
    """`between.join`, paid for."""
    texts = []
    for value in values:
        texts.append(str(budget.weigh(value)))
        budget.spend(len(between))
    return between.join(texts)


@pass_environment
def _sum(environment: Any, values: Iterable[Any], attribute: str | int | None = None, start: float = 0) -> Any:
    found = map(make_attrgetter(environment, attribute), values) if attribute is not None else values
    total = start
    for value in found:
        environment.budget.spend(1)
        if isinstance(value, Undefined):
            str(value)
        if not isinstance(value, int | float):
            raise TypeError("only numbers can be summed up")
        total += value
    return total


@pass_environment
def _batch(environment: Any, values: Iterable[Any], size: int, fill: Any = None) -> list[list[Any]]:
    items = list(values)
    environment.budget.spend(len(items) + abs(size))
    found = [items[at : at + size] for at in range(0, len(items), size)]
    if found and fill is not None:
        found[-1] += [fill] * (size - len(found[-1]))
    return found


@pass_environment
def _slice(environment: Any, values: Iterable[Any], slices: int, fill: Any = None) -> list[list[Any]]:
    items = list(values)
    environment.budget.spend(len(items) + abs(slices))
    return list(sync_do_slice(items, slices, fill))


def _round(value: float, precision: int = 0) -> float:
    if abs(precision) > _MAX_DIGITS:
        raise ValueError(f"at most {_MAX_DIGITS} digits")
    return round(float(value), precision)


PAID = {"batch": _batch, "join": _join, "replace": _replace, "round": _round, "slice": _slice, "sum": _sum}
"""Filters that can make much of little, in a form that pays before."""
