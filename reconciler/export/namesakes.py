"""Live objects below one parent that share their name: all of them in, a key of its own for each out.

What others name as a rule, or what holds others, has none: it is left out, and told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from typing import Any

from msgspec.structs import replace

from reconciler.export.items import Item
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.resource import LiveObject
from reconciler.semantics.namesakes import MOST_NAMESAKES, contrasts
from reconciler.semantics.naming import alike


def namesakes(objects: Iterable[LiveObject], kinds: Kinds) -> list[list[LiveObject]]:
    """The groups that share a name."""
    groups: defaultdict[tuple[str, str | None, str], list[LiveObject]] = defaultdict(list)
    for item in objects:
        kind = kinds[item.kind]
        name = None if kind.singleton else kind.name_in(item.answer or item.body)
        if name is not None:
            groups[item.kind, item.parent_id, name].append(item)
    return [group for group in groups.values() if len(group) > 1]


def labels_of(objects: Iterable[LiveObject], kinds: Kinds, free: Collection[str]) -> dict[str, str]:
    """The key of each by its id: the name with a number that no other has. All that are not `free` (ids) are declared,
    or could be."""
    listed = list(objects)
    named = {reference.kind for kind in kinds for reference in kind.references if reference.when is None}
    found: dict[str, str] = {}
    taken = {(item.kind, item.parent_id, kinds[item.kind].name_in(item.answer or item.body)) for item in listed}
    taken |= {(item.kind, item.parent_id, item.address.name) for item in listed if item.address and item.id not in free}
    for group in namesakes(listed, kinds):
        kind = kinds[group[0].kind]
        if kind.name in named or kind.name in kinds.holders or kind.hardware:
            continue
        number = 0
        for item in sorted((one for one in group if one.id in free), key=lambda one: one.id):
            number += 1
            name = kind.name_in(item.answer or item.body)
            while (kind.name, item.parent_id, f"{name}-{number}") in taken:
                number += 1
            found[item.id] = f"{name}-{number}"
    return found


def relabelled(items: Iterable[Item], labels: Mapping[str, str], kinds: Kinds, *, beside: bool) -> list[Item]:
    """The items under their keys, those pinned that nothing else tells apart, and what names one of them with its
    key. `beside`: there are declared ones, too, and who knows what they say."""
    listed = list(items)
    if not labels:
        return listed
    names = {item.address.name: labels[item.id] for item in listed if item.id in labels}
    told = frozenset() if beside else _told_apart([item for item in listed if item.id in labels], kinds)
    found = []
    for item in listed:
        body = _with_names(item.body, names)
        label = labels.get(item.id)
        if label is not None:
            address = Address.of(item.kind, label, parent=item.address.parent)
            item = replace(item, address=address, pin=None if item.id in told else item.id, label=label)
        found.append(replace(item, body=body))
    return found


def _told_apart(items: Iterable[Item], kinds: Kinds) -> frozenset[str]:
    """The ids of those that what is declared tells from all others of their name, and of its other spellings."""
    groups: defaultdict[tuple[str, Address | None, str], list[Item]] = defaultdict(list)
    for item in items:
        groups[item.kind, item.address.parent, alike(kinds[item.kind].name_in(item.body) or "")].append(item)
    found: set[str] = set()
    for (kind, _parent, _name), group in groups.items():
        names = {kinds[kind].name_in(item.body) for item in group}
        pairs = combinations((item.body for item in group), 2) if len(group) <= MOST_NAMESAKES else ()
        shape = kinds[kind].shape
        if len(names) == 1 < len(group) and pairs and all(any(contrasts(one, other, shape)) for one, other in pairs):
            found.update(item.id for item in group)
    return frozenset(found)


def _with_names(value: Any, names: Mapping[str | None, str]) -> Any:
    """A body in which the names that were made of ids are the keys."""
    if isinstance(value, Mapping):
        return {key: _with_names(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_names(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) and "#" in value else value
