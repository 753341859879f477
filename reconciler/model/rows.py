"""Errors of single rows, where an entry of `generate` says that such a row is left out (`bad_rows: skip`)."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from reconciler.diagnostics import Cell, Diagnostic, Severity
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.model.resource import Resource

BAD_ROW = "bad-row"
"""The rule of such an error: it leaves the row's object out, and the rest goes on."""


def skipping(project: Project) -> Mapping[str, str]:
    """The tables whose bad rows are left out, with the word for the kind that their rows are."""
    return {
        entry.rows: entry.kind
        for entry in project.generate
        if entry.kind is not None and entry.rows is not None and entry.bad_rows == "skip"
    }


def split_row_errors(diagnostics: Iterable[Diagnostic], project: Project) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """The errors of rows that are left out, and all other findings. What a row shares with all others, a value that the
    project file gives them, is none of its own."""
    tables = skipping(project)
    rows: list[Diagnostic] = []
    others: list[Diagnostic] = []
    for item in diagnostics:
        cell = row_of(item.source)
        bad = cell is not None and cell.file in tables and item.severity is Severity.ERROR
        (rows if bad else others).append(item)
    return rows, others


def row_of(source: object) -> Cell | None:
    """The row that a place of the project file has its value from."""
    cell = getattr(source, "cell", None)
    return cell if isinstance(cell, Cell) and getattr(source, "file", "") == PROJECT_FILE else None


def left_out(errors: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The errors of rows, as what they are in a plan."""
    return [
        replace(
            item,
            rule=BAD_ROW,
            summary="A row is left out",
            detail=f"{item.summary} ({item.rule})" + (f": {item.detail}" if item.detail else ""),
        )
        for item in errors
    ]


def without_bad_rows(resources: Iterable[Resource], errors: Iterable[Diagnostic]) -> tuple[Resource, ...]:
    """The resources but those of rows with an error, and those that have the address of one."""
    listed = list(errors)
    bad = {cell[:2] for item in listed if (cell := row_of(item.source))}
    addresses = {item.address for item in listed if item.address}

    def is_good(resource: Resource) -> bool:
        cell = row_of(resource.source)
        return cell is None or (cell[:2] not in bad and str(resource.address) not in addresses)

    return tuple(resource for resource in resources if is_good(resource))
