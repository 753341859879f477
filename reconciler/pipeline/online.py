"""read -> match -> diff -> plan -> apply: checked resources in, a plan and then outcomes out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from msgspec.structs import replace

from reconciler.approval.causes import with_causes
from reconciler.diagnostics import Diagnostic, Severity, SourceRange, in_order
from reconciler.drift.authors import with_authors
from reconciler.drift.log import read_log
from reconciler.drift.members import members
from reconciler.errors import GuardRefusal, InventoryError, UsageError
from reconciler.kinds import Kinds, kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.mist.client import MistClient
from reconciler.model.change import Action, Differences, Outcome, Plan
from reconciler.model.inventory import MISSING_SECRET, Inventory
from reconciler.model.journal import NO_JOURNAL, Journal
from reconciler.model.match import Matches
from reconciler.model.matching import covers, nearest
from reconciler.model.memory import Asked
from reconciler.model.options import Options, Progress, concerns, no_progress
from reconciler.model.project import Project
from reconciler.model.resource import Live, Resource
from reconciler.model.rows import BAD_ROW
from reconciler.pipeline.collector import paused_collector
from reconciler.pipeline.pins import has_foreign_pins, without_pins, word_of_pins
from reconciler.pipeline.reads import calls_to_come, wants_for
from reconciler.policies.rules import adjusted
from reconciler.semantics.naming import with_macs
from reconciler.semantics.sealing import missing_in, secret_names, secrets_in
from reconciler.semantics.together import sealed_together, secrets_of
from reconciler.stages.apply import apply
from reconciler.stages.diff import diff, release, strictly, with_former_names
from reconciler.stages.match import match
from reconciler.stages.plan import plan
from reconciler.stages.read import (
    asked_below,
    read,
    read_belongings,
    wait_until_listed,
    with_seen,
)


def make_plan(
    inventory: Inventory,
    client: MistClient,
    *,
    org_id: str,
    options: Options,
    progress: Progress = no_progress,
    bases: tuple[Inventory, ...] = (),
) -> Plan:
    """Checked resources -> ordered changes; with `bases`, the inventory at other commits, what one of them declares and
    this one doesn't is released, and each change gets its cause by the first of them.

    Raises `GuardRefusal` for the wrong organisation and `ApiError` when the cloud can't be read at all.
    """
    today = datetime.now(UTC).date()
    matches = compare(inventory, client, org_id=org_id, options=options, progress=progress, bases=bases)
    differing = differences_of(inventory, matches, today=today)
    planned = planned_of(inventory, matches, differing, options=options, client=client)
    _refuse_without_secrets(inventory, planned, options)
    if options.members:
        inside = members(matches.matches, kinds=kinds())
        planned = replace(planned, beside=tuple(f"{one.address} {item.path}" for one in inside for item in one.fields))
    if matches.before is not None and options.causes:
        planned = with_causes(planned, diff(matches.before.matches, kinds=kinds()).changes)
    spoken = _with_former(inventory, tuple(item for base in bases for item in base.resources))
    applying = calls_to_come(planned, inventory, spoken, matches.live, options=options, kinds=kinds())
    return replace(planned, applying=applying)


def compare(
    inventory: Inventory,
    client: MistClient,
    *,
    org_id: str,
    options: Options,
    progress: Progress = no_progress,
    whole: bool = False,
    bases: tuple[Inventory, ...] = (),
) -> Matches:
    """Reads what the inventory has to be compared with, and pairs it; with `whole` also what it has no word about, with
    `bases` also what only those declare, which is released. What an earlier run kept is taken for live only where
    nothing differs: all else is read again.

    Raises `InventoryError` for an inventory with errors, and `UsageError` for a selection that names nothing.
    """
    _refuse_invalid(inventory)
    options = _by_mac(inventory, options)
    told: tuple[Diagnostic, ...] = ()
    if has_foreign_pins(inventory, org_id) and not options.rollback:  # a record's ids are of its own organisation
        told = (word_of_pins(inventory, org_id),)
        inventory, bases = without_pins(inventory), tuple(map(without_pins, bases))

    def once() -> Matches:
        return _compared(inventory, client, org_id, options=options, progress=progress, whole=whole, bases=bases)

    matches, memory = once(), options.memory
    if memory is not None:
        if not memory.alone and memory.recalled and memory.forget(_differing(matches, org_id)):
            calls = matches.live.calls
            matches = once()
            matches = replace(matches, live=replace(matches.live, calls=matches.live.calls + calls))
        for item in matches.live.objects:
            memory.sealed[item.kind, item.id] = item.body
    return replace(matches, diagnostics=(*told, *matches.diagnostics)) if told else matches


def _differing(matches: Matches, org_id: str) -> Iterator[Asked]:
    """What has to be asked to see the objects that differ from what is declared."""
    known = kinds()
    ids = {item.address: item.id for item in matches.live.objects if item.address}
    for change in diff(matches.matches, kinds=known).changes:
        site = change.live.parent_id if change.live else change.address.parent and ids.get(change.address.parent)
        asked = asked_below(known[change.kind], site, org_id) if site else None
        if asked is not None and change.action is not Action.DELETE:
            yield asked


def _compared(
    inventory: Inventory,
    client: MistClient,
    org_id: str,
    *,
    options: Options,
    progress: Progress,
    whole: bool,
    bases: tuple[Inventory, ...],
) -> Matches:
    former = tuple(item for base in bases for item in base.resources)
    spoken = _with_former(inventory, former)
    bodies = [item.body for item in (*inventory.resources, *former)]
    client.know(secrets_in(bodies), names=secret_names(bodies))
    known = with_unmodelled(kinds()) if whole else kinds()
    wants = wants_for(spoken, options, kinds=known, whole=whole)
    live = read(client, wants, org_id=org_id, kinds=known, progress=progress, memory=options.memory)
    live = with_seen(live, options.seen, kinds=known) if options.seen else live
    guard_organisation(live, inventory.project.org.name)
    inventory = _as_before(inventory, bases, live, known)
    former = _known_too(inventory.resources, former)
    matches = _paired(inventory, live, former, known)
    if matches.doubtful and not (options.memory and options.memory.alone):
        matches = _with_authors(matches, client, kinds=known)
    if bases:
        former_ones = [_known_too(inventory.resources, base.resources) for base in bases]
        matches = _released(inventory, matches, former_ones, known)
    matches = strictly(matches, tuple(inventory.project.strict), kinds=known)
    client.know(secrets_of(matches))
    if not options.repeated:
        _refuse_unknown_selection(spoken, matches, options)
    return matches


@paused_collector()
def _paired(inventory: Inventory, live: Live, former: tuple[Resource, ...], known: Kinds) -> Matches:
    return sealed_together(match(with_former_names(inventory.resources, former), live, kinds=known))


@paused_collector()
def _released(inventory: Inventory, matches: Matches, former: Iterable[tuple[Resource, ...]], known: Kinds) -> Matches:
    before = [sealed_together(match(one, matches.live, kinds=known)) for one in former]
    return release(matches, before, kinds=known, keep=inventory.project.release == "keep")


def _as_before(inventory: Inventory, bases: tuple[Inventory, ...], live: Live, known: Kinds) -> Inventory:
    """The inventory, its objects with keys of their own with the ids that they have by what the first base says of
    them: a commit may change all that tells them apart, and a pipeline remembers no ids."""
    if not bases or not any(item.has_own_key and not item.known_id for item in inventory.resources):
        return inventory
    pairs = match(bases[0].resources, live, kinds=known).matches
    ids = {item.address: item.live.id for item in pairs if item.live and item.declared and item.declared.has_own_key}
    resources = (replace(item, known_id=item.known_id or ids.get(item.address, "")) for item in inventory.resources)
    return replace(inventory, resources=tuple(resources))


def _known_too(resources: Iterable[Resource], former: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """The base's objects with the ids that are known of the same addresses."""
    ids = {item.address: item.known_id for item in resources if item.known_id}
    return tuple(replace(item, known_id=ids.get(item.address, "")) for item in former) if ids else former


