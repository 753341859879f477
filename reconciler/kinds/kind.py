"""`Kind`: everything that the rest of the tree must know about one kind of object. One entry per kind.

A kind's module holds its pydantic models and one `KIND = Kind(...)`; the registry finds it by itself.
"""

import importlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from reconciler.kinds.outline import Outline, outline_of
from reconciler.model.address import Address, nfc, plain_mac
from reconciler.model.resource import Resource
from reconciler.model.shape import Shape
from reconciler.model.values import Path

if TYPE_CHECKING:
    from pydantic import BaseModel


class Endpoint(Struct, frozen=True, kw_only=True):
    """Where objects of a kind live below one kind of parent (`None`: the organisation).

    `collection` and `item` are API paths below `/api/v1/` with `{org_id}`, `{parent_id}` and `{id}`. `parent_field` is
    set where an organisation-wide list holds the children of many parents (`template_id` of WLANs): a PUT of it moves
    one to another parent. A singleton has `collection=None`: it is read and written at `item`, never created or
    deleted. `query` is what the list is asked with, and `only` the root fields that tell this kind's objects from
    others of the same list; a create sends them. `listed` is the path of the list where it is not that of the
    collection; `partial`: the list leaves out some of an object's roots, so that each object is read by itself. `made`:
    whether objects are made there; where they are not, they come from elsewhere by a call that this tool does not make.
    `bulk` is the path below the collection that takes a list of new objects in one POST, and `bulk_fields` the roots
    that it takes, where these are not all; `bulk_update`: a PUT of the collection takes a list of what changes, each
    with its id; `bulk_delete` is the path below it that takes a list of ids to delete in one POST. `at_site` is the
    field by which the organisation's list says that an object belongs to a site: it is one of that site then.
    """

    item: str
    collection: str | None = None
    parent: str | None = None
    parent_field: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    listed: str | None = None
    partial: bool = False
    made: bool = True
    bulk: str = ""
    bulk_fields: frozenset[str] = frozenset()
    bulk_update: bool = False
    bulk_delete: str = ""
    at_site: str = ""

    def holds(self, body: Mapping[str, Any]) -> bool:
        """Whether an object of the list is one of this kind."""
        return all(body.get(name) == value for name, value in self.only.items())


class Reference(Struct, frozen=True, kw_only=True, dict=True):
    """A field that names other objects: `field` in the inventory (by name), `api` in the cloud (by id).

    Both are dotted paths from the root (`applies.sites` / `applies.site_ids`), in which `[]` stands for each element of
    a list and `*` for each value of a map. A raw UUID is accepted anywhere a name is. `late` marks a reference that
    may be part of a cycle: it may be sent in a second pass. `by_name`: the cloud knows the other object by its name,
    too, so that nothing is translated. A last step `{}` stands for each key of a map. `when` restricts it to
    bodies whose root field has that value (`values` of a WxLAN tag are WLANs if `match` is `wlan_id`). `assigned` is
    set where a PUT does not write it: the path of the other object, below which calls named `assign` and `unassign` do.
    `itself`: what is named is the organisation that all of this belongs to, and the inventory writes `true`.
    """

    field: str
    api: str
    kind: str
    many: bool = False
    late: bool = False
    by_name: bool = False
    when: tuple[str, str] | None = None
    assigned: str = ""
    itself: bool = False

    @cached_property
    def root(self) -> str:
        """The root key of the inventory form that holds the reference."""
        return self.field.partition(".")[0]

    @property
    def place(self) -> str:
        """The path of what holds the names, in the inventory: the map where its keys are the names."""
        return self.field.removesuffix(".{}")

    @property
    def api_place(self) -> str:
        """The same in the cloud."""
        return self.api.removesuffix(".{}")


class Violation(Struct, frozen=True, kw_only=True):
    """What a kind's own rule found: `path` below the resource's body, the text, and whether it is only a warning."""

    rule: str
    summary: str
    detail: str
    path: Path = ()
    warning: bool = False


class Context(Struct, frozen=True, kw_only=True, dict=True):
    """What a kind's rule may look at besides the body: the other declared resources by address text, and the
    names per kind that live only in the cloud (the project file's `external`)."""

    resources: Mapping[str, Resource]
    external: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def parent_of(self, resource: Resource) -> Resource | None:
        """The declared site or WLAN template that holds this resource."""
        return self.resources.get(str(resource.parent)) if resource.parent else None

    def children(self, kind: str, parent: Address | None) -> tuple[Resource, ...]:
        """The declared resources of a kind below one parent (`None`: the organisation), in inventory order."""
        return tuple(self._by_parent.get((kind, parent), ()))

    def naming(self, kind: str, root: str, name: str) -> tuple[Resource, ...]:
        """The declared resources of a kind whose root field holds this name: the sites of a template."""
        if (kind, root) not in self._by_value:
            self._by_value[kind, root] = _by_value(self.resources.values(), kind, root)
        return tuple(self._by_value[kind, root].get(nfc(name), ()))

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What a rule works out once for all objects, under a name of its own."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _by_parent(self) -> dict[tuple[str, Address | None], list[Resource]]:
        found: dict[tuple[str, Address | None], list[Resource]] = {}
        for resource in self.resources.values():
            found.setdefault((resource.kind, resource.parent), []).append(resource)
        return found

    @cached_property
    def _by_value(self) -> dict[tuple[str, str], dict[str, list[Resource]]]:
        return {}


