"""Pydantic's JSON Schemas made shorter and fit for a YAML inventory. In: a schema. Out: a new one."""

from typing import Any

Json = dict[str, Any]

BEHIND_TAG = r"^(?:env|file|cmd):"
"""What stands behind `!secret`, which editors hand to a schema as plain text."""


def tidied(schema: Any) -> Any:
    """Without titles and null defaults, null beside a type as a list of types, secrets also as references."""
    if isinstance(schema, list):
        return [tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _tidied_part(key, value) for key, value in schema.items() if not _noise(key, value)}
    if found.get("writeOnly"):
        found = _referable(found)
    return _folded(found)


def _tidied_part(key: str, value: Any) -> Any:
    if key in ("properties", "$defs"):
        return {name: tidied(item) for name, item in value.items()}
    return value if key in ("enum", "const", "required", "examples") else tidied(value)


def _noise(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)


def _referable(schema: Json) -> Json:
    """A secret's form without its shortest length, and with a reference in place of the value."""
    found = {key: value for key, value in schema.items() if key != "minLength"}
    if "pattern" in found:
        found["pattern"] = f"{found['pattern']}|{BEHIND_TAG}"
    return found


def _folded(schema: Json) -> Json:
    """`anyOf: [X, null]` as X with the type `[..., null]`, where X is a plain type."""
    parts = schema.get("anyOf")
    if not isinstance(parts, list) or len(parts) != 2 or parts[1] != {"type": "null"}:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    first = parts[0]
    if "anyOf" in first and not rest.keys() & first.keys():
        return {**rest, **first, "anyOf": [*first["anyOf"], parts[1]]}
    if not isinstance(first.get("type"), str):
        return schema
    folded = {**first, **rest, "type": [first["type"], "null"]}
    if "enum" in folded:
        folded["enum"] = [*folded["enum"], None]
    return folded
