"""The stages in order. Start reading here.

    load -> compose -> validate -> read -> resolve -> match -> diff -> plan -> apply -> verify -> report
    files   documents  resources   live    ids->names  pairs    changes  ordered  outcomes

Each arrow is a value; only read, apply and verify touch the network.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from reconciler.applying.locator import Locator
from reconciler.audit import read_log, with_edits
from reconciler.causes import no_longer_declared, with_causes
from reconciler.diagnostics import in_order
from reconciler.errors import GuardRefusal
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Outcome, Plan
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.options import Options, Progress, no_progress
from reconciler.model.resource import Live
from reconciler.secrets import secrets_for
from reconciler.stages.apply import apply
from reconciler.stages.compose import compose
from reconciler.stages.diff import diff
from reconciler.stages.load import load
from reconciler.stages.match import match
from reconciler.stages.plan import plan
from reconciler.stages.read import read
from reconciler.stages.resolve import resolve
from reconciler.stages.validate import validate
from reconciler.stages.verify import verify


def load_inventory(tree: FileTree, *, environ: Mapping[str, str]) -> Inventory:
    """Files -> checked resources. `environ` is where `!secret env:NAME` looks. Problems are in `.diagnostics`."""
    known = kinds()
    composed = compose(load(tree), kinds=known, secrets=secrets_for(tree, environ))
    return validate(composed, known)


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
    known, project, today = kinds(), inventory.project, datetime.now(UTC).date()
    live = read(client, inventory, org_id=org_id, kinds=known, prune=options.prune, progress=progress)
    guard_organisation(live, project.org.name)
    resolved = resolve(live, kinds=known)
    matches = match(inventory.resources, resolved, kinds=known)
    found = diff(matches.matches, kinds=known, ignore=tuple(project.ignore), today=today)
    planned = plan(found, matches, resolved, project=project, options=options, kinds=known)
    if base is None:
        return planned
    before = diff(match(base.resources, resolved, kinds=known).matches, kinds=known)
    dropped = no_longer_declared(inventory.resources, base.resources)
    told = replace(planned, diagnostics=in_order([*planned.diagnostics, *dropped]))
    return with_causes(told, before.changes)


def tell_edits(planned: Plan, client: MistClient) -> Plan:
    """For a drift report: the same plan, each change with who last edited the object. One more call, if any."""
    if not planned.changes:
        return planned
    before = client.calls.total
    told = with_edits(planned, read_log(client, planned.org_id), kinds=kinds())
    return replace(told, reads=planned.reads + client.calls.total - before)


def apply_plan(
    planned: Plan, client: MistClient, *, options: Options, progress: Progress = no_progress
) -> tuple[Outcome, ...]:
    """Ordered changes -> outcomes, read back. Raises `GuardRefusal` before the first write."""
    locator = Locator(planned, kinds())
    outcomes = apply(planned, client, locator, options=options, progress=progress)
    return verify(planned, outcomes, client, locator, progress=progress)


def guard_organisation(live: Live, expected: str | None) -> None:
    """The wrong-organisation guard: the name in reconciler.yaml must be the live one."""
    if expected is not None and live.org_name != expected:
        raise GuardRefusal(
            f"This inventory is for the organisation {expected!r}, but {live.org_id} is {live.org_name!r}",
            remedy="correct org.id or org.name in reconciler.yaml, or MIST_ORG_ID",
        )
