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
