"""EVPN topologies: what the server adds to the switches of one, and what a change of them is.

In: a topology about to be stored or listed.  Out: the same with the server's own values.  Sources: the read-only
fields of the vendor's OpenAPI document and its site page (a change names the nodes that change).
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator.devices import plain_mac
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]


def before_topology_write(call: Call, before: Json | None, after: Json) -> None:
    given = after.get("switches")
    if not isinstance(given, list):
        return
    switches = [dict(s) for s in given if isinstance(s, dict)]
    if before is not None and call.world.quirks.evpn_switches == "delta":
        switches = _changed(before.get("switches") or [], switches)
    claimed = {i["mac"]: i for i in call.store.collection(call.org_id, "inventory").values()}
    after["switches"] = [_completed(call, s, claimed, n) for n, s in enumerate(switches, 1)]


def _changed(before: list[Json], named: list[Json]) -> list[Json]:
    """The nodes as they were, with those named changed or added; role `none` removes one."""
    nodes = {plain_mac(s.get("mac")): s for s in before}
    for switch in named:
        mac = plain_mac(switch.get("mac"))
        nodes[mac] = {**nodes.get(mac, {}), **switch}
    return [s for s in nodes.values() if s.get("role") != "none"]


def _completed(call: Call, switch: Json, claimed: dict[str, Json], number: int) -> Json:
    device = claimed.get(plain_mac(switch.get("mac")), {})
    made: Json = {
        "evpn_id": number,
        "router_id": f"172.16.254.{number % 255}",
        "site_id": device.get("site_id") or call.site_id,
        "model": device.get("model"),
        "deviceprofile_id": "00000000-0000-0000-0000-000000000000",
        "downlink_ips": [],
        "suggested_downlinks": [],
        "suggested_esilaglinks": [],
        "suggested_uplinks": [],
    }
    return {k: v for k, v in made.items() if v is not None} | switch


def without_switches(_call: Call, items: list[Json]) -> list[Json]:
    """The list of EVPN topologies leaves out what only the item's own answer holds."""
    return [{k: v for k, v in i.items() if k not in ("switches", "switch_configs")} for i in items]


EVPN = Rules(listed=without_switches, before_write=before_topology_write)
