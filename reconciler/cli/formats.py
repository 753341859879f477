"""The choice of an output format: `--format NAME`, with `--json` and `--markdown` as short ways to say it."""

from typing import Any

import click

from reconciler.cli.options import Decorator, joined, remembered, shared
from reconciler.errors import UsageError
from reconciler.report.format import Format
from reconciler.report.formats import FORMATS, Subject, formats_of

SHORT = ("json", "markdown")


def format_options(subject: Subject) -> Decorator[Any]:
    """The options for what a command shows."""
    names = formats_of(subject)
    return joined(
        shared("--format", type=click.Choice(names), help="Output format (text)."),
        *(shared(f"--{name}", is_flag=True, help=f"The same as --format {name}.") for name in SHORT if name in names),
    )


def format_of(context: click.Context) -> Format:
    """The format that was asked for; raises `UsageError` when several were."""
    asked = {remembered(context, "format"), *(name for name in SHORT if remembered(context, name))} - {None}
    if len(asked) > 1:
        raise UsageError(
            f"{' and '.join(f'--{name}' for name in sorted(asked))} exclude each other", remedy="Give one of them"
        )
    return FORMATS[next(iter(asked), "text")]
