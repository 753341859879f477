"""Pairs declared with live objects by pinned id, natural key or alias, below matched parents. Never a guess; the id
that an address had before tells a rename, a namesake and a new object of an old name apart.

Then ids become names, once: which name an object has holds only after pairing (twins, renames).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.match import Match, Matches
from reconciler.model.resource import Live, LiveObject, Resource, Unread
from reconciler.semantics.naming import alike
from reconciler.stages.match import words
from reconciler.stages.match.devices import Devices, Refusal, with_unclaimed
from reconciler.stages.match.former import Elsewhere, former_names, twins_elsewhere
from reconciler.stages.match.identity import addresses_of, identified, live_name
from reconciler.stages.match.remembered import Known, Remembered

Bucket = dict[str, list[LiveObject]]


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
        self.buckets: defaultdict[tuple[str, str | None], Bucket] = defaultdict(lambda: defaultdict(list))
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
        self.unread: dict[tuple[str, str | None], Unread] = {(miss.kind, miss.parent_id): miss for miss in live.unread}
        self.ids: dict[Address, str | None] = {}
        self.taken: set[tuple[str, str]] = set()
        self.unclear: set[tuple[str, str]] = set()
        self.elsewhere = Elsewhere(live, kinds, self.buckets, self.named, self.ids, self.unclear)
        self.holders: dict[tuple[str, str], Address] = {}
        self.matches: list[Match] = []
        self.diagnostics: list[Diagnostic] = []
        self.blocked: list[Address] = []
        self.left_out: list[Resource] = []
        self.aside: dict[Address, None] = {}  # in the order in which they were met
        self.renewed: set[Address | None] = set()
        self.doubtful: dict[Address, tuple[LiveObject, ...]] = {}
        self.remembered = Remembered((), self._name)

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str | None, str], list[LiveObject]]:
        """The live objects by kind, parent and id; most runs ask for none."""
        found: defaultdict[tuple[str, str | None, str], list[LiveObject]] = defaultdict(list)
        for item in self.live.objects:
            found[item.kind, item.parent_id, item.id.lower()].append(item)
        return found

    def run(self, resources: list[Resource]) -> Matches:
        stopped: set[Address] = set()
        self.remembered = Remembered(resources, self._name)
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
                    self.blocked.append(resource.address)
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
        paired = self.holders | {(item.live.kind, item.live.id): item.address for item in self.matches if item.live}
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
        spoken_for = self.taken | self.unclear
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
            self._tell(made, "twin-elsewhere", "A live object of the same name lies elsewhere", detail)
        return Matches(
            matches=(*matches, *unmanaged),
            diagnostics=tuple(self.diagnostics),
            blocked=tuple(self.blocked),
            left_out=tuple(self.left_out),
            aside=tuple(self.aside),
            live=live,
            doubtful=self.doubtful,
        )

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
            return self._refuse_unread(resource, miss)
        if self.kinds[resource.kind].hardware:
            return self._one_device(resource, parent_id)
        bucket: Bucket = {} if parent_is_new else self.buckets[resource.kind, parent_id]
        found, renamed = self._find(resource, bucket)
        if found is None and renamed is not None:
            return False
        if found is None and not self._is_made_here(resource):
            return False
        self.ids[resource.address] = found.id if found else None
        if found:
            self.taken.add((found.kind, found.id))
        self.matches.append(
            Match(
                address=resource.address,
                kind=resource.kind,
                declared=resource,
                live=found,
                renamed_from=renamed if found else None,
            )
        )
        return True

    def _is_made_here(self, resource: Resource) -> bool:
        """Whether an object that is not there can be made; an error where it only can come there."""
        kind = self.kinds[resource.kind]
        endpoint = kind.endpoint(resource.parent.kind if resource.parent else None)
        if endpoint and endpoint.at_site and not resource.absent and (site := self._site_that_has(resource)):
            detail = (
                f"{resource.address} is left out: it is at {site}, so that it would be made twice. Declare it there"
            )
            self._error(resource, "not-here", "An object is at a site", detail)
            return False
        if endpoint is None or endpoint.made or resource.absent:
            return True
        self._error(resource, "not-at-site", "An object is not at its site", words.not_made(resource, kind))
        return False

    def _site_that_has(self, resource: Resource) -> str:
        """The site at which a live object of the kind has the resource's name; "" where none has."""
        name = alike(resource.key or "")
        found = (item for item in self.live.objects if item.kind == resource.kind and item.parent_id)
        holder = next((item.parent_id for item in found if alike(self._name(item)) == name), None)
        return str(self.sites.get(holder, holder)) if holder else ""

    def _one_device(self, resource: Resource, site_id: str | None) -> bool:
        """Matches one device; nothing comes of one that shall not be at its site and is not."""
        found = self.devices.find(resource, self.kinds[resource.kind], site_id)
        if isinstance(found, Refusal):
            self._refuse(resource, found)
            return False
        self.ids[resource.address] = found.live.id if found else None
        if found is None:
            return True
        self.taken.update((item.kind, item.id) for item in (found.live, *found.also))
        self.matches.append(
            Match(
                address=resource.address,
                kind=resource.kind,
                declared=resource,
                live=found.live,
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
            return self._refuse_unread(resource, miss)
        self._error(
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
        parent_id = self.ids.get(resource.parent) if resource.parent else None
        known = None
        if resource.known_id:
            known = self.remembered.find(resource, bucket, lambda api_id: self._there(resource.kind, parent_id, api_id))
        if known and (known.live.kind, known.live.id) not in self.taken:
            return self._find_known(resource, known)
        found, renamed = self._find_named(resource, bucket)
        if found is None and renamed is None:
            return self._find_elsewhere(resource)
        if found and resource.known_id and self._there(resource.kind, parent_id, resource.known_id) is None:
            self._tell_another(resource, found)
        return found, renamed

    def _there(self, kind: str, parent_id: str | None, api_id: str) -> LiveObject | None:
        """The live object of an id."""
        return next(iter(self.by_id.get((kind, parent_id, api_id.lower()), ())), None)

    def _find_named(self, resource: Resource, bucket: Bucket) -> tuple[LiveObject | None, str | None]:
        for name in (resource.key or "", *former_names(resource, self.ids, self.named)):
            found = [item for item in bucket.get(alike(name), []) if (item.kind, item.id) not in self.taken]
            if len(found) > 1:
                return None, self._refuse_ambiguous(resource, found)
            if found and self._name(found[0]) != name:
                self._refuse_case(resource, found[0], name)
                return None, ""
            if found:
                return found[0], None if name == resource.key else name
        return None, None

    def _find_elsewhere(self, resource: Resource) -> tuple[LiveObject | None, str | None]:
        """The same for an object that an alias says was in another place."""
        found = self.elsewhere.find(resource, lambda item: (item.kind, item.id) not in self.taken)
        if isinstance(found, Refusal):
            return None, self._refuse(resource, found)
        if len(found) > 1:
            return None, self._refuse_ambiguous(resource, found)
        name = self._name(found[0]) if found else None
        return (found[0] if found else None), (None if name == resource.key else name)

    def _find_pinned(self, resource: Resource, bucket: Bucket) -> tuple[LiveObject | None, str | None]:
        parent_id = self.ids.get(resource.parent) if resource.parent else None
        for item in self.by_id[resource.kind, parent_id, (resource.api_id or "").lower()] if bucket else ():
            if (item.kind, item.id) not in self.taken:
                name = self._name(item)
                return item, None if name == resource.key else name
        found, renamed = self._find_elsewhere(resource)
        if found or renamed is not None:
            return found, renamed
        self.unclear |= {(item.kind, item.id) for item in bucket.get(alike(resource.key or ""), [])}
        detail = words.pinned_missing(resource)
        self._error(resource, "pinned-id-missing", "The pinned id is not in the cloud", detail)
        return None, ""

    def _find_known(self, resource: Resource, known: Known) -> tuple[LiveObject | None, str | None]:
        live, name = known.live, self._name(known.live)
        self.unclear |= {(item.kind, item.id) for item in known.namesakes}
        if known.unclear:
            self.unclear.add((live.kind, live.id))
            detail = words.taken_name(resource, live, name, known.namesakes)
            self._error(resource, "taken-name", "Another live object has the name of a renamed one", detail)
            self.doubtful[resource.address] = (live, *known.namesakes)
            return None, ""
        if known.namesakes:
            detail = words.namesake(resource, live, known.namesakes)
            self._tell(resource, "namesake", "Another live object has the same name", detail)
            self.doubtful[resource.address] = (live, *known.namesakes)
        if known.renamed:
            self._tell(
                resource,
                "renamed-live",
                "A live object was renamed",
                f"{resource.address} (id {live.id}) is called {name!r} now: its declared name is given back to it; to "
                "keep the new one, declare that",
            )
            self.doubtful[resource.address] = (live, *known.namesakes)
        return live, None if name == resource.key else name

    def _tell_another(self, resource: Resource, found: LiveObject) -> None:
        """An object that was made again: told once, not for all that lies in it."""
        self.renewed.add(resource.address)
        if resource.parent in self.renewed:
            return
        self._tell(
            resource,
            "another-object",
            "A live object is another one than before",
            f"{resource.address} is id {found.id} now; id {resource.known_id}, which it was before, is gone: it was "
            "deleted and made again, so what nobody declared in it may be lost",
        )
        self.doubtful[resource.address] = (found,)

    def _refuse(self, resource: Resource, refusal: Refusal) -> str:
        if refusal.rule == "unread":
            self.blocked.append(resource.address)
        self._error(resource, refusal.rule, refusal.summary, f"{resource.address} is left out: {refusal.detail}")
        return ""

    def _refuse_ambiguous(self, resource: Resource, found: Sequence[LiveObject]) -> str:
        self.unclear |= {(item.kind, item.id) for item in found}
        self.doubtful[resource.address] = tuple(found)
        detail = words.ambiguous(resource, found, self._name)
        self._error(resource, "ambiguous-live", "Two live objects have the same name", detail)
        return ""

    def _refuse_case(self, resource: Resource, found: LiveObject, name: str) -> None:
        self.unclear.add((found.kind, found.id))
        self._error(
            resource,
            "case-differs",
            "The live name differs only in upper and lower case, or in blanks",
            f"{name!r} is declared, {self._name(found)!r} is live (id {found.id}): write "
            "the name as it is live, or pin the object with `id:` to rename it",
        )

    def _refuse_unread(self, resource: Resource, miss: Unread) -> bool:
        self.blocked.append(resource.address)
        self._error(
            resource,
            "unread",
            "The live state could not be read",
            f"{resource.address} is left out of the plan, because reading its collection failed: {miss.reason}",
        )
        return False

    def _error(self, resource: Resource, rule: str, summary: str, detail: str) -> None:
        self._tell(resource, rule, summary, detail, severity=Severity.ERROR)

    def _tell(
        self, resource: Resource, rule: str, summary: str, detail: str, *, severity: Severity = Severity.WARNING
    ) -> None:
        self.diagnostics.append(
            Diagnostic(
                severity=severity,
                rule=rule,
                summary=summary,
                detail=detail,
                address=str(resource.address),
                source=resource.source,
            )
        )
