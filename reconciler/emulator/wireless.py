"""WLANs, PSKs and identity providers: values that the server makes itself.

In: an object about to be stored.  Out: the same object with the server's own values.
"""

from __future__ import annotations

import hashlib
from typing import Any

from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]
HALF_A_YEAR_S = 182 * 86400


def before_wlan_write(call: Call, _before: Json | None, after: Json) -> None:
    """A guest portal of type external gets a secret for its requests."""
    portal = after.get("portal")
    if isinstance(portal, dict) and portal.get("auth") == "external" and not after.get("portal_api_secret"):
        after["portal_api_secret"] = _made_up(call)[:40]


def before_psk_write(call: Call, before: Json | None, after: Json) -> None:
    passphrase = after.get("passphrase")
    if isinstance(passphrase, str) and len(passphrase) == 64 and not set(passphrase.lower()) <= set("0123456789abcdef"):
        raise bad_request("invalid field: passphrase")
    if before is None and after.get("expire_time") is None:
        choice = call.world.quirks.psk_expiry
        made = {"zero": 0, "half_year": int(call.world.now()) + HALF_A_YEAR_S}
        after |= {"expire_time": made[choice]} if choice in made else {}


def before_sso_write(call: Call, before: Json | None, after: Json) -> None:
    """A domain of its own, from which the links of the provider are built; a token for SCIM while that is on."""
    if before is None:
        after["domain"] = _made_up(call)[:8]
    if after.get("scim_enabled") and not after.get("scim_secret_token"):
        after["scim_secret_token"] = _made_up(call)[:40]
    elif not after.get("scim_enabled") and after.get("scim_secret_token"):
        after["scim_secret_token"] = ""


def sso_metadata(call: Call) -> Json:
    sso = call.store.get(call.org_id, "ssos", call.params["sso_id"])
    if sso is None:
        raise not_found()
    base = f"https://api.mist.example/api/v1/saml/{sso.get('domain')}"
    return {
        "acs_url": f"{base}/login",
        "entity_id": f"{base}/login",
        "logout_url": f"{base}/logout",
        "metadata": f'<md:EntityDescriptor entityID="{base}/login"/>',
        "scim_base_url": f"https://api.mist.example/api/v1/scim/{sso.get('domain')}",
    }


def check_asset_filter(_call: Call, _before: Json | None, after: Json) -> None:
    own = {"id", "org_id", "site_id", "for_site", "created_time", "modified_time", "name", "disabled"}
    if not any(value not in (None, "", []) for key, value in after.items() if key not in own):
        raise bad_request("At least one filter must be specified")


def _made_up(call: Call) -> str:
    return hashlib.sha256(call.store.ids().encode()).hexdigest()


WLANS = Rules(before_write=before_wlan_write)
PSKS = Rules(before_write=before_psk_write)
SSOS = Rules(before_write=before_sso_write)
ASSET_FILTERS = Rules(before_write=check_asset_filter)
