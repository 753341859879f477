"""Where output goes: results to stdout, everything else to stderr, colour only where a person looks at it."""

import os
import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

import click
from msgspec import Struct

from reconciler.cli.options import Output, output_of

if TYPE_CHECKING:
    from reconciler.report.format import Shown
    from reconciler.report.lines import Line


class Screen(Struct, frozen=True):
    """The two streams of one run. `width` is None for what is no terminal: lines are then as long as they are."""

    output: Output

    @classmethod
    def of(cls, context: click.Context) -> "Screen":
        """The screen that the output options ask for."""
        return cls(output_of(context))

    def result(self, shown: "Shown") -> None:
        """A result in an output format."""
        if isinstance(shown, str):
            self.write(shown)
        else:
            self.show(shown)

    def show(self, lines: "Iterable[Line]") -> None:
        """A result as text."""
        self._show(lines, sys.stdout)

    def report(self, lines: "Iterable[Line]") -> None:
        """Text that is not the result, on stderr."""
        self._show(lines, sys.stderr)

    def note(self, text: str) -> None:
        """A plain remark on stderr; not with `--quiet`."""
        if not self.output.quiet:
            click.echo(text, err=True)

    def write(self, text: str) -> None:
        """A result that is text already: JSON, Markdown, YAML."""
        click.echo(text, nl=False)

    def _show(self, lines: "Iterable[Line]", stream: TextIO) -> None:
        from reconciler.report.lines import show, write

        if not stream.isatty():
            write(lines, stream)
            return
        from rich.console import Console

        plain = self.output.no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        console = Console(file=stream, color_system=None if plain else "auto", highlight=False, width=100_000)
        show(lines, console, width=width_of(stream))


def width_of(stream: TextIO) -> int | None:
    """The columns of a terminal; None for anything else."""
    return max(40, shutil.get_terminal_size((80, 24)).columns) if stream.isatty() else None
