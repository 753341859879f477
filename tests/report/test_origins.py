"""explain: which file and line set a value."""

from reconciler.report.origins import explain
from tests.stages.compose.support import composed

PROJECT = "defaults: {sites: {notes: x}}\n"
FILES = """\
sites:
  - name: A
    latlng: {lat: 1.5}
    sitegroups: [a, b]
    wlans:
      - {ssid: W, auth: {psk: !secret env:P}, bands: []}
acl_tags: [{name: iot, type: any}]
networktemplates:
  - {name: N, acl_policies: [{name: p, src_tags: [iot]}]}
"""


def told(address: str, field: str | None = None) -> list[str]:
    inventory = composed(FILES, PROJECT, environ={"P": "canary"})
    return [f"{item.path}={item.value!r} {item.source}" for item in explain(inventory, address, field)]


def test_every_leaf_has_its_place() -> None:
    assert told("site.A") == [
        "notes='x' reconciler.yaml:2:20",
        "name='A' a.yaml:2:5",
        "latlng.lat=1.5 a.yaml:3:14",
        "sitegroups[0]='a' a.yaml:4:18",
        "sitegroups[1]='b' a.yaml:4:21",
    ]


def test_a_field_is_told_with_what_lies_below_it() -> None:
    assert told("site.A", "latlng") == ["latlng.lat=1.5 a.yaml:3:14"]
    assert told("site.A", "sitegroups[1]") == ["sitegroups[1]='b' a.yaml:4:21"]
    assert told("site.A", "lat") == []
    assert told("site.B") == []


def test_a_secret_shows_nothing_of_itself_and_an_empty_list_is_a_value() -> None:
    assert told("site.A/wlan.W")[1:] == ["auth.psk=(secret) a.yaml:6:26", "bands=[] a.yaml:6:47"]


def test_a_shared_tag_is_told_where_it_is_defined() -> None:
    assert told("networktemplate.N", "acl_tags") == ["acl_tags.iot.type='any' a.yaml:7:24"]


LAYERS = """\
defaults:
  wlans: {enabled: true, bands: ["24", "5"], auth: {type: psk, psk: canary-of-a-default}, vlan_id: 3}
  sites: {setting: {rogue: {enabled: true}}}
  settings: {rogue: {enabled: false, min_rssi: -70}}
profiles:
  wlans: {loud: {bands: ["24"], enabled: false, auth: null}}
  sites: {shop: {setting: {rogue: {enabled: false}}}}
"""
LAYERED = """\
sites:
  - name: A
    profiles: [shop]
    setting: {rogue: {enabled: true}}
    wlans:
      - {ssid: W, profiles: [loud], bands: ["5", "6"], auth: {type: open, psk: !secret env:P}}
"""


def lost(address: str, field: str) -> list[list[str]]:
    inventory = composed(LAYERED, LAYERS, environ={"P": "canary"})
    found = explain(inventory, address, field, hide=lambda _resource, _path, value: value)
    return [[f"{one.path}={one.value!r} {one.source}" for one in item.lost] for item in found]


def test_what_lost_is_told_with_its_place_the_nearest_layer_first() -> None:
    assert lost("site.A/wlan.W", "enabled") == [["enabled=True reconciler.yaml:3:11"]]
    assert lost("site.A/wlan.W", "vlan_id") == [[]]
    assert lost("site.A/setting", "rogue.enabled") == [
        ["rogue.enabled=False reconciler.yaml:8:36", "rogue.enabled=True reconciler.yaml:4:29",
         "rogue.enabled=False reconciler.yaml:5:22"]
    ]  # fmt: skip


def test_a_list_is_one_value_and_a_null_above_a_field_lost_too() -> None:
    bands = ["bands=['24'] reconciler.yaml:7:18", "bands=['24', '5'] reconciler.yaml:3:26"]
    assert lost("site.A/wlan.W", "bands") == [bands, []]
    assert lost("site.A/wlan.W", "auth.type")[0] == [
        "auth=None reconciler.yaml:7:49", "auth.type='psk' reconciler.yaml:3:53"
    ]  # fmt: skip


def test_what_lost_to_a_secret_is_one() -> None:
    assert "canary" not in str(lost("site.A/wlan.W", "auth.psk"))
