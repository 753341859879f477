"""How stored objects look: sets in another order, signed URLs, masked secrets, lists that lag."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.masking import MASK, masked
from reconciler.emulator.view import is_set
from tests.emulator.support import ORG, SITE, Clock, ok

WEBHOOKS = f"orgs/{ORG}/webhooks"


def test_set_like_lists_come_back_in_another_order_and_ordered_ones_do_not(emulator: Emulator) -> None:
    body: dict[str, Any] = {
        "name": "t",
        "dns_servers": ["1.1.1.1", "2.2.2.2", "3.3.3.3"],
        "acl_tags": {"a": {"type": "mac", "macs": ["m1", "m2", "m3"], "specs": [{"protocol": "tcp"}]}},
        "acl_policies": [
            {"name": "p", "src_tags": ["a", "b"], "actions": [{"dst_tag": "x"}, {"dst_tag": "y"}]},
            {"name": "q", "src_tags": ["a"], "actions": []},
        ],
    }
    emulator.settings.update({"quirks": {"reorder": "all"}})
    made = ok(emulator.call("POST", f"orgs/{ORG}/networktemplates", body=body))
    reads = [ok(emulator.call("GET", f"orgs/{ORG}/networktemplates/{made['id']}")) for _ in range(2)]
    orders = [r["acl_tags"]["a"]["macs"] for r in reads]
    assert orders[0] != orders[1] != ["m1", "m2", "m3"] != orders[0]
    assert all(sorted(o) == ["m1", "m2", "m3"] for o in orders)
    assert reads[0]["acl_policies"][0]["src_tags"] == ["b", "a"]
    assert [p["name"] for p in reads[0]["acl_policies"]] == ["p", "q"]
    assert [a["dst_tag"] for a in reads[0]["acl_policies"][0]["actions"]] == ["x", "y"]
    assert reads[0]["dns_servers"] == body["dns_servers"]


@pytest.mark.parametrize("name", ["sitegroup_ids", "topics", "bands", "src_wxtags", "google_email_domains"])
def test_names_of_set_like_lists_are_known(name: str) -> None:
    assert is_set(name)


@pytest.mark.parametrize(
    "name", ["servers", "acl_policies", "actions", "rules", "dns_servers", "ntp_servers", "values"]
)
def test_names_of_ordered_lists_are_known(name: str) -> None:
    assert not is_set(name)


def test_signed_urls_differ_at_each_read(emulator: Emulator) -> None:
    ok(emulator.call("POST", f"sites/{SITE}/setting/blacklist", body={"macs": ["5c5b35000001"]}))
    first, second = (ok(emulator.call("GET", f"sites/{SITE}/setting")) for _ in range(2))
    assert first["blacklist_url"] != second["blacklist_url"]
    body = {"ssid": "guest", "portal": {"enabled": True, "auth": "sso"}}
    made = ok(emulator.call("POST", f"sites/{SITE}/wlans", body=body))
    again = ok(emulator.call("GET", f"sites/{SITE}/wlans/{made['id']}"))
    assert made["portal_sso_url"] != again["portal_sso_url"]
    emulator.settings.update({"quirks": {"rotate_urls": False}})
    third, fourth = (ok(emulator.call("GET", f"sites/{SITE}/setting")) for _ in range(2))
    assert third["blacklist_url"] == fourth["blacklist_url"]


def test_a_read_only_token_sees_asterisks_and_a_writing_one_the_secret(emulator: Emulator) -> None:
    ok(emulator.call("POST", WEBHOOKS, body={"name": "w", "url": "https://x", "secret": "s3cret"}))
    emulator.tokens.declare({"reader": {"role": "read"}})
    assert ok(emulator.call("GET", WEBHOOKS, token="reader"))[0]["secret"] == MASK
    assert ok(emulator.call("GET", WEBHOOKS))[0]["secret"] == "s3cret"
    emulator.settings.update({"quirks": {"mask_secrets": False}})
    assert ok(emulator.call("GET", WEBHOOKS, token="reader"))[0]["secret"] == "s3cret"


def test_asterisks_that_are_written_back_become_the_secret(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", WEBHOOKS, body={"name": "w", "url": "https://x", "secret": "s3cret"}))
    ok(emulator.call("PUT", f"{WEBHOOKS}/{made['id']}", body={"secret": MASK}))
    assert emulator.state()["orgs"][0]["webhooks"][0]["secret"] == MASK


SECRETS = [
    (
        {"auth": {"psk": "x", "keys": ["x", "y"], "type": "psk"}},
        {"auth": {"psk": MASK, "keys": [MASK] * 2, "type": "psk"}},
    ),
    ({"auth_servers": [{"host": "h", "secret": "x"}]}, {"auth_servers": [{"host": "h", "secret": MASK}]}),
    (
        {"portal": {"google_client_secret": "x", "google_client_id": "i"}},
        {"portal": {"google_client_secret": MASK, "google_client_id": "i"}},
    ),
    (
        {"switch_mgmt": {"local_accounts": {"bob": {"password": "x"}}}},
        {"switch_mgmt": {"local_accounts": {"bob": {"password": MASK}}}},
    ),
    ({"ospf": {"auth_keys": {"1": "x"}}}, {"ospf": {"auth_keys": {"1": MASK}}}),
    ({"ospf": {"auth_keys": ["x", 1, ""]}}, {"ospf": {"auth_keys": [MASK, 1, ""]}}),
    (
        {"mist_nac": {"server_cert": {"key": "x", "cert": "c"}}},
        {"mist_nac": {"server_cert": {"key": MASK, "cert": "c"}}},
    ),
    ({"key": "plain", "secret": "", "psk": None}, {"key": "plain", "secret": "", "psk": None}),
    ({"vars": {"a": "1"}}, {"vars": {"a": "1"}}),
]


@pytest.mark.parametrize(("value", "expected"), SECRETS)
def test_secret_leaves_are_masked_wherever_they_are(value: Any, expected: Any) -> None:
    assert masked(value) == expected


def test_new_objects_are_listed_after_a_while_only(emulator: Emulator, clock: Clock) -> None:
    emulator.settings.update({"quirks": {"list_lag_s": 3}})
    made = ok(emulator.call("POST", WEBHOOKS, body={"name": "w", "url": "https://x"}))
    reply = emulator.call("GET", WEBHOOKS, query={"limit": "10"})
    assert (ok(reply), reply.headers["X-Page-Total"]) == ([], "0")
    assert ok(emulator.call("GET", f"{WEBHOOKS}/{made['id']}"))["name"] == "w"
    clock.now += 3
    assert len(ok(emulator.call("GET", WEBHOOKS))) == 1
