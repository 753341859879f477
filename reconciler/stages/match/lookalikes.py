"""What is to be made beside a live object that nobody declares and that is like it but for the name: most likely it was
renamed. Matches in, what to say out. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.match import Match
from reconciler.model.resource import Resource
from reconciler.semantics.namesakes import is_equal

_FEW = 20
"""A person renames a few: where more are made in one place, each would be held against each for nothing."""
_LEAST = 2
"""How many fields besides the name have to be declared for a likeness to say anything."""
_Place = tuple[str, Address | None]


def lookalikes(matches: Iterable[Match], unmanaged: Iterable[Match], kinds: Kinds) -> Iterator[tuple[Resource, str]]:
    """Each new object that is equal in all that it declares but its name to one undeclared live object beside it, and
    to no other, as no other new one is."""
    loose: defaultdict[_Place, list[Match]] = defaultdict(list)
    for item in unmanaged:
        loose[item.kind, item.address.parent].append(item)
    made: defaultdict[_Place, list[Resource]] = defaultdict(list)
    for item in matches if loose else ():
        new = item.declared if item.live is None else None
        if new and not new.absent and not new.aliases and (item.kind, item.address.parent) in loose:
            made[item.kind, item.address.parent].append(new)
    for place, resources in made.items():
        if len(resources) <= _FEW and len(loose[place]) <= _FEW * _FEW:
            yield from _in_place(resources, loose[place], kinds)


def _in_place(resources: list[Resource], loose: list[Match], kinds: Kinds) -> Iterator[tuple[Resource, str]]:
    found: defaultdict[Address, list[Resource]] = defaultdict(list)
    for resource in resources:
        kind = kinds[resource.kind]
        said = {root: value for root, value in resource.body.items() if root not in (kind.key, kind.key_with)}
        alike = [item for item in loose if len(said) >= _LEAST and _is_like(said, item, kinds)]
        if len(alike) == 1:
            found[alike[0].address].append(resource)
    for address, new in found.items():
        if len(new) == 1:
            yield (
                new[0],
                f"{new[0].address} is made anew beside {address}, which nobody declares and which is like it but for "
                f"the name: if that is the same one, write `aliases: [{address.name}]`",
            )


def _is_like(said: Mapping[str, Any], item: Match, kinds: Kinds) -> bool:
    return item.live is not None and is_equal(said, item.live.body, kinds[item.kind].shape)
