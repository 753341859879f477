"""Which live object an address had when it was last seen: a hint of earlier runs, and never the truth.

It tells three things apart that names can't: an object that somebody renamed, a namesake that somebody made, and an
object that was made again. Where the hint is of something that is not there, or that something else declared has the
name of, names decide alone, as without it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from reconciler.model.address import Address
from reconciler.model.resource import LiveObject, Resource
from reconciler.semantics.naming import alike

Bucket = Mapping[str, Sequence[LiveObject]]
"""The live objects of one kind in one place by name, as `alike` has it."""
There = Callable[[str], LiveObject | None]
"""From an id to the live object of that kind in that place; None where there is none."""
_Place = tuple[str, Address | None]


class Known(Struct, frozen=True, kw_only=True):
    """The live object that an address had, and others that have its name now. `renamed`: it has another one."""

    live: LiveObject
    namesakes: tuple[LiveObject, ...] = ()
    renamed: bool = False

    @property
    def unclear(self) -> bool:
        """Whether another object has the name that this one had: then nobody knows which of them is meant."""
        return self.renamed and bool(self.namesakes)


class Remembered:
    """The hints of an inventory. `name_of` is the name of a live object."""

    def __init__(self, resources: Sequence[Resource], name_of: Callable[[LiveObject], str]) -> None:
        self._name_of = name_of
        self._names: defaultdict[tuple[_Place, str], list[Resource]] = defaultdict(list)
        self._hints: dict[tuple[_Place, str], Address] = {}
        if not any(item.known_id for item in resources):
            return
        for item in resources:
            place = (item.kind, item.parent)
            if hint := _hint(item):
                self._hints.setdefault((place, hint), item.address)
            for name in {alike(text) for text in (item.key or "", *item.aliases)}:
                self._names[place, name].append(item)

    def find(self, resource: Resource, bucket: Bucket, there: There) -> Known | None:
        """The object that the resource had, where it is still there and is nothing else's by its name."""
        found = there(resource.known_id)
        if found is None:
            return None
        place = (resource.kind, resource.parent)
        namesakes = tuple(
            item
            for item in bucket.get(alike(resource.key or ""), ())
            if item.id != found.id and self._hints.get((place, item.id.lower()), resource.address) == resource.address
        )
        meant = self._names.get((place, alike(self._name_of(found))), ())
        if any(item is resource for item in meant):
            return Known(live=found, namesakes=namesakes)
        if any(_has_no_other(item, found, there) for item in meant):
            return None
        return Known(live=found, namesakes=namesakes, renamed=True)


def _hint(resource: Resource) -> str:
    return (resource.api_id or resource.known_id).lower()


def _has_no_other(resource: Resource, found: LiveObject, there: There) -> bool:
    """Whether a resource has no live object that is surely its own, other than this one."""
    own = there(_hint(resource))
    return own is None or own.id == found.id
