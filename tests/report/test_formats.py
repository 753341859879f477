"""`validate --format sarif|junit|github`: documents that others parse, held against what their formats demand, with
names that try to break out."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.cli.run import run
from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.report.diagnostics import github_annotations
from reconciler.report.junit import junit_document
from reconciler.report.sarif import sarif_document
from tests.report.samples import ERROR, WARNING

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parent / "sarif_excerpt.schema.json").read_text("utf-8")))
MADE = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
NASTY = 'a <b> & "c" ]]> %0A ::error:: \x00\x1b\r\n, é \u2028 `x`'
EVIL = Diagnostic(
    severity=Severity.ERROR,
    rule="bad-enum",
    summary=NASTY,
    detail=NASTY,
    address=f"site.{NASTY}",
    source=SourceRange(f"sites/{NASTY}.yaml", 3, 7),
)

texts = st.text(max_size=40)
places = st.none() | st.builds(SourceRange, texts.filter(bool), st.integers(1, 99), st.integers(1, 99))
findings = st.builds(
    Diagnostic,
    severity=st.sampled_from(Severity),
    rule=st.sampled_from(["bad-enum", "unknown-key", "plain-secret"]),
    summary=texts.filter(bool),
    detail=texts,
    address=st.none() | texts,
    source=places,
)


def junit(*items: Diagnostic, strict: bool = False) -> ElementTree.Element:
    text = junit_document(items, files=["sites.yaml", "clean.yaml"], made=MADE, root="inv/", strict=strict)
    return ElementTree.fromstring(text.encode())


def well_formed(suites: ElementTree.Element) -> None:
    """The order of elements, the attributes and the sums that Apache Ant's JUnit schema demands."""
    assert suites.tag == "testsuites"
    (suite,) = suites
    needed = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"}
    assert needed <= set(suite.attrib) <= needed | {"skipped"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
    cases = suite.findall("testcase")
    assert [child.tag for child in suite] == ["properties", *("testcase" for _ in cases), "system-out", "system-err"]
    assert suite.attrib["tests"] == str(len(cases))
    assert suite.attrib["failures"] == str(len(suite.findall("testcase/failure")))
    for case in cases:
        assert set(case.attrib) == {"name", "classname", "time"}
        assert case.attrib["name"] == " ".join(case.attrib["name"].split(" "))
        assert [child.tag for child in case] in ([], ["failure"])
        assert all(set(child.attrib) == {"message", "type"} for child in case)


def test_a_junit_failure_says_where_and_what() -> None:
    suites = junit(WARNING, ERROR)
    well_formed(suites)
    cases = {case.attrib["name"]: case for case in suites.iter("testcase")}
    assert set(cases) == {
        "inv/templates/campus.yaml:40:7 acl-one-way",
        "site.Old limit-deletes",
        "inv/sites.yaml",
        "inv/clean.yaml",
    }
    (failure,) = suites.iter("failure")
    assert failure.attrib == {"message": ERROR.summary, "type": "limit-deletes"}
    assert "2 deletes, 1 allowed" in (failure.text or "")
    told = suites.findtext("testsuite/system-out") or ""
    assert "inv/templates/campus.yaml:40:7: warning[acl-one-way]: A policy has no rule for the way back" in told


def test_warnings_fail_a_strict_junit_run() -> None:
    assert len(list(junit(WARNING, ERROR, strict=True).iter("failure"))) == 2
    assert len(list(junit(WARNING, ERROR).iter("failure"))) == 1


def test_a_clean_inventory_has_a_passing_case_per_file() -> None:
    suites = junit()
    well_formed(suites)
    assert [case.attrib["name"] for case in suites.iter("testcase")] == ["inv/clean.yaml", "inv/sites.yaml"]


@settings(max_examples=60, deadline=None)
@given(st.lists(findings, max_size=4))
def test_any_finding_gives_well_formed_documents(items: list[Diagnostic]) -> None:
    well_formed(junit(*items))
    document = sarif_document(items, version="1.0")
    SCHEMA.validate(json.loads(json.dumps(document)))
    rows = github_annotations(items).split("\n")
    assert len(rows) == len(items) + 1
    assert all(row.startswith(("::error ", "::warning ", "::notice ")) for row in rows[:-1])


def test_nasty_names_stay_text_in_every_format() -> None:
    well_formed(junit(EVIL))
    document = sarif_document([EVIL, WARNING], version="1.0", root="inv/")
    SCHEMA.validate(document)
    row = github_annotations([EVIL], root="inv/")
    assert row.count("\n") == 1
    properties = row.removeprefix("::error ").partition("::")[0]
    assert dict(part.split("=", 1) for part in properties.split(","))["line"] == "3"


def test_results_name_their_rule_by_index_too() -> None:
    (found,) = sarif_document([WARNING, EVIL, ERROR], version="1.0")["runs"]
    rules = found["tool"]["driver"]["rules"]
    assert [rules[item["ruleIndex"]]["id"] for item in found["results"]] == [
        item["ruleId"] for item in found["results"]
    ]


@pytest.mark.parametrize("change", [{"level": "fatal"}, {"locations": []}, {"message": {}}, {"extra": 1}])
def test_the_excerpt_of_the_schema_can_fail(change: dict[str, object]) -> None:
    document = sarif_document([ERROR], version="1.0")
    document["runs"][0]["results"][0] |= change
    assert not SCHEMA.is_valid(document)


def test_validate_writes_all_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inventory = tmp_path / "net inv"
    inventory.mkdir()
    (inventory / "reconciler.yaml").write_text("version: 1\n")
    (inventory / "sites.yaml").write_text("sites:\n  - {name: A, timezon: Europe/Paris}\n")
    (inventory / "groups.yaml").write_text("sitegroups:\n  - name: emea\n")
    monkeypatch.chdir(tmp_path)
    assert run(["validate", "net inv", "--format", "junit"]) == 3
    suites = ElementTree.fromstring(capsys.readouterr().out)
    well_formed(suites)
    assert "net inv/groups.yaml" in [case.attrib["name"] for case in suites.iter("testcase")]
    assert run(["validate", "net inv", "--format", "sarif"]) == 3
    document = json.loads(capsys.readouterr().out)
    SCHEMA.validate(document)
    place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "net%20inv/sites.yaml"}, "region": {"startLine": 2, "startColumn": 15}}
    assert run(["validate", "net inv", "--format", "github"]) == 3
    assert capsys.readouterr().out.startswith("::error file=net inv/sites.yaml,line=2,col=15,title=")
