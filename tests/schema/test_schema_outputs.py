"""The schemas of what `--json` prints fit what the report module makes."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, FieldChange, Note, Outcome, Plan, RootSummary, Status
from reconciler.report import json_report
from reconciler.schema import export_schemas

SCHEMAS = {name: json.loads(text) for name, text in export_schemas().items()}
LAB = Address("site.HQ/wlan.Lab")
FOUND = Diagnostic(severity=Severity.WARNING, rule="plain-secret", summary="A secret is written in plain text")
PLACED = Diagnostic(
    severity=Severity.ERROR, rule="unknown-key", summary="Unknown field", source=SourceRange("a.yaml", 1, 2)
)
PLAN = Plan(
    org_id="o",
    org_name="Org",
    changes=(
        Change(
            address=LAB,
            kind="wlan",
            action=Action.UPDATE,
            fields=(
                FieldChange(path="auth.psk", sensitive=True),
                FieldChange(path="vlan_id", before="10", after="20", note=Note.ORDER),
            ),
            replaces=("auth", "vlan_id"),
            clears=("notes",),
            roots=(RootSummary(root="auth", before=1, after=2, gains=("psk",), keeps=1, drops=("x",)),),
            depends_on=(Address("site.HQ"),),
            reaches=("HQ",),
        ),
        Change(address=Address("site.Old"), kind="site", action=Action.DELETE),
    ),
    unmanaged=(Address("site.Else"),),
    diagnostics=(FOUND, PLACED),
    reads=3,
    writes=2,
)
OUTCOMES = (
    Outcome(address=LAB, action=Action.UPDATE, status=Status.APPLIED, verified=True),
    Outcome(address=Address("site.Old"), action=Action.DELETE, status=Status.FAILED, detail="403"),
)
STOPPED = {"type": "Unauthorized", "message": "no", "remedy": "log in", "exit_code": 1}
DOCUMENTS = [
    ("plan", json_report.plan_document(PLAN)),
    ("plan", json_report.apply_document(PLAN, OUTCOMES)),
    ("plan", json_report.plan_document(Plan(org_id="o", org_name="Org"))),
    ("drift", json_report.drift_document(PLAN)),
    ("validate", json_report.validate_document([FOUND, PLACED], resources=4)),
    ("plan", json_report.error_document(STOPPED, [PLACED])),
    ("drift", json_report.error_document(STOPPED)),
    ("validate", json_report.error_document(STOPPED)),
]


def check(name: str, document: dict[str, Any]) -> None:
    Draft202012Validator(SCHEMAS[f"{name}.schema.json"]).validate(json.loads(json_report.dump(document)))


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_a_report_fits_its_schema(name: str, document: dict[str, Any]) -> None:
    check(name, document)


@pytest.mark.parametrize("key", ["changes", "summary", "org", "diagnostics", "format_version", "calls"])
def test_a_plan_without_a_promised_key_does_not_fit(key: str) -> None:
    document = json_report.plan_document(PLAN)
    del document[key]
    with pytest.raises(ValidationError):
        check("plan", document)


def test_every_key_of_a_report_is_described() -> None:
    for name, document in DOCUMENTS:
        described = SCHEMAS[f"{name}.schema.json"]["properties"]
        assert document.keys() <= described.keys()
    change = SCHEMAS["plan.schema.json"]["$defs"]["change"]["properties"]
    assert json_report.plan_document(PLAN)["changes"][0].keys() <= change.keys()


def test_the_examples_of_the_design_fit() -> None:
    change = {
        "address": "site.Paris-HQ/wlan.Lab",
        "kind": "wlan",
        "action": "update",
        "fields": [{"path": "vlan_id", "before": "10", "after": "20", "sensitive": False}],
        "replaces": ["vlan_id"],
        "depends_on": [],
        "source": {"file": "sites/paris.yaml", "line": 12, "column": 9},
    }
    document = {
        "format_version": "1.0",
        "org": {"id": "x", "name": "y"},
        "summary": {"create": 1, "update": 2, "delete": 0, "unchanged": 40},
        "changes": [change],
        "diagnostics": [],
        "calls": {"read": 9, "write": 2},
    }
    check("plan", document)
    check("drift", {**{key: value for key, value in document.items() if key != "changes"}, "drift": [change]})
