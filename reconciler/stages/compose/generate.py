"""Templates and tables in, documents out: each template rendered once, or once per row of its table."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.diagnostics import Diagnostic, SourceRange
from reconciler.model.inventory import Document, Loaded, Row, Template
from reconciler.model.project import Project
from reconciler.model.values import Mark, SecretRef, YamlList, YamlMap, mark_of
from reconciler.stages.compose.report import Report, did_you_mean
from reconciler.stages.compose.templating import Render, Rendered, RenderError, compiled
from reconciler.yamltext.events import parse

MAX_DOCUMENTS = 100_000


def generated(loaded: Loaded, project: Project, report: Report) -> list[Document]:
    """The documents that the inventory's templates make. Marks point into the template; what is wrong with one
    row is reported with the row's own place."""
    templates = {template.file: template for template in loaded.templates}
    tables = {table.file: table for table in loaded.tables}
    found: list[Document] = []
    used: set[str] = set()
    for index, entry in enumerate(project.generate):
        used.add(entry.template)
        template = templates.get(entry.template)
        place = mark_of(loaded.project, ("generate", index, "template"))
        if template is None:
            detail = entry.template + did_you_mean(entry.template, templates)
            report.error("unknown-template", "There is no such template", detail, place)
        elif entry.rows is None:
            found += _rendered(template, [None], project.vars, "", report)
        elif entry.rows not in tables:
            if not any(item.source and item.source.file == entry.rows for item in loaded.diagnostics):
                detail = f"{entry.rows} is no file of the inventory"
                report.error(
                    "unknown-table",
                    "There is no such table",
                    detail,
                    mark_of(loaded.project, ("generate", index, "rows")),
                )
        else:
            found += _rendered(template, tables[entry.rows].rows, project.vars, entry.rows, report)
    for template in loaded.templates:
        if template.file not in used:
            found += _rendered(template, [None], project.vars, "", report)
    return found


def _rendered(
    template: Template, rows: Iterable[Row | None], variables: Mapping[str, Any], table: str, report: Report
) -> list[Document]:
    try:
        render = compiled(template.text)
    except RenderError as error:
        _report(error, template, "", report)
        return []
    found: list[Document] = []
    for row in rows:
        origin = f" (with {table}:{row.line})" if row else ""
        document = _document(template, render, {**variables, **(row.values if row else {})}, origin, report)
        if document is not None:
            found.append(document)
    return found


def _document(
    template: Template, render: Render, variables: Mapping[str, Any], origin: str, report: Report
) -> Document | None:
    try:
        rendered = render(variables)
    except RenderError as error:
        _report(error, template, origin, report)
        return None
    parsed = parse(rendered.text.encode("utf-8", "replace"), template.file)
    for item in parsed.diagnostics:
        _report_parsed(item, rendered, origin, report)
    if isinstance(parsed.value, YamlMap):
        _move_marks(parsed.value, rendered.lines)
        return Document(template.file, parsed.value, parsed.has_secrets)
    if parsed.value is not None:
        detail = f"the text that it makes is a mapping such as `sites:` with a list of objects below it{origin}"
        report.error("not-a-mapping", "The template makes no mapping", detail, SourceRange(template.file, 1, 1))
    return None


def _report(error: RenderError, template: Template, origin: str, report: Report) -> None:
    place = SourceRange(template.file, error.line or 1, 1)
    report.error("template", "A template can't be rendered", f"{error.message}{origin}", place)


def _report_parsed(item: Diagnostic, rendered: Rendered, origin: str, report: Report) -> None:
    source = item.source
    place = SourceRange(source.file, _line(source.line, rendered.lines), source.column) if source else None
    line = rendered.text.split("\n")[source.line - 1 : source.line] if source else []
    shown = f"; the rendered line is: {line[0].strip()[:120]}" if line and item.rule == "yaml-syntax" else ""
    report.error(item.rule, item.summary, f"{item.detail}{shown}{origin}", place)


def _line(line: int, lines: Any) -> int:
    return int(lines[min(line, len(lines)) - 1])


def _move_marks(root: YamlMap, lines: Any) -> None:
    """Makes every mark below `root` point to the template's lines instead of the rendered text's."""

    def moved(mark: Mark) -> Mark:
        return (mark[0], _line(mark[1], lines), mark[2])

    waiting: list[Any] = [root]
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, SecretRef):
            value.mark = moved(value.mark)
        elif isinstance(value, YamlMap):
            value.mark = moved(value.mark) if value.mark else None
            value.marks = {key: moved(mark) for key, mark in value.marks.items()}
            waiting += value.values()
        elif isinstance(value, YamlList):
            value.mark = moved(value.mark) if value.mark else None
            value.marks = [moved(mark) for mark in value.marks]
            waiting += value
