"""Whose edit it was: entries of the audit log and changes in, the last edit of each object out."""

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.audit import read_log, with_edits
from reconciler.kinds import kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Plan
from reconciler.model.resource import LiveObject
from tests.world import ORG, world

SITE = "22222222-0000-4000-8000-000000000001"
WLAN = "55555555-0000-4000-8000-000000000001"
TEMPLATE = "77777777-0000-4000-8000-000000000001"


def change(address: str, live: str | None) -> Change:
    where = Address(address)
    action = Action.UPDATE if live else Action.CREATE
    found = LiveObject(kind=where.kind, id=live, body={}) if live else None
    return Change(address=where, kind=where.kind, action=action, live=found)


def event(message: str, *, admin: Any = "Jane Doe", timestamp: Any = 100, **ids: Any) -> dict[str, Any]:
    return {"id": "e", "org_id": ORG, "admin_id": "a", "admin_name": admin, "message": message} | {
        "timestamp": timestamp,
        **ids,
    }


def edit(events: list[Mapping[str, Any]], one: Change) -> Any:
    told = with_edits(Plan(org_id=ORG, org_name="Acme", changes=(one,)), events, kinds=kinds())
    return told.changes[0].edited


CASES = [
    (
        "a wlan of a template",
        change("wlantemplate.t/wlan.W", WLAN),
        event("x", wlan_id=WLAN, template_id=TEMPLATE),
        True,
    ),
    ("another wlan", change("wlantemplate.t/wlan.W", WLAN), event("x", wlan_id=SITE, template_id=TEMPLATE), False),
    ("a template", change("wlantemplate.t", TEMPLATE), event("x", template_id=TEMPLATE), True),
    ("a template's wlan", change("wlantemplate.t", TEMPLATE), event("x", wlan_id=WLAN, template_id=TEMPLATE), False),
    ("a site", change("site.S", SITE), event('Update Site "S"', site_id=SITE), True),
    ("a site's setting, not the site", change("site.S", SITE), event("Update Site Settings", site_id=SITE), False),
    ("a setting", change("site.S/setting", SITE), event("Update Site Settings", site_id=SITE), True),
    ("a site, not its setting", change("site.S/setting", SITE), event('Update Site "S"', site_id=SITE), False),
    ("a site's wlan, not the site", change("site.S", SITE), event("x", site_id=SITE, wlan_id=WLAN), False),
    ("a deleted wlan", change("site.S/wlan.W", None), event('Delete WLAN "W"', site_id=SITE, wlan_id="None"), True),
    (
        "another one deleted",
        change("site.S/wlan.W", None),
        event('Delete WLAN "X"', site_id=SITE, wlan_id="None"),
        False,
    ),
    ("a deleted site", change("site.S", None), event('Delete Site "S"', site_id="None"), True),
    ("a deleted object of another kind", change("site.S", None), event('Delete Map "S"', map_id="None"), False),
    ("one that was only added", change("site.S", None), event('Add Site "S"', site_id=SITE), False),
    ("a setting of a new site", change("site.S/setting", None), event('Delete Site "S"', site_id="None"), False),
    ("a login", change("site.S", SITE), event("Login with role admin"), False),
]


@pytest.mark.parametrize(("one", "entry", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_an_entry_is_about_one_object(one: Change, entry: Mapping[str, Any], told: bool) -> None:
    found = edit([entry], one)
    assert (found.admin if found else None) == ("Jane Doe" if told else None)


def test_the_newest_entry_counts_whatever_their_order() -> None:
    entries = [event("x", admin=name, timestamp=at, webhook_id=WLAN) for name, at in (("b", 2), ("c", 3), ("a", 1))]
    found = edit(entries, change("webhook.w", WLAN))
    assert (found.admin, found.timestamp) == ("c", 3.0)


@pytest.mark.parametrize("odd", [None, "yesterday", True])
def test_an_entry_without_a_name_or_a_time_is_not_lost(odd: Any) -> None:
    found = edit([event("x", admin=None, timestamp=odd, webhook_id=WLAN)], change("webhook.w", WLAN))
    assert (found.admin, found.timestamp) == ("somebody", 0.0)


def test_the_log_is_read_with_one_call_and_tells_the_newest_first() -> None:
    cloud = world({}, sites=[{"id": SITE, "name": "S"}])
    cloud.call("PUT", f"sites/{SITE}", {"notes": "one"})
    cloud.call("PUT", f"sites/{SITE}", {"notes": "two"})
    cloud.emulator.calls.reset()
    events = read_log(cloud.client, ORG)
    assert cloud.emulator.calls.total == 1
    assert [item["after"]["notes"] for item in events] == ["two", "one"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_token_that_may_not_see_the_log_is_no_error(status: int) -> None:
    cloud = world({})
    cloud.emulator.faults.replace([{"method": "GET", "path": "logs", "status": status, "times": 9}])
    assert read_log(cloud.client, ORG) == ()


def test_a_log_of_another_form_is_taken_as_none() -> None:
    class Odd:
        def get(self, _path: str, *, query: Mapping[str, str]) -> dict[str, Any]:
            return {"results": "none", "query": dict(query)}

    assert read_log(Odd(), ORG) == ()  # type: ignore[arg-type]
