"""The collections and singletons to read, and what came of reading them.

In: `Wants` and a client.  Out: `Listed` per listing, live objects in a fixed order, what could not be read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.errors import BadAnswer, BadRequest, Forbidden, NotFound, ServerFailure
from reconciler.kinds import Endpoint, Kind, Kinds
from reconciler.mist.client import MistClient
from reconciler.model.memory import Asked, Memory
from reconciler.model.options import Progress
from reconciler.model.resource import ListId, LiveObject, Unread
from reconciler.stages.read.wants import SITE, Below, Wants, organisation_wide

Body = Mapping[str, Any]
ONE_LISTING = (Forbidden, NotFound, BadRequest, ServerFailure, BadAnswer)
"""Failures that concern one collection; all others mean that nothing more can be read."""

_NOTHING: Mapping[ListId, str] = {}
NOT_KEPT = "the snapshot does not hold it"
_NO_ID = "00000000-0000-0000-0000-000000000000"


class Listing(Struct, frozen=True, kw_only=True):
    """One list, or one singleton. `endpoints` are those of the kind that share the list; `holder` is the id of the
    site, or of the organisation, that the path names."""

    kind: Kind
    endpoints: tuple[Endpoint, ...]
    path: str
    holder: str

    @property
    def single(self) -> bool:
        """Whether it is a singleton."""
        return self.endpoints[0].collection is None

    @property
    def asked(self) -> Asked:
        """Path and query: what two listings have in common that one call answers."""
        return self.path, tuple(sorted(self.endpoints[0].query.items()))


class Listed(Struct, frozen=True, kw_only=True):
    """What a listing held, as answered; `reason` says why it could not be read."""

    listing: Listing
    bodies: Sequence[Body] = ()
    reason: str = ""


def organisation_listings(wants: Wants, kinds: Kinds, org_id: str) -> list[Listing]:
    """The organisation's lists that are wanted; endpoints that share a list make one listing."""
    listings = []
    for kind in kinds:
        if kind.name not in wants.organisation or not organisation_wide(kind):
            continue
        shared: dict[str, list[Endpoint]] = {}
        for endpoint in kind.endpoints:
            if endpoint.parent is None or endpoint.parent_field:
                shared.setdefault(_path(endpoint, org_id, org_id), []).append(endpoint)
        listings += [
            Listing(kind=kind, endpoints=tuple(ends), path=path, holder=org_id) for path, ends in shared.items()
        ]
    return listings


def site_listings(wants: Wants, kinds: Kinds, sites: Iterable[Body], org_id: str) -> list[Listing]:
    """The lists and singletons below these live sites that are wanted."""
    in_order = sorted(sites, key=lambda site: str(site["id"]))
    listings = []
    for kind in kinds:
        below, endpoint = wants.below.get(kind.name), kind.endpoint(SITE)
        if below is None or endpoint is None:
            continue
        listings += [
            Listing(kind=kind, endpoints=(endpoint,), path=_path(endpoint, org_id, site_id), holder=site_id)
            for site_id in _wanted_on(below, kind, in_order)
        ]
    return listings


def _wanted_on(below: Below, kind: Kind, sites: Iterable[Body]) -> list[str]:
    """The ids of the live sites on which a kind is wanted."""
    names = {str(site["id"]): str(site.get("name", "")) for site in sites}
    named = {site_id for site_id, name in names.items() if below.names_it(site_id, name)}
    more = {site_id for site_id, name in names.items() if below.includes(kind.name, site_id, name)} - named
    if below.most is not None and len(more) > below.most:
        more = set()
    return [site_id for site_id in names if site_id in named or site_id in more]


def _path(endpoint: Endpoint, org_id: str, parent_id: str) -> str:
    return (endpoint.listed or endpoint.collection or endpoint.item).format(
        org_id=org_id, parent_id=parent_id, id=parent_id
    )