def _by_value(resources: Iterable[Resource], kind: str, root: str) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        value = resource.body.get(root) if resource.kind == kind else None
        if isinstance(value, str):
            found.setdefault(nfc(value), []).append(resource)
    return found


class Owned(Struct, frozen=True, kw_only=True):
    """Objects of another list (`collection`, an API path) that an object made, and that name it by its id in the field
    `by`: they go with it where its own root `when` is true."""

    collection: str
    by: str
    when: str


class Delta(Struct, frozen=True, kw_only=True):
    """A root whose list is, in a PUT, what changes: an element with this `key` goes when it is sent with `field` having
    the value `gone`, and left out it may stay. Sources differ about it; sent so, it goes in either cloud."""

    key: str
    field: str
    gone: str


class Assigning(Struct, frozen=True, kw_only=True):
    """How objects of the organisation come to a site: by calls `assign`, `unassign` and `claim` below `path`. The first
    two take the ids under `ids`, the last one a claim code under `code`, and it answers the id."""

    path: str
    ids: str
    code: str


Check = Callable[[Resource, Mapping[str, Any], Context], Iterable[Violation]]
"""A kind's conditional rules: (resource, body with secrets revealed, context) -> findings."""


PlannedCheck = Callable[[Resource, Mapping[str, Any], Mapping[str, Any] | None], Iterable[Violation]]
"""What a kind can judge only with live at hand: (resource, the object that a write would leave, the live object or None
for a create) -> findings, secrets sealed. A change that has an error of it is not planned."""


HANDLING = ("claim_code", "replaces", "unassign")
"""Fields of what is assigned to sites that say how it comes to its place: no body holds them."""


