"""The README as data: its fenced blocks, and the commands and outputs of its transcripts."""

import re
from dataclasses import dataclass
from pathlib import Path

import click

from reconciler.cli.app import app
from reconciler.cli.lazy import LazyGroup

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"

_BLOCK = re.compile(
    r"^(?:<!-- (?P<note>[^\n]*) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")


@dataclass(frozen=True)
class Block:
    """A fenced block; `note` is the comment on the line above it."""

    language: str
    note: str
    text: str


@dataclass(frozen=True)
class Typed:
    """A command of a transcript and the output that is shown for it. `...` stands for any lines."""

    command: str
    output: str


def blocks(text: str) -> list[Block]:
    """Every fenced block, in order."""
    return [Block(found["language"], found["note"] or "", found["text"]) for found in _BLOCK.finditer(text)]


def typed(text: str) -> list[Typed]:
    """The commands of one `console` block."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        found.append(Typed(command, output.rstrip("\n")))
    return found


def shows(shown: str, real: str) -> bool:
    """Whether what is shown is what a command printed: line by line, but for `...` and for the time of day."""
    wanted, printed = (_TIME.sub("(time)", text).split("\n") for text in (shown, real.rstrip("\n")))
    pattern = "\n".join(r"(?s:.*)" if line.strip() == "..." else re.escape(line.rstrip()) for line in wanted)
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in printed)) is not None


def commands() -> dict[str, click.Command]:
    """Every command by name."""
    assert isinstance(app, LazyGroup)
    return {name: app.load(name) for name in app.commands_in}


def options_of(command: click.Command) -> set[str]:
    """A command's options, with those of the commands below it."""
    known = {option for item in command.params for option in item.opts}
    if isinstance(command, click.Group):
        context = click.Context(command)
        below = [command.get_command(context, name) for name in command.list_commands(context)]
        known |= {option for sub in below if sub for option in options_of(sub)}
    return known
