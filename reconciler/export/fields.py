"""What of a live body is worth declaring: a body in inventory form in, the declared fields out.

Left out is what says nothing: empty values, and the defaults of the cloud where every source gives the same one. What
the models don't know goes under `raw`, where an inventory takes it as it is.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from reconciler.kinds import Kind
from reconciler.model.shape import Shape
from reconciler.model.values import Secret
from reconciler.semantics.equality import is_empty, stable

RAW = "raw"
_STAMPS = ("_time", "_at")
"""How fields are called in which the cloud keeps when something happened: not configuration."""


class _Nothing:
    """Stands for a value that is not worth declaring."""


_NOTHING = _Nothing()


class _Rules(Struct, frozen=True):
    """`kept` are dotted fields that are declared whatever they hold; `full` keeps defaults everywhere."""

    kept: frozenset[str]
    full: bool


def declared_fields(kind: Kind, body: Mapping[str, Any], *, full: bool = False) -> dict[str, Any]:
    """The fields of a live object that an inventory would declare, those that no model knows under `raw`. The name of
    the only one of its kind (the organisation) is no field of it: the project file has it."""
    kept = {kind.key, kind.key_with or kind.key, *kind.required, *kind.decisive}
    own = {key: item for key, item in body.items() if not (kind.singleton and key == kind.key)}
    known, unknown = _split(own, kind.shape)
    rules = _Rules(frozenset(kept), full)
    found = _mapping(known, kind.shape, "", rules)
    raw = _mapping(unknown, Shape(), "", _Rules(frozenset(), True))
    return {**found, RAW: raw} if raw else found


def _split(value: dict[str, Any], shape: Shape) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the models know of a mapping, and the rest. A list can only be given whole."""
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for key, item in value.items():
        below = shape.below(key)
        if _is_new(key, shape):
            if not key.endswith(_STAMPS):
                unknown[key] = item
        elif isinstance(item, dict):
            inner, rest = _split(item, below)
            known[key] = inner
            if rest:
                unknown[key] = rest
        elif isinstance(item, list) and _holds_new(item, below):
            unknown[key] = item
        else:
            known[key] = item
    return known, unknown


def _is_new(key: str, shape: Shape) -> bool:
    return bool(shape.fields) and shape.values is None and key not in shape.fields


def _holds_new(value: Any, shape: Shape) -> bool:
    if isinstance(value, dict):
        return any(_is_new(key, shape) or _holds_new(item, shape.below(key)) for key, item in value.items())
    return isinstance(value, list) and any(_holds_new(item, shape.below(0)) for item in value)


def _worth(value: Any, shape: Shape, path: str, rules: _Rules) -> Any:
    """The value as it is declared, or nothing."""
    if path not in rules.kept and _says_nothing(value, shape, rules):
        return _NOTHING
    if isinstance(value, dict):
        return _mapping(value, shape, path, rules) or _NOTHING
    return _elements(value, shape, rules) if isinstance(value, list) else value


def _says_nothing(value: Any, shape: Shape, rules: _Rules) -> bool:
    plain = value.reveal() if isinstance(value, Secret) else value
    if is_empty(plain) or (isinstance(plain, list) and all(item is None for item in plain)):
        return True
    return not rules.full and len(shape.defaults) == 1 and stable(plain, shape) == stable(shape.defaults[0], shape)


def _mapping(value: Mapping[str, Any], shape: Shape, path: str, rules: _Rules) -> dict[str, Any]:
    """Its members that are worth it. A key that its author chose says something by being there."""
    found: dict[str, Any] = {}
    for key, item in value.items():
        worth = _worth(item, shape.below(key), f"{path}.{key}" if path else key, rules)
        if not isinstance(worth, _Nothing):
            found[key] = worth
        elif path and key not in shape.fields and item is not None:
            found[key] = {} if isinstance(item, dict) else item
    return found


def _elements(value: list[Any], shape: Shape, rules: _Rules) -> list[Any]:
    below = shape.below(0)
    inside = _Rules(frozenset(shape.key), rules.full)
    return [
        (_mapping(item, below, "", inside) or item)
        if isinstance(item, dict)
        else _elements(item, below, rules)
        if isinstance(item, list)
        else item
        for item in value
    ]
