"""Lists of objects: which element is which, whatever order the cloud gives, and what a new element inherits."""

from typing import Any

import pytest

from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret, YamlList
from reconciler.semantics.compare import differences
from reconciler.semantics.overlay import overlay
from tests.world import ORG, declare, world

NAMED = Shape(values=Shape(), list_as=ListAs.KEYED, key=("name",))
SERVERS = Shape(
    values=Shape(fields={"secret": Shape(secret=True), "port": Shape(number_text=True)}),
    list_as=ListAs.KEYED,
    key=("host", "port"),
)
SET = Shape(values=Shape(), list_as=ListAs.SET)
PLAIN = Shape(values=Shape())


def paths(declared: Any, live: Any, shape: Shape) -> list[str]:
    return [item.path for item in differences(declared, live, shape, "l")]


def test_elements_without_a_key_pair_in_the_one_way_in_which_all_pair() -> None:
    declared = [{"protocol": "tcp"}, {"protocol": "tcp", "range": "443"}]
    live = [{"protocol": "tcp", "range": "443"}, {"protocol": "tcp", "range": "0"}]
    assert paths(declared, live, SET) == []
    assert overlay(declared, live, SET) == [live[1], live[0]]


@pytest.mark.parametrize("turn", range(3))
def test_specs_of_a_tag_never_drift_in_whatever_order_they_come_back(turn: int) -> None:
    cloud = world()
    specs = [{"protocol": "tcp"}, {"protocol": "tcp", "port_range": "443"}, {"protocol": "tcp", "port_range": "80"}]
    tags = {"web": {"type": "resource", "specs": specs[turn:] + specs[:turn]}}
    template = declare("networktemplate.a", {"acl_tags": tags})
    assert all(item.verified for item in cloud.apply(template))
    for _ in range(4):
        assert cloud.plan(template).changes == ()


def test_a_nameless_live_element_does_not_make_its_neighbours_strangers() -> None:
    live = [{"name": "a", "kept": 1, "action": "deny"}, {"kept": 2}]
    assert overlay([{"name": "a", "action": "allow"}], live, NAMED) == [{"name": "a", "kept": 1, "action": "allow"}]


def test_two_live_elements_of_one_name_do_not_make_the_others_strangers() -> None:
    live = [{"name": "a", "kept": 1, "x": 1}, {"name": "b", "x": 1}, {"name": "b", "x": 2}]
    laid = overlay([{"name": "a", "x": 5}, {"name": "b", "x": 2}], live, NAMED)
    assert laid == [{"name": "a", "kept": 1, "x": 5}, {"name": "b", "x": 2}]


def test_a_live_server_without_its_port_keeps_its_secret_when_the_port_is_declared() -> None:
    secret = Secret("s", origin="live")
    live = [{"host": "10.0.0.1", "secret": secret}]
    assert overlay([{"host": "10.0.0.1", "port": 1812}], live, SERVERS) == [
        {"host": "10.0.0.1", "port": 1812, "secret": secret}
    ]


def test_two_servers_of_one_host_pair_by_port_when_one_port_is_left_out() -> None:
    live = [{"host": "h", "port": 1812, "secret": "a"}, {"host": "h", "port": "1813", "secret": "b"}]
    declared = [{"host": "h"}, {"host": "h", "port": 1812}]
    assert [item.get("secret") for item in overlay(declared, live, SERVERS)] == ["b", "a"]


def test_one_value_written_twice_in_a_set_is_no_difference() -> None:
    assert paths(["a", "a"], ["a"], SET) == []
    assert paths(YamlList(["a", "a"], merge=True), ["b", "a"], SET) == []
    assert paths(["a"], ["a", "b", "b"], SET) == ["l"]


def test_a_masked_secret_in_a_list_is_never_compared() -> None:
    keys = Shape(values=Shape(secret=True))
    masked = [Secret("********", origin="live"), Secret("********", origin="live")]
    assert paths([Secret("a", origin="env:A"), Secret("b", origin="env:B")], masked, keys) == []
    assert paths([Secret("a", origin="env:A")], masked, keys) == ["l"]


