"""The rows of a table -> objects to be declared: a column is a field, by its header or as it is mapped.

A cell is data: a text, or what its field takes where that is a number or a boolean. For a list, a cell holds the
elements, with `;` between them. An empty cell says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from reconciler.diagnostics import Diagnostic, Severity, SourceRange, shortened
from reconciler.errors import UsageError
from reconciler.export.items import Item
from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address
from reconciler.model.inventory import Row, Table
from reconciler.model.shape import UNKNOWN, Shape
from reconciler.model.values import Untyped
from reconciler.semantics.forms import seal

BETWEEN = ";"
_PROFILES = "profiles"
_LISTED = Shape(values=UNKNOWN, listed=True)


class _Column(Struct, frozen=True):
    """A column and the field that it fills."""

    header: str
    path: tuple[str, ...]
    shape: Shape


class TableRows(Struct, frozen=True, kw_only=True):
    """The objects in the order of their rows, the line of each, what its `profiles` are, and what is wrong."""

    items: tuple[Item, ...]
    lines: Mapping[Address, int]
    diagnostics: tuple[Diagnostic, ...] = ()


def objects_in(table: Table, kind: Kind, kinds: Kinds, *, fields: Mapping[str, str]) -> TableRows:
    """`fields` leads from headers to dotted fields; an empty one leaves its column out. Raises `UsageError` for a
    column or a field that is not known."""
    columns = _columns(table, kind, kinds, fields)
    items: dict[Address, Item] = {}
    lines: dict[Address, int] = {}
    found: list[Diagnostic] = []
    for row in table.rows:
        tree = _tree(row, columns)
        address = _address(tree, kind)
        if isinstance(address, str):
            found.append(_wrong(table, row, address))
        elif address in items:
            found.append(_wrong(table, row, f"{address} has a row already: line {lines[address]}"))
        else:
            body = {key: value for key, value in tree.items() if key not in _parents(kind)}
            items[address] = Item(address=address, kind=kind.name, id="", body=body)
            lines[address] = row.line
    return TableRows(items=tuple(items.values()), lines=lines, diagnostics=tuple(found))


def _wrong(table: Table, row: Row, detail: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.ERROR,
        rule="bad-table",
        summary="A table can't be used",
        detail=detail,
        source=SourceRange(table.file, row.line, 1),
    )


def _columns(table: Table, kind: Kind, kinds: Kinds, fields: Mapping[str, str]) -> list[_Column]:
    plain = {header: name for name, header in table.columns.items()}
    headers = sorted(plain, key=lambda header: list(table.columns.values()).index(header))
    for header in fields:
        if header not in plain:
            raise UsageError(
                f"--map {header}=...: {table.file} has no such column",
                remedy=f"Its columns are {', '.join(map(shortened, headers))}",
            )
    found, unknown = [], []
    for header in headers:
        for text in dict.fromkeys([fields[header]] if header in fields else [header, plain[header]]):
            shape = _shape_at(text, kind, kinds)
            if shape is not None:
                found.append(_Column(header, tuple(text.split(".")), shape))
                break
        else:
            unknown += [] if fields.get(header) == "" else [_unknown(header, fields, kind, kinds)]
    if unknown:
        raise UsageError(
            f"{table.file} has columns that no field of {kind.plural} is called like:\n" + "\n".join(unknown),
            remedy="Say what each is: --map COLUMN=FIELD, and --map COLUMN= for one to leave out",
        )
    twice = [one.path for one in found if [other.path for other in found].count(one.path) > 1]
    if twice:
        raise UsageError(
            f"Two columns of {table.file} are `{'.'.join(twice[0])}`", remedy="Leave one out: --map COLUMN="
        )
    return found


def _unknown(header: str, fields: Mapping[str, str], kind: Kind, kinds: Kinds) -> str:
    near = get_close_matches((fields.get(header) or header).casefold(), sorted(_roots(kind, kinds)), n=1, cutoff=0.6)
    said = f"{shortened(header)}={shortened(fields[header])}" if header in fields else shortened(header)
    return f"  {said}" + (f"  (did you mean {near[0]}?)" if near else "")


def _parents(kind: Kind) -> list[str]:
    return [endpoint.parent for endpoint in kind.endpoints if endpoint.parent]


def _roots(kind: Kind, kinds: Kinds) -> dict[str, Shape]:
    """What an object may have at its top that a cell can say something of."""
    only = {child.name: child.shape for child in kinds.children(kind.name) if child.singleton}
    return {**dict.fromkeys(_parents(kind), UNKNOWN), _PROFILES: _LISTED, **only, **kind.shape.fields}


def _shape_at(text: str, kind: Kind, kinds: Kinds) -> Shape | None:
    """The shape of a dotted field, None for what is none, or takes more than a cell can say."""
    first, *rest = text.split(".")
    roots = _roots(kind, kinds)
    if first not in roots:
        return None
    shape = roots[first]
    for step in rest:
        if not step or (step not in shape.fields and shape.values is None) or shape.listed:
            return None
        shape = shape.below(step)
    holds_more = shape.fields or (shape.values is not None and not shape.listed)
    return None if holds_more or (shape.values and shape.values.fields) else shape


def _tree(row: Row, columns: Sequence[_Column]) -> dict[str, Any]:
    """The row as a file would have it."""
    tree: dict[str, Any] = {}
    for column in columns:
        text = str(row.values.get(column.header) or "")
        if not text:
            continue
        holder = tree
        for step in column.path[:-1]:
            holder = holder.setdefault(step, {})
        holder[column.path[-1]] = seal(_value(text, column.shape), column.shape)
    return tree


def _value(text: str, shape: Shape) -> Any:
    if shape.listed:
        return [_value(part, shape.below(0)) for part in _parts(text)]
    return Untyped(text).as_one_of(shape.takes)


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(BETWEEN) if part.strip())


def _address(tree: Mapping[str, Any], kind: Kind) -> Address | str:
    """The address of a row's object, or why it has none."""
    name = kind.name_in(tree)
    if name is None:
        return f"`{kind.key}` is empty"
    parents = [parent for parent in _parents(kind) if parent in tree]
    if len(parents) > 1:
        return f"it names two parents, `{'` and `'.join(parents)}`: leave one empty"
    if not parents and kind.endpoint(None) is None:
        return f"`{'` or `'.join(_parents(kind))}` is empty: a {kind.title} lies in one"
    return Address.of(kind.name, name, parent=Address.of(parents[0], str(tree[parents[0]])) if parents else None)
