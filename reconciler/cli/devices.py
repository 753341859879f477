"""`apply --watch-devices`: after the outcomes, what switches and WAN edges say of them."""

from collections.abc import Sequence

import click

from reconciler.cli.failures import IN_PART, OK
from reconciler.cli.options import remembered
from reconciler.cli.progress import countdown, shown_progress
from reconciler.cli.screen import Screen
from reconciler.cli.spans import age
from reconciler.cli.writing import APPLY, exit_code, report
from reconciler.errors import UsageError
from reconciler.mist.client import MistClient
from reconciler.model.change import Outcome, Plan
from reconciler.model.options import Options
from reconciler.model.watch import Answer, Watch
from reconciler.pipeline.watching import calls_of_watch, watch_devices
from reconciler.report.json_report import plan_json
from reconciler.report.watch import watch_text

LONGEST_S = 3600.0


def watch_seconds(context: click.Context) -> float:
    """For how long devices are waited for; 0 where they are not. Raises `UsageError` for what is no time."""
    text = remembered(context, "watch_devices")
    if not text:
        return 0.0
    seconds = age(text, flag="--watch-devices", example="5m").total_seconds()
    if not 0 < seconds <= LONGEST_S:
        raise UsageError(f"--watch-devices {text!r} is not between a second and an hour", remedy="Write it as 5m")
    return seconds


def foresee_with_devices(context: click.Context, plan: Plan, client: MistClient) -> None:
    """Asks the budget for the calls of the apply and of what comes after it, and tells the latter apart."""
    seconds = watch_seconds(context)
    watching = calls_of_watch(plan, seconds=seconds) if seconds else 0
    client.foresee(plan.applying + watching, APPLY)
    if watching:
        Screen.of(context).note(
            f"After it, devices are waited for up to {countdown(seconds)}, with at most {watching:,} calls more."
        )


def report_with_devices(
    context: click.Context,
    plan: Plan,
    outcomes: Sequence[Outcome],
    client: MistClient,
    *,
    options: Options,
    since: float,
    as_json: bool,
) -> int:
    """Shows what became of the plan and then what devices say; returns the exit code: 6 where one refuses."""
    screen, seconds = Screen.of(context), watch_seconds(context)
    if not seconds or context.obj.signal:
        return report(context, plan, outcomes, options=options, as_json=as_json)
    code = exit_code(outcomes, plan) if as_json else report(context, plan, outcomes, options=options, as_json=False)
    with shown_progress(screen.output, context.obj) as progress:
        watch = watch_devices(plan, outcomes, client, seconds=seconds, since=since, progress=progress)
    if as_json:
        screen.write(plan_json(plan, options=options, outcomes=outcomes, watch=watch))
    else:
        screen.show(watch_text(watch, verbose=screen.output.verbose, summary=screen.output.summary))
    if watch.ended:
        screen.note("Interrupted: what is said later was not waited for.")
    return _code(code, watch)


def _code(code: int, watch: Watch) -> int:
    return IN_PART if code == OK and watch.of(Answer.REFUSED) else code
