"""The audit log and the feed of changes that is made of it.

In: calls.  Out: the answers that the vendor's OpenAPI document describes; the form of the feed is that of the vendor's
organisation page.
"""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator import results
from reconciler.emulator.errors import bad_request
from reconciler.emulator.world import Call

Json = dict[str, Any]
SORTS = ("timestamp", "-timestamp", "admin_id", "site_id")
# Kept with an entry for the feed, and not part of the log.
EVENT = "event"


def search(call: Call) -> Json:
    order = call.query.get("sort", "-timestamp")
    if order not in SORTS:
        raise bad_request("invalid query parameter: sort")
    entries = _entries(call)
    # Newest first among equals, as the entries are written in order of time.
    entries.reverse()
    if order in ("admin_id", "site_id"):
        entries.sort(key=lambda e: str(e.get(order) or ""))
    elif order == "timestamp":
        entries.reverse()
    answer = results.search(call, entries)
    answer["results"] = [shown(e, as_text=call.world.quirks.audit_values == "text") for e in answer["results"]]
    return answer


def count(call: Call) -> Json:
    return results.count(call, _entries(call), distinct="admin_name")


def shown(entry: Json, *, as_text: bool) -> Json:
    """An entry as it is answered, with `before` and `after` as objects or as JSON text."""
    changes = {k: json.dumps(entry[k]) for k in ("before", "after") if k in entry} if as_text else {}
    return {k: v for k, v in entry.items() if k != EVENT} | changes


def _entries(call: Call) -> list[Json]:
    start, end = results.times(call)
    query = call.query
    return [
        e
        for e in call.store.logs.get(call.org_id, [])
        if start <= e["timestamp"] <= end
        and ("site_id" not in query or e.get("site_id") == query["site_id"])
        and query.get("admin_name", "").lower() in str(e.get("admin_name")).lower()
        and query.get("message", "").lower() in str(e["message"]).lower()
    ]


def events(call: Call) -> Json:
    """The typed feed: one event for each change of an object, newest first."""
    start, end = results.times(call)
    rows = [
        _event(e)
        for e in reversed(call.store.logs.get(call.org_id, []))
        if EVENT in e and start <= e["timestamp"] <= end and call.site_id in (None, e.get("site_id"))
    ]
    if "type" in call.query:
        rows = [r for r in rows if r["type"] == call.query["type"]]
    if call.query.get("sort") == "timestamp":
        rows.reverse()
    return results.search(call, rows)


def count_events(call: Call) -> Json:
    rows = [_event(e) for e in call.store.logs.get(call.org_id, []) if EVENT in e]
    return results.count(call, rows, distinct="type")


def _event(entry: Json) -> Json:
    event: Json = {
        "type": entry[EVENT]["type"],
        "change_cat": "admin_action",
        "scope": "site" if entry.get("site_id") else "org",
        "org_id": entry["org_id"],
        "timestamp": entry["timestamp"],
        "admin_name": entry["admin_name"],
        "desc": entry["message"],
        "metadata": json.dumps(entry[EVENT]["metadata"]),
    }
    return event | ({"site_id": entry["site_id"]} if entry.get("site_id") else {})
