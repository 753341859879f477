"""Write the outlines of the models of all kinds, from the models. Out: a file beside each
module with a kind's fields.

    python tools/make_outlines.py [--check]

`--check` writes nothing and fails when a file would change. An outline accepts nothing that its model refuses: a part
of a schema that is not known here accepts nothing at all, and leaves its values to the model.
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reconciler.kinds import Kind, kinds
from reconciler.kinds.outline import KINDS, PACKAGE, digest_of, file_of
from reconciler.kinds.shared.types import CHECKED, Numeric
from reconciler.model.shape import Shape
from reconciler.stages.validate.checker import schema_of

ROOT = Path(__file__).parent.parent / "reconciler"
ALWAYS = ("kinds/shapes.py", "model/shape.py")
NEVER = ["never"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    wanted = {file_of(str(kind.fields)).as_posix(): text_of(kind) for kind in kinds() if is_outlined(kind)}
    there = {path.relative_to(KINDS).as_posix(): path.read_text("utf-8") for path in KINDS.rglob("*.outline.json")}
    gone = set() if check else there.keys() - wanted.keys()  # of a kind that is no more, which nobody asks for
    changed = sorted({*gone, *(name for name, text in wanted.items() if there.get(name) != text)})
    for name in () if check else changed:
        if name in wanted:
            (KINDS / name).write_text(wanted[name], "utf-8", newline="\n")
        else:
            (KINDS / name).unlink()
    print("\n".join(changed) or "all are as the models are")
    return 1 if check and changed else 0


def is_outlined(kind: Kind) -> bool:
    """Whether a kind's fields stand in a module of their own."""
    return isinstance(kind.fields, str) and kind.fields.startswith(PACKAGE)


