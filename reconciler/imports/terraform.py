"""The resources of a state -> the organisation as if it had been read, with each object's old address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.errors import UsageError
from reconciler.imports.bodies import ResourceType, body_of, resource_types
from reconciler.imports.devices import INVENTORY, TYPES, Loose, Placed, placed_devices, with_profile
from reconciler.imports.state import StateResource
from reconciler.kinds import Endpoint, Kinds
from reconciler.kinds.shared.checks import each, split
from reconciler.model.resource import Live, LiveObject

_IMAGE, _TEXTS = "an image is a file", "the texts of a portal are a call of their own"
_WHY = {
    "mist_device_gateway_cluster": "a pair is formed by a call of its own",
    "mist_device_image": _IMAGE,
    "mist_org_apitoken": "its key is shown once, when it is made",
    "mist_org_nac_portal_image": _IMAGE,
    "mist_org_nac_portal_template": _TEXTS,
    "mist_org_wlan_portal_image": _IMAGE,
    "mist_org_wlan_portal_template": _TEXTS,
    "mist_site_wlan_portal_image": _IMAGE,
    "mist_site_wlan_portal_template": _TEXTS,
    "mist_upgrade_device": "an upgrade is done, and not configured",
}
"""Why the other types of the provider are no objects of an inventory."""

ObjectId = tuple[str, str]
"""An object by its kind and id."""

_ORGANISATION, _SITE = "organisation", "site"
_ORGANISATION_TYPE = "mist_org"
_NO_ID = "00000000-0000-0000-0000-000000000000"


class Imported(Struct, frozen=True, kw_only=True):
    """The objects, what they were called in the state (one object may be several resources), and what was left out."""

    live: Live
    former: Mapping[ObjectId, tuple[str, ...]] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def imported(resources: Iterable[StateResource], kinds: Kinds, *, org_id: str = "") -> Imported:
    """Raises `UsageError` for a state of several organisations (`org_id` says which one is meant), or of none."""
    listed = list(resources)
    managed = [item for item in listed if not item.data]
    if not managed:
        raise UsageError("The state holds no resource of the provider juniper/mist", remedy="Give another state")
    org_id = _organisation(managed, org_id)
    reader = _Reader(kinds, org_id)
    for item in managed:
        reader.take(item)
    for item in sorted(managed, key=lambda one: TYPES.index(one.type) if one.type in TYPES else -1):
        reader.place(item)
    objects = reader.whole()
    names = _names(objects, kinds)
    elsewhere = {key: name for key, name in _looked_up(listed).items() if key not in names}
    if elsewhere:
        objects = tuple(replace(item, body=_with_names(item.body, elsewhere)) for item in objects)
    own = next((item.body.get("name") for item in objects if item.kind == _ORGANISATION), "")
    live = Live(
        org_id=org_id, org_name=own if isinstance(own, str) else "", objects=objects, names=dict(sorted(names.items()))
    )
    former = {key: tuple(found) for key, found in reader.former.items()}
    return Imported(live=live, former=former, diagnostics=tuple(reader.diagnostics()))


def _organisation(managed: Iterable[StateResource], wanted: str) -> str:
    found = {value for value in map(_org_id, managed) if isinstance(value, str) and value}
    if wanted or len(found) == 1:
        return wanted or found.pop()
    if not found:
        raise UsageError("The state does not say which organisation it is of", remedy="Give its id with --org")
    raise UsageError(
        f"The state is of {len(found):,} organisations: {', '.join(sorted(found))}", remedy="Choose one with --org"
    )


def _org_id(item: StateResource) -> Any:
    """The organisation that a resource is in, or is; None where it does not say."""
    return item.values.get("id" if item.type == _ORGANISATION_TYPE else "org_id")


def _looked_up(resources: Iterable[StateResource]) -> dict[str, str]:
    """The names of what the state's data sources list, by id."""
    found: dict[str, str] = {}
    for item in resources:
        for rows in item.values.values() if item.data else ():
            for row in rows if isinstance(rows, list) else ():
                name = (row.get("name") or row.get("ssid")) if isinstance(row, dict) else None
                if isinstance(name, str) and isinstance(row.get("id"), str):
                    found[row["id"]] = name
    return found


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    """A body that names what the state only looked up: nothing else here says what these ids are."""
    if isinstance(value, Mapping):
        return {key: item if key == "id" else _with_names(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_names(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def _names(objects: Iterable[LiveObject], kinds: Kinds) -> dict[str, str]:
    found = {}
    for item in objects:
        name = None if kinds[item.kind].singleton else kinds[item.kind].name_in(item.body)
        if name is not None:
            found[item.id] = name
    return found


class _Reader:
    """Gathers objects, of which several resources may hold a part."""

    def __init__(self, kinds: Kinds, org_id: str) -> None:
        self._kinds = kinds
        self._org_id = org_id
        self._objects: dict[ObjectId, LiveObject] = {}
        self._left: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        self.former: defaultdict[ObjectId, list[str]] = defaultdict(list)

    def take(self, item: StateResource) -> None:
        """One resource; what can't be an object is kept to be told."""
        known = resource_types().get(item.type)
        if item.deposed:
            self._leave("deposed", "Left over in the state, to be deleted", "they are not imported", item)
        elif item.type in TYPES:
            return  # what they say of devices is laid over these
        elif known is None:
            why = _WHY.get(item.type)
            why = f"{item.type} ({why})" if why else item.type
            self._leave("not-modelled", "Resources that an inventory has no place for", why, item)
        elif _org_id(item) not in (self._org_id, None):
            self._leave("other-organisation", "Resources of another organisation", "they are not imported", item)
        else:
            self._object(item, known)

    def place(self, item: StateResource) -> None:
        """Where devices are, and which profile they have."""
        if item.type not in TYPES or item.deposed or _org_id(item) not in (self._org_id, None):
            return
        found = placed_devices(item, self._kinds) if item.type == INVENTORY else with_profile(item, self._devices())
        for one in found:
            if isinstance(one, Placed) and (_SITE, one.found.parent_id or "") not in self._objects:
                one = Loose(item, str(one.found.body["mac"]), "the state lacks their sites")
            if isinstance(one, Loose):
                rule, summary = "not-assigned", "Devices of which there is nothing to declare"
                self._left[rule, summary, one.why].append(f"{item.address} {one.mac}")
                continue
            key = (one.found.kind, one.found.id)
            before = self._objects.get(key)
            body = {**one.found.body, **(before.body if before else {})}
            self._objects[key] = replace(before or one.found, body=body)
            if item.address not in self.former[key] and not before:
                self.former[key].append(item.address)

    def _devices(self) -> list[LiveObject]:
        return [item for item in self._objects.values() if self._kinds[item.kind].hardware]

    def _object(self, item: StateResource, known: ResourceType) -> None:
        kind = self._kinds[known.kind]
        below_site = item.type.startswith(("mist_site_", "mist_device_"))
        endpoint = kind.endpoint(_SITE) if below_site else next(e for e in kind.endpoints if e.parent != _SITE)
        if endpoint is None:
            self._leave("not-modelled", "Resources that an inventory has no place for", item.type, item)
            return
        parent, object_id = self._place(item, known, endpoint)
        if not object_id or (endpoint.parent and not parent):
            missing = known.id if not object_id else endpoint.parent_field or "site_id"
            self._leave("no-id", "Resources without what says where they are", f"`{missing}` is not set", item)
            return
        marked = item.sensitive if isinstance(item.sensitive, Mapping) else {}
        marked = {name: mark for name, mark in marked.items() if name not in (kind.key, kind.key_with)}
        body = {**body_of(item.values, known.rules, sensitive=marked), **endpoint.only}
        if endpoint.collection:
            body["id"] = object_id
        key = (known.kind, object_id)
        before = self._objects.get(key)
        if before and not kind.singleton:
            self._leave("same-object", "Resources that are one object", f"it is {self.former[key][0]}, too", item)
            return
        for path in known.wrong:
            if any(value for _, value in each(item.values, split(path))):
                self._leave("wrong-in-state", "What the provider keeps wrong", f"`{path}` is left out", item)
        if item.tainted:
            self._leave("tainted", "Terraform would replace these", "they are imported as they are", item)
        self.former[key].append(item.address)
        self._objects[key] = LiveObject(
            kind=known.kind, id=object_id, parent_id=parent, body={**(before.body if before else {}), **body}
        )

    def _place(self, item: StateResource, known: ResourceType, endpoint: Endpoint) -> tuple[str | None, str | None]:
        """The id of what holds an object, and its own."""
        where = endpoint.parent_field or ("site_id" if endpoint.parent else "")
        parent = _id(item.values.get(where)) if where else None
        if known.kind == _ORGANISATION or (endpoint.collection is None and not endpoint.parent):
            return None, self._org_id
        return parent, parent if endpoint.collection is None else _id(item.values.get(known.id))

    def whole(self) -> tuple[LiveObject, ...]:
        """The objects in their fixed order; those whose site or template the state lacks are kept to be told."""
        order = {kind.name: at for at, kind in enumerate(self._kinds)}
        ids = {item.id for item in self._objects.values() if item.kind in self._kinds.holders}
        found = []
        for key, item in self._objects.items():
            if item.parent_id is None or item.parent_id in ids:
                found.append(item)
                continue
            for address in self.former.pop(key):
                why = f"the state lacks the site or template with the id {item.parent_id}, so these are left out"
                self._left["no-holder", "Resources of a site or template that is not in the state", why].append(address)
        return tuple(sorted(found, key=lambda item: (order[item.kind], item.parent_id or "", item.id)))

    def _leave(self, rule: str, summary: str, why: str, item: StateResource) -> None:
        self._left[rule, summary, why].append(item.address)

    def diagnostics(self) -> list[Diagnostic]:
        """What was left out, by reason."""
        return [
            Diagnostic(
                severity=Severity.WARNING, rule=rule, summary=summary, detail=f"{why}: {', '.join(sorted(found))}"
            )
            for (rule, summary, why), found in sorted(self._left.items())
        ]


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and value not in ("", _NO_ID) else None


def with_addresses(done: Imported, objects: Iterable[LiveObject]) -> dict[str, tuple[str, ...]]:
    """The old addresses by the new one; `objects` have their addresses."""
    return {
        item.address.text: done.former[item.kind, item.id]
        for item in objects
        if item.address and (item.kind, item.id) in done.former
    }
