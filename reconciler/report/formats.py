"""The output formats by name. A new one is a module with a `FORMAT`, and a row here."""

from collections.abc import Mapping
from typing import Final, Literal

from reconciler.report import diagnostics, json_report, junit, markdown, sarif, text
from reconciler.report.format import Format

FORMATS: Final[Mapping[str, Format]] = {
    "text": text.FORMAT,
    "json": json_report.FORMAT,
    "markdown": markdown.FORMAT,
    "github": diagnostics.GITHUB,
    "sarif": sarif.FORMAT,
    "junit": junit.FORMAT,
}

Subject = Literal["plan", "drift", "findings"]


def formats_of(subject: Subject, formats: Mapping[str, Format] = FORMATS) -> tuple[str, ...]:
    """The names of the formats that can show it."""
    return tuple(name for name, format_ in formats.items() if getattr(format_, subject))
