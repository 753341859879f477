"""Puts the values of `!secret` references in place: a body in, the body or a copy with `Secret` out."""

from collections.abc import Iterator
from typing import Any

from reconciler.model.address import Address
from reconciler.model.inventory import SecretLookup
from reconciler.model.values import KEEP, Mark, Path, Secret, SecretRef, YamlList, YamlMap
from reconciler.stages.compose.report import Report


class Sealer:
    """Resolves references; each one that can't be resolved is reported once and stays in its place."""

    def __init__(self, lookup: SecretLookup, report: Report) -> None:
        self._lookup = lookup
        self._report = report
        self._missing: set[Mark] = set()

    def seal(self, value: Any, address: Address) -> Any:
        """The same value when no reference is in it, else a copy along the way to each."""
        changed: Any = None
        items: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            kind = item.__class__
            if kind is str:
                continue
            if kind is SecretRef:
                sealed = self._value(item, address)
            elif kind is YamlMap or kind is YamlList:
                sealed = self.seal(item, address)
            else:
                continue
            if sealed is not item:
                changed = _copy(value) if changed is None else changed
                changed[key] = sealed
        return value if changed is None else changed

    def _value(self, ref: SecretRef, address: Address) -> Secret | SecretRef:
        try:
            return Secret(self._lookup(ref), origin=f"{ref.scheme}:{ref.target}")
        except LookupError as error:
            if ref.mark not in self._missing:
                self._missing.add(ref.mark)
                detail = str(error.args[0]) if error.args else f"{ref!r} was not found"
                self._report.error("missing-secret", "A secret has no value", detail, ref.mark, address)
            return ref


def without_keeps(body: YamlMap) -> tuple[YamlMap, frozenset[Path]]:
    """A body without the fields that say `!keep`, and the places of these."""
    keeps = frozenset(_keeps(body, ()))
    return (_left(body), keeps) if keeps else (body, keeps)


def _keeps(value: Any, path: Path) -> Iterator[Path]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if item is KEEP:
            yield (*path, key)
        elif isinstance(item, dict | list):
            yield from _keeps(item, (*path, key))


def _left(value: Any) -> Any:
    if isinstance(value, YamlMap):
        items = {key: _left(item) for key, item in value.items() if item is not KEEP}
        return YamlMap(items, marks=value.marks, mark=value.mark)
    return value.of(_left(item) for item in value if item is not KEEP) if isinstance(value, YamlList) else value


def _copy(value: YamlMap | YamlList) -> YamlMap | YamlList:
    if isinstance(value, YamlMap):
        return YamlMap(value, marks=value.marks, mark=value.mark)
    return value.of(value)
