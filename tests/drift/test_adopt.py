"""The way back into git: which lines an adoption changes, and what it leaves with which reason."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reconciler.drift.values import adopted, has_secret, materialised
from reconciler.errors import InventoryError, ReconcilerError
from reconciler.kinds import kinds
from reconciler.model.values import Secret
from reconciler.semantics.compare import differences
from reconciler.yamltext.edit.edits import GONE, KEEP, Aligned
from tests.drift.support import ENVIRON, case
from tests.strategies import bodies

SITES = """\
sites:
  # the one in Paris
  - name: Paris
    timezone: "Europe/Paris"   # quoted
    country_code: 'FR'
    notes: before
    setting:
      vars: {corp: "10", guest: "40"}
      rogue: {enabled: true, min_rssi: -75}
    wlans:
      - ssid: Lab
        vlan_enabled: true
        vlan_id: 40
        bands: ["5"]
        auth: {type: psk, psk: !secret env:PSK}
        auth_servers:
          # main
          - {host: 10.0.0.1, port: 1812, secret: !secret env:SECRET}
          - {host: 10.0.0.2, port: 1812, secret: !secret env:SECRET}
"""
LAB = "site.Paris/wlan.Lab"
SERVERS = [{"host": f"10.0.0.{n}", "port": 1812, "secret": "canary-declared-secret"} for n in (1, 2)]


@pytest.mark.parametrize(
    ("address", "live", "lines"),
    [
        (
            "site.Paris",
            {"timezone": "Europe/Rome"},
            ['-    timezone: "Europe/Paris"   # quoted', '+    timezone: "Europe/Rome"   # quoted'],
        ),
        ("site.Paris", {"country_code": "IT"}, ["-    country_code: 'FR'", "+    country_code: 'IT'"]),
        ("site.Paris", {"notes": "a: b"}, ["-    notes: before", '+    notes: "a: b"']),
        ("site.Paris", {"notes": None}, ["-    notes: before", "+    notes: null"]),
        (LAB, {"vlan_id": "41"}, ["-        vlan_id: 40", "+        vlan_id: 41"]),
        (LAB, {"vlan_id": "{{v}}"}, ["-        vlan_id: 40", '+        vlan_id: "{{v}}"']),
        (LAB, {"bands": ["24", "5"]}, ['-        bands: ["5"]', '+        bands: ["5", "24"]']),
        (
            "site.Paris/setting",
            {"vars": {"corp": "11", "guest": "40", "else": "x"}},
            ['-      vars: {corp: "10", guest: "40"}', '+      vars: {corp: "11", guest: "40"}'],
        ),
        (
            "site.Paris/setting",
            {"rogue": {}},
            ["-      rogue: {enabled: true, min_rssi: -75}", "+      rogue: null"],
        ),
        (
            LAB,
            {"auth_servers": SERVERS[1:]},
            ["-          # main", "-          - {host: 10.0.0.1, port: 1812, secret: !secret env:SECRET}"],
        ),
        (
            LAB,
            {"auth_servers": [SERVERS[0], {**SERVERS[1], "keywrap_enabled": True}]},
            None,
        ),
    ],
)
def test_a_live_value_goes_to_the_line_that_set_the_declared_one(
    address: str, live: dict[str, Any], lines: list[str] | None
) -> None:
    it = case({"sites.yaml": SITES}, {address: live})
    adoption = it.adopt()
    if lines is None:  # nobody declared it
        assert (it.changes, adoption.files) == ((), {})
        return
    assert it.diff_of(adoption) == {"sites.yaml": lines}
    assert not adoption.refused


def test_the_order_of_a_list_with_a_key_is_adopted_with_its_comments() -> None:
    it = case({"sites.yaml": SITES}, {LAB: {"auth_servers": SERVERS[::-1]}})
    text = it.adopt().files["sites.yaml"]
    assert text.index("10.0.0.2") < text.index("# main") < text.index("10.0.0.1")
    assert sorted(text.splitlines()) == sorted(SITES.splitlines())


def test_a_list_is_adopted_but_for_the_element_that_holds_a_secret() -> None:
    live = [SERVERS[1], {"host": "10.0.0.3", "secret": "canary-live"}]
    it = case({"sites.yaml": SITES}, {LAB: {"auth_servers": live, "vlan_id": 41}})
    adoption = it.adopt()
    assert {item.path for item in adoption.refused} == {"auth_servers[10.0.0.3]"}
    assert {item.path for item in adoption.done} == {"auth_servers[10.0.0.1:1812]", "vlan_id"}
    assert "canary" not in str(adoption.files)


def test_only_the_fields_that_are_named_are_adopted() -> None:
    it = case({"sites.yaml": SITES}, {"site.Paris/setting": {"vars": {"corp": "1", "guest": "2"}, "rogue": {}}})
    assert [item.path for item in it.adopt("vars.corp").done] == ["vars.corp"]
    assert [item.path for item in it.adopt("vars").done] == ["vars.corp", "vars.guest"]
    assert [item.path for item in it.adopt("*.guest").done] == ["vars.guest"]


def test_a_secret_is_never_written_and_the_rest_is() -> None:
    live = {
        "auth": {"type": "psk-wpa2-tkip", "psk": "canary-live-psk"},
        "auth_servers": [*SERVERS, {"host": "10.0.0.3", "secret": "canary-live"}],
    }
    it = case({"sites.yaml": SITES}, {LAB: live})
    adoption = it.adopt()
    assert it.diff_of(adoption)["sites.yaml"] == [
        "-        auth: {type: psk, psk: !secret env:PSK}",
        "+        auth: {type: psk-wpa2-tkip, psk: !secret env:PSK}",
    ]
    assert {item.path for item in adoption.refused} == {"auth.psk", "auth_servers[10.0.0.3]"}
    assert "canary" not in repr(adoption)


PROJECT = """\
version: 1
defaults:
  sites: {country_code: FR}
  settings: {rogue: {enabled: true}}
