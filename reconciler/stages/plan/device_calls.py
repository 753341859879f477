"""What the apply calls for things that are assigned to sites (`Kind.is_assigned`): changes in, numbers out.

What is counted here is what `stages/apply/placing.py`, `assigned.py`, `arriving.py` and `many.py` do, by themselves or
many at once, if nobody and nothing disturbs it.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from reconciler.kinds import Kind, Kinds
from reconciler.model.change import Action, Change
from reconciler.model.resource import Live
from reconciler.semantics.bulk import MOST, arrivals, claims_saved, given, pages_of, together
from reconciler.semantics.equality import is_empty

_STAYS_BEHIND = frozenset({"map", "x", "y"})
"""Roots of a device that mean nothing at another site."""


class DeviceCalls:
    """The calls for the changes of devices, and of what else is assigned to sites."""

    def __init__(self, changes: Sequence[Change], live: Live, kinds: Kinds) -> None:
        self._kinds = kinds
        self._live = live
        self._changes = changes
        self._own = [change for change in changes if self.covers(change)]
        self._groups = arrivals(changes, kinds)
        self._given = {group: given(some, kinds) for group, some in self._groups.items() if not group.leaves}
        self._profiles = [some for group, some in together(changes, kinds).items() if group.gives]
        self._in_group = {change.address for some in self._groups.values() for change in some}
        self._is_given = {item.address for each in self._given.values() for some in each.values() for item in some}
        self._is_profiled = {change.address for some in self._profiles for change in some}

    def covers(self, change: Change) -> bool:
        """Whether a change is counted here: of a device, or one that brings something else to its site."""
        return bool(change.placement or self._kinds[change.kind].hardware)

    @property
    def writes(self) -> int:
        """Claiming, assigning, configuring and giving profiles."""
        many = [
            *self._groups.values(),
            *self._profiles,
            *(some for each in self._given.values() for some in each.values()),
        ]
        return sum(map(_calls, many)) + sum(map(self._writes, self._own)) - claims_saved(self._changes, self._kinds)

    @property
    def looks(self) -> int:
        """The reads before and between the writes; not those at the end."""
        many = 0
        for group, members in self._groups.items():
            many += _calls(members) * self._claimed_pages
            if not group.leaves:
                many += len({item.placement.site_id for item in members if item.placement and _moves(item)})
                many += 1 + bool(self._given[group])
        many += sum((_calls(some) + 1) * self._claimed_pages for some in self._profiles)
        return many + sum(map(self._looks, self._own))

    @property
    def read_back(self) -> Sequence[Change]:
        """The changes whose last write does not answer the whole object."""
        return [change for change in self._own if self._assigns(change)]

    @property
    def made(self) -> Sequence[Change]:
        """What is new in its list because it was claimed."""
        return [change for change in self._own if change.action is Action.CREATE]

    @cached_property
    def _claimed_pages(self) -> int:
        new = sum(bool(change.placement and change.placement.claims) for change in self._own)
        return pages_of(len(self._live.claimed or ()) + new)

    def _writes(self, change: Change) -> int:
        place, kind = change.placement, self._kinds[change.kind]
        if change.address in self._is_profiled:
            return 0
        goes = bool(place and (kind.hardware or change.address.parent or place.site_id))
        moves = bool(place and place.claims) + (goes and change.address not in self._in_group)
        return moves if place and place.leaves else moves + self._puts(change) + self._assigns(change)

    def _looks(self, change: Change) -> int:
        """A device is looked for first, and read at its site; what it had at its old one is read as well."""
        place = change.placement
        if change.address in self._in_group or change.address in self._is_profiled:
            return 0
        if place is None or place.leaves:
            return 1
        return 2 + bool(_moves(change) and self._kinds[change.kind].hardware)

    def _puts(self, change: Change) -> bool:
        """Whether a PUT configures it: with what changes, and with what it had at the site that it comes from."""
        kind = self._kinds[change.kind]
        assigned = _assigned(kind)
        if {*change.replaces, *change.clears} - assigned.keys():
            return True
        if not kind.hardware or not _moves(change) or change.live is None:
            return False
        left = {*kind.read_only, *_STAYS_BEHIND, *assigned.values(), *assigned, kind.key}
        return any(root not in left and not is_empty(value) for root, value in change.live.body.items())

    def _assigns(self, change: Change) -> int:
        """How many references calls of its own assign, for this change alone."""
        assigned = _assigned(self._kinds[change.kind]).keys()
        if (change.placement and change.placement.leaves) or change.address in self._is_profiled | self._is_given:
            return 0
        sent = {*change.replaces, *change.clears} & assigned
        if _moves(change) and change.live:
            sent |= {root for root in assigned if change.live.body.get(root)}  # it goes along
        return len(sent)


def _moves(change: Change) -> bool:
    """Whether something comes from another site, by itself and not in the place of another one."""
    place = change.placement
    return bool(place and place.site_id and not place.leaves and not place.replaces)


def _assigned(kind: Kind) -> Mapping[str, str]:
    """The fields that calls of their own assign, and what the API calls them."""
    return {reference.field: reference.api for reference in kind.references if reference.assigned}


def _calls(members: Sequence[Change]) -> int:
    return -(-len(members) // MOST)