def _with_authors(matches: Matches, client: MistClient, *, kinds: Kinds) -> Matches:
    """What can't be told apart by name, with who made it: one look at the newest page of the audit log."""
    audit = read_log(client, matches.live.org_id, most=1)
    found = with_authors(matches.diagnostics, matches.doubtful, audit.events, kinds=kinds)
    return replace(matches, diagnostics=found, live=replace(matches.live, calls=matches.live.calls + audit.calls))


def _with_former(inventory: Inventory, former: tuple[Resource, ...]) -> Inventory:
    """The inventory with the objects that only a base declares: what must be read, and may be named."""
    if not former:
        return inventory
    now = {item.address for item in inventory.resources}
    more = {item.address: item for item in reversed(former) if item.address not in now}
    return replace(inventory, resources=(*inventory.resources, *reversed(more.values())))


@paused_collector()
def differences_of(inventory: Inventory, matches: Matches, *, today: date) -> Differences:
    """What differs, but for what the project file ignores until a day that has not passed."""
    return diff(matches.matches, kinds=kinds(), ignore=tuple(inventory.project.ignore), today=today)


def planned_of(
    inventory: Inventory, matches: Matches, found: Differences, *, options: Options, client: MistClient
) -> Plan:
    """What differs -> ordered changes. Where a first plan deletes, what goes along is read, and planned with it."""
    project, known = _pruning_what_is_known(inventory), with_unmodelled(kinds())
    options = _by_mac(inventory, options)
    with paused_collector():
        planned = plan(found, matches, project=project, options=options, kinds=known)
    doomed = [item.live for item in planned.changes if item.action is Action.DELETE and item.live]
    doomed = [item for item in doomed if known.deleted_with(item.kind)]
    if doomed and not (options.memory and options.memory.alone):
        moved = frozenset(item.live.id for item in planned.changes if item.live and item.moved_from)
        belongings = read_belongings(client, doomed, matches.live, kinds=kinds(), moved=moved)
        planned = plan(found, matches, project=project, options=options, kinds=known, belongings=belongings)
    unread = _unread_under_prune(inventory, matches) if options.prune else []
    diagnostics = in_order([*planned.diagnostics, *unread])
    return replace(planned, diagnostics=adjusted(diagnostics, project.rules))


