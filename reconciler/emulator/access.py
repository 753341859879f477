"""May this token make this call?  401, 403 and 404 before any handler runs.

In: the world, the matched parameters, the caller.  Out: the caller's role where the call goes, or an ApiError.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.emulator.errors import ApiError, not_found
from reconciler.emulator.tokens import WRITERS, Caller
from reconciler.emulator.world import World

DENIED = "You do not have permission to perform this action."


def role_for(world: World, method: str, params: Mapping[str, str], caller: Caller) -> str | None:
    role = _role(world, params, caller)
    if method != "GET" and role not in WRITERS:
        raise ApiError(403, DENIED)
    return role


def _role(world: World, params: Mapping[str, str], caller: Caller) -> str | None:
    store = world.store
    if "org_id" in params:
        org_id = params["org_id"]
        role = caller.role_in_org(org_id)
        if role in (None, "none"):
            raise ApiError(403, DENIED)
        if org_id not in store.orgs:
            raise not_found()
        return role
    if "site_id" in params:
        site_id = params["site_id"]
        if site_id in store.deleted_sites:
            raise ApiError(403, DENIED) if world.quirks.deleted_site == "forbidden" else not_found()
        if site_id not in store.site_org:
            raise not_found()
        groups = store.site(site_id).get("sitegroup_ids") or ()
        role = caller.role_in_site(store.site_org[site_id], site_id, groups)
        if role in (None, "none"):
            raise ApiError(403, DENIED)
        return role
    return caller.facts.role
