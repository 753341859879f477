"""`reconciler plan` and `show`: what would change."""

from pathlib import Path

import click

from reconciler.cli.formats import format_options
from reconciler.cli.options import (
    base_options,
    connection_options,
    inventory_argument,
    no_refresh_option,
    output_options,
    policy_option,
    selection_options,
    snapshot_options,
)


@click.command(short_help="Show what apply would change.")
@inventory_argument
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save it for `apply FILE`."
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@format_options("plan")
@base_options
@selection_options
@policy_option
@snapshot_options
@no_refresh_option
@connection_options
@output_options
@click.pass_context
def plan(context: click.Context, inventory: Path | None, out: Path | None, detailed_exitcode: bool) -> int:
    """Show what apply would change. Reads only.

    With --base, each change says whether it comes from this branch or from drift that was there before, and --out
    saves only what the branch changes (--with-drift saves all).
    """
    from reconciler.cli import planning  # not for the help

    return planning.make(context, inventory, out=out, detailed_exitcode=detailed_exitcode)


@click.command()
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path))
@format_options("plan")
@output_options
@click.pass_context
def show(context: click.Context, file: Path) -> int:
    """Show a saved plan. One that was edited after it was made is shown with a warning, and ends with 4."""
    from reconciler.cli import planning  # not for the help

    return planning.show(context, file)
