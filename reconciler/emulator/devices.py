"""Claimed devices (the organisation's inventory), the devices of a site, device profiles, Mist Edges.

In: calls.  Out: answers and hooks for crud.  A device has its configuration at its site from the moment that it is
assigned; unassigned, it is claimed only.  Partial failure is told inside the answer, as the vendor's OpenAPI
document has it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.crud import list_reply
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.messages import Reply
from reconciler.emulator.paging import number
from reconciler.emulator.rules import Rules
from reconciler.emulator.store import Store
from reconciler.emulator.world import Call

Json = dict[str, Any]
OPERATIONS = ("assign", "delete", "downgrade_to_jsi", "unassign", "upgrade_to_mist")


def plain_mac(mac: object) -> str:
    return str(mac).replace(":", "").replace("-", "").lower()


def device_id(mac: object) -> str:
    return f"00000000-0000-0000-1000-{plain_mac(mac)}"


def of_type(call: Call, items: list[Json]) -> list[Json]:
    """Devices and device profiles list access points only, unless another `type` is asked for."""
    wanted = call.query.get("type", "ap")
    kept = [i for i in items if wanted in ("all", i.get("type", "ap"))]
    return [i for i in kept if "name" not in call.query or i.get("name") == call.query["name"]]


def keep_type(_call: Call, before: Json | None, after: Json) -> None:
    """A profile is made for one type of device and stays so."""
    after["type"] = (before or after).get("type", "ap")


def inventory(store: Store, org_id: str) -> list[Json]:
    """The claimed devices, named as their configuration names them."""
    rows = []
    for item in store.collection(org_id, "inventory").values():
        device = store.get(item.get("site_id") or "", "devices", item["id"]) or {}
        shared = {k: device[k] for k in ("name", "deviceprofile_id") if device.get(k)}
        rows.append({**item, **shared})
    return rows


def list_inventory(call: Call) -> Reply:
    query, rows = call.query, inventory(call.store, call.org_id)
    for name in ("serial", "model", "type", "site_id", "vc_mac"):
        if name in query:
            rows = [r for r in rows if r.get(name) == query[name]]
    if "mac" in query:
        rows = [r for r in rows if r["mac"] == plain_mac(query["mac"])]
    if "unassigned" in query:
        wanted = query["unassigned"].lower() in ("true", "1")
        rows = [r for r in rows if (not r.get("site_id")) == wanted]
    if "modified_after" in query:
        after = number(query, "modified_after", 0)
        rows = [r for r in rows if r["modified_time"] > after]
    return list_reply(call, rows, "inventory", Rules())


def list_org_devices(call: Call) -> Json:
    rows = inventory(call.store, call.org_id)
    return {"results": [{"mac": r["mac"], "name": r.get("name") or r["mac"]} for r in rows]}


def claim(call: Call) -> Json:
    """Claim codes in; each new one becomes an access point."""
    if not isinstance(call.body, list) or not all(isinstance(c, str) for c in call.body):
        raise bad_request("list of claim codes expected")
    known = {i.get("magic") for i in call.store.collection(call.org_id, "inventory").values()}
    added: list[str] = []
    duplicated: list[str] = []
    for code in call.body:
        (duplicated if code in known else added).append(code)
        known.add(code)
    for code in added:
        mac = "5c5b35" + hashlib.sha256(code.encode()).hexdigest()[:6]
        item = {"magic": code, "mac": mac, "serial": code[:12], "model": "AP45", "type": "ap"}
        add_claimed(call, item)
    return {"added": added, "duplicated": duplicated, "error": [], "reason": []}


def add_claimed(call: Call, item: Json) -> None:
    now = call.world.now()
    times = {"created_time": now, "modified_time": now}
    full = {"id": device_id(item["mac"]), "org_id": call.org_id, "site_id": None, **times, **item}
    call.store.put(call.org_id, "inventory", full)
    audit.record(call, "Add", "inventory", after=full)


def change_inventory(call: Call) -> Json:
    body = call.body
    if not isinstance(body, dict) or body.get("op") not in OPERATIONS:
        raise bad_request("invalid field: op")
    if body["op"] == "assign" and body.get("site_id") not in call.store.collection(call.org_id, "sites"):
        raise bad_request("invalid field: site_id")
    items = {i["mac"]: i for i in call.store.collection(call.org_id, "inventory").values()}
    serials = {i.get("serial"): mac for mac, i in items.items()}
    wanted = [plain_mac(m) for m in body.get("macs") or ()]
    wanted += [serials.get(s, s) for s in body.get("serials") or ()]
    answer: Json = {"op": body["op"], "success": [], "error": [], "reason": []}
    for mac in wanted:
        problem = "not found" if mac not in items else _change_one(call, body, items[mac])
        answer["error" if problem else "success"].append(mac)
        answer["reason"] += [problem] if problem else []
    return answer


def _change_one(call: Call, body: Json, item: Json) -> str | None:
    operation, store = body["op"], call.store
    if operation == "assign" and item.get("site_id") and body.get("no_reassign"):
        return "already assigned"
    if operation in ("downgrade_to_jsi", "upgrade_to_mist"):
        return None
    if item.get("site_id") and store.get(item["site_id"], "devices", item["id"]):
        store.remove(item["site_id"], "devices", item["id"])
    if operation == "delete":
        store.remove(call.org_id, "inventory", item["id"])
        audit.record(call, "Delete", "inventory", before=item)
        return None
    after = {**item, "site_id": body["site_id"] if operation == "assign" else None}
    after["modified_time"] = call.world.now()
    store.put(call.org_id, "inventory", after)
    if operation == "assign":
        place(store, call.org_id, after)
    audit.record(call, "Update", "inventory", before=item, after=after)
    return None


def place(store: Store, org_id: str, item: Json) -> None:
    """A claimed device starts to have a configuration at its site."""
    shared = ("id", "mac", "serial", "model", "type", "created_time", "modified_time", "site_id")
    device = {"name": "", **{k: item[k] for k in shared if k in item}, "org_id": org_id}
    store.put(item["site_id"], "devices", device)


def assign_profile(call: Call) -> Json:
    return _profile(call, call.params["deviceprofile_id"])


def unassign_profile(call: Call) -> Json:
    return _profile(call, None)


def _profile(call: Call, profile_id: str | None) -> Json:
    if call.store.get(call.org_id, "deviceprofiles", call.params["deviceprofile_id"]) is None:
        raise not_found()
    macs = call.body.get("macs") if isinstance(call.body, dict) else None
    if not isinstance(macs, list):
        raise bad_request("macs is required")
    done = []
    for item in inventory(call.store, call.org_id):
        device = call.store.get(item.get("site_id") or "", "devices", item["id"])
        if device is not None and item["mac"] in {plain_mac(m) for m in macs}:
            after = {**device, "deviceprofile_id": profile_id, "modified_time": call.world.now()}
            call.store.put(item["site_id"], "devices", after)
            audit.record(call, "Update", "devices", before=device, after=after)
            done.append(item["mac"])
    return {"success": done}


def listed_edges(call: Call, items: list[Json]) -> list[Json]:
    """Edges of the organisation; those of a site only when `for_site` asks for them."""
    wanted = call.query.get("for_site", "false")
    if wanted == "any":
        return items
    return [e for e in items if bool(e.get("site_id")) == (wanted == "true")]


def _edges_of_site(call: Call) -> dict[str, Json]:
    edges = call.store.collection(call.org_id, "mxedges")
    return {k: {**e, "for_site": True} for k, e in edges.items() if e.get("site_id") == call.site_id}


def list_site_edges(call: Call) -> Reply:
    return list_reply(call, list(_edges_of_site(call).values()), "mxedge", Rules())


def site_edge(call: Call) -> Json:
    edge = _edges_of_site(call).get(call.params["mxedge_id"])
    if edge is None:
        raise not_found()
    return edge


def get_site_edge(call: Call) -> Json:
    return call.view(site_edge(call), "mxedge")


def delete_site_edge(call: Call) -> Json:
    edge = site_edge(call)
    call.store.remove(call.org_id, "mxedges", edge["id"])
    audit.record(call, "Delete", "mxedges", before=edge)
    return {}


def assign_edges(call: Call) -> Json:
    body = call.body if isinstance(call.body, dict) else {}
    if body.get("site_id") not in call.store.collection(call.org_id, "sites"):
        raise bad_request("invalid field: site_id")
    return _move_edges(call, body.get("mxedge_ids"), body["site_id"])


def unassign_edges(call: Call) -> Json:
    body = call.body if isinstance(call.body, dict) else {}
    return _move_edges(call, body.get("mxedge_ids"), None)


def _move_edges(call: Call, ids: Any, site_id: str | None) -> Json:
    if not isinstance(ids, list):
        raise bad_request("mxedge_ids is required")
    edges = call.store.collection(call.org_id, "mxedges")
    known = [i for i in ids if i in edges]
    for edge_id in known:
        edge = {**edges[edge_id], "site_id": site_id, "for_site": site_id is not None}
        call.store.put(call.org_id, "mxedges", edge)
    return {"success": known}


def without_switches(_call: Call, items: list[Json]) -> list[Json]:
    """The list of EVPN topologies leaves out what only the item's own answer holds."""
    return [{k: v for k, v in i.items() if k not in ("switches", "switch_configs")} for i in items]


DEVICES = Rules(listed=of_type)
PROFILES = Rules(listed=of_type, before_write=keep_type)
EDGES = Rules(listed=listed_edges, reachable=lambda _call, edge: not edge.get("site_id"))
EVPN = Rules(listed=without_switches)
