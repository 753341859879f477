"""A model as a validator that only checks.

Validating with a model makes an object of it, with the defaults of all fields that nobody wrote: a WLAN has ninety.
Nothing here needs the objects, so the same rules are applied to mappings as they are, which takes half the time.
"""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import CoreSchema, SchemaValidator

_OPAQUE = ("config", "metadata", "serialization")
"""Parts of a schema that hold no schemas."""


@cache
def checker_of(model: type[BaseModel]) -> SchemaValidator:
    """A validator that raises the errors that the model's own would raise for a mapping."""
    model.model_rebuild()
    return SchemaValidator(_as_mappings(model.__pydantic_core_schema__))


def _as_mappings(schema: Any) -> CoreSchema:
    """The schema with every model in it replaced by a mapping of the same fields; all but those that take keys of the
    user's choice, whose names only a model can check."""
    if isinstance(schema, list | tuple):
        return type(schema)(_as_mappings(item) for item in schema)  # type: ignore[return-value]
    if not isinstance(schema, dict):
        return schema  # type: ignore[no-any-return]
    if schema.get("type") == "model" and "extras_schema" not in schema["schema"]:
        return _mapping(schema)
    return {key: item if key in _OPAQUE else _as_mappings(item) for key, item in schema.items()}


def _mapping(schema: dict[str, Any]) -> CoreSchema:
    fields = {name: _field(item) for name, item in schema["schema"]["fields"].items()}
    config = schema["config"]
    mapping = {
        "type": "typed-dict",
        "fields": fields,
        "config": config,
        "extra_behavior": config["extra_fields_behavior"],
        "ref": schema.get("ref"),
    }
    return {key: item for key, item in mapping.items() if item is not None}


def _field(schema: dict[str, Any]) -> dict[str, Any]:
    below = schema["schema"]
    optional = below["type"] == "default"
    alias = {key: item for key, item in schema.items() if key == "validation_alias"}
    inner = _as_mappings(below["schema"] if optional else below)
    return {"type": "typed-dict-field", "schema": inner, "required": not optional, **alias}
