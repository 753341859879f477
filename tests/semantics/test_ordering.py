"""Lists of which only some elements are declared, where order is meaning: where those stand, whatever the cloud had."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.change import Note
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import YamlList
from reconciler.semantics.compare import differences
from reconciler.semantics.overlay import overlay

NAMED = Shape(values=Shape(), list_as=ListAs.KEYED, key=("name",))
PLAIN = Shape(values=Shape())
UNNAMED = Shape(values=Shape())


def named(text: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in text.split()]


def merged(text: str, place: str = "") -> YamlList:
    return YamlList(named(text), merge=True, place=place)


def result(declared: str, live: str, place: str = "") -> str:
    return " ".join(item["name"] for item in overlay(merged(declared, place), named(live), NAMED))


CASES = [
    # declared, live, place, result
    ("a b", "a x b y", "", "a x b y"),
    ("b a", "a x b y", "", "b a x y"),
    ("n a", "x a y", "", "x n a y"),
    ("a n", "x a y", "", "x a n y"),
    ("a n m b", "x a y b z", "", "x a n m y b z"),
    ("n", "x y block-all", "", "x y block-all n"),
    ("n", "x block-all", "before:block-all", "x n block-all"),
    ("a n", "a x block-all", "before:block-all", "a n x block-all"),
    ("n a", "x block-all a", "before:block-all", "x n a block-all"),
    ("a b", "b block-all a", "before:block-all", "a b block-all"),
    ("n", "x y", "before:block-all", "x y n"),
    ("n", "x y z", "after:x", "x n y z"),
    ("a n", "a x y", "after:x", "x a n y"),
    ("a b", "x a y b", "first", "a b x y"),
    ("a n", "a x", "last", "x a n"),
    ("a", "a a2", "before:a", "a a2"),
]


@pytest.mark.parametrize(("declared", "live", "place", "wanted"), CASES)
def test_declared_elements_stand_in_their_order_at_their_place(
    declared: str, live: str, place: str, wanted: str
) -> None:
    assert result(declared, live, place) == wanted


def test_a_reversed_list_is_a_difference_that_shows_both_orders() -> None:
    (change,) = differences(merged("allow deny"), named("x deny allow y"), NAMED, "acl_policies")
    assert (change.path, change.note) == ("acl_policies", Note.ORDER)
    assert (change.before, change.after) == (["x", "deny", "allow", "y"], ["x", "allow", "deny", "y"])


@pytest.mark.parametrize(
    ("place", "note"),
    [
        ("", "last"),
        ("first", "before x"),
        ("before:block-all", "before block-all"),
        ("after:x", "before block-all"),
        ("before:gone", "last, because there is no gone"),
    ],
)
def test_a_new_element_says_where_it_comes_to_stand(place: str, note: str) -> None:
    (change,) = differences(merged("n", place), named("x block-all"), NAMED, "l")
    assert (change.path, change.place) == ("l[n]", note)


def test_commands_keep_their_order_and_may_repeat() -> None:
    declared = YamlList(["edit a", "set x", "exit"], merge=True)
    live = ["exit", "set x", "other"]
    assert overlay(declared, live, PLAIN) == ["edit a", "set x", "exit", "other"]
    assert list(differences(declared, overlay(declared, live, PLAIN), PLAIN)) == []


def test_where_order_does_not_count_nothing_moves() -> None:
    unordered = Shape(values=Shape(), list_as=ListAs.KEYED, key=("name",), unordered=True)
    live = named("b a")
    assert overlay(merged("a b n"), live, unordered) == named("b a n")
    assert list(differences(merged("a b"), live, unordered)) == []


NAMES = st.sampled_from("abcdef")
PLACES = st.sampled_from(["", "first", "last", "before:a", "after:a", "before:z", "after:f"])


@settings(max_examples=400, deadline=None)
@given(
    declared=st.lists(NAMES, unique=True, max_size=5),
    live=st.lists(NAMES | st.just("z"), unique=True, max_size=7),
    place=PLACES,
)
def test_whatever_order_the_cloud_had_the_second_plan_is_empty(
    declared: list[str], live: list[str], place: str
) -> None:
    wanted = YamlList([{"name": name} for name in declared], merge=True, place=place)
    before = [{"name": name, "kept": index} for index, name in enumerate(live)]
    after = overlay(wanted, before, NAMED)
    assert list(differences(wanted, after, NAMED)) == []
    assert overlay(wanted, after, NAMED) == after
    names = [item["name"] for item in after]
    assert sorted(names) == sorted({*declared, *live})
    assert [name for name in names if name in declared] == declared
    assert [name for name in names if name not in declared] == [name for name in live if name not in declared]
    if not list(differences(wanted, before, NAMED)):
        assert after == before


@settings(max_examples=400, deadline=None)
@given(declared=st.lists(NAMES, max_size=5), live=st.lists(NAMES, max_size=7), place=PLACES)
def test_texts_converge_too_where_they_repeat(declared: list[str], live: list[str], place: str) -> None:
    wanted = YamlList(declared, merge=True, place=place)
    after = overlay(wanted, live, PLAIN)
    assert list(differences(wanted, after, PLAIN)) == []
    assert overlay(wanted, after, PLAIN) == after


@settings(max_examples=200, deadline=None)
@given(
    declared=st.lists(st.fixed_dictionaries({}, optional={"p": NAMES, "q": NAMES}), max_size=4),
    live=st.lists(st.fixed_dictionaries({}, optional={"p": NAMES, "q": NAMES}), max_size=5),
    place=PLACES,
)
def test_objects_without_a_key_converge_too(declared: list[Any], live: list[Any], place: str) -> None:
    wanted = YamlList(declared, merge=True, place=place)
    after = overlay(wanted, live, UNNAMED)
    assert list(differences(wanted, after, UNNAMED)) == []
