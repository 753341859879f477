"""What another of the vendor's sources takes where a model refuses it, and names that sources spell differently.

In: a kind, a path below its body, a value. Out: the `Line` of the facts about it, or None. The lines stand in
`schema/facts.json` with their source (tools/make_facts.py writes it from tools/other_sources.yaml), so that a
contradiction between sources is settled in one place; `schema audit` tells those that are none any more.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from reconciler.model.values import Path

_SHAPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "list": list,
    "text": str,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
SOURCES = {
    "document": "the OpenAPI document",
    "page": "the vendor's API page",
    "provider": "the vendor's Terraform provider",
    "live": "recorded answers of the cloud",
}
"""The sources of facts, and what they are called."""


class Line(Struct, frozen=True, kw_only=True):
    """One fact of one source: the `pattern` of its path, and what that source takes there: any value if nothing else
    is said. `other` are the source and name under which another one has the same field."""

    pattern: str
    source: str
    values: tuple[str, ...] = ()
    shape: str = ""
    least: float | None = None
    most: float | None = None
    other: tuple[str, str] | None = None

    @property
    def limits(self) -> bool:
        """Whether the line says what values the field takes."""
        return bool(self.values or self.shape) or self.least is not None or self.most is not None

    def takes(self, value: Any) -> bool:
        """Whether the source takes this value."""
        if self.values:
            return value in self.values
        if self.shape:
            return isinstance(value, _SHAPES[self.shape])
        if not self.limits:
            return True
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
        return number is not None and (self.least or number) <= number <= (self.most or number)


def lines_of(rows: Mapping[str, Any]) -> list[Line]:
    """Rows of the facts as lines; a row may be the source alone."""
    found = []
    for pattern, given in rows.items():
        row: Mapping[str, Any] = {"source": given} if isinstance(given, str) else given
        names = [(source, row[source]) for source in SOURCES if source in row]
        line = Line(
            pattern=pattern,
            source=row["source"],
            values=tuple(row.get("values", ())),
            shape=row.get("type", ""),
            least=row.get("least"),
            most=row.get("most"),
            other=names[0] if names else None,
        )
        found.append(line)
    return found


@cache
def lines() -> Mapping[str, tuple[Line, ...]]:
    """All lines, by kind."""
    facts = json.loads(files("reconciler.schema").joinpath("facts.json").read_text("utf-8"))
    found: dict[str, list[Line]] = {}
    for line in lines_of(facts["sources"]):
        found.setdefault(line.pattern.partition(".")[0], []).append(line)
    return {kind: tuple(items) for kind, items in found.items()}


def line_at(kind: str, path: Path) -> Line | None:
    """The line about a path."""
    if path and _roots(kind).isdisjoint((path[0], "*", "**")):
        return None
    return next((line for line in lines().get(kind, ()) if _fits(line.pattern, path)), None)


@cache
def _roots(kind: str) -> frozenset[str | int]:
    """What the paths of a kind's lines begin with."""
    return frozenset(_steps(line.pattern)[0] for line in lines().get(kind, ()))


def _fits(pattern: str, path: Path) -> bool:
    steps = _steps(pattern)
    if steps[-1] == "**":
        return len(path) >= len(steps) and _fits_each(steps[:-1], path[: len(steps) - 1])
    return len(steps) == len(path) and _fits_each(steps, path)


def _fits_each(steps: tuple[str, ...], path: Path) -> bool:
    pairs = zip(steps, path, strict=True)
    return all(want == "*" or (want == "[]" and isinstance(step, int)) or want == step for want, step in pairs)


@cache
def _steps(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.split(".")[1:])


def spellings(kind: str, body: Mapping[str, Any]) -> Iterator[tuple[Path, Line]]:
    """The fields of a body that another source spells differently, with their lines."""
    for line in _spelled(kind):
        first, *_ = steps = _steps(line.pattern)
        if first in body or first == "*":
            yield from ((path, line) for path in _found(body, steps))


@cache
def _spelled(kind: str) -> tuple[Line, ...]:
    return tuple(line for line in lines().get(kind, ()) if line.other)


def _found(value: Any, steps: tuple[str, ...], at: Path = ()) -> Iterator[Path]:
    if not steps:
        yield at
        return
    step, rest = steps[0], steps[1:]
    if isinstance(value, dict):
        for name in value if step == "*" else (step,) if step in value else ():
            yield from _found(value[name], rest, (*at, name))
    elif isinstance(value, list) and step == "[]":
        for number, item in enumerate(value):
            yield from _found(item, rest, (*at, number))
