"""Templates and tables in, documents out: each template rendered once, or once per row of its table."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reconciler.diagnostics import Cell, Diagnostic, Severity, SourceRange, shortened
from reconciler.model.inventory import RESERVED, Document, Loaded, Row, Table, Template
from reconciler.model.project import Project
from reconciler.model.values import YamlMap, mark_of
from reconciler.stages.compose.filling import Filling
from reconciler.stages.compose.inserting import Form, form_of, key_of
from reconciler.stages.compose.pieces import Insert, Literal, Piece
from reconciler.stages.compose.report import Report, did_you_mean
from reconciler.stages.compose.rows import table_of
from reconciler.stages.compose.templating import Compiled, RenderError

_MAX_FORMS = 1000
MAX_INSERTS = 500_000
"""How many values one template may insert with all rows together: each becomes a value of the inventory."""

MAX_PARSED = 10_000_000
"""How many characters of different texts it may make with all rows together."""

_NO_TABLE = Table("", ())
_SUMMARIES = {
    "bad-insert": "A value can't be inserted",
    "bad-secret-name": "A secret can't be named like that",
    "column-in-braces": "A column is written as a variable of Mist",
    "duplicate-key": "A key is written twice",
    "empty-cell": "A cell is empty where a text is needed",
}


def generated(loaded: Loaded, project: Project, report: Report) -> list[Document]:
    """The documents that the inventory's templates make. Marks point into the template, and to the row and the column
    that gave a value. Entries without a template are not looked at."""
    templates = {template.file: template for template in loaded.templates}
    found: list[Document] = []
    used: set[str] = set()
    for index, entry in enumerate(project.generate):
        if entry.template is None:
            continue
        used.add(entry.template)
        template = templates.get(entry.template)
        place = mark_of(loaded.project, ("generate", index, "template"))
        if template is None:
            detail = entry.template + did_you_mean(entry.template, templates)
            report.error("unknown-template", "There is no such template", detail, place)
        elif entry.rows is None:
            found += _rendered(template, _NO_TABLE, project.vars, report)
        elif table := table_of(entry.rows, index, loaded, report):
            found += _rendered(template, table, project.vars, report)
    for template in loaded.templates:
        if template.file not in used:
            found += _rendered(template, _NO_TABLE, project.vars, report)
    return found


def _rendered(template: Template, table: Table, variables: Mapping[str, Any], report: Report) -> list[Document]:
    try:
        compiled = Compiled(template.text)
    except RenderError as error:
        report.error("template", _CANT, error.message, (template.file, *error.place))
        return []
    _tell_braces(template, table, compiled, report)
    rendering = _Rendering(template, table, compiled, frozenset(variables) - table.columns.keys(), report)
    if table is _NO_TABLE:
        documents = [rendering.document(None, variables)]
    else:
        names = {name: column for name, column in table.columns.items() if name not in RESERVED}
        documents = []
        for row in table.rows:
            values = row.values
            own = {name: values[column] for name, column in names.items() if column in values}
            documents.append(rendering.document(row, {**variables, **own, "row": values}))
            if rendering.stopped:
                return []
    return [document for document in documents if document]


_BRACES = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def _tell_braces(template: Template, table: Table, compiled: Compiled, report: Report) -> None:
    """A warning for each column that the template only names as a variable of Mist, where nothing gives that one."""
    for found in _BRACES.finditer(compiled.text):
        name = found[1]
        if name not in table.columns or re.search(rf"\b{name}\s*:|\$\{{[^}}]*\b{name}\b", compiled.text):
            continue
        detail = f"`{{{{{name}}}}}` is a variable of Mist's sites; for the column of {table.file} write `${{ {name} }}`"
        place = SourceRange(template.file, *compiled.place(found.start()))
        item = Diagnostic(
            severity=Severity.WARNING, rule="column-in-braces", summary=_SUMMARIES["column-in-braces"], detail=detail,
            source=place,
        )  # fmt: skip
        report.diagnostics.append(item)


_UNDEFINED = re.compile(r"'(.*)' is undefined", re.DOTALL)
_NO_KEY = re.compile(r"'[\w. ]+ object' has no attribute '(.*)'", re.DOTALL)
_CANT = "A template can't be rendered"


class _Rendering:
    """One template with one table."""

    def __init__(
        self, template: Template, table: Table, compiled: Compiled, variables: frozenset[str], report: Report
    ) -> None:
        self.stopped = False
        self._inserted = 0
        self._parsed = 0
        self._file = template.file
        self._table = table
        self._compiled = compiled
        self._variables = variables
        self._report = report
        self._words: dict[str, str] = {}
        self._columns: dict[int, tuple[str, bool]] = {}
        self._forms: dict[tuple[int, ...], Form] = {}

    def document(self, row: Row | None, variables: Mapping[str, Any]) -> Document | None:
        """The document of one row, None where nothing comes out or something is wrong."""
        try:
            pieces = self._compiled.render(variables)
        except RenderError as error:
            self.stopped = error.stops
            cell = self._cell(row, error.offset)
            detail = self._words.get(error.message)
            if detail is None:
                detail = self._words[error.message] = self._in_words(error.message)
            self._report.error(
                "template", _CANT, shortened(_on_one_line(detail), 400), SourceRange(self._file, *error.place, cell)
            )
            return None
        inserts = [piece for piece in pieces if isinstance(piece, Insert)]
        form = self._form(pieces)
        self._inserted += len(inserts)
        if self._inserted > MAX_INSERTS or self._parsed > MAX_PARSED:
            self.stopped = True
            detail = "it was stopped: with all its rows, it makes more than an inventory can hold"
            self._report.error("template", _CANT, detail, SourceRange(self._file, 1, 1, self._cell(row)))
            return None
        if form.diagnostics:
            self._report_parsed(form, inserts, row)
        filling = Filling(inserts, self._cell(row), self._column_of, self._tell)
        if form.value is None:
            return None
        if not isinstance(form.value, YamlMap):
            detail = "the text that it makes is a mapping such as `sites:` with a list of objects below it"
            place = SourceRange(self._file, 1, 1, self._cell(row))
            self._report.error("not-a-mapping", "The template makes no mapping", detail, place)
            return None
        data = filling.filled(form)
        if filling.failed:
            return None
        has_secrets = form.has_secrets or filling.has_secrets
        return Document(self._file, data, has_secrets, tuple(filling.computed))

    def _form(self, pieces: Sequence[Piece]) -> Form:
        key = key_of(pieces)
        found = self._forms.get(key)
        if found is None:
            if len(self._forms) >= _MAX_FORMS:
                self._forms.clear()
            self._parsed += sum(len(piece.text) for piece in pieces if isinstance(piece, Literal))
            found = self._forms[key] = form_of(pieces, self._file, self._compiled.place)
        return found

    def _cell(self, row: Row | None, offset: int = -1) -> Cell | None:
        """The row, and the column that the expression at an offset has its value from."""
        return Cell(self._table.file, row.line, self._column_of(offset)[0]) if row else None

    def _column_of(self, offset: int) -> tuple[str, bool]:
        """The column that an expression has its value from, empty where that is not one; and whether an empty text
        there is an empty cell."""
        found = self._columns.get(offset)
        if found is None:
            known, columns = self._compiled.expression(offset), self._table.columns
            named = {columns[name] for name in known.names if name in columns}
            if "row" in known.names:
                named |= set(known.keys) & set(columns.values())
            is_cell = known.direct and self._table.of_text and not self._variables.issuperset(known.names)
            found = self._columns[offset] = (named.pop() if len(named) == 1 else "", is_cell)
        return found

    def _tell(self, severity: Severity, rule: str, detail: str, place: SourceRange) -> None:
        item = Diagnostic(severity=severity, rule=rule, summary=_SUMMARIES[rule], detail=detail, source=place)
        self._report.diagnostics.append(item)

    def _in_words(self, message: str) -> str:
        """What is wrong, and the column that was perhaps meant by a name that is not known."""
        if found := _UNDEFINED.fullmatch(message):
            return message + did_you_mean(found[1], self._table.columns)
        if (found := _NO_KEY.fullmatch(message)) and self._table.columns:
            hint = did_you_mean(found[1], set(self._table.columns.values()))
            return f"{shortened(found[1])!r} is neither a column nor a part of a value{hint}"
        return message

    def _report_parsed(self, form: Form, inserts: Sequence[Insert], row: Row | None) -> None:
        for item, line in form.diagnostics:
            shown = "".join(part if isinstance(part, str) else str(inserts[part].value) for part in line)
            detail = item.detail + (f"; the rendered line is: {shortened(_on_one_line(shown))}" if line else "")
            cell = self._cell(row)
            source = item.source and item.source._replace(cell=cell)
            self._report.diagnostics.append(replace(item, detail=detail, source=source))


def _on_one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
