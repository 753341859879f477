"""Lines of text with styles, and how they are shown: what a text report is made of.

Reports build `Line` values; the command line shows them on a console. Long lines are wrapped with a hanging indent
where a width is given (a terminal), and never where it is not (a pipe), so that logs can be searched. Only what is
wrapped or has colours takes `rich`.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from msgspec import Struct

from reconciler.report.values import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

BOLD = "bold"
DIM = "dim"
ALARM = "bold red"
CAUTION = "yellow"
GOOD = "green"


Part = str | tuple[str, str]
"""A piece of text, plain or with its style."""


class Line(Struct, frozen=True, kw_only=True):
    """One line: pieces of text with their styles, its indent, and how much further its continuation lines are
    indented."""

    pieces: tuple[tuple[str, str], ...] = ()
    indent: int = 0
    hang: int = 4

    @property
    def plain(self) -> str:
        """Its text with the indent, without styles."""
        return " " * self.indent + "".join(words for words, _ in self.pieces)


BLANK = Line()


def line(*parts: Part, indent: int = 0, hang: int = 4) -> Line:
    """A line made of pieces; control characters in them are shown as escapes."""
    pairs = ((part, "") if isinstance(part, str) else part for part in parts)
    return Line(pieces=tuple((printable(words), style) for words, style in pairs), indent=indent, hang=hang)


def show(lines: Iterable[Line], console: "Console", *, width: int | None = None) -> None:
    """Prints the lines; wrapped at `width`, or as long as they are when it is None."""
    for item in lines:
        for row in _rows(item, console, width):
            console.print(row, soft_wrap=True, highlight=False, markup=False, emoji=False)


def write(lines: Iterable[Line], stream: TextIO) -> None:
    """Writes the lines without colour and as long as they are."""
    stream.writelines(f"{item.plain}\n" for item in lines)


def as_text(lines: Iterable[Line], *, width: int | None = None) -> str:
    """The lines as plain text without colour."""
    if width is None:
        return "".join(f"{item.plain.rstrip()}\n" for item in lines)
    from rich.console import Console

    console = Console(color_system=None, width=width, legacy_windows=False)
    return "".join(f"{row.plain.rstrip()}\n" for item in lines for row in _rows(item, console, width))


def _rows(item: Line, console: "Console", width: int | None) -> "list[Text]":
    from rich.text import Text

    text = Text()
    for words, style in item.pieces:
        text.append(words, style=style)
    pad = " " * item.indent
    if width is None or item.indent + text.cell_len <= width:
        return [Text(pad).append_text(text)]
    hang = min(item.indent + item.hang, width // 2)
    rows = text.wrap(console, max(20, width - hang))
    for row in rows:
        row.rstrip()
    return [Text(pad if number == 0 else " " * hang).append_text(row) for number, row in enumerate(rows)]
