"""Make the emulator's facts from the vendor's OpenAPI document.

In:  the path of the document (JSON), and optionally the folder to write to.
Out: `routes.json` (paths, methods, query parameter names, paging, response shape, and which collections are
     plain configuration collections) and `facts.json` (types, defaults, enums, required, read-only and nullable
     fields of what those collections hold).  Names, types and values only: no sentence of the document is kept.

    python tools/make_routes.py path/to/openapi.json [reconciler/emulator]

A node of `facts.json` is a type name ("string"), a reference to another entry ("#wlan_auth"), or a mapping with
`t` type or list of types, `d` default, `e` enum, `n` nullable, `r` read-only, `f` format (uuid only), `items`,
`fields`, `required`, `map` (the node of a map's values) and `by`/`of` (variants told apart by the value of one field).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "delete")
SCOPED = re.compile(r"^/api/v1/(orgs/\{org_id\}|sites/\{site_id\})/([a-z_0-9]+)$")
# Collections with the right verbs that hold no configuration: recordings, invitations, sessions.
NOT_CONFIGURATION = frozenset({"rfdiags", "sdkinvites", "marvisinvites", "subscriptions", "uisettings"})
# Configuration collections that lack one of the verbs: no POST, no DELETE or no list.
ADDED = (
    ("sites", "devices"),
    ("sites", "mxedges"),
    ("orgs", "usermacs"),
)
# Routes that the document lacks and another source of the vendor's has: path, methods, query parameters, source.
ADDED_ROUTES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("/api/v1/sites/{site_id}/devices/{device_id}/image/{image_number}", ("POST", "DELETE"), (), "provider"),
    ("/api/v1/sites/{site_id}/devices/{device_id}/ha", ("PUT",), (), "site page"),
    ("/api/v1/sites/{site_id}/psks", ("DELETE",), ("name", "ssid"), "site page"),
)
SINGLETONS = ("/api/v1/orgs/{org_id}/setting", "/api/v1/sites/{site_id}/setting", "/api/v1/orgs/{org_id}")


class Document:
    """The OpenAPI document with its local references followed."""

    def __init__(self, document: Json) -> None:
        self.paths: Json = document["paths"]
        self.schemas: Json = document["components"]["schemas"]
        self.version: str = document["info"]["version"]
        self._root = document

    def follow(self, node: Json) -> Json:
        while "$ref" in node:
            target: Any = self._root
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def json_schema(self, holder: Json | None) -> Json | None:
        """The schema node of a request body or of a response, when it is JSON."""
        if not holder:
            return None
        content = self.follow(holder).get("content", {}).get("application/json", {})
        schema: Json | None = content.get("schema")
        return schema

    def query_names(self, *operations: Json) -> list[str]:
        parameters = [self.follow(p) for o in operations for p in o.get("parameters", [])]
        return sorted({p["name"] for p in parameters if p["in"] == "query"})

    def shape(self, operation: Json) -> str:
        found = self.json_schema(operation.get("responses", {}).get("200"))
        if found is None:
            return "none"
        schema = self.follow(found)
        if schema.get("type") == "array":
            return "array"
        return "results" if "results" in schema.get("properties", {}) else "object"


def routes_of(document: Document) -> Json:
    routes: Json = {}
    for path, item in sorted(document.paths.items()):
        methods: Json = {}
        for method in METHODS:
            if method not in item:
                continue
            query = document.query_names(item, item[method])
            facts: Json = {"shape": document.shape(item[method])}
            if query:
                facts["query"] = query
            if "limit" in query and "page" in query:
                facts["paged"] = True
            methods[method.upper()] = facts
        routes[path] = methods
    for path, names, query, source in ADDED_ROUTES:
        for name in names:
            added: Json = {"shape": "none", "source": source}
            routes.setdefault(path, {})[name] = added | ({"query": list(query)} if query else {})
    return dict(sorted(routes.items()))


def schema_name(document: Document, node: Json | None) -> str | None:
    if node is None:
        return None
    name: str | None = node["$ref"].rsplit("/", 1)[1] if "$ref" in node else None
    while name and "$ref" in document.schemas[name]:
        name = document.schemas[name]["$ref"].rsplit("/", 1)[1]
    return name


def collections_of(document: Document) -> Iterator[tuple[str, Json]]:
    """`orgs/wlans` -> what it holds, how an item is addressed and which verbs there are."""
    for path, item in sorted(document.paths.items()):
        found = SCOPED.match(path)
        if not found:
            continue
        scope, name = found[1].split("/")[0], found[2]
        item_paths = [p for p in document.paths if re.fullmatch(re.escape(path) + r"/\{[a-z_]+\}", p)]
        if not item_paths or name in NOT_CONFIGURATION:
            continue
        verbs = document.paths[item_paths[0]]
        plain = "post" in item and {"get", "put", "delete"} <= set(verbs)
        if not plain and (scope, name) not in ADDED:
            continue
        body = item.get("post", {}).get("requestBody") or verbs["put"].get("requestBody")
        operations = [("L", "get" in item), ("C", "post" in item)]
        operations += [("G", "get" in verbs), ("U", "put" in verbs), ("D", "delete" in verbs)]
        yield (
            f"{scope}/{name}",
            {
                "item": item_paths[0].rsplit("/", 1)[1].strip("{}"),
                "ops": "".join(letter for letter, there in operations if there),
                "schema": schema_name(document, document.json_schema(body)),
            },
        )


class Facts:
    """Collects the entries reachable from the schemas that the emulator stores."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.entries: Json = {}

    def add(self, name: str) -> None:
        if name not in self.entries:
            self.entries[name] = None
            self.entries[name] = self._node(self._document.schemas[name])

    def _node(self, schema: Json) -> Any:
        if "$ref" in schema:
            name = schema_name(self._document, schema)
            assert name is not None
            target = self._document.schemas[name]
            if "properties" in target or self._is_variants(target):
                self.add(name)
                return f"#{name}"
            schema = target
        node = self._choice(schema) if self._alternatives(schema) else self._plain(schema)
        return node["t"] if list(node) == ["t"] else node

    def _alternatives(self, schema: Json) -> list[Json]:
        return schema.get("oneOf") or schema.get("anyOf") or []

    def _is_variants(self, schema: Json) -> bool:
        targets = [self._document.follow(s) for s in self._alternatives(schema)]
        return bool(targets) and all("type" in t.get("properties", {}) for t in targets)

    def _choice(self, schema: Json) -> Json:
        if self._is_variants(schema):
            variants: Json = {}
            for alternative in self._alternatives(schema):
                name = schema_name(self._document, alternative)
                assert name is not None
                self.add(name)
                kind = self._document.follow(self._document.schemas[name]["properties"]["type"])
                value = (kind.get("enum") or [kind.get("default")])[0] or name.rsplit("_", 1)[1]
                variants[value if value not in variants else name.rsplit("_", 1)[1]] = f"#{name}"
            return {"t": "variants", "by": "type", "of": variants}
        types: list[str] = []
        node: Json = {"t": types, **self._marks(schema)}
        for alternative in self._alternatives(schema):
            part = self._node(alternative)
            kinds = part["t"] if isinstance(part, dict) else part
            types += [t for t in ([kinds] if isinstance(kinds, str) else kinds) if t not in types]
            if isinstance(part, dict) and "items" in part:
                node["items"] = part["items"]
        return node

    def _marks(self, schema: Json) -> Json:
        marks: Json = {}
        if "default" in schema and schema["default"] is not None:
            marks["d"] = schema["default"]
        if "enum" in schema:
            marks["e"] = schema["enum"]
        if schema.get("nullable"):
            marks["n"] = True
        if schema.get("readOnly"):
            marks["r"] = True
        if schema.get("format") == "uuid":
            marks["f"] = "uuid"
        return marks

    def _plain(self, schema: Json) -> Json:
        node: Json = {"t": schema.get("type", "any"), **self._marks(schema)}
        if isinstance(node["t"], list):
            node["n"] = node.get("n", False) or "null" in node["t"]
            node["t"] = [t for t in node["t"] if t != "null"]
        if "items" in schema:
            node["items"] = self._node(schema["items"])
        if "properties" in schema:
            node["t"] = "object"
            node["fields"] = {k: self._node(v) for k, v in sorted(schema["properties"].items())}
            read_only = {k for k, v in schema["properties"].items() if self._document.follow(v).get("readOnly")}
            required = [k for k in schema.get("required", []) if k not in read_only]
            if required:
                node["required"] = sorted(required)
        if isinstance(schema.get("additionalProperties"), dict):
            node["map"] = self._node(schema["additionalProperties"])
        return node


