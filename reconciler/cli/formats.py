"""The choice of an output format: `--format NAME`, with `--json` and `--markdown` as short ways to say it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from reconciler.cli.options import Decorator, joined, remembered, shared

if TYPE_CHECKING:
    from reconciler.report.format import Format
    from reconciler.report.formats import Subject

SHORT = ("json", "markdown")
NAMES: Final[Mapping["Subject", tuple[str, ...]]] = {
    "plan": ("text", "json", "markdown"),
    "drift": ("text", "json", "markdown"),
    "findings": ("text", "json", "github", "sarif", "junit"),
}
"""The formats that can show something, so that the help of a command need not import them."""


def format_options(subject: "Subject") -> Decorator[Any]:
    """The options for what a command shows."""
    names = NAMES[subject]
    return joined(
        shared("--format", type=click.Choice(names), help="Output format (text)."),
        *(shared(f"--{name}", is_flag=True, help=f"The same as --format {name}.") for name in SHORT if name in names),
    )


def format_of(context: click.Context) -> "Format":
    """The format that was asked for; raises `UsageError` when several were."""
    from reconciler.errors import UsageError  # not for the help
    from reconciler.report.formats import FORMATS

    asked = {remembered(context, "format"), *(name for name in SHORT if remembered(context, name))} - {None}
    if len(asked) > 1:
        raise UsageError(
            f"{' and '.join(f'--{name}' for name in sorted(asked))} exclude each other", remedy="Give one of them"
        )
    return FORMATS[next(iter(asked), "text")]
