"""ids -> names: live objects as the API answered in, live objects in inventory form with addresses out."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.kinds import Kind, Kinds, Reference
from reconciler.model.address import Address
from reconciler.model.resource import Live, LiveObject
from reconciler.semantics.forms import inventory_form
from reconciler.semantics.naming import Names


def resolve(live: Live, *, kinds: Kinds) -> Live:
    """`live` with every body in inventory form and every object's address set.

    An id that names nothing that was read stays an id. An object without a name is addressed by its id.
    """
    by_id = {item.id: item for item in live.objects if not kinds[item.kind].singleton}
    known: dict[str, Address] = {}
    addresses = [_address(item, by_id, known, kinds) for item in live.objects]
    names = Names(addresses)
    fallback = {**live.names, live.org_id: live.org_name}

    def resolved(item: LiveObject, address: Address) -> LiveObject:
        def to_name(_reference: Reference, value: str) -> str:
            target = known.get(value)
            return names.shortest(target, address.parent) if target else fallback.get(value, value)

        body = inventory_form(kinds[item.kind], item.body, to_name)
        return replace(item, address=address, body=body, modified_time=item.body.get("modified_time"))

    return replace(live, objects=tuple(map(resolved, live.objects, addresses)))


def _live_name(kind: Kind, body: Mapping[str, object]) -> str | None:
    """An object's natural key, or its fallback; None when it has neither."""
    value = body.get(kind.key) or (body.get(kind.key_fallback) if kind.key_fallback else None)
    return str(value) if value else None


def _address(item: LiveObject, by_id: Mapping[str, LiveObject], known: dict[str, Address], kinds: Kinds) -> Address:
    kind = kinds[item.kind]
    if not kind.singleton and item.id in known:
        return known[item.id]
    parent = None
    if item.parent_id is not None:
        holder = by_id.get(item.parent_id)
        parent_kind = holder.kind if holder else _parent_kind(kind)
        parent = _address(holder, by_id, known, kinds) if holder else Address.of(parent_kind, item.parent_id)
    name = None if kind.singleton else _live_name(kind, item.body) or item.id
    address = Address.of(kind.name, name, parent=parent)
    if not kind.singleton:
        known[item.id] = address
    return address


def _parent_kind(kind: Kind) -> str:
    return next((endpoint.parent for endpoint in kind.endpoints if endpoint.parent), "site")
