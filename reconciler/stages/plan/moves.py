"""What moves from one holder to another, and the holders that go: changes and matches in, what hangs on what out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from reconciler.kinds import Kinds
from reconciler.model.address import Address, former_address
from reconciler.model.change import Change
from reconciler.model.match import Match
from reconciler.model.resource import Resource


def leaving(changes: Iterable[Change]) -> Mapping[Address, Sequence[Address]]:
    """What moves away, by the address of what holds it until then: whoever deletes that deletes what is still in it."""
    found: defaultdict[Address, list[Address]] = defaultdict(list)
    for change in changes:
        if change.moved_from:
            found[Address(change.moved_from)].append(change.address)
    return found


def holding_on(
    matches: Iterable[Match], left_out: Iterable[Resource], moving: Mapping[Address, Sequence[Address]], kinds: Kinds
) -> set[Address]:
    """What still holds something that is declared elsewhere and does not move in this run: because of an error, or
    because its differences are ignored. It can't go."""
    goes = {address for each in moving.values() for address in each}
    found: set[Address] = set()
    for item in matches:
        holder = kinds[item.kind].holder
        if holder and item.live and item.declared and holder.field in item.declared.body and item.address not in goes:
            found.add(Address.of(holder.kind, item.live.body.get(holder.field)))
    for resource in left_out:
        former = (former_address(alias, resource.kind) for alias in resource.aliases)
        found.update(address.parent for address in former if address and address.parent)
    return found
