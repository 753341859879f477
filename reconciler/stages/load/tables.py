"""Tables that feed templates: a CSV or YAML file in, rows with their lines and diagnostics out."""

from typing import Any

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, shortened
from reconciler.model.inventory import Row, Table
from reconciler.model.limits import MAX_BYTES
from reconciler.model.values import YamlList, YamlMap
from reconciler.stages.load.cells import AS_IT_IS, CsvForm, bad_table, csv_rows
from reconciler.stages.load.names import variable_names
from reconciler.yamltext.events import parse

MAX_ROWS = 100_000


def read_table(data: bytes, file: str, form: CsvForm = AS_IT_IS) -> tuple[Table, tuple[Diagnostic, ...]]:
    """The rows of a `.csv` file (the first line names the columns; every cell is text) or of a YAML list of
    mappings. `form` says what is known of a CSV file beforehand."""
    found: list[Diagnostic] = []
    if len(data) > MAX_BYTES:
        found.append(bad_table(file, 1, f"{len(data):,} bytes; at most {MAX_BYTES:,} are read"))
        return Table(file, ()), tuple(found)
    table = _csv_table(data, file, form, found) if file.endswith(".csv") else _yaml_table(data, file, found)
    if len(table.rows) > MAX_ROWS:
        found.append(bad_table(file, 1, f"{len(table.rows):,} rows; at most {MAX_ROWS:,} are read"))
        table = replace(table, rows=())
    return table, tuple(found)


def _csv_table(data: bytes, file: str, form: CsvForm, diagnostics: list[Diagnostic]) -> Table:
    header, rows = csv_rows(data, file, form, diagnostics)
    names = variable_names(header)
    for name, columns in names.items():
        if len(columns) > 1:
            both = " and ".join(repr(shortened(column)) for column in columns[:2])
            detail = f"two columns, {both}, have the name {shortened(name)!r} in a template"
            diagnostics.append(bad_table(file, 1, detail))
            return Table(file, ())
    return Table(file, tuple(rows), {name: found[0] for name, found in names.items()}, of_text=True)


def _yaml_table(data: bytes, file: str, found: list[Diagnostic]) -> Table:
    parsed = parse(data, file)
    found += parsed.diagnostics
    value: Any = parsed.value
    if value is None:
        return Table(file, ())
    if not isinstance(value, YamlList):
        found.append(bad_table(file, 1, "a table is a list of mappings, one for each row"))
        return Table(file, ())
    rows = []
    columns: dict[str, str] = {}
    for place, item in zip(value.marks, value, strict=True):
        if isinstance(item, YamlMap):
            rows.append(Row(place[1], item))
            columns.update((key, key) for key in item)
        else:
            found.append(bad_table(file, place[1], "a row is a mapping from names to values"))
    return Table(file, tuple(rows), columns)
