"""Every reference by name means a declared object, or one that is known to live only in the cloud."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import Context, Kind, Kinds, Reference
from reconciler.kinds.findings import at_field
from reconciler.kinds.shared.checks import Hints, as_list, each, is_literal, path_text, split
from reconciler.kinds.shared.rules import violation
from reconciler.model.address import Address, device_mac, nfc
from reconciler.model.resource import Resource
from reconciler.model.values import Path
from reconciler.semantics.naming import Names, is_uuid


class References:
    """The check of all references of an inventory. Answers are kept: thousands of sites name the same few templates."""

    def __init__(self, context: Context, kinds: Kinds) -> None:
        self._context = context
        self._kinds = kinds
        self._known: dict[tuple[str, str, Address | None], bool] = {}
        self._candidates: dict[str, frozenset[str]] = {}
        self._hints = Hints()
        self._roots = {kind.name: tuple((item.root, item) for item in kind.references) for kind in kinds}

    @cached_property
    def _names(self) -> Names:
        """The index of all names, which is needed for what is not found at once."""
        devices = [item for item in self._context.resources.values() if self._kinds.is_device(item.kind)]
        called = [(str(item.body.get("name") or item.key), item.address) for item in devices]
        return Names((item.address for item in self._context.resources.values()), called)

    def check(self, resource: Resource, kind: Kind) -> Iterator[Diagnostic]:
        """A diagnostic for every name in a resource's references that means nothing."""
        body = resource.body
        for root, reference in self._roots[kind.name]:
            if root not in body or reference.itself or not _applies(reference, body):
                continue
            for path, name in _names_at(body, reference):
                if is_literal(name) and not self._exists(reference.kind, name, resource.parent):
                    rule = "unknown-name" if reference.by_name else "unknown-reference"
                    found = violation(rule, self._detail(reference, name, path, resource.parent), path)
                    yield at_field(resource, resource.body, found)

    def _exists(self, kind: str, name: str, scope: Address | None) -> bool:
        question = (kind, name, scope)
        if question not in self._known:
            self._known[question] = (
                Address.of(kind, name).text in self._context.resources
                or name in self._kinds.implicit(kind)
                or nfc(name) in self._context.external.get(kind, ())
                or is_uuid(name)
                or (
                    self._kinds.is_device(kind)
                    and device_mac(name) is not None
                    and not self._names.devices_anywhere(kind, name)
                )
                or self._names.find(kind, name, scope) is not None
            )
        return self._known[question]

    def _detail(self, reference: Reference, name: str, path: Path, scope: Address | None) -> str:
        kind = self._kinds.find(reference.kind)
        title, plural = (kind.title, kind.plural) if kind else (reference.kind, f"{reference.kind}s")
        alike = self._names.devices_called(reference.kind, name, scope)
        elsewhere = self._names.devices_anywhere(reference.kind, name) if not alike else []
        if elsewhere:
            return f"`{path_text(path)}` names the {title} {name!r}, and that is {elsewhere[0]}: at another site."
        if len(alike) > 1:
            both = " and ".join(address.text for address in alike[:2])
            more = f" and {len(alike) - 2} more" if len(alike) > 2 else ""
            return f"`{path_text(path)}` names the {title} {name!r}: so are called {both}{more}. Write its MAC address."
        if kind and (other := self._of_another_type(kind, name)):
            return f"`{path_text(path)}` takes {kind.a_title}, and {name!r} is {other.a_title}: name one of this type."
        hint = self._hints.about(name, self._names_of(reference.kind))
        declare = "" if kind is None or kind.lookup_only else "Declare it, or "
        return (
            f"`{path_text(path)}` names the {title} {name!r}, which is not in the inventory."
            f"{hint} {declare}{'list' if declare else 'List'} it under "
            f"`external: {plural}:` in reconciler.yaml if it lives only in the cloud."
        )

    def _of_another_type(self, kind: Kind, name: str) -> Kind | None:
        """A kind of the same list of the cloud that has the name: a device profile for another type of device."""
        lists = {endpoint.collection for endpoint in kind.endpoints if endpoint.only}
        others = (other for other in self._kinds if other.name != kind.name)
        same = (other for other in others if any(endpoint.collection in lists for endpoint in other.endpoints))
        return next((other for other in same if nfc(name) in self._names_of(other.name)), None)

    def _names_of(self, kind: str) -> frozenset[str]:
        if kind not in self._candidates:
            declared = {item.key for item in self._context.resources.values() if item.kind == kind and item.key}
            self._candidates[kind] = frozenset(declared | self._context.external.get(kind, frozenset()))
        return self._candidates[kind]


def _applies(reference: Reference, body: Mapping[str, Any]) -> bool:
    return reference.when is None or body.get(reference.when[0]) == reference.when[1]


def _names_at(body: Mapping[str, Any], reference: Reference) -> Iterator[tuple[Path, Any]]:
    if "." in reference.field:
        yield from each(body, split(f"{reference.field}.[]" if reference.many else reference.field))
        return
    value = body.get(reference.field)
    for index, item in enumerate(as_list(value)) if reference.many else ():
        yield (reference.field, index), item
    if not reference.many:
        yield (reference.field,), value
