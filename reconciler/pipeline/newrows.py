"""New live objects as new rows: an object that a row of a table could make, down to every value, becomes one.

The rows that are there say which column gives which field, and which fields all rows have alike. Where a new object has
anything else, or a value is made by an expression, it is no row, and goes into a file of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reconciler.diagnostics import Cell
from reconciler.export.items import Item
from reconciler.model.address import Address
from reconciler.model.resource import Resource
from reconciler.model.values import Path, Secret, SecretRef
from reconciler.pipeline.tables import Row, TableEdits, row_of, says, text_of_cell
from reconciler.yamltext.edit.nodes import Unwritable

_MISSING: Any = object()


def put_in_rows(tables: TableEdits, resources: Sequence[Resource], items: Sequence[Item]) -> set[Address]:
    """Appends a row for each new object that a table can hold with all that lies in it; the addresses that went."""
    samples = _samples(resources)
    gone: set[Address] = set()
    for top, group in (_groups(items) if samples else {}).items():
        parts = {one.address.text.removeprefix(top.text): one.body for one in group}
        for row, sample in samples.get((top.kind, top.parent), {}).items():
            cells = _cells(tables, row, sample, parts)
            if cells is not None and tables.append(row[0], cells):
                gone.update(one.address for one in group)
                break
    return gone


def _groups(items: Sequence[Item]) -> dict[Address, list[Item]]:
    """New objects with what lies in them, by the address of the outermost."""
    fresh = {item.address for item in items}
    found: dict[Address, list[Item]] = {}
    for item in items:
        top = item.address
        while top.parent in fresh and top.parent is not None:
            top = top.parent
        found.setdefault(top, []).append(item)
    return found


def _samples(
    resources: Sequence[Resource],
) -> dict[tuple[str, Address | None], dict[Row, dict[str, Resource]]]:
    """One row of each table that makes objects of a kind in a place, with what it makes, by where that lies in it."""
    of_rows: dict[Row, list[Resource]] = {}
    for resource in resources:
        if row := row_of(resource):
            of_rows.setdefault(row, []).append(resource)
    found: dict[tuple[str, Address | None], dict[Row, dict[str, Resource]]] = {}
    seen: set[tuple[str, str, Address | None]] = set()
    for row, made in of_rows.items():
        tops = [one for one in made if not any(_lies_in(one.address, other.address) for other in made)]
        if len(tops) != 1 or tops[0].api_id or (row[0], tops[0].kind, tops[0].parent) in seen:
            continue
        top = tops[0]
        seen.add((row[0], top.kind, top.parent))
        parts = {one.address.text.removeprefix(top.address.text): one for one in made}
        found.setdefault((top.kind, top.parent), {})[row] = parts
    return found


def _cells(
    tables: TableEdits, row: Row, sample: Mapping[str, Resource], new: Mapping[str, Mapping[str, Any]]
) -> dict[str, str] | None:
    """The cells of the new row; None where it would come to something else than the object."""
    if not new.keys() <= sample.keys():
        return None
    cells: dict[str, str] = {}
    for place, resource in sample.items():
        wanted = dict(_leaves(new.get(place, {})))
        there = dict(_leaves(resource.body))
        for path in {**there, **wanted}:
            value, column = wanted.get(path, _MISSING), tables.column_of(resource, row, path)
            if not column:
                if value is _MISSING or path not in there or str(there[path]) != str(value) or _is_secret(value):
                    return None
                continue
            split = tables.split_of(Cell(row[0], row[1], column), path)
            text = text_of_cell(None if value is _MISSING else value, split)
            if text is None or cells.setdefault(column, text) != text:
                return None
            try:
                if path in there and not says(tables.sheet(row[0]).was(row[1], column), there[path], split):
                    return None
            except Unwritable:
                return None
    return cells


def _is_secret(value: Any) -> bool:
    return isinstance(value, Secret | SecretRef)


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif path:
        yield path, value


def _lies_in(address: Address, holder: Address) -> bool:
    return address != holder and address.text.startswith(f"{holder.text}/")
