"""JSON, SARIF and GitHub annotations."""

import json
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.change import FieldChange, Plan
from reconciler.report.diagnostics import findings_sentence, github_annotations, validate_lines
from reconciler.report.explaining import explain_lines
from reconciler.report.format import Findings
from reconciler.report.json_report import apply_document, drift_document, dump, error_document, plan_document
from reconciler.report.lines import as_text
from reconciler.report.reading import plan_of
from reconciler.report.sarif import sarif_document
from reconciler.report.text import plan_text
from tests.report.samples import EMPTY, ERROR, ORG, OUTCOMES, PLAN, UPDATE, WARNING, change


def test_a_plan_survives_its_json_document() -> None:
    document = json.loads(dump(plan_document(PLAN)))
    again = plan_of(document)
    assert plan_document(again) == document
    undated = tuple(replace(item, edited=None) for item in PLAN.changes)
    assert as_text(plan_text(again)) == as_text(plan_text(replace(PLAN, changes=undated)))


@pytest.mark.parametrize("key", ["org", "changes", "summary", "diagnostics", "calls", "unmanaged"])
def test_a_document_without_a_part_is_no_plan(key: str) -> None:
    document = plan_document(PLAN)
    del document[key]
    with pytest.raises(KeyError):
        plan_of(document)


def test_a_sensitive_field_has_no_value_even_if_somebody_gave_it_one() -> None:
    item = FieldChange(path="auth.psk", before="canary-a", after="canary-b", sensitive=True)
    plan = Plan(org_id=ORG, org_name="A", changes=(change("site.S", UPDATE, item),))
    assert "canary" not in dump(plan_document(plan)) + dump(drift_document(plan)) + as_text(plan_text(plan))


def test_the_documents_count_what_they_list() -> None:
    document = apply_document(PLAN, OUTCOMES)
    assert document["summary"] == {"create": 2, "update": 503, "delete": 2, "unchanged": 40}
    assert [document[word] for word in ("applied", "failed", "stale", "blocked", "unchanged")] == [38, 1, 1, 1, 1]
    assert drift_document(EMPTY)["drift"] == []
    assert error_document({"type": "X"}, [ERROR])["diagnostics"][0]["rule"] == "limit-deletes"


def test_annotations_can_not_be_broken_out_of() -> None:
    evil = Diagnostic(
        severity=Severity.INFO,
        rule="r",
        summary="a,b::c\nd",
        detail="100%\n::error::x\x1b",
        source=SourceRange("a,b:c.yaml", 3, 4),
    )
    assert github_annotations([evil, ERROR], root="inv/") == (
        "::notice file=inv/a%2Cb%3Ac.yaml,line=3,col=4,title=a%2Cb%3A%3Ac%0Ad [r]::100%25%0A::error::x\\x1b\n"
        "::error title=The run would delete more than it may [limit-deletes]"
        "::site.Old: 2 deletes, 1 allowed: --ack-deletes 2\n"
    )


def test_sarif_names_each_rule_once_and_each_place() -> None:
    document = sarif_document([WARNING, WARNING, ERROR], version="1.2.3", root="my inv/")
    run = document["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["acl-one-way", "limit-deletes"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20inv/templates/campus.yaml"
    assert place["region"] == {"startLine": 40, "startColumn": 7}
    nowhere = run["results"][2]["locations"][0]["physicalLocation"]
    assert nowhere["artifactLocation"]["uri"] == "my%20inv/reconciler.yaml"
    assert [result["level"] for result in run["results"]] == ["warning", "warning", "error"]


@pytest.mark.parametrize(
    ("findings", "closing"),
    [
        ((), "Valid. (1 object in 2 files)"),
        ((WARNING,), "Valid, with 1 warning. (1 object in 2 files)"),
        ((ERROR, WARNING, WARNING), "Invalid: 1 error, 2 warnings. (1 object in 2 files)"),
    ],
)
def test_validation_closes_with_one_line(findings: tuple[Diagnostic, ...], closing: str) -> None:
    checked = Findings(diagnostics=findings, resources=1, files=2, made=datetime(2026, 1, 1, tzinfo=UTC))
    assert as_text(validate_lines(checked)).splitlines()[-1] == closing
    assert bool(findings_sentence(findings)) is bool(findings)


def test_an_object_without_values_explains_as_its_address() -> None:
    assert as_text(explain_lines("site.A", ())) == "site.A\n"
