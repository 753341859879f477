"""What the cloud puts in the place of what is cleared stands at the fields, and reaches the comparison from there."""

from typing import Annotated, Any

import pytest

from reconciler.kinds import kinds
from reconciler.kinds.markers import Default
from reconciler.kinds.shapes import shape_of
from reconciler.kinds.shared.base import Model
from reconciler.semantics.equality import is_cleared


class Rule(Model):
    count: Annotated[int, Default(10)] | None = None
    enabled: Annotated[bool, Default(False)] | None = None


class Alerts(Model):
    arp: Rule | None = None
    dns: Annotated[Rule, Default(30, at="count")] | None = None
    power: Annotated[int, Default(17, 18)] | None = None


class Bare(Model):
    """The same as `Alerts`, unmarked."""

    power: int | None = None


@pytest.mark.parametrize(
    ("kind", "path", "defaults"),
    [
        ("wlan", "enabled", (True,)),
        ("wlan", "bands", (["24", "5"], ["24", "5", "6"])),
        ("wlan", "auth.type", ("open",)),
        ("wlan", "ssid", ()),
        ("site", "timezone", ("UTC",)),
        ("setting", "rogue.min_duration", (10,)),
        ("webhook", "type", ("http-post",)),
    ],
)
def test_the_comparison_knows_what_the_cloud_puts_in_the_place_of_a_field(
    kind: str, path: str, defaults: tuple[Any, ...]
) -> None:
    shape = kinds()[kind].shape
    for step in path.split("."):
        shape = shape.fields[step]
    assert shape.defaults == defaults


@pytest.mark.parametrize(
    ("live", "cleared"),
    [
        ({"arp": {"count": 10, "enabled": False}}, True),
        ({"dns": {"count": 30}}, True),
        ({"dns": {"enabled": False}}, True),
        ({"dns": {"count": 10}}, False),
        ({"arp": {"count": 30}}, False),
        ({"power": 17}, True),
        ({"power": 18}, True),
        ({"power": 19}, False),
    ],
)
def test_one_class_has_other_defaults_at_other_places_and_a_field_may_have_several(live: Any, cleared: bool) -> None:
    assert is_cleared(live, shape_of(Alerts)) is cleared


def test_a_default_for_a_field_that_the_class_lacks_fails_at_once() -> None:
    class Wrong(Model):
        dns: Annotated[Rule, Default(30, at="cuont")] | None = None

    with pytest.raises(KeyError, match="cuont"):
        shape_of(Wrong)


def test_zero_is_not_false_among_defaults() -> None:
    assert Default(0) != Default(False)
    assert Default(1, at="a") != Default(1)
    assert len({Default(False), Default(False), Default(0)}) == 2


def test_a_default_of_the_cloud_is_neither_sent_nor_written_into_the_json_schema() -> None:
    marked = Alerts.model_json_schema()["properties"]["power"]
    assert marked == Bare.model_json_schema()["properties"]["power"]
    assert Alerts.model_validate({"dns": {}}).model_dump(exclude_unset=True) == {"dns": {}}
