"""`reconciler runs list|show|unlock`, and what keeps an apply alone and on record."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from reconciler.cli.failures import OK
from reconciler.cli.inventory import Checked, environment, inventory_of
from reconciler.cli.options import (
    environment_option,
    flags_of,
    inventory_argument,
    inventory_option,
    json_option,
    org_option,
    output_options,
)
from reconciler.cli.records import looked_up, records_of, ref_of, with_project
from reconciler.cli.screen import Screen
from reconciler.errors import GuardRefusal, UsageError
from reconciler.report.json_report import FORMAT_VERSION, dump
from reconciler.report.lines import BLANK, BOLD, DIM, Line, line
from reconciler.report.values import block
from reconciler.runs.closing import KILLED
from reconciler.runs.reading import Run, find_run, list_runs
from reconciler.runs.sharing import breaks_of, holder_of, unlock
from reconciler.runs.who import who
from reconciler.settings import org_id_of


@click.group(short_help="Look up what was applied.", subcommand_metavar="COMMAND ...")
def runs() -> None:
    """Look up what was applied: each apply leaves a record in .reconciler/runs of its inventory."""


@runs.command(name="list", short_help="List recorded runs.")
@inventory_argument
@environment_option
@org_option
@json_option
@output_options
@click.pass_context
def list_(context: click.Context, inventory: Path | None, as_json: bool) -> int:
    """List the recorded runs, the latest first."""
    place = with_project(inventory_of(context, inventory))
    found = list_runs(_records(context, place))
    breaks = _breaks(context, place)
    screen = Screen.of(context)
    if as_json:
        listed = [{"run": run.run_id, "header": run.header, "summary": run.summary} for run in found]
        screen.write(dump({"format_version": FORMAT_VERSION, "runs": listed, "broken_leases": list(breaks)}))
    elif found:
        screen.show([*map(_list_line, found), *map(_break_line, breaks)])
    else:
        screen.note("No run is recorded here.")
    return OK


@runs.command(short_help="Show one recorded run.")
@click.argument("run")
@inventory_option
@environment_option
@org_option
@json_option
@output_options
@click.pass_context
def show(context: click.Context, run: str, as_json: bool) -> int:
    """Show one RUN: its id, the beginning of it, or `last`."""
    found = find_run(_records(context, with_project(inventory_of(context))), run)
    screen = Screen.of(context)
    if as_json:
        screen.write(dump({"format_version": FORMAT_VERSION, "run": found.run_id, "lines": list(found.lines)}))
    else:
        screen.show(_show_lines(found))
    return OK


@runs.command(name="unlock", short_help="Break the lease of an apply that is gone.")
@inventory_option
@environment_option
@org_option
@output_options
@click.pass_context
def unlock_(context: click.Context) -> int:
    """Break the lease of an apply whose machine is gone, with `lock: {git: true}`: the next one need not wait until it
    expires. See that it is gone: it stops writing when it finds its lease broken, which takes up to a minute. Who broke
    it is kept beside the records."""
    found = with_project(inventory_of(context))
    if not found.inventory.project.lock.git:
        raise UsageError(
            "There is no lease to break: reconciler.yaml has no `lock: {git: true}`",
            remedy="A lock on this machine is released when its process ends",
        )
    ref = ref_of(found, _org_id(context, found))
    whose = unlock(ref, who(environment(context))) if ref else ""
    Screen.of(context).note(f"Unlocked. It was held by {whose}." if whose else "Nobody holds the lease.")
    return OK


def _org_id(context: click.Context, found: Checked) -> str:
    return org_id_of(found.inventory.project, environment(context), flags_of(context))


def _records(context: click.Context, found: Checked) -> Path:
    """The records of this machine, and those that others shared."""
    if not found.inventory.project.records.git:
        return records_of(found)
    return looked_up(context, found, _org_id(context, found))


def _breaks(context: click.Context, found: Checked) -> tuple[Mapping[str, Any], ...]:
    """Who broke leases of this organisation."""
    if not found.inventory.project.lock.git:
        return ()
    ref = ref_of(found, _org_id(context, found))
    try:
        return breaks_of(ref) if ref and ref.names() else ()
    except GuardRefusal as error:
        Screen.of(context).note(error.message)
        return ()


def _break_line(broken: Mapping[str, Any]) -> Line:
    by = broken.get("by") or {}
    time = datetime.fromtimestamp(float(broken.get("time") or 0), UTC)
    text = f"  {by.get('actor', '?')} broke a lease ({broken.get('why')}), held by {holder_of(broken.get('was') or {})}"
    return line((f"{time:%Y%m%dT%H%M%S}", BOLD), text)


def _ending(run: Run) -> str:
    summary = run.summary
    if summary is None:
        return "not ended: killed, or still under way"
    if summary.get("ended") == KILLED:
        return f"ended {KILLED}"
    if summary.get("ended") != "finished" and "outcomes" not in summary:
        return f"{summary.get('ended')} {summary.get('error') or ''}".strip()
    tally = ", ".join(f"{count} {status}" for status, count in dict(summary.get("outcomes") or {}).items())
    wrong, unread = (len(summary.get(name) or ()) for name in ("not_as_declared", "not_read_back"))
    parts = [summary["ended"]] if summary.get("ended") == "interrupted" else []
    parts += [tally or "nothing to do"]
    parts += [f"{wrong} not as declared"] if wrong else []
    parts += [f"{unread} not read back"] if unread else []
    return ", ".join(parts)


def _list_line(run: Run) -> Line:

    header = run.header
    return line(
        (run.run_id, BOLD),
        f"  {header.get('who', {}).get('actor', '?')}  {_ending(run)}",
        _commit(header.get("commit")),
    )


def _commit(commit: Mapping[str, Any] | None) -> str:
    if not commit:
        return ""
    return f"  commit {str(commit.get('id'))[:10]}{' with changes' if commit.get('changed') else ''}"


def _show_lines(run: Run) -> Iterator[Line]:

    header = run.header
    organisation = header.get("org") or {}
    yield line((f"Run {run.run_id}", BOLD), f": {_ending(run)}")
    if not header:
        yield line("Its first line is lost: nobody knows of which organisation it was.", indent=2)
        return
    who = header.get("who") or {}
    yield line(f"by {who.get('actor', '?')}, {header.get('time', '?')}{_commit(header.get('commit'))}", indent=2)
    if who.get("job"):
        yield line(str(who["job"]), indent=2)
    yield line(f"{organisation.get('name')} ({organisation.get('id')}) at {header.get('host')}", indent=2)
    yield line(f"plan {header.get('plan')}, reconciler {header.get('version')}", indent=2)
    before = {item.get("address"): item for item in run.of("write")}
    for outcome in run.of("outcome"):
        yield BLANK
        detail = f": {outcome['detail']}" if outcome.get("detail") else ""
        yield line((str(outcome.get("address")), BOLD), f"  {outcome.get('action')} {outcome.get('status')}{detail}")
        yield from _before(before.pop(outcome.get("address"), {}), block)
    for address, write in before.items():
        yield BLANK
        yield line((str(address), BOLD), f"  {write.get('action')} begun: what became of it is not recorded")
        yield from _before(write, block)
    requests = run.of("request")
    yield BLANK
    yield line((f"{len(requests)} requests", BOLD))
    for item in requests:
        text = f"{item.get('method'):<6} {item.get('path')}  {item.get('status')}  {item.get('milliseconds')} ms"
        yield line(text, (f"  {item.get('request_id')}" if item.get("request_id") else "", DIM), indent=2)


def _before(write: Mapping[str, Any], block: Callable[[Any], list[str]]) -> Iterator[Line]:

    if write.get("before"):
        yield line("before:", indent=4)
        for row in block(write["before"]):
            yield line(row, indent=6)