def lines(mapping: Json) -> str:
    """One entry a line, so that a change reads well in a diff and the file stays compact."""
    rows = (f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in mapping.items())
    return "{\n" + ",\n".join(rows) + "\n}"


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print("usage: make_routes.py OPENAPI_JSON [FOLDER]", file=sys.stderr)
        return 64
    document = Document(json.loads(Path(arguments[0]).read_text("utf-8")))
    folder = Path(arguments[1] if len(arguments) == 2 else "reconciler/emulator")
    collections = dict(collections_of(document))
    singletons: Json = {}
    for path in SINGLETONS:
        body = document.json_schema(document.paths[path]["put"]["requestBody"])
        singletons[path] = schema_name(document, body)
    facts = Facts(document)
    roots = [c["schema"] for c in collections.values()] + list(singletons.values())
    for name in sorted({*roots, "site", "webhook"}):
        facts.add(name)
    parts = {
        "version": json.dumps(document.version),
        "collections": lines(collections),
        "singletons": lines(singletons),
        "routes": lines(routes_of(document)),
    }
    text = "{" + ",\n".join(f"{json.dumps(k)}: {v}" for k, v in parts.items()) + "}\n"
    (folder / "routes.json").write_text(text, "utf-8")
    (folder / "facts.json").write_text(lines(dict(sorted(facts.entries.items()))) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
