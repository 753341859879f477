"""What the vendor's OpenAPI document says about the fields of each object: types, defaults, enums, marks.

In: `facts.json` (made by tools/make_routes.py, which documents the format).  Out: frozen nodes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Node:
    """One field or object.  `ref` names another entry and then nothing else is set; `name` is that of an entry."""

    name: str = ""
    types: tuple[str, ...] = ()
    default: Any = None
    enum: tuple[Any, ...] = ()
    nullable: bool = False
    read_only: bool = False
    required: tuple[str, ...] = ()
    fields: Mapping[str, Node] = field(default_factory=dict)
    items: Node | None = None
    values: Node | None = None
    variants: Mapping[str, Node] = field(default_factory=dict)
    ref: str | None = None
    is_id: bool = False

    @property
    def is_number_or_text(self) -> bool:
        return "string" in self.types and "integer" in self.types


UNKNOWN = Node(types=("any",))


@dataclass(frozen=True)
class Facts:
    entries: Mapping[str, Node]

    def follow(self, node: Node | None) -> Node:
        return UNKNOWN if node is None else self.entries[node.ref] if node.ref else node

    def of(self, schema: str, value: Mapping[str, Any] | None = None) -> Node:
        """The node of a named schema; of a schema with variants, the one that the value's `type` says."""
        node = self.follow(self.entries.get(schema))
        if node.variants:
            wanted = (value or {}).get("type") or next(iter(node.variants))
            return self.follow(node.variants.get(wanted) if isinstance(wanted, str) else None)
        return node


def _node(raw: Any) -> Node:
    if isinstance(raw, str):
        return Node(ref=raw[1:]) if raw.startswith("#") else Node(types=(raw,))
    if isinstance(raw, list):
        return Node(types=tuple(raw))
    types = raw["t"]
    return Node(
        types=(types,) if isinstance(types, str) else tuple(types),
        default=raw.get("d"),
        enum=tuple(raw.get("e", ())),
        nullable=raw.get("n", False),
        is_id=raw.get("f") == "uuid",
        read_only=raw.get("r", False),
        required=tuple(raw.get("required", ())),
        fields={k: _node(v) for k, v in raw.get("fields", {}).items()},
        items=_node(raw["items"]) if "items" in raw else None,
        values=_node(raw["map"]) if "map" in raw else None,
        variants={k: _node(v) for k, v in raw.get("of", {}).items()},
    )


@cache
def load_facts() -> Facts:
    raw = json.loads(resources.files(__package__).joinpath("facts.json").read_text("utf-8"))
    return Facts({name: replace(_node(entry), name=name) for name, entry in raw.items()})
