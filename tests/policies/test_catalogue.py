"""The catalogue of rules is whole: every id that the tree reports is in it, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds.shared.rules import RULES
from reconciler.policies.problems import TITLES
from reconciler.policies.rules import FIXED, NOTES, STAGES, adjusted, built_in, catalogue

PACKAGE = Path(__file__).parent.parent.parent / "reconciler"
REPORTERS = {"_error", "_failed", "_over", "_refusal", "_diagnostic", "at_field", "at_object", "at_project", "error"}
REPORTERS |= {"finding", "report", "stop", "problem", "Diagnostic"}
SKIPPED = {"emulator", "mist", "report", "schema", "comment", "kinds", "yamltext/edit"}
ID = re.compile(r"[a-z]+(-[a-z]+)*")


def reported() -> Iterator[str]:
    """The ids that stand as the rule of a call that makes a diagnostic."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if any(path.is_relative_to(PACKAGE / part) for part in SKIPPED):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                words = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
                places = words or (node.args[:2] if name in REPORTERS else [])
                texts = [place.value for place in places if isinstance(place, ast.Constant)]
                yield from [text for text in texts[:1] if isinstance(text, str) and ID.fullmatch(text)]


def test_every_rule_that_is_reported_is_in_the_catalogue() -> None:
    found = set(reported())
    assert {"yaml-syntax", "not-in-cloud", "protected", "bad-policy", "unread"} <= found
    assert found <= built_in()


def test_nothing_in_the_catalogue_is_never_reported() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")) if path.name != "rules.py")
    assert [name for name in {*STAGES, *NOTES, *TITLES} if f'"{name}"' not in text] == []


def test_the_tables_do_not_overlap_and_fixed_rules_exist() -> None:
    assert set(RULES) >= FIXED
    assert not set(STAGES) & (set(NOTES) | set(RULES) | set(TITLES))
    assert not set(RULES) & (set(NOTES) | set(TITLES))


def test_only_rules_of_taste_can_be_changed() -> None:
    listed = {item.id: item for item in catalogue(dict.fromkeys(built_in(), "off"))}
    still_on = {name for name, item in listed.items() if item.severity}
    assert still_on == {name for name, item in listed.items() if not item.changeable}
    assert still_on >= {*FIXED, *STAGES}
    assert not still_on & {"wlan-open", "bad-enum", "no-longer-declared", "plain-secret"}


@pytest.mark.parametrize(
    ("rule", "kept"), [("wlan-open", False), ("unknown-key", True), ("own", False), ("yaml-tab", True)]
)
def test_turning_off_has_no_effect_on_what_guards_correctness(rule: str, kept: bool) -> None:
    item = Diagnostic(severity=Severity.ERROR, rule=rule, summary="x")
    assert adjusted([item], {rule: "off"}) == ((item,) if kept else ())
    assert adjusted([item], {}) == (item,)
