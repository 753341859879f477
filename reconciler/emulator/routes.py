"""The routes of the vendor's OpenAPI document: which path and method exist, and what they answer.

In: `routes.json` (made by tools/make_routes.py).  Out: a frozen table with a matcher.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

PREFIX = "/api/v1/"


@dataclass(frozen=True)
class Operation:
    """One method of one path: query parameter names, shape of the answer, whether the list is paged."""

    query: frozenset[str]
    shape: str
    paged: bool


@dataclass(frozen=True)
class Route:
    path: str
    methods: Mapping[str, Operation]


@dataclass(frozen=True)
class Collection:
    """A configuration collection: `orgs` or `sites`, its name, its verbs (LCGUD) and its schema's name."""

    scope: str
    name: str
    item: str
    ops: str
    schema: str

    @property
    def path(self) -> str:
        return f"{PREFIX}{self.scope}/{{{self.scope[:-1]}_id}}/{self.name}"

    @property
    def item_path(self) -> str:
        return f"{self.path}/{{{self.item}}}"


@dataclass(frozen=True)
class Routes:
    routes: Mapping[str, Route]
    collections: Mapping[str, Collection]
    singletons: Mapping[str, str]
    tree: Mapping[str, Any]

    def match(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a concrete path and the values of its parameters; literal segments win."""
        found = _walk(self.tree, path.strip("/").split("/"), 0, [])
        if found is None:
            return None
        route, values = found
        names = [s[1:-1] for s in route.path.split("/") if s.startswith("{")]
        return route, dict(zip(names, values, strict=True))


def _walk(tree: Mapping[str, Any], segments: list[str], at: int, values: list[str]) -> tuple[Route, list[str]] | None:
    if at == len(segments):
        route = tree.get("")
        return (route, values) if isinstance(route, Route) else None
    if segments[at] in tree and segments[at]:
        found = _walk(tree[segments[at]], segments, at + 1, values)
        if found is not None:
            return found
    if "{}" in tree and segments[at]:
        return _walk(tree["{}"], segments, at + 1, [*values, segments[at]])
    return None


@cache
def load_routes() -> Routes:
    raw = json.loads(resources.files(__package__).joinpath("routes.json").read_text("utf-8"))
    routes: dict[str, Route] = {}
    tree: dict[str, Any] = {}
    for path, methods in raw["routes"].items():
        operations = {
            name: Operation(frozenset(m.get("query", ())), m["shape"], m.get("paged", False))
            for name, m in methods.items()
        }
        routes[path] = Route(path, operations)
        branch = tree
        for segment in path.strip("/").split("/"):
            branch = branch.setdefault("{}" if segment.startswith("{") else segment, {})
        branch[""] = routes[path]
    collections = {}
    for key, c in raw["collections"].items():
        scope, name = key.split("/")
        collections[key] = Collection(scope, name, c["item"], c["ops"], c["schema"])
    return Routes(routes, collections, raw["singletons"], tree)
