"""Who changed what by hand: the organisation's audit log and a plan's changes in, the last edit of each object out.

The log is a hint and never the base of a decision. Its entries carry the ids of what they are about under flat keys
(`wlan_id`, and `template_id` beside it), which the vendor's OpenAPI document does not name; of a deleted object only
the name in the message is left. What can't be told is left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.errors import Forbidden, NotFound
from reconciler.kinds import Kind, Kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Action, Change, Edit, Plan

DURATION = "7d"
_PAGE = "1000"
_QUOTED = re.compile(r'^(?P<verb>\w+) .*?"(?P<name>.*)"$', re.DOTALL)
_OTHERS = frozenset({"admin_id", "id", "org_id", "site_id"})

Event = Mapping[str, Any]


def read_log(client: MistClient, org_id: str) -> tuple[Event, ...]:
    """The entries of the last week, newest first, a thousand at most: one call. None for a token that may not look."""
    query = {"duration": DURATION, "limit": _PAGE, "sort": "-timestamp"}
    try:
        answer = client.get(f"orgs/{org_id}/logs", query=query)
    except (Forbidden, NotFound):
        return ()
    results = answer.get("results")
    return tuple(item for item in results if isinstance(item, dict)) if isinstance(results, list) else ()


def with_edits(plan: Plan, events: Iterable[Event], *, kinds: Kinds) -> Plan:
    """The plan, each change with the last edit of its object where the log tells one."""
    newest = sorted(events, key=lambda event: -_time(event))
    changes = (replace(change, edited=_last_edit(newest, change, kinds[change.kind])) for change in plan.changes)
    return replace(plan, changes=tuple(changes))


def _last_edit(newest: Iterable[Event], change: Change, kind: Kind) -> Edit | None:
    for event in newest:
        if _is_about(event, change, kind):
            message, admin = (str(event.get(key) or "") for key in ("message", "admin_name"))
            return Edit(admin=admin or "somebody", timestamp=_time(event), message=message)
    return None


def _is_about(event: Event, change: Change, kind: Kind) -> bool:
    if change.live is None:
        return change.action is Action.CREATE and _deletes(event, change, kind)
    if kind.singleton:
        return event.get("site_id") == change.live.id and not _ids(event) and _is_setting(event)
    key = _id_key(kind)
    if event.get(key) != change.live.id:
        return False
    return not _ids(event) and not _is_setting(event) if key == "site_id" else key == _own_key(event)


def _deletes(event: Event, change: Change, kind: Kind) -> bool:
    """Whether the event is the deletion of what the plan wants to create again."""
    said = _QUOTED.match(str(event.get("message") or ""))
    if kind.singleton or said is None or said["verb"] != "Delete" or said["name"] != change.address.name:
        return False
    key = _id_key(kind)
    return not _ids(event) if key == "site_id" else key == _own_key(event)


def _id_key(kind: Kind) -> str:
    """The key of the ids of a kind: the singular of its collection in the API."""
    collection = next((place.collection for place in kind.endpoints if place.collection), "")
    name = collection.rpartition("/")[2]
    return f"{name.removesuffix('ies')}y_id" if name.endswith("ies") else f"{name.removesuffix('s')}_id"


def _ids(event: Event) -> list[str]:
    return [key for key in event if key.endswith("_id") and key not in _OTHERS]


def _own_key(event: Event) -> str | None:
    """The key of what the event is about: with several, the one that is not the holder's."""
    keys = _ids(event)
    return next((key for key in keys if key != "template_id"), keys[0] if keys else None)


def _is_setting(event: Event) -> bool:
    return "Setting" in str(event.get("message") or "")


def _time(event: Event) -> float:
    value = event.get("timestamp")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
