"""A new element says which old one it is most like: a help to the reader, and nothing else."""

from typing import Any

import pytest

from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret
from reconciler.semantics.compare import differences
from reconciler.stages.diff.likeness import with_likeness

RULES = Shape(values=Shape())
POLICIES = Shape(list_as=ListAs.KEYED, key=("name",), values=Shape())


def notes(declared: list[Any], live: list[Any], shape: Shape) -> dict[str, str]:
    changes = with_likeness(differences(declared, live, shape, "list"))
    return {change.path: change.remark for change in changes if change.before is None}


def test_a_new_element_without_key_names_the_old_one_and_where_they_differ() -> None:
    live = [
        {"src": "lldp", "equals": "phone", "usage": "voice"},
        {"src": "dhcp", "equals": "printer", "usage": "print"},
    ]
    declared = [live[1], {"src": "lldp", "equals": "camera", "usage": "voice"}]
    assert notes(declared, live, RULES) == {"list[1]": "as [0] but for equals"}


def test_a_policy_under_a_new_name_names_the_old_one() -> None:
    live = [{"name": "iot", "src_tags": ["iot"], "actions": [{"dst_tag": "any", "action": "deny"}]}]
    assert notes([{**live[0], "name": "iot-out"}], live, POLICIES) == {"list[iot-out]": "as [iot] but for name"}


def test_many_differing_leaves_are_counted() -> None:
    live = [{"name": "a", **dict.fromkeys("bcdefghijk", 1)}]
    declared = [{**live[0], "name": "z", **dict.fromkeys("bcd", 2)}]
    assert notes(declared, live, POLICIES) == {"list[z]": "as [a] but for b, c, d and 1 more"}


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        ([{"a": 1, "b": 2}], [{"a": 9, "b": 8}]),
        ([{"a": 1, "b": 2}], ["x"]),
        ([{"a": 1, "b": 2}], []),
        ([{"a": 1, "b": 2, "c": 3}], [{"a": 1, "b": 2, "c": at} for at in range(10, 20)]),
    ],
    ids=["nothing_in_common", "no_object", "nothing_old", "too_many_to_look_at"],
)
def test_what_is_like_nothing_says_nothing(declared: list[Any], live: list[Any]) -> None:
    assert set(notes(declared, live, RULES).values()) <= {""}


def test_a_secret_is_named_by_its_field_and_never_shown() -> None:
    live = [{"host": "h", "port": 1, "secret": Secret("old-canary", origin="live")}]
    declared = [{"host": "h", "port": 1, "secret": Secret("new-canary", origin="env:S")}]
    shape = Shape(values=Shape(fields={"secret": Shape(secret=True)}))
    assert notes(declared, live, shape) == {"list[0]": "as [0] but for secret"}
