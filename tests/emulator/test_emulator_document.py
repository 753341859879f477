"""The emulator against the vendor's OpenAPI document: no route of its own, answers of the right shape."""

from __future__ import annotations

import ast
import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from reconciler.emulator import Emulator
from reconciler.emulator.handlers import build_handlers
from reconciler.emulator.routes import load_routes
from tests.emulator.cases import PLACE, body_for
from tests.emulator.support import DOCUMENT, GROUP, ORG, ROOT, SITE, ok

ROUTES = load_routes()
HANDLED = sorted(build_handlers(ROUTES))


def test_every_route_that_is_answered_is_in_the_document(document: dict[str, Any]) -> None:
    unknown = [
        (m, p)
        for m, p in HANDLED
        if m.lower() not in document["paths"].get(p, {}) and not ROUTES.routes[p].methods[m].source
    ]
    assert unknown == []
    assert len(HANDLED) > 250


def test_the_routes_and_facts_are_what_the_tool_makes_of_the_document(document: dict[str, Any], tmp_path: Path) -> None:
    tool = [sys.executable, str(ROOT / "tools" / "make_routes.py"), str(DOCUMENT), str(tmp_path)]
    subprocess.run(tool, check=True)
    for name in ("routes.json", "facts.json"):
        kept = (ROOT / "reconciler" / "emulator" / name).read_text("utf-8")
        assert (tmp_path / name).read_text("utf-8") == kept, f"{name} is out of date: run tools/make_routes.py"


def test_the_facts_hold_no_sentences() -> None:
    text = (ROOT / "reconciler" / "emulator" / "facts.json").read_text("utf-8")
    values: list[str] = []

    def walk(node: Any) -> None:
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        for child in children:
            if isinstance(child, str):
                values.append(child)
            walk(child)

    walk(json.loads(text))
    # Defaults and enums are short; the longest is the text of a message that a guest gets.
    assert max(map(len, values)) < 60


# Sizes are for what is written: the document's own defaults break them ("" where 8 characters are the least).
LEFT_OUT = frozenset({"nullable", "uniqueItems", "minItems", "minLength", "format"})


def convert(node: Any) -> Any:
    """The document's schemas as JSON Schema: `nullable` becomes a type, formats and sizes are left out."""
    if isinstance(node, list):
        return [convert(item) for item in node]
    if not isinstance(node, dict):
        return node
    done = {k: convert(v) for k, v in node.items() if k not in LEFT_OUT}
    if node.get("nullable") is True:
        done = {"anyOf": [done, {"type": "null"}]}
    return done


@pytest.fixture(scope="module")
def shapes(document: dict[str, Any]) -> Any:
    schemas = {k: convert(v) for k, v in copy.deepcopy(document["components"]["schemas"]).items()}
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": schemas}}
    registry: Registry[Any] = Registry().with_resource("urn:mist", Resource.from_contents(root))

    def check(method: str, path: str, answer: Any) -> None:
        operation = document["paths"][path][method.lower()]
        response = operation["responses"]["200"]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        schema = convert(response.get("content", {}).get("application/json", {}).get("schema"))
        if schema is None:
            return
        text = json.dumps(schema).replace('"#/components', '"urn:mist#/components')
        jsonschema.Draft202012Validator(json.loads(text), registry=registry).validate(answer)

    return check


# Where the document contradicts itself or how it is read in practice.
MISFITS = {
    "GET /api/v1/sites/{site_id}/rssizones/{rssizone_id}": "the item's answer is typed as an array",
}


@pytest.mark.parametrize("key", [k for k, c in ROUTES.collections.items() if "C" in c.ops])
def test_answers_on_a_collection_have_the_shape_of_the_document(key: str, shapes: Any, emulator: Emulator) -> None:
    collection = ROUTES.collections[key]
    path = f"{PLACE[collection.scope]}/{collection.name}"
    made = ok(emulator.call("POST", path, body=body_for(collection.name)))
    answers = {("POST", collection.path): made}
    if "L" in collection.ops:
        answers["GET", collection.path] = ok(emulator.call("GET", path))
    answers["GET", collection.item_path] = ok(emulator.call("GET", f"{path}/{made['id']}"))
    answers["PUT", collection.item_path] = ok(emulator.call("PUT", f"{path}/{made['id']}", body={"name": "two"}))
    for (method, route), answer in answers.items():
        if f"{method} {route}" not in MISFITS:
            shapes(method, route, answer)


