"""The canonical order of keys in each kind of file, as a `Shape` tree whose `fields` stand in that order.

An object's natural key first, then what it belongs to and its other meta keys, then its fields as the model has them
(what decides about the others, such as `type`, in front), `raw`, and its children last. What has no fixed keys
(variables, networks, port usages) keeps the order of its author.
"""

from functools import cache
from typing import Any

from reconciler.kinds import Kind, kinds
from reconciler.kinds.shapes import shape_of
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.model.project_fields import model_of
from reconciler.model.shape import UNKNOWN, Shape
from reconciler.model.values import YamlList

MERGE = "<<"
RAW = "raw"
ROOTS = frozenset({RAW, "defaults"})
"""Fields that only a kind's objects or the project file have: their order is whole already."""
LEADING = (
    *("name", "type", "mode", "enabled", "enable", "url", "host", "port", "secret"),
    *("src_tags", "actions", "dst_tag", "action", "protocol", "port_range", "topics"),
    *("auth", "bands", "auth_servers", "acct_servers", "vlan_enabled", "vlan_id", "subnet", "isolation"),
    *("networks", "port_network", "port_usages", "switch_matching", "acl_tags", "acl_policies"),
    *("channels", "bandwidth", "power_min", "power_max", "version", "day_of_week", "time_of_day"),
)
"""Fields that people look for first, in the order in which they think of them; the others follow as the model has
them."""
MATCHING = "match_"
"""How the conditions of a switch rule begin: before what the rule does."""


def order_of(file: str) -> Shape:
    """The order for a file of an inventory, by its name."""
    return _project() if file.replace("\\", "/").rpartition("/")[2] == PROJECT_FILE else _objects()


def rank(key: str, shape: Shape) -> tuple[int, int]:
    """Where a key stands among its siblings: known ones in their order, others behind them as written."""
    if key == MERGE:
        return (-1, 0)
    if key in shape.key:
        return (0, shape.key.index(key))
    if not shape.fields.keys() & ROOTS:
        if key in LEADING and key in shape.fields:
            return (1, LEADING.index(key) - len(LEADING))
        if key.startswith(MATCHING):
            return (1, -1)
    return (1, list(shape.fields).index(key)) if key in shape.fields else (2, 0)


def element(shape: Shape) -> Shape:
    """The shape of a list's elements, with the list's key as theirs."""
    below = shape.below(0)
    return Shape(fields=below.fields, values=below.values, key=shape.key) if shape.key else below


def in_canonical_order(value: Any, shape: Shape) -> Any:
    """A tree with the keys of every mapping in their order."""
    if isinstance(value, dict):
        items = value.items()
        if shape.fields or shape.key:
            items = sorted(items, key=lambda entry: rank(entry[0], shape))  # type: ignore[assignment]
        inside = shape is not UNKNOWN
        return {key: in_canonical_order(item, shape.below(key) if inside else UNKNOWN) for key, item in items}
    if isinstance(value, list):
        below = element(shape)
        found = [in_canonical_order(item, below) for item in value]
        return value.of(found) if isinstance(value, YamlList) else found
    return value


@cache
def _objects() -> Shape:
    """A file with objects: the author's order of kinds, each a list."""
    fields = {
        kind.file_key: _listed(kind) if kind.file_key == kind.plural else _object(kind)
        for kind in kinds()
        if not kind.lookup_only
    }
    return Shape(values=UNKNOWN, fields=fields)


@cache
def _project() -> Shape:
    by_name = shape_of(model_of(Project))
    layers = {name: _object(kind) for kind in kinds() if not kind.lookup_only for name in (kind.name, kind.plural)}
    profiles = {name: Shape(values=shape) for name, shape in layers.items()}
    fields = {**by_name.fields, "defaults": Shape(values=UNKNOWN, fields=layers)}
    fields["profiles"] = Shape(values=UNKNOWN, fields=profiles)
    return Shape(fields=fields)


def _listed(kind: Kind) -> Shape:
    return Shape(values=_object(kind))


def _object(kind: Kind) -> Shape:
    parents = [place.parent for place in kind.endpoints if place.parent]
    meta = [kind.key, kind.key_with, kind.key_fallback, *parents, "id", "key", "aliases", "profiles"]
    names = [name for name in meta if name and not (name == kind.key and kind.singleton)]
    children = {
        child.name if child.singleton else child.plural: _object(child) if child.singleton else _listed(child)
        for child in kinds().children(kind.name)
    }
    model = _with_api_names(kind)
    names += [name for name in LEADING if name in model]
    first = {name: model.get(name, UNKNOWN) for name in dict.fromkeys(names)}
    rest = {name: shape for name, shape in model.items() if name not in first and name not in children}
    return Shape(fields={**first, **rest, RAW: UNKNOWN, **children})


def _with_api_names(kind: Kind) -> dict[str, Shape]:
    """The model's fields, each reference also under the API's own name."""
    found: dict[str, Shape] = {}
    api = {reference.field: reference.api for reference in kind.references}
    for name, shape in kind.shape.fields.items():
        found[name] = shape
        if api.get(name, name) != name:
            found[api[name]] = shape
    return found
