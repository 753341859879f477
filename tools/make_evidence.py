"""Make the emulator's evidence: what the cloud adds to an object that nobody wrote, and who says so.

In:  the folder with the facts about the vendor's Terraform provider (`defaults.json` and
     `made-without-document-default.txt`), and optionally the emulator's folder, whose `facts.json` is read.
Out: `evidence.json` beside it: `made` (entry of facts.json -> field -> [value, source]) and `never` (entry -> fields
     whose default of the document the cloud can't be returning, because the provider would fail on it).

    python tools/make_evidence.py path/to/provider [reconciler/emulator]

Sources: `provider computes` (the document has the default and the provider lets the server fill it), `provider plans`
(the document has none, the provider had to plan for it), `live` (root fields of recorded live answers).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]
COMPUTED, PLANNED, LIVE = "provider computes", "provider plans", "live"
# The provider's resources and the entries of facts.json that they are written to; a resource without configuration
# of its own (inventories, data sources) has none.  The switch part of a site's setting is left out: the empty lists
# that the provider plans there would hide those of the network template.
ENTRIES = {
    "device_ap": "device_ap",
    "device_gateway": "device_gateway",
    "device_switch": "device_switch",
    "org_alarmtemplate": "alarm_template",
    "org_avprofile": "avprofile",
    "org_deviceprofile_ap": "deviceprofile_ap",
    "org_deviceprofile_gateway": "deviceprofile_gateway",
    "org_deviceprofile_switch": "deviceprofile_switch",
    "org_gatewaytemplate": "gateway_template",
    "org_nac_portal": "nac_portal",
    "org_nacrule": "nac_rule",
    "org_network": "network",
    "org_networktemplate": "network_template",
    "org_psk": "psk",
    "org_rftemplate": "rf_template",
    "org_setting": "org_setting",
    "org_sso": "sso",
    "org_usermac": "user_mac",
    "org_wlan": "wlan",
    "org_wlantemplate": "template",
    "org_wxrule": "wxlan_rule",
    "site": "site",
    "site_psk": "psk",
    "site_setting": "site_setting",
    "site_wlan": "wlan",
    "site_wxrule": "wxlan_rule",
}
# Attributes that only the provider has: it makes a key of the API of them.
NOT_OF_THE_API = frozenset({"match_name_offset"})
# What a quirk decides (psk_expiry), because the sources contradict each other.
DECIDED_BY_QUIRK = frozenset({("psk", "expire_time")})
# Planned at one place of an entry that has others, where the provider could not take them.
NOT_EVERYWHERE = frozenset(
    {
        ("junos_port_config", "ae_lacp_force_up"),
        ("junos_port_config", "ae_lacp_passive"),
        ("rftemplate_radio_band5", "power"),
    }
)
# Computed by the provider's schema, and yet the acceptance tests fail when they come back unasked.
SHOWN_ABSENT = frozenset(
    {
        *(("wlan_portal", f"{name}_email_domains") for name in ("amazon", "facebook", "google", "microsoft")),
        *(("wlan_portal", name) for name in ("broadnet_password", "predefined_sponsors_hide_email")),
        *(("wlan_mist_nac", name) for name in ("enabled", "acct_interim_interval", "coa_enabled", "fast_dot1x_timers")),
        *(("wlan_mist_nac", f"auth_servers_{name}") for name in ("retries", "timeout")),
    }
)
# Root fields that recorded live answers of a kind have although nobody has to write them; of these kinds nothing
# else is made at the root.
SEEN_LIVE: dict[str, tuple[str, ...]] = {
    "webhook": ("enabled", "type", "verify_cert", "assetfilter_ids"),
    "nac_rule": ("enabled",),
    "vpn": (),
    "service": (),
    "org_service_policy": (),
    "org_setting": (),
}
# What the live answers had in fields for which the document has no default.
LIVE_VALUES: dict[tuple[str, str], Any] = {("webhook", "assetfilter_ids"): []}


class Facts:
    """The emulator's facts file, as far as a path has to be followed."""

    def __init__(self, entries: Json) -> None:
        self._entries = entries

    def owner(self, entry: str, path: list[str]) -> str | None:
        """The entry that holds the last name of a path that begins in another one; the name itself may be newer than
        the document."""
        for name in path[:-1]:
            node = self.field(entry, name)
            while isinstance(node, dict) and ("items" in node or "map" in node):
                node = node.get("items", node.get("map"))
            if not isinstance(node, str) or not node.startswith("#"):
                return None
            entry = node[1:]
            inner = self._entries[entry]
            if not inner.get("fields") and isinstance(inner.get("map"), str):
                entry = inner["map"].removeprefix("#")
        return entry if self._entries.get(entry, {}).get("fields") else None

    def field(self, entry: str, name: str) -> Any:
        return self._entries.get(entry, {}).get("fields", {}).get(name)

    def default(self, entry: str, name: str) -> Any:
        node = self.field(entry, name)
        if isinstance(node, str) and node.startswith("#"):
            node = self._entries[node[1:]]
        return node.get("d") if isinstance(node, dict) else None

    def is_empty(self, key: tuple[str, str], value: Any) -> bool:
        """ "" in an id, in a link or in what only the server writes: the provider's way to plan nothing."""
        node = self.field(*key)
        marked = isinstance(node, dict) and bool(node.keys() & {"r", "f"})
        return value == "" and (marked or key[1].endswith("_url"))


