"""Tokens, roles, budget, and what the caller learns of himself."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator, EmulatorError, Request
from tests.emulator.support import GROUP, ORG, OTHER_SITE, SITE, Clock, ok, refused

PATH = f"/api/v1/orgs/{ORG}"


@pytest.mark.parametrize("header", [None, "", "Token", "Token ", "Bearer t", "Basic dDp0"])
def test_a_call_without_a_token_is_refused(header: str | None, emulator: Emulator) -> None:
    headers = {} if header is None else {"Authorization": header}
    refused(emulator.handle(Request("GET", PATH, headers=headers)), 401, "credentials")


def test_any_token_is_taken_unless_one_was_named(emulator: Emulator) -> None:
    ok(emulator.call("GET", PATH, token="whatever"))
    only = Emulator(token="secret", data=emulator.state())
    ok(only.call("GET", PATH, token="secret"))
    refused(only.call("GET", PATH, token="whatever"), 401, "Invalid token")


def test_header_names_and_the_scheme_are_read_in_any_case(emulator: Emulator) -> None:
    ok(emulator.handle(Request("GET", PATH, headers={"authorization": "token t"})))


TOKENS: dict[str, Any] = {
    "admin": {"role": "admin", "name": "Ada", "email": "ada@example.net"},
    "read": {"role": "read", "name": "Rob"},
    "none": {"role": "none"},
    "elsewhere": {"privileges": [{"scope": "org", "org_id": "other", "role": "admin"}]},
    "at_site": {"privileges": [{"scope": "site", "site_id": SITE, "role": "write"}]},
    "at_group": {"privileges": [{"scope": "sitegroup", "sitegroup_id": GROUP, "role": "read"}]},
    "mixed": {
        "privileges": [
            {"scope": "org", "org_id": ORG, "role": "read"},
            {"scope": "org", "org_id": ORG, "role": "write"},
        ]
    },
}
MATRIX = [
    ("admin", "GET", PATH, 200),
    ("admin", "PUT", PATH, 200),
    ("read", "GET", PATH, 200),
    ("read", "PUT", PATH, 403),
    ("read", "POST", f"{PATH}/sites", 403),
    ("none", "GET", PATH, 403),
    ("none", "GET", f"/api/v1/sites/{SITE}", 403),
    ("elsewhere", "GET", PATH, 403),
    ("elsewhere", "GET", f"/api/v1/sites/{SITE}", 403),
    ("at_site", "GET", PATH, 403),
    ("at_site", "PUT", f"/api/v1/sites/{SITE}", 200),
    ("at_site", "GET", f"/api/v1/sites/{OTHER_SITE}", 403),
    ("at_group", "GET", f"/api/v1/sites/{SITE}/setting", 200),
    ("at_group", "PUT", f"/api/v1/sites/{SITE}", 403),
    ("at_group", "GET", f"/api/v1/sites/{OTHER_SITE}", 403),
    ("mixed", "PUT", PATH, 200),
    ("anyone", "GET", "/api/v1/orgs/nowhere", 404),
    ("anyone", "GET", "/api/v1/const/webhook_topics", 200),
]


@pytest.mark.parametrize(("token", "method", "path", "status"), MATRIX)
def test_a_role_opens_what_it_opens(token: str, method: str, path: str, status: int, emulator: Emulator) -> None:
    emulator.tokens.declare(TOKENS)
    assert emulator.call(method, path, body={"name": "n"}, token=token).status == status


def test_self_tells_the_privileges(emulator: Emulator) -> None:
    emulator.tokens.declare(TOKENS)
    own = ok(emulator.call("GET", "self", token="read"))
    assert own["privileges"] == [{"scope": "org", "org_id": ORG, "name": "Acme", "role": "read"}]
    assert ok(emulator.call("GET", "self", token="admin"))["email"] == "ada@example.net"
    assert ok(emulator.call("GET", "self", token="at_site"))["privileges"] == [
        {"scope": "site", "role": "write", "site_id": SITE}
    ]
    assert ok(emulator.call("GET", "self", token="at_group"))["privileges"][0]["sitegroup_ids"] == [GROUP]


BAD_TOKENS = [
    ("text", "expected an object"),
    ({"role": "king"}, "expected an object with a role"),
    ({"rank": 1}, "unknown key rank"),
    ({"privileges": [{"scope": "org", "planet": 5}]}, "bad privilege"),
]


@pytest.mark.parametrize(("raw", "message"), BAD_TOKENS)
def test_a_token_that_is_declared_wrongly_is_an_error(raw: Any, message: str, emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match=message):
        emulator.tokens.declare({"t": raw})
    assert "t" not in emulator.tokens.declared


def test_a_token_can_be_revoked_at_once_or_after_some_calls(emulator: Emulator) -> None:
    emulator.tokens.declare({"early": {"role": "admin", "revoke_after": 2}})
    statuses = [emulator.call("GET", PATH, token="early").status for _ in range(4)]
    assert statuses == [200, 200, 401, 401]
    emulator.tokens.revoke("late", after=1)
    assert [emulator.call("GET", PATH, token="late").status for _ in range(2)] == [200, 401]
    emulator.tokens.revoke("now")
    refused(emulator.call("GET", PATH, token="now"), 401)


def test_past_the_hourly_limit_calls_get_429_until_the_hour_is_over(emulator: Emulator, clock: Clock) -> None:
    emulator.settings.update({"hourly_limit": 3})
    clock.now += 600
    for _ in range(3):
        ok(emulator.call("GET", PATH))
    usage = emulator.call("GET", "self/usage")
    refused(usage, 429, "reached the 3 API Calls per hour threshold")
    assert usage.headers["Retry-After"] == "3000"
    ok(emulator.call("GET", PATH, token="another"))
    clock.now += 3000
    answer = ok(emulator.call("GET", "self/usage"))
    assert answer == {"requests": 1, "request_limit": 3, "seconds": 3600}


def test_an_hour_may_be_short_and_time_may_pass(emulator: Emulator, clock: Clock) -> None:
    emulator.settings.update({"hourly_limit": 2, "hour_s": 36})
    assert ok(emulator.call("GET", "self/usage")) == {"requests": 1, "request_limit": 2, "seconds": 36}
    clock.now += 12
    ok(emulator.call("GET", PATH))
    late = emulator.call("GET", PATH)
    refused(late, 429)
    assert late.headers["Retry-After"] == "24"
    emulator.settings.update({"ahead_s": 24})
    assert ok(emulator.call("GET", "self/usage"))["requests"] == 1
    before = ok(emulator.call("POST", f"{PATH}/sitegroups", body={"name": "a"}))["created_time"]
    emulator.settings.update({"ahead_s": 3600})
    assert ok(emulator.call("POST", f"{PATH}/sitegroups", body={"name": "b"}))["created_time"] == before + 3576


def test_nothing_is_stored_by_a_call_that_was_refused(emulator: Emulator) -> None:
    emulator.settings.update({"hourly_limit": 0})
    refused(emulator.call("POST", f"{PATH}/sites", body={"name": "n"}), 429)
    assert len(emulator.state()["orgs"][0]["sites"]) == 2
