"""Searches and counts of configuration: sites, names of variables, user MACs.

In: calls.  Out: `{results, start, end, limit, total, next}` or what the vendor's OpenAPI document says.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import results
from reconciler.emulator.devices import plain_mac
from reconciler.emulator.messages import Reply
from reconciler.emulator.paging import asked, paged, window
from reconciler.emulator.world import Call

Json = dict[str, Any]
TIMES = frozenset({"limit", "page", "start", "end", "duration", "sort"})


def sites(call: Call) -> Json:
    """Sites with flags; no configuration."""
    wanted = {k: v for k, v in call.query.items() if k in call.operation.query - TIMES}
    rows = [r for r in _site_rows(call) if all(_equal(r.get(k), v) for k, v in wanted.items())]
    return results.search(call, rows)


def _equal(value: Any, text: str) -> bool:
    return str(value).lower() == text.lower() if isinstance(value, bool) else str(value) == text


def _site_rows(call: Call) -> list[Json]:
    rows = []
    for site in call.store.listed(call.org_id, "sites", call.world.now()):
        setting = call.store.settings.get(site["id"], {})

        def flag(root: str, name: str, default: bool = False, setting: Json = setting) -> bool:
            held = setting.get(root)
            return bool(held.get(name, default)) if isinstance(held, dict) else default

        upgrade = setting.get("auto_upgrade")
        row = {k: site.get(k) for k in ("id", "name", "org_id", "country_code", "timezone")}
        row |= {
            "site_id": site["id"],
            "timestamp": call.world.now(),
            "auto_upgrade_enabled": flag("auto_upgrade", "enabled"),
            "auto_upgrade_version": upgrade.get("version", "") if isinstance(upgrade, dict) else "",
            "honeypot_enabled": flag("rogue", "honeypot_enabled"),
            "rogue_enabled": flag("rogue", "enabled"),
            "vna_enabled": flag("vna", "enabled"),
            "wifi_enabled": flag("wifi", "enabled", default=True),
        }
        rows.append(row)
    return rows


def count_sites(call: Call) -> Json:
    return results.count(call, _site_rows(call), distinct="id")


def variables(call: Call) -> Json:
    """Names of site variables, without their values."""
    rows: list[Json] = []
    for site in call.store.listed(call.org_id, "sites", call.world.now()):
        setting = call.store.settings.get(site["id"], {})
        times: Json = {k: setting[k] for k in ("created_time", "modified_time") if k in setting}
        names = setting.get("vars") or {}
        rows += [{"org_id": call.org_id, "site_id": site["id"], "var": n, "src": "site", **times} for n in names]
    wanted = {k: v for k, v in call.query.items() if k in ("site_id", "var", "src") and v != "*"}
    return results.search(call, [r for r in rows if wanted.items() <= r.items()])


def usermacs(call: Call) -> Any:
    """User MACs have no list; whether their search answers a plain array or an envelope, the sources don't agree."""
    query = call.query
    labels = set(filter(None, query.get("labels", "").split(",")))
    rows = [
        call.view(item, "user_mac")
        for item in call.store.listed(call.org_id, "usermacs", call.world.now())
        if plain_mac(query.get("mac", "")) in str(item["mac"]).lower() and labels <= set(item.get("labels") or ())
    ]
    if call.world.quirks.usermacs_search == "results":
        limit, page = window(asked(call.request))
        return {"results": rows[(page - 1) * limit : page * limit], "limit": limit, "page": page}
    found, headers = paged(rows, call.request, headers="always")
    return Reply(200, list(found), headers)
