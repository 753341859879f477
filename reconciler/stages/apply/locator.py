"""Where objects live in the API, with the ids known so far: from plan and outcomes to paths, names and ids."""

import threading
from collections.abc import Mapping
from typing import Any

from reconciler.kinds import Endpoint, Kind, Kinds, Reference
from reconciler.model.address import Address, device_id, device_mac
from reconciler.model.change import Change, Plan
from reconciler.semantics.forms import ITSELF, InventoryBody, api_form
from reconciler.semantics.naming import Names, is_uuid

Listing = tuple[str, tuple[tuple[str, str], ...]]
_NOBODY: Mapping[str, Address] = {}
"""Path and query of a list."""


class NoId(LookupError):
    """A name that has no id: what it means does not exist. A name is never sent in the place of an id."""


class Locator:
    """Ids of everything that is live or was made in this run. Safe to use from many threads."""

    def __init__(self, plan: Plan, kinds: Kinds) -> None:
        self.org_id = plan.org_id
        self.kinds = kinds
        self._lock = threading.Lock()
        self._ids: dict[str, str] = dict(plan.ids)
        self._known = set(self._ids.values())
        named = {text: value for text, value in plan.ids.items() if Address(text).name is not None}
        self._by_id = {value: Address(text) for text, value in named.items()}  # a singleton has its parent's id
        self._names = Names([*map(Address, plan.ids), *(change.address for change in plan.changes)])

    def remember(self, address: Address, object_id: str) -> None:
        """Notes the id of an object that was just created."""
        with self._lock:
            self._ids[address.text] = object_id
            self._by_id[object_id] = address
            self._known.add(object_id)

    def knows(self, object_id: str) -> bool:
        """Whether an id is that of an object that is known now."""
        return object_id in self._known

    def id_of(self, address: Address) -> str | None:
        """The live id of an object, None before it is created. A singleton has its parent's."""
        found = self._ids.get(address.text)
        if found is None and address.name is None and address.parent:
            return self._ids.get(address.parent.text)
        return found

    def endpoint(self, change: Change) -> Endpoint:
        """Where the change's object lives; raises `LookupError` for a kind that can't live there."""
        parent = change.address.parent
        found = self.kinds[change.kind].endpoint(parent.kind if parent else None)
        if found is None:
            raise LookupError(f"{change.kind} has no endpoint below {parent}")
        return found

    def item(self, change: Change, *, object_id: str = "") -> str:
        """The path of the change's own object, or of another one beside it."""
        return self._filled(self.endpoint(change).item, change, object_id)

    def collection(self, change: Change) -> str | None:
        """The path of the list that holds the object; None for a singleton."""
        template = self.endpoint(change).collection
        return self._filled(template, change) if template else None

    def listing(self, change: Change) -> Listing | None:
        """The list that holds the object, as it is asked for: path and query; None for a singleton."""
        endpoint = self.endpoint(change)
        if endpoint.collection is None:
            return None
        path = self._filled(endpoint.listed or endpoint.collection, change)
        return path, tuple(sorted(endpoint.query.items()))

    def _filled(self, template: str, change: Change, object_id: str = "") -> str:
        parent = change.address.parent
        parent_id = self._ids[parent.text] if parent else ""
        return template.format(
            org_id=self.org_id, parent_id=parent_id, id=object_id or self.id_of(change.address) or ""
        )

    def to_inventory(
        self,
        kind: Kind,
        body: Mapping[str, Any],
        scope: Address | None,
        *,
        beside: Mapping[str, Address] = _NOBODY,
        moved: bool = False,
    ) -> Mapping[str, Any]:
        """An answer of the cloud in inventory form; `scope` is the parent of the object. `beside` are addresses of
        others by id, which nobody else knows. `moved`: it says what holds it."""

        def to_name(reference: Reference, value: str) -> str:
            if reference.itself:
                return ITSELF if value == self.org_id else value
            target = self._by_id.get(value) or beside.get(value)
            if self.kinds.is_device(reference.kind):
                return (target and target.name) or device_mac(value) or value
            return self._names.shortest(target, scope) if target else value

        return InventoryBody(kind, body, to_name, moved=moved)

    def seen(self, change: Change, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """An answer about the object of an update in inventory form, with what holds it where the update says that."""
        kind = self.kinds[change.kind]
        moved = kind.holder is not None and kind.holder.field in change.replaces
        return self.to_inventory(kind, answer, change.address.parent, moved=moved)

    def to_api(self, kind: Kind, body: Mapping[str, Any], change: Change) -> dict[str, Any]:
        """The change's body in inventory form as the API wants it. Raises `NoId` for a name that means nothing live."""
        scope = change.address.parent
        whole = {**(change.live.body if change.live else {}), **(change.declared.body if change.declared else {})}

        def to_id(reference: Reference, name: str) -> str:
            if reference.itself:
                return self.org_id if name == ITSELF else name
            target = self._names.find(reference.kind, name, scope)
            found = self._ids.get(target.text) if target else None
            if self.kinds.is_device(reference.kind) and (mac := device_mac((target and target.name) or name)):
                return device_id(mac)
            if found is None and not is_uuid(name) and "{{" not in name:
                raise NoId(f"`{reference.field}` names {target or name}, which does not exist")
            return found or name

        return api_form(kind, body, to_id, whole=whole)
