"""Between the two forms of an object: the API's (references by id) and the inventory's (references by name)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reconciler.kinds import Delta, Kind, Reference
from reconciler.kinds.shared.checks import each, split
from reconciler.model.shape import Shape
from reconciler.model.values import YamlList, copied
from reconciler.semantics.equality import is_empty
from reconciler.semantics.sealing import sealed_field, sealed_text

Translate = Callable[[Reference, str], str]
"""From a reference and one name (or id) to the id (or name); returns its argument where it knows no better."""


def inventory_form(kind: Kind, body: Mapping[str, Any], to_name: Translate) -> dict[str, Any]:
    """A live body as the inventory would write it: ids become names, secrets are sealed, what the cloud makes is
    left out."""
    result = {kind.renamed.get(key, key): value for key, value in body.items() if key not in kind.read_only}
    for reference in kind.references:
        if not reference.by_name and _applies(reference, body):
            result = _moved(result, reference.api, reference.field, partial(_each, reference, to_name))
    for root, delta in kind.deltas.items():
        if isinstance(result.get(root), list):
            result[root] = [item for item in result[root] if not _is_gone(item, delta)]
    named = {kind.key, *(reference.root for reference in kind.references)}
    return {
        key: value if key in named and _is_plain(value) else seal(value, kind.shape.below(key))
        for key, value in result.items()
    }


def _is_plain(value: Any) -> bool:
    """Whether a value is names and nothing more: a mapping that a reference lies in may hold secrets beside it."""
    return not isinstance(value, dict) and not (isinstance(value, list) and any(isinstance(i, dict) for i in value))


def _is_gone(element: Any, delta: Delta) -> bool:
    return isinstance(element, dict) and element.get(delta.field) == delta.gone


def with_references(kind: Kind, body: Mapping[str, Any], translate: Translate) -> dict[str, Any]:
    """A body in inventory form with every name in a reference translated."""
    result = dict(body)
    for reference in kind.references:
        if not reference.by_name and _applies(reference, body):
            result = _moved(result, reference.field, reference.field, partial(_each, reference, translate))
    return result


def api_form(
    kind: Kind, body: Mapping[str, Any], to_id: Translate, *, whole: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A body in inventory form as the API wants it: names become ids. Secrets stay sealed.

    `whole` is the object that a partial body belongs to: it decides which references apply.
    """
    result = dict(body)
    for reference in kind.references:
        if not reference.by_name and _applies(reference, body if whole is None else whole):
            result = _moved(result, reference.field, reference.api, partial(_each, reference, to_id))
    return {_api_name(kind, key): value for key, value in result.items()} if kind.renamed else result


def api_root(kind: Kind, root: str) -> str:
    """The API's name of a root key of the inventory form."""
    for reference in kind.references:
        if reference.field == root:
            return reference.api
    return _api_name(kind, root)


def _api_name(kind: Kind, root: str) -> str:
    return next((api for api, name in kind.renamed.items() if name == root), root)


def references_in(kind: Kind, body: Mapping[str, Any]) -> list[tuple[Reference, str]]:
    """Every (reference, name) that a body in inventory form holds, in a fixed order."""
    found: list[tuple[Reference, str]] = []
    for reference in kind.references:
        if not _applies(reference, body):
            continue
        for _path, value in each(body, split(reference.field)):
            names = value if isinstance(value, list) else [value]
            found += [(reference, name) for name in names if isinstance(name, str) and name]
    return found


def seal(value: Any, shape: Shape) -> Any:
    """A copy in which every secret is a `Secret` of origin `live`: in a secret field, or as a part of any text."""
    if isinstance(value, dict):
        return {key: seal(item, shape.below(key)) for key, item in value.items()}
    if isinstance(value, list):
        below = shape.below(0)
        return [seal(item, below) for item in value]
    if not isinstance(value, str) or not value:
        return value
    return sealed_field(value, origin="live") if shape.secret else sealed_text(value, origin="live")


def _applies(reference: Reference, body: Mapping[str, Any]) -> bool:
    return reference.when is None or body.get(reference.when[0]) == reference.when[1]


def _each(reference: Reference, translate: Translate, value: Any) -> Any:
    if isinstance(value, list):
        items = [translate(reference, item) if isinstance(item, str) else item for item in value]
        return value.of(items) if isinstance(value, YamlList) else items
    if isinstance(value, str):
        return None if is_empty(value) else translate(reference, value)
    return value


def _moved(body: dict[str, Any], source: str, target: str, change: Callable[[Any], Any]) -> dict[str, Any]:
    """`body` with the value at one dotted path put at another (same depth), changed; copies only along the path."""
    head, _, rest = source.partition(".")
    new_head, _, new_rest = target.partition(".")
    if head != "*" and head not in body:
        return body
    result: dict[str, Any] = copied(body)
    for key in list(body) if head == "*" else [head]:
        value = result.pop(key)
        moved = _below(value, rest, new_rest, change) if rest else change(value)
        result[key if head == "*" else new_head] = moved
    return result


def _below(value: Any, source: str, target: str, change: Callable[[Any], Any]) -> Any:
    """The same for what is below a key: for each element of a list, where the path says so."""
    head, _, rest = source.partition(".")
    if isinstance(value, list) and head == "[]":
        result = copied(value)
        result[:] = [_below(item, rest, target.partition(".")[2], change) for item in value]
        return result
    return _moved(value, source, target, change) if isinstance(value, dict) else value
