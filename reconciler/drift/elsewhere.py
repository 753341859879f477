"""What the audit log shows of places that were not read: entries in, what was made or changed there by hand out. Pure.

One look at the log stands for a look at thousands of lists.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from msgspec import Struct
from msgspec.structs import replace

from reconciler.drift.attribution import edit_of, id_key, letters, object_key, parsed_message, words_of
from reconciler.drift.log import Event
from reconciler.kinds import Kind, Kinds
from reconciler.kinds.lists import ORGANISATION_LISTS, SITE_LISTS, singular
from reconciler.model.address import Address
from reconciler.model.drift import Elsewhere
from reconciler.model.resource import ListId, Live

MADE = frozenset({"Add", "Create", "Import"})
CHANGED = frozenset({"Update", "Modify", "Edit"})
DELETED = "Delete"
_SITE = "site"
LISTS = {f"{singular(name)}_id": singular(name) for name in (*SITE_LISTS, *ORGANISATION_LISTS)}


class _Place(Struct, frozen=True):
    """What an entry is about."""

    kind: str
    name: str
    site_id: str | None


def elsewhere(
    events: Iterable[Event], live: Live, *, kinds: Kinds, spared: frozenset[ListId] = frozenset()
) -> tuple[Elsewhere, ...]:
    """What was made or changed in lists that were not read and is still there, each object once, by address.
    The `spared` lists need no look: what is in them is known."""
    sites = {item.id: item.address for item in live.objects if item.kind == _SITE and item.address}
    kind_of = cache(partial(_kind, kinds=kinds))  # a log has thousands of entries, and a few words for what they are of
    found: dict[_Place, Elsewhere] = {}
    gone: set[_Place] = set()
    for event in sorted(events, key=lambda item: -edit_of(item).timestamp):
        message = parsed_message(event)
        place = _place(event, message, kind_of) if message else None
        if message is None or place is None or place in gone or _was_read(place, live, kinds, spared):
            continue
        if message["verb"] == DELETED:
            if place not in found:
                gone.add(place)
        elif message["verb"] in MADE and place in found:
            found[place] = replace(found[place], made=True)
        elif message["verb"] in MADE | CHANGED and place not in found:
            made = message["verb"] in MADE
            found[place] = Elsewhere(
                address=_address(place, sites), edited=replace(edit_of(event), shown=True), made=made
            )
    return tuple(sorted(found.values(), key=lambda item: item.address))


def _place(
    event: Event, message: Mapping[str, str], kind_of: Callable[[str | None, str], Kind | None]
) -> _Place | None:
    """None for what is no object of configuration: a login, an invitation."""
    site = event.get("site_id")
    key = object_key(event)
    kind = kind_of(key, message["what"])
    word = kind.name if kind else LISTS.get(key or "")
    return _Place(word, message["name"], str(site) if site else None) if word else None


def _kind(key: str | None, what: str, *, kinds: Kinds) -> Kind | None:
    word = letters(what)
    return next((kind for kind in kinds if kind.endpoints and (id_key(kind) == key or word in words_of(kind))), None)


def _was_read(place: _Place, live: Live, kinds: Kinds, spared: frozenset[ListId]) -> bool:
    if place.kind not in kinds:
        return False
    kind = kinds[place.kind]
    below = place.site_id if place.site_id and place.kind != _SITE else None
    if below and not kind.endpoint(_SITE):
        return False
    if (place.kind, below) in spared:
        return True
    return live.was_listed(place.kind, below) and (place.kind, below) not in {
        (miss.kind, miss.parent_id) for miss in live.unread
    }


def _address(place: _Place, sites: Mapping[str, Address]) -> Address:
    if place.site_id is None or place.kind == _SITE:
        return Address.of(place.kind, place.name)
    return Address.of(place.kind, place.name, parent=sites.get(place.site_id) or Address.of(_SITE, place.site_id))
