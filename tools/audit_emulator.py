"""Compare the emulator with the vendor's OpenAPI document: its routes, its facts, the shape of what it answers.

In:  the path of the document (JSON), of the version that routes.json names.
Out: one line for each difference; exit 1 if there is one.

    python tools/audit_emulator.py path/to/openapi.json
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource

sys.path.insert(0, str(Path(__file__).parent.parent))

from reconciler.emulator import Emulator
from reconciler.emulator.handlers import build_handlers
from reconciler.emulator.routes import load_routes
from tests.emulator.cases import PLACE, body_for
from tests.emulator.support import GROUP, ORG, ROOT, SITE, ok, organisation

Json = dict[str, Any]
Check = Callable[[str, str, Any], str]
ROUTES = load_routes()
# Sizes are for what is written: the document's own defaults break them ("" where 8 characters are the least).
LEFT_OUT = frozenset({"nullable", "uniqueItems", "minItems", "minLength", "format"})
# Where the document contradicts itself or how it is read in practice.
MISFITS = frozenset({"GET /api/v1/sites/{site_id}/rssizones/{rssizone_id}"})
SINGLE = (
    "self",
    "self/usage",
    "orgs/{org_id}",
    "orgs/{org_id}/admins",
    "orgs/{org_id}/devices",
    "orgs/{org_id}/devices/versions",
    "orgs/{org_id}/events/system/search",
    "orgs/{org_id}/guests",
    "orgs/{org_id}/inventory",
    "orgs/{org_id}/logs",
    "orgs/{org_id}/logs/count",
    "orgs/{org_id}/setting",
    "orgs/{org_id}/sitegroups/{sitegroup_id}",
    "orgs/{org_id}/sites",
    "orgs/{org_id}/sites/count",
    "orgs/{org_id}/sites/search",
    "orgs/{org_id}/usermacs/search",
    "orgs/{org_id}/vars/search",
    "orgs/{org_id}/webhooks/{webhook_id}/events/count",
    "orgs/{org_id}/webhooks/{webhook_id}/events/search",
    "sites/{site_id}",
    "sites/{site_id}/devices",
    "sites/{site_id}/networks/derived",
    "sites/{site_id}/networktemplates/derived",
    "sites/{site_id}/setting",
    "sites/{site_id}/wlans/derived",
    "sites/{site_id}/wxrules/derived",
    *sorted(path.removeprefix("/api/v1/") for path in ROUTES.routes if "/const/" in path),
)


def converted(node: Any) -> Any:
    """The document's schemas as JSON Schema: `nullable` becomes a type, formats and sizes are left out."""
    if isinstance(node, list):
        return [converted(item) for item in node]
    if not isinstance(node, dict):
        return node
    done = {k: converted(v) for k, v in node.items() if k not in LEFT_OUT}
    return {"anyOf": [done, {"type": "null"}]} if node.get("nullable") is True else done


def checker(document: Json) -> Check:
    """A function from method, route and answer to what is wrong with its shape."""
    schemas = {k: converted(v) for k, v in copy.deepcopy(document["components"]["schemas"]).items()}
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": schemas}}
    registry: Registry[Any] = Registry().with_resource("urn:mist", Resource.from_contents(root))

    def check(method: str, path: str, answer: Any) -> str:
        response = document["paths"][path][method.lower()]["responses"]["200"]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        schema = converted(response.get("content", {}).get("application/json", {}).get("schema"))
        if schema is None or f"{method} {path}" in MISFITS:
            return ""
        text = json.dumps(schema).replace('"#/components', '"urn:mist#/components')
        try:
            jsonschema.Draft202012Validator(json.loads(text), registry=registry).validate(answer)
        except jsonschema.ValidationError as error:
            return f"{method} {path}: {error.json_path}: {error.message[:200]}"
        return ""

    return check


def routes_and_facts(document: Json, source: Path) -> Iterator[str]:
    for method, path in sorted(build_handlers(ROUTES)):
        if method.lower() not in document["paths"].get(path, {}) and not ROUTES.routes[path].methods[method].source:
            yield f"{method} {path}: the document has no such route"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(ROOT / "tools" / "make_routes.py"), str(source), folder], check=True)
        for name in ("routes.json", "facts.json"):
            if (Path(folder) / name).read_text("utf-8") != (ROOT / "reconciler/emulator" / name).read_text("utf-8"):
                yield f"{name} is out of date: run tools/make_routes.py"


def collections(check: Check) -> Iterator[str]:
    for collection in ROUTES.collections.values():
        if "C" not in collection.ops:
            continue
        emulator = Emulator(data=organisation())
        path = f"{PLACE[collection.scope]}/{collection.name}"
        made = ok(emulator.call("POST", path, body=body_for(collection.name)))
        yield check("POST", collection.path, made)
        if "L" in collection.ops:
            yield check("GET", collection.path, ok(emulator.call("GET", path)))
        yield check("GET", collection.item_path, ok(emulator.call("GET", f"{path}/{made['id']}")))
        yield check("PUT", collection.item_path, ok(emulator.call("PUT", f"{path}/{made['id']}", body={"name": "two"})))


def lived_in() -> tuple[Emulator, str]:
    """An organisation with something of everything, and the id of its webhook."""
    emulator = Emulator(data=organisation())

    def made(path: str, body: Any, method: str = "POST") -> Any:
        return ok(emulator.call(method, path, body=body))

    template = made(f"orgs/{ORG}/templates", {"name": "t", "applies": {"org_id": ORG}})["id"]
    made(f"orgs/{ORG}/wlans", {"ssid": "a", "template_id": template, "vlan_id": 10, "auth": {"type": "eap"}})
    network = made(f"orgs/{ORG}/networktemplates", {"name": "n", "networks": {"a": {"vlan_id": 1}}})["id"]
    made(f"sites/{SITE}", {"networktemplate_id": network, "country_code": "FR"}, "PUT")
    made(f"sites/{SITE}/setting", {"vars": {"a": "1"}, "auto_upgrade": {"enabled": True}}, "PUT")
    hook = made(f"orgs/{ORG}/webhooks", {"name": "w", "url": "https://x", "topics": ["audits"]})["id"]
    emulator.call("POST", f"orgs/{ORG}/webhooks/{hook}/ping")
    made(f"orgs/{ORG}/inventory", ["A" * 15])
    mac = ok(emulator.call("GET", f"orgs/{ORG}/inventory"))[0]["mac"]
    made(f"orgs/{ORG}/inventory", {"op": "assign", "macs": [mac], "site_id": SITE}, "PUT")
    made(f"orgs/{ORG}/guests/5c5b35000001", {"wlan_id": "w"}, "PUT")
    emulator.outbox.wait()
    return emulator, str(hook)


def others(check: Check) -> Iterator[str]:
    emulator, hook = lived_in()
    for route in SINGLE:
        path = route.format(org_id=ORG, site_id=SITE, sitegroup_id=GROUP, webhook_id=hook)
        yield check("GET", f"/api/v1/{route}", ok(emulator.call("GET", path)))


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: audit_emulator.py OPENAPI_JSON", file=sys.stderr)
        return 64
    source = Path(arguments[0])
    document: Json = json.loads(source.read_text("utf-8"))
    check = checker(document)
    found = [*routes_and_facts(document, source), *collections(check), *others(check)]
    wrong = [line for line in found if line]
    print("\n".join(wrong) or f"{len(found)} answers as the document has them")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
