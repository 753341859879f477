"""Composed resources as an inventory again: what `reconciler render` prints.

Resources in, YAML text out, flat (children name their parent), each with the place that it comes from. Secrets stay
references; one that was written in plain shows as `!secret plain`, which no inventory accepts: it can not be lost by
copying the text back.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.resource import Resource
from reconciler.model.values import Secret, SecretRef, merge_tag
from reconciler.report.values import printable, scalar

_REFERENCES = ("env", "file", "cmd")


def inventory_yaml(resources: Iterable[Resource], *, plurals: Mapping[str, str]) -> str:
    """The resources, grouped under the plural of their kind (`plurals`), in their own order."""
    by_kind: dict[str, list[Resource]] = {}
    for resource in resources:
        by_kind.setdefault(plurals[resource.kind], []).append(resource)
    return "\n".join("\n".join([f"{plural}:", *_objects(items)]) + "\n" for plural, items in by_kind.items())


def _objects(items: list[Resource]) -> list[str]:
    rows = []
    for resource in items:
        rows.append(f"  # {printable(str(resource.address))}" + (f"  {resource.source}" if resource.source else ""))
        rows += [f"  {row}" for row in _sequence([_body(resource)])]
    return rows


def _body(resource: Resource) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    if resource.parent:
        meta[resource.parent.kind] = resource.parent.name
    if resource.api_id:
        meta["id"] = resource.api_id
    if resource.has_own_key:
        meta["key"] = resource.address.name
    if resource.aliases:
        meta["aliases"] = list(resource.aliases)
    return {**meta, **resource.body}


def _sequence(items: Iterable[Any]) -> list[str]:
    rows = []
    for item in items:
        first, *rest = _node(item)
        rows += [f"- {first}", *(f"  {row}" for row in rest)]
    return rows


def _node(value: Any) -> list[str]:
    """The lines of a value that starts on its own line."""
    if isinstance(value, Mapping) and value:
        return [row for key, item in value.items() for row in _entry(scalar(key), item)]
    if isinstance(value, list | tuple) and value:
        return _sequence(value)
    return [_leaf(value)]


def _entry(key: str, value: Any) -> list[str]:
    if isinstance(value, Mapping | list | tuple) and value:
        tag = merge_tag(value)
        return [f"{key}: {tag}".rstrip(), *(f"  {row}" for row in _node(value))]
    return [f"{key}: {_leaf(value)}"]


def _leaf(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    if isinstance(value, Secret):
        if not value.hidden:
            return scalar(value.shown)
        known = value.origin.partition(":")[0] in _REFERENCES
        return f"!secret {scalar(value.origin)}" if known else "!secret plain  # written in plain; not shown"
    if isinstance(value, SecretRef):
        return f"!secret {scalar(f'{value.scheme}:{value.target}')}"
    return scalar(value)
