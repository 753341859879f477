"""`null` clears, and what the cloud puts in its place is no difference."""

from typing import Any

import pytest

from reconciler.kinds import kinds
from reconciler.semantics.equality import is_cleared
from tests.world import World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
TEMPLATE = "55555555-0000-4000-8000-000000000001"


def cloud() -> World:
    return world(
        sites=[{"id": SITE, "name": "Here"}],
        templates=[{"id": TEMPLATE, "name": "corp"}],
        networktemplates=[{"name": "campus", "port_usages": {"ap": {"mode": "access", "mtu": 9000, "speed": "1g"}}}],
    )


CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("wlantemplate.corp/wlan.W", {"enabled": False, "max_idletime": 60}, {"enabled": None, "max_idletime": None}),
    ("wlantemplate.corp/wlan.W", {"auth": {"type": "psk", "psk": "longenough"}}, {"auth": None}),
    ("wlantemplate.corp/wlan.W", {"portal": {"enabled": True}, "bonjour": {"enabled": True}}, {"portal": None}),
    (
        "site.Here/setting",
        {"rogue": {"enabled": True, "min_rssi": -70}},
        {"rogue": {"enabled": None, "min_rssi": None}},
    ),
    ("site.Here/setting", {"rogue": {"enabled": True}, "vars": {"a": "1"}}, {"rogue": None, "vars": None}),
    ("networktemplate.campus", {}, {"port_usages": {"ap": {"speed": None, "mode": None, "mtu": None}}}),
    ("networktemplate.campus", {}, {"port_usages": {"ap": None}}),
    ("networktemplate.campus", {}, {"port_usages": None, "dns_servers": None}),
    (
        "rftemplate.r",
        {"band_5": {"channels": [36], "disabled": True}},
        {"band_5": {"channels": None, "disabled": None}},
    ),
    ("site.Here", {"timezone": "Europe/Paris", "notes": "x"}, {"timezone": None, "notes": None, "sitegroups": None}),
]


@pytest.mark.parametrize(("address", "before", "declared"), CASES)
def test_a_cleared_field_that_the_cloud_fills_again_is_no_difference(
    address: str, before: dict[str, Any], declared: dict[str, Any]
) -> None:
    live = cloud()
    holder = [declare("wlantemplate.corp")] if "wlan." in address else [declare("site.Here")] * ("setting" in address)
    live.apply(*holder, declare(address, before))
    inventory = [*holder, declare(address, declared)]
    outcomes = live.apply(*inventory)
    assert [(item.status, item.detail) for item in outcomes if not item.verified] == []
    assert live.plan(*inventory).changes == ()


@pytest.mark.parametrize("address", ["wlantemplate.corp/wlan.New", "rftemplate.new", "webhook.new"])
def test_a_create_with_nulls_is_followed_by_an_empty_plan(address: str) -> None:
    live = cloud()
    kind = kinds()[address.rpartition("/")[2].partition(".")[0]]
    assert kind.model is not None
    inventory = [
        *([declare("wlantemplate.corp")] if "/" in address else []),
        declare(address, dict.fromkeys(sorted({*kind.model.model_fields} - {kind.key, "class_"}))),
    ]
    assert all(item.verified for item in live.apply(*inventory))
    assert live.plan(*inventory).changes == ()


def test_a_map_with_an_entry_is_not_cleared() -> None:
    shape = kinds()["networktemplate"].shape
    assert not is_cleared({"corp": {}}, shape.below("networks"))
    assert is_cleared({}, shape.below("networks"))


def test_only_the_documented_default_counts_as_cleared() -> None:
    shape = kinds()["wlan"].shape
    assert is_cleared(True, shape.below("enabled"))
    assert not is_cleared(False, shape.below("enabled"))
