"""read -> match -> diff -> plan -> apply: checked resources in, a plan and then outcomes out."""

from dataclasses import replace
from datetime import UTC, date, datetime

from reconciler.approval.causes import no_longer_declared, with_causes
from reconciler.diagnostics import in_order
from reconciler.errors import GuardRefusal
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Differences, Outcome, Plan
from reconciler.model.inventory import Inventory
from reconciler.model.journal import NO_JOURNAL, Journal
from reconciler.model.match import Matches
from reconciler.model.options import Options, Progress, no_progress
from reconciler.model.resource import Live
from reconciler.policies.rules import adjusted
from reconciler.semantics.sealing import sealed_together, secret_names, secrets_in, secrets_of
from reconciler.stages.apply import apply
from reconciler.stages.diff import diff
from reconciler.stages.match import match
from reconciler.stages.plan import plan
from reconciler.stages.read import read


def make_plan(
    inventory: Inventory,
    client: MistClient,
    *,
    org_id: str,
    options: Options,
    progress: Progress = no_progress,
    base: Inventory | None = None,
) -> Plan:
    """Checked resources -> ordered changes; with `base`, the inventory at another commit, each with its cause.

    Raises `GuardRefusal` for the wrong organisation and `ApiError` when the cloud can't be read at all.
    """
    today = datetime.now(UTC).date()
    matches = compare(inventory, client, org_id=org_id, options=options, progress=progress)
    planned = planned_of(inventory, matches, differences_of(inventory, matches, today=today), options=options)
    if base is None:
        return planned
    known = kinds()
    before = diff(sealed_together(match(base.resources, matches.live, kinds=known)).matches, kinds=known)
    dropped = no_longer_declared(inventory.resources, base.resources)
    found = adjusted(in_order([*planned.diagnostics, *dropped]), inventory.project.rules)
    return with_causes(replace(planned, diagnostics=found), before.changes)


def compare(
    inventory: Inventory,
    client: MistClient,
    *,
    org_id: str,
    options: Options,
    progress: Progress = no_progress,
) -> Matches:
    """Reads what the inventory has to be compared with, and pairs it."""
    known = kinds()
    bodies = [item.body for item in inventory.resources]
    client.know(secrets_in(bodies), names=secret_names(bodies))
    live = read(client, inventory, org_id=org_id, kinds=known, prune=options.prune, progress=progress)
    guard_organisation(live, inventory.project.org.name)
    matches = sealed_together(match(inventory.resources, live, kinds=known))
    client.know(secrets_of(matches))
    return matches


def differences_of(inventory: Inventory, matches: Matches, *, today: date) -> Differences:
    """What differs, but for what the project file ignores until a day that has not passed."""
    return diff(matches.matches, kinds=kinds(), ignore=tuple(inventory.project.ignore), today=today)


def planned_of(inventory: Inventory, matches: Matches, found: Differences, *, options: Options) -> Plan:
    """What differs -> ordered changes."""
    project = inventory.project
    planned = plan(found, matches, project=project, options=options, kinds=kinds())
    return replace(planned, diagnostics=adjusted(planned.diagnostics, project.rules))


def apply_plan(
    planned: Plan,
    client: MistClient,
    *,
    options: Options,
    progress: Progress = no_progress,
    journal: Journal = NO_JOURNAL,
) -> tuple[Outcome, ...]:
    """Ordered changes -> outcomes, read back; `journal` hears of each. Raises `GuardRefusal` before the first write."""
    return apply(planned, client, kinds=kinds(), options=options, progress=progress, journal=journal)


def guard_organisation(live: Live, expected: str | None) -> None:
    """The wrong-organisation guard: the name in reconciler.yaml must be the live one."""
    if expected is not None and live.org_name != expected:
        raise GuardRefusal(
            f"This inventory is for the organisation {expected!r}, but {live.org_id} is {live.org_name!r}",
            remedy="correct org.id or org.name in reconciler.yaml, or MIST_ORG_ID",
        )
