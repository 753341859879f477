"""The smallest body that the cloud takes for each collection, and a change to it."""

from __future__ import annotations

from typing import Any

PLACE = {"orgs": "orgs/11111111-0000-4000-8000-000000000001", "sites": "sites/22222222-0000-4000-8000-000000000001"}
NAME: dict[str, Any] = {"name": "one"}
BODIES: dict[str, dict[str, Any]] = {
    "alarmtemplates": {"name": "one", "delivery": {"enabled": True}, "rules": {}},
    "apitokens": {"name": "one", "privileges": [{"scope": "org", "role": "read"}]},
    "aptemplates": {"name": "one", "ap_matching": {"enabled": False}},
    "assetfilters": {"name": "one", "rssi": -60},
    "assets": {"name": "one", "mac": "5c5b35000001"},
    "deviceprofiles": {"name": "one", "type": "ap"},
    "evpn_topologies": {"name": "one", "switches": [{"mac": "5c5b35000001", "role": "core"}]},
    "mxedges": {"name": "one", "model": "ME-100"},
    "nacrules": {"name": "one", "action": "allow", "order": 1},
    "nactags": {"name": "one", "type": "match"},
    "pskportals": {"name": "one", "ssid": "Lab"},
    "psks": {"name": "one", "ssid": "Lab", "passphrase": "correct horse"},
    "rssizones": {"name": "one", "devices": []},
    "ssoroles": {"name": "one", "privileges": [{"scope": "org", "role": "read"}]},
    "usermacs": {"mac": "5c5b35000001", "name": "one"},
    "vpns": {"name": "one", "paths": {}},
    "wlans": {"ssid": "one"},
    "wxrules": {"order": 1, "src_wxtags": [], "dst_allow_wxtags": [], "dst_deny_wxtags": [], "action": "allow"},
    "wxtags": {"name": "one", "type": "match", "match": "wlan_id", "values": ["x"]},
}


def body_for(name: str) -> dict[str, Any]:
    return BODIES.get(name, NAME)
