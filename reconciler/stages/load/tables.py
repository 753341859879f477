"""Tables that feed templates: a CSV or YAML file in, rows with their lines and diagnostics out."""

import csv
import io

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.inventory import Row, Table
from reconciler.model.limits import MAX_BYTES
from reconciler.model.values import YamlList, YamlMap
from reconciler.yamltext.events import parse
from reconciler.yamltext.messages import bad_encoding

MAX_ROWS = 100_000


def read_table(data: bytes, file: str) -> tuple[Table, tuple[Diagnostic, ...]]:
    """The rows of a `.csv` file (the first line names the columns; every cell is text) or of a YAML list of
    mappings."""
    found: list[Diagnostic] = []
    if len(data) > MAX_BYTES:
        found.append(_error(file, 1, f"{len(data):,} bytes; at most {MAX_BYTES:,} are read"))
        return Table(file, ()), tuple(found)
    rows = _csv_rows(data, file, found) if file.endswith(".csv") else _yaml_rows(data, file, found)
    if len(rows) > MAX_ROWS:
        found.append(_error(file, 1, f"{len(rows):,} rows; at most {MAX_ROWS:,} are read"))
        rows = []
    return Table(file, tuple(rows)), tuple(found)


def _yaml_rows(data: bytes, file: str, found: list[Diagnostic]) -> list[Row]:
    parsed = parse(data, file)
    found += parsed.diagnostics
    value = parsed.value
    if value is None:
        return []
    if not isinstance(value, YamlList):
        found.append(_error(file, 1, "a table is a list of mappings, one for each row"))
        return []
    rows = []
    for place, item in zip(value.marks, value, strict=True):
        if isinstance(item, YamlMap):
            rows.append(Row(place[1], item))
        else:
            found.append(_error(file, place[1], "a row is a mapping from names to values"))
    return rows


def _csv_rows(data: bytes, file: str, found: list[Diagnostic]) -> list[Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.append(bad_encoding(data, error.start, file))
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells, file, start, found)
                if not header:
                    return []
            elif len(cells) != len(header):
                found.append(_error(file, start, f"{len(cells)} cells, but the table has {len(header)} columns"))
            else:
                rows.append(Row(start, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        found.append(_error(file, line, f"this is not CSV: {error}"))
    if not header and not found:
        found.append(_error(file, 1, "the first line must name the columns"))
    return rows


def _header(cells: list[str], file: str, line: int, found: list[Diagnostic]) -> list[str]:
    names = [cell.strip() for cell in cells]
    for column, name in enumerate(names, 1):
        if not name.isidentifier():
            detail = f"column {column} is called {name!r}; a template can use letters, digits and _ only"
            found.append(_error(file, line, detail))
            return []
        if name in names[: column - 1]:
            found.append(_error(file, line, f"two columns are called {name!r}"))
            return []
    return names


def _error(file: str, line: int, detail: str) -> Diagnostic:
    source = SourceRange(file, line, 1)
    return Diagnostic(
        severity=Severity.ERROR, rule="bad-table", summary="A table can't be used", detail=detail, source=source
    )
