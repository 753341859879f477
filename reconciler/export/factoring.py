"""What many objects share, written once: items in; defaults, profiles and the smaller items out.

A default is what every object of a kind has. A profile is what the same objects have in common, by its leaves; its name
says what its objects have in common. What decides about an object (its name, what a new one needs, the security of a
WLAN) stays in it. One pass over all leaves: the work grows with their number.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.export.fields import RAW
from reconciler.export.items import Item
from reconciler.export.layout import slug_of
from reconciler.export.references import without_field
from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address
from reconciler.model.values import Path, SecretRef, merge_tag

_FEWEST_OBJECTS = 3
_MOST_PROFILES = 2
"""How many an object may have: more of them, and nobody sees what it comes to."""
_MOST = 0.6
"""The share of a kind's objects from which on something is usual."""
USUAL = "standard"
_LEAST_SAVED = 4
"""Lines that a profile has to save."""


class Factored(Struct, frozen=True, kw_only=True):
    """The items without what they share, and what they take it from: per kind the defaults, the profiles by name, and
    by address the profiles of an object."""

    items: tuple[Item, ...]
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    named: Mapping[Address, tuple[str, ...]] = field(default_factory=dict)


class _Leaf(Struct, frozen=True):
    """A value that no mapping is, and where it stands; `text` is equal for equal values."""

    path: Path
    text: str


class _Bundle(Struct, frozen=True):
    """Leaves that the same objects have."""

    members: tuple[int, ...]
    leaves: tuple[_Leaf, ...]

    @property
    def saved(self) -> int:
        """How many lines become fewer."""
        return len(self.leaves) * len(self.members) - len(self.leaves) - len(self.members) - 1


def factored(items: Sequence[Item], kinds: Kinds, *, partial: Collection[str] = ()) -> Factored:
    """The same objects, with what they share taken out. Composed, they are what they were. Of the kinds in `partial`
    there are other objects, to which a default would apply as well."""
    by_kind: defaultdict[str, list[Item]] = defaultdict(list)
    bodies = {item.address: item.body for item in items}
    for item in items:
        by_kind[item.kind].append(item)
    changed: dict[Address, Item] = {}
    defaults: dict[str, Mapping[str, Any]] = {}
    profiles: dict[str, Mapping[str, Mapping[str, Any]]] = {}
    named: dict[Address, tuple[str, ...]] = {}
    for name, found in by_kind.items():
        if len(found) < _FEWEST_OBJECTS:
            continue
        one = _Kind(kinds[name], found, bodies, is_whole=name not in partial)
        changed |= one.changed()
        named |= one.named()
        defaults |= {name: one.defaults} if one.defaults else {}
        profiles |= {name: one.profiles} if one.profiles else {}
    return Factored(
        items=tuple(changed.get(item.address, item) for item in items),
        defaults=defaults,
        profiles=profiles,
        named=named,
    )


