"""Cells and rows of a CSV edited where they stand: its text in, the new text out, every other byte as it was.

A cell is found as the reader of tables finds it: by the line that its row begins at, and its column's name. What is
written is quoted where it has to be, or where the cell was.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from reconciler.yamltext.edit.nodes import Unwritable

_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTE = '"'


class _Field(Struct, frozen=True):
    """Where a cell stands in the text, quotes included."""

    start: int
    end: int


class _Record(Struct, frozen=True):
    """One row: the line that it begins at, its cells, and where it ends with its line break."""

    line: int
    start: int
    end: int
    fields: tuple[_Field, ...]


@dataclass(slots=True)
class Sheet:
    """One CSV. `codec` is what it is written in; edits are gathered, and `data` makes them."""

    text: str
    delimiter: str
    codec: str
    _records: dict[int, _Record] = field(default_factory=dict)
    _columns: dict[str, int] = field(default_factory=dict)
    _cells: dict[tuple[int, int], str] = field(default_factory=dict)
    _gone: set[int] = field(default_factory=set)
    _new: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for record in _records(self.text, self.delimiter):
            cells = [self._cell(one) for one in record.fields]
            if not any(cells):
                continue
            if self._columns:
                self._records[record.line] = record
            else:
                self._columns = {name: at for at, name in enumerate(cells) if name}

    def value(self, line: int, column: str) -> str:
        """What a cell says now. Raises `Unwritable` where there is none."""
        at = self._place(line, column)
        return self._cells.get((line, at), self._cell(self._records[line].fields[at]))

    def was(self, line: int, column: str) -> str:
        """What a cell said before any edit. Raises `Unwritable` where there is none."""
        return self._cell(self._records[line].fields[self._place(line, column)])

    def put(self, line: int, column: str, text: str) -> None:
        """Another text for a cell. Raises `Unwritable` where it can't be one."""
        self._cells[line, self._place(line, column)] = self._checked(text)

    def remove(self, lines: Collection[int]) -> None:
        """Takes rows out."""
        self._gone.update(line for line in lines if line in self._records)

    def append(self, cells: Mapping[str, str]) -> None:
        """A new row at the end. Raises `Unwritable` where it can't be one."""
        if not cells.keys() <= self._columns.keys() or not any(cells.values()):
            raise Unwritable("it has other columns")
        width = max(self._columns.values()) + 1
        texts = [""] * width
        for name, text in cells.items():
            texts[self._columns[name]] = self._checked(text)
        self._new.append(self.delimiter.join(self._written("", text) for text in texts))

    def data(self) -> bytes:
        """The whole with its edits."""
        edits: list[tuple[int, int, str]] = []
        for line in self._gone:
            record = self._records[line]
            edits.append((record.start, record.end, ""))
        for (line, at), text in self._cells.items():
            if line not in self._gone:
                one = self._records[line].fields[at]
                edits.append((one.start, one.end, self._written(self.text[one.start : one.end], text)))
        parts, last = [], 0
        for start, end, text in sorted(edits):
            parts += [self.text[last:start], text]
            last = end
        whole = "".join([*parts, self.text[last:]])
        ending = found[0] if (found := _BREAK.search(self.text)) else "\n"
        if self._new and not whole.endswith(("\r", "\n")):
            whole += ending
        return "".join([whole, *(f"{row}{ending}" for row in self._new)]).encode(self.codec)

    def _checked(self, text: str) -> str:
        if text != text.strip():
            raise Unwritable("a cell can't begin or end with blanks")
        try:
            text.encode(self.codec)
        except UnicodeEncodeError as error:
            raise Unwritable(f"{text!r} can't be written in {self.codec}") from error
        return text

    def _place(self, line: int, column: str) -> int:
        record, at = self._records.get(line), self._columns.get(column)
        if record is None or at is None or at >= len(record.fields):
            raise Unwritable(f"there is no cell {column!r} in line {line}")
        return at

    def _cell(self, one: _Field) -> str:
        raw = self.text[one.start : one.end]
        if raw.startswith(_QUOTE):
            raw = raw[1 : raw.rindex(_QUOTE)].replace(_QUOTE * 2, _QUOTE)
        return raw.strip()

    def _written(self, old: str, text: str) -> str:
        special = (self.delimiter, _QUOTE, "\r", "\n")
        if old.startswith(_QUOTE) or any(sign in text for sign in special):
            return f"{_QUOTE}{text.replace(_QUOTE, _QUOTE * 2)}{_QUOTE}"
        blanks = len(old) - len(old.lstrip()), len(old.rstrip())
        return f"{old[: blanks[0]]}{text}{old[blanks[1] :] if old.strip() else ''}"


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    at, line = 0, 1
    while at < len(text):
        start, begins, fields = at, line, []
        while True:
            end = _end_of_field(text, at, delimiter)
            fields.append(_Field(at, end))
            line += len(_BREAK.findall(text, at, end))
            at = end
            if not text.startswith(delimiter, at):
                break
            at += len(delimiter)
        ending = _BREAK.match(text, at)
        if ending:
            at, line = ending.end(), line + 1
        yield _Record(begins, start, at, tuple(fields))
        if not ending and at < len(text):  # what follows a closing quote: the reader of tables refused it
            return


def _end_of_field(text: str, at: int, delimiter: str) -> int:
    if not text.startswith(_QUOTE, at):
        found = re.compile(f"{re.escape(delimiter)}|[\r\n]").search(text, at)
        return found.start() if found else len(text)
    at += 1
    while at < len(text):
        if text[at] != _QUOTE:
            at += 1
        elif text.startswith(_QUOTE * 2, at):
            at += 2
        else:
            return at + 1
    return len(text)
