"""The devices of a site and device profiles; what the other modules need to know about MACs.

In: calls.  Out: answers and hooks for crud.  A device has its configuration at its site from the moment that it is
assigned; unassigned, it is claimed only (see reconciler.emulator.inventory).
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.rules import Rules
from reconciler.emulator.store import Store
from reconciler.emulator.world import Call

Json = dict[str, Any]


def plain_mac(mac: object) -> str:
    return str(mac).replace(":", "").replace("-", "").replace(".", "").lower()


def device_id(mac: object) -> str:
    return f"00000000-0000-0000-1000-{plain_mac(mac)}"


def answered(call: Call, written: str, plain: str) -> str:
    """A MAC as a list of successes or errors names it."""
    return written if call.world.quirks.answered_macs == "written" else plain


def texts(body: Json, name: str) -> list[str]:
    """A list of texts in a body; one that is left out or null is empty."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise bad_request(f"invalid field: {name}")
    return value


def of_type(call: Call, items: list[Json]) -> list[Json]:
    """Devices and device profiles list access points only, unless another `type` is asked for."""
    wanted = call.query.get("type", "ap")
    return [i for i in items if wanted in ("all", i.get("type") or "ap")]


def keep_type(_call: Call, before: Json | None, after: Json) -> None:
    """A profile is made for one type of device and stays so."""
    after["type"] = (before or after).get("type", "ap")


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
    """Lists the devices whose profile changed, or all that were named."""
    named = call.params["deviceprofile_id"]
    if call.store.get(call.org_id, "deviceprofiles", named) is None:
        raise not_found()
    if not isinstance(call.body, dict) or "macs" not in call.body:
        raise bad_request("macs is required")
    claimed = {i["mac"]: i for i in call.store.collection(call.org_id, "inventory").values()}
    done = []
    for written in texts(call.body, "macs"):
        item = claimed.get(plain_mac(written), {})
        device = call.store.get(item.get("site_id") or "", "devices", item.get("id") or "")
        if device is None:
            continue
        held = device.get("deviceprofile_id")
        changes = held != profile_id if profile_id else held == named
        if changes:
            after = {**device, "deviceprofile_id": profile_id, "modified_time": call.world.now()}
            call.store.put(item["site_id"], "devices", after)
            audit.record(call, "Update", "devices", before=device, after=after)
        if changes or call.world.quirks.assigned_listed == "all":
            done.append(answered(call, written, item["mac"]))
    return {"success": call.listed(done)}


DEVICES = Rules(listed=of_type)
PROFILES = Rules(listed=of_type, before_write=keep_type)
