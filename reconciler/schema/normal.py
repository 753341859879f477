"""One normal form of a field for two dialects: the vendor's OpenAPI document and our exported JSON Schemas."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from reconciler.schema.tidy import Json

_LIMITS = ("minimum", "maximum", "minLength", "maxLength")


class Node(Struct, frozen=True):
    """What a schema says about one value. `fields` are an object's keys, `values` a map's, `items` a list's."""

    types: frozenset[str] = frozenset()
    enum: frozenset[Any] = frozenset()
    limits: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, "Lazy"] = field(default_factory=dict)
    values: "Lazy | None" = None
    items: "Lazy | None" = None


Lazy = Callable[[], Node]
"""A node that is made when it is looked at: schemas may be deep, and some hold themselves."""


def node(schema: Any, definitions: Mapping[str, Any], *, skip_read_only: bool = False) -> Node:
    """The normal form of a schema; references are looked up by their last part. Null is left out of the types."""
    schema = _resolved(schema, definitions)
    parts = [part for union in ("oneOf", "anyOf", "allOf") for part in schema.get(union, ())]
    own = _own(schema, definitions, skip_read_only=skip_read_only)
    for part in parts:
        own = _joined(own, node(part, definitions, skip_read_only=skip_read_only))
    return own


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Json:
    found: Json = schema if isinstance(schema, dict) else {}
    while "$ref" in found:
        rest = {key: value for key, value in found.items() if key != "$ref"}
        found = {**definitions[found["$ref"].rpartition("/")[2]], **rest}
    return found


def _own(schema: Json, definitions: Mapping[str, Any], *, skip_read_only: bool) -> Node:
    def later(part: Any) -> Lazy:
        return lambda: node(part, definitions, skip_read_only=skip_read_only)

    named = schema.get("type", "object" if "properties" in schema else ())
    extra, items = schema.get("additionalProperties"), schema.get("items")
    return Node(
        types=frozenset([named] if isinstance(named, str) else named) - {"null"},
        enum=frozenset(schema.get("enum", ())) - {None},
        limits={key: schema[key] for key in _LIMITS if key in schema},
        fields={
            name: later(part)
            for name, part in schema.get("properties", {}).items()
            if not (skip_read_only and _resolved(part, definitions).get("readOnly"))
        },
        values=later(extra) if isinstance(extra, dict) else None,
        items=later(items) if isinstance(items, dict) else None,
    )


def _joined(one: Node, other: Node) -> Node:
    return Node(
        types=one.types | other.types,
        enum=one.enum | other.enum,
        limits={**one.limits, **other.limits},
        fields={**one.fields, **other.fields},
        values=one.values or other.values,
        items=one.items or other.items,
    )
