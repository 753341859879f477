"""The organisation's audit log: who changed what, when, from what to what.

In: an action on an object.  Out: entries as `GET /orgs/{org_id}/logs` lists them.  The vendor's OpenAPI document
gives the entry; the flat `<kind>_id` keys, the form of the message and the "None" ids of deleted objects are how
public programs read live entries.  Secrets are masked in `before` and `after`.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import notify
from reconciler.emulator.account import admin_id
from reconciler.emulator.logs import EVENT
from reconciler.emulator.masking import masked
from reconciler.emulator.world import Call

Json = dict[str, Any]
LABELS = {
    "orgs": "Org",
    "sites": "Site",
    "sitegroups": "Site Group",
    "templates": "WLAN Template",
    "wlans": "WLAN",
    "networktemplates": "Network Template",
    "rftemplates": "RF Template",
    "aptemplates": "AP Template",
    "sitetemplates": "Site Template",
    "gatewaytemplates": "Gateway Template",
    "alarmtemplates": "Alarm Template",
    "deviceprofiles": "Device Profile",
    "devices": "Device",
    "inventory": "Device",
    "servicepolicies": "Service Policy",
    "usermacs": "User MAC",
    "webhooks": "Webhook",
    "wxtags": "WxLAN Tag",
    "wxrules": "WxLAN Rule",
    "wxtunnels": "WxLAN Tunnel",
    "psks": "PSK",
    "maps": "Map",
    "zones": "Zone",
    "rssizones": "RSSI Zone",
    "evpn_topologies": "EVPN Topology",
    "nactags": "NAC Tag",
    "nacrules": "NAC Rule",
    "mxedges": "Mist Edge",
    "secpolicies": "Security Policy",
    "ssos": "SSO",
    "ssoroles": "SSO Role",
    "vpns": "VPN",
}
# The kinds whose id goes by another name than the collection's singular.
KEYS = {"inventory": "device_id"}


def label(collection: str) -> str:
    return LABELS.get(collection, collection.removesuffix("s").replace("_", " ").title())


def id_key(collection: str) -> str:
    if collection in KEYS:
        return KEYS[collection]
    return collection.removesuffix("ies") + "y_id" if collection.endswith("ies") else collection[:-1] + "_id"


def record(
    call: Call,
    action: str,
    collection: str,
    *,
    before: Json | None = None,
    after: Json | None = None,
) -> None:
    """One entry for an object made, changed or deleted."""
    value = after or before or {}
    name = value.get("name") or value.get("ssid") or value.get("mac") or value.get("id")
    extra: Json = {id_key(collection): "None" if action == "Delete" else value.get("id")}
    if value.get("template_id"):
        extra["template_id"] = value["template_id"]
    if before is None or after is None:
        old, new = before, after
    else:
        old, new = changed_leaves(before, after)
        if not old and not new:
            return
    kind = id_key(collection).removesuffix("_id").replace("_", "-")
    extra[EVENT] = {"type": f"{action.lower()}-{kind}", "metadata": {**extra, "name": name}}
    write(call, f'{action} {label(collection)} "{name}"', before=old, after=new, extra=extra)


def write(
    call: Call,
    message: str,
    *,
    before: Json | None = None,
    after: Json | None = None,
    extra: Json | None = None,
) -> None:
    """One entry with a message of its own, such as that of a setting."""
    world, caller = call.world, call.caller
    admin = caller.facts.email or caller.admin
    entry: Json = {
        "id": world.store.ids(),
        "timestamp": world.now(),
        "admin_id": admin_id(admin),
        "admin_name": caller.admin if not caller.facts.email else f"{caller.admin} {caller.facts.email}",
        "message": message,
        "org_id": call.org_id,
        "site_id": call.site_id,
        "src_ip": caller.src_ip,
        "for_site": call.site_id is not None,
        **(extra or {}),
    }
    if before is not None:
        entry["before"] = masked(before)
    if after is not None:
        entry["after"] = masked(after)
    world.store.log(call.org_id, entry)
    notify.audited(call, entry)


def changed_leaves(before: Any, after: Any) -> tuple[Json, Json]:
    """Of an update only what differs, nested; a list is one leaf."""
    old: Json = {}
    new: Json = {}
    for key in sorted({*before, *after} - {"modified_time"}):
        one, other = before.get(key), after.get(key)
        if one == other and (key in before) == (key in after):
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            one, other = changed_leaves(one, other)
        old |= {key: one} if key in before else {}
        new |= {key: other} if key in after else {}
    return old, new
