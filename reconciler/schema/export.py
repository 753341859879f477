"""Every JSON Schema of the project as text. In: the kinds. Out: file names with their content, always the same."""

import json
from typing import Any

from reconciler.kinds import Kinds, kinds
from reconciler.model.project import Project
from reconciler.model.project_fields import model_of
from reconciler.schema.forms import DIALECT, declared, inventory_schema, kind_schema
from reconciler.schema.outputs import drift_schema, plan_schema, validate_schema
from reconciler.schema.tidy import tidied


def export_schemas(known: Kinds | None = None) -> dict[str, str]:
    """`wlan.schema.json`, ..., `inventory.schema.json`, `project.schema.json`, `plan.schema.json` and their texts; of
    `known`, or of all kinds."""
    known = known or kinds()
    found: dict[str, Any] = {f"{kind.name}.schema.json": kind_schema(kind, known) for kind in declared(known)}
    found["inventory.schema.json"] = inventory_schema(known)
    found["project.schema.json"] = {"$schema": DIALECT, "title": "reconciler.yaml", **_project()}
    found["plan.schema.json"] = plan_schema()
    found["drift.schema.json"] = drift_schema()
    found["validate.schema.json"] = validate_schema()
    return {name: json.dumps(schema, indent=1, ensure_ascii=True) + "\n" for name, schema in sorted(found.items())}


def _project() -> dict[str, Any]:
    schema: dict[str, Any] = tidied(model_of(Project).model_json_schema())
    return schema
