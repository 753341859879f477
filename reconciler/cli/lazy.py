"""A group of commands that imports a command's module only when that command is asked for.

`--version`, `--help` and completion then cost next to nothing, and a command's module can import what it needs on top.
"""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """`commands_in` maps a command's name to its module and its line of help."""

    def __init__(self, *args: Any, commands_in: Mapping[str, tuple[str, str]], **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.commands_in = commands_in

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, those that are not imported yet included."""
        return sorted({*super().list_commands(ctx), *self.commands_in})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        if cmd_name in self.commands_in:
            return self.load(cmd_name)
        return super().get_command(ctx, cmd_name)

    def load(self, name: str) -> click.Command:
        """Imports a command. Its function has its name; one that Python uses for something else ends in `_`."""
        module, _ = self.commands_in[name]
        own = vars(importlib.import_module(module))
        found: click.Command = own[name if name in own else f"{name}_"]
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help, from the table: nothing is imported for it."""
        rows = [(name, self.commands_in[name][1]) for name in self.list_commands(ctx) if name in self.commands_in]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
