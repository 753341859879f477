"""`reconciler apply`: the one command that writes."""

from pathlib import Path

import click

from reconciler.cli.options import (
    approval_options,
    base_option,
    connection_options,
    inventory_option,
    json_option,
    lock_option,
    output_options,
    policy_option,
    record_option,
    selection_options,
    watch_option,
)


@click.command()
@click.argument("source", metavar="[PLAN|INVENTORY]", required=False, type=click.Path(path_type=Path))
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--resume", is_flag=True, help="Go on with the last run of this organisation on record.")
@inventory_option
@json_option
@base_option
@approval_options
@selection_options
@policy_option
@watch_option
@lock_option
@record_option
@connection_options
@output_options
@click.pass_context
def apply(context: click.Context, source: Path | None, auto_approve: bool, resume: bool, as_json: bool) -> int:
    """Make live what the inventory declares.

    Asks before it writes; not with --auto-approve, and not for a saved PLAN, which was approved when it was saved. The
    inventory of a saved plan is where it was, or where --inventory or RECONCILER_INVENTORY say that it is now.

    A run that was cut short is finished by the same command: what is done counts as done, and nothing is made twice.
    --resume finds out which command that was.
    """
    from reconciler.cli import applying  # not for the help

    return applying.run(context, source, auto_approve=auto_approve, resume=resume, as_json=as_json)