profiles:
  sites:
    office:
      timezone: Europe/Paris
generate:
  - {template: branches.yaml.j2, rows: branches.csv}
"""
SHARED = {
    "reconciler.yaml": PROJECT,
    "sites.yaml": "sites:\n  - name: A\n    profiles: [office]\n  - {name: B, timezone: UTC}\n",
    "branches.yaml.j2": "sites:\n  - name: ${ name }\n    notes: ${ name }\n    timezone: UTC\n",
    "branches.csv": "name\nC\n",
}


@pytest.mark.parametrize(
    ("address", "live", "reason", "lines"),
    [
        ("site.A", {"country_code": "DE"}, "the defaults for sites, reconciler.yaml:3", ["+    country_code: DE"]),
        ("site.A", {"timezone": "UTC"}, "the profile 'office' for sites, reconciler.yaml:8", ["+    timezone: UTC"]),
        (
            "site.B",
            {"country_code": "DE"},
            "the defaults",
            ["-  - {name: B, timezone: UTC}", "+  - {name: B, timezone: UTC, country_code: DE}"],
        ),
        ("site.C", {"notes": "x"}, "generated from branches.yaml.j2 with branches.csv", None),
        ("site.C", {"country_code": "DE"}, "generated from branches.yaml.j2", None),
        ("site.C", {"notes": "x"}, "`name` of site.C comes from the column 'name', too", None),
    ],
)
def test_what_others_share_is_left_unless_it_is_overridden(
    address: str, live: dict[str, Any], reason: str, lines: list[str] | None
) -> None:
    it = case(SHARED, {address: live})
    adoption = it.adopt()
    assert adoption.files == {}
    assert reason in adoption.refused[0].reason
    overridden = it.adopt(override=True)
    assert it.diff_of(overridden) == ({"sites.yaml": lines} if lines else {})
    assert [item.override for item in overridden.done] == ([True] if lines else [])


def test_what_a_cell_alone_says_is_written_there() -> None:
    files = {**SHARED, "branches.yaml.j2": "sites:\n  - name: ${ name }\n    notes: ${ n }\n    timezone: UTC\n"}
    it = case({**files, "branches.csv": "name,n\nC,old\n"}, {"site.C": {"notes": "a, b"}})
    assert it.diff_of(it.adopt()) == {"branches.csv": ["-C,old", '+C,"a, b"']}


def test_a_setting_that_comes_from_the_defaults_of_sites_is_overridden_in_the_site() -> None:
    project = "version: 1\ndefaults:\n  sites:\n    setting: {rogue: {enabled: true}}\n"
    files = {"reconciler.yaml": project, "sites.yaml": "sites:\n  - name: A\n    timezone: UTC\n"}
    it = case(files, {"site.A/setting": {"rogue": {"enabled": False}}})
    assert it.adopt().files == {}
    assert it.diff_of(it.adopt(override=True)) == {"sites.yaml": ["+    setting: {rogue: {enabled: false}}"]}


def test_a_shared_acl_tag_is_overridden_whole() -> None:
    files = {
        "tags.yaml": "acl_tags:\n  - {name: iot, type: subnet, subnets: [10.0.0.0/8]}\n",
        "t.yaml": "networktemplates:\n  - name: c\n    acl_policies:\n      - {name: p, src_tags: [iot], actions: "
        "[{dst_tag: any, action: deny}]}\n",
    }
    live = {"acl_tags": {"iot": {"type": "subnet", "subnets": ["10.0.0.0/9"]}}}
    it = case(files, {"networktemplate.c": live})
    assert "a shared ACL tag, tags.yaml:2" in it.adopt().refused[0].reason
    assert it.diff_of(it.adopt(override=True)) == {
        "t.yaml": ["+    acl_tags: {iot: {type: subnet, subnets: [10.0.0.0/9]}}"]
    }


def test_a_value_that_an_anchor_shares_inside_of_a_file_is_not_changed_for_others() -> None:
    text = "sites:\n  - name: A\n    timezone: &t UTC\n  - name: B\n    timezone: *t\n"
    it = case({"s.yaml": text}, {"site.A": {"timezone": "Europe/Rome"}})
    with pytest.raises(ReconcilerError, match=r"would also change site\.B"):
        it.adopt()
    other = case({"s.yaml": text}, {"site.B": {"timezone": "Europe/Rome"}})
    assert other.diff_of(other.adopt()) == {"s.yaml": ["-    timezone: *t", "+    timezone: Europe/Rome"]}


def test_what_is_merged_in_is_shared_and_overridden_by_a_key_of_its_own() -> None:
    text = "x-b: &b\n  timezone: UTC\nsites:\n  - <<: *b\n    name: A\n  - <<: *b\n    name: B\n"
    it = case({"s.yaml": text}, {"site.A": {"timezone": "Europe/Rome"}})
    assert "a value that several objects share, s.yaml:2" in it.adopt().refused[0].reason
    assert it.diff_of(it.adopt(override=True)) == {"s.yaml": ["+    timezone: Europe/Rome"]}


def test_a_reference_to_something_that_is_not_declared_is_refused_with_the_diagnostics() -> None:
    files = {"s.yaml": "sites:\n  - name: A\n    sitegroups: [g]\nsitegroups:\n  - name: g\n"}
    with pytest.raises(InventoryError) as raised:
        case(files, {"site.A": {"sitegroups": ["elsewhere"]}}).adopt()
    assert "elsewhere" in str(raised.value.diagnostics)


def test_a_reference_under_the_apis_own_key_is_adopted_there() -> None:
    files = {"s.yaml": "sites:\n  - name: A\n    sitegroup_ids: [g]\nsitegroups:\n  - {name: g}\n  - {name: h}\n"}
    it = case(files, {"site.A": {"sitegroups": ["h"]}})
    assert it.diff_of(it.adopt()) == {"s.yaml": ["-    sitegroup_ids: [g]", "+    sitegroup_ids: [h]"]}


def test_a_field_under_raw_is_adopted_there() -> None:
    it = case({"s.yaml": "sites:\n  - name: A\n    raw:\n      brand_new: 1\n"}, {"site.A": {"brand_new": 2}})
    assert it.diff_of(it.adopt()) == {"s.yaml": ["-      brand_new: 1", "+      brand_new: 2"]}


def test_what_is_not_live_and_what_is_not_declared_can_not_be_adopted() -> None:
    it = case({"sites.yaml": SITES}, {LAB: None})
    (left,) = it.adopt().refused
    assert (left.reason, "take it out of sites.yaml:11" in left.remedy) == ("it is declared, but not live", True)


def test_an_ignored_field_is_not_adopted_along() -> None:
    project = "version: 1\nignore:\n  - {address: site.Paris/setting, field: rogue.enabled}\n"
    live = {"site.Paris/setting": {"rogue": {"enabled": False, "min_rssi": -80}}}
    it = case({"reconciler.yaml": project, "sites.yaml": SITES}, live)
    assert it.diff_of(it.adopt())["sites.yaml"][1] == "+      rogue: {enabled: true, min_rssi: -80}"


@st.composite
def pairs(draw: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    kind = draw(st.sampled_from([item.name for item in kinds() if item.model]))
    one, other = draw(bodies(kind)), draw(bodies(kind))
    return kind, one, other


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_an_adopted_value_does_not_differ_any_more(pair: tuple[str, dict[str, Any], dict[str, Any]]) -> None:
    kind, declared, live = pair
    for root, value in declared.items():
        shape = kinds()[kind].shape.below(root)
        before = list(differences(value, live.get(root), shape, root))
        assume(not any(item.sensitive for item in before) and not has_secret(live.get(root)))
        new = adopted(value, live.get(root), shape, root, lambda _path: True)
        result = materialised(value, _without_gone(new))
        if _sealed(value, shape):
            continue
        left = list(differences(result, live.get(root), shape, root))
        assert not left, (value, live.get(root), result, left)
        assert (new is KEEP) == (not before)


def _without_gone(value: Any) -> Any:
    """A new value without the keys that are taken away."""
    if isinstance(value, dict):
        return {key: _without_gone(item) for key, item in value.items() if item is not GONE}
    if isinstance(value, Aligned):
        return Aligned(map(_without_gone, value), value.sources)
    return value


def _sealed(value: Any, shape: Any) -> bool:
    """Whether a secret field lies anywhere in a value: such parts are never adopted."""
    if isinstance(value, dict):
        return any(_sealed(item, shape.below(key)) for key, item in value.items())
    if isinstance(value, list):
        return any(_sealed(item, shape.below(0)) for item in value)
    return bool(shape.secret) or isinstance(value, Secret)


LAYERS = {
    "reconciler.yaml": "version: 1\ndefaults:\n  settings: {rogue: {enabled: true}}\n",
    "sites.yaml": "sites:\n  - name: A\n    setting:\n      rogue: {min_rssi: -75}\n",
}


@pytest.mark.parametrize("live", [{"enabled": False, "min_rssi": -80}, {}])
def test_each_key_of_a_mapping_counts_by_the_layer_that_set_it(live: dict[str, Any]) -> None:
    it = case(LAYERS, {"site.A/setting": {"rogue": live}})
    adoption = it.adopt()
    assert [item.path for item in adoption.refused] == ["rogue.enabled"]
    assert [item.path for item in adoption.done] == ["rogue.min_rssi"]
    value = "-80" if live else "null"
    assert it.diff_of(adoption)["sites.yaml"] == [
        "-      rogue: {min_rssi: -75}",
        f"+      rogue: {{min_rssi: {value}}}",
    ]
    assert it.adopt(override=True).refused == []


MORE = """\
networktemplates:
  - name: c
    dns_servers: &dns [10.0.0.1, 10.0.0.2]
    networks:
      corp: {vlan_id: "10"}
      iot: {vlan_id: 20}
    acl_policies: !merge
      - name: p
        src_tags: [any]
        actions: [{dst_tag: any, action: deny}]
    extra_routes: {10.0.0.0/8: {via: 10.9.9.9}}
    ntp_servers: null
