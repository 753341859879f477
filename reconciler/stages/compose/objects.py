"""Documents in, resources out: layers merged, children taken out of their parents, meta keys read."""

import re
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from reconciler.diagnostics import SourceRange, shortened
from reconciler.kinds.kind import Kind
from reconciler.kinds.lists import ORGANISATION_LISTS, SITE_LISTS, keys_of_list
from reconciler.kinds.registry import Kinds
from reconciler.model.address import Address, nfc
from reconciler.model.inventory import Document
from reconciler.model.resource import Resource
from reconciler.model.values import Path, YamlList, YamlMap, layered, mark_of
from reconciler.semantics.equality import is_empty
from reconciler.stages.compose.acl import with_shared_tags
from reconciler.stages.compose.computed import without_computed
from reconciler.stages.compose.forms import Form, both_written, form_of, renamed
from reconciler.stages.compose.layers import Layers
from reconciler.stages.compose.report import Report, did_you_mean
from reconciler.stages.compose.secrets import Sealer, without_keeps

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_PROJECT_KEYS = frozenset({"version", "org", "host", "vars", "defaults", "profiles", "generate", "manage", "protect"})
ACL_TAG = "acl_tag"


class Objects:
    """Collects the resources of one inventory."""

    def __init__(self, kinds: Kinds, layers: Mapping[str, Layers], sealer: Sealer, report: Report) -> None:
        self._kinds = kinds
        self._layers = layers
        self._sealer = sealer
        self._report = report
        self._forms = {kind.name: form_of(kind, kinds) for kind in kinds}
        self._by_kind: dict[str, list[Resource]] = {kind.name: [] for kind in kinds}
        self._words = _words(kinds)
        self._shared_tags: dict[str, YamlMap] = {}
        self._inherited: dict[Address, tuple[tuple[YamlMap, ...], bool]] = {}
        self._standalone: list[tuple[Form, YamlMap, Address, bool]] = []

    def add_all(self, documents: Iterable[Document], *, secrets_in_layers: bool) -> None:
        """Takes in every object of every document; shared ACL tags first, because others are made of them."""
        usable = without_computed(documents, self._words, self._forms, self._report)
        listed = [(document, *entry) for document in usable for entry in self._entries(document)]
        for first in (True, False):
            for document, kind, own in listed:
                if kind.composed_only is first:
                    self._top_level(self._forms[kind.name], own, secrets_in_layers or document.has_secrets)
            if first:
                tags = self._by_kind.get(ACL_TAG, ())
                self._shared_tags = {resource.key: resource.body for resource in tags if resource.key}
        self._add_singletons()

    def resources(self) -> tuple[Resource, ...]:
        """All resources in their fixed order: by kind, then by address."""
        return tuple(
            resource
            for found in self._by_kind.values()
            for resource in sorted(found, key=lambda resource: resource.address.text)
        )

    def _entries(self, document: Document) -> Iterable[tuple[Kind, YamlMap]]:
        foreign = document.file.endswith(".json")
        if foreign and not any(self._is_inventory(key, value) for key, value in document.data.items()):
            return
        for key, value in document.data.items():
            kind = self._words.get(key)
            if kind is not None:
                found = self._only(value, document.data, key) if kind.file_key == kind.name else None
                for item in self._items(value, document.data, key) if found is None else found:
                    yield kind, item
            elif not key.startswith(("x-", "$")):
                self._unknown_word(key, SourceRange(*document.data.marks[key]))

    def _is_inventory(self, key: str, value: Any) -> bool:
        """Whether an entry of a JSON file is meant for us: other programs' files lie everywhere."""
        listed = isinstance(value, YamlList) and any(isinstance(item, YamlMap) for item in value)
        return self._kinds.find(key) is not None or (listed and did_you_mean(key, self._words) != "")

    def _unknown_word(self, key: str, place: SourceRange) -> None:
        known = self._kinds.find(key)
        if known:
            detail = f"write {known.file_key!r}" + ("" if known.file_key == known.name else " with a list below it")
        elif modelled := keys_of_list(self._kinds, key):
            detail = f"{key!r} is the API's name; write {', '.join(map(repr, modelled))}"
        elif key in ORGANISATION_LISTS or key in SITE_LISTS:
            detail = f"the cloud has {key!r}, but they can't be declared yet; they stay as they are"
        elif key in _PROJECT_KEYS:
            detail = f"{key!r} belongs into reconciler.yaml at the inventory's root"
        else:
            detail = repr(key) + self._report.did_you_mean(key, self._words)
        self._report.error("unknown-kind", "A kind is not known", detail, place)

    def _only(self, value: Any, holder: YamlMap, key: str) -> list[YamlMap]:
        """The one object under a key that takes no list."""
        if _is_nothing(value) or isinstance(value, YamlMap):
            return [value] if isinstance(value, YamlMap) else []
        detail = f"{key!r} takes a mapping with its fields: there is only one of it"
        self._report.error("not-an-object", "An object is a mapping", detail, holder.marks.get(key))
        return []

    def _items(self, value: Any, holder: YamlMap, key: str) -> list[YamlMap]:
        """The objects of a list, each a mapping."""
        if _is_nothing(value):
            return []
        if not isinstance(value, YamlList):
            detail = f"{key!r} takes a list: put `- ` before each object"
            self._report.error("not-a-list", "Objects stand in a list", detail, holder.marks.get(key))
            return []
        for index, item in enumerate(value):
            if item.__class__ is not YamlMap and not _is_nothing(item):
                detail = f"an element of {key!r} is a mapping with the fields of one object"
                self._report.error("not-an-object", "An object is a mapping", detail, mark_of(value, (index,)))
        return [item for item in value if item.__class__ is YamlMap]

    def _top_level(self, form: Form, own: YamlMap, secrets: bool) -> None:
        named = [name for name in form.parents if name in own]
        parent: Address | None = None
        if len(named) > 1:
            detail = f"{' and '.join(named)}; keep one"
            self._report.error("two-parents", "An object names two parents", detail, own.marks.get(named[1]))
            return
        if named:
            name = own[named[0]]
            if not isinstance(name, str) or not name:
                detail = f"{named[0]!r} takes a name"
                self._report.error("bad-parent", "An object's parent is not a name", detail, own.marks.get(named[0]))
                return
            parent = Address.of(named[0], name)
        elif form.parents and form.kind.endpoint(None) is None:
            parents = " or ".join(f"`{name}:`" for name in form.parents)
            detail = f"name it with {parents}, or nest the {form.kind.title} in its parent"
            self._report.error("no-parent", "An object has no parent", detail, own.mark)
            return
        if form.singleton and parent:
            self._standalone.append((form, own, parent, secrets))
        else:
            self._object(form, (own,), parent, secrets)

    def _add_singletons(self) -> None:
        """Those that stand at top level lie over what a profile of their parent gives; then what is left of it."""
        for form, own, parent, secrets in self._standalone:
            base, more = self._inherited.pop(Address.of(form.kind.name, None, parent=parent), ((), False))
            self._object(form, (*base, own), parent, secrets or more)
        for address, (layers, secrets) in self._inherited.items():
            self._object(self._forms[address.kind], layers, address.parent, secrets)

    def _object(self, form: Form, given: tuple[YamlMap, ...], parent: Address | None, secrets: bool) -> None:
        """Takes in one object: its own fields, over what a profile of its parent gives it."""
        kind, own = form.kind, reduce(layered, given)
        layers = (*self._below(kind, own), *given)
        body = reduce(layered, layers)
        key = None if form.singleton else self._key(kind, body)
        if key is None and not form.singleton:
            return
        special = body.keys() & form.special
        own_key = self._own_key(form, body) if "key" in special else None
        address = Address.of(kind.name, own_key or key, parent=parent)
        api_id: str | None = None
        aliases: tuple[str, ...] = ()
        absent = "absent" in special and self._absent(form, body, address)
        if special:
            if "id" in special:
                api_id = self._id(body, address)
            if "aliases" in special:
                aliases = self._aliases(body, address)
            if special & form.children.keys() and not absent:
                self._children(form, body, layers, address, secrets)
            body = self._fields(form, body, special, address)
        keeps: frozenset[Path] = frozenset()
        if absent:
            body = YamlMap({kind.key: body[kind.key]} if kind.key in body else {}, marks=body.marks, mark=body.mark)
        if secrets:
            body, keeps = without_keeps(self._sealer.seal(body, address))
        self._by_kind[kind.name].append(
            Resource(
                address=address,
                kind=kind.name,
                body=body,
                key=key,
                parent=parent,
                api_id=api_id,
                aliases=aliases,
                keeps=keeps,
                absent=absent,
                layers=layers if len(layers) > 1 else (),
                source=SourceRange(*own.mark) if own.mark else None,
            )
        )

    def _below(self, kind: Kind, own: YamlMap) -> list[YamlMap]:
        """What lies below an object's own fields, the lowest first: the defaults of its kind, then its profiles."""
        layers = self._layers.get(kind.name)
        named = own.get("profiles")
        found = [layers.defaults] if layers and layers.defaults is not None else []
        if not _is_nothing(named) and not isinstance(named, YamlList):
            detail = "`profiles` takes a list of names"
            self._report.error("bad-profiles", "The profiles are not a list", detail, own.marks.get("profiles"))
            named = None
        known = layers.profiles if layers else {}
        for index, name in enumerate(named or ()):
            if name is None:
                continue
            if isinstance(name, str) and name in known:
                found.append(known[name])
                continue
            detail = (
                f"{name!r} is not among the profiles for {kind.plural}{self._report.did_you_mean(str(name), known)}"
            )
            self._report.error("unknown-profile", "A profile is not known", detail, mark_of(named, (index,)))
        return found

    def _key(self, kind: Kind, body: YamlMap) -> str | None:
        name = kind.name_in(body)  # where a number is in place of a text, validate says that it must be quoted
        if name is not None:
            return name
        wanted = f"`{kind.key}:`" + (f" or `{kind.key_fallback}:`" if kind.key_fallback else "")
        meant = next(
            (key for key in body if key != kind.key and self._report.did_you_mean(key.casefold(), [kind.key])), None
        )
        hint = f"; {shortened(meant)!r} is none of its fields: did you mean {kind.key!r}?" if meant else ""
        detail = f"{kind.a_title} needs {wanted}{hint}"
        self._report.error("no-name", "An object has no name", detail, body.mark)
        return None

    def _id(self, body: YamlMap, address: Address) -> str | None:
        value = body["id"]
        if _is_nothing(value):
            return None
        if isinstance(value, str) and _UUID.fullmatch(value):
            return value.lower()
        detail = "`id` takes the UUID of the live object that this one is"
        self._report.error("bad-id", "An id is not a UUID", detail, body.marks.get("id"), address)
        return None

    def _own_key(self, form: Form, body: YamlMap) -> str | None:
        """What an object is called here, where others of its kind have the same name."""
        value, kind = body["key"], form.kind
        if form.singleton or kind.hardware or kind.composed_only:
            why = "there is only one of it" if form.singleton else "no other has its name"
            self._report.error("bad-key", "A key is a text", f"take `key` away: {why}", body.marks.get("key"))
            return None
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value
        self._report.error("bad-key", "A key is a text", "`key` takes a name of your own", body.marks.get("key"))
        return None

    def _absent(self, form: Form, body: YamlMap, address: Address) -> bool:
        value = body["absent"]
        if isinstance(value, bool) and not (value and (form.singleton or form.kind.hardware)):
            return value
        detail = "`absent` takes true or false" if not form.singleton else f"{form.kind.a_title} goes with its parent"
        if form.kind.hardware:
            detail = "a device is never deleted; `unassign: true` takes it from its site"
        self._report.error("bad-absent", "An object can't be absent so", detail, body.marks.get("absent"), address)
        return False

    def _aliases(self, body: YamlMap, address: Address) -> tuple[str, ...]:
        value = body["aliases"]
        if _is_nothing(value):
            return ()
        if isinstance(value, YamlList) and all(isinstance(item, str) for item in value):
            return tuple(map(nfc, value))
        detail = "`aliases` takes a list of former names"
        self._report.error(
            "bad-aliases", "The aliases are not a list of names", detail, body.marks.get("aliases"), address
        )
        return ()

    def _children(
        self, form: Form, body: YamlMap, layers: tuple[YamlMap, ...], address: Address, secrets: bool
    ) -> None:
        for key, kind in form.children.items():
            value = body.get(key)
            child = self._forms[kind.name]
            if child.singleton and isinstance(value, YamlMap):
                given = _given(layers, key)
                if key in layers[-1]:
                    self._nested(child, given, address, secrets)
                else:
                    self._inherited[Address.of(kind.name, None, parent=address)] = (given, secrets)
            elif child.singleton and not _is_nothing(value):
                detail = f"{key!r} takes a mapping with the fields of the {kind.title}"
                self._report.error("not-an-object", "An object is a mapping", detail, body.marks.get(key), address)
            elif not child.singleton and not _is_nothing(value):
                for item in self._items(value, body, key):
                    self._nested(child, (item,), address, secrets)

    def _nested(self, form: Form, given: tuple[YamlMap, ...], parent: Address, secrets: bool) -> None:
        for name in form.parents:
            if place := next((layer.marks.get(name) for layer in given if name in layer), None):
                detail = f"it is nested in {parent}; take `{name}:` away"
                self._report.error("two-parents", "An object names two parents", detail, place)
        self._object(form, given, parent, secrets)

    def _fields(self, form: Form, body: YamlMap, special: set[str], address: Address) -> YamlMap:
        """The body with only its fields, references under their readable keys, and shared ACL tags."""
        removed = special & form.removed
        if removed:
            fields = {key: value for key, value in body.items() if key not in removed}
            body = YamlMap(fields, marks=body.marks, mark=body.mark)
        for rename in form.renames:
            if (rename.path[0] if rename.path else rename.api) not in special:
                continue
            if twice := both_written(body, rename):
                place = mark_of(body, twice)
                detail = f"{rename.api!r} and {rename.field!r} are the same reference; keep one"
                self._report.error("two-spellings", "A reference is written twice", detail, place, address)
            changed = renamed(body, rename)
            body = body if changed is None else changed
        if "acl_policies" in special and self._shared_tags:
            body = with_shared_tags(body, self._shared_tags)
        return body


def _given(layers: tuple[YamlMap, ...], key: str) -> tuple[YamlMap, ...]:
    """What the layers of an object give to the one that it holds under a key, the lowest first: what lies below a
    value that is no mapping counts for nothing."""
    found: list[YamlMap] = []
    for layer in layers:
        if key in layer:
            value = layer[key]
            found = [*found, value] if isinstance(value, YamlMap) else []
    return tuple(found)


def _is_nothing(value: Any) -> bool:
    """Whether a value that has been written declares that there is nothing: `null`, `""`, `[]`, `{}`, `[null]`."""
    return is_empty(value) or (isinstance(value, YamlList) and all(item is None for item in value))


def _words(kinds: Kinds) -> dict[str, Kind]:
    """The top-level keys of inventory files."""
    return {kind.file_key: kind for kind in kinds if not kind.lookup_only}
