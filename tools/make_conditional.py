"""Write the conditional rules of the vendor's Terraform provider as data that the kinds' checks read.

    python tools/make_conditional.py CONDITIONAL_RULES_FILE OPENAPI_FILE

In: a line for each rule, `resource: path  Verb  field = value`, and the vendor's OpenAPI document, whose description of
a field confirms a rule when it names the condition. Out: `reconciler/kinds/shared/conditional.json`: by kind, rows
`[verb, place, field, condition's field, its values, confirmed]`, and on stdout how many of each sort. Rules of
resources that are no kind yet stand under the resource's name; what a row can't say is counted.
"""

import json
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from reconciler.kinds import kinds
from reconciler.schema.normal import Node, node

HERE = Path(__file__).parent
OUT = HERE.parent / "reconciler" / "kinds" / "shared" / "conditional.json"
KINDS = {
    "device_ap": "ap",
    "device_gateway": "gateway",
    "device_switch": "switch",
    "org_deviceprofile_ap": "deviceprofile_ap",
    "org_deviceprofile_gateway": "deviceprofile_gateway",
    "org_deviceprofile_switch": "deviceprofile_switch",
    "org_gatewaytemplate": "gatewaytemplate",
    "org_mxedge": "mxedge",
    "org_nacidp": "sso",
    "org_nactag": "nactag",
    "org_networktemplate": "networktemplate",
    "org_psk": "psk",
    "org_service": "service",
    "org_setting": "organisation_setting",
    "org_sso_role": "ssorole",
    "org_webhook": "webhook",
    "org_wlan": "wlan",
    "org_wxtag": "wxtag",
    "site_networktemplate": "setting",
    "site_psk": "psk",
    "site_setting": "setting",
    "site_webhook": "webhook",
    "site_wlan": "wlan",
    "site_wxtag": "wxtag",
}
ROW = re.compile(r"(\w+): (\S+)\s+(\w+)\s+(\S+) = ?(.*)")
# Names that only the provider has, and the API's.
RENAMED = {"dhcpd_config.config": "dhcpd_config"}
IGNORED = {"AllowedWhenValueIs", "AllowedWhenValueIsIn", "AllowedWhenValueIsWithDefault", "CanOnlyBeTrueWhenValueIs"}
IGNORED |= {"AllowedWhenValueIsInWithDefault"}
USELESS = {"ForbiddenWhenValueIs", "ForbiddenWhenValueIsWithDefault", "CannotBeTrueWhenValueIs"}
VERBS = {
    **dict.fromkeys(IGNORED, "only"),
    **dict.fromkeys(USELESS, "never"),
    "RequiredWhenValueIs": "needs",
    "RequiredWhenValueIsNotNull": "needs",
    "RequiredWhenValueIsNull": "or",
    "AllowedWhenValueIsNull": "never",
    "AtLeastNOf": "any",
    "AtMostNOf": "one",
}


def main() -> int:
    rules, document = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8"))
    found: dict[str, dict[str, list[Any]]] = {}
    count: Counter[str] = Counter()
    for line in rules.read_text("utf-8").splitlines():
        resource, path, verb, field, value = ROW.fullmatch(line.strip()).groups()  # type: ignore[union-attr]
        row = row_of(resource, path, verb, field, value, document)
        if row is None:
            reason = "the model has no such field, or the field has a default" if verb in VERBS else verb
            count[f"not carried: {reason}"] += 1
            continue
        kind = KINDS.get(resource, resource)
        told = "confirmed by the document" if row[-1] else "of the provider alone"
        count[f"{told}, {'of a kind' if resource in KINDS else 'of no kind yet'}"] += 1
        found.setdefault(kind, {})[json.dumps(row[:-1])] = row
    rows = {kind: list(found[kind].values()) for kind in sorted(found)}
    lines = [f"{json.dumps(kind)}: [\n" + ",\n".join(map(json.dumps, rows[kind])) + "\n]" for kind in rows]
    OUT.write_text("{" + ",\n".join(lines) + "}\n", "utf-8")
    for name, number in sorted(count.items()):
        print(f"{number:5} {name}")
    return 0


def row_of(resource: str, path: str, verb: str, field: str, value: str, document: Any) -> list[Any] | None:
    """A rule as a row; None where it can't be said, or where the kind has no such field."""
    for old, new in RENAMED.items():
        path = new + path.removeprefix(old) if path.startswith(f"{old}.") else path
    if verb not in VERBS:
        return None
    values = json.loads(f"[{value}]") if value else []
    if verb.endswith("WithDefault") and len(values) > 1:
        values = values[:-1]  # the last one is the provider's default of the field itself
    several = field.split(".") if verb in ("AtLeastNOf", "AtMostNOf") else []
    whole = f"{path}.{several[0]}" if several else path
    place = place_of(KINDS.get(resource), whole)
    if place is None:
        return None
    at, name = place.rpartition(".")[::2]
    other = several[1:] if several else field
    told = described(KINDS.get(resource), place, document)
    if VERBS[verb] in ("needs", "or", "any") and told.get("default") not in (None, ""):
        return None  # what has a default is there without being written
    return [VERBS[verb], at, name, other, values, confirmed(told, field, values)]


@cache
def schema_of(kind: str) -> Any:
    model = kinds()[kind].model
    return model.model_json_schema(by_alias=True) if model else {}


def place_of(kind: str | None, path: str) -> str | None:
    """The path with `*` for keys of maps and `[]` for elements, as the kind's model has them."""
    if kind is None:
        return path
    schema = schema_of(kind)
    part, steps = node(schema, schema.get("$defs", {})), []
    for name in path.split("."):
        part = inner(part, steps)
        if name not in part.fields:
            return None
        steps.append(name)
        part = part.fields[name]()
    return ".".join(steps)


def inner(part: Node, steps: list[str]) -> Node:
    """The object in a list or map of objects; the steps to it are added."""
    while not part.fields and (part.items or part.values):
        steps.append("[]" if part.items else "*")
        part = (part.items or part.values)()  # type: ignore[misc]
    return part


def described(kind: str | None, place: str, document: Any) -> Any:
    """What the document says of a field: its own schema and the one that it refers to, as one."""
    name = kinds()[kind].schema if kind else None
    schemas = document["components"]["schemas"]
    part = schemas.get(name) if name else None
    for step in place.split("."):
        part = followed(part, schemas)
        below = {"[]": part.get("items"), "*": part.get("additionalProperties")}
        part = below[step] if step in below else part.get("properties", {}).get(step)
        if not isinstance(part, dict):
            return {}
    target = followed(part, schemas)
    return {**target, "description": " ".join((part.get("description", ""), target.get("description", "")))}


def confirmed(told: Any, field: str, values: list[Any]) -> bool:
    """Whether the document's own description of the field names the condition."""
    text = told.get("description", "")
    words = [str(value).lower() for value in values if value is not True]
    return bool(
        re.search(r"\b(if|when|only|required)\b", text, re.IGNORECASE)
        and re.search(rf"\b{re.escape(field)}\b", text)
        and all(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)
    )


def followed(part: Any, schemas: Any) -> Any:
    while isinstance(part, dict) and "$ref" in part:
        part = {**schemas[part["$ref"].rpartition("/")[2]], **{k: v for k, v in part.items() if k != "$ref"}}
    return part or {}


if __name__ == "__main__":
    sys.exit(main())