def value_of(text: str) -> Any:
    """`object` is an object that is filled in turn; what is null is made by nobody."""
    if text == "object":
        return {}
    return None if text == "null-list" else json.loads(text)


def planned(text: str, facts: Facts) -> tuple[dict[tuple[str, str], Any], list[str]]:
    """What the provider plans for, by entry and field, and the paths that the document doesn't know."""
    found: dict[tuple[str, str], Any] = {}
    unknown: list[str] = []
    for line in text.splitlines():
        resource, _, rest = line.partition(": ")
        if resource not in ENTRIES:
            continue
        for item in rest.split(", "):
            path, _, raw = item.partition("=")
            if path.rsplit(".", 1)[-1] in NOT_OF_THE_API:
                continue
            value = value_of(raw)
            entry = facts.owner(ENTRIES[resource], path.split("."))
            if entry is None:
                unknown.append(f"{resource}: {path}")
            elif value is not None:
                found.setdefault((entry, path.rsplit(".", 1)[-1]), value)
    return found, unknown


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print("usage: make_evidence.py PROVIDER_FOLDER [FOLDER]", file=sys.stderr)
        return 64
    source = Path(arguments[0])
    folder = Path(arguments[1] if len(arguments) == 2 else "reconciler/emulator")
    facts = Facts(json.loads((folder / "facts.json").read_text("utf-8")))
    lists = json.loads((source / "defaults.json").read_text("utf-8"))
    never = {(entry, name) for key in ("not_filled", "not_filled_in_one") for entry, name, _ in lists[key]}
    made = {(entry, name): (value, COMPUTED) for entry, name, value in lists["maybe_filled"]}
    made = {key: value for key, value in made.items() if key not in SHOWN_ABSENT}
    found, unknown = planned((source / "made-without-document-default.txt").read_text("utf-8"), facts)
    left_out = DECIDED_BY_QUIRK | NOT_EVERYWHERE
    made |= {key: (value, PLANNED) for key, value in found.items() if key not in made.keys() | left_out}
    for entry, names in SEEN_LIVE.items():
        made = {key: value for key, value in made.items() if key[0] != entry or key[1] in names}
        for name in names:
            value = LIVE_VALUES.get((entry, name), facts.default(entry, name))
            made[entry, name] = (value, LIVE)
    made = {key: value for key, value in made.items() if key not in never and not facts.is_empty(key, value[0])}
    parts = {"made": grouped(made), "never": {e: sorted(n for o, n in never if o == e) for e, _ in sorted(never)}}
    body = ",\n".join(f'"{name}": {lines(part)}' for name, part in parts.items())
    (folder / "evidence.json").write_text("{" + body + "}\n", "utf-8")
    print(f"{len(made)} values made, {len(never)} never returned; not in the document: {', '.join(unknown)}")
    return 0


def grouped(made: dict[tuple[str, str], tuple[Any, str]]) -> Json:
    result: Json = {}
    for (entry, name), (value, source) in sorted(made.items()):
        result.setdefault(entry, {})[name] = [value, source]
    return result


def lines(mapping: Json) -> str:
    rows = (f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in mapping.items())
    return "{\n" + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
