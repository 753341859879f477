"""A device is meant by its name as well as by its MAC address, in references and in selections."""

from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.kinds import kinds
from reconciler.model.change import Status
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.values import YamlList, YamlMap
from reconciler.stages.validate import validate
from tests.stages.compose.support import composed
from tests.world import World, declare, world

PARIS = "22222222-0000-4000-8000-000000000001"
LYON = "22222222-0000-4000-8000-000000000002"
LOBBY, HALL, FAR = "5c5b350e0001", "5c5b350e0002", "5c5b350e0003"
ID = "00000000-0000-0000-1000-"


def acme() -> World:
    sites = [
        {"id": PARIS, "name": "Paris", "devices": [{"mac": LOBBY, "type": "ap"}, {"mac": HALL, "type": "ap"}]},
        {"id": LYON, "name": "Lyon", "devices": [{"mac": FAR, "type": "ap"}]},
    ]
    return world(None, sites=sites)


def devices(*, hall: str = "hall 1/2") -> list[Resource]:
    return [
        declare("site.Paris"),
        declare(f"site.Paris/ap.{LOBBY}", {"name": "lobby"}),
        declare(f"site.Paris/ap.{HALL}", {"name": hall}),
    ]


REFERRING = [
    ("site.Paris/wlan.A", {"apply_to": "aps", "aps": ["hall 1/2", "5C:5B:35:0E:00:01"]}, "wlans", "ap_ids"),
    ("site.Paris/rssizone.Z", {"devices": [{"device": "lobby", "rssi": -60}]}, "rssizones", "devices"),
    ("site.Paris/wxtag.T", {"type": "match", "match": "ap_id", "op": "in", "values": ["lobby"]}, "wxtags", "values"),
]


@pytest.mark.parametrize(("address", "body", "path", "root"), REFERRING, ids=[item[0] for item in REFERRING])
def test_a_reference_by_name_is_sent_as_the_id_and_plans_empty(
    address: str, body: dict[str, Any], path: str, root: str
) -> None:
    cloud = acme()
    marked = {key: YamlList(value) if isinstance(value, list) else value for key, value in body.items()}
    everything = [*devices(), declare(address, YamlMap(marked))]
    assert {item.status for item in cloud.apply(*everything)} == {Status.APPLIED}
    (live,) = cloud.call("GET", f"sites/{PARIS}/{path}")
    assert ID + LOBBY in str(live[root])
    assert cloud.plan(*everything).changes == ()


def test_a_mac_address_of_a_device_that_nothing_declares_needs_no_look() -> None:
    cloud = acme()
    wlan = declare("wlantemplate.t/wlan.A", {"apply_to": "aps", "aps": YamlList([FAR])})
    cloud.apply(declare("wlantemplate.t"), wlan)
    assert cloud.plan(declare("wlantemplate.t"), wlan).changes == ()
    assert not [call for call in cloud.emulator.calls.log if "devices" in call.path]


INVENTORY = """
sites:
  - name: Paris
    country_code: FR
    timezone: Europe/Paris
    aps: [{mac: 5c5b350e0001, name: lobby}, {mac: 5c5b350e0002, name: lobby}]
    rssizones: [{name: Z, devices: [{device: NAME, rssi: -60}]}]
  - {name: Lyon, country_code: FR, timezone: Europe/Paris, aps: [{mac: 5c5b350e0003, name: far}]}
"""


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("lobby", "so are called site.Paris/ap.5c5b350e0001 and site.Paris/ap.5c5b350e0002. Write its MAC address"),
        ("far", "that is site.Lyon/ap.5c5b350e0003: at another site"),
        ("5c:5b:35:0e:00:03", "that is site.Lyon/ap.5c5b350e0003: at another site"),
        ("hall", "which is not in the inventory"),
    ],
)
def test_what_no_single_device_of_the_site_is_called_is_refused(name: str, part: str) -> None:
    found = validate(composed(INVENTORY.replace("NAME", name)), kinds())
    (problem,) = (item for item in found.diagnostics if item.rule == "unknown-reference")
    assert part in problem.detail


def test_a_selection_names_a_device_by_its_name() -> None:
    cloud = acme()
    (change,) = cloud.plan(*devices(), options=Options(targets=("site.Paris/ap.hall 1%2F2",))).changes
    assert change.address.name == HALL
    (left,) = cloud.plan(*devices(), options=Options(excludes=("site.Paris/ap.hall 1%2F2",))).changes
    assert left.address.name == LOBBY


def test_a_selection_by_the_name_of_two_devices_names_both() -> None:
    with pytest.raises(UsageError, match=f"{LOBBY} and site.Paris/ap.{HALL}"):
        acme().plan(*devices(hall="lobby"), options=Options(targets=("site.Paris/ap.lobby",)))
