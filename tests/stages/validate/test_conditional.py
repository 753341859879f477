"""The provider's conditional rules as data: errors where the vendor's document confirms them, else warnings."""

import json
from importlib.resources import files

import pytest

from reconciler.diagnostics import Severity
from reconciler.kinds import kinds
from reconciler.kinds.shared.conditional import conditional
from tests.stages.validate.support import found

ROWS = json.loads(files("reconciler.kinds.shared").joinpath("conditional.json").read_text("utf-8"))
CASES = [
    ("services: [{name: a, type: custom, apps: [zoom]}]", "useless-field", Severity.ERROR),
    ("services: [{name: a, type: custom, addresses: [192.0.2.0/24]}]", "", Severity.ERROR),
    ("services: [{name: a, apps: [zoom]}]", "", Severity.ERROR),
    ("psks: [{name: a, ssid: s, usage: multi, macs: [5c5b35000001]}]", "useless-field", Severity.ERROR),
    ("networktemplates: [{name: a, port_usages: {p: {mode: dynamic, speed: auto}}}]", "", Severity.ERROR),
    (
        "gatewaytemplates: [{name: a, port_config: {ge-0/0/0: {usage: lan, wan_type: lte}}}]",
        "useless-field",
        Severity.ERROR,
    ),
    ("gatewaytemplates: [{name: a, oob_ip_config: {type: static}}]", "required-field", Severity.WARNING),
]


@pytest.mark.parametrize(("text", "rule", "severity"), CASES)
def test_a_conditional_rule_is_told_with_its_weight(text: str, rule: str, severity: Severity) -> None:
    told = {(item.rule, item.severity) for item in found(text)}
    if rule:
        assert (rule, severity) in told
    else:
        assert not {name for name, _ in told} & {"useless-field", "doubtful-field"}


def test_what_the_provider_alone_says_is_a_warning() -> None:
    weights = {
        item.warning for kind in ROWS for item in conditional(kind, _all_of(kind)) if item.rule == "doubtful-field"
    }
    assert weights == {True}


def _all_of(kind: str) -> dict[str, object]:
    """A body with every field of the rows that stand at the root, and conditions that are never met."""
    return {name: "x" for verb, at, name, *_ in ROWS[kind] if not at} | {
        row[3]: "none of them" for row in ROWS[kind] if not row[1] and isinstance(row[3], str)
    }


def test_the_rows_say_something_known_about_kinds_that_are_there() -> None:
    known = {kind.name for kind in kinds()}
    assert len(known & set(ROWS)) > 8
    assert {row[0] for rows in ROWS.values() for row in rows} == {"only", "never", "needs", "or", "any", "one"}
    assert all(isinstance(row[5], bool) for rows in ROWS.values() for row in rows)


@pytest.mark.parametrize("body", [{}, {"auth": 3}, {"rateset": [1]}, {"port_config": {"a": None}}])
def test_any_tree_passes_the_rows(body: dict[str, object]) -> None:
    assert [list(conditional(kind, body)) for kind in ROWS]
