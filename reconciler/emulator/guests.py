"""Guests that were let in: of an organisation and of a site, each by MAC.

In: calls.  Out: answers in the shapes of the vendor's OpenAPI document.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import results
from reconciler.emulator.devices import plain_mac
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.messages import Reply
from reconciler.emulator.world import Call

Json = dict[str, Any]
GUESTS = "guests"
MINUTES = 1440


def _guest(call: Call) -> Json:
    found = call.store.get(call.scope_id, GUESTS, plain_mac(call.params["guest_mac"]))
    if found is None:
        raise not_found()
    return found


def _shown(guest: Json) -> Json:
    return {k: v for k, v in guest.items() if k != "id"}


def get_guest(call: Call) -> Json:
    return _shown(_guest(call))


def put_guest(call: Call) -> Json:
    """Lets a guest in, for some minutes from now."""
    if not isinstance(call.body, dict):
        raise bad_request("JSON object expected")
    mac = plain_mac(call.params["guest_mac"])
    minutes = call.body.get("minutes", MINUTES)
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 <= minutes <= 10**6:
        raise bad_request("invalid field: minutes")
    before = call.store.get(call.scope_id, GUESTS, mac) or {"authorized": True}
    now = call.world.now()
    times = {"minutes": minutes, "authorized_time": now, "authorized_expiring_time": now + 60 * minutes}
    guest = {**before, **call.body, **times, "id": mac, "mac": mac}
    call.store.put(call.scope_id, GUESTS, guest)
    return _shown(guest)


def delete_guest(call: Call) -> Reply:
    call.store.remove(call.scope_id, GUESTS, _guest(call)["id"])
    return Reply(200)


def list_guests(call: Call) -> list[Json]:
    return [_shown(g) for g in call.store.collection(call.scope_id, GUESTS).values()]


def search_guests(call: Call) -> Json:
    return results.search(call, list_guests(call))


def count_guests(call: Call) -> Json:
    return results.count(call, list_guests(call), distinct="auth_method")
