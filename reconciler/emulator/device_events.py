"""What devices say of their configuration: events of the organisation and of a site.

In: calls.  Out: one event for each switch, gateway and access point that a change in the audit log concerns: that its
configuration was changed, and a while later what came of it.  No device is behind them: the `devices` setting says
which refuse, which are silent and how long they take.  Types of events are those of the vendor's list of device events
and of issue 122 of its Terraform provider; the envelope is that of the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.emulator import results
from reconciler.emulator.inventory import inventory
from reconciler.emulator.logs import EVENT
from reconciler.emulator.world import Call

Json = dict[str, Any]
PREFIXES = {"ap": "AP", "gateway": "GW", "switch": "SW"}
NAMED = {
    "networktemplate": ("switch",),
    "gatewaytemplate": ("gateway",),
    "deviceprofile": ("ap", "gateway", "switch"),
}
"""What a device or its site names, and which types of device it configures."""


def search(call: Call) -> Json:
    rows = _events(call)
    rows.sort(key=lambda row: row["timestamp"], reverse=call.query.get("sort", "-timestamp").startswith("-"))
    return results.search(call, rows)


def count(call: Call) -> Json:
    return results.count(call, _events(call), distinct="model")


def _events(call: Call) -> list[Json]:
    start, end = results.times(call)
    now, query = call.world.now(), call.query
    wanted = query.get("device_type", "ap")
    rows: list[Json] = []
    for entry in call.store.logs.get(call.org_id, []):
        if EVENT in entry and entry["timestamp"] > start - call.world.settings.current.devices.delay_s:
            for item in _concerned(call, entry):
                rows += _said(call, entry, item)
    return [
        row
        for row in rows
        if start <= row["timestamp"] <= min(end, now)
        and call.site_id in (None, row["site_id"])
        and wanted in ("all", row["device_type"])
        and all(query.get(name, str(row[name])) == str(row[name]) for name in ("mac", "model", "type"))
        and query.get("text", "") in row["text"]
    ]


def _concerned(call: Call, entry: Json) -> Iterator[Json]:
    """The assigned devices whose configuration a change of the log is part of."""
    kind, meta = entry[EVENT]["type"].partition("-")[2], entry[EVENT]["metadata"]
    for item in inventory(call):
        site_id = item.get("site_id")
        if not site_id:
            continue
        site = call.store.site(site_id)
        if kind == "device":
            found = meta.get("device_id") == item["id"]
        elif kind in ("site", "site-setting"):
            found = meta.get("site_id") == site_id
        elif item["type"] in NAMED.get(kind, ()):
            found = meta.get(f"{kind}_id") in (item.get(f"{kind}_id"), site.get(f"{kind}_id")) != (None, None)
        else:
            found = False
        if found:
            yield item


def _said(call: Call, entry: Json, item: Json) -> Iterator[Json]:
    devices = call.world.settings.current.devices
    prefix = PREFIXES.get(str(item.get("type")))
    if prefix is None:
        return
    told = {
        "org_id": call.org_id,
        "site_id": item["site_id"],
        "mac": item["mac"],
        "device_type": item["type"],
        "model": item.get("model"),
    }
    yield {**told, "type": f"{prefix}_CONFIG_CHANGED_BY_USER", "timestamp": entry["timestamp"], "text": ""}
    if item["mac"] in devices.silent or item.get("connected") is False:
        return
    text = devices.refuse.get(item["mac"])
    name = f"{prefix}_CONFIGURED" if text is None else f"{prefix}_CONFIG_FAILED"
    yield {**told, "type": name, "timestamp": entry["timestamp"] + devices.delay_s, "text": text or ""}
