"""Which changes go in calls for many objects: changes in, groups of them out.

The vendor's document has such a call for passphrases, user MACs and assets (`.../import`). It changes what it knows
already, by the natural key alone, so that only objects of which nothing of that key is there, or comes twice, go by it.
Passphrases and user MACs are also changed (`PUT` of the list) and deleted (`.../delete`) by their ids.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from reconciler.kinds import Endpoint, Kinds
from reconciler.model.address import Address, plain_mac
from reconciler.model.change import Action, Change
from reconciler.model.resource import LiveObject

FEW = 5
"""Fewer than these are created one by one."""
MOST = 500
"""How many go in one call."""

Group = tuple[str, Address | None]
"""A kind, and the parent that its objects lie in."""
Together = tuple[Action, str, Address | None]
"""What is done, to objects of which kind, below which parent."""


_PAGE = 1000
"""How many objects a page of a list holds."""


def pages_of(count: int) -> int:
    """The calls for a list of so many objects: a full page is followed by another one, be it empty."""
    return count // _PAGE + 1


def groups_of(changes: Iterable[Change], kinds: Kinds) -> Mapping[Group, Sequence[Change]]:
    """The creates that a call for many objects can make, by kind and parent: they wait for nothing but their parent,
    and have no more fields than that call takes."""
    found: defaultdict[Group, list[Change]] = defaultdict(list)
    for change in changes:
        parent = change.address.parent
        endpoint = kinds[change.kind].endpoint(parent.kind if parent else None)
        if endpoint and endpoint.bulk and _fits(change, endpoint) and set(change.depends_on) <= {parent}:
            found[change.kind, parent].append(change)
    return found


def _fits(change: Change, endpoint: Endpoint) -> bool:
    if change.action is not Action.CREATE or change.live or change.deferred or change.declared is None:
        return False
    roots = {root for root, value in change.declared.body.items() if value is not None}
    return not endpoint.bulk_fields or roots <= endpoint.bulk_fields


def alone_of_its_key(group: Sequence[Change], kinds: Kinds, taken: Collection[str]) -> Sequence[Change]:
    """Those whose key nothing live has (`taken`) and no other one of the group; nothing where they are few."""
    keys = [key_of(change.declared.body if change.declared else {}, change.kind, kinds) for change in group]
    counts = Counter(keys)
    found = [change for change, key in zip(group, keys, strict=True) if counts[key] == 1 and key not in taken]
    return found if len(found) >= FEW else ()


def key_of(body: Mapping[str, object], kind: str, kinds: Kinds) -> str:
    """The natural key that the call for many objects knows an object by."""
    value = str(body.get(kinds[kind].key) or "")
    return plain_mac(value) if kinds[kind].key_mac else value


def group_of(change: Change) -> Together:
    """What a change shares with the others of a call for many."""
    return change.action, change.kind, change.address.parent


def together(changes: Iterable[Change], kinds: Kinds) -> Mapping[Together, Sequence[Change]]:
    """The updates and deletes that one call can make: five at least of one list, that wait for nothing."""
    found: defaultdict[Together, list[Change]] = defaultdict(list)
    for change in changes:
        parent = change.address.parent
        endpoint = kinds[change.kind].endpoint(parent.kind if parent else None)
        if endpoint and change.live and not change.deferred and set(change.depends_on) <= {parent}:
            updates = change.action is Action.UPDATE and endpoint.bulk_update and not change.placement
            if updates or (change.action is Action.DELETE and endpoint.bulk_delete and not change.takes):
                found[group_of(change)].append(change)
    return {group: members for group, members in found.items() if len(members) >= FEW}


def writes_saved(changes: Iterable[Change], kinds: Kinds) -> int:
    """How many calls fewer write the updates and deletes than one call for each."""
    return sum(len(some) - -(-len(some) // MOST) for some in together(changes, kinds).values())


def claims_of(changes: Iterable[Change]) -> Sequence[Change]:
    """The devices that are claimed in calls for many codes; nothing where they are few."""
    found = [change for change in changes if change.placement and change.placement.claims]
    return found if len(found) >= FEW else ()


def claims_saved(changes: Iterable[Change]) -> int:
    """How many calls fewer claim the devices than one call for each."""
    count = len(claims_of(changes))
    return count - -(-count // MOST)


def calls_saved(changes: Iterable[Change], live: Iterable[LiveObject], kinds: Kinds) -> Mapping[Group, int]:
    """How many calls fewer write the objects of each group than one call for each."""
    groups = groups_of(changes, kinds)
    taken: defaultdict[Group, set[str]] = defaultdict(set)
    for item in live if groups else ():
        if item.address is not None:
            taken[item.kind, item.address.parent].add(key_of(item.body, item.kind, kinds))
    found = {}
    for group, members in groups.items():
        if count := len(alone_of_its_key(members, kinds, taken[group])):
            found[group] = count - -(-count // MOST)
    return found
