"""What a body may hold: the shape of every value, closed lists at the root, VLAN numbers.

In: the fields given and the node of their schema.  Out: nothing, or the ApiError of the first thing that is wrong.
Loose on purpose: numbers, truth values and text pass for each other, unknown names pass, and what any of the vendor's
sources accepts is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.emulator.errors import bad_request
from reconciler.emulator.facts import Facts, Node

# Values that the document's closed lists lack: (entry, field) -> values of the provider or of the vendor's pages.
MORE_VALUES: Mapping[tuple[str, str], frozenset[str]] = {
    ("gateway_template", "type"): frozenset({"hub"}),
    ("nac_tag", "match"): frozenset({"edr_status", "gbp_tag", "vendor"}),
    ("service", "failover_policy"): frozenset({"revertable"}),
    ("sso", "ldap_type"): frozenset({"ping_identity"}),
    ("sso", "oauth_type"): frozenset({"standards"}),
    ("wlan", "roam_mode"): frozenset({"none"}),
    ("wxlan_tag", "match"): frozenset({"radius_vendor"}),
}
# Fields for which the vendor's pages or its provider have another shape than the document.
OTHER_SHAPES = frozenset(
    {
        ("ap_port_config", "vlan_ids"),
        ("ap_template_wifi", "proxy_arp"),
        ("device_ap", "flow_control"),
        ("device_gateway", "networks"),
        ("deviceprofile_gateway", "networks"),
        ("gateway_template", "networks"),
        ("mxcluster", "tunterm_monitoring"),
        ("mxcluster_nac", "client_ips"),
        ("mxedge", "tunterm_monitoring"),
        ("site_mxtunnel", "ap_subnets"),
        ("site_setting", "flags"),
        ("sle_thresholds", "coverage"),
        ("sle_thresholds", "capacity"),
        ("sle_thresholds", "throughput"),
        ("wlan_bonjour", "disable_local"),
        ("wlan_hotspot_20", "nai_realms"),
    }
)
# Of the VLANs that may be text as well: where the document has a bare integer, the provider takes any.
VLANS = range(4095)
SCALARS = frozenset({"string", "integer", "number", "boolean"})


def check(given: Mapping[str, Any], node: Node, facts: Facts) -> None:
    for name, value in given.items():
        if name not in node.fields or value is None:
            continue
        field = facts.follow(node.fields[name])
        _shape(name, value, field, facts, inside=(node.name, name))
        allowed = MORE_VALUES.get((node.name, name), frozenset())
        if field.enum and isinstance(value, str) and value and value not in field.enum and value not in allowed:
            raise bad_request(f"invalid field: {name}")


def _shape(root: str, value: Any, node: Node, facts: Facts, *, inside: tuple[str, str]) -> None:
    if inside in OTHER_SHAPES or _is_variable(value):
        return
    wrong_vlan = inside[1] == "vlan_id" and node.is_number_or_text and _is_wrong_vlan(value)
    if not _fits(value, node) or wrong_vlan:
        raise bad_request(f"invalid field: {root}")
    if isinstance(value, list):
        element = facts.follow(node.items)
        for item in value:
            if item is not None:
                _shape(root, item, element, facts, inside=inside)
    if isinstance(value, dict):
        for name, item in value.items():
            if item is not None:
                target = facts.follow(node.fields.get(name) or node.values)
                _shape(root, item, target, facts, inside=(node.name, name))


def _is_variable(value: Any) -> bool:
    return isinstance(value, str) and "{{" in value


def _fits(value: Any, node: Node) -> bool:
    types = set(node.types)
    if not types or "any" in types or "variants" in types:
        return True
    if types == {"boolean"} and isinstance(value, str):
        return value.lower() in ("", "true", "false")
    if isinstance(value, dict):
        return "object" in types
    return "array" in types if isinstance(value, list) else bool(SCALARS & types)


def _is_wrong_vlan(value: Any) -> bool:
    digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10
    number = int(value) if digits or (isinstance(value, int) and not isinstance(value, bool)) else 0
    return number not in VLANS
