"""Bodies on their way through `validate`: what they hold, `raw` merged in, plain secrets sealed.

Nothing is copied that doesn't change: most bodies pass as they are.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from reconciler.model.hiding import may_hold_secret
from reconciler.model.shape import Shape
from reconciler.model.values import Path, Secret, SecretRef, Untyped, YamlList, YamlMap, layered
from reconciler.semantics.sealing import sealed_field, sealed_text

_CONTAINERS = frozenset({YamlMap, YamlList, dict, list})
_SECRETS = frozenset({Secret, SecretRef})


class Survey(NamedTuple):
    """What was seen anywhere in a body: secrets or references to them, `null`, texts whose type is not settled, texts
    that use site variables, `!merge` lists with a place, and whether a text may hold a secret."""

    secrets: bool
    nulls: bool
    untyped: bool
    variables: tuple[str, ...]
    places: bool = False
    suspicious: bool = False


def survey(body: YamlMap) -> Survey:
    """One walk over a body, without recursion because it is done for every object."""
    secrets = nulls = untyped = places = suspicious = False
    variables: list[str] = []
    stack: list[Any] = [body]
    while stack:
        value = stack.pop()
        for item in value.values() if isinstance(value, dict) else value:
            kind = type(item)
            if kind is str or kind is Untyped:
                untyped = untyped or kind is Untyped
                if "{{" in item:
                    variables.append(str(item))
                suspicious = suspicious or may_hold_secret(item)
            elif kind in _CONTAINERS:
                stack.append(item)
                places = places or bool(getattr(item, "place", ""))
            elif item is None:
                nulls = True
            elif kind in _SECRETS:
                secrets = True
    return Survey(secrets, nulls, untyped, tuple(variables), places, suspicious)


def typed(value: YamlMap | YamlList, shape: Shape) -> Any:
    """The mapping or list with the type of every untyped text settled by its field. What did not change is returned as
    it is."""
    changed: Any = None
    items: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        kind = item.__class__
        if kind is Untyped:
            new: Any = item.as_one_of(shape.below(key).takes)
        elif kind is YamlMap or kind is YamlList:
            new = typed(item, shape.below(key))
        else:
            continue
        if new is not item:
            changed = _copy(value) if changed is None else changed
            changed[key] = new
    return value if changed is None else changed


def _copy(value: YamlMap | YamlList) -> YamlMap | YamlList:
    if isinstance(value, YamlMap):
        return YamlMap(value, marks=value.marks, mark=value.mark)
    return value.of(list(value))


def as_rules_see(value: Any) -> Any:
    """A copy for the rules: secrets revealed, `null` dropped from mappings."""
    if isinstance(value, dict):
        return {key: as_rules_see(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return _like(value, [as_rules_see(item) for item in value])
    return value.reveal() if isinstance(value, Secret) else value


def _like(old: list[Any], items: list[Any]) -> list[Any]:
    return old.of(items) if isinstance(old, YamlList) else items


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no container, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def secret_texts(body: YamlMap) -> frozenset[str]:
    """The values of all secrets in a body, so that no text repeats one."""
    found = _secrets_in(body, [])
    return frozenset(item.reveal() for item in found if item.reveal() and item.shown != item.reveal())


def _secrets_in(value: Any, found: list[Secret]) -> list[Secret]:
    if isinstance(value, Secret):
        found.append(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            if isinstance(item, (Secret, dict, list)):  # most are none of these
                _secrets_in(item, found)
    return found


def disguised(value: Any, secrets: frozenset[str]) -> Any:
    """The same copy with another text of the same length in the place of every secret."""
    if isinstance(value, dict):
        return {key: disguised(item, secrets) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return _like(value, [disguised(item, secrets) for item in value])
    if not isinstance(value, Secret):
        return value
    text = value.reveal()
    return next(sign * len(text) for sign in "xyzw" if sign * len(text) != text) if text in secrets else text


def at(value: Any, path: Path) -> Any:
    """The value at a path, None where there is none."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def shape_at(shape: Shape, path: Path) -> Shape:
    """What is known about the value at a path."""
    for step in path:
        shape = shape.below(step)
    return shape


def without(body: YamlMap, key: str) -> YamlMap:
    """The body without one of its keys, with its marks."""
    return YamlMap({name: item for name, item in body.items() if name != key}, marks=body.marks, mark=body.mark)


def with_raw(fields: YamlMap, raw: YamlMap) -> YamlMap:
    """The fields with those of `raw` laid over them."""
    whole = layered(fields, raw)
    whole.mark = fields.mark
    return whole


def secret_parts(shape: Shape) -> Shape | None:
    """The part of a shape that leads to secret fields; None when there are none."""
    fields = {name: part for name, below in shape.fields.items() if (part := secret_parts(below))}
    values = secret_parts(shape.values) if shape.values else None
    if not (shape.secret or fields or values):
        return None
    return Shape(fields=fields, values=values, secret=shape.secret)


def sealed(value: Any, shape: Shape | None, path: Path, found: list[Path]) -> Any:
    """The value with every plain text of a secret field sealed; the paths of those go to `found`. An empty text clears
    a secret and stays. What did not change is returned as it is."""
    if shape is None:
        return value
    if isinstance(value, str):
        if not (shape.secret and value):
            return value
        secret = sealed_field(value, origin="plain")
        if secret.hidden and "{{" not in value:
            found.append(path)
        return secret
    if isinstance(value, YamlMap):
        return _sealed_map(value, shape, path, found)
    if isinstance(value, YamlList) and shape.values:
        items = [sealed(item, shape.values, (*path, index), found) for index, item in enumerate(value)]
        changed = any(new is not old for new, old in zip(items, value, strict=True))
        return value.of(items) if changed else value
    return value


def texts_sealed(value: Any) -> Any:
    """The value with every text sealed of which a part is a secret. What did not change is returned as it is."""
    if isinstance(value, str):
        return sealed_text(value, origin="plain")
    if not isinstance(value, YamlMap | YamlList):
        return value
    items: list[tuple[Any, Any]] = list(value.items() if isinstance(value, YamlMap) else enumerate(value))
    changes = {key: new for key, item in items if (new := texts_sealed(item)) is not item}
    if not changes:
        return value
    if isinstance(value, YamlMap):
        return YamlMap({**value, **changes}, marks=value.marks, mark=value.mark)
    laid = [changes.get(index, item) for index, item in items]
    return value.of(laid)


def _sealed_map(value: YamlMap, shape: Shape, path: Path, found: list[Path]) -> YamlMap:
    keys = value if shape.values else value.keys() & shape.fields.keys()
    changes = {}
    for key in sorted(keys):
        new = sealed(value[key], shape.fields.get(key) or shape.values, (*path, key), found)
        if new is not value[key]:
            changes[key] = new
    return YamlMap({**value, **changes}, marks=value.marks, mark=value.mark) if changes else value
