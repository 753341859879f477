"""Claimed devices: the organisation's inventory, its claims and assignments.

In: calls.  Out: answers.  Partial failure stands inside the answer, as the vendor's OpenAPI document has it; texts and
statuses are those of its API pages and of the Terraform provider.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.crud import list_reply
from reconciler.emulator.devices import answered, device_id, place, plain_mac, texts
from reconciler.emulator.errors import bad_request
from reconciler.emulator.messages import Reply
from reconciler.emulator.paging import number
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]
OPERATIONS = ("assign", "delete", "downgrade_to_jsi", "unassign", "upgrade_to_mist")
CLAIM_CODE = re.compile(r"[A-Z0-9]{15}")
SHOWN = ("mac", "magic", "model", "serial", "type")
HARDWARE = (*SHOWN, "hw_rev", "sku", "chassis_mac", "chassis_serial")
FLAGS = ("disable_auto_config", "managed", "mist_configured")


def magic_for(mac: str) -> str:
    """The claim code of a device that a seed names without one."""
    return hashlib.sha256(mac.encode()).hexdigest()[:15].upper()


def inventory(call: Call) -> list[Json]:
    """The claimed devices that lists show by now, named as their configuration names them."""
    rows, store = [], call.store
    for item in store.listed(call.org_id, "inventory", call.world.now()):
        device = store.get(item.get("site_id") or "", "devices", item["id"]) or {}
        shared = {k: device[k] for k in ("name", "deviceprofile_id") if device.get(k)}
        rows.append({**item, **shared})
    return rows


def list_inventory(call: Call) -> Reply:
    query, rows = call.query, inventory(call)
    for name in ("serial", "model", "type", "site_id", "vc_mac", "magic"):
        if name in query:
            rows = [r for r in rows if r.get(name) == query[name]]
    if "mac" in query:
        rows = [r for r in rows if r["mac"] == plain_mac(query["mac"])]
    if query.get("vc", "").lower() not in ("true", "1"):
        # Members of a virtual chassis are shown on request; the one that gives it its MAC always.
        rows = [r for r in rows if r.get("vc_mac") in (None, "", r["mac"])]
    if query.get("unassigned", "").lower() in ("true", "1"):
        rows = [r for r in rows if not r.get("site_id")]
    if after := number(query, "modified_after", 0):
        rows = [r for r in rows if r.get("modified_time", 0) > after]
    return list_reply(call, rows, "inventory", Rules(), whole=call.world.quirks.whole_inventory)


def list_org_devices(call: Call) -> Json:
    rows = inventory(call)
    return {"results": [{"mac": r["mac"], "name": r.get("name") or r["mac"]} for r in rows]}


def claim(call: Call) -> Reply:
    """Claim codes in; one that is new becomes an access point, that of a released device the same device again.  400
    when none of them is a code."""
    if not isinstance(call.body, list) or not all(isinstance(c, str) for c in call.body):
        raise bad_request("list of claim codes expected")
    mine = {i.get("magic"): i for i in call.store.collection(call.org_id, "inventory").values()}
    others = {
        i.get("magic")
        for org_id in call.store.orgs
        if org_id != call.org_id
        for i in call.store.collection(org_id, "inventory").values()
    }
    answer: Json = {
        k: [] for k in ("added", "duplicated", "error", "reason", "inventory_added", "inventory_duplicated")
    }
    for code in call.body:
        magic = code.replace("-", "").upper()
        if not CLAIM_CODE.fullmatch(magic) or magic in others:
            answer["error"].append(code)
            answer["reason"].append("already claimed" if magic in others else "invalid claim code")
            continue
        known = "duplicated" if magic in mine else "added"
        if known == "added":
            mine[magic] = _claimed(call, magic)
        answer[known].append(code)
        answer[f"inventory_{known}"].append({k: mine[magic].get(k) for k in SHOWN})
    refused = bool(answer["error"]) and not (answer["added"] or answer["duplicated"])
    return Reply(400 if refused else 200, answer)


def _claimed(call: Call, magic: str) -> Json:
    mac = "5c5b35" + hashlib.sha256(magic.encode()).hexdigest()[:6]
    made: Json = {"magic": magic, "mac": mac, "serial": magic[:12], "model": "AP45", "type": "ap"}
    hardware = call.store.released.pop(magic, made)
    now = call.world.now()
    item: Json = {
        "id": device_id(hardware["mac"]),
        "org_id": call.org_id,
        "site_id": None,
        "created_time": now,
        "modified_time": now,
        **hardware,
    }
    call.store.put(call.org_id, "inventory", item)
    if call.world.quirks.list_lag_s:
        call.store.hide(item["id"], now + call.world.quirks.list_lag_s)
    audit.record(call, "Add", "inventory", after=item)
    return item


def change_inventory(call: Call) -> Reply:
    body = call.body
    if not isinstance(body, dict) or body.get("op") not in OPERATIONS:
        raise bad_request("invalid field: op")
    sites = call.store.collection(call.org_id, "sites")
    if body["op"] == "assign" and not (isinstance(body.get("site_id"), str) and body["site_id"] in sites):
        raise bad_request("invalid field: site_id")
    items = {i["mac"]: i for i in call.store.collection(call.org_id, "inventory").values()}
    serials = {i.get("serial"): mac for mac, i in items.items()}
    wanted = [(m, plain_mac(m)) for m in texts(body, "macs")]
    wanted += [(s, serials.get(s, s)) for s in texts(body, "serials")]
    answer: Json = {"op": body["op"], "success": [], "error": [], "reason": []}
    # A device may be named twice, by its MAC and by its serial number.
    once = {mac: written for written, mac in reversed(wanted)}
    for mac, written in reversed(once.items()):
        problem = "not found" if mac not in items else _change_one(call, body, items[mac])
        answer["error" if problem else "success"].append(answered(call, written, mac))
        answer["reason"] += [problem] if problem else []
    answer["success"] = call.listed(answer["success"])
    refused = answer["error"] and call.world.quirks.inventory_failures == "bad_request"
    return Reply(400 if refused else 200, answer)


def _change_one(call: Call, body: Json, item: Json) -> str | None:
    operation, store = body["op"], call.store
    target = body["site_id"] if operation == "assign" else None
    if operation == "assign" and item.get("site_id") and body.get("no_reassign"):
        return "already assigned"
    if operation in ("assign", "unassign") and item["mac"] in (stay := call.world.settings.current.devices.stay):
        return stay[item["mac"]]
    if operation in ("downgrade_to_jsi", "upgrade_to_mist"):
        return None
    if operation != "delete" and item.get("site_id") == target:
        # It stays where it is, with its configuration.
        store.put(call.org_id, "inventory", {**item, **_flags(body)})
        return None
    if item.get("site_id") and store.get(item["site_id"], "devices", item["id"]):
        store.remove(item["site_id"], "devices", item["id"])
    if operation == "delete":
        store.remove(call.org_id, "inventory", item["id"])
        if item.get("magic"):
            store.released[item["magic"]] = {key: item[key] for key in HARDWARE if key in item}
        audit.record(call, "Delete", "inventory", before=item)
        return None
    after = {**item, "site_id": target, "modified_time": call.world.now(), **_flags(body)}
    store.put(call.org_id, "inventory", after)
    if target:
        place(store, call.org_id, after)
    audit.record(call, "Update", "inventory", before=item, after=after)
    return None


def _flags(body: Json) -> Json:
    """Three flags go together; `mist_configured` wins where it is given."""
    given = {k: body[k] for k in FLAGS if isinstance(body.get(k), bool)}
    if given and "mist_configured" not in given:
        given["mist_configured"] = given.get("managed", True) and not given.get("disable_auto_config", False)
    return given


def replace(call: Call) -> Json:
    """A claimed device at no site takes the place of one at a site, with its configuration; that one is free then.

    `discard` names what is not taken along. Source: the vendor's OpenAPI document.
    """
    body, store = call.body, call.store
    if not isinstance(body, dict):
        raise bad_request("mac is required")
    items = store.collection(call.org_id, "inventory")
    old, new = (items.get(device_id(body.get(name))) for name in ("mac", "inventory_mac"))
    held = store.get(str(body.get("site_id")), "devices", old["id"]) if old else None
    if old is None or new is None or held is None or new.get("site_id") or new.get("type") != old.get("type"):
        raise bad_request("resource not found")
    place(store, call.org_id, after := {**new, "site_id": old["site_id"], "modified_time": call.world.now()})
    left = {"id", "mac", "serial", "model", "created_time", *texts(body, "discard")}
    taken = {key: value for key, value in held.items() if key not in left}
    store.put(old["site_id"], "devices", {**(store.get(old["site_id"], "devices", new["id"]) or {}), **taken})
    store.put(call.org_id, "inventory", after)
    store.remove(old["site_id"], "devices", old["id"])
    store.put(call.org_id, "inventory", {**old, "site_id": None, "modified_time": call.world.now()})
    audit.record(call, "Update", "inventory", before=new, after=after)
    return {"op": "assign", "success": [new["mac"]], "error": [], "reason": []}
