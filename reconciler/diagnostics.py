"""What a user can fix, as data: a severity, a place, a stable summary and a specific detail.

Stages return diagnostics instead of raising, so that one run shows all of them.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace


class Severity(StrEnum):
    """How bad a finding is: an error stops the run before any write."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Cell(NamedTuple):
    """Where in a table the value of a template comes from: `column` is the table's own name of it, empty when the
    row as a whole is meant."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f", column {shortened(self.column)!r}" if self.column else "")


class SourceRange(NamedTuple):
    """A place in the inventory: file relative to the inventory's root, line and column counted from 1. In a template
    that is rendered per row, `cell` is the row, and the column where one is known."""

    file: str
    line: int
    column: int
    cell: Cell | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" + (f" (with {self.cell})" if self.cell else "")


_NOWHERE = SourceRange("", 0, 0)


class Diagnostic(Struct, frozen=True, kw_only=True):
    """One finding.

    `summary` is the same words for the same rule (so that people can search for it), `detail` names what
    is wrong here and what to do, `rule` is a short stable id such as `unknown-key`. Neither text ever holds
    a secret's value.
    """

    severity: Severity
    rule: str
    summary: str
    detail: str = ""
    address: str | None = None
    source: SourceRange | None = None

    @property
    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        """Fixed order of everything printed: by place, then by rule and text."""
        file, line, column, _ = self.source or _NOWHERE
        return (file, line, column, self.rule, self.summary, self.detail)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error."""
    return any(item.severity is Severity.ERROR for item in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings in their fixed order, each once, with the rows of tables in words."""
    found: list[Diagnostic] = []
    last: tuple[str, int, int, str, str, str] | None = None
    alike: set[Diagnostic] = set()
    keyed = [(item.sort_key, item) for item in _by_row(diagnostics)]
    if all(one[0] < other[0] for one, other in pairwise(keyed)):  # most come in their order already
        return tuple([item for _, item in keyed])
    for key, item in sorted(keyed, key=itemgetter(0)):
        if key != last:  # equal findings have equal keys: to hash them all would cost more than the sorting
            last = key
            alike.clear()
        else:
            alike.update((found[-1],) if not alike else ())
            if item in alike:
                continue
            alike.add(item)
        found.append(item)
    return tuple(found)


def _by_row(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings with the rows of their tables in words; what one line of a template does with many rows is one
    finding."""
    groups: dict[tuple[object, ...], list[tuple[Cell, Diagnostic]]] = {}
    found: list[Diagnostic | tuple[object, ...]] = []
    plain = list(diagnostics)
    for item in plain:
        if item.source is None or item.source.cell is None:
            found.append(item)
            continue
        cell = item.source.cell
        key = (item.severity, item.rule, item.summary, item.detail, item.source[:3], cell.file, cell.column)
        if key not in groups:
            groups[key] = []
            found.append(key)
        groups[key].append((cell, item))
    return [item if isinstance(item, Diagnostic) else _with_rows(groups[item]) for item in found] if groups else plain


def _with_rows(group: list[tuple[Cell, Diagnostic]]) -> Diagnostic:
    """The finding of the first row, without the cell in its place: its text names it, and how many rows are like it."""
    first, item = min(group, key=lambda pair: pair[0].line)
    rows = len({cell.line for cell, _ in group})
    column = f", column {shortened(first.column)!r}" if first.column else ""
    words = f"with {first}" if rows == 1 else f"{rows:,} rows of {first.file}, first: row {first.line}{column}"
    source = SourceRange(*item.source[:3]) if item.source else None
    first_line, line_break, rest = item.detail.partition("\n")
    return replace(item, detail=f"{first_line} ({words})".lstrip() + line_break + rest, source=source)


QUOTED_LENGTH = 80
"""How much of a value a message repeats."""


def shortened(text: str, most: int = QUOTED_LENGTH) -> str:
    """A text that is short enough for a message."""
    return text if len(text) <= most else f"{text[: most - 3]}..."
