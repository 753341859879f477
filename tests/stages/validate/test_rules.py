"""Every rule on inventories as people write them: a bad one with its place and text, and one that must pass.

The cases are files. The expected line of a bad inventory is marked `# !!` in it; a case without the mark expects
the project file.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.diagnostics import Severity
from reconciler.kinds.shared.rules import RULES
from tests.stages.validate.support import found

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
CASES: list[Any] = [
    pytest.param(case, id=f"{file.stem}-{number}-{case['rule']}")
    for file in FILES
    for number, case in enumerate(yaml.safe_load(file.read_text("utf-8")))
]


@pytest.mark.parametrize("case", CASES)
def test_a_rule_reports_the_place_and_what_to_do(case: dict[str, Any]) -> None:
    reported = found(case["bad"], case.get("project", ""), rule=case["rule"])
    marked = [number for number, line in enumerate(case["bad"].splitlines(), 1) if "# !!" in line]
    places = [("inventory.yaml", number) for number in marked] or [("reconciler.yaml", 1)]
    assert [(item.source.file, item.source.line) for item in reported if item.source] == places
    assert any(case["says"] in item.detail for item in reported), [item.detail for item in reported]
    title, severity = RULES[case["rule"]]
    expected = Severity(case.get("severity", severity))
    assert {(item.summary, item.severity) for item in reported} == {(title, expected)}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_lets_the_corrected_inventory_pass(case: dict[str, Any]) -> None:
    reported = found(case["good"], case.get("good_project", ""))
    assert [item for item in reported if item.rule == case["rule"]] == []
    assert [item for item in reported if item.severity is Severity.ERROR] == []


PLANNED = frozenset({"incomplete-object", "new-object-incomplete", "passphrases-go"})
"""Rules of which only a plan can tell."""


def test_every_rule_has_a_case() -> None:
    assert {case.values[0]["rule"] for case in CASES} == set(RULES) - PLANNED


def test_no_case_repeats_another() -> None:
    texts = [case.values[0]["bad"] + case.values[0].get("project", "") for case in CASES]
    assert len(set(texts)) == len(texts)
