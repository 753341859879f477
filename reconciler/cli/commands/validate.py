"""`reconciler validate`: schema, references and rules, offline."""

from pathlib import Path

import click

from reconciler.cli.formats import format_options
from reconciler.cli.options import (
    environment_option,
    inventory_argument,
    output_options,
    policy_option,
    untrusted_option,
)


@click.command()
@inventory_argument
@format_options("findings")
@click.option("--strict", is_flag=True, help="Warnings, and secrets that can't be found here, are errors.")
@policy_option
@untrusted_option
@environment_option
@output_options
@click.pass_context
def validate(context: click.Context, inventory: Path | None, strict: bool) -> int:
    """Check the inventory without touching the network."""
    from reconciler.cli.validating import check  # not for the help

    return check(context, inventory, strict=strict)
