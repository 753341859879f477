"""What keeps an apply alone, and on record."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from msgspec import Struct, field
from msgspec.structs import replace

from reconciler import __version__
from reconciler.approval.saved import plan_digest, plan_key
from reconciler.cli.inventory import Checked, environment
from reconciler.cli.options import flags_of, remember, remembered
from reconciler.cli.records import looked_up, records_of, share_of, shared
from reconciler.cli.screen import Screen
from reconciler.errors import UsageError
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Outcome, Plan
from reconciler.model.journal import NO_JOURNAL, Journal, Write
from reconciler.pipeline.online import let_lists_show
from reconciler.runs.closing import close_killed
from reconciler.runs.lock import organisation_lock, state_directory
from reconciler.runs.reading import created_since, list_runs, made_by_killed
from reconciler.runs.record import DIRECTORY, SUFFIX, recording
from reconciler.runs.sealing import secrets_of
from reconciler.runs.sharing import Share
from reconciler.runs.who import commit_of, who
from reconciler.settings import Settings, api_token, settings

_LAGGING = timedelta(minutes=2)
"""How far back a run may have been killed whose objects lists don't show yet."""
_LATELY = timedelta(hours=1)
"""How far back what was created may be missing in a list of the cloud."""


@contextmanager
def locked(context: click.Context, chosen: Settings, found: Checked) -> Iterator[None]:
    """Keeps other applies to the same organisation away for as long as this one runs: those on this machine, and with
    `lock: {git: true}` those on others."""
    timeout = float(remembered(context, "lock_timeout") or 0)
    directory = state_directory(environment(context))
    with (
        organisation_lock(directory, org_id=chosen.org_id, timeout=timeout, tell=Screen.of(context).note),
        shared(context, found, chosen.org_id, timeout=timeout),
    ):
        yield


def let_lists_catch_up(context: click.Context, client: MistClient, chosen: Settings, found: Checked) -> None:
    """Waits until lists show what a run made that was killed a moment ago: a plan goes by lists."""
    since = datetime.now(UTC) - _LAGGING
    made = made_by_killed(records_of(found), org_id=chosen.org_id, since=since)
    let_lists_show(client, made, tell=Screen.of(context).note)


PLAN_FILE = "plan_file"
ROLLBACK = "rollback"
_SELECTION = ("target", "exclude", "prune", "ack_deletes", "base", "changed_since")


def source_of(context: click.Context) -> dict[str, Any]:
    """What a run applies, so that it can be gone on with: a plan's file, or the inventory with its selection."""
    file = remembered(context, PLAN_FILE)
    if file:
        return {"plan": str(file)}
    if run := remembered(context, ROLLBACK):
        return {ROLLBACK: str(run)}
    given = {name: remembered(context, name) for name in _SELECTION}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}


def resumed(context: click.Context, found: Checked, org_id: str) -> Path | None:
    """Sets what the last run of this organisation was given, and returns the file of its plan, if that was one.

    Raises `UsageError` where there is no run to go on with."""
    runs = list_runs(looked_up(context, found, org_id))
    run = next((item for item in runs if item.header.get("org", {}).get("id") == org_id), None)
    if run is None or "source" not in run.header:
        raise UsageError(
            "There is no run of this organisation on record to go on with", remedy="Apply without --resume"
        )
    source = run.header["source"]
    Screen.of(context).note(f"Going on with run {run.run_id}.")
    if isinstance(source.get("plan"), str):
        return Path(source["plan"])
    if ROLLBACK in source:
        raise UsageError(
            f"Run {run.run_id} was a rollback, not an apply",
            remedy=f"go on with it by the same command: `reconciler rollback {source[ROLLBACK]}`",
        )
    for name in _SELECTION:
        value = source.get(name)
        remember(context, name, tuple(value) if isinstance(value, list) else value)
    return None


def _forget(_outcomes: Sequence[Outcome], _exit_code: int) -> None:
    """Records nothing."""


class Recorder(Struct, frozen=True, kw_only=True):
    """What an apply tells: its `journal`, and how it ended."""

    journal: Journal
    finish: Callable[[Sequence[Outcome], int], None] = field(default=_forget)


@contextmanager
def recorded(context: click.Context, plan: Plan, found: Checked, *, whole: bool) -> Iterator[Recorder]:
    """A record of this run, unless --no-record is given; requests are in it from here on. `whole`: nothing of the
    inventory was left out by a selection."""
    records, share = records_of(found), share_of(context)
    alone = found.inventory.project.lock.git or not (records.parts[-2:] != DIRECTORY.parts or share)
    closed = close_killed(records, org_id=plan.org_id, machine="" if alone else socket.gethostname())
    if closed:
        Screen.of(context).note(f"Run {closed[0]} ended without a summary: this one goes on from what is live now.")
    earlier = created_since(records, org_id=plan.org_id, since=datetime.now(UTC) - _LATELY)
    if remembered(context, "no_record"):
        yield Recorder(journal=leased(replace(NO_JOURNAL, earlier=earlier), share))
        return

    screen = Screen.of(context)
    with recording(records, _header(context, plan, found, whole=whole)) as record:
        if share is not None:
            share.sends(record.path, *(records / f"{run}{SUFFIX}" for run in closed))
            share.begin()
        context.obj.listeners.on_request = record.request

        def finish(outcomes: Sequence[Outcome], exit_code: int) -> None:
            record.finish(outcomes, exit_code=exit_code)

        try:
            journal = replace(record.journal(secrets_of(plan)), earlier=earlier)
            yield Recorder(journal=leased(journal, share), finish=finish)
        finally:
            context.obj.listeners.on_request = None
            if record.problem:
                screen.note(f"The record {record.path} is not whole: {record.problem}")


def leased(journal: Journal, share: Share | None) -> Journal:
    """The journal of a run that may write only as long as it holds its lease."""
    if share is None:
        return journal

    def before(write: Write) -> None:
        share.must_hold()
        journal.before(write)

    return replace(journal, before=before)


def _header(context: click.Context, plan: Plan, found: Checked, *, whole: bool) -> dict[str, Any]:
    """Who applies what, where, from which commit."""
    variables = environment(context)
    chosen = settings(found.inventory.project, variables, flags_of(context))
    return {
        "who": who(variables),
        "machine": socket.gethostname(),
        "org": {"id": plan.org_id, "name": plan.org_name},
        "host": chosen.connection().host_name,
        "plan": plan_digest(plan, key=plan_key(variables, api_token(variables)), kinds=kinds()),
        "changes": len(plan.changes),
        "whole": whole and not plan.errors,
        "source": source_of(context),
        "commit": commit_of(found.directory),
        "inventory": str(found.directory.resolve()),
        "policies": [] if remembered(context, "no_policies") else [item.id for item in found.inventory.policies],
        "version": __version__,
    }
