"""A kind as JSON Schema in inventory form: its fields, the meta keys, its parent and its children."""

import json
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Final

from pydantic import BaseModel

from reconciler.kinds import Kind, Kinds
from reconciler.kinds.sources import lines
from reconciler.schema.tidy import Json, tidied
from reconciler.schema.widening import widen

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TEXT: Final[Json] = {"type": "string", "minLength": 1}
META: Final[Mapping[str, Json]] = {
    "profiles": {
        "type": "array",
        "items": TEXT,
        "description": "Profiles of the project file to begin with, in this order",
    },
    "absent": {"type": "boolean", "description": "true: this one object is deleted, without prune for its kind"},
    "aliases": {
        "type": "array",
        "items": TEXT,
        "description": "Former names or addresses: a rename, or move, is an update",
    },
    "id": {"type": "string", "format": "uuid", "description": "Pins one live object, where names are ambiguous"},
    "key": {**TEXT, "description": "What it is called here, where there are several of its name"},
    "raw": {"type": "object", "description": "Fields that are not known here; passed on unchecked"},
}
"""Keys that every object may have besides its kind's fields."""


def declared(kinds: Kinds) -> list[Kind]:
    """The kinds that an inventory can hold, in order."""
    return [kind for kind in kinds if kind.model is not None and not kind.lookup_only]


def definition_name(kind: Kind) -> str:
    """The kind's name below `$defs`; lower case, apart from the models'."""
    return kind.name


def definitions(kinds: Kinds, wanted: list[Kind]) -> Json:
    """`$defs` for these kinds, their children and every nested model."""
    found: Json = {}
    pending = list(wanted)
    while pending:
        kind = pending.pop(0)
        if definition_name(kind) in found:
            continue
        schema, nested = _own(kind)
        found |= nested
        found[definition_name(kind)] = _object(kind, schema, kinds)
        pending += _children(kind, kinds)
    for kind in kinds:
        if definition_name(kind) in found:
            widen(found[definition_name(kind)], lines().get(kind.name, ()), partial(_inside, nested=found))
    return dict(sorted(found.items()))


def item(kind: Kind) -> Json:
    """An element of the kind's list at the top level of a file: a child has to name its parent there."""
    here = {"$ref": f"#/$defs/{definition_name(kind)}"}
    parents = _parents(kind)
    if not parents or any(endpoint.parent is None for endpoint in kind.endpoints):
        return here
    if len(parents) == 1:
        return {**here, "required": parents}
    return {**here, "anyOf": [{"required": [parent]} for parent in parents]}


def _children(kind: Kind, kinds: Kinds) -> list[Kind]:
    return [child for child in kinds.children(kind.name) if child.model is not None]


def _parents(kind: Kind) -> list[str]:
    return [endpoint.parent for endpoint in kind.endpoints if endpoint.parent is not None]


def _own(kind: Kind) -> tuple[Json, Json]:
    assert kind.model is not None  # noqa: S101 - declared() leaves the others out
    schema: Json = json.loads(_model_schema(kind.model))
    nested: Json = schema.pop("$defs", {})
    for reference in kind.references:
        if reference.by_name:
            continue
        *steps, field = reference.place.split(".")
        holder = schema
        for step in steps:
            holder = _inside(holder, step, nested)
        if reference.api != reference.field:
            told = f"The API's name of {field}"
            same = {**holder["properties"][field], "description": told, "deprecated": True}
            holder["properties"][reference.api_place.rpartition(".")[2]] = same
    return schema, nested


@cache
def _model_schema(model: type[BaseModel]) -> str:
    """As text, so that each who asks has a copy of its own: a kind is asked for alone and as part of the inventory."""
    return json.dumps(tidied(model.model_json_schema(by_alias=True)))


def _inside(schema: Json, step: str, nested: Json) -> Json:
    """The schema of what a step of a reference's path leads to, in a schema that may be null."""
    below: Json = (
        schema["items"]
        if step == "[]"
        else schema["additionalProperties"]
        if step == "*"
        else schema["properties"][step]
    )
    below = next((part for part in below.get("anyOf", ()) if part.get("type") != "null"), below)
    return nested[below["$ref"].rpartition("/")[2]] if "$ref" in below else below


def _object(kind: Kind, schema: Json, kinds: Kinds) -> Json:
    """The kind's fields with everything else that an inventory may say about the object."""
    properties: Json = dict(schema["properties"])
    for child in _children(kind, kinds):
        properties |= _child(child)
    for parent in _parents(kind):
        told = f"The {kinds[parent].title} that it belongs to, where it is not nested in it"
        properties[parent] = {**TEXT, "description": told}
    described = {"description": schema["description"]} if "description" in schema else {}
    required = {"required": schema["required"]} if "required" in schema else {}
    return {
        "title": kind.title,
        **described,
        "type": "object",
        "properties": {**properties, **META},
        **required,
        "additionalProperties": False,
    }


def _child(child: Kind) -> Json:
    here = {"$ref": f"#/$defs/{definition_name(child)}"}
    if child.singleton:
        return {child.name: here}
    return {child.plural: {"type": "array", "items": here}}


def kind_schema(kind: Kind, kinds: Kinds) -> Json:
    """The self-contained schema of one object of a kind."""
    return _document(kind.title, item(kind), definitions(kinds, [kind]))


def inventory_schema(kinds: Kinds) -> Json:
    """The schema of an inventory file: plural kinds with lists of objects."""
    listed = declared(kinds)
    properties = {
        kind.file_key: {"type": ["array", "null"], "items": item(kind)} if kind.file_key == kind.plural else item(kind)
        for kind in listed
    }
    body = {"type": "object", "properties": properties, "additionalProperties": False}
    return _document("A file of an inventory", body, definitions(kinds, listed))


def _document(title: str, body: Json, defs: Any) -> Json:
    return {"$schema": DIALECT, "title": title, **body, "$defs": defs}
