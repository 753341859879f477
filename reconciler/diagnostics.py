"""What a user can fix, as data: a severity, a place, a stable summary and a specific detail.

Stages return diagnostics instead of raising, so that one run shows all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How bad a finding is: an error stops the run before any write."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class SourceRange(NamedTuple):
    """A place in the inventory: file relative to the inventory's root, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
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
        source = self.source or SourceRange("", 0, 0)
        return (source.file, source.line, source.column, self.rule, self.summary, self.detail)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error."""
    return any(item.severity is Severity.ERROR for item in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings in their fixed order, each once."""
    return tuple(dict.fromkeys(sorted(diagnostics, key=lambda item: item.sort_key)))
