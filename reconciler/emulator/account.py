"""Calls about the caller and the log: /self, /self/usage, the audit log and its counts.

In: calls.  Out: the answers that the vendor's OpenAPI document describes.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from reconciler.emulator.errors import bad_request
from reconciler.emulator.paging import window
from reconciler.emulator.world import Call

Json = dict[str, Any]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
SORTS = ("timestamp", "-timestamp", "admin_id", "site_id")


def get_self(call: Call) -> Json:
    """The caller's name and privileges; a token without privileges of its own has its role everywhere."""
    facts = call.caller.facts
    privileges: list[Json] = [
        {"scope": p.scope, "role": p.role}
        | ({"org_id": p.org_id} if p.org_id else {})
        | ({"site_id": p.site_id} if p.site_id else {})
        | ({"sitegroup_ids": [p.sitegroup_id]} if p.sitegroup_id else {})
        for p in facts.privileges
    ] or [
        {"scope": "org", "org_id": org_id, "name": org.get("name"), "role": facts.role}
        for org_id, org in call.store.orgs.items()
    ]
    answer: Json = {"name": facts.name or call.caller.admin, "privileges": privileges}
    if facts.email:
        answer["email"] = facts.email
    return answer


def get_usage(call: Call) -> Json:
    now = call.world.clock()
    return {
        "requests": call.world.tokens.used(call.caller.token, now),
        "request_limit": call.world.settings.current.hourly_limit,
        "seconds": round(3600 - now % 3600, 3),
    }


def search_logs(call: Call) -> Json:
    entries, start, end = _entries(call)
    order = call.query.get("sort", "-timestamp")
    if order not in SORTS:
        raise bad_request("invalid query parameter: sort")
    # Newest first among equals, as the entries are written in order of time.
    entries.reverse()
    if order in ("admin_id", "site_id"):
        entries.sort(key=lambda e: e.get(order) or "")
    elif order == "timestamp":
        entries.reverse()
    limit, page = window(call.query)
    first = (page - 1) * limit
    answer = results(call, entries[first : first + limit], total=len(entries), limit=limit)
    answer |= {"start": int(start), "end": int(end)}
    if first + limit < len(entries):
        answer["next"] = f"{call.request.path}?{urlencode({**call.query, 'page': str(page + 1)})}"
    return answer


def count_logs(call: Call) -> Json:
    entries, start, end = _entries(call)
    distinct = call.query.get("distinct", "admin_name")
    counts = Counter(e.get(distinct) for e in entries)
    rows: list[Json] = [{distinct: key, "count": n} for key, n in counts.most_common()]
    answer = results(call, rows, total=len(rows), limit=len(rows))
    return answer | {"distinct": distinct, "start": int(start), "end": int(end)}


def results(call: Call, rows: list[Json], *, total: int, limit: int) -> Json:
    """The envelope of search answers."""
    now = int(call.world.now())
    return {"results": rows, "start": now - UNITS["d"], "end": now, "limit": limit, "total": total}


def _entries(call: Call) -> tuple[list[Json], float, float]:
    start, end = _times(call)
    query = call.query
    entries = [
        e
        for e in call.store.logs.get(call.org_id, [])
        if start <= e["timestamp"] <= end
        and ("site_id" not in query or e.get("site_id") == query["site_id"])
        and query.get("admin_name", "").lower() in str(e.get("admin_name")).lower()
        and query.get("message", "").lower() in e["message"].lower()
    ]
    return entries, start, end


def _times(call: Call) -> tuple[float, float]:
    now = call.world.clock()
    duration = re.fullmatch(r"(\d+)([smhdw])", call.query.get("duration", "1d"))
    if not duration:
        raise bad_request("invalid query parameter: duration")
    end = _moment(call.query.get("end"), now, default=now + 1)
    length = int(duration[1]) * UNITS[duration[2]]
    return _moment(call.query.get("start"), now, default=end - length), end


def _moment(text: str | None, now: float, *, default: float) -> float:
    """An epoch, or a time before now such as -2h."""
    if text is None:
        return default
    relative = re.fullmatch(r"-(\d+)([smhdw])", text)
    if relative:
        return now - int(relative[1]) * UNITS[relative[2]]
    try:
        return float(text)
    except ValueError:
        raise bad_request("invalid query parameter: start or end") from None
