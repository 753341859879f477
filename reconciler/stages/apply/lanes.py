"""Which of the changes that wait for nothing goes next: writes that share something go one after the other.

The cloud loses members of a site group that two sites join at the same time, so that sites of one group form a lane.
What waits for its lane takes no thread: others go meanwhile.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Change

Lane = tuple[str, str]


class Lanes:
    """The changes that may begin, in the order of the plan."""

    def __init__(self, changes: Iterable[Change], kinds: Kinds) -> None:
        self._order: dict[Address, int] = {}
        self._of: dict[Address, frozenset[Lane]] = {}
        for at, change in enumerate(changes):
            self._order[change.address] = at
            if root := kinds[change.kind].serial:
                self._of[change.address] = frozenset((change.kind, value) for value in _values(change, root))
        self._ready: list[tuple[int, Address]] = []
        self._busy: set[Lane] = set()
        self._waiting: defaultdict[Lane, list[tuple[int, Address]]] = defaultdict(list)

    def add(self, address: Address) -> None:
        """A change waits for no other any more."""
        heapq.heappush(self._ready, (self._order[address], address))

    def take(self) -> Address | None:
        """The next change, whose lanes are taken until it is `done`; None where all that are ready wait for theirs."""
        while self._ready:
            at, address = heapq.heappop(self._ready)
            lanes = self._of.get(address, frozenset())
            taken = sorted(lanes & self._busy)
            if not taken:
                self._busy |= lanes
                return address
            heapq.heappush(self._waiting[taken[0]], (at, address))
            self._wake(lanes - self._busy)  # it came for these, and waits for another
        return None

    def done(self, address: Address) -> None:
        """The lanes of a change are free again."""
        lanes = self._of.get(address, frozenset())
        self._busy -= lanes
        self._wake(lanes)

    def _wake(self, lanes: Iterable[Lane]) -> None:
        """The first one of each lane may go, or see what else it waits for."""
        for lane in sorted(lanes):
            if self._waiting[lane]:
                heapq.heappush(self._ready, heapq.heappop(self._waiting[lane]))


def _values(change: Change, root: str) -> Iterator[str]:
    """The values that a root has before or after a change."""
    bodies: list[Mapping[str, Any]] = [side.body for side in (change.declared, change.live) if side]
    for body in bodies:
        value = body.get(root)
        yield from (item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
