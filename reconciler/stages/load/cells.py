"""CSV as spreadsheets write it: bytes in, a header, rows of text cells and diagnostics out.

Excel separates cells by `;` where numbers have a decimal comma, and saves in its own encoding unless told otherwise.
Both are found out and said, and both can be set, which ends the guessing.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from reconciler.diagnostics import Diagnostic, Severity, SourceRange, shortened
from reconciler.model.inventory import Row
from reconciler.model.limits import MAX_BYTES
from reconciler.yamltext.messages import bad_encoding

MAX_COLUMNS = 10_000
MAX_CELL = 100_000
_DELIMITERS = (",", ";", "\t")
_NAMES = {"\t": "tabs"}


class CsvForm(Struct, frozen=True):
    """What the project file says of a CSV: its separator and its encoding, None where it says nothing."""

    delimiter: str | None = None
    encoding: str | None = None


AS_IT_IS = CsvForm()


def csv_rows(data: bytes, file: str, form: CsvForm, found: list[Diagnostic]) -> tuple[list[str], list[Row]]:
    """The columns' names and the rows; both are empty where the table as a whole can't be used."""
    text = _text(data, file, form.encoding, found)
    if text is None:
        return [], []
    delimiter = form.delimiter or _delimiter(text, file, found)
    header: list[str] = []
    rows: list[Row] = []
    line = 1
    with _long_cells():
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
        try:
            for raw in reader:
                start, line = line, reader.line_num + 1
                cells = [cell.strip() for cell in raw]
                if not any(cells):
                    continue
                if not header:
                    header = cells
                    if not _usable(header, file, start, found):
                        return [], []
                elif _fits(cells, header, delimiter, SourceRange(file, start, 1), found):
                    values = dict(zip(header, cells, strict=False))
                    values.pop("", None)
                    rows.append(Row(start, values))
        except csv.Error as error:
            found.append(bad_table(file, line, f"this is not CSV: {error}"))
    if not header and not found:
        found.append(bad_table(file, 1, "the first line must name the columns"))
    return [name for name in header if name], rows


def how_written(data: bytes, form: CsvForm) -> tuple[str, str, str] | None:
    """The text of a CSV, its separator and the codec that it is written in, found out as `csv_rows` does; None where
    it can't be read."""
    found: list[Diagnostic] = []
    text = _text(data, "", form.encoding, found)
    if text is None:
        return None
    codec = form.encoding or "utf-8"
    if any(item.rule == "guessed-encoding" for item in found):
        codec = "cp1252"
    elif data.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-16"
    return text, form.delimiter or _delimiter(text, "", found), codec


def bad_table(file: str, line: int, detail: str) -> Diagnostic:
    """An error of a table."""
    source = SourceRange(file, line, 1)
    return Diagnostic(
        severity=Severity.ERROR, rule="bad-table", summary="A table can't be used", detail=detail, source=source
    )


def _guessed(file: str, severity: Severity, rule: str, detail: str) -> Diagnostic:
    source = SourceRange(file, 1, 1)
    summary = "How a table is written was guessed"
    return Diagnostic(severity=severity, rule=rule, summary=summary, detail=detail, source=source)


def _text(data: bytes, file: str, encoding: str | None, found: list[Diagnostic]) -> str | None:
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return data.decode("utf-8-sig" if encoding in (None, "utf-8") else encoding or "")
    except UnicodeDecodeError as error:
        text = None if encoding else _in_cp1252(data)
        if text is None and encoding not in (None, "utf-8"):
            found.append(bad_table(file, 1, f"this is not {encoding}: {error.reason} at byte {error.start:,}"))
        elif text is None:
            found.append(bad_encoding(data, error.start, file))
        else:
            detail = (
                "it is no UTF-8, and is read as Windows-1252, as Excel saves it: look at the names that have accents. "
                "Write `encoding: cp1252` beside its `rows`, or save it as `CSV UTF-8`"
            )
            found.append(_guessed(file, Severity.WARNING, "guessed-encoding", detail))
        return text


def _in_cp1252(data: bytes) -> str | None:
    """The text, unless parts of it are UTF-8: then one byte is broken, and the rest would be."""
    if any(char > "\x7f" and not "\udc80" <= char <= "\udcff" for char in data.decode("utf-8", "surrogateescape")):
        return None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _delimiter(text: str, file: str, found: list[Diagnostic]) -> str:
    """The separator that gives the first line most cells; a comma where none does."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    counts = {}
    with _long_cells():
        for delimiter in _DELIMITERS:
            try:
                counts[delimiter] = len(next(csv.reader([line], delimiter=delimiter), []))
            except csv.Error:
                counts[delimiter] = 0
    best = max(_DELIMITERS, key=lambda delimiter: counts[delimiter])
    if best != ",":
        name = _NAMES.get(best, f"`{best}`")
        written = '"\\t"' if best == "\t" else f'"{best}"'
        detail = f"its cells are separated by {name}. Write `delimiter: {written}` beside its `rows` to be sure"
        found.append(_guessed(file, Severity.INFO, "guessed-delimiter", detail))
    return best


def _usable(header: list[str], file: str, line: int, found: list[Diagnostic]) -> bool:
    """Whether a header can be used; columns without a name at its end are taken off where they are empty."""
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        found.append(bad_table(file, line, f"{len(header):,} columns; at most {MAX_COLUMNS:,} are read"))
        return False
    seen: dict[str, int] = {}
    for column, name in enumerate(header, 1):
        if len(name) > MAX_CELL:
            found.append(bad_table(file, line, f"the name of column {column} has {len(name):,} characters"))
            return False
        if name and name in seen:
            found.append(bad_table(file, line, f"two columns are called {shortened(name)!r}"))
            return False
        seen[name] = column
    return True


def _fits(cells: list[str], header: list[str], delimiter: str, place: SourceRange, found: list[Diagnostic]) -> bool:
    """Whether a row has a cell for each column and no more. Empty cells beyond the last column are nothing."""
    count = len(cells)
    while len(cells) > len(header) and not cells[-1]:
        cells.pop()
    wrong = ""
    if len(cells) > len(header):
        advice = f"a cell that holds `{delimiter}` is written in double quotes"
        wrong = f"{count} cells, but the table has {len(header)} columns: {advice}"
    elif len(cells) < len(header):
        missing = shortened(header[len(cells)])
        wrong = f"{count} cells, but the table has {len(header)} columns: there is none for {missing!r}"
    else:
        for name, cell in zip(header, cells, strict=True):
            if len(cell) > MAX_CELL:
                wrong = f"the cell of {shortened(name)!r} has {len(cell):,} characters; at most {MAX_CELL:,} are read"
            elif cell and not name:
                wrong = f"the cell {shortened(cell)!r} stands in column {cells.index(cell) + 1}, which is called ''"
    if wrong:
        found.append(bad_table(place.file, place.line, wrong))
    return not wrong


@contextmanager
def _long_cells() -> Iterator[None]:
    """Lets the library read a cell of any length, so that a long one can be named."""
    before = csv.field_size_limit(MAX_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)
