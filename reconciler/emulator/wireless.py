"""WLANs, PSKs and API tokens: values that the server makes itself.

In: an object about to be stored.  Out: the same object with the server's own values.
"""

from __future__ import annotations

import hashlib
from typing import Any

from reconciler.emulator.masking import MASK
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]


def before_wlan_write(call: Call, _before: Json | None, after: Json) -> None:
    """A guest portal of type external gets a secret for its requests."""
    portal = after.get("portal")
    if isinstance(portal, dict) and portal.get("auth") == "external" and not after.get("portal_api_secret"):
        after["portal_api_secret"] = _made_up(call)


def before_token_write(call: Call, before: Json | None, after: Json) -> None:
    """The key of a new token is made here; it is shown in the answer to its creation only."""
    if before is None:
        after["key"] = _made_up(call)


def show_token(call: Call, value: Json) -> Json:
    if call.request.method == "POST":
        return value
    return {**value, "key": value["key"][:4] + MASK} if value.get("key") else value


def _made_up(call: Call) -> str:
    return hashlib.sha256(call.store.ids().encode()).hexdigest()[:40]


WLANS = Rules(before_write=before_wlan_write)
API_TOKENS = Rules(before_write=before_token_write, shown=show_token)
