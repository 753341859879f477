"""The order of a plan: what a change waits for, and references that close a cycle.

A create waits for what it refers to and what holds it; a delete waits until nothing refers to the object any more.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds import Kinds, Reference
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.match import Match
from reconciler.semantics.forms import references_in
from reconciler.semantics.naming import Names, is_uuid


def in_order(
    changes: list[Change], *, kinds: Kinds, names: Names, unread: frozenset[str] = frozenset()
) -> tuple[list[Change], list[Diagnostic]]:
    """The changes with `depends_on` and `deferred` set, each after what it waits for; the order is the same for the
    same input. References to nothing are diagnostics; `unread` are the kinds of which not all could be read."""
    graph = _Graph(changes, kinds, names, unread)
    for change in changes:
        graph.connect(change)
    graph.connect_deletes()
    return graph.sorted(), graph.diagnostics


def needed_by(change: Change | Match, *, kinds: Kinds, names: Names) -> list[Address]:
    """What must exist for a declared object: what shall hold it, and what it refers to, in a fixed order."""
    if change.declared is None:
        return []
    scope, body, kind = change.address.parent, change.declared.body, kinds[change.kind]
    found = [names.find(reference.kind, name, scope) for reference, name in references_in(kind, body)]
    holders, step = [], None if kind.holder and kind.holder.field in body else scope
    while step:
        holders.append(step)
        step = step.parent
    return [*holders, *(address for address in found if address is not None)]


class _Graph:
    def __init__(self, changes: list[Change], kinds: Kinds, names: Names, unread: frozenset[str]) -> None:
        self.kinds = kinds
        self.unread = unread
        self.names = names
        self.changes = {change.address: change for change in changes}
        self.waits: defaultdict[Address, set[Address]] = defaultdict(set)
        self.late: list[tuple[Address, Address, str]] = []
        self.deferred: defaultdict[Address, set[str]] = defaultdict(set)
        self.diagnostics: list[Diagnostic] = []

    def connect(self, change: Change) -> None:
        if change.action is Action.DELETE:
            return
        parent = change.address.parent
        if parent in self.changes and self._creates(parent):
            self.waits[change.address].add(parent)
        if change.declared is None:
            return
        for reference, name in references_in(self.kinds[change.kind], change.declared.body):
            if reference.root in change.replaces:
                self._connect_reference(change, reference, name)

    def _connect_reference(self, change: Change, reference: Reference, name: str) -> None:
        target = self.names.find(reference.kind, name, change.address.parent)
        if reference.itself:
            self.diagnostics.append(_foreign(change, reference, name))
        elif target is None:
            if name in self.kinds.implicit(reference.kind):
                return
            if not is_uuid(name) or self._all_read(reference.kind):
                self.diagnostics.append(_unknown(change, reference, name))
        elif target != change.address and self._creates(target):
            if reference.late:
                self.late.append((change.address, target, reference.root))
            else:
                self.waits[change.address].add(target)

    def _all_read(self, kind: str) -> bool:
        """Whether every live object of a kind is known, so that an id that none of them has is a mistake: what lives
        in sites too is read only where it is wanted."""
        places = self.kinds[kind].endpoints if kind in self.kinds else ()
        return (
            kind not in self.unread
            and bool(places)
            and all(place.parent is None and place.collection for place in places)
        )

    def connect_deletes(self) -> None:
        """What names a doomed object goes, or changes, first; what it holds as well. Of two that name each other
        one goes first, and the cloud doesn't mind."""
        doomed = sorted(address for address, change in self.changes.items() if change.action is Action.DELETE)
        before = self._before(set(doomed))
        for address in doomed:
            for other in sorted(before[address]):
                if not self._reaches(other, address):
                    self.waits[address].add(other)

    def _before(self, doomed: set[Address]) -> Mapping[Address, set[Address]]:
        """What goes, or changes, before each doomed object: found from what holds or names it, in one pass."""
        before: defaultdict[Address, set[Address]] = defaultdict(set)
        for address, change in self.changes.items() if doomed else ():
            if change.action is Action.DELETE and address.parent in doomed and address.parent:
                before[address.parent].add(address)
            if change.placement and change.placement.before in doomed:
                before[change.placement.before].add(address)
            if change.moved_from and Address(change.moved_from) in doomed:
                before[Address(change.moved_from)].add(address)
            for reference, name in references_in(self.kinds[change.kind], change.live.body) if change.live else ():
                target = self.names.find(reference.kind, name, address.parent)
                if target in doomed and target is not None and target != address:
                    before[target].add(address)
        return before

    def _creates(self, address: Address) -> bool:
        found = self.changes.get(address)
        return found is not None and found.action is Action.CREATE

    def sorted(self) -> list[Change]:
        """Kahn's algorithm with a heap, so that equal input gives equal order."""
        for source, target, root in sorted(self.late, key=lambda edge: (edge[0], edge[1], edge[2])):
            if self._reaches(target, source):
                self.deferred[source].add(root)
            else:
                self.waits[source].add(target)
        open_count = {address: len(self.waits[address]) for address in self.changes}
        dependents: defaultdict[Address, list[Address]] = defaultdict(list)
        for address in self.changes:
            for target in self.waits[address]:
                dependents[target].append(address)
        heap = [(self._rank(address), address) for address, count in open_count.items() if count == 0]
        heapq.heapify(heap)
        result: list[Change] = []
        while heap:
            _, address = heapq.heappop(heap)
            result.append(self._finished(address))
            for dependent in dependents[address]:
                open_count[dependent] -= 1
                if open_count[dependent] == 0:
                    heapq.heappush(heap, (self._rank(dependent), dependent))
        if len(result) != len(self.changes):
            raise RuntimeError("changes wait for each other")
        return result

    def _reaches(self, start: Address, goal: Address) -> bool:
        seen, stack = set(), [start]
        while stack:
            address = stack.pop()
            if address == goal:
                return True
            if address not in seen:
                seen.add(address)
                stack += self.waits[address]
        return False

    def _rank(self, address: Address) -> tuple[int, int]:
        change = self.changes[address]
        order = self.kinds[change.kind].order
        return (1, -order) if change.action is Action.DELETE else (0, order)

    def _finished(self, address: Address) -> Change:
        change = self.changes[address]
        return replace(
            change,
            depends_on=tuple(sorted(self.waits[address])),
            deferred=tuple(root for root in change.replaces if root in self.deferred[address]),
        )


def _foreign(change: Change, reference: Reference, name: str) -> Diagnostic:
    """What is left of such a reference after the organisation's own id has become `true`."""
    said = f"names the organisation {name!r} in `{reference.field}`, and that is not this one: write `true`"
    return _not_in_cloud(change, said)


def _unknown(change: Change, reference: Reference, name: str) -> Diagnostic:
    said = f"names the {reference.kind} {name!r} in `{reference.field}`"
    return _not_in_cloud(change, f"{said}: declare it, correct the name, or write the object's id")


def _not_in_cloud(change: Change, said: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.ERROR,
        rule="not-in-cloud",
        summary="A name is neither declared nor in the cloud",
        detail=f"{change.address} {said}",
        address=str(change.address),
        source=change.source,
    )
