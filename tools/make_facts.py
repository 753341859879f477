"""Writes the facts that models are made of and checked against: names, types, enums, bounds, defaults, no sentences.

    python tools/make_facts.py OPENAPI_FILE [--check]

In: the vendor's OpenAPI document. Out: `reconciler/schema/facts.json`, in the document's own form: the schemas that
`models.yaml` and the kinds' entries name, with all that these refer to, the paths of all routes, and of
`other_sources.yaml` what the vendor's other sources take, each with its source. So
`tools/make_models.py` and `reconciler schema audit` run in every clone; the document itself is needed only here.
`--check` writes nothing and fails when the file would change.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from reconciler.kinds import kinds

HERE = Path(__file__).parent
FACTS = HERE.parent / "reconciler" / "schema" / "facts.json"
OTHERS = HERE / "other_sources.yaml"
KEPT = frozenset(
    {"$ref", "additionalProperties", "allOf", "anyOf", "items", "oneOf", "properties", "required"}
    | {"default", "enum", "format", "nullable", "pattern", "readOnly", "type", "writeOnly"}
    | {"exclusiveMaximum", "exclusiveMinimum", "maxItems", "maxLength", "maximum"}
    | {"minItems", "minLength", "minimum", "uniqueItems"}
)
"""What of a schema is a fact and not a sentence."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("openapi", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    document = json.loads(options.openapi.read_text("utf-8"))
    text = facts_of(document)
    if not options.check:
        FACTS.write_text(text, "utf-8")
    elif FACTS.read_text("utf-8") != text:
        print(f"{FACTS} is not current")
        return 1
    return 0


def facts_of(document: dict[str, Any]) -> str:
    """The facts as JSON text, a line for each schema and path, so that a change of the document reads as one."""
    schemas = document["components"]["schemas"]
    named = {
        name
        for part in yaml.safe_load((HERE / "models.yaml").read_text("utf-8"))["files"].values()
        for name in part["schemas"]
    } | {kind.schema for kind in kinds() if kind.schema}
    found: dict[str, Any] = {}
    waiting = sorted(name for name in named if name in schemas)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = stripped(schemas[name])
            waiting += sorted(set(references(found[name])) & schemas.keys())
    rows = ",\n".join(f"  {json.dumps(name)}: {compact(found[name])}" for name in sorted(found))
    paths = ",\n".join(f"  {json.dumps(path)}: {{}}" for path in sorted(document["paths"]))
    return f'{{"components": {{"schemas": {{\n{rows}\n}}}},\n"paths": {{\n{paths}\n}},\n{sources()}}}\n'


def sources() -> str:
    """What stands above is the document's; below are the facts of the vendor's other sources, a line for each path."""
    table = yaml.safe_load(OTHERS.read_text("utf-8"))
    lines = {path: {"source": row} if isinstance(row, str) else row for path, row in table.items()}
    rows = ",\n".join(f"  {json.dumps(path)}: {compact(lines[path])}" for path in sorted(lines))
    return f'"source": "document",\n"sources": {{\n{rows}\n}}'


def stripped(schema: Any, *, names: bool = False) -> Any:
    """A schema without its sentences and examples; with `names`, its keys are names of fields."""
    if isinstance(schema, list):
        return [stripped(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if names:
        return {key: stripped(value) for key, value in schema.items()}
    kept = {key: value for key, value in schema.items() if key in KEPT}
    return {
        key: value if key in ("default", "enum", "required") else stripped(value, names=key == "properties")
        for key, value in sorted(kept.items())
    }


def references(schema: Any) -> Iterator[str]:
    """The names of all schemas that one refers to."""
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        if isinstance(value, str) and value.startswith("#/components/schemas/"):
            yield value.rpartition("/")[2]
        yield from references(value)


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
