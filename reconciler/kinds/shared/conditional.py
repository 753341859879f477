"""The conditional rules of the vendor's Terraform provider, as data: a kind and a body in, findings out.

`conditional.json` (tools/make_conditional.py) has rows of `only` and `never` (where a field has an effect), `needs`,
`or` and `any` (what is required), `one` (at most one). A field that has no effect by the vendor's own document is an
error; what the provider alone says is a warning. What is missing is a warning: an object that is there may have it.
Once live is known, it is an error, where all sources agree that it is required and nothing else can supply it.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.checks import Body, Ignored, Needs, Table, When, any_of, check_ignored, check_needs

LAYERED = frozenset(
    [
        *("ap", "deviceprofile_ap", "deviceprofile_gateway", "deviceprofile_switch", "gateway", "gatewaytemplate"),
        *("networktemplate", "setting", "sitetemplate", "switch"),
    ]
)
"""Kinds that make up a device's configuration together: what a root lacks in one, another may have. An entry of a map
or list is whole in one of them."""

SUPPLIED = ("bgp_config", "port_config", "tunnel_configs", "tunnel_provider_options")
"""Roots whose entries a device or the cloud itself (tunnels that are set up by it) completes: their fields may stand
alone. Source: the vendor's page on an organisation's API, and issues of the provider."""

RENAMED = frozenset({("sso", "group_filter"), ("sso", "member_filter")})
"""Fields that the vendor's page has under another name, and not as required."""


class _Tables(Struct, frozen=True):
    needs: Table[Needs]
    certain: Table[Needs]
    ignored: Table[Ignored]


def conditional(kind: str, body: Body) -> Iterator[Violation]:
    """What the rows of a kind find in a body."""
    tables = _tables(kind)
    if tables is not None:
        yield from check_needs(body, tables.needs)
        yield from check_ignored(body, tables.ignored)


def has_certain_rows(kind: str) -> bool:
    """Whether `lacking` can find anything in an object of a kind."""
    tables = _tables(kind)
    return tables is not None and bool(tables.certain)


def lacking(kind: str, result: Body, live: Body | None) -> Iterator[Violation]:
    """What an object would lack after a write (`result`), and does not lack already, by the rows that are certain."""
    tables = _tables(kind)
    if tables is None:
        return
    before = {(item.detail, item.path) for item in check_needs(live, tables.certain)} if live else set()
    yield from (item for item in check_needs(result, tables.certain) if (item.detail, item.path) not in before)


@cache
def _rows() -> Mapping[str, Any]:
    return dict(json.loads((FilePath(__file__).parent / "conditional.json").read_bytes()))


@cache
def _tables(kind: str) -> _Tables | None:
    rows = _rows().get(kind)
    if rows is None:
        return None
    merged = list(_merged(rows))
    lines = [line for row in merged for line in _lines(*row)]
    needs = [line for line in lines if isinstance(line, Needs)]
    certain = [
        replace(line, rule="incomplete-object")
        for row in merged
        if _is_certain(kind, *row)
        for line in _lines(*row)
        if isinstance(line, Needs)
    ]
    return _Tables(Table(*needs), Table(*certain), Table(*(line for line in lines if isinstance(line, Ignored))))


def _is_certain(kind: str, _verb: str, at: str, name: str, _other: Any, _values: list[Any], confirmed: bool) -> bool:
    """Whether a row is agreed upon, and no other layer can have what is missing."""
    if not confirmed or at.startswith(SUPPLIED) or (kind, name) in RENAMED:
        return False
    return kind not in LAYERED or not {"*", "[]"}.isdisjoint(at.split("."))


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
