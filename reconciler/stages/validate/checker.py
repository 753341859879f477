"""A model as a validator that only checks.

Validating with a model makes an object of it, with the defaults of all fields that nobody wrote: a WLAN has ninety.
Nothing here needs the objects, so the same rules are applied to mappings as they are, which takes half the time.
The largest models take a tenth of a second to be built, so that only the fields are which an inventory has.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import CoreSchema, SchemaValidator

_OPAQUE = ("config", "metadata", "serialization")
"""Parts of a schema that hold no schemas."""


def errors_of(model: type[BaseModel], body: Mapping[str, Any], keys: frozenset[str]) -> list[Mapping[str, Any]]:
    """What a model refuses in a mapping that has no other of its fields than these."""
    try:
        checker_of(model, keys).validate_python(body)
    except ValidationError as error:
        return list(error.errors(include_url=False, include_input=False))
    return []


@lru_cache(maxsize=1024)
def checker_of(model: type[BaseModel], keys: frozenset[str]) -> SchemaValidator:
    """A validator that raises the errors that the model's own would raise for a mapping that has no other of the
    model's fields than these."""
    return _checker(model, keys.intersection(model.model_fields))


@cache
def _checker(model: type[BaseModel], names: frozenset[str]) -> SchemaValidator:
    return SchemaValidator(schema_of(_part(model, names)))


def schema_of(model: type[BaseModel]) -> CoreSchema:
    """What a model's objects must be, as pydantic's core has it, with mappings in the place of models."""
    model.model_rebuild()
    return _as_mappings(model.__pydantic_core_schema__)


def _part(model: type[BaseModel], names: frozenset[str]) -> type[BaseModel]:
    """The model with those of its fields that have these names, or must be there; the model itself where it has rules
    of its own, takes keys of the user's choice, or has fields that are called otherwise in a mapping."""
    rules, fields = model.__pydantic_decorators__, model.model_fields
    own = rules.field_validators or rules.model_validators or rules.validators or rules.root_validators
    if own or model.model_config.get("extra") != "forbid" or any(field.validation_alias for field in fields.values()):
        return model
    kept = {name: field for name, field in fields.items() if name in names or field.is_required()}
    parts: dict[str, Any] = {name: (field.annotation, field) for name, field in kept.items()}
    found: type[BaseModel] = create_model(
        model.__name__, __config__=model.model_config, __module__=model.__module__, **parts
    )
    return found


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
