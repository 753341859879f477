"""Which lists the audit log names: entries in, kinds and sites out; None where an entry may be about anything. Pure."""

from collections.abc import Iterable

from reconciler.drift.log import Event
from reconciler.drift.looked import ALL, Places
from reconciler.kinds import Kinds
from reconciler.model.resource import ListId


def touched(events: Iterable[Event], kinds: Kinds) -> frozenset[ListId] | None:
    """The lists, `ALL` as a kind for all of a site."""
    places, found = Places(kinds), set[ListId]()
    for event in events:
        found |= places.of(event)
    return None if (ALL, None) in found else frozenset(found)
