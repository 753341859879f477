"""What `reconciler apply` does."""

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from reconciler.cli.base import base_of_run, with_changed
from reconciler.cli.cloud import connected, refusal, with_findings, with_policies
from reconciler.cli.devices import foresee_with_devices, report_with_devices, watch_seconds
from reconciler.cli.failures import FAILED
from reconciler.cli.inventory import about_part, environment, inventory_of, load_valid, named_inventory
from reconciler.cli.known import remember_known, with_known_ids
from reconciler.cli.options import applying_options, flags_of, remembered
from reconciler.cli.progress import shown_progress
from reconciler.cli.recording import let_lists_catch_up, locked, resumed
from reconciler.cli.saved import apply_saved
from reconciler.cli.screen import Screen
from reconciler.cli.showing import show_plan
from reconciler.cli.writing import exit_code, note_done, write
from reconciler.errors import UsageError
from reconciler.pipeline.online import make_plan
from reconciler.report.json_report import plan_json
from reconciler.settings import settings


def run(context: click.Context, source: Path | None, *, auto_approve: bool, resume: bool, as_json: bool) -> int:
    """Applies a saved plan or an inventory; returns the exit code."""
    watch_seconds(context)
    if resume:
        path = inventory_of(context, source)
        found = load_valid(context, path, online=False)
        chosen = settings(found.inventory.project, environment(context), flags_of(context))
        if file := resumed(context, found, chosen.org_id):
            return apply_saved(context, file, path, as_json=as_json)
    if source and source.is_file():
        return apply_saved(context, source, named_inventory(context), as_json=as_json)
    if source and not source.exists():
        raise UsageError(
            f"{source} is neither a saved plan nor an inventory: it does not exist",
            remedy="Make a plan with `reconciler plan --out FILE`, or name the directory that holds reconciler.yaml",
        )
    if not auto_approve:
        must_be_askable(as_json)
    return _apply_inventory(context, inventory_of(context, source), auto_approve=auto_approve, as_json=as_json)


def _apply_inventory(context: click.Context, path: Path, *, auto_approve: bool, as_json: bool) -> int:
    options = applying_options(context)
    found = with_known_ids(context, load_valid(context, path, online=True, about=about_part(options)))
    options = with_changed(context, found, options)
    screen = Screen.of(context)
    with ExitStack() as stack:
        chosen, client = stack.enter_context(connected(context, found.inventory))
        stack.enter_context(locked(context, chosen, found))
        base = base_of_run(context, found)
        options = base.options(options)
        client.self_()  # it is asked for the token's role in any case, and knows the organisation's name
        let_lists_catch_up(context, client, chosen, found)
        with shown_progress(screen.output, context.obj) as progress:
            plan = make_plan(
                found.inventory,
                client,
                org_id=chosen.org_id,
                options=options,
                progress=progress,
                bases=base.inventories,
            )
        plan = base.with_problem(with_policies(with_findings(plan, found.inventory), found.inventory, applying=True))
        if not as_json:
            show_plan(screen, plan, options=options)
        refused = refusal(plan)
        if refused or not plan.changes:
            if not refused:
                note_done(context, plan, options, found)
            if as_json:
                screen.write(plan_json(plan, options=options, outcomes=() if not refused else None))
            elif refused:
                screen.note("This plan is refused as it is: see the errors above. Nothing was written.")
            if not refused and not remembered(context, "no_record"):
                remember_known(found, plan)
            return refused or exit_code((), plan)
        foresee_with_devices(context, plan, client)
        if not auto_approve and not confirmed(len(plan.changes)):
            screen.note("Not applied. Nothing was written.")
            return FAILED
        since = client.age
        outcomes = write(context, plan, client, options, found)
        return report_with_devices(context, plan, outcomes, client, options=options, since=since, as_json=as_json)


def must_be_askable(as_json: bool) -> None:
    """Refuses an apply that would have to ask and can't."""
    if as_json or not sys.stdin.isatty():
        why = "with --json there is no question" if as_json else "there is no terminal to ask on"
        raise UsageError(
            f"Apply asks before it writes, and {why}",
            remedy="Give --auto-approve, or apply a saved plan (`reconciler plan --out FILE`)",
        )


def confirmed(count: int) -> bool:
    """Asks, and says whether the answer is yes."""
    changes = "this change" if count == 1 else f"these {count:,} changes"
    sys.stderr.write(f"\nDo you want to apply {changes}? Only 'yes' is accepted: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "yes"
