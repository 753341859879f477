"""Search endpoints and bulk calls on configuration: sites, variable names, user MACs, PSKs, deliveries, clones.

In: calls.  Out: `{results, start, end, limit, total}` or what the vendor's OpenAPI document says.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping
from typing import Any

from reconciler.emulator import account, audit, crud, webhooks
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.messages import Reply, Request
from reconciler.emulator.paging import window
from reconciler.emulator.rules import Rules
from reconciler.emulator.update import created
from reconciler.emulator.world import Call

Json = dict[str, Any]
BULK_IDS: Mapping[str, str] = {"psks": "psk_ids", "usermacs": "usermac_ids"}


def _page(call: Call, rows: list[Json]) -> Json:
    limit, page = window(call.query)
    return account.results(call, rows[(page - 1) * limit : page * limit], total=len(rows), limit=limit)


def sites(call: Call) -> Json:
    """Sites with flags; no configuration."""
    rows = []
    for site in call.store.sites(call.org_id):
        setting = call.store.settings.get(site["id"], {})
        upgrade = setting.get("auto_upgrade") or {}
        row = {k: site.get(k) for k in ("id", "name", "org_id", "country_code", "timezone")}
        row |= {
            "site_id": site["id"],
            "timestamp": call.world.now(),
            "auto_upgrade_enabled": bool(upgrade.get("enabled")),
            "auto_upgrade_version": upgrade.get("version", ""),
            "honeypot_enabled": bool((setting.get("rogue") or {}).get("honeypot_enabled")),
            "vna_enabled": bool((setting.get("vna") or {}).get("enabled")),
            "wifi_enabled": bool((setting.get("wifi") or {}).get("enabled", True)),
        }
        if all(call.query[k] == str(row[k]) for k in ("id", "name", "country_code") if k in call.query):
            rows.append(row)
    return _page(call, rows)


def variables(call: Call) -> Json:
    """Names of site variables, without their values."""
    rows = []
    for site in call.store.sites(call.org_id):
        setting = call.store.settings.get(site["id"], {})
        times = {k: setting[k] for k in ("created_time", "modified_time") if k in setting}
        found = [{"site_id": site["id"], "var": name, "src": "site"} for name in setting.get("vars") or {}]
        rows += [{"org_id": call.org_id, **row, **times} for row in found]
    wanted = {k: call.query[k] for k in ("site_id", "var", "src") if k in call.query}
    return _page(call, [r for r in rows if wanted.items() <= r.items()])


def usermacs(call: Call) -> list[Json]:
    """User MACs have no list; the document has their search answer a plain array."""
    query = call.query
    rows = [
        call.view(item, "user_mac")
        for item in call.store.collection(call.org_id, "usermacs").values()
        if query.get("mac", "").lower() in item["mac"].lower()
        and set(filter(None, query.get("labels", "").split(","))) <= set(item.get("labels") or ())
    ]
    limit, page = window(query)
    return rows[(page - 1) * limit : page * limit]


def bulk_update(call: Call) -> Any:
    """PUT of a list of objects, each with its id; an unknown id is created where a PSK's key is complete."""
    if not isinstance(call.body, list) or not all(isinstance(item, dict) for item in call.body):
        raise bad_request("list of objects expected")
    name = call.path.split("/")[-1]
    collection = call.world.routes.collections[f"{call.path.split('/')[3]}/{name}"]
    answers, missing = [], []
    for item in call.body:
        one = _with_body(call, item)
        before = call.store.get(call.scope_id, name, item.get("id") or "")
        if before is not None:
            after = crud.changed(one, before, collection, Rules())
        elif name == "psks":
            made = created(item, collection.schema, call.world.facts)
            after = crud.stored(one, made, collection)
            audit.record(call, "Add", name, after=after)
        else:
            missing.append(f"{item.get('id') or item.get('mac')} not found")
            continue
        answers.append(call.view(after, collection.schema))
    if name == "psks":
        return answers
    return {"updated": [a["id"] for a in answers], "errors": missing}


def _with_body(call: Call, body: Any) -> Call:
    request = call.request
    changed = Request(request.method, request.path, request.query, body, request.headers)
    return Call(call.world, changed, call.path, call.operation, call.params, call.caller, call.role, call.shift)


def bulk_delete(call: Call) -> Reply:
    name = call.path.split("/")[-2]
    ids = call.body.get(BULK_IDS[name]) if isinstance(call.body, dict) else call.body
    if not isinstance(ids, list):
        raise bad_request(f"{BULK_IDS[name]} is required")
    for object_id in ids:
        value = call.store.get(call.scope_id, name, object_id)
        if value is not None:
            call.store.remove(call.scope_id, name, object_id)
            audit.record(call, "Delete", name, before=value)
    return Reply(200)


def clone_template(call: Call) -> Json:
    """A copy of a WLAN template with its WLANs, under another name."""
    store, routes = call.store, call.world.routes
    template = store.get(call.org_id, "templates", call.params["template_id"])
    if template is None:
        raise not_found()
    name = call.body.get("name") if isinstance(call.body, dict) else None
    copied = {**copy.deepcopy(template), "id": None, "name": name or f"{template['name']} copy"}
    made = crud.stored(call, copied, routes.collections["orgs/templates"])
    audit.record(call, "Add", "templates", after=made)
    for wlan in list(store.collection(call.org_id, "wlans").values()):
        if wlan.get("template_id") == template["id"]:
            child = {**copy.deepcopy(wlan), "id": None, "template_id": made["id"]}
            crud.stored(call, child, routes.collections["orgs/wlans"])
    return call.view(made, "template")


def deliveries(call: Call) -> Json:
    return _page(call, webhooks.deliveries(call))


def count_deliveries(call: Call) -> Json:
    distinct = call.query.get("distinct", "status")
    counts = Counter(d.get(distinct) for d in webhooks.deliveries(call))
    rows: list[Json] = [{distinct: key, "count": n} for key, n in counts.items()]
    return {**account.results(call, rows, total=len(rows), limit=len(rows)), "distinct": distinct}