def read_listings(
    client: MistClient,
    listings: Sequence[Listing],
    what: str,
    progress: Progress,
    *,
    memory: Memory,
    remembered: Mapping[ListId, str] = _NOTHING,
) -> tuple[Listed, ...]:
    """Reads all listings side by side; the result has their order. What several kinds share is asked for once, and what
    the memory has not at all. Where a list holds nothing, the object that is `remembered` to have been in it is asked
    for."""
    lock, done = Lock(), 0
    known = _known_in(listings, remembered) if remembered else {}
    places = [listing.asked for listing in listings]
    answers = {place: _recalled(listing, place, memory) for place, listing in zip(places, listings, strict=True)}
    asked = [item for place, item in dict(zip(places, listings, strict=True)).items() if answers[place] is None]
    if asked:
        client.foresee(len(asked), what)

    def read_one(listing: Listing) -> Listed:
        nonlocal done
        found = _read_listing(client, listing)
        if not found.bodies and not found.reason and listing.asked in known:
            found = replace(found, reason=_still_there(client, *known[listing.asked]))
        if not found.reason:
            memory.learn(listing.asked, found.bodies)
        with lock:
            done += 1
            progress(what, done, len(asked))
        return found

    answers |= dict(zip((item.asked for item in asked), client.map(read_one, asked), strict=True))
    both = zip(places, listings, strict=True)
    return tuple(part_of(listing, found) for place, listing in both if (found := answers[place]) is not None)


def _known_in(listings: Iterable[Listing], remembered: Mapping[ListId, str]) -> dict[Asked, tuple[Listing, str]]:
    """For each list, of the kinds that share it, the one of an object that was in it, and its id."""
    found: dict[Asked, tuple[Listing, str]] = {}
    for listing in listings:
        below = listing.endpoints[0].parent and not listing.endpoints[0].parent_field
        object_id = remembered.get((listing.kind.name, listing.holder if below else None))
        if object_id:
            found.setdefault(listing.asked, (listing, object_id))
    return found


def _still_there(client: MistClient, listing: Listing, object_id: str) -> str:
    """Why a list that holds nothing can't be right; "" where the object that was in it is gone, as it says."""
    path = listing.endpoints[0].item.format(org_id=listing.holder, parent_id=listing.holder, id=object_id)
    try:
        found = client.get(path)
    except (NotFound, Forbidden, BadRequest):
        return ""
    except ONE_LISTING as error:
        return f"it holds nothing, and whether id {object_id}, which was in it, is gone can't be read: {error}"
    there = str(found.get("id", "")).lower() == object_id.lower()
    return f"it holds nothing, and id {object_id}, which was in it, is still there" if there else ""


def _recalled(listing: Listing, place: Asked, memory: Memory) -> Listed | None:
    """What the memory has of a listing; None where it has to be read."""
    memory.is_for(place, listing.kind.name)
    bodies = memory.answer(place)
    if bodies is not None:
        return Listed(listing=listing, bodies=bodies)
    return Listed(listing=listing, reason=NOT_KEPT) if memory.alone else None


def asked_below(kind: Kind, site_id: str, org_id: str) -> Asked | None:
    """What is asked for the objects of a kind in one site."""
    endpoint = kind.endpoint(SITE)
    if endpoint is None:
        return None
    path = _path(endpoint, org_id, site_id)
    return Listing(kind=kind, endpoints=(endpoint,), path=path, holder=site_id).asked


def part_of(listing: Listing, answer: Listed) -> Listed:
    """What a list that several kinds share holds of this one's."""
    if not any(endpoint.only for endpoint in listing.endpoints):
        return answer if answer.listing is listing else replace(answer, listing=listing)
    mine = [body for body in answer.bodies if any(endpoint.holds(body) for endpoint in listing.endpoints)]
    return replace(answer, listing=listing, bodies=mine)


