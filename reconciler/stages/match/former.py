"""Who an object was: aliases that are addresses, and live objects of a new one's name in other places. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from reconciler.kinds import Kinds
from reconciler.model.address import Address, former_address
from reconciler.model.match import Match
from reconciler.model.resource import LiveObject, Resource
from reconciler.semantics.naming import alike

Named = Mapping[Address, Sequence[LiveObject]]
"""The live objects by their address under live names."""


def former_names(resource: Resource, ids: Mapping[Address, str | None], named: Named) -> Iterator[str]:
    """The aliases, and the names of those that are addresses in the same place as now. `ids` are the live ids of what
    is matched already: of what holds the resource, too."""
    parent_id = ids.get(resource.parent) if resource.parent else None
    for alias in resource.aliases:
        yield alias
        former = former_address(alias, resource.kind)
        if former and former.name and _id_of_holder(former, ids, named) == parent_id:
            yield former.name


def _id_of_holder(address: Address, ids: Mapping[Address, str | None], named: Named) -> str | None:
    """The live id of what holds an address, by its declared name or the one that is live."""
    if address.parent is None:
        return None
    return ids.get(address.parent) or next((item.id for item in named.get(address.parent, ())), None)


def elsewhere(resource: Resource, named: Named, taken: Collection[tuple[str, str]]) -> str:
    """What to do where an alias is the address of a live object in another place: the cloud has no call that moves one;
    empty where none is."""
    for alias in resource.aliases:
        former = former_address(alias, resource.kind)
        live = named.get(former, ()) if former else ()
        found = next((item for item in live if (item.kind, item.id) not in taken), None)
        if found:
            return (
                f"{resource.address} was {former} (id {found.id}), and is not moved from there: take the alias out to "
                "make a new one here, with what you declare of it, and delete that one with `absent: true`. It is "
                "left out, and the rest goes on"
            )
    return ""


def twins_elsewhere(
    matches: Iterable[Match], unmanaged: Iterable[Match], kinds: Kinds, name_of: Callable[[LiveObject], str]
) -> Iterator[tuple[Resource, str]]:
    """What is to be made while live objects of its name, which nobody declared, lie in other places, and what to say of
    them: of kinds whose objects templates hold, so that both reach the same sites."""
    found: defaultdict[tuple[str, str], list[Match]] = defaultdict(list)
    for item in unmanaged:
        if item.live and any(end.parent_field for end in kinds[item.kind].endpoints):
            found[item.kind, alike(name_of(item.live))].append(item)
    for item in matches if found else ():
        made = item.declared if item.live is None else None
        twins = found.get((item.kind, alike(made.key or ""))) if made and not made.absent else None
        if made and twins:
            more = f" and {len(twins) - 1:,} more" if len(twins) > 1 else ""
            detail = (
                f"{item.address} is made anew, and {twins[0].address}{more} of the same name stays live beside it: "
                "nobody declares it. If it was moved, delete that one with `absent: true`"
            )
            yield made, detail
