"""read -> match -> put back -> diff -> plan: what a recorded run wrote in, the plan that takes it back out."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from reconciler.kinds import kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Plan
from reconciler.model.inventory import Inventory
from reconciler.model.match import Matches
from reconciler.model.options import Options, Progress, no_progress
from reconciler.model.written import Former, Written
from reconciler.pipeline.online import compare, differences_of, planned_of
from reconciler.stages.diff import (
    not_looked_at,
    objects_of,
    put_back,
    referring_below,
    referring_to,
    with_secrets,
)


def filled_in(written: Iterable[Written], *, before: Former, after: Former) -> tuple[Written, ...]:
    """What a run wrote, with the secrets that inventories `before` it and `after` it have."""
    return with_secrets(written, before=before, after=after, kinds=kinds())


def make_rollback(
    inventory: Inventory,
    written: Iterable[Written],
    client: MistClient,
    *,
    org_id: str,
    options: Options,
    progress: Progress = no_progress,
) -> Plan:
    """What a run wrote -> ordered changes. Of the inventory only the project file counts: the organisation's name,
    limits, what is protected or ignored. Raises as `make_plan`."""
    known, past = kinds(), tuple(written)
    former = replace(inventory, resources=objects_of(past, kinds=known), diagnostics=())
    below = referring_below(past, kinds=known)
    options = replace(options, beside=referring_to(past, kinds=known), beside_at=below)
    matches = compare(former, client, org_id=org_id, options=options, progress=progress)
    matches = put_back(matches, past, kinds=known, delete_created=options.delete_created)
    unread = not_looked_at(matches, below, kinds=known) if _makes_again(matches) else []
    matches = replace(matches, diagnostics=(*matches.diagnostics, *unread))
    differing = differences_of(former, matches, today=datetime.now(UTC).date())
    plan = planned_of(former, matches, differing, options=options, client=client)
    return replace(plan, unmanaged=())  # what the run did not write is none of its business


def _makes_again(matches: Matches) -> bool:
    return any(item.declared and not item.live for item in matches.matches)
