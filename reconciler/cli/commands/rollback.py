"""`reconciler rollback`: what an earlier apply wrote is put back, from its record."""

from contextlib import ExitStack
from pathlib import Path
from shlex import quote

import click
from msgspec.structs import replace

from reconciler.cli.applying import confirmed, must_be_askable
from reconciler.cli.base import written_in
from reconciler.cli.cloud import connected, refusal, with_policies
from reconciler.cli.failures import FAILED, OK
from reconciler.cli.inventory import environment, inventory_of, load_valid
from reconciler.cli.options import (
    ack_option,
    applying_options,
    connection_options,
    flags_of,
    inventory_option,
    json_option,
    lock_option,
    output_options,
    policy_option,
    record_option,
    remember,
    remembered,
    shared,
    target_option,
)
from reconciler.cli.progress import shown_progress
from reconciler.cli.recording import ROLLBACK, let_lists_catch_up, locked
from reconciler.cli.records import looked_up
from reconciler.cli.reverting import Revert, open_request, revert_of
from reconciler.cli.screen import Screen
from reconciler.cli.showing import save, show_plan
from reconciler.cli.writing import APPLY, exit_code, report, write
from reconciler.model.change import Plan
from reconciler.pipeline.rollback import make_rollback
from reconciler.report.json_report import plan_json
from reconciler.runs.closing import KILLED
from reconciler.runs.reading import Run, find_run
from reconciler.settings import settings


@click.command(short_help="Put back what an earlier apply wrote.")
@click.argument("run")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--delete-created", is_flag=True, help="Delete what the run made; else it stays, and is told.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write nothing; save the plan."
)
@shared("--pull-request", is_flag=True, help="Open a pull request that takes it out of the files (GITHUB_TOKEN).")
@inventory_option
@json_option
@target_option
@ack_option
@policy_option
@lock_option
@record_option
@connection_options
@output_options
@click.pass_context
def rollback(
    context: click.Context, run: str, auto_approve: bool, delete_created: bool, out: Path | None, as_json: bool
) -> int:
    """Put back what a recorded run wrote: RUN is its id, the beginning of it, or `last`.

    Former values go where live still has what the run left there; what was changed since is left, and told. What the
    run deleted is made again. Secrets are in no record: they come from the commit that was applied before, or are named
    and not put back. Asks before it writes; not with --auto-approve.
    """
    if not auto_approve and not out:
        must_be_askable(as_json)
    path = inventory_of(context)
    found = load_valid(context, path, online=False)
    org_id = settings(found.inventory.project, environment(context), flags_of(context)).org_id
    records = looked_up(context, found, org_id)
    past = find_run(records, run)
    screen = Screen.of(context)
    if (past.summary or {}).get("ended") in (None, KILLED):
        screen.note(f"Run {past.run_id} has no end in its record: what it wrote after the last line is not put back.")
    asked = remembered(context, "pull_request")
    revert = revert_of(context, found, past, records, org_id=org_id) if asked else None
    remember(context, ROLLBACK, past.run_id)
    options = replace(applying_options(context), rollback=past.run_id, delete_created=delete_created)
    with ExitStack() as stack:
        chosen, client = stack.enter_context(connected(context, found.inventory))
        written = written_in(context, found, past, chosen.org_id)
        if not out:
            stack.enter_context(locked(context, chosen, found))
            let_lists_catch_up(context, client, chosen, found)
        with shown_progress(screen.output, context.obj) as progress:
            plan = make_rollback(
                found.inventory, written, client, org_id=chosen.org_id, options=options, progress=progress
            )
        plan = with_policies(plan, found.inventory, applying=not out)
        refused = refusal(plan)
        if out and not refused:
            save(context, plan, out, path, whole=plan, options=options)
        if not as_json or out:
            show_plan(screen, plan, options=options)
        if refused or out or not plan.changes:
            if as_json and not out:
                screen.write(plan_json(plan, options=options, outcomes=() if not refused else None))
            code = _unwritten(screen, plan, past, out=out, refused=refused)
            return code if refused or not out else _tell_git(context, past, revert) or code
        client.foresee(plan.applying, APPLY)
        if not auto_approve and not confirmed(len(plan.changes)):
            screen.note("Not applied. Nothing was written.")
            return FAILED
        outcomes = write(context, plan, client, options, found)
    code = report(context, plan, outcomes, options=options, as_json=as_json)
    return _tell_git(context, past, revert) or code


def _tell_git(context: click.Context, past: Run, revert: Revert | None) -> int:
    """Says what git must do, or opens the pull request that does it."""
    if revert is not None:
        return open_request(context, revert)
    Screen.of(context).note(_in_git(past))
    return OK


def _unwritten(screen: Screen, plan: Plan, past: Run, *, out: Path | None, refused: int) -> int:
    """What is said where nothing is written now."""
    if refused:
        screen.note("This plan is refused as it is: see the errors above. Nothing was written.")
        return refused
    if out:
        screen.note(f"Saved to {out}. Apply exactly this: reconciler apply {quote(str(out))}")
        return FAILED if plan.errors else OK
    why = (
        "Nothing of run {} can be put back: see the errors above." if plan.errors else "Run {} has nothing to put back."
    )
    screen.note(why.format(past.run_id))
    return exit_code((), plan)


def _in_git(past: Run) -> str:
    """What keeps the next apply from bringing the change back."""
    commit = past.header.get("commit") or {}
    start = "The files still declare what was put back, and the next apply would bring it again"
    if ROLLBACK in (past.header.get("source") or {}):
        return f"Run {past.run_id} was a rollback itself: see that the files say what is live now (`reconciler plan`)."
    if not commit:
        return f"{start}:\ntake it out of them (the run's record names no commit)."
    if commit.get("changed"):
        return f"{start}:\ntake it out of them (the run was made from files that were in no commit)."
    return f"{start}.\nIn git: git revert {str(commit.get('id'))[:10]} (-m 1 for a merge), and what else it brought."
