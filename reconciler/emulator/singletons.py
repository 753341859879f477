"""Objects that exist by themselves: an organisation, its setting, the setting of a site.

In: GET and PUT calls.  Out: the whole object.  They have no POST and no DELETE (an organisation has both, at its
own paths).
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.logs import EVENT
from reconciler.emulator.messages import Reply
from reconciler.emulator.normalise import normalise
from reconciler.emulator.sites import start_setting
from reconciler.emulator.update import created, updated
from reconciler.emulator.world import Call, World

Json = dict[str, Any]


def start_org(world: World, org: Json) -> None:
    now = world.now()
    org.setdefault("created_time", now)
    org.setdefault("modified_time", now)
    world.store.orgs[org["id"]] = org
    setting = {"org_id": org["id"], "for_site": False, "created_time": now, "modified_time": now}
    world.store.settings.setdefault(org["id"], setting)
    world.store.version += 1


def get_org(call: Call) -> Json:
    return call.view(call.store.orgs[call.org_id], "org")


def put_org(call: Call) -> Json:
    before = call.store.orgs[call.org_id]
    after = _changed(call, before, "org")
    call.store.orgs[call.org_id] = after
    audit.record(call, "Update", "orgs", before=before, after=after)
    return call.view(after, "org")


def create_org(call: Call) -> Json:
    world = call.world
    org = normalise(created(call.body, "org", world.facts, world.quirks), "org", world.facts, world.quirks)
    org["id"] = world.store.ids()
    start_org(world, org)
    return call.view(org, "org")


def delete_org(call: Call) -> Reply:
    call.store.remove_org(call.org_id)
    return Reply(200)


def get_setting(call: Call) -> Json:
    return call.view(_setting(call), _schema(call))


def put_setting(call: Call) -> Json:
    before = _setting(call)
    after = _changed(call, before, _schema(call))
    call.store.settings[call.scope_id] = after
    old, new = audit.changed_leaves(before, after)
    if old or new:
        audit.write(
            call, f"Update {'Site' if call.site_id else 'Org'} Settings", before=old, after=new, extra=_event(call)
        )
    return call.view(after, _schema(call))


def _event(call: Call) -> Json:
    kind = "site" if call.site_id else "org"
    return {EVENT: {"type": f"update-{kind}-setting", "metadata": {f"{kind}_id": call.scope_id}}}


def _schema(call: Call) -> str:
    return "site_setting" if call.site_id else "org_setting"


def _setting(call: Call) -> Json:
    if call.scope_id not in call.store.settings:
        start_setting(call.world, call.org_id, call.scope_id)
    return call.store.settings[call.scope_id]


def _changed(call: Call, before: Json, schema: str) -> Json:
    world = call.world
    after = updated(before, call.body, schema, world.facts, world.quirks)
    after = normalise(after, schema, world.facts, world.quirks, written=frozenset(call.body))
    after["modified_time"] = world.now()
    world.store.version += 1
    return after
