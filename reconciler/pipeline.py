"""The stages in order. Start reading here.

    load -> compose -> validate -> read -> resolve -> match -> diff -> plan -> apply -> verify -> report
    files   documents  resources   live    ids->names  pairs    changes  ordered  outcomes

Each arrow is a value; only read, apply and verify touch the network. Drift goes on from the same comparison in
`drifting.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from reconciler.applying.locator import Locator
from reconciler.causes import no_longer_declared, with_causes
from reconciler.diagnostics import in_order
from reconciler.errors import GuardRefusal
from reconciler.kinds import kinds
from reconciler.loading.collector import paused_collector
from reconciler.mist.client import MistClient
from reconciler.model.change import Outcome, Plan
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.journal import NO_JOURNAL, Journal
from reconciler.model.match import Matches
from reconciler.model.options import Options, Progress, no_progress
from reconciler.model.resource import Live
from reconciler.policies.checking import with_policies
from reconciler.policies.rules import adjusted
from reconciler.secrets import secrets_for
from reconciler.semantics.sealing import former_secrets, sealed_together, secret_names, secrets_in
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


def load_inventory(tree: FileTree, *, environ: Mapping[str, str] | None, run_policies: bool = False) -> Inventory:
    """Files -> checked resources. Problems are in `.diagnostics`.

    `environ` is where `!secret env:NAME` looks; None: the inventory is not trusted, and no secret is looked up.
    `run_policies` executes the Python files that the project file names under `policies`.
    """
    with paused_collector():
        known, loaded = kinds(), load(tree)
        composed = compose(loaded, kinds=known, secrets=secrets_for(tree, environ))
        checked = validate(composed, known)
    code = tree if run_policies else None
    return with_policies(checked, loaded.project, code, kinds=known, now=datetime.now(UTC))


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
    compared = compare(inventory, client, org_id=org_id, options=options, progress=progress)
    planned = planned_of(inventory, compared, options=options, today=today)
    if base is None:
        return planned
    known = kinds()
    before = diff(match(base.resources, compared.live, kinds=known).matches, kinds=known)
    dropped = no_longer_declared(inventory.resources, base.resources)
    found = adjusted(in_order([*planned.diagnostics, *dropped]), inventory.project.rules)
    told = replace(planned, diagnostics=found)
    return with_causes(told, before.changes)


@dataclass(frozen=True, slots=True)
class Compared:
    """Declared and live side by side: `live` is resolved."""

    live: Live
    matches: Matches


def compare(
    inventory: Inventory,
    client: MistClient,
    *,
    org_id: str,
    options: Options,
    progress: Progress = no_progress,
) -> Compared:
    """Reads what the inventory has to be compared with, and pairs it."""
    known = kinds()
    bodies = [item.body for item in inventory.resources]
    client.know(secrets_in(bodies), names=secret_names(bodies))
    live = read(client, inventory, org_id=org_id, kinds=known, prune=options.prune, progress=progress)
    guard_organisation(live, inventory.project.org.name)
    resources, resolved = sealed_together(inventory.resources, resolve(live, kinds=known))
    client.know(secrets_in((*(item.body for item in resources), *(item.body for item in resolved.objects))))
    matches = match(resources, resolved, kinds=known)
    for item in matches.matches:
        if item.declared and item.live:
            client.know(former_secrets(item.declared.body, item.live.body))
    return Compared(matches.live or live, matches)


def planned_of(inventory: Inventory, compared: Compared, *, options: Options, today: date) -> Plan:
    """What was compared -> ordered changes."""
    known, project = kinds(), inventory.project
    found = diff(compared.matches.matches, kinds=known, ignore=tuple(project.ignore), today=today)
    planned = plan(found, compared.matches, compared.live, project=project, options=options, kinds=known)
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
    locator = Locator(planned, kinds())
    outcomes = apply(planned, client, locator, options=options, progress=progress, journal=journal)
    return verify(planned, outcomes, client, locator, progress=progress)


def guard_organisation(live: Live, expected: str | None) -> None:
    """The wrong-organisation guard: the name in reconciler.yaml must be the live one."""
    if expected is not None and live.org_name != expected:
        raise GuardRefusal(
            f"This inventory is for the organisation {expected!r}, but {live.org_id} is {live.org_name!r}",
            remedy="correct org.id or org.name in reconciler.yaml, or MIST_ORG_ID",
        )
