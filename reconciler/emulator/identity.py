"""Identity providers and the roles that they give: what the server makes of one, and what it refuses.

In: an object about to be stored.  Out: the same object with the server's own values, or an ApiError.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.rules import Rules
from reconciler.emulator.wireless import made_up
from reconciler.emulator.world import Call

Json = dict[str, Any]
MAX_ROLE_NAME = 32


def before_sso_write(call: Call, before: Json | None, after: Json) -> None:
    """A domain of its own, from which the links of the provider are built; a token for SCIM while that is on."""
    if before is None:
        after["domain"] = made_up(call)[:8]
    if after.get("scim_enabled") and not after.get("scim_secret_token"):
        after["scim_secret_token"] = made_up(call)[:40]
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


def before_role_write(call: Call, before: Json | None, after: Json) -> None:
    """The one kind of which the vendor's pages say that names are unique."""
    name = after.get("name")
    if not isinstance(name, str) or len(name) > MAX_ROLE_NAME:
        raise bad_request("invalid field: name")
    roles = call.store.collection(call.scope_id, "ssoroles").values()
    if any(r.get("name") == name and r["id"] != (before or {}).get("id") for r in roles):
        raise bad_request(f"role name '{name}' already exists")


SSOS = Rules(before_write=before_sso_write)
SSO_ROLES = Rules(before_write=before_role_write)