def _by_mac(inventory: Inventory, options: Options) -> Options:
    """The options with devices by MAC address where a selection names them by their names. Raises `UsageError` for a
    name that several have."""
    try:
        targets = with_macs(options.targets, inventory.resources, kinds())
        excludes = with_macs(options.excludes, inventory.resources, kinds())
    except LookupError as error:
        raise UsageError(f"{error.args[0]}", remedy="`reconciler list` shows the addresses") from error
    return replace(options, targets=targets, excludes=excludes)


def _pruning_what_is_known(inventory: Inventory) -> Project:
    """The project file without the prune of kinds of which rows are left out: a bad row may be about any object."""
    manage = {name: rule for name, rule in inventory.project.manage.items() if name not in inventory.incomplete}
    return inventory.project.model_copy(update={"manage": manage})


def _unread_under_prune(inventory: Inventory, matches: Matches) -> list[Diagnostic]:
    """Lists in which something should have been deleted, and that could not be read."""
    manage = inventory.project.manage
    return [
        Diagnostic(
            severity=Severity.ERROR,
            rule="unread",
            summary="The live state could not be read",
            detail=f"nothing is deleted in a list of kind {miss.kind}, because reading it failed: {miss.reason}",
        )
        for miss in matches.live.unread
        if miss.kind in manage and manage[miss.kind].prune
    ]


def _refuse_invalid(inventory: Inventory) -> None:
    """An inventory with errors has objects that nobody can see: what it seems to say may be half of it."""
    errors = tuple(item for item in inventory.diagnostics if item.severity is Severity.ERROR and item.rule != BAD_ROW)
    if errors:
        raise InventoryError(
            f"The inventory has {len(errors)} error{'' if len(errors) == 1 else 's'}; nothing was read or written",
            diagnostics=errors,
            remedy="`reconciler validate` checks it without touching the network",
        )


def _refuse_without_secrets(inventory: Inventory, planned: Plan, options: Options) -> None:
    """What is left out of a plan needs no secrets. What was asked for does, and what comes into the plan because it is
    needed there."""
    if not any(item.rule == MISSING_SECRET for item in inventory.diagnostics):
        return
    chosen = {change.address for change in planned.changes}
    if not options.reads:
        chosen |= {item.address for item in inventory.resources if concerns(item.address, options)}
    missing = tuple(
        Diagnostic(
            severity=Severity.ERROR,
            rule=MISSING_SECRET,
            summary="A secret has no value",
            detail=f"{reference!r} was not found, and this object needs it here",
            address=str(item.address),
            source=SourceRange(*reference.mark),
        )
        for item in inventory.resources
        if item.address in chosen and (reference := missing_in(item.body))
    )
    if missing:
        raise InventoryError(
            f"{len(missing)} object{' needs' if len(missing) == 1 else 's need'} a secret that has no value; "
            "nothing was written",
            diagnostics=missing,
        )


def _refuse_unknown_selection(inventory: Inventory, matches: Matches, options: Options) -> None:
    """A target that names nothing is most often a typing error, and an exclude that names nothing excludes nothing."""
    known = {item.address for item in inventory.resources}
    known |= {item.address for item in matches.live.objects if item.address}
    for flag, patterns in (("--target", options.targets), ("--exclude", options.excludes)):
        for pattern in patterns:
            if not any(covers((pattern,), address) for address in known):
                near = nearest(pattern, (address.text for address in known))
                raise UsageError(
                    f"{flag} {pattern} names nothing that is declared or live",
                    remedy=f"Did you mean {' or '.join(near)}?" if near else "`reconciler list` shows the addresses",
                )


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


def let_lists_show(client: MistClient, made: Mapping[str, frozenset[str]], *, tell: Callable[[str], None]) -> None:
    """Waits until lists show the ids of new objects, by the path of their list: a plan goes by lists."""
    wait_until_listed(client, made, tell=tell)


def guard_organisation(live: Live, expected: str | None) -> None:
    """The wrong-organisation guard: the name in reconciler.yaml must be the live one."""
    if expected is not None and live.org_name != expected:
        raise GuardRefusal(
            f"This inventory is for the organisation {expected!r}, but {live.org_id} is {live.org_name!r}",
            remedy="correct org.id or org.name in reconciler.yaml, or MIST_ORG_ID",
        )
