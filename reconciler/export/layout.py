"""Where objects stand in a tree of files: items in, for each file its objects by plural out.

One file per site and per template, with what lies in it; the organisation's other objects in one file per kind, in the
directory of its chapter.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from msgspec import Struct

from reconciler.export.items import Item
from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address

SITE = "site"
Trees = dict[str, dict[str, Any]]
"""For each file, under the keys of its top: a list of objects, or the only one that the organisation has."""
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_LONGEST = 80


def trees_of(items: Iterable[Item], kinds: Kinds, *, profiles: Mapping[Address, tuple[str, ...]]) -> Trees:
    """The tree of each file, by its path; `profiles` are those of each object."""
    below = below_of(items)
    files, writer = _Files(kinds), Writer(kinds, below, profiles)
    trees: Trees = {}
    for item in below[None]:
        kind = kinds[item.kind]
        tree = trees.setdefault(files.of(item.address), {})
        holder = {} if item.address.parent is None else {item.address.parent.kind: item.address.parent.name}
        if is_only_one(kind):
            tree[kind.file_key] = writer.tree(item, {})
        else:
            tree.setdefault(kind.file_key, []).append(writer.tree(item, holder))
    return {file: trees[file] for file in sorted(trees)}


def below_of(items: Iterable[Item]) -> dict[Address | None, list[Item]]:
    """What lies in each object; under None what stands in a file of its own, because nothing here holds it."""
    listed = list(items)
    declared = {item.address for item in listed}
    below: dict[Address | None, list[Item]] = {None: []}
    for item in listed:
        parent = item.address.parent
        below.setdefault(parent if parent in declared else None, []).append(item)
    return below


def is_only_one(kind: Kind) -> bool:
    """Whether the organisation has exactly one object of a kind."""
    return kind.file_key == kind.name


class Writer(Struct, frozen=True):
    """Objects as they are written, with their children in them."""

    kinds: Kinds
    below: Mapping[Address | None, Sequence[Item]]
    profiles: Mapping[Address, tuple[str, ...]]

    def tree(self, item: Item, holder: Mapping[str, Any]) -> dict[str, Any]:
        """One object; `holder` names the parent of one that stands alone."""
        tree: dict[str, Any] = {**holder, **({"id": item.pin} if item.pin else {})}
        if item.label:
            tree["key"] = item.label
        if item.address in self.profiles:
            tree["profiles"] = list(self.profiles[item.address])
        tree |= item.body
        for child in self.below.get(item.address, ()):
            kind = self.kinds[child.kind]
            inner = self.tree(child, {})
            if kind.singleton:
                tree[kind.name] = inner
            else:
                tree.setdefault(kind.plural, []).append(inner)
        return tree


class _Files:
    """The file of each address; names that come to the same file are numbered."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._with_own_file = with_own_file(kinds)
        self._taken: dict[str, Address] = {}
        self._known: dict[Address, str] = {}

    def of(self, address: Address) -> str:
        top = Address(address.text.partition("/")[0])
        if top not in self._known:
            self._known[top] = self._file(top)
        return self._known[top]

    def _file(self, top: Address) -> str:
        kind = self._kinds[top.kind]
        directory = directory_of(kind)
        if kind.name not in self._with_own_file:
            return f"{directory}.yaml"
        slug = slug_of(top.name or "") or kind.name
        file, number = f"{directory}/{slug}.yaml", 1
        while self._taken.setdefault(file, top) != top:
            number += 1
            file = f"{directory}/{slug}-{number}.yaml"
        return file


def with_own_file(kinds: Kinds) -> frozenset[str]:
    """The kinds of which each object has a file of its own: what holds others, and the templates of sites."""
    named = {reference.kind for reference in kinds[SITE].references if not reference.many}
    return frozenset(named | kinds.holders)


def directory_of(kind: Kind) -> str:
    """A site is a chapter of its own to whoever looks for one."""
    if is_only_one(kind):
        return f"{kind.chapter}/{kind.name}"
    return kind.plural if kind.name == kind.chapter else f"{kind.chapter}/{kind.plural}"


def slug_of(name: str) -> str:
    """A name as a file's name on every system."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    return f"{slug}-" if _RESERVED.fullmatch(slug) else slug
