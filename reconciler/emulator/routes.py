"""The routes of the vendor's OpenAPI document: which path and method exist, and what they answer.

In: `routes.json` (made by tools/make_routes.py).  Out: a frozen table with a matcher.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

PREFIX = "/api/v1/"
ORG = PREFIX + "orgs/{org_id}"
SITE = PREFIX + "sites/{site_id}"


@dataclass(frozen=True)
class Operation:
    """One method of one path: query parameter names, shape of the answer, whether the list is paged, and who knows
    the route if the vendor's document doesn't."""

    query: frozenset[str]
    shape: str
    paged: bool
    source: str = ""


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
        names = [s[s.index("{") + 1 : -1] for s in route.path.split("/") if "{" in s]
        return route, dict(zip(names, values, strict=True))


def _walk(tree: Mapping[str, Any], segments: list[str], at: int, values: list[str]) -> tuple[Route, list[str]] | None:
    if at == len(segments):
        route = tree.get("")
        return (route, values) if isinstance(route, Route) else None
    if not segments[at]:
        return None
    for key, value in _branches(tree, segments[at]):
        found = _walk(tree[key], segments, at + 1, values + value)
        if found is not None:
            return found
    return None


def _branches(tree: Mapping[str, Any], segment: str) -> Iterator[tuple[str, list[str]]]:
    """The ways that a segment can go: the literal one, those with a parameter at its end, the parameter."""
    if segment in tree and "{" not in segment:
        yield segment, []
    for key in tree:
        if key.endswith("{}") and key != "{}" and segment.startswith(key[:-2]) and len(segment) > len(key) - 2:
            yield key, [segment[len(key) - 2 :]]
    if "{}" in tree:
        yield "{}", [segment]


@cache
def load_routes() -> Routes:
    raw = json.loads(resources.files(__package__).joinpath("routes.json").read_text("utf-8"))
    routes: dict[str, Route] = {}
    tree: dict[str, Any] = {}
    for path, methods in raw["routes"].items():
        operations = {
            name: Operation(frozenset(m.get("query", ())), m["shape"], m.get("paged", False), m.get("source", ""))
            for name, m in methods.items()
        }
        routes[path] = Route(path, operations)
        branch = tree
        for segment in path.strip("/").split("/"):
            branch = branch.setdefault(re.sub(r"\{[^}]*\}", "{}", segment), {})
        branch[""] = routes[path]
    collections = {}
    for key, c in raw["collections"].items():
        scope, name = key.split("/")
        collections[key] = Collection(scope, name, c["item"], c["ops"], c["schema"])
    return Routes(routes, collections, raw["singletons"], tree)
