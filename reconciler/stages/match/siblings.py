"""Declared objects of one name in one place, under keys of their own: which live object of that name each of them is.

An id that is pinned or remembered comes before all this; here it is what is declared of them that tells them apart.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.resource import LiveObject, Resource
from reconciler.model.shape import Shape
from reconciler.semantics.forms import InventoryBody
from reconciler.semantics.namesakes import Body, pair_namesakes
from reconciler.stages.match.identity import Identity

_Family = tuple[str, Address | None, str | None]
Surely = Callable[[Resource], LiveObject | None]
"""The live object that is surely a resource's own, by an id that was pinned or remembered; None without one."""
NamesNow = Callable[[int], Identity]
"""What names and ids mean to objects of that depth, when all above them are paired."""


class Sibling(Struct, frozen=True):
    """What became of one: its live object; or those that it could be; or neither, where it is to be made."""

    live: LiveObject | None = None
    unclear: tuple[LiveObject, ...] = ()


class Siblings:
    """The declared objects of which one has a key of its own, each with the others of its name in its place."""

    def __init__(self, resources: Sequence[Resource], kinds: Kinds) -> None:
        self._kinds = kinds
        keyed = {_family(item) for item in resources if item.has_own_key and not kinds[item.kind].hardware}
        self._families: dict[_Family, list[Resource]] = {family: [] for family in keyed}
        self._found: dict[Address, Sibling] = {}
        for item in resources if keyed else ():
            if (family := _family(item)) in self._families:
                self._families[family].append(item)

    def __contains__(self, resource: Resource) -> bool:
        return bool(self._families) and _family(resource) in self._families

    def find(self, resource: Resource, named: Sequence[LiveObject], surely: Surely, *, names_now: NamesNow) -> Sibling:
        """What one is of the live objects that are `named` like it and that nothing else is yet. All of them are
        sorted out when the first one is asked for."""
        if resource.address not in self._found:
            members = self._families[_family(resource)]
            known = {item.address: found for item in members if (found := surely(item))}
            asked = [item for item in members if not item.api_id and item.address not in known]
            mine = {found.id for found in known.values()}
            free = [item for item in named if item.id not in mine]
            bodies = self._bodies(members, free, names_now) if free else None
            self._found |= _sorted_out(asked, free, bodies)
        return self._found[resource.address]

    def _bodies(self, members: Sequence[Resource], free: Sequence[LiveObject], names_now: NamesNow) -> "_Bodies":
        kind, first = self._kinds[members[0].kind], members[0].address
        names = names_now(first.text.count("/"))
        to_name = names.namer(first.parent)
        return _Bodies(
            shape=kind.shape,
            declared={item.address: names.canonical(item).body for item in members if not item.absent},
            live=[InventoryBody(kind, one.body if one.answer is None else one.answer, to_name) for one in free],
        )


class _Bodies(Struct, frozen=True, kw_only=True):
    """What is compared, in inventory form. One that is to go says nothing of itself, and is not declared here."""

    shape: Shape
    declared: Mapping[Address, Body]
    live: Sequence[Body]


def _sorted_out(
    asked: Sequence[Resource], free: Sequence[LiveObject], bodies: _Bodies | None
) -> Mapping[Address, Sibling]:
    if bodies is None:
        return {item.address: Sibling() for item in asked}
    mine = {item.address: bodies.declared[item.address] for item in asked if item.address in bodies.declared}
    others = [body for address, body in bodies.declared.items() if address not in mine]
    pairs = pair_namesakes([*mine.values()], bodies.live, bodies.shape, others=others)
    found = {address: Sibling(live=free[at]) for address, at in zip(mine, pairs, strict=True) if at is not None}
    left = tuple(item for at, item in enumerate(free) if at not in pairs)
    return {item.address: found.get(item.address, Sibling(unclear=left)) for item in asked}


def _family(resource: Resource) -> _Family:
    return resource.kind, resource.parent, resource.key