def test_a_list_that_holds_a_secret_shows_no_element_of_it() -> None:
    found = list(differences([Secret("new", origin="env:A")], ["the-old-one-in-clear"], PLAIN, "l"))
    assert [(item.sensitive, item.before, item.after) for item in found] == [(True, None, None)]


def test_a_list_of_objects_with_a_declared_secret_shows_no_live_text_beside_it() -> None:
    declared = [{"name": "a", "cmd": Secret("new", origin="env:A")}]
    found = list(differences(declared, [{"name": "b", "cmd": "old-in-clear"}], NAMED, "l"))
    assert "old-in-clear" not in repr(found)


def test_null_inside_an_element_clears_and_then_is_no_difference() -> None:
    declared = [{"name": "a", "gone": None, "kept": {"x": None, "y": 1}}]
    live = [{"name": "a", "gone": 5, "other": 1, "kept": {"x": 1, "z": 2}}]
    laid = overlay(declared, live, NAMED)
    assert laid == [{"name": "a", "other": 1, "kept": {"y": 1, "z": 2}}]
    assert paths(declared, laid, NAMED) == []


def test_an_empty_mapping_declares_nothing_and_clears_nothing() -> None:
    assert paths({"a": {}}, {"a": {"b": 1}}, Shape()) == []
    assert overlay({"a": {}}, {"a": {"b": 1}}, Shape()) == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("declared", "live"),
    [([1, "1"], ["1", 1]), (["", "a"], ["a", ""]), (["ß", "SS"], ["SS", "ß"]), ([0, False], [False, 0])],
)
def test_mixed_values_of_a_set_are_one_set_in_any_order(declared: list[Any], live: list[Any]) -> None:
    assert paths(declared, live, SET) == []


def test_an_absent_number_is_not_zero() -> None:
    assert paths({"x": 0}, {}, Shape()) == ["l.x"]


def test_a_policy_added_by_merge_leaves_the_undeclared_ones_and_the_next_plan_is_empty() -> None:
    cloud = world(
        networktemplates=[
            {
                "name": "campus",
                "acl_tags": {"corp": {"type": "network", "network": "corp"}},
                "acl_policies": [{"name": "old", "src_tags": ["corp"], "actions": [{"dst_tag": "any"}]}],
            }
        ]
    )
    added = {"name": "iot", "src_tags": ["corp"], "actions": [{"dst_tag": "any", "action": "deny"}]}
    template = declare("networktemplate.campus", {"acl_policies": YamlList([added], merge=True)})
    assert all(item.verified for item in cloud.apply(template))
    live = cloud.only(f"orgs/{ORG}/networktemplates", name="campus")
    assert [item["name"] for item in live["acl_policies"]] == ["old", "iot"]
    assert cloud.plan(template).changes == ()


def test_two_servers_that_say_the_same_and_no_port_come_back_as_no_difference() -> None:
    live = [{"host": "h", "port": 1812}, {"host": "h", "port": 1812}]
    assert paths([{"host": "h"}, {"host": "h"}], live, SERVERS) == []


@pytest.mark.parametrize("live", ["a x b block-all", "block-all b x a", "block-all", "b", "x block-all b a y"])
def test_merged_policies_come_to_stand_before_the_one_that_blocks_all(live: str) -> None:
    def policies(names: str) -> list[dict[str, Any]]:
        actions = [{"dst_tag": "any", "action": "deny"}]
        return [{"name": name, "src_tags": ["any"], "actions": actions} for name in names.split()]

    cloud = world(networktemplates=[{"name": "campus", "acl_policies": policies(live)}])
    listed = YamlList(policies("a b"), merge=True, place="before:block-all")
    template = declare("networktemplate.campus", {"acl_policies": listed})
    assert all(item.verified for item in cloud.apply(template))
    after = [item["name"] for item in cloud.only(f"orgs/{ORG}/networktemplates", name="campus")["acl_policies"]]
    assert after.index("a") < after.index("b")
    assert "block-all" not in after or after.index("b") < after.index("block-all")
    assert cloud.plan(template).changes == ()
