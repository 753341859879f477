"""How many calls the apply of a plan makes, if nobody and nothing disturbs it: changes in, a number out.

What is counted here is what `stages/apply` does: a look at the token, one before creates, a read and a write per
change, the lists at the end. An answer that is not complete, a repeat or a list that lags cost more.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from reconciler.kinds import Endpoint, Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.resource import Live
from reconciler.semantics.bulk import (
    FEW,
    MOST,
    Group,
    calls_saved,
    groups_of,
    pages_of,
    together,
    writes_saved,
)
from reconciler.stages.plan.device_calls import DeviceCalls

_FEW_LISTS = 2
"""So many lists are read at the end rather than one of each kind below sites and the organisation's last one."""
_TOKEN = 1
List = tuple[str, Address | None]
"""A collection: its path in general, and the object that the path names."""


def calls_to_apply(changes: Sequence[Change], live: Live, kinds: Kinds) -> int:
    """Every call of the apply of these changes, read or write; none where there is nothing to do."""
    if not changes:
        return 0
    return (0 if live.token_known else _TOKEN) + _Forecast(changes, live, kinds).total()


class _Forecast:
    def __init__(self, changes: Sequence[Change], live: Live, kinds: Kinds) -> None:
        self._changes = changes
        self._kinds = kinds
        self._live = live
        self._made = [change for change in changes if _is_made(change, kinds)]
        self._new = {change.address for change in self._made}
        self._devices = DeviceCalls(changes, live, kinds)

    def total(self) -> int:
        saved = calls_saved(self._changes, self._live.objects, self._kinds)
        others = [change for change in self._changes if not self._devices.covers(change)]
        writes = sum(map(self._writes, others)) - sum(saved.values()) + self._devices.writes
        looks = sum(map(self._looks, others)) + self._devices.looks + self._together()
        return writes + looks + self._twins() + self._lists() + self._many(saved)

    def _together(self) -> int:
        """What calls for many updates and deletes make of the calls for each: lists around them, and no other look."""
        held, more = self._held(), -writes_saved(self._changes, self._kinds)
        for group, members in together(self._changes, self._kinds).items():
            if group.gives:
                continue
            count = held[self._list(members[0])]
            left = count - len(members) if group.action is Action.DELETE else count
            more += pages_of(count) * -(-len(members) // MOST) + pages_of(left) - len(members)
        return more

    def _many(self, saved: Iterable[Group]) -> int:
        """The lists that show what a call for many objects made."""
        held, lists = self._held(), {(change.kind, change.address.parent): self._list(change) for change in self._made}
        held.update(self._list(change) for change in self._made)
        return sum(pages_of(held[lists[group]]) for group in saved)

    def _writes(self, change: Change) -> int:
        """A write, and another one for references that close a cycle; an update of nothing else has only the latter."""
        later = bool(change.deferred)
        now = change.address in self._new or change.action is Action.DELETE or not later
        return later + (now or bool({*change.replaces, *change.clears} - set(change.deferred)))

    def _looks(self, change: Change) -> int:
        """The reads just before the writes: none before a create, nor in what was made a moment ago."""
        fresh = change.address in self._new or (change.live is None and change.address.parent in self._new)
        return (not fresh) + bool(change.deferred)

    def _twins(self) -> int:
        """The look for what a create would double: into the audit log, which shows that the plan's lists still hold.
        A call for many objects must know all that its list holds."""
        held, many = self._held(), groups_of(self._changes, self._kinds)
        lists = {
            self._list(group[0]) for (_, parent), group in many.items() if len(group) >= FEW and parent not in self._new
        }
        log = any(change.address.parent not in self._new for change in self._made)
        return log + sum(pages_of(held[path]) for path in lists)

    def _lists(self) -> int:
        """The lists that tell what is gone, show what is new, and what no answer showed; one object is read alone."""
        new = [*self._made, *self._devices.made]
        made = {self._list(change): change for change in new}
        if len(made) > _FEW_LISTS and self._twins():
            paths = [(item.kind, self._list(item)) for item in new]
            last = {"" if path[0].startswith("orgs/") else kind: path for kind, path in paths}
            made = {path: made[path] for path in last.values()}
        gone = [item for item in self._changes if item.action is Action.DELETE or _leaves(item)]
        held = self._held()
        held.update(self._list(change) for change in self._made)
        held.subtract(self._list(change) for change in gone)
        back = Counter(map(self._list, self._devices.read_back))
        read = {*made, *map(self._list, gone), *(path for path, count in back.items() if count > 1)}
        return sum(pages_of(held[path]) for path in read) + len(back.keys() - read)

    def _held(self) -> Counter[List]:
        """How many live objects each list holds."""
        found: Counter[List] = Counter()
        for item in self._live.objects:
            if item.address is not None and not self._kinds[item.kind].singleton:
                found[self._path(item.kind, item.address)] += 1
        return found

    def _list(self, change: Change) -> List:
        return self._path(change.kind, change.address)

    def _path(self, kind: str, address: Address) -> List:
        parent = address.parent
        ends: Iterable[Endpoint] = self._kinds[kind].endpoints
        end = next((one for one in ends if one.parent == (parent.kind if parent else None)), None)
        if end is None or end.collection is None:
            return kind, parent
        return end.collection, None if end.parent_field or end.parent is None else parent


def _is_made(change: Change, kinds: Kinds) -> bool:
    return change.live is None and change.placement is None and not kinds[change.kind].singleton


def _leaves(change: Change) -> bool:
    return bool(change.placement and change.placement.leaves)
