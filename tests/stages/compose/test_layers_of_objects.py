"""defaults < profiles in the order listed < the object's own fields."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import SourceRange
from reconciler.model.values import YamlMap, layered, mark_of
from tests.stages.compose.support import body, clean, composed, only

PROJECT = """\
defaults:
  site:
    timezone: Europe/Paris
    notes: default
    latlng: {lat: 1.5, lng: 2.5}
    sitegroups: [all]
profiles:
  sites:
    office:
      notes: office
      sitegroups: [offices]
      setting: {vars: {a: "1", b: "1"}}
    quiet:
      notes: quiet
      latlng: {lat: 3.5}
  settings:
    strict: {rogue: {enabled: true}}
"""


def test_own_fields_win_over_profiles_and_profiles_over_defaults() -> None:
    text = "sites: [{name: A}, {name: B, profiles: [office]}, {name: C, profiles: [office, quiet], latlng: {lng: 9.5}}]"
    resources = clean(text, PROJECT)
    assert body(resources, "site.A")["notes"] == "default"
    assert body(resources, "site.B")["notes"] == "office"
    assert body(resources, "site.C")["notes"] == "quiet"
    assert body(resources, "site.C")["latlng"] == {"lat": 3.5, "lng": 9.5}


def test_lists_replace() -> None:
    resources = clean("sites: [{name: A, profiles: [office], sitegroups: [mine]}]", PROJECT)
    assert body(resources, "site.A")["sitegroups"] == ["mine"]


def test_null_wins_like_a_value() -> None:
    resources = clean("sites: [{name: A, notes: null, latlng: null}]", PROJECT)
    assert body(resources, "site.A")["notes"] is None
    assert body(resources, "site.A")["latlng"] is None


def test_a_profile_may_hold_the_setting_of_its_sites() -> None:
    text = "sites: [{name: A, profiles: [office], setting: {profiles: [strict], vars: {b: '2'}}}]"
    setting = body(clean(text, PROJECT), "site.A/setting")
    assert setting == {"vars": {"a": "1", "b": "2"}, "rogue": {"enabled": True}}


def test_marks_follow_the_layer_that_won() -> None:
    site = clean("sites:\n  - name: A\n    latlng: {lng: 9.5}\n", PROJECT)["site.A"]
    assert mark_of(site.body, ("timezone",)) == SourceRange("reconciler.yaml", 4, 5)
    assert mark_of(site.body, ("latlng", "lat")) == SourceRange("reconciler.yaml", 6, 14)
    assert mark_of(site.body, ("latlng", "lng")) == SourceRange("a.yaml", 3, 14)
    assert site.source == SourceRange("a.yaml", 2, 5)


def test_what_only_an_object_can_have_is_refused_in_layers() -> None:
    project = "defaults: {sites: {id: x}}\nprofiles: {sites: {p: {profiles: [q]}}}\n"
    assert [item.rule for item in composed("", project).diagnostics] == ["not-in-layers", "not-in-layers"]


def test_a_kind_written_in_two_spellings_is_an_error() -> None:
    assert only(composed("", "defaults: {site: {notes: x}, sites: {notes: y}}\n")).rule == "duplicate-key"


def test_a_merge_tag_survives_layers() -> None:
    project = "defaults: {networktemplates: {dns_servers: [a]}}\n"
    resource = clean("networktemplates: [{name: N, acl_policies: !merge [{name: p}]}]", project)["networktemplate.N"]
    assert resource.body["acl_policies"].merge


leaves = st.none() | st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2)
plain = st.recursive(leaves, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=8)
layers = st.dictionaries(st.sampled_from("abc"), plain, max_size=3)


def marked(value: Any, file: str) -> Any:
    if not isinstance(value, dict):
        return value
    marks = dict.fromkeys(value, (file, 1, 1))
    return YamlMap({key: marked(item, file) for key, item in value.items()}, marks=marks, mark=(file, 1, 1))


@settings(max_examples=150, deadline=None)
@given(layers, layers)
def test_every_leaf_of_the_top_layer_wins_and_carries_its_mark(base: Any, top: Any) -> None:
    result = layered(marked(base, "base"), marked(top, "top"))

    def check(result: Any, base: Any, top: Any) -> None:
        assert result.keys() == base.keys() | top.keys() == result.marks.keys()
        for key, value in result.items():
            if isinstance(top.get(key), dict) and isinstance(base.get(key), dict):
                check(value, base[key], top[key])
            else:
                assert value == (top[key] if key in top else base[key])
            assert result.marks[key][0] == ("top" if key in top else "base")

    check(result, base, top)


@settings(max_examples=150, deadline=None)
@given(layers, layers)
def test_a_layer_twice_is_a_layer_once_and_an_empty_one_is_none(base: Any, top: Any) -> None:
    one, other = marked(base, "base"), marked(top, "top")
    once = layered(one, other)
    assert layered(once, other) == once
    assert layered(one, YamlMap()) == one == layered(YamlMap(), one)


def without_mixed(value: Any) -> Any:
    """Keys that are mappings in one layer and something else in another break associativity, as they must."""
    return {key: item for key, item in value.items() if not isinstance(item, dict)}


@settings(max_examples=150, deadline=None)
@given(layers.map(without_mixed), layers.map(without_mixed), layers.map(without_mixed))
def test_layers_are_associative_where_shapes_agree(first: Any, second: Any, third: Any) -> None:
    a, b, c = (marked(item, name) for item, name in ((first, "a"), (second, "b"), (third, "c")))
    left, right = layered(layered(a, b), c), layered(a, layered(b, c))
    assert left == right
    assert left.marks == right.marks


@settings(max_examples=100, deadline=None)
@given(layers, layers)
def test_overlaying_changes_neither_layer(base: Any, top: Any) -> None:
    one, other = marked(base, "base"), marked(top, "top")
    layered(one, other)
    assert (one, other) == (base, top)
    assert one.marks == dict.fromkeys(base, ("base", 1, 1))
