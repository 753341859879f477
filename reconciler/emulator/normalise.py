"""What the server makes of an object before it stores it: defaults, numbers as text, empty values, spellings.

In: an object and the node of its schema.  Out: a new object; the one given is left alone.
Sources: the evidence (see reconciler.emulator.evidence); types of the vendor's OpenAPI document; the Terraform
provider's issues 10, 14, 54, 108, 155, 161 for coupled defaults and empty values.  What they leave open are quirks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.evidence import MISSING, Evidence, load_evidence
from reconciler.emulator.facts import Facts, Node
from reconciler.emulator.messages import copied
from reconciler.emulator.quirks import Quirks

Json = dict[str, Any]
# Fields that may be number or text: these are stored as text, those as numbers; the others as they came.
STORED_AS_TEXT = frozenset({"vlan_id", "default_vlan_id", "default_vlan_ids", "mtu", "mac_limit"})
STORED_AS_NUMBER = frozenset({"port", "acct_port", "dscp"})
# With all defaults of the document: kinds that come back with objects inside that nobody wrote.
FILLED_WHOLE = frozenset({"wlan", "rf_template"})
FILLED_ROOTS: Mapping[str, frozenset[str]] = {
    "site_setting": frozenset({"rogue", "wifi", "auto_upgrade", "rtsa", "led", "engagement", "analytic"}),
}
# Lists that come back as null when they are empty, and lists that come back empty when they were null.
EMPTY_IS_NULL = frozenset({"channels", "ap_ids"})
NULL_IS_EMPTY = frozenset({"dns", "dns_suffix"})
# Entry -> the document's and the page's name of one field.
SPELLINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ap_port_config": (("mx_tunnel_id", "mxtunnel_id"),),
    "ap_template_wifi": (("enable_arp_spoof", "enable_arp_spoof_check"),),
    "app_probing_custom_app": (("vrf", "vrf_name"),),
    "evpn_options_underlay": (("routed_id_prefix", "router_id_prefix"),),
    "gateway_port_config_ip_config": (("poser_password", "pppoe_password"),),
    "mxedge": (("note", "notes"),),
    "nac_rule_matching": (("os_type", "os"), ("vendor", "vendors")),
    "org_setting_auto_device_naming_rule": (("match_device", "match_device_type"),),
    "psk": (("note", "notes"),),
    "psk_portal_passphrase_rules": (("alphaberts_enabled", "alphabets_enabled"),),
    "site_setting": (("mxtunnels", "mxtunnel"),),
    "switch_matching": (("enable", "enabled"),),
    "vpn_path_traffic_shaping": (("class_percentage", "class_percentages"),),
    "wxlan_tunnel_session": (
        ("ap_as_session_id", "ap_session_id"),
        ("pseudo_802.1ad_enabled", "pseudo_8021ad_enabled"),
    ),
}
REMOVED = object()


@dataclass(frozen=True)
class _Walk:
    facts: Facts
    quirks: Quirks
    evidence: Evidence

    @property
    def everything(self) -> bool:
        return self.quirks.server_defaults == "document"


def normalise(value: Json, schema: str, facts: Facts, quirks: Quirks, *, written: frozenset[str] | None = None) -> Json:
    """The object as it is stored.  `written` names the roots of the body (all when left out): of the others only
    missing ones get a default, none is looked at again."""
    node = facts.of(schema, value)
    walk = _Walk(facts, quirks, load_evidence())
    roots = frozenset(value) if written is None else written
    kept = {k: v for k, v in value.items() if k not in roots}
    done = {k: copied(v) for k, v in value.items() if k in roots}
    done = _tidied(_filled(done, node, walk), node, walk)
    _fill_roots(done, kept, node, walk)
    done |= kept
    if quirks.coupled_defaults:
        _coupled(done, schema, roots)
    return {k: done[k] for k in (*value, *sorted(set(done) - set(value))) if k in done}


def _filled(value: Json, node: Node, walk: _Walk) -> Json:
    """The objects inside with their defaults; one that was sent empty stays so, unless everything is filled."""
    for name, child in value.items():
        target = walk.facts.follow(node.fields.get(name) or node.values)
        if isinstance(child, dict):
            inner = _filled(child, target, walk)
            value[name] = _defaults(inner, target, walk) if inner or walk.everything else inner
        elif isinstance(child, list):
            element = walk.facts.follow(target.items)
            value[name] = [
                _defaults(_filled(one, element, walk), element, walk) if isinstance(one, dict) and one else one
                for one in child
            ]
    return value


def _defaults(value: Json, node: Node, walk: _Walk) -> Json:
    for name, child in node.fields.items():
        target = walk.facts.follow(child)
        if name in value:
            continue
        default = walk.evidence.default(node, name, target, walk.quirks)
        if default is MISSING or (walk.everything and "object" in target.types):
            continue
        made = _defaults({}, target, walk) if default == {} and target.fields else copied(default)
        # An object that is made holds something.
        if made != {} or not target.fields:
            value[name] = made
    for name, default in walk.evidence.newer(node, walk.quirks):
        value.setdefault(name, copied(default))
    return value


def _fill_roots(value: Json, kept: Json, node: Node, walk: _Walk) -> None:
    """The defaults at the root, of fields that are neither written nor stored."""
    made = _defaults(dict.fromkeys((*value, *kept)), node, walk)
    if walk.everything:
        for name, child in node.fields.items():
            target = walk.facts.follow(child)
            wanted = node.name in FILLED_WHOLE or name in FILLED_ROOTS.get(node.name, ())
            if wanted and name not in made and target.fields and (filled := _defaults({}, target, walk)):
                made[name] = filled
    value |= _tidied({k: v for k, v in made.items() if k not in value and k not in kept}, node, walk)


def _tidied(value: Json, node: Node, walk: _Walk) -> Json:
    """Numbers, empty values and spellings as they are stored, at every depth."""
    names = set(node.fields)
    for name in list(value):
        target = walk.facts.follow(node.fields.get(name) or node.values)
        one = _field(name, value[name], target, walk)
        # Keys of a map are the user's; required fields can't go.
        known = name in names and name not in node.required
        value[name] = one
        if known and (emptied := _emptied(name, one, target, walk.quirks)) is not one:
            value[name] = emptied
            if emptied is REMOVED:
                del value[name]
    _respell(value, node, walk.quirks)
    return value


def _field(name: str, value: Any, node: Node, walk: _Walk) -> Any:
    if isinstance(value, dict):
        return _tidied(value, node, walk)
    if isinstance(value, list):
        element = walk.facts.follow(node.items)
        return [_field(name, item, element, walk) for item in value]
    if not walk.quirks.numeric_strings or not node.is_number_or_text or isinstance(value, bool):
        return value
    if name in STORED_AS_TEXT and isinstance(value, int):
        return str(value)
    if name in STORED_AS_NUMBER and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value


def _emptied(name: str, value: Any, node: Node, quirks: Quirks) -> Any:
    """What an empty value becomes: itself, null, an empty list, or `REMOVED`."""
    if value == {} and isinstance(value, dict):
        return REMOVED if quirks.empty_objects == "absent" else value
    if value == [] and isinstance(value, list):
        as_null = quirks.empty_lists == "null" or (quirks.empty_lists == "mixed" and name in EMPTY_IS_NULL)
        return REMOVED if quirks.empty_lists == "absent" else None if as_null else value
    if value is None and quirks.empty_lists == "mixed" and name in NULL_IS_EMPTY and "array" in node.types:
        return []
    if isinstance(value, str) and not value:
        choice = quirks.empty_references if node.is_id else quirks.empty_texts
        return {"null": None, "absent": REMOVED}.get(choice, value)
    return value


def _respell(value: Json, node: Node, quirks: Quirks) -> None:
    """Of two names of one field only one is known, if `spelling` says so."""
    if quirks.spelling == "written":
        return
    for by_document, by_page in SPELLINGS.get(node.name, ()):
        value.pop(by_document if quirks.spelling == "page" else by_page, None)


def _coupled(value: Json, schema: str, written: frozenset[str]) -> None:
    """Defaults that depend on other values; what the body wrote itself is left alone."""
    if schema != "wlan":
        return
    if value.get("isolation") and "l2_isolation" not in written:
        value["l2_isolation"] = True
    if value.get("limit_bcast") and "allow_ssdp" not in written:
        value["allow_ssdp"] = True
