"""List, create, read, update and delete for every configuration collection alike.

In: a call, the collection and the rules of its kind.  Out: the JSON of a 200 answer, or an ApiError.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.errors import not_found
from reconciler.emulator.messages import Reply
from reconciler.emulator.normalise import normalise
from reconciler.emulator.paging import paged
from reconciler.emulator.routes import Collection
from reconciler.emulator.rules import Rules
from reconciler.emulator.update import created, updated
from reconciler.emulator.world import Call

Json = dict[str, Any]


NOT_FILTERS = frozenset({"limit", "page", "type", "for_site"})


def list_objects(call: Call, collection: Collection, rules: Rules) -> Reply:
    """What lists show by now, filtered by the fields that the route takes as parameters."""
    items = call.store.listed(call.scope_id, collection.name, call.world.now())
    names = call.operation.query & call.query.keys() - (NOT_FILTERS if rules.listed else {"limit", "page"})
    for name in sorted(n for n in names if call.query[n] != "all"):
        items = [item for item in items if str(item.get(name)) == call.query[name]]
    return list_reply(call, rules.listed(call, items) if rules.listed else items, collection.schema, rules)


def list_reply(call: Call, items: list[Json], schema: str, rules: Rules, *, whole: bool = False) -> Reply:
    """The items, or the page of them that was asked for, as the caller may see them."""
    items = items[call.shift :]
    quirks = call.world.quirks
    page, headers = (
        paged(items, call.request, headers=quirks.page_headers, whole=whole) if call.operation.paged else (items, {})
    )
    return Reply(200, [show(call, item, schema, rules) for item in page], headers)


def show(call: Call, value: Json, schema: str, rules: Rules) -> Json:
    return call.view(rules.shown(call, value) if rules.shown else value, schema)


def find(call: Call, collection: Collection, rules: Rules) -> Json:
    object_id = call.params[collection.item]
    value = call.store.get(call.scope_id, collection.name, object_id)
    if value is None or (rules.reachable and not rules.reachable(call, value)):
        raise not_found()
    return value


def get_object(call: Call, collection: Collection, rules: Rules) -> Json:
    return show(call, find(call, collection, rules), collection.schema, rules)


def create_object(call: Call, collection: Collection, rules: Rules) -> Json:
    value = created(call.body, collection.schema, call.world.facts, call.world.quirks)
    if rules.before_write:
        rules.before_write(call, None, value)
    value = stored(call, value, collection)
    audit.record(call, "Add", collection.name, after=value)
    return show(call, value, collection.schema, rules)


def stored(call: Call, value: Json, collection: Collection) -> Json:
    """Gives a new object its id, times and scope, and stores it as the server would."""
    world = call.world
    value = normalise(value, collection.schema, world.facts, world.quirks)
    fields = world.facts.of(collection.schema, value).fields
    now = world.now()
    value |= {"id": value.get("id") or call.store.ids(), "org_id": call.org_id}
    value |= {"created_time": now, "modified_time": now}
    if call.site_id:
        value["site_id"] = call.site_id
    if "for_site" in fields:
        value["for_site"] = call.site_id is not None
    call.store.put(call.scope_id, collection.name, value)
    if world.quirks.list_lag_s:
        call.store.hide(value["id"], now + world.quirks.list_lag_s)
    return value


def update_object(call: Call, collection: Collection, rules: Rules) -> Json:
    before = find(call, collection, rules)
    return show(call, changed(call, before, collection, rules), collection.schema, rules)


def changed(call: Call, before: Json, collection: Collection, rules: Rules, *, scope_id: str | None = None) -> Json:
    after = updated(before, call.body, collection.schema, call.world.facts, call.world.quirks)
    if rules.before_write:
        rules.before_write(call, before, after)
    after = normalise(after, collection.schema, call.world.facts, call.world.quirks, written=frozenset(call.body))
    after["modified_time"] = call.world.now()
    call.store.put(scope_id or call.scope_id, collection.name, after)
    audit.record(call, "Update", collection.name, before=before, after=after)
    return after


def delete_object(call: Call, collection: Collection, rules: Rules) -> Json:
    value = find(call, collection, rules)
    call.store.remove(call.scope_id, collection.name, value["id"])
    audit.record(call, "Delete", collection.name, before=value)
    if rules.after_delete:
        rules.after_delete(call, value)
    return {}
