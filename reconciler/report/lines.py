"""Lines of text with styles, and how they are shown: what a text report is made of.

Reports build `Line` values; the command line shows them on a console. Long lines are wrapped with a hanging indent
where a width is given (a terminal), and never where it is not (a pipe), so that logs can be searched.
"""

from collections.abc import Iterable

from msgspec import Struct, field
from rich.console import Console
from rich.text import Text

from reconciler.report.values import printable

BOLD = "bold"
DIM = "dim"
ALARM = "bold red"
CAUTION = "yellow"
GOOD = "green"


class Line(Struct, frozen=True, kw_only=True):
    """One line: styled text, its indent, and how much further its continuation lines are indented."""

    text: Text = field(default_factory=Text)
    indent: int = 0
    hang: int = 4


BLANK = Line()

Part = str | tuple[str, str]
"""A piece of text, plain or with its style."""


def line(*parts: Part, indent: int = 0, hang: int = 4) -> Line:
    """A line made of pieces; control characters in them are shown as escapes."""
    text = Text()
    for part in parts:
        words, style = (part, "") if isinstance(part, str) else part
        text.append(printable(words), style=style)
    return Line(text=text, indent=indent, hang=hang)


def show(lines: Iterable[Line], console: Console, *, width: int | None = None) -> None:
    """Prints the lines; wrapped at `width`, or as long as they are when it is None."""
    for item in lines:
        for row in _rows(item, console, width):
            console.print(row, soft_wrap=True, highlight=False, markup=False, emoji=False)


def as_text(lines: Iterable[Line], *, width: int | None = None) -> str:
    """The lines as plain text without colour."""
    console = Console(color_system=None, width=width or 10_000, legacy_windows=False)
    return "".join(f"{row.plain.rstrip()}\n" for item in lines for row in _rows(item, console, width))


def _rows(item: Line, console: Console, width: int | None) -> list[Text]:
    pad = " " * item.indent
    if width is None or item.indent + item.text.cell_len <= width:
        return [Text(pad).append_text(item.text)]
    hang = min(item.indent + item.hang, width // 2)
    rows = item.text.wrap(console, max(20, width - hang))
    for row in rows:
        row.rstrip()
    return [Text(pad if number == 0 else " " * hang).append_text(row) for number, row in enumerate(rows)]
