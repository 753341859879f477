"""The seed and state format, the same for both: organisations with their objects by collection name.

In: a mapping (from a JSON or YAML file).  Out: a filled store; and back.

    orgs:
      - id: 9777c1a0-6ef6-11e6-8bbf-02e208b2d34f      # left out: made from the emulator's seed number
        name: Acme
        setting: {...}                               # GET /orgs/{org_id}/setting
        sitegroups: [{name: emea, ...}]              # any configuration collection of the API, by its own name
        templates: [...]
        wlans: [...]                                 # WLANs in WLAN templates, with template_id
        networktemplates: [...]
        inventory: [{mac, serial, model, type, site_id}]
        logs: [{timestamp, admin_name, message, before, after, ...}]
        sites:
          - name: Paris-HQ
            sitegroup_ids: [...]
            setting: {...}                           # GET /sites/{site_id}/setting
            wlans: [...]                             # any configuration collection of a site
            webhooks: [...]
            devices: [{mac, type, name, ...}]
    tokens:                                          # optional; see reconciler.emulator.tokens
      secret-1: {role: read, name: auditor}
    files: [{owner, field, base64}]                  # optional; uploads, by the id of their object and its field
    released: [{mac, magic, serial, model, type}]    # optional; devices that no organisation has any more
    next_id: 0                                       # optional; ids already made, so that none is made twice

Objects are in the API's own shapes with ids for references, and are stored as they are: no default is filled in,
no check is made of their fields.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reconciler.emulator.apitokens import declare_stored
from reconciler.emulator.device_calls import CLUSTERS
from reconciler.emulator.devices import device_id, place, plain_mac
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.guests import GUESTS
from reconciler.emulator.inventory import magic_for
from reconciler.emulator.messages import copied
from reconciler.emulator.singletons import start_org
from reconciler.emulator.sites import start_setting, tz_offset
from reconciler.emulator.store import File
from reconciler.emulator.world import World

Json = dict[str, Any]
TOP = frozenset({"orgs", "tokens", "next_id", "files", "released"})


def read_seed(path: Path) -> Json:
    """The mapping in a JSON or YAML file."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EmulatorError(f"{path}: cannot be read: {error}") from error
    try:
        data = json.loads(text) if path.suffix == ".json" else _yaml(text)
    except ValueError as error:
        raise EmulatorError(f"{path}: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise EmulatorError(f"{path}: expected a mapping with the key orgs")
    return data


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe").load(text)
    except YAMLError as error:
        raise ValueError(str(error)) from error


def load(world: World, data: Mapping[str, Any]) -> None:
    """Fills an empty world."""
    if unknown := sorted(set(data) - TOP):
        raise EmulatorError(f"seed: unknown key {unknown[0]}; known are {', '.join(sorted(TOP))}")
    data = copied(dict(data))
    world.store.ids.made = data.get("next_id") or 0
    for org in _objects(data.get("orgs"), "orgs"):
        _load_org(world, org)
    _load_files(world, data.get("files"))
    for device in _objects(data.get("released"), "released"):
        world.store.released[str(device.get("magic"))] = _prepared("inventory", device)
    world.tokens.replace(data.get("tokens") or {})
    for org_id in world.store.orgs:
        declare_stored(world.store, world.tokens, org_id)


def _load_files(world: World, files: Any) -> None:
    for row in _objects(files, "files"):
        try:
            content = base64.b64decode(row["base64"], validate=True)
            world.store.put_file(str(row["owner"]), str(row["field"]), File(content))
        except (KeyError, TypeError, ValueError) as error:
            raise EmulatorError("seed: a file needs owner, field and base64") from error


def _load_org(world: World, org: Json) -> None:
    org_id = org["id"] = org.get("id") or world.store.ids()
    collections = {"sites", "inventory", GUESTS, *_names(world, "orgs")}
    found = {name: _objects(org.pop(name), name) for name in list(org) if name in collections}
    setting, logs = org.pop("setting", None), org.pop("logs", None)
    world.store.deleted_sites |= set(org.pop("deleted_sites", ()))
    start_org(world, org)
    if setting:
        world.store.settings[org_id] |= setting
    for site in found.pop("sites", []):
        _load_site(world, org_id, site)
    for name, items in found.items():
        for item in items:
            _put(world, org_id, name, {**_prepared(name, item), "org_id": org_id})
    _place_claimed(world, org_id)
    for entry in _objects(logs, "logs"):
        known = {"id": entry.get("id") or world.store.ids(), "timestamp": world.now(), "message": ""}
        world.store.log(org_id, {**known, **entry, "org_id": org_id})


def _prepared(name: str, item: Json) -> Json:
    if name == "sitegroups":
        return {k: v for k, v in item.items() if k != "site_ids"}
    if name != "inventory":
        return item
    if "mac" not in item:
        raise EmulatorError("seed: a claimed device needs a mac")
    mac = _mac(item["mac"])
    return {"type": "ap", "id": device_id(mac), "magic": magic_for(mac), **item, "mac": mac}


def _mac(value: Any) -> str:
    """A MAC of digits only is a number to YAML; its leading zeros are known."""
    return plain_mac(f"{value:012d}" if isinstance(value, int) and not isinstance(value, bool) else value)


def _place_claimed(world: World, org_id: str) -> None:
    """Claimed devices that name a site have a configuration there."""
    for item in list(world.store.collection(org_id, "inventory").values()):
        site_id = item.get("site_id")
        if not site_id or world.store.get(site_id, "devices", item["id"]):
            continue
        if site_id not in world.store.site_org:
            raise EmulatorError(f"seed: claimed device {item['mac']} names an unknown site {site_id}")
        place(world.store, org_id, item)


def _load_site(world: World, org_id: str, site: Json) -> None:
    site_id = site["id"] = site.get("id") or world.store.ids()
    collections = {GUESTS, CLUSTERS, *_names(world, "sites")}
    found = {name: _objects(site.pop(name), name) for name in list(site) if name in collections}
    setting = site.pop("setting", None)
    site.setdefault("sitegroup_ids", [])
    site.setdefault("tzoffset", tz_offset(site.setdefault("timezone", "UTC"), world.now()))
    _put(world, org_id, "sites", {**site, "org_id": org_id})
    start_setting(world, org_id, site_id, setting)
    for name, items in found.items():
        for item in items:
            if name == "devices":
                _claim(world, org_id, site_id, item)
            item = {**item, "org_id": org_id, "site_id": site_id}
            if name != "devices":
                item["for_site"] = True
            _put(world, site_id, name, item)


def _claim(world: World, org_id: str, site_id: str, device: Json) -> None:
    """A device of a site is a claimed device, listed as such or not."""
    if "mac" not in device:
        raise EmulatorError("seed: a device needs a mac")
    device["mac"] = _mac(device["mac"])
    device.setdefault("id", device_id(device["mac"]))
    device.setdefault("type", "ap")
    shared: Json = {k: device[k] for k in ("id", "type", "serial", "model") if k in device}
    known = world.store.get(org_id, "inventory", device["id"]) or {"magic": magic_for(device["mac"])}
    item: Json = {**known, **shared, "mac": device["mac"], "org_id": org_id, "site_id": site_id}
    _put(world, org_id, "inventory", item)


def _put(world: World, scope_id: str, name: str, item: Json) -> None:
    now = world.now()
    item = {"id": item.get("id") or world.store.ids(), "created_time": now, "modified_time": now, **item}
    world.store.put(scope_id, name, item)


def _names(world: World, scope: str) -> Iterator[str]:
    return (c.name for c in world.routes.collections.values() if c.scope == scope)


def _objects(value: Any, name: str) -> list[Json]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise EmulatorError(f"seed: {name} must be a list of objects")
    return value


def dump(world: World) -> Json:
    """The store as one mapping that `load` takes."""
    store = world.store
    orgs = []
    for org_id, org in store.orgs.items():
        sites = [
            {**site, "setting": store.settings.get(site["id"], {}), **_collections(world, site["id"])}
            for site in store.sites(org_id)
        ]
        own = {k: v for k, v in _collections(world, org_id).items() if k != "sites"}
        entry = {**org, "setting": store.settings[org_id], **own, "sites": sites}
        orgs.append(entry | {"logs": store.logs.get(org_id, []), "deleted_sites": sorted(store.deleted_sites)})
    files = [
        {"owner": owner, "field": name, "base64": base64.b64encode(file.content).decode()}
        for owner, found in store.files.items()
        for name, file in found.items()
    ]
    state = {"orgs": orgs, "tokens": world.tokens.raw, "next_id": store.ids.made}
    more = {"files": files, "released": list(store.released.values())}
    whole: Json = copied(state | {name: value for name, value in more.items() if value})
    return whole


def _collections(world: World, scope_id: str) -> Json:
    return {
        name: list(items.values())
        for (scope, name), items in world.store.collections.items()
        if scope == scope_id and items
    }