class Kind(Struct, frozen=True, kw_only=True, dict=True):
    """One kind.

    `name` stands in addresses, `plural` is its key in inventory files (for a singleton: the key inside its
    parent). `fields` is the model of its fields in inventory form, or the dotted name of that class, which is imported
    when it is needed: an inventory costs only the kinds that it has. `key` is the natural key's field, `key_with` one
    more that belongs to it (`name@ssid` of a passphrase); `key_fallback` serves where `key` is absent; `key_mac`: it is
    a MAC address, one however it is written. `hardware`: its objects are devices of that type among the claimed ones of
    the organisation, which are assigned to a site and never made or deleted. `assigning` is how others come to a site,
    whose list only shows and changes them. `null_clears`
    are API roots that JSON null clears (all others: `-field`); `empty_clears` those that an empty list clears.
    `serial` is a root of which writes that share a value never run side by side. `lookup_only`: known just to resolve
    references to it by name; it can't be declared. `order` breaks ties among kinds that don't depend on each other;
    lower goes first.
    `read_only` are roots that the cloud makes. `composed_only`: a reusable definition that compose copies into others;
    it is no object of the cloud. `schema` is the name of the kind's schema in the vendor's OpenAPI document. At a
    delete the cloud also deletes what lies in `cascades` and sets free what lies in `releases` (API paths as
    `Endpoint` writes them, `{parent_id}` being the deleted object); the collections of kinds below this one need not be
    named: `Kinds.deleted_with` knows them; `owned` go along only where the object says so. `deltas` are roots of which
    a PUT may change only the elements that it names. `implicit` are names that can be referred to although no object
    has them.
    `required` are roots besides the natural key that a create needs, and that can't be cleared. `renamed` are roots of
    the API that have another name here, because theirs means something else in an inventory.
    `decisive` are fields (dotted) that decide what others mean: a plan shows what they come to where nobody wrote them.
    `example` is a file of an inventory with one object, for the field reference. `chapter` is the package that the
    entry was found in; the registry fills it in.
    """

    name: str
    plural: str
    title: str
    endpoints: tuple[Endpoint, ...]
    fields: "type[BaseModel] | str | None" = None
    key: str = "name"
    key_with: str | None = None
    key_fallback: str | None = None
    key_mac: bool = False
    hardware: str = ""
    assigning: Assigning | None = None
    references: tuple[Reference, ...] = ()
    null_clears: frozenset[str] = frozenset()
    empty_clears: frozenset[str] = frozenset()
    serial: str = ""
    lookup_only: bool = False
    composed_only: bool = False
    read_only: frozenset[str] = frozenset()
    order: int = 50
    check: Check | None = None
    schema: str | None = None
    cascades: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    owned: tuple[Owned, ...] = ()
    deltas: Mapping[str, Delta] = field(default_factory=dict)
    check_planned: PlannedCheck | None = None
    decisive: tuple[str, ...] = ()
    example: str = ""
    chapter: str = ""
    implicit: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def singleton(self) -> bool:
        """Whether a parent has exactly one of it, made with the parent."""
        return bool(self.endpoints) and all(endpoint.collection is None for endpoint in self.endpoints)

    @cached_property
    def translated(self) -> Mapping[str, tuple[Reference, ...]]:
        """The references whose ids become names, by the root that the API holds them in (`*`: in every one)."""
        found: dict[str, tuple[Reference, ...]] = {}
        for reference in self.references:
            if not reference.by_name:
                head = reference.api.partition(".")[0]
                found[head] = (*found.get(head, ()), reference)
        return found

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """The roots of the API that may be called otherwise in an inventory, by that name."""
        names = list(self.renamed.items())
        names += [(head, item.root) for head, items in self.translated.items() for item in items if head != item.root]
        found: dict[str, tuple[str, ...]] = {}
        for api, root in names:
            if api != "*" and api not in found.get(root, ()):
                found[root] = (*found.get(root, ()), api)
        return found

    @property
    def is_assigned(self) -> bool:
        """Whether its objects come to a site by a call of its own: fields of `HANDLING` say how."""
        return bool(self.hardware or self.assigning)

    @cached_property
    def called(self) -> Mapping[str, str]:
        """What the API calls the roots that have another name here."""
        return {name: api for api, name in self.renamed.items()}

    @cached_property
    def holder(self) -> Reference | None:
        """The field by which an object says what holds it, where it has one: a body in inventory form has it only of an
        object that is moved, under the kind of its parent."""
        found = (
            Reference(field=end.parent, api=end.parent_field, kind=end.parent)
            for end in self.endpoints
            if end.parent and end.parent_field
        )
        return next(found, None)

    @cached_property
    def with_holder(self) -> tuple[Reference, ...]:
        """The references, and what holds the object as one of them."""
        return (*self.references, self.holder) if self.holder else self.references

    @cached_property
    def naming(self) -> frozenset[str]:
        """The roots that hold names: its own, and those of others."""
        return frozenset({self.key, *(reference.root for reference in self.references)})

    @cached_property
    def referring(self) -> frozenset[str]:
        """The roots of the inventory form in which its objects name others, what holds them too."""
        return frozenset(reference.root for reference in self.with_holder if not reference.by_name)

    def may_refer(self, body: Collection[str]) -> bool:
        """Whether a body in inventory form may name other objects: a quick look at its roots, for most name none."""
        return "*" in self.referring or not self.referring.isdisjoint(body)

    @cached_property
    def remade(self) -> frozenset[str]:
        """The roots, by either name, that are not in the inventory's form as they are in the API's. In every other root
        only secrets are: no body with a reference in any root (`*`) has such."""
        heads = {name for pair in self.renamed.items() for name in pair} | {*self.translated, *self.deltas}
        return frozenset(heads | self.read_only | self.referring)

    @property
    def file_key(self) -> str:
        """The key under which files hold its objects at their top: for the only one of the organisation its name."""
        return self.name if self.singleton and self.endpoint(None) else self.plural

    @property
    def a_title(self) -> str:
        """The title with its article: `an ACL tag`, `a WLAN`, `a user MAC`."""
        vowel = re.match(r"(?!us)[AEIOUaeiou]|(?:RF|RSSI|SDK|SSO)\b", self.title)
        return f"{'an' if vowel else 'a'} {self.title}"

    def name_in(self, body: Mapping[str, Any]) -> str | None:
        """The natural key of an object, or its fallback; None when it has neither."""
        value = body.get(self.key)
        if value and isinstance(value, str) and not self.key_mac and not self.key_with:
            return nfc(value)
        value = value or (body.get(self.key_fallback) if self.key_fallback else None)
        if not value or isinstance(value, dict | list | bool):
            return None
        if self.key_mac:
            return plain_mac(str(value))
        second = body.get(self.key_with) if self.key_with else None
        return nfc(f"{value}@{second}" if second else str(value))

    def endpoint(self, parent_kind: str | None) -> Endpoint | None:
        """The endpoint below a parent of that kind, None where it can't live."""
        return self._by_parent.get(parent_kind)

    @cached_property
    def _by_parent(self) -> Mapping[str | None, Endpoint]:
        return {item.parent: item for item in reversed(self.endpoints)}

    @cached_property
    def model(self) -> "type[BaseModel] | None":
        """The model of its fields, None for a kind that can't be declared. To ask for it imports it, which takes long:
        `fields` says whether there is one, `outline` and `shape` what it holds."""
        if not isinstance(self.fields, str):
            return self.fields
        module, _, name = self.fields.rpartition(".")
        model: type[BaseModel] = getattr(importlib.import_module(module), name)
        return model

    @property
    def outline(self) -> Outline | None:
        """What is known of the model without importing it; None where nothing is."""
        return outline_of(self.fields) if isinstance(self.fields, str) else None

    @cached_property
    def shape(self) -> Shape:
        """What the comparison knows about each field, derived from the model."""
        if self.fields is None:
            return Shape()
        return self.outline.shape if self.outline else self.shape_of_model

    @property
    def shape_of_model(self) -> Shape:
        """The shape as the model has it, which is imported for this."""
        from reconciler.kinds.shapes import shape_of  # only where the outline is missing

        return shape_of(self.model) if self.model else Shape()
