"""What the server makes of an object before it stores it: defaults, numbers as text, empty values.

In: an object and the node of its schema.  Out: a new object; the one given is left alone.
Sources: defaults and types of the vendor's OpenAPI document; the Terraform provider's issues 10, 14, 54, 108, 155,
161 for coupled defaults and empty values.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from reconciler.emulator.facts import Facts, Node
from reconciler.emulator.settings import Quirks

Json = dict[str, Any]
# Fields that may be number or text: these are stored as text, those as numbers; the others as they came.
STORED_AS_TEXT = frozenset({"vlan_id", "default_vlan_id", "default_vlan_ids", "mtu", "mac_limit"})
STORED_AS_NUMBER = frozenset({"port", "acct_port", "dscp"})
# Kinds that come back with objects inside that nobody wrote; of the others only objects that are there are filled.
FILLED_WHOLE = frozenset({"wlan", "rf_template"})
FILLED_ROOTS: Mapping[str, frozenset[str]] = {
    "site_setting": frozenset({"rogue", "wifi", "auto_upgrade", "rtsa", "led", "engagement", "analytic"}),
}
# Lists that come back as null when they are empty, and lists that come back empty when they were null.
EMPTY_IS_NULL = frozenset({"channels", "ap_ids", "wxtag_ids"})
NULL_IS_EMPTY = frozenset({"dns", "dns_suffix"})


def normalise(value: Json, schema: str, facts: Facts, quirks: Quirks, *, written: frozenset[str] | None = None) -> Json:
    """The object as it is stored.  `written` names the roots of the body (all when left out): of the others only
    missing ones get a default, none is looked at again."""
    node = facts.of(schema, value)
    walk = _Walk(facts, quirks)
    roots = frozenset(value) if written is None else written
    kept = {k: v for k, v in value.items() if k not in roots}
    done = _object({k: copy.deepcopy(v) for k, v in value.items() if k in roots}, node, walk) | kept
    if quirks.server_defaults:
        _fill_roots(done, node, schema, walk)
        _coupled(done, schema, roots)
    return {k: done[k] for k in (*value, *sorted(set(done) - set(value)))}


class _Walk:
    def __init__(self, facts: Facts, quirks: Quirks) -> None:
        self.facts = facts
        self.quirks = quirks


def _object(value: Json, node: Node, walk: _Walk) -> Json:
    for name, child in node.fields.items():
        target = walk.facts.follow(child)
        if name in value:
            value[name] = _field(name, value[name], target, walk)
        elif walk.quirks.server_defaults and target.default is not None and "object" not in target.types:
            value[name] = copy.deepcopy(target.default)
    if node.values is not None:
        element = walk.facts.follow(node.values)
        for name in value:
            if name not in node.fields:
                value[name] = _field("", value[name], element, walk)
    return value


def _field(name: str, value: Any, node: Node, walk: _Walk) -> Any:
    if isinstance(value, dict):
        return _object(value, node, walk)
    if isinstance(value, list):
        element = walk.facts.follow(node.items)
        if walk.quirks.normalise_empty and not value and name in EMPTY_IS_NULL:
            return None
        return [_field(name, item, element, walk) for item in value]
    if value is None and walk.quirks.normalise_empty and name in NULL_IS_EMPTY and "array" in node.types:
        return []
    if value == "" and walk.quirks.normalise_empty and node.nullable and name.endswith("_id"):
        return None
    return _number_or_text(name, value, node) if walk.quirks.numeric_strings else value


def _number_or_text(name: str, value: Any, node: Node) -> Any:
    if not node.is_number_or_text or isinstance(value, bool):
        return value
    if name in STORED_AS_TEXT and isinstance(value, int):
        return str(value)
    if name in STORED_AS_NUMBER and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value


def _fill_roots(value: Json, node: Node, schema: str, walk: _Walk) -> None:
    for name, child in node.fields.items():
        target = walk.facts.follow(child)
        wanted = schema in FILLED_WHOLE or name in FILLED_ROOTS.get(schema, ())
        if wanted and name not in value and target.fields:
            filled = _object({}, target, walk)
            if filled:
                value[name] = filled


def _coupled(value: Json, schema: str, written: frozenset[str]) -> None:
    """Defaults that depend on other values; what the body wrote itself is left alone."""
    if schema != "wlan":
        return
    if value.get("isolation") and "l2_isolation" not in written:
        value["l2_isolation"] = True
    if value.get("limit_bcast") and "allow_ssdp" not in written:
        value["allow_ssdp"] = True
