"""What a body means where it is not written as the model has it: an object's fields in, the same fields or a copy out.

A number is one in every way in which YAML writes it, and in quotes too (which is said). What is empty (`""`, `[]`,
`{}`, `null`, or `null` as the element of a list) declares its field empty: where the model wants something else, it
counts as null, and clears.
"""

from collections.abc import Mapping, Set
from typing import Any

from reconciler.model.values import Path, YamlList, YamlMap, written_number
from reconciler.semantics.equality import is_empty

NUMBERS = frozenset({"latitude", "longitude", "number", "port", "vlan_id"})
"""Our own error types whose value is a number."""

_NUMERIC = NUMBERS | {"float_type", "int_from_float", "int_type"}
_GONE: Any = object()


def accepted(body: YamlMap, refused: Mapping[Path, Set[str]]) -> YamlMap:
    """The body with what the model refused, by path with the types of its errors, in the form in which it takes it."""
    for path in reversed(list(refused)):
        body = _changed(body, path, refused[path])
    return body


def _changed(holder: Any, path: Path, errors: Set[str]) -> Any:
    """A copy of `holder` with the value at a path in its other form; itself where there is no such value or form."""
    step, rest = path[0], path[1:]
    known = isinstance(holder, YamlMap) and step in holder
    if not known and not (isinstance(holder, YamlList) and isinstance(step, int) and step < len(holder)):
        return holder
    old = holder[step]
    new = _changed(old, rest, errors) if rest else _other_form(old, errors, in_list=isinstance(holder, YamlList))
    if new is old:
        return holder
    if isinstance(holder, YamlMap):
        return YamlMap({**holder, str(step): new}, marks=holder.marks, mark=holder.mark)
    return holder.of([new if at == step else item for at, item in enumerate(holder) if at != step or new is not _GONE])


def _other_form(value: Any, errors: Set[str], *, in_list: bool) -> Any:
    if is_empty(value):
        return _GONE if in_list else None
    if isinstance(value, YamlList) and None in value:
        return value.of([item for item in value if item is not None])
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and errors <= _NUMERIC:
        number = written_number(value)
        return value if number is None or number.number is None else number.number
    if errors == {"bool_type"} and value in ("true", "false"):
        return value == "true"
    return value
