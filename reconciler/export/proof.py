"""The proof of an export, read: what validation and comparison say of it in, what has to be left out, and why, out.

An object or a field that can't be declared as it is live is left out; the rest is tried again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.export.items import Draft, Fault, Item, left_out, within
from reconciler.export.references import without_field
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Differences, root_of
from reconciler.model.inventory import Inventory
from reconciler.model.resource import Resource
from reconciler.model.values import Path


def faults_of(inventory: Inventory, found: Differences, more: Iterable[Diagnostic]) -> tuple[Fault, ...]:
    """What stands in the way: errors of the inventory and of its comparison (`more`), and what a plan would change."""
    resources = {item.address.text: item for item in inventory.resources}
    places = _Places(inventory.resources)
    faults: dict[Fault, None] = {}
    for item in (*inventory.diagnostics, *more):
        if item.severity is Severity.ERROR:
            resource = resources.get(item.address or "") or places.at(item.source)
            if resource is None:
                raise ValueError(f"{item.summary}: {item.detail}")
            path = _path_of(resource.body, item.source) if item.source else ()
            faults[Fault(resource.address, path, item.detail or item.summary)] = None
    for change in found.changes:
        if change.action is Action.CREATE:
            faults[Fault(change.address, (), "it was not found again under its name")] = None
        for field in change.fields if change.action is Action.UPDATE else ():
            reason = f"what is read there can't be declared as it is (`{field.path}` would still differ)"
            faults[Fault(change.address, (root_of(field.path),), reason)] = None
    return tuple(faults)


class _Places:
    """Which object is written where."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._by_file: defaultdict[str, list[Resource]] = defaultdict(list)
        for resource in resources:
            if resource.source:
                self._by_file[resource.source.file].append(resource)

    def at(self, place: SourceRange | None) -> Resource | None:
        """The object that begins last before a place."""
        before = [
            item for item in self._by_file.get(place.file if place else "", ()) if place and _start(item) <= place[1:3]
        ]
        return max(before, key=_start, default=None)


def _start(resource: Resource) -> tuple[int, int]:
    return (resource.source.line, resource.source.column) if resource.source else (0, 0)


def _path_of(body: Any, place: SourceRange) -> Path:
    """The path of what was written at a place, as far as the nearest key above any list; nothing when it is none of
    the body's."""
    return next((path for path, mark in _marks(body) if mark[:3] == place[:3]), ())


def _marks(value: Any, path: Path = (), above: Path | None = None) -> Iterator[tuple[Path, Sequence[Any]]]:
    """Every written place with the path that can be left out for it: a list is left out whole."""
    marks = getattr(value, "marks", None)
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        own = (*path, key)
        target = above or (path if isinstance(value, list) else own)
        if marks and (key in marks if isinstance(marks, dict) else key < len(marks)):
            yield target, marks[key]
        yield from _marks(item, own, above or (path if isinstance(value, list) else None))


def without_faults(draft: Draft, faults: Iterable[Fault], kinds: Kinds) -> Draft:
    """The draft without what can't be declared: the field, or the object where it is nothing without that field."""
    by_address: defaultdict[Address, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_address[fault.address].append(fault)
    gone: dict[Address, None] = {}
    kept: list[Item] = []
    found = list(draft.diagnostics)
    for item in draft.items:
        body = _body_without(item, by_address.get(item.address, ()), kinds)
        if body is None:
            gone[item.address] = None
        found += [_told(fault, whole=body is None) for fault in by_address.get(item.address, ())]
        kept += [] if body is None else [replace(item, body=body)]
    found += [_below(item.address) for item in kept if within(item.address, gone)]
    items = tuple(item for item in kept if not within(item.address, gone))
    return replace(draft, items=items, diagnostics=tuple(found))


def _body_without(item: Item, faults: Sequence[Fault], kinds: Kinds) -> Mapping[str, Any] | None:
    """What is left of an item's body; None when the object can't be declared."""
    body, kind = item.body, kinds[item.kind]
    needed = {kind.key, *kind.required, *(path.partition(".")[0] for path in kind.decisive)}
    for fault in faults:
        path = _written(body, fault.path)
        if path is None:
            continue  # it went with another field
        if not path or (len(path) == 1 and path[0] in needed):
            return None
        body = without_field(body, path)
    return body if body or not kind.singleton else None


def _written(body: Mapping[str, Any], path: Path) -> Path | None:
    """The path as the item has it: what no model knows stands under `raw`. None when nothing is there."""
    for found in (path, ("raw", *path)):
        holder: Any = body
        for step in found:
            holder = holder.get(step) if isinstance(holder, Mapping) else None
        if holder is not None:
            return found if path else ()
    return None


def _told(fault: Fault, *, whole: bool) -> Diagnostic:
    what = "it is" if whole else f"`{'.'.join(map(str, fault.path))}` of it is"
    return left_out(
        "not-exported",
        "Something live can't be declared",
        f"{what} left out of the export: {fault.reason}",
        fault.address,
    )


def _below(address: Address) -> Diagnostic:
    return left_out(
        "not-exported", "Something live can't be declared", "it is left out with the object that holds it", address
    )
