"""Changes in, an ordered plan out: which deletes may happen, what depends on what, which sites a template reaches.

Pure. A guard that says no becomes an error diagnostic of a rule in `GUARD_RULES`; nothing is raised here.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from msgspec.structs import replace

from reconciler.diagnostics import in_order as diagnostics_in_order
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Compared, Differences, Plan
from reconciler.model.match import NO_BELONGINGS, Belongings, Match, Matches
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Live
from reconciler.semantics.bulk import calls_saved, writes_saved
from reconciler.semantics.naming import Names
from reconciler.stages.plan.compared import SITE, compared
from reconciler.stages.plan.deletes import Standing, split_deletes
from reconciler.stages.plan.device_calls import DeviceCalls
from reconciler.stages.plan.forecast import calls_to_apply
from reconciler.stages.plan.guards import check_limits
from reconciler.stages.plan.idle import idle_rules, wide_rules
from reconciler.stages.plan.judging import judge
from reconciler.stages.plan.left_out import unknown_belongings, without_broken
from reconciler.stages.plan.moves import holding_on, leaving
from reconciler.stages.plan.order import in_order, needed_by
from reconciler.stages.plan.reach import Reach
from reconciler.stages.plan.selection import concerns, select


def plan(
    found: Differences,
    matches: Matches,
    *,
    project: Project,
    options: Options,
    kinds: Kinds,
    belongings: Belongings = NO_BELONGINGS,
) -> Plan:
    """The plan of what `diff` found; `belongings` are what goes with the live objects that a first plan deletes."""
    live = matches.live
    matched = {item.declared.address for item in matches.matches if item.declared}
    declared = {*matched, *matches.aside}
    absent = {item.declared.address for item in matches.matches if item.declared and item.declared.absent}
    left_out = [Match(address=item.address, kind=item.kind, declared=item) for item in matches.left_out]
    ids = _ids(matches, live)
    names = Names(chain(declared, map(Address, ids), (Address.of("org", live.org_name),)))

    def needs(item: Change | Match) -> list[Address]:
        return needed_by(item, kinds=kinds, names=names)

    staying = [item for item in (*matches.matches, *left_out) if not (item.declared and item.declared.absent)]
    deletes = any(item.action is Action.DELETE for item in found.changes)
    needed = {address for item in staying for address in needs(item)} if deletes else set()
    judged = judge(found.changes, kinds, needs)
    moving = leaving(judged.changes)
    needed |= holding_on(matches.matches, matches.left_out, moving, kinds) if deletes else set()
    standing = Standing(
        declared={*declared, *(item.address for item in left_out)} - absent - _going(moving),
        needed=needed,
        unclear={(item.kind, item.address.parent) for item in left_out},
        holders=kinds.holders,
        never=frozenset(kind.name for kind in kinds if kind.hardware),
    )
    split = split_deletes(judged.changes, standing, project=project, prune=options.prune)
    selected = select(split.changes, options, needs, moving)
    unpaired = [item for item in (*matches.diagnostics, *judged.diagnostics) if concerns(item, options)]
    ordered, problems = in_order(
        selected.changes, kinds=kinds, names=names, unread=frozenset(miss.kind for miss in live.unread)
    )
    problems += unknown_belongings(ordered, belongings)
    kept, waiting = without_broken(ordered, problems)
    reach = Reach(matches, kinds)
    planned = tuple(replace(_with_belongings(change, belongings), reaches=reach.sites(change)) for change in kept)
    idle = [*idle_rules(project, declared, live, kinds), *wide_rules(project, options, declared, live)]
    limits = check_limits(planned, live, declared=len(declared), project=project, options=options)
    return Plan(
        org_id=live.org_id,
        org_name=live.org_name,
        changes=planned,
        unchanged=found.unchanged,
        unmanaged=split.unmanaged,
        diagnostics=diagnostics_in_order(
            [*unpaired, *split.diagnostics, *selected.diagnostics, *problems, *waiting, *limits, *idle]
        ),
        reads=live.calls + belongings.calls,
        writes=_writes(planned, live, kinds),
        applying=calls_to_apply(planned, live, kinds),
        ids=ids,
        timezones=_timezones(live),
        compared=_compared(matches, kinds, options),
    )


def _going(moving: Mapping[Address, Sequence[Address]]) -> set[Address]:
    """The declared addresses that move out of what their address lies in: the way back of a move."""
    return {address for holder, each in moving.items() for address in each if address.parent == holder}


def _compared(matches: Matches, kinds: Kinds, options: Options) -> Compared:
    found = compared(matches, kinds, options.spared)
    return replace(found, spared=found.spared + (options.memory.reused if options.memory else 0))


def _with_belongings(change: Change, belongings: Belongings) -> Change:
    if change.action is not Action.DELETE or change.live is None:
        return change
    own = change.live.id
    return replace(change, takes=belongings.takes.get(own, ()), releases=belongings.releases.get(own, ()))


def _timezones(live: Live) -> Mapping[str, str]:
    """The time zones of live sites by address: policies ask what the hour is there."""
    zones = {
        item.address.text: item.body.get("timezone") for item in live.objects if item.address and item.kind == SITE
    }
    return {text: zone for text, zone in sorted(zones.items()) if isinstance(zone, str) and zone}


def _writes(changes: Sequence[Change], live: Live, kinds: Kinds) -> int:
    """How many writing calls the apply takes: two for references that close a cycle, fewer where one is for many."""
    devices = DeviceCalls(changes, live, kinds)
    each = sum(2 if change.deferred else 1 for change in changes if not devices.covers(change))
    saved = sum(calls_saved(changes, live.objects, kinds).values()) + writes_saved(changes, kinds)
    return each + devices.writes - saved


def _ids(matches: Matches, live: Live) -> Mapping[str, str]:
    """Live ids by address text, under the live name and, after a rename, under the declared one."""
    ids = {item.address.text: item.id for item in live.objects if item.address}
    ids |= {item.address.text: item.live.id for item in matches.matches if item.live and item.declared}
    ids[Address.of("org", live.org_name).text] = live.org_id
    return dict(sorted(ids.items()))
