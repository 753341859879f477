"""Who is who: the address of every live object, and references by name on both sides of the comparison.

An object that something declared was paired with has the declared address (after a rename the new one), and so have
those below it. Two live objects that would share an address get their ids added to it: a name never means one of two.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec.structs import replace

from reconciler.kinds import Kind, Kinds, Reference
from reconciler.model.address import Address, device_mac
from reconciler.model.resource import Live, LiveObject, Resource
from reconciler.model.values import YamlMap
from reconciler.semantics.forms import ITSELF, InventoryBody, with_references
from reconciler.semantics.naming import Names, is_uuid

Paired = Mapping[tuple[str, str], Address]
"""Declared addresses by (kind, id) of the live object they were paired with."""
_NOTHING: Paired = {}


def identified(
    live: Live,
    kinds: Kinds,
    *,
    paired: Paired,
    declared: Sequence[Resource],
    moved: Collection[tuple[str, str]] = (),
) -> tuple[Live, "Identity"]:
    """`live` with every object's address set and its body in inventory form, and what names mean from here on.

    `declared` are all objects of the inventory: one that is about to be created counts when a name is looked up.
    `moved` are the (kind, id) of objects whose bodies say what holds them.
    """
    addresses = _Addresses(live.objects, kinds, paired).all()
    identity = Identity(live, addresses, kinds, declared)

    def named(item: LiveObject, address: Address) -> LiveObject:
        answer = item.body if item.answer is None else item.answer
        goes = (item.kind, item.id) in moved
        body = InventoryBody(kinds[item.kind], answer, identity.namer(address.parent), moved=goes)
        return LiveObject(
            kind=item.kind,
            id=item.id,
            parent_id=item.parent_id,
            body=body,
            address=address,
            answer=answer,
            modified_time=answer.get("modified_time"),
        )

    return replace(live, objects=tuple(map(named, live.objects, addresses))), identity


def addresses_of(live: Live, kinds: Kinds, *, paired: Paired = _NOTHING) -> list[Address]:
    """The address of every live object, under the names that are live where nothing is paired yet."""
    return _Addresses(live.objects, kinds, paired).all()


class Identity:
    """What names and ids mean, once every live object has its address."""

    def __init__(self, live: Live, addresses: list[Address], kinds: Kinds, declared: Sequence[Resource]) -> None:
        self._kinds = kinds
        devices = [(item.body.get("name"), item.address) for item in declared if kinds[item.kind].hardware]
        named = {address for name, address in devices if name}
        devices += [
            (item.body.get("name"), address)
            for item, address in zip(live.objects, addresses, strict=True)
            if kinds[item.kind].hardware and address not in named  # a new name is what it is called
        ]
        called = [(str(name or address.name), address) for name, address in devices]
        self._by_id = {
            item.id.lower(): address
            for item, address in zip(live.objects, addresses, strict=True)
            if not kinds[item.kind].singleton
        }
        self._names = Names(chain(addresses, [item.address for item in declared]), called)
        self._org_id = live.org_id.lower()
        self._namers: dict[Address | None, _Namer] = {}

    def namer(self, scope: Address | None) -> "_Namer":
        """From the ids in a body below `scope` to names."""
        found = self._namers.get(scope)
        if found is None:
            found = self._namers[scope] = _Namer(self._by_id, self._names, scope, self._kinds, self._org_id)
        return found

    def canonical(self, resource: Resource) -> Resource:
        """The resource with every reference under the name that a live object would show: raw ids and spelled
        addresses become the shortest name."""
        kind = self._kinds[resource.kind]
        if not kind.may_refer(resource.body):
            return resource
        body = with_references(kind, resource.body, self.namer(resource.parent))
        if body == resource.body:
            return resource
        marked = YamlMap(body, marks=resource.body.marks, mark=resource.body.mark)
        return replace(resource, body=marked)


class _Namer:
    def __init__(
        self, by_id: Mapping[str, Address], names: Names, scope: Address | None, kinds: Kinds, org_id: str
    ) -> None:
        self._kinds = kinds
        self._org_id = org_id
        self._by_id = by_id
        self._names = names
        self._scope = scope
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, reference: Reference, value: str) -> str:
        if reference.itself:
            return ITSELF if value.lower() == self._org_id else value
        found = self._known.get((reference.kind, value))
        if found is None:
            found = self._known[reference.kind, value] = self._named(reference, value)
        return found

    def _named(self, reference: Reference, value: str) -> str:
        target = self._by_id.get(value.lower()) if is_uuid(value) else None
        target = target or self._names.find(reference.kind, value, self._scope)
        if self._kinds.is_device(reference.kind):
            return (target and target.name) or device_mac(value) or value
        return self._names.shortest(target, self._scope) if target else value


class _Addresses:
    def __init__(self, objects: Iterable[LiveObject], kinds: Kinds, paired: Paired) -> None:
        self._objects = list(objects)
        self._kinds = kinds
        self._paired = paired
        self._by_id = {item.id: item for item in self._objects if not kinds[item.kind].singleton}
        self._known: dict[tuple[str, str], Address] = {}

    def all(self) -> list[Address]:
        """The addresses of all objects, in their order; no two are the same."""
        found = [self._address(item) for item in self._objects]
        if len(set(found)) == len(found):
            return found
        taken, counts = set(self._paired.values()), Counter(found)
        for item, address in zip(self._objects, found, strict=True):
            twin = counts[address] > 1 or address in taken
            if twin and (item.kind, item.id) not in self._paired and not self._kinds[item.kind].singleton:
                self._known[item.kind, item.id] = Address.of(
                    item.kind, f"{address.name}#{item.id}", parent=address.parent
                )
        return [self._known[item.kind, item.id] for item in self._objects]

    def _address(self, item: LiveObject) -> Address:
        key = (item.kind, item.id)
        found = self._known.get(key) or self._paired.get(key)
        if found is None:
            kind = self._kinds[item.kind]
            name = None if kind.singleton else live_name(kind, item) or item.id
            found = Address.of(kind.name, name, parent=self._parent(item, kind))
        self._known[key] = found
        return found

    def _parent(self, item: LiveObject, kind: Kind) -> Address | None:
        if item.parent_id is None:
            return None
        holder = self._by_id.get(item.parent_id)
        return self._address(holder) if holder else Address.of(_parent_kind(kind), item.parent_id)


def live_name(kind: Kind, item: LiveObject) -> str | None:
    """An object's natural key, or its fallback; None when it has neither."""
    body: Mapping[str, Any] = item.body if item.answer is None else item.answer
    return kind.name_in(body)


def _parent_kind(kind: Kind) -> str:
    return next(endpoint.parent for endpoint in kind.endpoints if endpoint.parent)
