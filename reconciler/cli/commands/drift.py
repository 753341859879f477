"""`reconciler drift`: what somebody changed by hand, and the ways back: adopt, revert, ignore.

`drift [INVENTORY]` reports; the first word `adopt`, `revert` or `ignore` asks for something else (a directory of such a
name is `./adopt`).
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from reconciler.cli.base import base_of_run, with_changed
from reconciler.cli.cloud import connected, refusal
from reconciler.cli.failures import CHANGES, FAILED, OK, REFUSED
from reconciler.cli.formats import format_of, format_options
from reconciler.cli.inventory import inventory_of, load_valid
from reconciler.cli.known import remember_known, with_known_ids
from reconciler.cli.lazy import LazyGroup
from reconciler.cli.options import (
    base_option,
    connection_options,
    inventory_argument,
    options_of,
    output_options,
    remembered,
    selection_options,
    shared,
    snapshot_options,
)
from reconciler.cli.progress import shown_progress
from reconciler.cli.screen import Screen
from reconciler.cli.snapshots import remembering
from reconciler.diagnostics import Diagnostic
from reconciler.drift.log import read_log
from reconciler.drift.looked import looked_at, looked_of, looked_text
from reconciler.errors import UsageError
from reconciler.model.drift import Drift
from reconciler.model.inventory import Inventory
from reconciler.model.match import Matches
from reconciler.model.options import Options
from reconciler.model.project import Ignore
from reconciler.pipeline.drift import find_drift, untouched
from reconciler.pipeline.online import compare
from reconciler.report.format import View
from reconciler.report.html import drift_page
from reconciler.runs.looked import recalled, remember
from reconciler.sources.writing import write_file

REPORT = "report"
_SPAN = re.compile(r"(\d{1,4})([dw])")
_DAYS = {"d": 1, "w": 7}

since_option = shared(
    "--since", metavar="SPAN", default="30d", help="How far back the audit log is asked: 7d, 4w (30d)."
)

ignore_option = shared("--ignore", multiple=True, metavar="ADDR", help="Pass over this address or glob in this run.")


class DriftGroup(LazyGroup):
    """A group whose default command is the report: `drift examples/inventory --json` needs no further word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts `report` in front where the first argument is none of the other commands."""
        if not args or args[0] not in (*self.list_commands(ctx), *ctx.help_option_names):
            args = [REPORT, *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The report's options, then the other commands."""
        self.commands[REPORT].format_options(ctx, formatter)
        super().format_commands(ctx, formatter)


WAYS_BACK = {
    "adopt": ("reconciler.cli.commands.adopt", "Write live values back into the YAML."),
    "ignore": ("reconciler.cli.commands.adopt", "Accept a difference until a date."),
    "revert": ("reconciler.cli.commands.adopt", "Plan just what undoes the drift."),
}


@click.group(
    cls=DriftGroup,
    commands_in=WAYS_BACK,
    short_help="Tell whether live differs from the inventory.",
    subcommand_metavar="[INVENTORY] ...",
)
def drift() -> None:
    """Tell whether live differs from the inventory: exit 0 if not, 2 if it does. Reads only.

    Says who made live differ, since when and from which address, where the audit log tells it.
    """


@drift.command(REPORT, hidden=True)
@inventory_argument
@click.option(
    "--html", "page", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also a page to FILE."
)
@format_options("drift")
@base_option
@ignore_option
@since_option
@click.option("--require-secrets", is_flag=True, help="Refuse where a secret is missing, and compare every one.")
@selection_options
@snapshot_options
@connection_options
@output_options
@click.pass_context
def report(context: click.Context, inventory: Path | None, page: Path | None, require_secrets: bool) -> int:
    """Tell whether live differs from the inventory: exit 0 if not, 2 if it does. Reads only."""
    style = format_of(context)
    needed = None if require_secrets else _nothing
    found = load_valid(context, inventory_of(context, inventory), online=True, about=needed)
    found = with_known_ids(context, found)
    base = base_of_run(context, found)
    keep = None if remembered(context, "ignore") else found.directory
    declared = _without_ignored(context, found.inventory)
    options = with_changed(context, found, options_of(context))
    result, _ = found_drift(context, declared, bases=base.inventories, looked=keep, options=options)
    remember_known(found, result.plan, only_new=True)
    result = replace(result, plan=base.with_problem(result.plan))
    screen = Screen.of(context)
    if page:
        write_page(page, result)
    if style.drift:
        screen.result(style.drift(result, View(verbose=screen.output.verbose, summary=screen.output.summary)))
    if page:
        screen.note(f"The page is in {page}.")
    # A guard refuses writes, of which there are none here; any other error makes the report incomplete.
    incomplete = bool(result.plan.errors) and refusal(result.plan) != REFUSED
    return FAILED if incomplete else CHANGES if result.drifted else OK


def _nothing(_item: Diagnostic) -> bool:
    return False


def _without_ignored(context: click.Context, inventory: Inventory) -> Inventory:
    """The inventory, with what this run passes over beside the exceptions of the project file."""
    more = [Ignore(address=address, reason="--ignore") for address in remembered(context, "ignore") or ()]
    project = inventory.project
    return replace(inventory, project=replace(project, ignore=[*project.ignore, *more]))


def found_drift(
    context: click.Context,
    inventory: Inventory,
    *,
    bases: tuple[Inventory, ...] = (),
    looked: Path | None = None,
    options: Options | None = None,
) -> tuple[Drift, Matches]:
    """Reads the organisation and its audit log, with progress on stderr: the report, and what it compared. What only
    one of the `bases` declares, and is live as it says, is told as no longer declared. `looked` is the inventory's
    directory, in which a report without drift is remembered, so that the next one reads less."""
    days = days_of(remembered(context, "since") or "30d")
    screen, options = Screen.of(context), options or options_of(context)
    with connected(context, inventory) as (chosen, client), shown_progress(screen.output, context.obj) as progress:
        audit = read_log(client, chosen.org_id, days=days, most=1)
        before = None if looked is None else looked_of(recalled(looked), chosen.org_id)
        inventories = [inventory, *bases]
        known = remembering(context, inventories, client, chosen, options=options)
        options = untouched(inventory, audit, before, options=known.options)
        matches = compare(
            inventory,
            client,
            org_id=chosen.org_id,
            options=options,
            progress=progress,
            whole=not options.changed_since,
            bases=bases,
        )
        result = find_drift(inventory, client, matches, audit, options=options)
        result = replace(result, plan=known.told(result.plan))
        known.keep()
    if looked is not None and not (result.drifted or result.plan.errors or options.narrowed):
        after = looked_at(matches, audit, options.spared, before)
        remember(looked, "" if after is None else looked_text(after))
    return result, matches


def days_of(text: str) -> int:
    """`7d` or `4w` as days."""
    match = _SPAN.fullmatch(text.strip().lower())
    days = int(match[1]) * _DAYS[match[2]] if match else 0
    if not 1 <= days <= 366:
        raise UsageError(f"--since {text!r} is no span", remedy="Write it as 7d or 4w, at most 366 days")
    return days


def write_page(file: Path, result: Drift) -> None:
    """Writes the report as a page of its own."""
    try:
        write_file(file, drift_page(result, now=datetime.now(UTC)))
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}", remedy="Choose another with --html") from error
