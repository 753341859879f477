"""A backup as the public scripts write it, of an organisation on the emulator."""

import json
from typing import Any

from tests.world import ORG, World

ORG_LISTS = (
    *("sites", "webhooks", "assetfilters", "alarmtemplates", "deviceprofiles", "mxclusters", "mxtunnels", "psks"),
    *("pskportals", "rftemplates", "networktemplates", "evpn_topologies", "services", "networks", "gatewaytemplates"),
    *("vpns", "secpolicies", "servicepolicies", "sitegroups", "sitetemplates", "ssos", "ssoroles", "templates"),
    *("wxrules", "wxtags", "wxtunnels", "nactags", "nacrules", "wlans"),
)
SITE_LISTS = (
    *("assets", "assetfilters", "beacons", "maps", "psks", "evpn_topologies", "rssizones", "vbeacons", "webhooks"),
    *("wlans", "wxrules", "wxtags", "wxtunnels", "zones"),
)


def backup_of(acme: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `org_conf_file.json` and `org_inventory_file.json` hold."""
    org: dict[str, Any] = {"id": ORG, "data": acme.call("GET", f"orgs/{ORG}")}
    org["settings"] = acme.call("GET", f"orgs/{ORG}/setting")
    org |= {word: _list(acme, f"orgs/{ORG}/{word}") for word in ORG_LISTS}
    org["switchprofiles"] = _list(acme, f"orgs/{ORG}/deviceprofiles", type="switch")
    org["hubprofiles"] = _list(acme, f"orgs/{ORG}/deviceprofiles", type="gateway")
    sites, devices = {}, {}
    for site in org["sites"]:
        path = f"sites/{site['id']}"
        sites[site["id"]] = {word: _list(acme, f"{path}/{word}") for word in SITE_LISTS}
        sites[site["id"]]["settings"] = acme.call("GET", f"{path}/setting")
        devices[site["name"]] = {"devices": _list(acme, f"{path}/devices", type="all"), "old_maps_ids": {}}
    inventory = {"org": {"id": ORG, "sites": devices, "mxedges": _list(acme, f"orgs/{ORG}/mxedges")}}
    return {"org": org, "sites": sites}, inventory


def _list(acme: World, path: str, **query: str) -> Any:
    reply = acme.emulator.call("GET", f"/api/v1/{path}", query={**query, "limit": "1000"}, token="a-person")
    assert reply.status == 200, (path, reply.body)
    return reply.body


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()
