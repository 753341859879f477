"""Rows of a table as flat objects: `generate` entries with a kind in, documents out. No template is needed.

A cell is the value of a field, as the cell of a template is: its text, never syntax, and nothing where it is empty.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.diagnostics import Cell, SourceRange
from reconciler.kinds.kind import Kind
from reconciler.kinds.registry import Kinds
from reconciler.model.inventory import META_KEYS, Document, Loaded, Row, Table
from reconciler.model.project import PROJECT_FILE, Column, Generate, Project
from reconciler.model.values import Mark, SecretRef, Untyped, YamlList, YamlMap, layered, mark_of
from reconciler.stages.compose.filling import name_problem
from reconciler.stages.compose.report import Report, did_you_mean

_NOT_BY_HEADER = frozenset(META_KEYS) - {"id"}
"""Keys that no column means by its name alone: a table of another program may call a column so."""

Columns = Mapping[str, Column]
"""The column of each field (dotted), under the table's own name of it."""


def objects_of_rows(loaded: Loaded, project: Project, kinds: Kinds, report: Report) -> list[Document]:
    """The objects of every entry that names a kind. Marks point to the entry, and to the row and the column."""
    found = []
    for index, entry in enumerate(project.generate):
        if entry.kind is None or entry.rows is None:
            continue
        kind = _kind(entry.kind, index, loaded, kinds, report)
        table = table_of(entry.rows, index, loaded, report)
        columns = _columns(entry, index, table, loaded, report) if table else None
        if kind and table and columns:
            found.append(_document(kind, table, columns, _entry(loaded, index), report))
    return found


def table_of(file: str, index: int, loaded: Loaded, report: Report) -> Table | None:
    """The table of an entry; None, with a finding, where there is none."""
    found = next((table for table in loaded.tables if table.file == file), None)
    if found is None and not any(item.source and item.source.file == file for item in loaded.diagnostics):
        place = mark_of(loaded.project, ("generate", index, "rows"))
        report.error("unknown-table", "There is no such table", f"{file} is no file of the inventory", place)
    return found


def _entry(loaded: Loaded, index: int) -> YamlMap:
    entry: YamlMap = loaded.project["generate"][index]
    return entry


def _kind(word: str, index: int, loaded: Loaded, kinds: Kinds, report: Report) -> Kind | None:
    kind = kinds.find(word)
    if kind is not None and not kind.lookup_only and kind.file_key == kind.plural:
        return kind
    known = [item.plural for item in kinds if not item.lookup_only]
    detail = f"generate.{index}.kind: {word}{did_you_mean(word, known)}"
    if kind is not None and not kind.lookup_only:
        detail = f"generate.{index}.kind: there is only one {kind.title}, so that it can't come from rows"
    report.error("unknown-kind", "A kind is not known", detail, mark_of(loaded.project, ("generate", index, "kind")))
    return None


def _columns(entry: Generate, index: int, table: Table, loaded: Loaded, report: Report) -> Columns | None:
    """The columns that are used; None, with a finding, where one is not in the table."""
    headers = dict.fromkeys(table.columns.values())
    if not headers:
        return None  # load has said why, or there are no rows
    if entry.named_columns is None:
        wrong = sorted(_NOT_BY_HEADER & headers.keys())
        for name in wrong:
            detail = f"the column {name!r} of {table.file} means more than a field: name the columns under `columns`"
            report.error("bad-column", _NO_COLUMN, detail, mark_of(loaded.project, ("generate", index, "rows")))
        return None if wrong else {header: Column(column=header) for header in headers}
    found: dict[str, Column] = {}
    for field, given in entry.named_columns.items():
        named = given.column
        column = named if named in headers else table.columns.get(named)
        if column is None:
            detail = f"{table.file} has no column {named!r}{did_you_mean(named, headers)}"
            report.error("bad-column", _NO_COLUMN, detail, mark_of(_entry(loaded, index), ("columns", field)))
        else:
            found[field] = replace(given, column=column)
    return found if len(found) == len(entry.named_columns) else None


_NO_COLUMN = "A column can't be used"


def _document(kind: Kind, table: Table, columns: Columns, entry: YamlMap, report: Report) -> Document:
    """All rows as one list of objects."""
    place = mark_of(entry, ("columns" if "columns" in entry else "rows",)) or SourceRange(PROJECT_FILE, 1, 1)
    start = (place.file, place.line, place.column)
    marks = {field: _of_field(entry, field, place) for field in columns}
    given = entry.get("fields")
    base = given if isinstance(given, YamlMap) else None
    objects: list[YamlMap] = []
    places: list[Mark] = []
    for row in table.rows:
        own = _object(Cell(table.file, row.line), row, columns, marks, report)
        own.mark = (*start, Cell(table.file, row.line))
        objects.append(own if base is None else layered(base, own))
        places.append(own.mark)
    data = YamlMap({kind.plural: YamlList(objects, marks=places, mark=start)}, marks={kind.plural: start}, mark=start)
    secrets = base is not None or not table.of_text or any(column.secret for column in columns.values())
    return Document(PROJECT_FILE, data, has_secrets=secrets)


def _of_field(entry: YamlMap, field: str, start: SourceRange) -> SourceRange:
    columns = entry.get("columns")
    mark = columns.marks.get(field) if isinstance(columns, YamlMap) else None
    return SourceRange(*mark) if mark else start


def _object(at: Cell, row: Row, columns: Columns, marks: Mapping[str, SourceRange], report: Report) -> YamlMap:
    """The object of one row, with nothing for an empty cell."""
    result = YamlMap()
    for field, column in columns.items():
        value = row.values.get(column.column)
        if value is None or value == "":
            continue
        mark = marks[field]._replace(cell=at._replace(column=column.column))
        *parents, last = field.split(".")
        holder = result
        for step in parents:
            below = holder.get(step)
            if not isinstance(below, YamlMap):
                below = holder[step] = YamlMap(mark=mark)
                holder.marks[step] = mark
            holder = below
        holder[last] = _value(value, column, mark, report)
        holder.marks[last] = mark
    return result


def _value(value: Any, column: Column, mark: SourceRange, report: Report) -> Any:
    if column.secret:
        scheme, _, begin = column.secret.partition(":")
        name = f"{begin}{value}"
        if problem := name_problem(scheme, name):
            report.error("bad-secret-name", "A secret can't be named like that", problem, mark)
            return None
        return SecretRef(scheme, name, mark=mark)
    if not isinstance(value, str):
        return value
    if not column.split:
        return Untyped(value)
    parts = [Untyped(part.strip()) for part in value.split(column.split) if part.strip()]
    return YamlList(parts, marks=[mark] * len(parts), mark=mark)
