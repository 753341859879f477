"""The stages in order. Start reading here.

    load -> compose -> validate -> read -> resolve -> match -> diff -> plan -> apply -> verify -> report
    files   documents  resources   live    ids->names  pairs    changes  ordered  outcomes

Each arrow is a value; only read, apply and verify touch the network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from reconciler.applying.locator import Locator
from reconciler.causes import no_longer_declared, with_causes
from reconciler.diagnostics import in_order
from reconciler.drift.adopt import Adoption, adopt
from reconciler.drift.attribution import Log, attributed, edits_of
from reconciler.drift.checking import check_adoption
from reconciler.drift.exceptions import exceptions_of, expired_diagnostics
from reconciler.drift.log import DAYS, read_log
from reconciler.drift.sites import site_places
from reconciler.drift.trees import EditedTree, text_of
from reconciler.errors import GuardRefusal
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Outcome, Plan
from reconciler.model.drift import Drift, Unmanaged
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.journal import NO_JOURNAL, Journal
from reconciler.model.match import Matches
from reconciler.model.options import Options, Progress, no_progress
from reconciler.model.resource import Live
from reconciler.policies.checking import with_policies
from reconciler.policies.rules import adjusted
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


def load_inventory(tree: FileTree, *, environ: Mapping[str, str] | None, run_policies: bool = False) -> Inventory:
    """Files -> checked resources. Problems are in `.diagnostics`.

    `environ` is where `!secret env:NAME` looks; None: the inventory is not trusted, and no secret is looked up.
    `run_policies` executes the Python files that the project file names under `policies`.
    """
    known, loaded = kinds(), load(tree)
    composed = compose(loaded, kinds=known, secrets=secrets_for(tree, environ))
    code = tree if run_policies else None
    return with_policies(validate(composed, known), loaded.project, code, kinds=known, now=datetime.now(UTC))


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
    planned = _planned(inventory, compared, options=options, today=today)
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
    live = read(client, inventory, org_id=org_id, kinds=known, prune=options.prune, progress=progress)
    guard_organisation(live, inventory.project.org.name)
    matches = match(inventory.resources, resolve(live, kinds=known), kinds=known)
    return Compared(matches.live or live, matches)


def _planned(inventory: Inventory, compared: Compared, *, options: Options, today: date) -> Plan:
    known, project = kinds(), inventory.project
    found = diff(compared.matches.matches, kinds=known, ignore=tuple(project.ignore), today=today)
    planned = plan(found, compared.matches, compared.live, project=project, options=options, kinds=known)
    return replace(planned, diagnostics=adjusted(planned.diagnostics, project.rules))


def find_drift(
    inventory: Inventory,
    client: MistClient,
    compared: Compared,
    *,
    options: Options,
    days: int = DAYS,
    today: date | None = None,
) -> Drift:
    """What was compared -> a drift report: the plan that would undo the drift, who made it, what exceptions hide.

    Asks the audit log of the last `days` when there is something to ask about.
    """
    known, rules = kinds(), tuple(inventory.project.ignore)
    today = today or datetime.now(UTC).date()
    planned = _planned(inventory, compared, options=options, today=today)
    everything = diff(compared.matches.matches, kinds=known)
    found = diff(compared.matches.matches, kinds=known, ignore=rules, today=today)
    exceptions = exceptions_of(rules, everything, found, today=today)
    diagnostics = in_order([*planned.diagnostics, *expired_diagnostics(exceptions)])
    report = Drift(
        plan=replace(planned, diagnostics=diagnostics),
        unmanaged=tuple(Unmanaged(address=address) for address in planned.unmanaged),
        exceptions=exceptions,
        sites=site_places(planned, compared.matches, compared.live),
    )
    return _with_edits(report, client, days) if planned.changes or planned.unmanaged else report


def adopt_drift(
    report: Drift,
    compared: Compared,
    inventory: Inventory,
    tree: FileTree,
    *,
    environ: Mapping[str, str],
    fields: tuple[str, ...] = (),
    override: bool = False,
) -> Adoption:
    """A drift report -> edited texts of the inventory's files, in which live is what is declared. Nothing is written.

    The edited inventory is composed and compared with the same live state: raises `InventoryError` when it would be
    invalid, and `ReconcilerError` when anything but the adopted objects would change, or drift would be left.
    """
    known = kinds()

    def read_text(file: str) -> str:
        return text_of(tree, file)

    adoption = adopt(report.plan.changes, inventory, read_text, kinds=known, fields=fields, override=override)
    if adoption.files:
        edited = load_inventory(EditedTree(tree, adoption.files), environ=environ)
        matches = match(edited.resources, compared.live, kinds=known)
        left = diff(matches.matches, kinds=known)
        check_adoption(adoption, inventory, edited, left)
    return adoption


def _with_edits(report: Drift, client: MistClient, days: int) -> Drift:
    before = client.calls.total
    read_back = read_log(client, report.plan.org_id, days=days)
    log = Log(read_back.events, kinds=kinds(), ids=report.plan.ids)
    told = replace(
        report.plan,
        changes=attributed(report.plan.changes, log),
        reads=report.plan.reads + client.calls.total - before,
    )
    return replace(report, plan=told, unmanaged=edits_of(told.unmanaged, log, told.ids), log=read_back.read)


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
