"""What a PUT carries: live with declared laid over it, so that nothing undeclared is lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret, YamlList
from reconciler.semantics.compare import covers
from reconciler.semantics.overlay import leaves, overlay, project, root_summary
from tests.semantics.test_compare import POLICIES, RULES, SERVERS, SET, TEXT

OLD = Secret("old", origin="live")

CASES = [
    ("undeclared_keys_stay", {"a": 1}, {"a": 0, "b": 2}, TEXT, {"a": 1, "b": 2}),
    ("a_null_removes_its_key", {"a": None}, {"a": 0, "b": 2}, TEXT, {"b": 2}),
    ("a_declared_list_is_the_whole_list", ["a"], ["b", "c"], SET, ["a"]),
    ("a_mapping_takes_the_place_of_a_scalar", {"a": 1}, "x", TEXT, {"a": 1}),
    (
        "an_element_keeps_its_undeclared_fields",
        [{"name": "a", "actions": []}],
        [{"name": "b"}, {"name": "a", "note": "mine"}],
        POLICIES,
        [{"name": "a", "actions": [], "note": "mine"}],
    ),
    (
        "a_new_server_never_inherits_the_old_secret",
        [{"host": "new", "port": 1812}],
        [{"host": "old", "port": 1812, "secret": OLD}],
        SERVERS,
        [{"host": "new", "port": 1812}],
    ),
    (
        "an_element_without_key_keeps_fields_when_all_its_leaves_are_equal",
        [{"equals": "a"}, {"equals": "n"}],
        [{"equals": "z", "x": 1}, {"equals": "a", "x": 2}],
        RULES,
        [{"equals": "a", "x": 2}, {"equals": "n"}],
    ),
    (
        "merge_keeps_the_elements_of_others",
        YamlList([{"name": "b", "x": 2}, {"name": "n"}], merge=True),
        [{"name": "a"}, {"name": "b", "y": 1}],
        POLICIES,
        [{"name": "a"}, {"name": "b", "y": 1, "x": 2}, {"name": "n"}],
    ),
    ("merge_of_scalars_adds", YamlList(["b", "c"], merge=True), ["a", "b"], SET, ["a", "b", "c"]),
]


@pytest.mark.parametrize(
    ("declared", "live", "shape", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_overlay(declared: Any, live: Any, shape: Shape, expected: Any) -> None:
    assert overlay(declared, live, shape) == expected


def test_the_arguments_are_left_as_they_are() -> None:
    live = {"a": {"b": [1]}}
    overlay({"a": {"b": [2], "c": 3}}, live, TEXT)
    assert live == {"a": {"b": [1]}}


JSON = st.recursive(
    st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)
SHAPES = st.recursive(
    st.sampled_from([Shape(), SET, RULES, POLICIES]),
    lambda inner: st.builds(
        lambda fields, values: Shape(fields=fields, values=values),
        st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
        st.none() | inner,
    ),
    max_leaves=4,
)


@settings(max_examples=120)
@given(declared=JSON, live=JSON, shape=SHAPES)
def test_after_an_overlay_nothing_differs_any_more(declared: Any, live: Any, shape: Shape) -> None:
    assert covers(declared, overlay(declared, live, shape), shape)


@settings(max_examples=120)
@given(
    declared=st.dictionaries(st.sampled_from("abcd"), JSON, max_size=3),
    live=st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4),
    shape=SHAPES,
)
def test_undeclared_keys_are_as_before(declared: dict[str, Any], live: dict[str, Any], shape: Shape) -> None:
    result = overlay(declared, live, shape)
    assert {key: result[key] for key in live if key not in declared} == {
        key: value for key, value in live.items() if key not in declared
    }


@settings(max_examples=100)
@given(declared=JSON, live=JSON, shape=SHAPES)
def test_a_projection_is_covered_by_what_it_is_a_projection_of(declared: Any, live: Any, shape: Shape) -> None:
    assert covers(project(live, declared, shape), live, shape)


def test_a_projection_leaves_undeclared_fields_out() -> None:
    live = [{"name": "a", "x": 1, "y": 2}, {"name": "b", "x": 3}]
    assert project(live, [{"name": "a", "x": 9}], POLICIES) == [{"name": "a", "x": 1}, {"name": "b", "x": 3}]


def test_a_summary_says_what_a_replaced_list_gains_loses_and_keeps() -> None:
    live = [{"name": "a", "note": "mine"}, {"name": "b"}]
    summary = root_summary("acl_policies", [{"name": "a"}, {"name": "iot"}], live, POLICIES)
    assert summary is not None
    assert (summary.before, summary.after) == (2, 2)
    assert (summary.gains, summary.loses, summary.keeps, summary.drops) == (("iot",), ("b",), 1, ())


def test_a_summary_names_the_undeclared_leaves_that_a_write_would_drop() -> None:
    live = {"rules": [{"equals": "a", "description": "mine"}]}
    shape = Shape(fields={"rules": RULES})
    summary = root_summary("port_usages", {"rules": [{"equals": "b"}]}, live, shape)
    assert summary is not None
    assert summary.drops == ("port_usages.rules[0].description",)


def test_a_scalar_root_has_no_summary() -> None:
    assert root_summary("vlan_id", 10, 20, TEXT) is None


def test_a_summary_names_no_secret_of_a_list() -> None:
    shape = Shape(values=Shape(secret=True))
    summary = root_summary("keys", [Secret("a", origin="env:A")], [Secret("b", origin="live")], shape)
    assert summary is not None
    assert "a" not in summary.gains


def test_leaves_lists_every_leaf_with_its_path() -> None:
    assert dict(leaves({"a": [{"b": 1}, "x"], "c": {}, "d": ""})) == {"a[0].b": 1, "a[1]": "x"}


def test_lists_of_a_set_shape_pair_without_order() -> None:
    shape = Shape(list_as=ListAs.SET, values=Shape())
    assert covers([{"a": 1}, {"b": 2}], [{"b": 2}, {"a": 1, "c": 3}], shape)