def text_of(kind: Kind) -> str:
    """The file of a kind's outline."""
    assert isinstance(kind.fields, str)
    assert kind.model is not None
    schema = schema_of(kind.model)
    shared: dict[str, Any] = {}
    if schema["type"] == "definitions":
        shared = {item["ref"]: item for item in schema["definitions"]}
        schema = schema["schema"]
    if schema["type"] == "definition-ref":
        schema = shared[schema["schema_ref"]]
    names = {ref: f"{number}" for number, ref in enumerate(shared)}
    word, fields, required, *_ = node(schema, names)
    assert word == "object"
    sources = tuple(sorted({*ALWAYS, *modules_of(kind.fields)}))
    document = {
        "digest": digest_of(sources),
        "sources": list(sources),
        "required": sorted(required),
        "shapes": {name: shape_text(item) for name, item in kind.shape_of_model.fields.items()},
        "roots": fields,
        "shared": {names[ref]: node(item, names) for ref, item in shared.items()},
    }
    rows = []
    for key, value in document.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"{json.dumps(name)}: {compact(item)}" for name, item in value.items())
            rows.append(f"{json.dumps(key)}: {{\n{inner}\n}}")
        else:
            rows.append(f"{json.dumps(key)}: {compact(value)}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def modules_of(fields: str) -> set[str]:
    """The modules of kinds that a class is made of, as paths."""
    found: set[str] = set()
    todo = [fields.rpartition(".")[0]]
    while todo:
        name = todo.pop()
        path = ROOT.parent / (name.replace(".", "/") + ".py")
        if not path.is_file() or path.relative_to(ROOT).as_posix() in found:
            continue
        found.add(path.relative_to(ROOT).as_posix())
        for item in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(item, ast.ImportFrom) and (item.module or "").startswith("reconciler.kinds"):
                todo += [str(item.module), *(f"{item.module}.{alias.name}" for alias in item.names)]
    return found


def shape_text(shape: Shape) -> dict[str, Any]:
    """A shape without what is as usual."""
    plain, usual = Shape.__struct_fields__, Shape()
    found: dict[str, Any] = {}
    for name in plain:
        value = getattr(shape, name)
        if value == getattr(usual, name):
            continue
        if name == "fields":
            value = {key: shape_text(item) for key, item in value.items()}
        elif name == "values":
            value = shape_text(value)
        elif name == "takes":
            value = sorted(item.__name__ for item in value)
        found[name] = value
    return found


LIMITS = {
    "int": {"ge", "le"},
    "float": {"ge", "le"},
    "str": {"pattern", "min_length", "max_length"},
    "list": {"items_schema"},
    "dict": {"keys_schema", "values_schema"},
}
"""The limits that are understood, by the type of a schema; with another one it is not."""
NO_LIMITS = {"type", "strict", "metadata", "ref", "serialization"}


def node(schema: dict[str, Any], names: dict[str, str]) -> list[Any]:
    """A part of a schema of pydantic's core as the outline has it. `names` are those of shared parts, by reference."""
    kind = schema["type"]
    if kind not in WORDS or (kind in LIMITS and not set(schema) <= LIMITS[kind] | NO_LIMITS):
        return NEVER
    return WORDS[kind](schema, names)


def text_node(schema: dict[str, Any], _names: dict[str, str]) -> list[Any]:
    pattern = schema.get("pattern")
    if pattern is None and "min_length" not in schema and "max_length" not in schema:
        return ["text"]
    if pattern is not None:
        if re.search(r"\[[^\]]*\$", pattern):
            return NEVER
        pattern = re.sub(r"(?<!\\)\$", r"\\Z", pattern)  # of Python's, `$` takes a line break, too
    return ["str", pattern, schema.get("min_length"), schema.get("max_length")]


def call_node(schema: dict[str, Any], names: dict[str, str]) -> list[Any]:
    function, inner = schema["function"]["function"], node(schema["schema"], names)
    owner = getattr(function, "__self__", None)
    if isinstance(owner, Numeric):
        return ["call", "is_number", {"low": owner.low, "high": owner.high}, inner]
    return ["call", CHECKED[function], {}, inner] if function in CHECKED else NEVER


def literal_node(schema: dict[str, Any], _names: dict[str, str]) -> list[Any]:
    known = all(type(value) in (str, int, bool) for value in schema["expected"])
    return ["one", *schema["expected"]] if known else NEVER


def mapping_node(schema: dict[str, Any], names: dict[str, str]) -> list[Any]:
    return object_node(schema["fields"], names, None) if schema["extra_behavior"] == "forbid" else NEVER


def model_node(schema: dict[str, Any], names: dict[str, str]) -> list[Any]:
    fields = schema["schema"]
    if fields["type"] != "model-fields" or schema["root_model"] or "extras_schema" not in fields:
        return NEVER
    return object_node(fields["fields"], names, fields) if set(fields) <= MODEL else NEVER


def object_node(fields: dict[str, Any], names: dict[str, str], model: dict[str, Any] | None) -> list[Any]:
    known: dict[str, Any] = {}
    required = []
    for name, item in fields.items():
        key = item.get("validation_alias", name)
        if not isinstance(key, str):
            return NEVER
        known[key] = node(item["schema"], names)
        if item.get("required", item["schema"]["type"] != "default"):
            required.append(key)
    if model is None:
        return ["object", known, required, None, None]
    keys = node(model["extras_keys_schema"], names) if "extras_keys_schema" in model else ["text"]
    return ["object", known, required, keys, node(model["extras_schema"], names)]


MODEL = {"type", "fields", "model_name", "computed_fields", "extras_schema", "extras_keys_schema"}
WORDS: dict[str, Callable[[dict[str, Any], dict[str, str]], list[Any]]] = {
    "any": lambda _schema, _names: ["any"],
    "bool": lambda _schema, _names: ["bool"],
    "int": lambda schema, _names: ["int", schema.get("ge"), schema.get("le")],
    "float": lambda schema, _names: ["float", schema.get("ge"), schema.get("le")],
    "str": text_node,
    "literal": literal_node,
    "nullable": lambda schema, names: ["null", node(schema["schema"], names)],
    "default": lambda schema, names: node(schema["schema"], names),
    "custom-error": lambda schema, names: ["told", node(schema["schema"], names)],
    "list": lambda schema, names: ["list", node(schema["items_schema"], names)],
    "dict": lambda schema, names: ["map", *(node(schema[f"{part}_schema"], names) for part in ("keys", "values"))],
    "union": lambda schema, names: ["either", *(node(item, names) for item in schema["choices"])],
    "definition-ref": lambda schema, names: ["shared", names[schema["schema_ref"]]],
    "function-after": call_node,
    "typed-dict": mapping_node,
    "model": model_node,
}
"""The types of schemas that are understood."""

if __name__ == "__main__":
    sys.exit(main())
