"""The conditional rules of the vendor's Terraform provider, as data: a kind and a body in, findings out.

`conditional.json` (tools/make_conditional.py) has rows of `only` and `never` (where a field has an effect), `needs`,
`or` and `any` (what is required), `one` (at most one). A field that has no effect by the vendor's own document is an
error; what the provider alone says is a warning. What is missing is a warning always: an object that is there may have
it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.checks import Body, Ignored, Needs, Table, When, any_of, check_ignored, check_needs


@dataclass(frozen=True)
class _Tables:
    needs: Table[Needs]
    ignored: Table[Ignored]


def conditional(kind: str, body: Body) -> Iterator[Violation]:
    """What the rows of a kind find in a body."""
    tables = _tables(kind)
    if tables is not None:
        yield from check_needs(body, tables.needs)
        yield from check_ignored(body, tables.ignored)


@cache
def _rows() -> Mapping[str, Any]:
    return dict(json.loads(files("reconciler.kinds.shared").joinpath("conditional.json").read_text("utf-8")))


@cache
def _tables(kind: str) -> _Tables | None:
    rows = _rows().get(kind)
    if rows is None:
        return None
    lines = [line for row in _merged(rows) for line in _lines(*row)]
    needs = [line for line in lines if isinstance(line, Needs)]
    return _Tables(Table(*needs), Table(*(line for line in lines if isinstance(line, Ignored))))


def _merged(rows: list[Any]) -> Iterator[list[Any]]:
    """The rows, those of one field that are allowed under several conditions' values as one."""
    only: dict[tuple[str, ...], list[Any]] = {}
    for verb, at, name, other, values, confirmed in rows:
        if verb != "only":
            yield [verb, at, name, other, values, confirmed]
        elif (at, name, other) in only:
            only[at, name, other][4] += values
            only[at, name, other][5] &= confirmed
        else:
            only[at, name, other] = [verb, at, name, other, list(values), confirmed]
    by_field: dict[tuple[str, ...], int] = {}
    for at, name, _ in only:
        by_field[at, name] = by_field.get((at, name), 0) + 1
    # Allowed under one condition or another: that no row says, so none is told.
    yield from (row for key, row in only.items() if by_field[key[:2]] == 1)


def _lines(verb: str, at: str, name: str, other: Any, values: list[Any], confirmed: bool) -> Iterator[Needs | Ignored]:
    rule = "useless-field" if confirmed else "doubtful-field"
    if verb == "only":
        yield Ignored(rule=rule, when=When(field=other, values=tuple(values), other=True), fields=(name,), at=at)
    elif verb == "never":
        yield Ignored(rule=rule, when=_when(other, values), fields=(name,), at=at)
    elif verb == "one":
        for second in other:
            yield Ignored(rule=rule, when=_when(name, []), fields=(second,), at=at)
    elif verb == "needs":
        yield Needs(rule="required-field", when=_when(other, values), fields=(name,), at=at)
    else:
        instead = (other,) if verb == "or" else tuple(other)
        said = f"there is no {any_of(instead)}"
        always = When(field=name, values=(), other=True, default=True, said=said)
        yield Needs(rule="required-field", when=always, fields=(name,), at=at, instead=instead)


def _when(field: str, values: list[Any]) -> When:
    return When(field=field, values=tuple(values), other=not values, said="" if values else f"`{field}` is given")
