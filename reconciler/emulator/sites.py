"""Sites, site groups and the templates that sites name: what a write or a delete of one does to the others.

In: calls on `sites`, `sitegroups` and templates.  Out: hooks for crud.  Sources: the vendor's OpenAPI document
(membership is written at the site, read on both sides) and the Terraform provider's issues 76 and 200.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconciler.emulator import audit
from reconciler.emulator.errors import bad_request
from reconciler.emulator.normalise import normalise
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call, World

Json = dict[str, Any]


def tz_offset(timezone: object, now: float) -> int:
    """Minutes from UTC at this moment; 0 for a name that is no time zone."""
    try:
        offset = dt.datetime.fromtimestamp(now, ZoneInfo(str(timezone))).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return 0
    return int(offset.total_seconds() // 60) if offset else 0


def before_site_write(call: Call, before: Json | None, after: Json) -> None:
    if before is None:
        _refuse_duplicated_groups(call, after)
        after["id"] = call.store.ids()
        after.setdefault("sitegroup_ids", [])
        start_setting(call.world, call.org_id, after["id"])
    if after.get("sitegroup_ids") is None:
        after["sitegroup_ids"] = []
    after["tzoffset"] = tz_offset(after.get("timezone") or "UTC", call.world.now())
    _join_groups(call.world, before, after)


def start_setting(world: World, org_id: str, site_id: str, given: Json | None = None) -> None:
    """A site's setting exists with the site."""
    now = world.now()
    value = dict(given) if given is not None else normalise({}, "site_setting", world.facts, world.quirks)
    value |= {"org_id": org_id, "site_id": site_id, "for_site": True}
    value.setdefault("created_time", now)
    value.setdefault("modified_time", now)
    world.store.settings[site_id] = value


def _refuse_duplicated_groups(call: Call, site: Json) -> None:
    groups = call.store.collection(call.org_id, "sitegroups")
    names = Counter(g.get("name") for g in groups.values())
    for group_id in site.get("sitegroup_ids") or ():
        name = groups.get(group_id, {}).get("name")
        if names[name] > 1:
            raise bad_request(f"SiteGroup name '{name}' is already used")


def _join_groups(world: World, before: Json | None, after: Json) -> None:
    """Two writes under way at once that share a group: the group does not hear of the later one."""
    members = set(after["sitegroup_ids"])
    groups = members | set((before or {}).get("sitegroup_ids") or ())
    world.store.lost_members -= {pair for pair in world.store.lost_members if pair[1] == after["id"]}
    if world.quirks.racing_sitegroups:
        racing = {g for g in members if world.writing.get(g)}
        world.store.lost_members |= {(g, after["id"]) for g in racing}
    held = world.held.setdefault(threading.get_ident(), [])
    for group in groups:
        world.writing[group] = world.writing.get(group, 0) + 1
        held.append(group)


def release(world: World) -> None:
    """The call of this thread is answered: its site groups are free again."""
    for group in world.held.pop(threading.get_ident(), []):
        world.writing[group] -= 1


def show_group(call: Call, group: Json) -> Json:
    """A site group with its members, read from the sites."""
    lost = call.store.lost_members
    members = [
        site["id"]
        for site in call.store.sites(call.org_id)
        if group["id"] in (site.get("sitegroup_ids") or ()) and (group["id"], site["id"]) not in lost
    ]
    return {**group, "site_ids": members}


def before_group_write(_call: Call, _before: Json | None, after: Json) -> None:
    after.pop("site_ids", None)


def after_group_delete(call: Call, group: Json) -> None:
    for site in list(call.store.sites(call.org_id)):
        if group["id"] in (site.get("sitegroup_ids") or ()):
            kept = [g for g in site["sitegroup_ids"] if g != group["id"]]
            call.store.put(call.org_id, "sites", {**site, "sitegroup_ids": kept})


def after_template_delete(call: Call, template: Json) -> None:
    """Nothing hinders the delete of a template in use; sites keep the dangling id, or lose it."""
    if call.world.quirks.keep_dangling_ids:
        return
    for site in list(call.store.sites(call.org_id)):
        cleared = {k: None for k, v in site.items() if v == template["id"] and k != "id"}
        if cleared:
            call.store.put(call.org_id, "sites", {**site, **cleared})


def after_wlan_template_delete(call: Call, template: Json) -> None:
    """The organisation's WLANs in a template go with it."""
    wlans = list(call.store.collection(call.org_id, "wlans").values())
    for wlan in [w for w in wlans if w.get("template_id") == template["id"]]:
        call.store.remove(call.org_id, "wlans", wlan["id"])
        audit.record(call, "Delete", "wlans", before=wlan)


def delete_site(call: Call) -> Json:
    """A site goes with all that lives in it; its devices go back to the claimed ones, its edges likewise."""
    site = call.store.site(call.params["site_id"])
    org_id = call.org_id
    audit.record(call, "Delete", "sites", before=site)
    for name in ("inventory", "mxedges"):
        for item in list(call.store.collection(org_id, name).values()):
            if item.get("site_id") == site["id"]:
                call.store.put(org_id, name, {**item, "site_id": None})
    call.store.remove_site(site["id"])
    return {}


SITES = Rules(before_write=before_site_write)
SITEGROUPS = Rules(before_write=before_group_write, shown=show_group, after_delete=after_group_delete)
TEMPLATE = Rules(after_delete=after_template_delete)
WLAN_TEMPLATE = Rules(after_delete=after_wlan_template_delete)
