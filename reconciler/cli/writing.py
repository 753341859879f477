"""Applies a plan, and reports what became of it."""

import signal
from collections.abc import Sequence

import click

from reconciler.cli.failures import FAILED, IN_PART, OK, STALE
from reconciler.cli.inventory import Checked
from reconciler.cli.known import remember_known
from reconciler.cli.options import remembered
from reconciler.cli.progress import shown_progress
from reconciler.cli.recording import recorded as on_record
from reconciler.cli.records import records_of
from reconciler.cli.screen import Screen
from reconciler.mist.client import MistClient
from reconciler.model.change import Outcome, Plan, Status
from reconciler.model.journal import RunInterrupted
from reconciler.model.options import Options
from reconciler.pipeline.online import apply_plan
from reconciler.report.json_report import plan_json
from reconciler.report.outcomes import outcome_text
from reconciler.report.wording import ways_on
from reconciler.runs.reading import commits_applied
from reconciler.runs.who import commit_of

APPLY = "this apply"
"""What takes the calls that are foreseen before the first write."""


def write(
    context: click.Context, plan: Plan, client: MistClient, options: Options, found: Checked
) -> tuple[Outcome, ...]:
    """Applies the plan with progress on stderr and a record of the run."""
    with on_record(context, plan, found, whole=not (options.narrowed or options.rollback)) as record:
        context.obj.begin(len(plan.changes))
        with shown_progress(Screen.of(context).output, context.obj) as progress:
            try:
                outcomes = apply_plan(plan, client, options=options, progress=progress, journal=record.journal)
            except RunInterrupted as interrupted:
                outcomes = interrupted.outcomes
        ended: int = context.obj.signal
        record.finish(outcomes, 128 + ended if ended else exit_code(outcomes, plan))
        if not remembered(context, "no_record"):
            remember_known(found, plan, outcomes)
        if ended:
            Screen.of(context).note("Terminated." if ended == signal.SIGTERM else "Interrupted.")
    return outcomes


def note_done(context: click.Context, plan: Plan, options: Options, found: Checked) -> None:
    """Records an apply that found all done, where its commit is not on record as applied yet: from now on it is what a
    later one is compared with."""
    whole = not (plan.changes or plan.errors or options.narrowed or options.rollback)
    commit = commit_of(found.directory) if whole and not remembered(context, "no_record") else None
    if commit is None or commit["changed"]:
        return
    if commits_applied(records_of(found), org_id=plan.org_id) != (commit["id"],):
        with on_record(context, plan, found, whole=True) as record:
            record.finish((), OK)


def report(context: click.Context, plan: Plan, outcomes: Sequence[Outcome], *, options: Options, as_json: bool) -> int:
    """Shows what became of the plan; returns the exit code."""
    screen, recorded = Screen.of(context), not remembered(context, "no_record")
    if as_json:
        screen.write(plan_json(plan, options=options, outcomes=outcomes))
    else:
        screen.show(outcome_text(outcomes, verbose=screen.output.verbose, summary=screen.output.summary))
        if sentences := ways_on(outcomes, recorded=recorded):
            screen.note("\n".join(sentences))
        if plan.errors:
            screen.note("Something was left out of this apply: see the errors of its plan.")
    return exit_code(outcomes, plan)


def exit_code(outcomes: Sequence[Outcome], plan: Plan) -> int:
    """0 all done; 6 some written and some not, not as sent, not known, or left out of the plan; 1 all written, and not
    all could be read back; with nothing written 1 for a failure, 4 for stale."""
    statuses = {outcome.status for outcome in outcomes}
    different = any(outcome.verified is False for outcome in outcomes)
    unread = any(outcome.status is Status.APPLIED and outcome.verified is None for outcome in outcomes)
    open_ones = statuses & {Status.FAILED, Status.STALE, Status.BLOCKED}
    if not open_ones and not different and not plan.errors:
        return FAILED if unread else OK
    if Status.APPLIED in statuses or any(map(_may_be_written, outcomes)):
        return IN_PART
    return STALE if Status.STALE in statuses and Status.FAILED not in statuses else FAILED


def _may_be_written(outcome: Outcome) -> bool:
    return outcome.unsure or (outcome.api_id is not None and outcome.status is Status.FAILED)
