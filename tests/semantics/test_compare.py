"""What counts as a difference: only declared leaves, and never two spellings of one value."""

from typing import Any

import pytest

from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret, YamlList
from reconciler.semantics.compare import covers, differences

TEXT = Shape()
NUMBER_TEXT = Shape(number_text=True)
MAC = Shape(mac=True)
SET = Shape(list_as=ListAs.SET, values=Shape())
SERVER = Shape(fields={"host": TEXT, "port": NUMBER_TEXT, "secret": Shape(secret=True)})
SERVERS = Shape(list_as=ListAs.KEYED, key=("host", "port"), values=SERVER)
POLICY = Shape(fields={"name": TEXT, "src_tags": SET, "actions": Shape(values=Shape())})
POLICIES = Shape(list_as=ListAs.KEYED, key=("name",), values=POLICY)
USERS = Shape(list_as=ListAs.KEYED, key=("name",), values=Shape(), unordered=True)
RULES = Shape(values=Shape())
ZERO = "00000000-0000-0000-0000-000000000000"


def paths(declared: Any, live: Any, shape: Shape) -> list[str]:
    return [change.path for change in differences(declared, live, shape, "f")]


EQUAL = [
    ("absent_and_null", None, None, TEXT),
    ("null_and_an_empty_list", None, [], TEXT),
    ("null_and_an_empty_text", None, "", TEXT),
    ("null_and_the_zero_id", None, ZERO, TEXT),
    ("an_empty_list_and_absent", [], None, SET),
    ("an_empty_mapping_and_absent", {}, None, TEXT),
    ("an_empty_text_and_absent", "", None, TEXT),
    ("a_number_and_its_text", 10, "10", NUMBER_TEXT),
    ("a_number_in_a_list_and_its_text", [10, 20], ["10", "20"], Shape(values=NUMBER_TEXT)),
    ("a_mac_with_separators_and_without", "5C:5B:35:0E:00:01", "5c5b350e0001", MAC),
    (
        "macs_of_a_set",
        ["5c-5b-35-0e-00-01", "5c-5b-*"],
        ["5C5B*", "5c5b350e0001"],
        Shape(list_as=ListAs.SET, values=MAC),
    ),
    ("a_set_in_another_order", ["a", "b"], ["b", "a"], SET),
    ("an_undeclared_key", {"a": 1}, {"a": 1, "b": 2}, TEXT),
    ("a_null_inside_for_an_absent_key", {"a": None}, {"b": 2}, TEXT),
    ("an_undeclared_field_of_an_element", [{"host": "h"}], [{"host": "h", "port": 1812, "x": 1}], SERVERS),
    ("a_port_as_text", [{"host": "h", "port": "1812"}], [{"host": "h", "port": 1812}], SERVERS),
    ("users_in_another_order", [{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}], USERS),
    ("a_masked_secret", {"secret": Secret("x", origin="env:X")}, {"secret": Secret("****", origin="live")}, SERVER),
    (
        "a_secret_masked_but_for_its_ends",
        {"secret": Secret("x", origin="env:X")},
        {"secret": Secret("abcd...wxyz", origin="live")},
        SERVER,
    ),
    ("merge_with_elements_of_others", YamlList([{"name": "b"}], merge=True), [{"name": "a"}, {"name": "b"}], POLICIES),
    ("merge_of_scalars", YamlList(["b"], merge=True), ["a", "b"], SET),
    ("a_secret_where_the_model_sees_text", Secret("u", origin="env:U"), "u", TEXT),
]


@pytest.mark.parametrize(("declared", "live", "shape"), [case[1:] for case in EQUAL], ids=[case[0] for case in EQUAL])
def test_these_are_one_value(declared: Any, live: Any, shape: Shape) -> None:
    assert paths(declared, live, shape) == []
    assert covers(declared, live, shape)


