"""Drift: what was compared -> who made live differ -> the way back into git. The pipeline's second half for reports.

compare -> diff -> plan -> attribute (audit log) -> report
                              -> adopt (live values into the user's YAML)
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from reconciler.diagnostics import in_order
from reconciler.drift.adopt import Adoption, adopt
from reconciler.drift.attribution import Log, attributed, edits_of
from reconciler.drift.checking import check_adoption
from reconciler.drift.exceptions import exceptions_of, expired_diagnostics
from reconciler.drift.log import DAYS, read_log
from reconciler.drift.sites import site_places
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient
from reconciler.model.drift import Drift, Unmanaged
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.match import Matches
from reconciler.model.options import Options
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import differences_of, planned_of
from reconciler.sources.edited import EditedTree, text_of
from reconciler.stages.diff import diff
from reconciler.stages.match import match


def find_drift(
    inventory: Inventory,
    client: MistClient,
    matches: Matches,
    *,
    options: Options,
    days: int = DAYS,
    today: date | None = None,
) -> Drift:
    """What was compared -> a drift report: the plan that would undo the drift, who made it, what exceptions hide.

    Asks the audit log of the last `days` when there is something to ask about.
    """
    rules = tuple(inventory.project.ignore)
    today = today or datetime.now(UTC).date()
    found = differences_of(inventory, matches, today=today)
    everything = diff(matches.matches, kinds=kinds()) if rules else found
    planned = planned_of(inventory, matches, found, options=options, client=client)
    exceptions = exceptions_of(rules, everything, found, today=today)
    diagnostics = in_order([*planned.diagnostics, *expired_diagnostics(exceptions)])
    report = Drift(
        plan=replace(planned, diagnostics=diagnostics),
        unmanaged=tuple(Unmanaged(address=address) for address in planned.unmanaged),
        exceptions=exceptions,
        sites=site_places(planned, matches),
    )
    return _with_edits(report, client, days) if planned.changes or planned.unmanaged else report


def adopt_drift(
    report: Drift,
    matches: Matches,
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
        left = diff(match(edited.resources, matches.live, kinds=known).matches, kinds=known)
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
