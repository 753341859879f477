"""Searches and counts: the rows found in, `{results, start, end, limit, total, next}` out.

Source: the vendor's OpenAPI document, which gives the envelope and the times as epochs or as a time before now (-2h).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from reconciler.emulator.errors import bad_request
from reconciler.emulator.paging import asked, window
from reconciler.emulator.world import Call

Json = dict[str, Any]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LENGTH = re.compile(r"([0-9]{1,9})([smhdw])")


def search(call: Call, rows: list[Any]) -> Json:
    """One page of the rows, and where the next one is."""
    start, end = times(call)
    limit, page = window(asked(call.request))
    first = (page - 1) * limit
    answer: Json = {
        "results": rows[first : first + limit],
        "start": int(start),
        "end": int(end),
        "limit": limit,
        "total": len(rows),
    }
    if limit and first + limit < len(rows):
        query = {**call.query, "limit": str(limit), "page": str(page + 1)}
        answer["next"] = f"{call.request.path}?{urlencode(query)}"
    return answer


def count(call: Call, rows: list[Json], *, distinct: str) -> Json:
    """How often each value of one field occurs, the most frequent first."""
    name = call.query.get("distinct", distinct)
    counts = Counter(str(row[name]) for row in rows if row.get(name) is not None)
    found: list[Json] = [{name: value, "count": number} for value, number in counts.most_common()]
    start, end = times(call)
    limit = window(asked(call.request))[0]
    envelope = {"distinct": name, "start": int(start), "end": int(end), "limit": limit, "total": len(found)}
    return {"results": found[:limit], **envelope}


def times(call: Call) -> tuple[float, float]:
    """From when to when; by default the last day."""
    now = call.world.clock()
    duration = LENGTH.fullmatch(call.query.get("duration", "1d"))
    if not duration:
        raise bad_request("invalid query parameter: duration")
    end = _moment(call.query.get("end"), now, default=now + 1)
    length = int(duration[1]) * UNITS[duration[2]]
    return _moment(call.query.get("start"), now, default=end - length), end


def _moment(text: str | None, now: float, *, default: float) -> float:
    """An epoch, or a time before now such as -2h."""
    if text is None:
        return default
    relative = LENGTH.fullmatch(text.removeprefix("-")) if text.startswith("-") else None
    if relative:
        return now - int(relative[1]) * UNITS[relative[2]]
    try:
        moment = float(text)
    except ValueError:
        moment = math.nan
    if not math.isfinite(moment) or abs(moment) > 1e12:
        raise bad_request("invalid query parameter: start or end")
    return moment