DIFFERENT = [
    ("a_scalar", 1, 2, TEXT, ["f"]),
    ("true_and_its_text", True, "True", NUMBER_TEXT, ["f"]),
    ("false_and_absent", False, None, TEXT, ["f"]),
    ("two_macs", "5C:5B:35:0E:00:01", "5c5b350e0002", MAC, ["f"]),
    ("separators_of_a_text", "a:b", "ab", TEXT, ["f"]),
    ("a_number_and_text_where_only_text_goes", 10, "10", TEXT, ["f"]),
    ("a_list_in_another_order", ["a", "b"], ["b", "a"], Shape(values=TEXT), ["f"]),
    ("a_set_with_one_more", ["a"], ["a", "b"], SET, ["f"]),
    ("a_nested_leaf", {"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, TEXT, ["f.a.b"]),
    ("a_mapping_over_a_scalar", {"a": 1}, "x", TEXT, ["f"]),
    ("a_list_over_a_scalar", ["a"], "x", TEXT, ["f"]),
    ("a_key_to_remove", {"a": None}, {"a": 1}, TEXT, ["f.a"]),
    ("a_root_to_clear", None, ["a"], TEXT, ["f"]),
    ("an_added_element", [{"name": "a"}, {"name": "n"}], [{"name": "a"}], POLICIES, ["f[n]"]),
    ("a_removed_element", [{"name": "a"}], [{"name": "a"}, {"name": "n"}], POLICIES, ["f[n]"]),
    ("a_field_of_an_element", [{"name": "a", "src_tags": ["x"]}], [{"name": "a"}], POLICIES, ["f[a].src_tags"]),
    ("the_order_of_policies", [{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}], POLICIES, ["f"]),
    ("another_server", [{"host": "new"}], [{"host": "old"}], SERVERS, ["f[new]", "f[old]"]),
    ("an_element_without_key", [{"equals": "b"}], [{"equals": "a"}], RULES, ["f[0]", "f[0]"]),
    ("merge_with_a_new_element", YamlList([{"name": "b"}], merge=True), [{"name": "a"}], POLICIES, ["f[b]"]),
    ("merge_of_scalars_with_a_new_one", YamlList(["c"], merge=True), ["a"], SET, ["f"]),
    ("a_secret", {"secret": Secret("x", origin="env:X")}, {"secret": Secret("y", origin="live")}, SERVER, ["f.secret"]),
    ("a_secret_to_clear", {"secret": None}, {"secret": Secret("y", origin="live")}, SERVER, ["f.secret"]),
]


@pytest.mark.parametrize(
    ("declared", "live", "shape", "expected"), [case[1:] for case in DIFFERENT], ids=[case[0] for case in DIFFERENT]
)
def test_these_differ_at(declared: Any, live: Any, shape: Shape, expected: list[str]) -> None:
    assert paths(declared, live, shape) == expected


def test_a_secret_change_shows_no_value() -> None:
    (change,) = differences(Secret("new", origin="env:X"), Secret("old", origin="live"), Shape(secret=True), "psk")
    assert change.sensitive
    assert change.before is None
    assert change.after is None


def test_a_server_without_its_port_is_the_only_live_server_of_that_host() -> None:
    live = [{"host": "h", "port": 1812, "secret": Secret("s", origin="live")}]
    assert paths([{"host": "h"}], live, SERVERS) == []


def test_a_server_without_its_port_is_none_of_two_live_ones() -> None:
    live = [{"host": "h", "port": 1812}, {"host": "h", "port": 1645}]
    assert paths([{"host": "h"}], live, SERVERS) == ["f[h]", "f[h:1812]", "f[h:1645]"]


def test_elements_of_one_key_pair_by_their_leaves() -> None:
    live = [{"name": "a", "x": 1}, {"name": "a", "x": 2}]
    assert paths([{"name": "a", "x": 1}, {"name": "a", "x": 2}], live, POLICIES) == []


def test_the_order_note_names_the_elements_in_both_orders() -> None:
    (change,) = differences([{"name": "b"}, {"name": "a"}], [{"name": "a"}, {"name": "b"}], POLICIES, "f")
    assert (change.before, change.after, change.note) == (["a", "b"], ["b", "a"], "order")


def test_elements_without_a_name_show_by_what_they_say_first() -> None:
    rules = [{"match_model": "EX4300", "port_config": {}}, {"match_role": "access", "x": 1, "y": 2}]
    shape = Shape(values=Shape(), list_as=ListAs.KEYED, key=("name",))
    (change,) = differences(rules[::-1], rules, shape, "rules")
    assert (change.note, change.after) == ("order", ["match_role: access, x: 1", "match_model: EX4300"])


MAC = Shape(mac=True)
SPELLINGS = ["AA:BB:CC:DD:EE:01", "aabbccddee01", "aa-bb-cc-dd-ee-01", "aabb.ccdd.ee01"]


@pytest.mark.parametrize("declared", SPELLINGS)
@pytest.mark.parametrize("live", SPELLINGS)
def test_a_mac_address_is_one_value_in_every_spelling(declared: str, live: str) -> None:
    assert list(differences(declared, live, MAC)) == []
    assert list(differences([declared], [live], Shape(values=MAC, list_as=ListAs.SET))) == []
    keyed = Shape(values=Shape(fields={"mac": MAC}), list_as=ListAs.KEYED, key=("mac",))
    assert list(differences([{"mac": declared}], [{"mac": live}], keyed)) == []


def test_other_texts_of_a_field_for_mac_addresses_keep_their_case() -> None:
    assert len(list(differences("Corp", "corp", MAC))) == 1
    assert len(list(differences("AABBCCDDEE01", "aabbccddee01", Shape()))) == 1
