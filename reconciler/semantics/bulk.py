"""Which changes go in calls for many objects: changes in, groups of them out.

The vendor's document has such a call for passphrases, user MACs and assets (`.../import`). It changes what it knows
already, by the natural key alone, so that only objects of which nothing of that key is there, or comes twice, go by it.
Passphrases and user MACs are also changed (`PUT` of the list) and deleted (`.../delete`) by their ids. Devices are
claimed, assigned to a site, taken from it and given a profile in calls that take many.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from reconciler.kinds import Endpoint, Kind, Kinds, Reference
from reconciler.model.address import Address, plain_mac
from reconciler.model.change import Action, Change
from reconciler.model.resource import LiveObject

FEW = 5
"""Fewer than these are created one by one."""
MOST = 500
"""How many go in one call."""

Group = tuple[str, Address | None]
"""A kind, and the parent that its objects lie in."""


class Together(Struct, frozen=True):
    """What the members of a call for many share: what is done, to objects of which kind, below which parent; or the
    reference that a call of its own assigns, with the name of what it names, and what they wait for."""

    action: Action
    kind: str
    parent: Address | None = None
    gives: Reference | None = None
    name: str = ""
    after: frozenset[Address] = frozenset()


class Arrival(Struct, frozen=True):
    """What devices share that one call assigns to a site, or takes from it (`leaves`): the site, and what they wait
    for."""

    site: Address | None
    leaves: bool
    after: frozenset[Address]


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


def group_of(change: Change, kinds: Kinds) -> Together:
    """What a change shares with the others of a call for many."""
    kind = kinds[change.kind]
    if gives := _gives(change, kind):
        return Together(
            change.action, change.kind, None, gives, profile_of(change, gives), frozenset(change.depends_on)
        )
    return Together(change.action, change.kind, change.address.parent)


def _gives(change: Change, kind: Kind) -> Reference | None:
    """The reference with a call of its own that is all that an update of a device at its site changes."""
    sent = (*change.replaces, *change.clears)
    if change.action is not Action.UPDATE or change.placement or not change.live or len(sent) != 1:
        return None
    return next((item for item in kind.references if item.assigned and item.field == sent[0]), None)


def profile_of(change: Change, reference: Reference) -> str:
    """The name of what a reference with a call of its own shall name; of one that is taken away what it names now."""
    declared = change.declared.body.get(reference.field) if change.declared else None
    held = change.live.body.get(reference.field) if change.live else None
    return str(declared or held or "")


def together(changes: Iterable[Change], kinds: Kinds) -> Mapping[Together, Sequence[Change]]:
    """The updates and deletes that one call can make: five at least of one list, that wait for nothing; or of one
    profile, that wait for the same."""
    found: defaultdict[Together, list[Change]] = defaultdict(list)
    for change in changes:
        parent = change.address.parent
        endpoint = kinds[change.kind].endpoint(parent.kind if parent else None)
        if endpoint is None or not change.live or change.deferred:
            continue
        group = group_of(change, kinds)
        if group.gives or (set(change.depends_on) <= {parent} and _goes_by_list(change, endpoint)):
            found[group].append(change)
    return {group: members for group, members in found.items() if len(members) >= FEW}


def _goes_by_list(change: Change, endpoint: Endpoint) -> bool:
    if change.action is Action.DELETE:
        return bool(endpoint.bulk_delete) and not change.takes
    return change.action is Action.UPDATE and endpoint.bulk_update and not change.placement


def arrivals(changes: Sequence[Change], kinds: Kinds) -> Mapping[Arrival, Sequence[Change]]:
    """The devices that one call assigns to a site, or takes from it: five at least. One that is claimed by itself first
    is none of them."""
    many = bool(claims_of(changes, kinds))
    found: defaultdict[Arrival, list[Change]] = defaultdict(list)
    for change in changes:
        place = change.placement
        if place and kinds[change.kind].hardware and not place.replaces and (many or not place.claims):
            found[Arrival(change.address.parent, place.leaves, frozenset(change.depends_on))].append(change)
    return {key: members for key, members in found.items() if len(members) >= FEW}


def given(members: Iterable[Change], kinds: Kinds) -> Mapping[tuple[Reference, str], Sequence[Change]]:
    """The devices that come to a site and are given one profile there in one call: five at least."""
    found: defaultdict[tuple[Reference, str], list[Change]] = defaultdict(list)
    for change in members:
        for reference in kinds[change.kind].references:
            name = change.declared.body.get(reference.field) if reference.assigned and change.declared else None
            if isinstance(name, str):
                found[reference, name].append(change)
    return {key: some for key, some in found.items() if len(some) >= FEW}


def writes_saved(changes: Iterable[Change], kinds: Kinds) -> int:
    """How many calls fewer write the updates and deletes of lists than one call for each."""
    found = ((group, len(some)) for group, some in together(changes, kinds).items() if not group.gives)
    return sum(count - -(-count // MOST) for _, count in found)


def claims_of(changes: Iterable[Change], kinds: Kinds) -> Sequence[Change]:
    """The devices that are claimed in calls for many codes; nothing where they are few."""
    found = [item for item in changes if kinds[item.kind].hardware and item.placement and item.placement.claims]
    return found if len(found) >= FEW else ()


def claims_saved(changes: Iterable[Change], kinds: Kinds) -> int:
    """How many calls fewer claim the devices than one call for each."""
    count = len(claims_of(changes, kinds))
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