"""


@pytest.mark.parametrize(
    ("live", "lines"),
    [
        (
            {"dns_servers": ["10.0.0.2", "10.0.0.1"]},
            ["-    dns_servers: &dns [10.0.0.1, 10.0.0.2]", "+    dns_servers: &dns [10.0.0.2, 10.0.0.1]"],
        ),
        (
            {"dns_servers": []},
            ["-    dns_servers: &dns [10.0.0.1, 10.0.0.2]", "+    dns_servers: &dns []"],
        ),
        (
            {"networks": {"corp": {"vlan_id": 11}, "iot": {"vlan_id": "21"}}},
            [
                '-      corp: {vlan_id: "10"}',
                "-      iot: {vlan_id: 20}",
                '+      corp: {vlan_id: "11"}',
                "+      iot: {vlan_id: 21}",
            ],
        ),
        ({"networks": {"corp": {"vlan_id": "10"}}}, ["-      iot: {vlan_id: 20}"]),
        (
            {
                "acl_policies": [
                    {"name": "other"},
                    {"name": "p", "src_tags": ["any"], "actions": [{"dst_tag": "any", "action": "allow"}]},
                ]
            },
            ["-        actions: [{dst_tag: any, action: deny}]", "+        actions: [{dst_tag: any, action: allow}]"],
        ),
        (
            {"acl_policies": [{"name": "other"}]},
            [
                "-    acl_policies: !merge",
                "-      - name: p",
                "-        src_tags: [any]",
                "-        actions: [{dst_tag: any, action: deny}]",
                "+    acl_policies: !merge []",
            ],
        ),
        (
            {"ntp_servers": ["a.example", "b.example"]},
            ["-    ntp_servers: null", "+    ntp_servers: [a.example, b.example]"],
        ),
    ],
)
def test_lists_mappings_and_merged_lists_go_back_with_the_fewest_lines(live: dict[str, Any], lines: list[str]) -> None:
    it = case({"t.yaml": MORE}, {"networktemplate.c": live})
    assert it.diff_of(it.adopt()) == {"t.yaml": lines}


def test_a_new_live_element_stands_where_it_stands_live() -> None:
    text = MORE.replace(" !merge", "")
    own = {"name": "p", "src_tags": ["any"], "actions": [{"dst_tag": "any", "action": "deny"}]}
    new = {"name": "first", "src_tags": ["any"], "actions": [{"dst_tag": "any", "action": "allow"}]}
    it = case({"t.yaml": text}, {"networktemplate.c": {"acl_policies": [new, own]}})
    assert it.diff_of(it.adopt()) == {
        "t.yaml": [
            "+      - name: first",
            "+        src_tags: [any]",
            "+        actions:",
            "+          - {dst_tag: any, action: allow}",
        ]
    }


def test_an_element_of_a_list_without_a_key_is_changed_in_its_place() -> None:
    rules = "      rules:\n        # one\n        - {name: a, match_role: core}\n"
    text = f"networktemplates:\n  - name: c\n    switch_matching:\n      enable: true\n{rules}"
    live = {"switch_matching": {"enable": True, "rules": [{"name": "a", "match_role": "edge"}]}}
    it = case({"t.yaml": text}, {"networktemplate.c": live})
    assert it.diff_of(it.adopt())["t.yaml"][-1] == "+        - {name: a, match_role: edge}"
    assert "# one" in it.adopt().files["t.yaml"]


def test_what_stands_in_an_alias_of_a_mapping_can_only_be_changed_by_hand() -> None:
    text = "x-a: &a {corp: '1'}\nsites:\n  - name: A\n    setting:\n      vars: *a\n"
    it = case({"s.yaml": text}, {"site.A/setting": {"vars": {"corp": "2"}}})
    assert "several objects share" in it.adopt().refused[0].reason
    (left,) = it.adopt(override=True).refused
    assert left.reason == "the value is shared by *a"


def test_an_override_never_writes_a_secret_out() -> None:
    servers_text = "    auth_servers:\n      - {host: 10.0.0.1, port: 1812, secret: !secret env:SECRET}\n"
    project = f"version: 1\ndefaults:\n  wlans:\n    auth: {{type: eap}}\n{servers_text}"
    files = {"reconciler.yaml": project, "s.yaml": "sites:\n  - name: A\n    wlans:\n      - ssid: Lab\n"}
    servers = [{"host": "10.0.0.1", "port": 1812, "secret": ENVIRON["SECRET"], "keywrap_enabled": True}]
    it = case(files, {"site.A/wlan.Lab": {"auth": {"type": "eap"}, "auth_servers": [*servers, {"host": "10.0.0.9"}]}})
    adoption = it.adopt(override=True)
    assert adoption.files == {}
    assert "holds a secret" in adoption.refused[0].reason


def test_a_template_without_rows_is_named_alone() -> None:
    files = {"one.yaml.j2": "sites:\n  - name: C\n    notes: x\n    setting: {vars: {a: '1'}}\n"}
    it = case(files, {"site.C": {"notes": "y"}, "site.C/setting": {"vars": {"a": "2"}}})
    assert {item.reason for item in it.adopt().refused} == {"the object is generated from one.yaml.j2"}


POLICIES = """\
networktemplates:
  - name: campus
    acl_policies: !merge{place}
      - name: first   # one
        src_tags: [any]
        actions: [{{dst_tag: any, action: deny}}]
      - name: second   # two
        src_tags: [any]
        actions: [{{dst_tag: any, action: deny}}]
