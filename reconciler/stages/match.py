"""Pairs declared with live objects by pinned id, natural key or alias, below matched parents. Never a guess."""

from collections import defaultdict
from collections.abc import Iterable

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.match import Match, Matches
from reconciler.model.resource import Live, LiveObject, Resource, Unread

Bucket = dict[str, list[LiveObject]]


def match(resources: Iterable[Resource], live: Live, *, kinds: Kinds) -> Matches:
    """Every declared resource with its live object, and the live objects that nothing declares.

    `live` is resolved. Two live objects of one key, or of keys equal but for case, make an error that names both
    ids; so does a pinned id that is not there. What lies in a collection that could not be read is blocked.
    """
    return _Matcher(live, kinds).run(list(resources))


class _Matcher:
    def __init__(self, live: Live, kinds: Kinds) -> None:
        self.live = live
        self.kinds = kinds
        self.buckets: defaultdict[tuple[str, str | None], Bucket] = defaultdict(lambda: defaultdict(list))
        for item in live.objects:
            key = item.address.name if item.address and not kinds[item.kind].singleton else ""
            self.buckets[item.kind, item.parent_id][(key or "").casefold()].append(item)
        self.unread: dict[tuple[str, str | None], Unread] = {(miss.kind, miss.parent_id): miss for miss in live.unread}
        self.ids: dict[Address, str | None] = {}
        self.taken: set[tuple[str, str]] = set()
        self.matches: list[Match] = []
        self.diagnostics: list[Diagnostic] = []
        self.blocked: list[Address] = []

    def run(self, resources: list[Resource]) -> Matches:
        stopped: set[Address] = set()
        for resource in sorted(resources, key=lambda item: (item.address.text.count("/"), item.api_id is None)):
            if self.kinds[resource.kind].composed_only:
                continue
            if resource.parent in stopped or not self._one(resource):
                stopped.add(resource.address)
                if resource.parent in stopped:
                    self.blocked.append(resource.address)
        order = {resource.address: at for at, resource in enumerate(resources)}
        self.matches.sort(key=lambda item: order[item.address])
        unmanaged = [
            Match(address=item.address, kind=item.kind, live=item)
            for item in self.live.objects
            if item.address
            and (item.kind, item.id) not in self.taken
            and not self.kinds[item.kind].singleton
            and not self.kinds[item.kind].lookup_only
        ]
        unmanaged.sort(key=lambda item: (item.address, item.live.id if item.live else ""))
        return Matches(
            matches=(*self.matches, *unmanaged), diagnostics=tuple(self.diagnostics), blocked=tuple(self.blocked)
        )

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
        bucket: Bucket = {} if parent_is_new else self.buckets[resource.kind, parent_id]
        found, renamed = self._find(resource, bucket)
        if found is None and renamed is not None:
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

    def _external_parent(self, parent: Address) -> str | None:
        """The id of a parent that lives only in the cloud."""
        found = [item for item in self.live.objects if item.address == parent]
        if len(found) != 1:
            return None
        self.ids[parent] = found[0].id
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
        for name in (resource.key or "", *resource.aliases):
            found = [item for item in bucket.get(name.casefold(), []) if (item.kind, item.id) not in self.taken]
            if len(found) > 1:
                self._refuse_ambiguous(resource, found)
                return None, ""
            if found and found[0].address and found[0].address.name != name:
                self._refuse_case(resource, found[0], name)
                return None, ""
            if found:
                return found[0], None if name == resource.key else name
        return None, None

    def _find_pinned(self, resource: Resource, bucket: Bucket) -> tuple[LiveObject | None, str | None]:
        for item in (entry for entries in bucket.values() for entry in entries):
            if item.id == resource.api_id and item.address:
                return item, None if item.address.name == resource.key else item.address.name
        self._error(
            resource,
            "pinned-id-missing",
            "The pinned id is not in the cloud",
            f"{resource.address} says `id: {resource.api_id}`, and no live {resource.kind} has that id here: "
            "correct the id, or take it out to match by name",
        )
        return None, ""

    def _refuse_ambiguous(self, resource: Resource, found: list[LiveObject]) -> None:
        named = " and ".join(f"{item.address.name if item.address else ''!r} (id {item.id})" for item in found)
        self._error(
            resource,
            "ambiguous-live",
            "Two live objects have the same name",
            f"{resource.address} could be {named}: rename or delete one in the portal, or pin the one you mean "
            "with `id:`",
        )

    def _refuse_case(self, resource: Resource, found: LiveObject, name: str) -> None:
        self._error(
            resource,
            "case-differs",
            "The live name differs only in upper and lower case",
            f"{name!r} is declared, {found.address.name if found.address else ''!r} is live (id {found.id}): write "
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
        self.diagnostics.append(
            Diagnostic(
                severity=Severity.ERROR,
                rule=rule,
                summary=summary,
                detail=detail,
                address=str(resource.address),
                source=resource.source,
            )
        )
