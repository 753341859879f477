"""Finds every kind. A chapter is a package below this one; a kind is a module or package in a chapter that holds a
`KIND` (or several `KINDS`). Duplicates fail at once."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from reconciler.kinds.kind import Kind


class Kinds:
    """All kinds by name, in a fixed order: by `order`, then by name."""

    def __init__(self, entries: list[Kind]) -> None:
        self._by_name: dict[str, Kind] = {}
        for kind in sorted(entries, key=lambda entry: (entry.order, entry.name)):
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


@cache
def kinds() -> Kinds:
    """Every kind of this package; imported on first use."""
    package = importlib.import_module(__package__)
    chapters = [_module(package, found) for found in pkgutil.iter_modules(package.__path__) if found.ispkg]
    modules = [_module(chapter, found) for chapter in chapters for found in pkgutil.iter_modules(chapter.__path__)]
    return Kinds([kind for module in modules for kind in _entries(module)])


def _module(package: ModuleType, found: pkgutil.ModuleInfo) -> ModuleType:
    return importlib.import_module(f"{package.__name__}.{found.name}")


def _entries(module: ModuleType) -> list[Kind]:
    return [*getattr(module, "KINDS", ()), *([module.KIND] if hasattr(module, "KIND") else [])]
