"""Drift: what was compared -> who made live differ -> the way back into git. The pipeline's second half for reports.

compare -> diff -> plan -> attribute (audit log) -> report
                              -> adopt (live values into the user's YAML)
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from msgspec.structs import replace

from reconciler.approval.causes import with_causes
from reconciler.diagnostics import in_order
from reconciler.drift.adopt import Adoption, adopt
from reconciler.drift.attribution import Log, attributed, edits_of
from reconciler.drift.checking import check_adoption
from reconciler.drift.elsewhere import elsewhere
from reconciler.drift.exceptions import exceptions_of, expired, expired_diagnostics, is_path
from reconciler.drift.log import AuditLog, read_log
from reconciler.drift.looked import Looked, unchanged
from reconciler.drift.members import members
from reconciler.drift.sites import site_places
from reconciler.drift.undeclared import is_accepted, undeclared
from reconciler.kinds import Kinds, kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.mist.client import MistClient
from reconciler.model.drift import Drift, Member, Unmanaged
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.listing import Share, shares_of
from reconciler.model.match import Matches
from reconciler.model.matching import is_meant
from reconciler.model.options import Options, concerns
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import differences_of, planned_of
from reconciler.pipeline.tables import TableEdits
from reconciler.sources.edited import BOM, EditedTree, text_of
from reconciler.stages.diff import diff
from reconciler.stages.match import match


def untouched(
    inventory: Inventory, audit: AuditLog, looked: Looked | None, *, options: Options, today: date | None = None
) -> Options:
    """The options with the lists that need not be read again: those that an earlier report looked at, and in which the
    audit log shows no change since."""
    if looked is None or options.prune or options.targets or options.changed_since:
        return options
    today = today or datetime.now(UTC).date()
    spared = unchanged(looked, audit, inventory.project, kinds=with_unmodelled(kinds()), today=today)
    return replace(options, spared=spared)


def find_drift(
    inventory: Inventory,
    client: MistClient,
    matches: Matches,
    audit: AuditLog,
    *,
    options: Options,
    today: date | None = None,
) -> Drift:
    """What was compared -> a drift report: the plan that would undo the drift, who made it, what exceptions hide.

    `audit` is the newest part of the audit log; where there is more to ask about, the rest of it is read as well.
    """
    rules = tuple(inventory.project.ignore)
    known = with_unmodelled(kinds())
    today = today or datetime.now(UTC).date()
    found = differences_of(inventory, matches, today=today)
    everything = diff(matches.matches, kinds=kinds()) if rules else found
    planned = planned_of(inventory, matches, found, options=options, client=client)
    if matches.before is not None:
        planned = with_causes(planned, diff(matches.before.matches, kinds=kinds()).changes)
    loose = undeclared(matches, inventory.project, kinds=known, today=today)
    new = [address for address in loose.new if concerns(address, options)]
    exceptions = exceptions_of(rules, everything, found, today=today, accepted=loose.accepted)
    diagnostics = in_order([*planned.diagnostics, *expired_diagnostics(exceptions)])
    report = Drift(
        plan=replace(planned, diagnostics=diagnostics, unmanaged=tuple(new)),
        unmanaged=tuple(Unmanaged(address=address) for address in new),
        exceptions=exceptions,
        sites=site_places(planned, matches),
        shares={} if options.narrowed else _shares(matches, known),
    )
    in_force = [rule for rule in rules if not expired(rule, today)]
    if audit.more and (planned.changes or new):
        first = audit.calls
        audit = read_log(client, report.plan.org_id, days=audit.read.days)
        audit = replace(audit, calls=audit.calls + first)
    noticed = [
        item
        for item in elsewhere(audit.events, matches.live, kinds=known, spared=options.spared)
        if concerns(item.address, options) and not is_accepted(item.address.text, in_force)
    ]
    inside = [item for item in members(matches.matches, kinds=known) if concerns(item.address, options)]
    log = Log(audit.events, kinds=known, ids=planned.ids)
    added = tuple(
        Member(address=change.address, path=item.path, edited=item.edited)
        for change in attributed(inside, log)
        for item in change.fields
        if not any(is_meant(change.address.text, rule.address) and is_path(rule.field, item.path) for rule in in_force)
    )
    return replace(_with_edits(report, audit, kinds=known), elsewhere=tuple(noticed), members=added)


def _shares(matches: Matches, known: Kinds) -> dict[str, Share]:
    """How many of the live objects that were read are declared."""
    live = [item for item in matches.live.objects if item.address and not known[item.kind].singleton]
    declared = {(item.kind, item.live.id) for item in matches.matches if item.declared and item.live}
    return shares_of((known[item.kind].plural, (item.kind, item.id) in declared) for item in live)


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
    known = with_unmodelled(kinds())

    def read_text(file: str) -> str:
        return text_of(tree, file)

    tables = TableEdits(tree, inventory, only_utf8=True)
    adoption = adopt(
        report.plan.changes, inventory, read_text, kinds=known, fields=fields, override=override, cells=tables.write
    )
    adoption.files.update({file: data.decode().removeprefix(BOM) for file, data in tables.changed().items()})
    if adoption.files:
        edited = load_inventory(EditedTree(tree, adoption.files), environ=environ)
        left = diff(match(edited.resources, matches.live, kinds=known).matches, kinds=known)
        check_adoption(adoption, inventory, edited, left)
    return adoption


def _with_edits(report: Drift, audit: AuditLog, *, kinds: Kinds) -> Drift:
    log = Log(audit.events, kinds=kinds, ids=report.plan.ids)
    plan = replace(
        report.plan,
        changes=attributed(report.plan.changes, log),
        reads=report.plan.reads + audit.calls,
    )
    return replace(report, plan=plan, unmanaged=edits_of(plan.unmanaged, log, plan.ids), log=audit.read)
