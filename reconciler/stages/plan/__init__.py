"""Changes in, an ordered plan out: which deletes may happen, what depends on what, which sites a template reaches.

Pure. A guard that says no becomes an error diagnostic of a rule in `GUARD_RULES`; nothing is raised here.
"""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.diagnostics import in_order as diagnostics_in_order
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Change, Differences, Plan
from reconciler.model.match import Match, Matches
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Live
from reconciler.semantics.naming import Names
from reconciler.stages.plan.guards import check_limits, split_deletes
from reconciler.stages.plan.order import in_order, needed_by
from reconciler.stages.plan.reach import Reach
from reconciler.stages.plan.selection import concerns, select


def plan(found: Differences, matches: Matches, *, project: Project, options: Options, kinds: Kinds) -> Plan:
    """The plan of what `diff` found."""
    live = matches.live
    declared = {item.declared.address for item in matches.matches if item.declared}
    ids = _ids(matches, live)
    names = Names({*declared, *(Address(text) for text in ids), Address.of("org", live.org_name)})

    def needs(item: Change | Match) -> list[Address]:
        return needed_by(item, kinds=kinds, names=names)

    needed = {address for item in matches.matches for address in needs(item)}
    split = split_deletes(
        list(found.changes), declared, needed, holders=kinds.holders, project=project, prune=options.prune
    )
    selected = select(split.changes, options, needs)
    unpaired = [item for item in matches.diagnostics if concerns(item, options)]
    ordered, problems = in_order(selected.changes, kinds=kinds, names=names)
    reach = Reach(matches, kinds)
    planned = tuple(replace(change, reaches=reach.sites(change)) for change in ordered)
    limits = check_limits(planned, live, declared=len(declared), project=project, options=options)
    return Plan(
        org_id=live.org_id,
        org_name=live.org_name,
        changes=planned,
        unchanged=found.unchanged,
        unmanaged=split.unmanaged,
        diagnostics=diagnostics_in_order([*unpaired, *split.diagnostics, *selected.diagnostics, *problems, *limits]),
        reads=live.calls,
        writes=sum(_writes(change) for change in planned),
        ids=ids,
        timezones=_timezones(live),
    )


def _timezones(live: Live) -> Mapping[str, str]:
    """The time zones of live sites by address: policies ask what the hour is there."""
    zones = {item.address.text: item.body.get("timezone") for item in live.objects if item.address}
    return {text: zone for text, zone in sorted(zones.items()) if isinstance(zone, str) and zone}


def _writes(change: Change) -> int:
    """How many writing calls a change takes: a second one for references that close a cycle."""
    return 2 if change.deferred else 1


def _ids(matches: Matches, live: Live) -> Mapping[str, str]:
    """Live ids by address text, under the live name and, after a rename, under the declared one."""
    ids = {item.address.text: item.id for item in live.objects if item.address}
    ids |= {item.address.text: item.live.id for item in matches.matches if item.live and item.declared}
    ids[Address.of("org", live.org_name).text] = live.org_id
    return dict(sorted(ids.items()))
