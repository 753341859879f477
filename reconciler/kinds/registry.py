"""Finds every kind: each module of this package that holds a `KIND` (or `KINDS`) is one. Duplicates fail at once."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

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
    import reconciler.kinds as package

    found: list[Kind] = []
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        found += getattr(loaded, "KINDS", ())
        found += [loaded.KIND] if hasattr(loaded, "KIND") else []
    return Kinds(found)
