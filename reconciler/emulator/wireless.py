"""WLANs, PSKs and their portals, asset filters: values that the server makes itself, and what it refuses.

In: an object about to be stored.  Out: the same object with the server's own values.
"""

from __future__ import annotations

import hashlib
from typing import Any

from reconciler.emulator import audit
from reconciler.emulator.errors import bad_request
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]
HALF_A_YEAR_S = 182 * 86400


def before_wlan_write(call: Call, _before: Json | None, after: Json) -> None:
    """A guest portal of type external gets a secret for its requests."""
    portal = after.get("portal")
    if isinstance(portal, dict) and portal.get("auth") == "external" and not after.get("portal_api_secret"):
        after["portal_api_secret"] = made_up(call)[:40]


def before_psk_write(call: Call, before: Json | None, after: Json) -> None:
    passphrase = after.get("passphrase")
    if isinstance(passphrase, str) and len(passphrase) == 64 and not set(passphrase.lower()) <= set("0123456789abcdef"):
        raise bad_request("invalid field: passphrase")
    if before is None and after.get("expire_time") is None:
        choice = call.world.quirks.psk_expiry
        made = {"zero": 0, "half_year": int(call.world.now()) + HALF_A_YEAR_S}
        after |= {"expire_time": made[choice]} if choice in made else {}


def before_portal_write(call: Call, before: Json | None, after: Json) -> None:
    """A portal that cleans up takes its keys along when it moves to another SSID."""
    if before is not None and before.get("ssid") != after.get("ssid"):
        after_portal_delete(call, before)


def after_portal_delete(call: Call, portal: Json) -> None:
    if not portal.get("cleanup_psk"):
        return
    for psk in list(call.store.collection(call.scope_id, "psks").values()):
        if psk.get("portal_id") == portal["id"]:
            call.store.remove(call.scope_id, "psks", psk["id"])
            audit.record(call, "Delete", "psks", before=psk)


def check_asset_filter(_call: Call, _before: Json | None, after: Json) -> None:
    own = {"id", "org_id", "site_id", "for_site", "created_time", "modified_time", "name", "disabled"}
    if not any(value not in (None, "", []) for key, value in after.items() if key not in own):
        raise bad_request("At least one filter must be specified")


def made_up(call: Call) -> str:
    """A value that nobody else has, the same for the same seed."""
    return hashlib.sha256(call.store.ids().encode()).hexdigest()


WLANS = Rules(before_write=before_wlan_write)
PSKS = Rules(before_write=before_psk_write)
PSK_PORTALS = Rules(before_write=before_portal_write, after_delete=after_portal_delete)
ASSET_FILTERS = Rules(before_write=check_asset_filter)