"""


def policies(*names: str) -> dict[str, Any]:
    actions = [{"dst_tag": "any", "action": "deny"}]
    return {"acl_policies": [{"name": name, "src_tags": ["any"], "actions": actions} for name in names]}


@pytest.mark.parametrize("place", ["", ":before:block%20all"])
def test_the_order_of_a_merged_list_is_adopted_and_its_place_stays(place: str) -> None:
    text = POLICIES.format(place=place)
    given = case({"a.yaml": text}, {"networktemplate.campus": policies("x", "second", "first", "block all")})
    assert [(item.path, item.note) for change in given.changes for item in change.fields] == [("acl_policies", "order")]
    adoption = given.adopt()
    assert adoption.refused == []
    new = adoption.files["a.yaml"]
    assert new.index("second   # two") < new.index("first   # one")
    assert f"acl_policies: !merge{place}\n" in new


def test_a_place_that_live_does_not_keep_can_only_be_changed_by_hand() -> None:
    text = POLICIES.format(place=":first")
    given = case({"a.yaml": text}, {"networktemplate.campus": policies("x", "first", "second")})
    assert given.changes[0].fields[0].after == ["first", "second", "x"]
    (refused,) = given.adopt().refused
    assert "!merge:" in refused.reason


def test_a_place_stays_when_all_its_elements_go() -> None:
    text = POLICIES.format(place=":before:block%20all")
    adoption = case({"a.yaml": text}, {"networktemplate.campus": policies("block all")}).adopt()
    assert "acl_policies: !merge:before:block%20all []\n" in adoption.files["a.yaml"]
