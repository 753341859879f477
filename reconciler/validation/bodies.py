"""Bodies on their way through `validate`: what they hold, `raw` merged in, plain secrets sealed.

Nothing is copied that doesn't change: most bodies pass as they are.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from reconciler.model.hiding import may_hold_secret
from reconciler.model.shape import Shape
from reconciler.model.values import Path, Secret, SecretRef, YamlList, YamlMap
from reconciler.semantics.sealing import sealed_field, sealed_text

_CONTAINERS = frozenset({YamlMap, YamlList, dict, list})
_SECRETS = frozenset({Secret, SecretRef})


class Survey(NamedTuple):
    """What was seen anywhere in a body: secrets or references to them, `null`, texts that use site variables, and
    whether a text may hold a secret."""

    secrets: bool
    nulls: bool
    variables: tuple[str, ...]
    suspicious: bool


def survey(body: YamlMap) -> Survey:
    """One walk over a body, without recursion because it is done for every object."""
    secrets = nulls = suspicious = False
    variables: list[str] = []
    stack: list[Any] = [body]
    while stack:
        value = stack.pop()
        for item in value.values() if isinstance(value, dict) else value:
            kind = type(item)
            if kind is str:
                if "{{" in item:
                    variables.append(item)
                suspicious = suspicious or may_hold_secret(item)
            elif kind in _CONTAINERS:
                stack.append(item)
            elif item is None:
                nulls = True
            elif kind in _SECRETS:
                secrets = True
    return Survey(secrets, nulls, tuple(variables), suspicious)


def plain(value: Any) -> Any:
    """A copy for the rules: secrets revealed, `null` dropped from mappings."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return YamlList((plain(item) for item in value), merge=getattr(value, "merge", False))
    return value.reveal() if isinstance(value, Secret) else value


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
    found = (item for _, item in leaves(body) if isinstance(item, Secret))
    return frozenset(item.reveal() for item in found if item.reveal() and item.shown != item.reveal())


def disguised(value: Any, secrets: frozenset[str]) -> Any:
    """A copy for the rules as `plain` makes one, with another text of the same length in the place of every secret."""
    if isinstance(value, dict):
        return {key: disguised(item, secrets) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return YamlList((disguised(item, secrets) for item in value), merge=getattr(value, "merge", False))
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


def merged(base: YamlMap, extra: YamlMap) -> YamlMap:
    """`extra` laid over `base`: mappings merge, everything else replaces. Marks follow their values."""
    items, marks = dict(base), dict(base.marks)
    for key, value in extra.items():
        old = items.get(key)
        items[key] = merged(old, value) if isinstance(old, YamlMap) and isinstance(value, YamlMap) else value
        if key in extra.marks:
            marks[key] = extra.marks[key]
    return YamlMap(items, marks=marks, mark=base.mark)


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
        return YamlList(items, marks=value.marks, mark=value.mark, merge=value.merge) if changed else value
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
    return YamlList(laid, marks=value.marks, mark=value.mark, merge=value.merge)


def _sealed_map(value: YamlMap, shape: Shape, path: Path, found: list[Path]) -> YamlMap:
    keys = value if shape.values else value.keys() & shape.fields.keys()
    changes = {}
    for key in sorted(keys):
        new = sealed(value[key], shape.fields.get(key) or shape.values, (*path, key), found)
        if new is not value[key]:
            changes[key] = new
    return YamlMap({**value, **changes}, marks=value.marks, mark=value.mark) if changes else value
