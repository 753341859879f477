"""What is asked of devices besides their configuration: clusters, statistics, versions, upgrades.

In: calls.  Out: answers in the shapes of the vendor's OpenAPI document.  No device is behind them: a
device is as it was configured, connected unless the seed says otherwise, and an upgrade is done at once.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.crud import list_reply
from reconciler.emulator.devices import device_id, of_type, plain_mac
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.inventory import inventory
from reconciler.emulator.messages import Reply
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]
VERSION = "0.14.29633"
CLUSTERS = "ha_clusters"


def _device(call: Call) -> Json:
    device = call.store.get(call.scope_id, "devices", call.params["device_id"])
    if device is None:
        raise not_found()
    return device


def get_cluster(call: Call) -> Json:
    cluster = call.store.get(call.scope_id, CLUSTERS, _device(call)["id"])
    if cluster is None:
        raise not_found()
    return {"nodes": cluster["nodes"]}


def make_cluster(call: Call) -> Json:
    """Two gateways of the site become one, known by the device id of the first."""
    device, macs = _device(call), _nodes(call)
    if device_id(macs[0]) != device["id"]:
        raise bad_request("resource not found")
    _refuse_members(call, macs, but=None)
    return _put_cluster(call, device["id"], macs)


def replace_node(call: Call) -> Json:
    """One of the two nodes stays."""
    before, macs = get_cluster(call)["nodes"], _nodes(call)
    if not {n["mac"] for n in before} & set(macs):
        raise bad_request("resource not found")
    _refuse_members(call, macs, but=call.params["device_id"])
    return _put_cluster(call, call.params["device_id"], macs)


def delete_cluster(call: Call) -> Reply:
    get_cluster(call)
    call.store.remove(call.scope_id, CLUSTERS, call.params["device_id"])
    return Reply(200)


def _nodes(call: Call) -> list[str]:
    nodes = call.body.get("nodes") if isinstance(call.body, dict) else None
    if not isinstance(nodes, list) or len(nodes) != 2 or not all(isinstance(n, dict) for n in nodes):
        raise bad_request("nodes is required")
    macs = [plain_mac(n.get("mac")) for n in nodes]
    devices = [call.store.get(call.scope_id, "devices", device_id(m)) for m in macs]
    if len(set(macs)) != 2 or any(d is None or d.get("type") != "gateway" for d in devices):
        raise bad_request("resource not found")
    return macs


def _refuse_members(call: Call, macs: list[str], *, but: str | None) -> None:
    for cluster in call.store.collection(call.scope_id, CLUSTERS).values():
        if cluster["id"] != but and {n["mac"] for n in cluster["nodes"]} & set(macs):
            raise bad_request("already belong to a ha cluster")


def _put_cluster(call: Call, cluster_id: str, macs: list[str]) -> Json:
    nodes = [{"mac": mac, "node": f"node{n}"} for n, mac in enumerate(macs)]
    call.store.put(call.scope_id, CLUSTERS, {"id": cluster_id, "nodes": nodes})
    audit.write(call, f"Update HA cluster {macs[0]}")
    return {"nodes": nodes}


def org_statistics(call: Call) -> Reply:
    rows = [_statistics(i) for i in inventory(call)]
    for name in ("site_id", "mac", "status"):
        if name in call.query:
            rows = [r for r in rows if r.get(name) == call.query[name]]
    return _listed(call, of_type(call, rows))


def site_statistics(call: Call) -> Reply:
    rows = [_statistics(i) for i in inventory(call) if i.get("site_id") == call.site_id]
    return _listed(call, of_type(call, rows))


def _listed(call: Call, rows: list[Json]) -> Reply:
    return list_reply(call, rows, "statistics", Rules(), whole=call.world.quirks.whole_inventory)


def one_statistics(call: Call) -> Json:
    device = _device(call)
    claimed = call.store.get(call.org_id, "inventory", device["id"]) or device
    return _statistics({**claimed, **device})


def _statistics(item: Json) -> Json:
    kept = ("id", "mac", "name", "model", "serial", "type", "org_id", "site_id", "created_time", "modified_time")
    made = {"status": item.get("status", "connected"), "version": item.get("version", VERSION)}
    return {k: item[k] for k in kept if item.get(k) is not None} | made


def versions(call: Call) -> list[Json]:
    wanted = call.query.get("model")
    claimed = of_type(call, inventory(call))
    models = {str(i["model"]) for i in claimed if i.get("model")}
    return [{"model": m, "version": VERSION, "tag": "stable"} for m in sorted(models) if wanted in (None, m)]


def upgrade(call: Call) -> Json:
    device = _device(call)
    version = call.body.get("version", VERSION) if isinstance(call.body, dict) else VERSION
    if not isinstance(version, str):
        raise bad_request("invalid field: version")
    claimed = call.store.get(call.org_id, "inventory", device["id"])
    if claimed is not None:
        call.store.put(call.org_id, "inventory", {**claimed, "version": version})
    audit.write(call, f'Upgrade Device "{device.get("name") or device.get("mac")}"')
    return {"status": "inprogress", "timestamp": call.world.now()}
