"""Finds every kind. A chapter is a package below this one; a kind is a module or package in a chapter that holds a
`KIND` (or several `KINDS`). Duplicates fail at once."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from types import ModuleType

from msgspec.structs import replace

from reconciler.kinds.kind import Kind


class Kinds:
    """All kinds by name, in a fixed order: by `order`, then by name.

    A place below a parent kind that is not among them is left out, and so is a kind that has no other place.
    """

    def __init__(self, entries: Iterable[Kind]) -> None:
        self._by_name: dict[str, Kind] = {}
        for kind in sorted(_placed(list(entries)), key=lambda entry: (entry.order, entry.name)):
            if kind.name in self._by_name or any(kind.plural == other.plural for other in self):
                raise ValueError(f"two kinds are called {kind.name!r} or {kind.plural!r}")
            self._by_name[kind.name] = kind

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Kind:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def find(self, word: str) -> Kind | None:
        """The kind of that name or plural, None when there is none."""
        return self._by_name.get(word) or next((kind for kind in self if kind.plural == word), None)

    def children(self, parent: str | None) -> tuple[Kind, ...]:
        """The declarable kinds that can live below a parent kind (`None`: the organisation)."""
        return tuple(kind for kind in self if kind.endpoint(parent) and not kind.lookup_only)

    def implicit(self, name: str) -> frozenset[str]:
        """The names of a kind's objects that exist without being declared; none for a kind that is not here."""
        return frozenset(self._by_name[name].implicit) if name in self else frozenset()

    def is_device(self, name: str) -> bool:
        """Whether objects of a kind are devices, known by MAC address."""
        kind = self._by_name.get(name)
        return bool(kind and kind.hardware)

    @cached_property
    def holders(self) -> frozenset[str]:
        """The kinds that hold objects of others, and take them along when they go."""
        return frozenset(endpoint.parent for kind in self for endpoint in kind.endpoints if endpoint.parent)

    def deleted_with(self, name: str) -> tuple[str, ...]:
        """The API paths of all that the cloud deletes with an object of this kind."""
        below = {end.collection or end.item for kind in self for end in kind.endpoints if end.parent == name}
        owned = {one.collection for one in self[name].owned}
        return tuple(sorted({*below, *owned, *self[name].cascades} - {*self[name].releases}))


@cache
def kinds() -> Kinds:
    """Every kind of this package; imported on first use."""
    return Kinds(found_in(importlib.import_module(__package__)))


def found_in(package: ModuleType) -> tuple[Kind, ...]:
    """The entries of every kind in the chapters of a package, each with its chapter. `shared` is none: what it has is
    imported where it is used."""
    chapters = [
        _module(package, found)
        for found in pkgutil.iter_modules(package.__path__)
        if found.ispkg and found.name != "shared"
    ]
    return tuple(kind for chapter in chapters for kind in _entries_in(chapter))


def _entries_in(chapter: ModuleType) -> Iterator[Kind]:
    name = chapter.__name__.rpartition(".")[2]
    for found in pkgutil.iter_modules(chapter.__path__):
        for kind in entries_of(_module(chapter, found)):
            yield replace(kind, chapter=name)


def _module(package: ModuleType, found: pkgutil.ModuleInfo) -> ModuleType:
    return importlib.import_module(f"{package.__name__}.{found.name}")


def entries_of(module: ModuleType) -> tuple[Kind, ...]:
    """The entries that a module holds: its `KINDS` and its `KIND`."""
    return (*getattr(module, "KINDS", ()), *((module.KIND,) if hasattr(module, "KIND") else ()))


def _placed(entries: list[Kind]) -> list[Kind]:
    """The entries with only those endpoints whose parent is among them; without those that are left with none."""
    known = {kind.name for kind in entries}
    found = []
    for kind in entries:
        places = tuple(end for end in kind.endpoints if end.parent is None or end.parent in known)
        if places or not kind.endpoints:
            found.append(kind if places == kind.endpoints else replace(kind, endpoints=places))
    return found if len(found) == len(entries) else _placed(found)