class _Kind:
    """The objects of one kind."""

    def __init__(
        self, kind: Kind, items: Sequence[Item], bodies: Mapping[Address, Mapping[str, Any]], *, is_whole: bool
    ) -> None:
        self._kind = kind
        self._is_whole = is_whole
        self._items = items
        self._bodies = bodies
        self._fixed = {kind.key, kind.key_with, RAW, *kind.required, *(path.split(".")[0] for path in kind.decisive)}
        self._values: dict[_Leaf, Any] = {}
        self._gone: defaultdict[int, list[Path]] = defaultdict(list)
        self._of: defaultdict[int, list[str]] = defaultdict(list)
        self._standard: _Bundle | None = None
        self.defaults: dict[str, Any] = {}
        self.profiles: dict[str, dict[str, Any]] = {}
        for bundle in self._bundles():
            self._take(bundle)

    def _bundles(self) -> list[_Bundle]:
        """What the same objects share, what saves most first."""
        members: defaultdict[_Leaf, list[int]] = defaultdict(list)
        for at, item in enumerate(self._items):
            for path, value in _leaves(item.body, self._fixed):
                leaf = _Leaf(path, _text(value))
                self._values.setdefault(leaf, value)
                members[leaf].append(at)
        groups: defaultdict[tuple[int, ...], list[_Leaf]] = defaultdict(list)
        for leaf, found in members.items():
            if len(found) >= _FEWEST_OBJECTS:
                groups[tuple(found)].append(leaf)
        bundles = [_Bundle(found, tuple(leaves)) for found, leaves in groups.items()]
        usual = self._standard = self._usual(bundles)
        rest = [bundle for bundle in bundles if not usual or bundle.leaves[0] not in usual.leaves]
        return [*([usual] if usual else []), *sorted(rest, key=lambda bundle: (-bundle.saved, bundle.members))]

    def _usual(self, bundles: Sequence[_Bundle]) -> _Bundle | None:
        """What most objects have, if not all: one profile for those that have all of it, instead of one for each leaf
        that some other object lacks."""
        least = max(_FEWEST_OBJECTS, round(len(self._items) * _MOST))
        common: set[int] = set(range(len(self._items)))
        leaves: list[_Leaf] = []
        for bundle in sorted(bundles, key=lambda one: (-len(one.members), one.members)):
            found = common & set(bundle.members)
            if len(bundle.members) < len(self._items) and len(found) >= least:
                common = found
                leaves += bundle.leaves
        usual = _Bundle(tuple(sorted(common)), tuple(leaves))
        return usual if leaves and usual.saved >= _LEAST_SAVED else None

    def _take(self, bundle: _Bundle) -> None:
        """Takes a bundle out of its objects, where that is worth it."""
        everywhere = self._is_whole and len(bundle.members) == len(self._items)
        full = any(len(self._of[at]) >= _MOST_PROFILES for at in bundle.members)
        if not everywhere and (bundle.saved < _LEAST_SAVED or full):
            return
        shared: dict[str, Any] = self.defaults if everywhere else {}
        for leaf in bundle.leaves:
            _set(shared, leaf.path, self._values[leaf])
        if not everywhere:
            name = self._name(bundle)
            self.profiles[name] = shared
        for at in bundle.members:
            self._gone[at] += [leaf.path for leaf in bundle.leaves]
            if not everywhere:
                self._of[at].append(name)

    def _name(self, bundle: _Bundle) -> str:
        """What only these objects have in common: the template or the group that they, or what holds them, name; else
        what they share itself, or that it is what is usual."""
        shared = (
            USUAL
            if bundle == self._standard
            else "-".join(dict.fromkeys(slug_of(str(leaf.path[0])) for leaf in bundle.leaves[:2]))
        )
        words = self._shared_name([self._items[at] for at in bundle.members]) or shared
        name, number = words, 1
        while name in self.profiles:
            number += 1
            name = f"{words}-{number}"
        return name

    def _shared_name(self, members: Sequence[Item]) -> str:
        common: dict[str, None] | None = None
        for item in members:
            body = self._bodies.get(item.address.parent) if item.address.parent else item.body
            mine = dict.fromkeys(_words(body or {}))
            common = mine if common is None else {word: None for word in common if word in mine}
        outside = {item.address for item in members}
        taken: set[str] = set()
        for item in self._items:
            if item.address not in outside:
                body = self._bodies.get(item.address.parent) if item.address.parent else item.body
                taken.update(_words(body or {}))
        return next((slug_of(word) for word in common or {} if word not in taken and slug_of(word)), "")

    def changed(self) -> dict[Address, Item]:
        """The objects without what was taken out."""
        found = {}
        for at, paths in self._gone.items():
            body: Mapping[str, Any] = self._items[at].body
            for path in paths:
                body = without_field(body, path)
            found[self._items[at].address] = replace(self._items[at], body=body)
        return found

    def named(self) -> dict[Address, tuple[str, ...]]:
        """The profiles of each object."""
        return {self._items[at].address: tuple(names) for at, names in self._of.items() if names}


def _words(body: Mapping[str, Any]) -> Iterator[str]:
    """The names that an object gives at its top: of its templates and groups."""
    for key, value in body.items():
        if key.endswith("template") and isinstance(value, str):
            yield value
    for key, value in body.items():
        if key.endswith("groups") and isinstance(value, list):
            yield from (name for name in value if isinstance(name, str))


def _leaves(body: Mapping[str, Any], fixed: Iterable[str | None], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, value in body.items():
        if key in fixed:
            continue
        if isinstance(value, dict) and value:
            yield from _leaves(value, (), (*path, key))
        elif not merge_tag(value):
            yield (*path, key), value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=_of_secret)


def _of_secret(value: Any) -> Any:
    return [value.scheme, value.target] if isinstance(value, SecretRef) else repr(value)


def _set(holder: dict[str, Any], path: Path, value: Any) -> None:
    for step in path[:-1]:
        holder = holder.setdefault(str(step), {})
    holder[str(path[-1])] = value
