"""`--snapshot FILE`: what a run has read is kept for the next one, which reads only what was touched since."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from reconciler.approval.saved import plan_key
from reconciler.cli.inventory import environment
from reconciler.cli.options import remembered
from reconciler.cli.screen import Screen
from reconciler.cli.spans import age
from reconciler.diagnostics import in_order
from reconciler.errors import UsageError
from reconciler.mist.client import MistClient
from reconciler.model.change import Plan
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.pipeline.snapshot import Recalled, keep, not_refreshed, recall, recall_alone
from reconciler.settings import Settings, api_token
from reconciler.snapshot.file import load, path_of, save


class Remembering(Struct, frozen=True, kw_only=True):
    """The `options` of a run with what is known already; `told` adds to its plan what is to be said about that, and
    `keep` writes down what it has read."""

    options: Options
    told: Callable[[Plan], Plan] = lambda plan: plan
    keep: Callable[[], None] = lambda: None


def remembering(
    context: click.Context,
    inventories: Sequence[Inventory],
    client: MistClient,
    chosen: Settings,
    *,
    options: Options,
) -> Remembering:
    """What --snapshot and --no-refresh ask for; nothing where they are not given. Raises `UsageError` and
    `GuardRefusal` for a file that may not be used."""
    given: Path | None = remembered(context, "snapshot")
    alone = bool(remembered(context, "no_refresh"))
    if given is None:
        if alone:
            raise UsageError("--no-refresh plans against a snapshot", remedy="Name it with --snapshot")
        return Remembering(options=options)
    if alone and options.prune:
        raise UsageError("--prune deletes only what was just read", remedy="Plan without --no-refresh")
    variables, now = environment(context), datetime.now(UTC)
    key, path = plan_key(variables, api_token(variables)), path_of(given, chosen.org_id)
    max_age = age(remembered(context, "snapshot_max_age"), flag="--snapshot-max-age")
    loaded = load(path, org_id=chosen.org_id, key=key, max_age=max_age, now=now)
    if alone:
        found = recall_alone(inventories, loaded, key=key)
        return Remembering(options=replace(options, memory=found.memory), told=lambda plan: _alone(plan, found))
    before = client.calls.total
    found = recall(client, inventories, loaded, org_id=chosen.org_id, key=key, prune=options.prune)
    calls = client.calls.total - before

    def told(plan: Plan) -> Plan:
        diagnostics = in_order([*plan.diagnostics, *found.diagnostics])
        return replace(plan, diagnostics=diagnostics, reads=plan.reads + calls)

    def write_down() -> None:
        snapshot = keep(found, inventories, org_id=chosen.org_id, key=key, now=now)
        screen = Screen.of(context)
        if snapshot is None:
            screen.note(f"No snapshot was kept: {found.since.problem or 'the audit log could not be read'}.")
            return
        save(snapshot, path, key=key)
        if found.snapshot is not None:
            read = len(found.memory.answers) - len(found.memory.recalled)
            screen.note(
                f"From the snapshot of {found.snapshot.made:%Y-%m-%d %H:%M} UTC: {len(found.memory.recalled):,} lists; "
                f"{read:,} were read."
            )

    return Remembering(options=replace(options, memory=found.memory), told=told, keep=write_down)


def _alone(plan: Plan, found: Recalled) -> Plan:
    said = [not_refreshed(found.snapshot)] if found.snapshot else []
    return replace(plan, diagnostics=in_order([*plan.diagnostics, *said]))
