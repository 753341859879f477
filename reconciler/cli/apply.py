"""`reconciler apply`: the one command that writes."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.failures import FAILED, IN_PART, OK, STALE
from reconciler.cli.options import (
    approval_options,
    connection_options,
    json_option,
    lock_option,
    options_of,
    output_options,
    policy_option,
    record_option,
    remembered,
    selection_options,
)
from reconciler.cli.plans import plan_json, show_plan
from reconciler.cli.progress import shown_progress
from reconciler.cli.runs import locked, recorded
from reconciler.cli.screen import Screen
from reconciler.cli.steps import Found, connected, load_valid, refusal, with_findings, with_policies
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.mist.client import MistClient
    from reconciler.model.change import Outcome, Plan
    from reconciler.model.options import Options


@click.command()
@click.argument("source", metavar="[PLAN|INVENTORY]", default=".", type=click.Path(path_type=Path))
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--inventory", type=click.Path(path_type=Path), metavar="DIR", help="Where the inventory of PLAN is now.")
@json_option
@approval_options
@selection_options
@policy_option
@lock_option
@record_option
@connection_options
@output_options
@click.pass_context
def apply(context: click.Context, source: Path, auto_approve: bool, inventory: Path | None, as_json: bool) -> int:
    """Make live what the inventory declares.

    Asks before it writes; not with --auto-approve, and not for a saved PLAN, which was approved when it was saved.
    """
    if source.is_file():
        from reconciler.cli.approved import apply_saved

        return apply_saved(context, source, inventory, as_json=as_json)
    if inventory is not None:
        raise UsageError("--inventory goes with a saved plan", remedy="Give the directory itself: reconciler apply DIR")
    if not source.exists():
        raise UsageError(
            f"{source} is neither a saved plan nor an inventory: it does not exist",
            remedy="Make a plan with `reconciler plan --out FILE`, or name the directory that holds reconciler.yaml",
        )
    if not auto_approve:
        must_be_askable(as_json)
    return _apply_inventory(context, source, auto_approve=auto_approve, as_json=as_json)


def _apply_inventory(context: click.Context, path: Path, *, auto_approve: bool, as_json: bool) -> int:
    from reconciler.pipeline.online import make_plan

    found = load_valid(context, path, online=True)
    screen = Screen.of(context)
    options = applying_options(context)
    with ExitStack() as stack:
        chosen, client = stack.enter_context(connected(context, found.inventory))
        stack.enter_context(locked(context, chosen))
        with shown_progress(screen.output, context.obj) as progress:
            plan = make_plan(found.inventory, client, org_id=chosen.org_id, options=options, progress=progress)
        plan = with_policies(with_findings(plan, found.inventory), found.inventory, applying=True)
        if not as_json:
            show_plan(screen, plan, options=options)
        refused = refusal(plan)
        if refused or not plan.changes:
            if as_json:
                screen.write(plan_json(plan, options, outcomes=() if not refused else None))
            elif refused:
                screen.note("This plan is refused as it is: see the errors above. Nothing was written.")
            return refused
        if not auto_approve and not _confirmed(len(plan.changes)):
            screen.note("Not applied. Nothing was written.")
            return FAILED
        outcomes = write(context, plan, client, options, found)
    return report(screen, plan, outcomes, options=options, as_json=as_json)


def write(
    context: click.Context, plan: "Plan", client: "MistClient", options: "Options", found: "Found"
) -> "tuple[Outcome, ...]":
    """Applies the plan with progress on stderr and a record of the run."""
    from reconciler.pipeline.online import apply_plan

    with recorded(context, plan, found) as record:
        context.obj.begin(len(plan.changes))
        with shown_progress(Screen.of(context).output, context.obj) as progress:
            outcomes = apply_plan(plan, client, options=options, progress=progress, journal=record.journal)
        record.finish(outcomes, exit_code(outcomes))
    return outcomes


def report(screen: Screen, plan: "Plan", outcomes: "Sequence[Outcome]", *, options: "Options", as_json: bool) -> int:
    """Shows what became of the plan; returns the exit code."""
    if as_json:
        screen.write(plan_json(plan, options, outcomes=outcomes))
    else:
        from reconciler.report.outcomes import outcome_text

        screen.show(outcome_text(outcomes, verbose=screen.output.verbose))
    return exit_code(outcomes)


def exit_code(outcomes: "Sequence[Outcome]") -> int:
    """0 all done; 6 some written and some not (or not as sent); with nothing written 1 for a failure, 4 for stale."""
    from reconciler.model.change import Status

    statuses = {outcome.status for outcome in outcomes}
    unverified = any(outcome.verified is False for outcome in outcomes)
    open_ones = statuses & {Status.FAILED, Status.STALE, Status.BLOCKED}
    if not open_ones and not unverified:
        return OK
    if Status.APPLIED in statuses or any(outcome.api_id and outcome.status is Status.FAILED for outcome in outcomes):
        return IN_PART
    return STALE if Status.STALE in statuses and Status.FAILED not in statuses else FAILED


def applying_options(context: click.Context) -> "Options":
    """The options, with a pipeline's caution where CI is set and nothing else was said."""
    said = remembered(context, "refuse_any_stale")
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return replace(options_of(context), refuse_any_stale=in_ci if said is None else bool(said))


def must_be_askable(as_json: bool) -> None:
    """Refuses an apply that would have to ask and can't."""
    if as_json or not sys.stdin.isatty():
        why = "with --json there is no question" if as_json else "there is no terminal to ask on"
        raise UsageError(
            f"Apply asks before it writes, and {why}",
            remedy="Give --auto-approve, or apply a saved plan (`reconciler plan --out FILE`)",
        )


def _confirmed(count: int) -> bool:
    changes = "this change" if count == 1 else f"these {count:,} changes"
    sys.stderr.write(f"\nDo you want to apply {changes}? Only 'yes' is accepted: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "yes"