@pytest.fixture
def lived_in(emulator: Emulator) -> Emulator:
    template = ok(emulator.call("POST", f"orgs/{ORG}/templates", body={"name": "t", "applies": {"org_id": ORG}}))
    wlan = {"ssid": "a", "template_id": template["id"], "vlan_id": 10, "auth": {"type": "eap"}}
    ok(emulator.call("POST", f"orgs/{ORG}/wlans", body=wlan))
    network = ok(
        emulator.call("POST", f"orgs/{ORG}/networktemplates", body={"name": "n", "networks": {"a": {"vlan_id": 1}}})
    )
    ok(emulator.call("PUT", f"sites/{SITE}", body={"networktemplate_id": network["id"], "country_code": "FR"}))
    ok(emulator.call("PUT", f"sites/{SITE}/setting", body={"vars": {"a": "1"}, "auto_upgrade": {"enabled": True}}))
    hook = ok(
        emulator.call("POST", f"orgs/{ORG}/webhooks", body={"name": "w", "url": "https://x", "topics": ["audits"]})
    )
    emulator.call("POST", f"orgs/{ORG}/webhooks/{hook['id']}/ping")
    ok(emulator.call("POST", f"orgs/{ORG}/inventory", body=["A" * 15]))
    mac = ok(emulator.call("GET", f"orgs/{ORG}/inventory"))[0]["mac"]
    ok(emulator.call("PUT", f"orgs/{ORG}/inventory", body={"op": "assign", "macs": [mac], "site_id": SITE}))
    return emulator


SINGLE = [
    "/api/v1/self",
    "/api/v1/self/usage",
    "/api/v1/const/webhook_topics",
    "/api/v1/orgs/{org_id}",
    "/api/v1/orgs/{org_id}/setting",
    "/api/v1/orgs/{org_id}/sites",
    "/api/v1/orgs/{org_id}/sitegroups/{sitegroup_id}",
    "/api/v1/orgs/{org_id}/devices",
    "/api/v1/orgs/{org_id}/inventory",
    "/api/v1/orgs/{org_id}/logs",
    "/api/v1/orgs/{org_id}/logs/count",
    "/api/v1/orgs/{org_id}/sites/search",
    "/api/v1/orgs/{org_id}/vars/search",
    "/api/v1/orgs/{org_id}/usermacs/search",
    "/api/v1/sites/{site_id}",
    "/api/v1/sites/{site_id}/setting",
    "/api/v1/sites/{site_id}/devices",
    "/api/v1/sites/{site_id}/wlans/derived",
    "/api/v1/sites/{site_id}/wxrules/derived",
    "/api/v1/sites/{site_id}/networktemplates/derived",
    "/api/v1/sites/{site_id}/networks/derived",
]


@pytest.mark.parametrize("route", SINGLE)
def test_other_answers_have_the_shape_of_the_document(route: str, shapes: Any, lived_in: Emulator) -> None:
    path = route.format(org_id=ORG, site_id=SITE, sitegroup_id=GROUP)
    shapes("GET", route, ok(lived_in.call("GET", path)))


@pytest.mark.parametrize("route", ["events/search", "events/count"])
def test_deliveries_have_the_shape_of_the_document(route: str, shapes: Any, lived_in: Emulator) -> None:
    hook = ok(lived_in.call("GET", f"orgs/{ORG}/webhooks"))[0]["id"]
    full = f"/api/v1/orgs/{{org_id}}/webhooks/{{webhook_id}}/{route}"
    shapes("GET", full, ok(lived_in.call("GET", full.format(org_id=ORG, webhook_id=hook))))


SOURCES = sorted((ROOT / "reconciler" / "emulator").glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_the_emulator_imports_nothing_else_of_this_project(source: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    ours = {n for n in names if n.split(".")[0] == "reconciler"}
    assert all(n.startswith("reconciler.emulator") for n in ours)
    assert len(source.read_text("utf-8").splitlines()) < 400


def test_the_core_loads_neither_requests_nor_a_web_server() -> None:
    code = (
        "import sys, reconciler.emulator as e; e.Emulator(); "
        "print([m for m in ('requests', 'werkzeug', 'http.server', 'ruamel.yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"


def test_the_package_has_no_other_names() -> None:
    import reconciler.emulator as package

    with pytest.raises(AttributeError):
        _ = package.Reconciler
