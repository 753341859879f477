"""Root-level writes: what a POST makes and what a PUT changes, as the vendor's automation guide says.

In: the stored object, the body, the facts.  Out: the new object.  A root key in the body replaces the stored one
whole; an absent one keeps its value; `"-key": ""` removes one; null clears what may be null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.emulator.checks import check
from reconciler.emulator.errors import bad_request
from reconciler.emulator.facts import Facts, Node
from reconciler.emulator.messages import copied
from reconciler.emulator.quirks import Quirks

Json = dict[str, Any]
IDENTITY = frozenset({"id", "org_id", "site_id", "for_site", "created_time", "modified_time", "msp_id"})
# Marked read-only in the document although the create call takes them, or the server's own in other kinds.
WRITABLE = frozenset({("zone", "map_id"), ("deviceprofile", "type"), ("mxcluster", "site_id")})
# References that only null clears: the dash form leaves them (Terraform provider, issue 74).
CLEARED_BY_NULL: Mapping[str, frozenset[str]] = {
    "site": frozenset(
        f"{kind}_id"
        for kind in (
            "alarmtemplate",
            "aptemplate",
            "gatewaytemplate",
            "networktemplate",
            "rftemplate",
            "routertemplate",
            "secpolicy",
            "sitetemplate",
        )
    ),
    "org": frozenset({"alarmtemplate_id"}),
    "mxedge": frozenset({"mxcluster_id"}),
}


def writable(body: Any, schema: str, node: Node) -> Json:
    """The part of a body that the server looks at; a body that is no object is refused."""
    if not isinstance(body, dict):
        raise bad_request("JSON object expected")
    return {
        key: copied(value)
        for key, value in body.items()
        if (schema, key) in WRITABLE
        or (key not in IDENTITY and (key not in node.fields or not node.fields[key].read_only))
    }


def created(body: Any, schema: str, facts: Facts, quirks: Quirks) -> Json:
    node = facts.of(schema, body if isinstance(body, dict) else None)
    given = {k: v for k, v in writable(body, schema, node).items() if not k.startswith("-")}
    _refuse_missing({name: given.get(name) for name in node.required}, quirks)
    check(given, node, facts)
    return {k: v for k, v in given.items() if v is not None or _nullable(schema, k, facts, node)}


def _refuse_missing(required: Mapping[str, Any], quirks: Quirks) -> None:
    for name, value in required.items():
        if value is None or (value == "" and not (name == "type" and quirks.empty_type == "kept")):
            raise bad_request(f"{name} is required")


def updated(stored: Mapping[str, Any], body: Any, schema: str, facts: Facts, quirks: Quirks) -> Json:
    node = facts.of(schema, stored)
    given = writable(body, schema, node)
    result = dict(stored)
    for key in given:
        name = key[1:]
        if not key.startswith("-") or name in IDENTITY:
            continue
        if name in CLEARED_BY_NULL.get(schema, ()) and not quirks.dash_clears_references:
            continue
        if name in node.required:
            raise bad_request(f"{name} is required")
        result.pop(name, None)
    changes = {k: v for k, v in given.items() if not k.startswith("-")}
    _refuse_missing({name: changes[name] for name in node.required if changes.get(name) == ""}, quirks)
    check(changes, node, facts)
    kept = {k: v for k, v in changes.items() if v is not None or _nullable(schema, k, facts, node)}
    if quirks.null_scalars == "cleared":
        for key in changes.keys() - kept.keys() - set(node.required):
            result.pop(key, None)
    return result | kept


def _nullable(schema: str, key: str, facts: Facts, node: Node) -> bool:
    return key in CLEARED_BY_NULL.get(schema, ()) or key not in node.fields or facts.follow(node.fields[key]).nullable
