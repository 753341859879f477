"""Who calls: API tokens with roles and privileges, and the hourly budget of each.

In: the `tokens` of the seed, {"<token>": {"role": "admin|write|read", "name": ..., "email": ...,
"privileges": [{"scope": "org|site|sitegroup", "org_id", "site_id", "sitegroup_id", "role"}],
"revoke_after": n}}.  Out: a Caller for a token, or an ApiError 401 / 429.  A token without privileges has its role
in every organisation; any non-empty token that is not declared is an administrator unless `only` names tokens.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.emulator.errors import ApiError, EmulatorError

ROLES = ("admin", "write", "read", "helpdesk", "installer", "none")
WRITERS = frozenset({"admin", "write"})
HOUR = 3600


@dataclass(frozen=True)
class Privilege:
    scope: str
    role: str
    org_id: str | None = None
    site_id: str | None = None
    sitegroup_id: str | None = None


@dataclass(frozen=True)
class Token:
    role: str = "admin"
    name: str = ""
    email: str = ""
    privileges: tuple[Privilege, ...] = ()
    revoke_after: int | None = None


@dataclass(frozen=True)
class Caller:
    """The token in use and who the audit log names."""

    token: str
    facts: Token
    admin: str
    src_ip: str = "127.0.0.1"

    def role_in_org(self, org_id: str) -> str | None:
        if not self.facts.privileges:
            return self.facts.role
        return self._role(p for p in self.facts.privileges if p.scope == "org" and p.org_id == org_id)

    def role_in_site(self, org_id: str, site_id: str, sitegroup_ids: Iterable[str]) -> str | None:
        groups = set(sitegroup_ids)
        return self.role_in_org(org_id) or self._role(
            p
            for p in self.facts.privileges
            if (p.scope == "site" and p.site_id == site_id) or (p.scope == "sitegroup" and p.sitegroup_id in groups)
        )

    def _role(self, privileges: Iterable[Privilege]) -> str | None:
        held = {p.role for p in privileges}
        return next((role for role in ROLES if role in held), None)


def parse_token(name: str, raw: object) -> Token:
    if not isinstance(raw, Mapping) or raw.get("role", "admin") not in ROLES:
        raise EmulatorError(f"token {name!r}: expected an object with a role of {', '.join(ROLES)}")
    known = {"role", "name", "email", "privileges", "revoke_after"}
    if unknown := sorted(set(raw) - known):
        raise EmulatorError(f"token {name!r}: unknown key {unknown[0]}")
    try:
        privileges = tuple(Privilege(**{"role": raw.get("role", "admin"), **p}) for p in raw.get("privileges", ()))
    except TypeError as error:
        raise EmulatorError(f"token {name!r}: bad privilege: {error}") from error
    return Token(
        role=raw.get("role", "admin"),
        name=raw.get("name", ""),
        email=raw.get("email", ""),
        privileges=privileges,
        revoke_after=raw.get("revoke_after"),
    )


def session_of(cookie: str | None) -> str | None:
    """The session that a login began, as the credentials of a call."""
    for part in (cookie or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == "csrftoken" and value:
            return f"Token {value}"
    return None


@dataclass
class TokenTable:
    """The tokens known, those revoked, and how much of the hour's budget each has used."""

    only: frozenset[str] = frozenset()
    declared: dict[str, Token] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    _hour: int = -1
    _used: Counter[str] = field(default_factory=Counter)

    def declare(self, tokens: Mapping[str, Any]) -> None:
        parsed = {name: parse_token(name, raw) for name, raw in tokens.items()}
        self.declared.update(parsed)
        self.raw.update(tokens)

    def replace(self, tokens: Mapping[str, Any]) -> None:
        """Forgets every declared token and knows these."""
        for name, raw in tokens.items():
            parse_token(name, raw)
        self.declared.clear()
        self.raw.clear()
        self.declare(tokens)

    def revoke(self, token: str, *, after: int = 0) -> None:
        """From now on, or after so many more calls, the token gets 401."""
        if after:
            facts = self.declared.get(token, Token())
            limit = self.calls[token] + after
            self.declared[token] = Token(facts.role, facts.name, facts.email, facts.privileges, limit)
        else:
            self.revoked.add(token)

    def identify(self, authorization: str | None, admin: str | None, src_ip: str | None) -> Caller:
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "token" or not token:
            raise ApiError(401, "Authentication credentials were not provided.")
        facts = self.declared.get(token, Token())
        self.calls[token] += 1
        if facts.revoke_after is not None and self.calls[token] > facts.revoke_after:
            self.revoked.add(token)
        if token in self.revoked or (self.only and token not in self.only):
            raise ApiError(401, "Invalid token.")
        return Caller(token, facts, admin or facts.name or "Emulator Admin", src_ip or "127.0.0.1")

    def spend(self, token: str, now: float, limit: int, *, hour: float = HOUR) -> None:
        """Counts one call in the clock hour; past the limit 429 with the seconds until the next hour."""
        if self.used(token, now, hour=hour) >= limit:
            detail = (
                f"Too Many Request. The API Token used for the request reached the {limit} API Calls per hour threshold"
            )
            raise ApiError(429, detail, headers={"Retry-After": str(max(1, math.ceil(hour - now % hour)))})
        self._used[token] += 1

    def used(self, token: str, now: float, *, hour: float = HOUR) -> int:
        if int(now // hour) != self._hour:
            self._hour = int(now // hour)
            self._used.clear()
        return self._used[token]