def _read_listing(client: MistClient, listing: Listing) -> Listed:
    query = listing.endpoints[0].query or None
    try:
        if listing.single:
            return Listed(listing=listing, bodies=(client.get(listing.path, query=query),))
        bodies = client.list(listing.path, query=query)
        if any(endpoint.partial for endpoint in listing.endpoints):
            bodies = [client.get(f"{listing.path}/{body['id']}") for body in bodies]
        return Listed(listing=listing, bodies=bodies)
    except ONE_LISTING as error:
        return Listed(listing=listing, reason=str(error))


def live_objects(found: Iterable[Listed], kinds: Kinds, *, more: Iterable[LiveObject] = ()) -> tuple[LiveObject, ...]:
    """Every object that was read and that its kind has a listing for, and `more`: by kind, parent and id."""
    order = {kind.name: at for at, kind in enumerate(kinds)}
    objects = [*more, *(item for each in found for body in each.bodies for item in _object(each.listing, body))]
    # An object of a site may stand in the organisation's list as well.
    objects = list({(item.kind, item.parent_id, item.id): item for item in objects}.values())
    return tuple(sorted(objects, key=lambda item: (order[item.kind], item.parent_id or "", item.id)))


def _object(listing: Listing, body: Body) -> Iterable[LiveObject]:
    """The live object; none for one whose parent its kind doesn't know (it can neither be declared nor pruned)."""
    for endpoint in listing.endpoints:
        if endpoint.parent_field:
            parent = body.get(endpoint.parent_field)
            if not isinstance(parent, str) or parent in ("", _NO_ID):
                continue
        else:
            parent = listing.holder if endpoint.parent else _site_of(endpoint, body)
        object_id = listing.holder if listing.single else str(body["id"])
        return (LiveObject(kind=listing.kind.name, id=object_id, parent_id=parent, body=body),)
    return ()


def _site_of(endpoint: Endpoint, body: Body) -> str | None:
    """The site that an object of the organisation's list belongs to, where there are such."""
    site = body.get(endpoint.at_site) if endpoint.at_site else None
    return site if isinstance(site, str) and site not in ("", _NO_ID) else None


class _Names(Mapping[str, str]):
    """Names by id, made when the first one is asked for: most runs ask for none."""

    def __init__(self, found: Sequence[Listed]) -> None:
        self._found = found

    @cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for each in self._found:
            for body in () if each.listing.single else each.bodies:
                name = each.listing.kind.name_in(body)
                if name is not None:
                    names[str(body["id"])] = name
        return names

    def __getitem__(self, object_id: str) -> str:
        return self._names[object_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def names_of(found: Sequence[Listed]) -> Mapping[str, str]:
    """Names by id, of everything that was read."""
    return _Names(found)


def where_listed(found: Iterable[Listed]) -> frozenset[tuple[str, str | None]]:
    """Which lists were asked for, by kind and the id of the site; those of the organisation under None."""
    return frozenset(
        (each.listing.kind.name, each.listing.holder if endpoint.parent and not endpoint.parent_field else None)
        for each in found
        for endpoint in each.listing.endpoints
    )


def unread_of(found: Iterable[Listed], objects: Iterable[LiveObject]) -> tuple[Unread, ...]:
    """What could not be read: one entry per parent, so that a list of many parents' children counts for each."""
    by_kind: dict[str, list[str]] = {}
    for item in objects:
        by_kind.setdefault(item.kind, []).append(item.id)
    return tuple(
        Unread(kind=each.listing.kind.name, parent_id=parent_id, reason=each.reason)
        for each in found
        if each.reason
        for endpoint in each.listing.endpoints
        for parent_id in _parents(endpoint, each.listing, by_kind)
    )


def _parents(endpoint: Endpoint, listing: Listing, by_kind: Mapping[str, list[str]]) -> Sequence[str | None]:
    if endpoint.parent_field and endpoint.parent:
        return by_kind.get(endpoint.parent) or (None,)
    return (listing.holder if endpoint.parent else None,)
