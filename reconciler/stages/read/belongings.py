"""What the cloud deletes, or sets free, with an object: doomed live objects in, `Belongings` out.

Whatever was read already costs no call. What can't be read is said: an object whose belongings nobody knows is not
deleted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reconciler.kinds import Endpoint, Kind, Kinds
from reconciler.kinds.lists import modelled_by, singular
from reconciler.mist.client import MistClient
from reconciler.model.change import Taken
from reconciler.model.match import Belongings
from reconciler.model.options import Progress, no_progress
from reconciler.model.resource import Live, LiveObject
from reconciler.stages.read.listings import ONE_LISTING

Body = Mapping[str, Any]
_NAMES = ("name", "ssid", "mac", "id")
_DEVICES = "/devices"


def read_belongings(
    client: MistClient,
    doomed: Sequence[LiveObject],
    live: Live,
    *,
    kinds: Kinds,
    moved: frozenset[str] = frozenset(),
    progress: Progress = no_progress,
) -> Belongings:
    """What lies in each doomed object, by its id; but for what is `moved` out of it before (ids)."""
    before = client.calls.total
    live = replace(live, objects=tuple(item for item in live.objects if item.id not in moved)) if moved else live
    done = 0
    takes: dict[str, tuple[Taken, ...]] = {}
    releases: dict[str, tuple[Taken, ...]] = {}
    unread: dict[str, str] = {}

    def read_one(item: LiveObject) -> None:
        nonlocal done
        reader = _Reader(client, live, kinds, item)
        try:
            takes[item.id] = reader.taken()
            releases[item.id] = reader.released()
        except ONE_LISTING as error:
            unread[item.id] = str(error)
        done += 1
        progress("reading what goes with the deletes", done, len(doomed))

    client.map(read_one, doomed)
    return Belongings(takes=takes, releases=releases, unread=unread, calls=client.calls.total - before)


class _Reader:
    """Reads around one doomed object."""

    def __init__(self, client: MistClient, live: Live, kinds: Kinds, item: LiveObject) -> None:
        self._client = client
        self._live = live
        self._kinds = kinds
        self._kind = kinds[item.kind]
        self._item = item

    def taken(self) -> tuple[Taken, ...]:
        found: list[Taken] = []
        for kind in self._kinds:
            for endpoint in kind.endpoints:
                if endpoint.parent == self._kind.name and not self._is_released(endpoint):
                    found += self._below(kind, endpoint)
        for path in self._kind.cascades:
            if modelled_by(self._kinds, path) is None:
                found += _counted(singular(path), self._list(path), _NAMES)
        for owned in self._kind.owned:
            if self._item.body.get(owned.when) is True:
                made = [body for body in self._list(owned.collection) if body.get(owned.by) == self._item.id]
                of = modelled_by(self._kinds, owned.collection)
                found += _counted(of.name if of else singular(owned.collection), made, _NAMES, whole=True)
        return tuple(found)

    def released(self) -> tuple[Taken, ...]:
        return tuple(
            taken for path in self._kind.releases for taken in _counted(singular(path), self._list(path), _NAMES)
        )

    def _is_released(self, endpoint: Endpoint) -> bool:
        return (endpoint.collection or endpoint.item) in self._kind.releases

    def _below(self, kind: Kind, endpoint: Endpoint) -> Iterable[Taken]:
        if endpoint.collection is None:
            return (Taken(kind=kind.name, name=kind.name, part=True, answer=self._part(kind, endpoint)),)
        site_id = None if endpoint.parent_field else self._item.id
        names = tuple(name for name in (kind.key, kind.key_fallback, "id") if name)
        if self._live.was_listed(kind.name, site_id):
            mine = [item for item in self._live.objects if (item.kind, item.parent_id) == (kind.name, self._item.id)]
            answers = [item.body if item.answer is None else item.answer for item in mine]
            return _counted(kind.name, answers, names, whole=not endpoint.partial)
        bodies = self._list(endpoint.collection, endpoint.query)
        if endpoint.parent_field:
            bodies = [body for body in bodies if body.get(endpoint.parent_field) == self._item.id]
        return _counted(kind.name, bodies, names, whole=not endpoint.partial)

    def _part(self, kind: Kind, endpoint: Endpoint) -> Body:
        """The singleton of the doomed object."""
        mine = (item for item in self._live.objects if (item.kind, item.parent_id) == (kind.name, self._item.id))
        known = next((item.body if item.answer is None else item.answer for item in mine), None)
        if known is not None:
            return known
        found: Body = self._client.get(endpoint.item.format(org_id=self._live.org_id, parent_id=self._item.id, id=""))
        return found

    def _list(self, path: str, query: Mapping[str, str] | None = None) -> Sequence[Body]:
        asked = {"type": "all"} if path.endswith(_DEVICES) else query
        return self._client.list(path.format(org_id=self._live.org_id, parent_id=self._item.id), query=asked or None)


def _counted(kind: str, bodies: Iterable[Body], names: Sequence[str], *, whole: bool = False) -> Iterator[Taken]:
    called: defaultdict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        called[str(next((body[key] for key in names if body.get(key)), ""))].append(body)
    for name, found in sorted(called.items()):
        one = found[0] if whole and len(found) == 1 and name else None
        yield Taken(kind=kind, name=name, count=len(found), answer=one)
