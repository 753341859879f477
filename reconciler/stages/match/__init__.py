"""Pairs declared with live objects by pinned id, natural key or alias, below matched parents. Never a guess; the id
that an address had before tells a rename, a namesake and a new object of an old name apart.

Then ids become names, once: which name an object has holds only after pairing (twins, renames).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

from msgspec.structs import replace

from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.match import Match, Matches
from reconciler.model.resource import Live, LiveObject, Resource, Unread
from reconciler.semantics.naming import alike
from reconciler.stages.match import words
from reconciler.stages.match.devices import Assigned, Devices, Found, Refusal, with_unclaimed
from reconciler.stages.match.former import Elsewhere, former_names, twins_elsewhere
from reconciler.stages.match.identity import Identity, addresses_of, identified, live_name
from reconciler.stages.match.lookalikes import lookalikes
from reconciler.stages.match.remembered import Bucket, Known, Remembered
from reconciler.stages.match.siblings import Siblings
from reconciler.stages.match.told import Told

_NEW_SITE = "new"
"""In the place of the id of a site that this run makes: nothing live is there."""


def match(resources: Iterable[Resource], live: Live, *, kinds: Kinds) -> Matches:
    """Every declared resource with its live object, and the live objects that nothing declares.

    `live` is as read. Two live objects of one key, or of keys equal but for case or blanks, make an error that names
    both ids; so does a pinned id that is not there. What lies in a collection that could not be read is blocked.
    In the result every live object has its address and a body in inventory form; a renamed one has its declared
    address everywhere, and declared references stand under the name that live ones show, however they were written.
    """
    listed = list(resources)
    return _Matcher(with_unclaimed(live, listed, kinds), kinds).run(listed)


class _Matcher:
    def __init__(self, live: Live, kinds: Kinds) -> None:
        self.live = live
        self.kinds = kinds
        self.buckets: defaultdict[tuple[str, str | None], defaultdict[str, list[LiveObject]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for item in live.objects:
            key = "" if kinds[item.kind].singleton else self._name(item)
            self.buckets[item.kind, item.parent_id][alike(key)].append(item)
        self.seen = {item.address for item in live.objects if item.address}
        self.named: defaultdict[Address, list[LiveObject]] = defaultdict(list)
        sites: dict[str, Address] = {}
        for address, item in zip(addresses_of(live, kinds), live.objects, strict=True):
            self.named[address].append(item)
            if kinds[item.kind].name in kinds.holders:
                sites.setdefault(item.id, address)
        self.sites = sites
        self.devices = Devices(live, kinds, sites)
        self.assigned = Assigned(live, kinds, sites)
        self.unread: dict[tuple[str, str | None], Unread] = {(miss.kind, miss.parent_id): miss for miss in live.unread}
        self.ids: dict[Address, str | None] = {}
        self.taken: set[tuple[str, str]] = set()
        self.told = Told(self._name)
        self.elsewhere = Elsewhere(live, kinds, self.buckets, self.named, self.ids, self.told.unclear)
        self.holders: dict[tuple[str, str], Address] = {}
        self.matches: list[Match] = []
        self.left_out: list[Resource] = []
        self.aside: dict[Address, None] = {}  # in the order in which they were met
        self.resources: list[Resource] = []
        self.remembered = Remembered((), self._name)
        self.siblings = Siblings((), kinds)
        self.names_now = cache(self._names_now)

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str | None, str], list[LiveObject]]:
        """The live objects by kind, parent and id; most runs ask for none."""
        found: defaultdict[tuple[str, str | None, str], list[LiveObject]] = defaultdict(list)
        for item in self.live.objects:
            found[item.kind, item.parent_id, item.id.lower()].append(item)
        return found

    def run(self, resources: list[Resource]) -> Matches:
        stopped: set[Address] = set()
        self.resources = resources
        self.remembered = Remembered(resources, self._name)
        self.siblings = Siblings(resources, self.kinds)
        self.elsewhere.declared.update(item.address for item in resources)
        # Pinned ones choose first, and a name belongs to who has it before it belongs to who had it.
        for resource in sorted(
            resources, key=lambda item: (item.address.text.count("/"), item.api_id is None, bool(item.aliases))
        ):
            if self.kinds[resource.kind].composed_only:
                continue
            if resource.parent in self.aside or not self._was_listed(resource):
                self.aside[resource.address] = None
            elif resource.parent in stopped or not self._one(resource):
                stopped.add(resource.address)
                self.left_out.append(resource)
                if resource.parent in stopped:
                    self.told.blocked.append(resource.address)
        return self._result(resources)

    def _was_listed(self, resource: Resource) -> bool:
        """Whether the list that would hold the resource was asked for, or its object is known without; below what is
        new there is none."""
        parent = resource.parent
        if resource.address in self.seen:
            return True
        endpoint = self.kinds[resource.kind].endpoint(parent.kind) if parent else None
        if parent is None or endpoint is None or endpoint.parent_field:
            return self.live.was_listed(resource.kind, None)
        parent_id = self.ids[parent] if parent in self.ids else self._external_parent(parent)
        return parent_id is None or self.live.was_listed(resource.kind, parent_id)

    def _result(self, resources: list[Resource]) -> Matches:
        paired = self._paired()
        if self.elsewhere.moved:
            self.matches = [self.elsewhere.marked(item) for item in self.matches]
        moved = self.elsewhere.saying(self.matches)
        live, identity = identified(self.live, self.kinds, paired=paired, declared=resources, moved=moved)
        by_id = {(item.kind, item.id): item for item in live.objects}
        order = {resource.address: at for at, resource in enumerate(resources)}
        matches = [
            replace(
                item,
                declared=identity.canonical(item.declared) if item.declared else None,
                live=by_id[item.live.kind, item.live.id] if item.live else None,
            )
            for item in sorted(self.matches, key=lambda item: order[item.address])
        ]
        spoken_for = self.taken | self.told.unclear
        unmanaged = [
            Match(address=item.address, kind=item.kind, live=item)
            for item in live.objects
            if item.address
            and (item.kind, item.id) not in spoken_for
            and not self.kinds[item.kind].singleton
            and not self.kinds[item.kind].lookup_only
        ]
        unmanaged.sort(key=lambda item: item.address)
        for made, detail in twins_elsewhere(matches, unmanaged, self.kinds, self._name):
            self.told.tell(made, "twin-elsewhere", "A live object of the same name lies elsewhere", detail)
        for made, detail in lookalikes(matches, unmanaged, self.kinds):
            self.told.tell(made, "maybe-renamed", "A new object may be a live one that was renamed", detail)
        return Matches(
            matches=(*matches, *unmanaged),
            diagnostics=tuple(self.told.diagnostics),
            blocked=tuple(self.told.blocked),
            left_out=tuple(self.left_out),
            aside=tuple(self.aside),
            live=live,
            doubtful=self.told.doubtful,
        )

    def _paired(self) -> dict[tuple[str, str], Address]:
        return self.holders | {(item.live.kind, item.live.id): item.address for item in self.matches if item.live}

    def _names_now(self, _depth: int) -> Identity:
        """What names mean so far: once for each depth, since what lies above is paired then."""
        addresses = addresses_of(self.live, self.kinds, paired=self._paired())
        return Identity(self.live, addresses, self.kinds, self.resources)

    def _name(self, item: LiveObject) -> str:
        return live_name(self.kinds[item.kind], item) or item.id

    def _one(self, resource: Resource) -> bool:
        """Matches one resource; False when it had to be left out."""
        parent_id = self.ids.get(resource.parent) if resource.parent else None
        if resource.parent and resource.parent not in self.ids:
            parent_id = self._external_parent(resource.parent)
            if parent_id is None:
                return self._refuse_orphan(resource, resource.parent)
        parent_is_new = resource.parent is not None and parent_id is None
        miss = None if parent_is_new else self.unread.get((resource.kind, parent_id))
        if miss:
            return self.told.unread(resource, miss)
        if self.kinds[resource.kind].hardware:
            return self._one_device(resource, parent_id)
        bucket: Bucket = {} if parent_is_new else self.buckets[resource.kind, parent_id]
        live, renamed = self._find(resource, bucket)
        if live is None and renamed is not None:
            return False
        assigned = self.kinds[resource.kind].assigning is not None
        found = self._one_assigned(resource, live, parent_id) if assigned else Found(live=live)
        return self._pair(resource, found, renamed)

    def _one_assigned(self, resource: Resource, live: LiveObject | None, site_id: str | None) -> Found | Refusal | None:
        """What comes to its site by a call of its own. Nobody deletes what a site is told to let go."""
        if resource.parent:
            site_id = site_id or _NEW_SITE
        found = self.assigned.find(resource, live, site_id, free=self._is_free, declared=self.elsewhere.declared)
        if found is None or isinstance(found, Refusal):
            self.told.unclear.update((item.kind, item.id) for item in self.assigned.namesakes(resource, site_id))
        return found

    def _is_free(self, item: LiveObject) -> bool:
        return (item.kind, item.id) not in self.taken

    def _one_device(self, resource: Resource, site_id: str | None) -> bool:
        """Matches one device."""
        if self.live.models and (missing := self.devices.missing_ports(resource)):
            self.told.tell(resource, "port-of-model", "A device has no port of that name", missing)
        kind, declared = self.kinds[resource.kind], self.elsewhere.declared
        return self._pair(resource, self.devices.find(resource, kind, site_id, declared=declared), None)

    def _pair(self, resource: Resource, found: Found | Refusal | None, renamed: str | None) -> bool:
        """Notes what a resource is; nothing comes of one that shall not be at its site and is not."""
        if isinstance(found, Refusal):
            self.told.refuse(resource, found)
            return False
        self.ids[resource.address] = found.live.id if found and found.live else None
        if found is None:
            return True
        self.taken.update((item.kind, item.id) for item in (found.live, *found.also) if item)
        self.matches.append(
            Match(
                address=resource.address,
                kind=resource.kind,
                declared=resource,
                live=found.live,
                renamed_from=renamed if found.live else None,
                placement=found.placement,
            )
        )
        return True

    def _external_parent(self, parent: Address) -> str | None:
        """The id of a parent that lives only in the cloud."""
        by_id = self.by_id[parent.kind, None, (parent.name or "").lower()]
        found = list({item.id: item for item in (*self.named[parent], *by_id)}.values())
        if len(found) != 1:
            return None
        self.ids[parent] = found[0].id
        self.holders[found[0].kind, found[0].id] = parent
        return found[0].id

    def _refuse_orphan(self, resource: Resource, parent: Address) -> bool:
        """What holds the resource lives only in the cloud, and is not there, or could not be read."""
        miss = self.unread.get((parent.kind, None))
        if miss:
            return self.told.unread(resource, miss)
        self.told.error(
            resource,
            "not-in-cloud",
            "A name is neither declared nor in the cloud",
            f"{resource.address} belongs to {parent}, which is not there: declare it, or correct the name",
        )
        return False

    def _find(self, resource: Resource, bucket: Bucket) -> tuple[LiveObject | None, str | None]:
        """(live object, its name if it differs); (None, None) when it is to be created; (None, "") after an error."""
        if self.kinds[resource.kind].singleton:
            return next(iter(bucket.get("", [])), None), None
        if resource.api_id:
            return self._find_pinned(resource, bucket)
        if known := self._known(resource, bucket):
            return self.told.known(resource, known)
        found, renamed = (self._find_sibling if resource in self.siblings else self._find_named)(resource, bucket)
        if found is None and renamed is None:
            return self._find_elsewhere(resource)
        parent_id = self.ids.get(resource.parent) if resource.parent else None
        if found and resource.known_id and self._there(resource.kind, parent_id, resource.known_id) is None:
            self.told.made_again(resource, found)
        return found, renamed

    def _known(self, resource: Resource, bucket: Bucket) -> Known | None:
        if not resource.known_id:
            return None
        parent_id = self.ids.get(resource.parent) if resource.parent else None
        known = self.remembered.find(resource, bucket, lambda api_id: self._there(resource.kind, parent_id, api_id))
        if known and resource in self.siblings and not known.renamed:
            known = replace(known, namesakes=())  # that there are others of its name is declared
        return known if known and (known.live.kind, known.live.id) not in self.taken else None

    def _there(self, kind: str, parent_id: str | None, api_id: str) -> LiveObject | None:
        """The live object of an id."""
        return next(iter(self.by_id.get((kind, parent_id, api_id.lower()), ())), None)

    def _find_named(self, resource: Resource, bucket: Bucket) -> tuple[LiveObject | None, str | None]:
        for name in (resource.key or "", *former_names(resource, self.ids, self.named)):
            found = [item for item in bucket.get(alike(name), []) if (item.kind, item.id) not in self.taken]
            if len(found) > 1:
                return None, self._ambiguous(resource, found)
            if found and self._name(found[0]) != name:
                self.told.other_case(resource, found[0], name)
                return None, ""
            if found:
                return found[0], None if name == resource.key else name
        return None, None

    def _find_sibling(self, resource: Resource, bucket: Bucket) -> tuple[LiveObject | None, str | None]:
        """The same for one of several of its name, each with a key of its own."""
        name = resource.key or ""
        free = [item for item in bucket.get(alike(name), ()) if (item.kind, item.id) not in self.taken]
        same = [item for item in free if self._name(item) == name]
        others = [item for item in free if self._name(item) != name]

        def surely(member: Resource) -> LiveObject | None:
            known = None if member.api_id else self._known(member, bucket)
            return known.live if known else None

        found = self.siblings.find(resource, same, surely, names_now=self.names_now)
        if found.unclear:
            return None, self._ambiguous(resource, found.unclear)
        return (found.live, None) if found.live else self._find_named(resource, {**bucket, alike(name): others})

    def _find_elsewhere(self, resource: Resource) -> tuple[LiveObject | None, str | None]:
        """The same for an object that an alias says was in another place."""
        found = self.elsewhere.find(resource, self._is_free)
        if isinstance(found, Refusal):
            return None, self.told.refuse(resource, found)
        if len(found) > 1:
            return None, self._ambiguous(resource, found)
        name = self._name(found[0]) if found else None
        return (found[0] if found else None), (None if name == resource.key else name)

    def _find_pinned(self, resource: Resource, bucket: Bucket) -> tuple[LiveObject | None, str | None]:
        parent_id = self.ids.get(resource.parent) if resource.parent else None
        pinned = self.by_id[resource.kind, parent_id, (resource.api_id or "").lower()] if bucket else ()
        for item in (*pinned, *self.assigned.pinned(resource)):
            if self._is_free(item):
                name = self._name(item)
                return item, None if name == resource.key else name
        found, renamed = self._find_elsewhere(resource)
        if found or renamed is not None:
            return found, renamed
        self.told.unclear |= {(item.kind, item.id) for item in bucket.get(alike(resource.key or ""), [])}
        detail = words.pinned_missing(resource)
        self.told.error(resource, "pinned-id-missing", "The pinned id is not in the cloud", detail)
        return None, ""

    def _ambiguous(self, resource: Resource, found: Sequence[LiveObject]) -> str:
        return self.told.ambiguous(resource, found, keyed=resource in self.siblings)
