"""Calls about the caller: /self, /self/usage, the login, the administrators of an organisation.

In: calls.  Out: the answers that the vendor's OpenAPI document describes.
"""

from __future__ import annotations

import uuid
from typing import Any

from reconciler.emulator.errors import ApiError, bad_request
from reconciler.emulator.messages import Reply
from reconciler.emulator.world import Call

Json = dict[str, Any]


def get_self(call: Call) -> Json:
    """The caller's name and privileges; a token without privileges of its own has its role everywhere."""
    facts = call.caller.facts
    privileges: list[Json] = [
        {"scope": p.scope, "role": p.role}
        | ({"org_id": p.org_id} if p.org_id else {})
        | ({"site_id": p.site_id} if p.site_id else {})
        | ({"sitegroup_ids": [p.sitegroup_id]} if p.sitegroup_id else {})
        for p in facts.privileges
    ] or [
        {"scope": "org", "org_id": org_id, "name": org.get("name"), "role": facts.role}
        for org_id, org in call.store.orgs.items()
    ]
    answer: Json = {"name": facts.name or call.caller.admin, "privileges": privileges}
    if facts.email:
        answer["email"] = facts.email
    return answer


def get_usage(call: Call) -> Json:
    now, settings = call.world.clock(), call.world.settings.current
    return {
        "requests": call.world.tokens.used(call.caller.token, now, hour=settings.hour_s),
        "request_limit": settings.hourly_limit,
        "seconds": round(settings.hour_s - now % settings.hour_s, 3),
    }


def login(call: Call) -> Reply:
    """A session for a name and a password, whichever they are; its cookie is what the vendor's provider needs."""
    body = call.body
    if not isinstance(body, dict) or not all(isinstance(body.get(k), str) and body[k] for k in ("email", "password")):
        raise bad_request("email and password are required")
    if call.world.tokens.only:
        raise ApiError(401, "Invalid email or password.")
    session = call.store.ids().replace("-", "")
    call.world.tokens.declare({session: {"role": "admin", "name": body["email"], "email": body["email"]}})
    return Reply(200, {"email": body["email"]}, {"Set-Cookie": f"csrftoken={session}; Path=/"})


def admins(call: Call) -> list[Json]:
    """Who may enter the organisation: the declared tokens that have a name of a person."""
    rows: list[Json] = []
    for facts in call.world.tokens.declared.values():
        role = facts.role if not facts.privileges else ""
        held = [p for p in facts.privileges if p.org_id == call.org_id]
        if not facts.email or not (role or held):
            continue
        first, _, last = facts.name.partition(" ")
        privileges = [{"scope": p.scope, "role": p.role} for p in held] or [{"scope": "org", "role": role}]
        rows.append(
            {
                "admin_id": admin_id(facts.email),
                "email": facts.email,
                "first_name": first,
                "last_name": last,
                "privileges": [{**p, "org_id": call.org_id} for p in privileges],
            }
        )
    return rows


def admin_id(admin: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, admin))
