"""The tables of `generate`, edited: live values into the cells that they come from, rows of what is gone out of them.

A cell can be written where its text alone is the declared value. What a template makes of it besides shows when the
edited tree is composed: then the row is left as it is (`leave`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from reconciler.diagnostics import Cell
from reconciler.drift.values import materialised
from reconciler.export.cells import Sheet
from reconciler.model.address import Address
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.resource import Resource
from reconciler.model.values import Path
from reconciler.stages.load.cells import CsvForm, how_written
from reconciler.yamltext.edit.nodes import Unwritable

Row = tuple[str, int]
"""A table's file, and the line that the row begins at."""


def row_of(resource: Resource | None) -> Row | None:
    """The row that made an object."""
    cell = resource.source.cell if resource and resource.source else None
    return (cell.file, cell.line) if cell else None


class TableEdits:
    """Edits of an inventory's tables; rows of `left` stay as they are, and with `only_utf8` so do other tables."""

    def __init__(
        self, tree: FileTree, inventory: Inventory, left: Collection[Row] = (), *, only_utf8: bool = False
    ) -> None:
        self._tree = tree
        self._entries = {entry.rows: entry for entry in inventory.project.generate if entry.rows}
        self._resources = inventory.resources
        self._of_rows: defaultdict[Row, list[Resource]] = defaultdict(list)
        for resource in inventory.resources:
            if row := row_of(resource):
                self._of_rows[row].append(resource)
        self._left = left
        self._only_utf8 = only_utf8
        self._sheets: dict[str, Sheet] = {}
        self._columns: dict[tuple[str, str, Path], str] = {}
        self.touched: set[Row] = set()

    def write(self, resource: Resource, steps: Path, new: Any, cell: Cell) -> str:
        """A `CellWriter`."""
        if not cell.column:
            return "no single column gives this value"
        if (cell.file, cell.line) in self._left:
            return f"the template makes something else of the column {cell.column!r}"
        declared: Any = resource.body
        for step in steps:
            declared = declared[step]
        if more := self._others(resource, steps, cell):
            return f"{more} comes from the column {cell.column!r}, too"
        try:
            sheet, split = self.sheet(cell.file), self.split_of(cell, steps)
            if not says(sheet.value(cell.line, cell.column), declared, split):
                return f"its value is made of the column {cell.column!r} by an expression"
            text = text_of_cell(None if new is None else materialised(declared, new), split)
            if text is None:
                return "the live value has no form that a cell can have"
            sheet.put(cell.line, cell.column, text)
        except Unwritable as error:
            return str(error)
        self.touched.add((cell.file, cell.line))
        return ""

    def _others(self, resource: Resource, steps: Path, cell: Cell) -> str:
        """Something else that a row has from a column; empty where it is this value alone."""
        for item in self._of_rows.get((cell.file, cell.line), ()):
            for path in _from_column(item.body, cell.column):
                if item is not resource or path[: len(steps)] != steps:
                    return f"`{'.'.join(map(str, path))}` of {item.address}"
        return ""

    def fill(self, resource: Resource, path: Path, value: Any) -> str:
        """Writes a value that the resource does not declare into the empty cell from which other rows have theirs; says
        why it can't."""
        row = row_of(resource)
        column = self._column_of(resource.kind, row[0], path) if row else ""
        if row is None or not column:
            return "no column of its table is for this field"
        if row in self._left:
            return f"the template makes something else of the column {column!r}"
        try:
            sheet, split = self.sheet(row[0]), self.split_of(Cell(row[0], row[1], column), path)
            text = text_of_cell(value, split)
            if not text or sheet.value(row[1], column):
                return "the live value has no form that a cell can have"
            sheet.put(row[1], column, text)
        except Unwritable as error:
            return str(error)
        self.touched.add(row)
        return ""

    def append(self, file: str, cells: Mapping[str, str]) -> bool:
        """Adds a row; False where the table can't hold it."""
        try:
            self.sheet(file).append(cells)
        except Unwritable:
            return False
        self.touched.add((file, 0))
        return True

    def column_of(self, resource: Resource, row: Row, path: Path) -> str:
        """The column that gives a field of an object of a row: its own, or that of other rows."""
        holder: Any = resource.body
        for step in path[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else None
        if isinstance(holder, dict) and path[-1] in holder:
            mark: Any = getattr(holder, "marks", {}).get(path[-1], ())
            return str(mark[3].column) if len(mark) > 3 and mark[3] else ""
        return self._column_of(resource.kind, row[0], path)

    def _column_of(self, kind: str, file: str, path: Path) -> str:
        """The column that gives a field to objects of a kind in other rows of a table."""
        asked = (kind, file, path)
        if asked not in self._columns:
            self._columns[asked] = self._found_column(kind, file, path)
        return self._columns[asked]

    def _found_column(self, kind: str, file: str, path: Path) -> str:
        for resource in self._resources:
            if resource.kind != kind or (row_of(resource) or ("",))[0] != file:
                continue
            holder: Any = resource.body
            for step in path[:-1]:
                holder = holder.get(step) if isinstance(holder, dict) else None
            mark = getattr(holder, "marks", {}).get(path[-1], ())
            if len(mark) > 3 and mark[3] and mark[3].column and not self._others(resource, path, mark[3]):
                return str(mark[3].column)
        return ""

    def remove(self, addresses: Iterable[Address]) -> set[Address]:
        """Takes out the rows of what is gone, where all that a row makes is gone; which of the objects went."""
        gone = set(addresses)
        made = {row: [item.address for item in items] for row, items in self._of_rows.items()}
        rows = [row for row, all_of in made.items() if all(_lies_in(one, gone) for one in all_of) and _is_csv(row[0])]
        for file, line in rows:
            try:
                self.sheet(file).remove([line])
            except Unwritable:
                continue
            self.touched.add((file, line))
        return {one for row in rows if row in self.touched for one in made[row]}

    def changed(self) -> dict[str, bytes]:
        """The new contents of the tables that are edited."""
        return {file: self._sheets[file].data() for file in sorted({file for file, _ in self.touched})}

    def sheet(self, file: str) -> Sheet:
        """A table, with the edits so far. Raises `Unwritable` where it can't be edited."""
        if file not in self._sheets:
            if not _is_csv(file):
                raise Unwritable(f"{file} is no CSV")
            entry = self._entries.get(file)
            form = CsvForm(entry.delimiter, entry.encoding) if entry else CsvForm()
            written = how_written(self._tree.read(file), form)
            if written is None:
                raise Unwritable(f"{file} can't be read")
            if self._only_utf8 and written[2] not in ("utf-8", "utf-8-sig"):
                raise Unwritable(f"{file} is in {written[2]}: an export onto this inventory writes it")
            self._sheets[file] = Sheet(*written)
        return self._sheets[file]

    def split_of(self, cell: Cell, steps: Path) -> str | None:
        """What separates the values of a list in a cell."""
        entry = self._entries.get(cell.file)
        column = entry.named_columns.get(".".join(map(str, steps))) if entry and entry.named_columns else None
        return column.split if column else None


def _from_column(value: Any, column: str, path: Path = ()) -> Iterator[Path]:
    """The places below a value that have their own from a column."""
    marks = getattr(value, "marks", {})
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        mark: Any = marks[key] if isinstance(marks, list) and key < len(marks) else ()
        mark = marks.get(key, ()) if isinstance(marks, dict) else mark
        if len(mark) > 3 and mark[3] and mark[3].column == column:
            yield (*path, key)
        else:
            yield from _from_column(item, column, (*path, key))


def _is_csv(file: str) -> bool:
    return file.endswith(".csv")


def _lies_in(address: Address, holders: set[Address]) -> bool:
    step: Address | None = address
    while step is not None and step not in holders:
        step = step.parent
    return step is not None


def says(cell: str, declared: Any, split: str | None) -> bool:
    """Whether a cell's text, as it stands, is the value."""
    if isinstance(declared, list) and split:
        return [part.strip() for part in cell.split(split) if part.strip()] == [str(item) for item in declared]
    text = text_of_cell(declared, split)
    if text is None or text == cell:
        return text is not None
    try:
        return isinstance(declared, int | float) and float(cell) == float(declared)
    except ValueError:
        return isinstance(declared, bool) and cell.lower() == text


def text_of_cell(value: Any, split: str | None) -> str | None:
    """The value as the text of a cell; None where it has none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and split:
        parts = [text_of_cell(item, None) for item in value]
        fit = all(part and split not in part for part in parts)
        return split.join(part or "" for part in parts) if fit else None
    return str(value) if isinstance(value, str) else None
