"""Which values the cloud adds to an object: what a source shows, what the document says, and where they differ.

In: `evidence.json` (made by tools/make_evidence.py, which documents the format) and the facts.
Out: for a field that nobody wrote its value, or `MISSING`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from reconciler.emulator.facts import Node
from reconciler.emulator.quirks import Quirks

MISSING = object()
# Defaults of the cloud's own API pages where they are not the document's; None: no default.
BY_PAGE: Mapping[tuple[str, str], Any] = {
    ("gateway_oob_ip_config", "use_mgmt_vrf"): True,
    ("gateway_port_config", "mtu"): None,
    ("junos_port_config", "no_local_overwrite"): False,
    ("mxcluster_radsec", "nas_ip_source"): "passthrough",
    ("mxedge_oob_ip_config", "type6"): "autoconf",
    ("psk_portal_passphrase_rules", "symbols_enabled"): False,
    ("remote_syslog_server", "facility"): "config",
    ("remote_syslog_server", "severity"): "info",
    ("service", "client_limit_down"): None,
    ("service", "client_limit_up"): None,
    ("service", "service_limit_down"): None,
    ("service", "service_limit_up"): None,
    ("simple_alert_arp_failure", "incident_count"): 10,
    ("simple_alert_dhcp_failure", "incident_count"): 10,
    ("simple_alert_dns_failure", "incident_count"): 10,
    ("site_setting", "ap_updown_threshold"): None,
    ("site_setting", "gateway_updown_threshold"): None,
    ("site_setting", "switch_updown_threshold"): None,
    ("sle_thresholds", "coverage"): 72,
    ("switch_mgmt", "ap_affinity_threshold"): 12,
    ("wlan", "bands"): ["24", "5"],
    ("wlan", "roam_mode"): "none",
}


@dataclass(frozen=True)
class Evidence:
    """`made`: entry -> field -> value and its source; `never`: what can't come back unless it was written."""

    made: Mapping[str, Mapping[str, tuple[Any, str]]]
    never: Mapping[str, tuple[str, ...]]

    def newer(self, node: Node, quirks: Quirks) -> Iterator[tuple[str, Any]]:
        """Fields that the document lacks and the cloud adds."""
        if quirks.server_defaults == "evidence":
            made = self.made.get(node.name, {})
            yield from ((name, value) for name, (value, _) in made.items() if name not in node.fields)

    def default(self, node: Node, name: str, target: Node, quirks: Quirks) -> Any:
        """The value of a field of `node` that nobody wrote."""
        if quirks.server_defaults == "none":
            return MISSING
        if quirks.server_defaults == "evidence":
            value = self.made.get(node.name, {}).get(name, (MISSING, ""))[0]
        else:
            value = MISSING if target.default is None or _nothing(target) else target.default
        if value is not MISSING and quirks.default_values == "page" and (node.name, name) in BY_PAGE:
            by_page = BY_PAGE[node.name, name]
            return MISSING if by_page is None else by_page
        return value


def _nothing(target: Node) -> bool:
    """Defaults of the document that no answer can hold: "" for an id, and for what the server makes itself."""
    return target.default == "" and (target.is_id or target.read_only)


@cache
def load_evidence() -> Evidence:
    raw = json.loads(resources.files(__package__).joinpath("evidence.json").read_text("utf-8"))
    made = {entry: {k: (v, source) for k, (v, source) in found.items()} for entry, found in raw["made"].items()}
    return Evidence(made, {entry: tuple(names) for entry, names in raw["never"].items()})
