"""The references of what is exported: ids that name nothing live go, names that the export lacks become `external`.

A draft in, the draft with names only out. Of a list from which an id goes, the rest is declared with `!merge`: what is
not named there stays as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic
from reconciler.export.fields import RAW
from reconciler.export.items import Draft, Item, left_out
from reconciler.kinds import Kinds, Reference
from reconciler.kinds.shared.checks import each, split
from reconciler.model.address import Address, device_mac
from reconciler.model.values import Path, YamlList
from reconciler.semantics.forms import references_in
from reconciler.semantics.naming import Names, is_uuid


def with_names(draft: Draft, kinds: Kinds, *, known: Mapping[str, str]) -> Draft:
    """The draft without ids in its references; `known` are the names of all live objects by id."""
    items, found = [], list(draft.diagnostics)
    for item in draft.items:
        changed, gone = _without_ids(item, kinds)
        items.append(changed)
        found += [_dangling(item.address, path, value, known) for path, value in gone]
    external = external_of(items, kinds)
    return replace(draft, items=tuple(items), external=external, diagnostics=tuple(found))


def external_of(items: Sequence[Item], kinds: Kinds, *, declared: Iterable[Address] = ()) -> dict[str, frozenset[str]]:
    """The names, and the parents, by kind, that are neither declared here nor `declared` elsewhere."""
    declared = {*declared, *(item.address for item in items)}
    names = Names(declared)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        parent = item.address.parent
        if parent and parent not in declared:
            found[parent.kind].add(parent.name or "")
        for reference, name in references_in(kinds[item.kind], item.body):
            if "{{" in name or (reference.kind in kinds and name in kinds.implicit(reference.kind)):
                continue
            if kinds.is_device(reference.kind) and device_mac(name):
                continue  # a MAC address needs no declaration
            if names.find(reference.kind, name, parent) is None:
                found[reference.kind].add(name)
    return {kind: frozenset(wanted) for kind, wanted in sorted(found.items())}


def _without_ids(item: Item, kinds: Kinds) -> tuple[Item, list[tuple[Path, str]]]:
    """The item without the ids that stayed ids, and what these were."""
    body = item.body
    gone: list[tuple[Path, str]] = []
    for reference in kinds[item.kind].references:
        if reference.by_name or (reference.when and body.get(reference.when[0]) != reference.when[1]):
            continue
        found = list(_ids_at(body, reference))
        gone += found
        for path in dict.fromkeys(path for path, _ in found):
            body = without(body, path)
    return (replace(item, body=body) if gone else item), gone


def _ids_at(body: Mapping[str, Any], reference: Reference) -> Iterator[tuple[Path, str]]:
    for path, value in each(body, split(reference.field)):
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str) and is_uuid(name):
                yield path, name


def without(body: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The body without the value at a path: of a list of names, without those that are ids. In a list of objects, what
    holds the value goes as far as its key."""
    found: dict[str, Any] = _changed(body, path, _without_ids_in)
    return found


def _without_ids_in(value: Any) -> Any:
    kept = [name for name in value if not (isinstance(name, str) and is_uuid(name))] if isinstance(value, list) else []
    return YamlList(kept, merge=True) if kept else None


def without_field(body: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The body without the key at a path; what becomes empty by it goes as well."""
    found: dict[str, Any] = _changed(body, path, lambda _value: None)
    return found


def _changed(holder: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """A copy along the path; a key whose value becomes None is taken away, an empty mapping with it."""
    step: Any = path[0]
    rest = path[1:]
    copy: Any = dict(holder) if isinstance(holder, Mapping) else list(holder)
    value = _changed(copy[step], rest, change) if rest else change(copy[step])
    if isinstance(copy, list):
        copy[step] = {} if value is None else value
    elif value is None or (rest and value == {} and step != RAW):
        del copy[step]
    else:
        copy[step] = value
    return copy


def _dangling(address: Address, path: Path, value: str, known: Mapping[str, str]) -> Diagnostic:
    where = ".".join(map(str, path))
    what = f"it names {known[value]!r}" if value in known else f"nothing that was read has the id {value}"
    return left_out(
        "dangling-reference",
        "A reference leads nowhere",
        f"`{where}` of {address} is left without it: {what}; what it names was deleted, or could not be read",
        address,
    )
