"""Diagnostics as SARIF 2.1.0, which code hosts show beside the lines of a pull request."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from reconciler import __version__
from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.report.diagnostics import message_of
from reconciler.report.format import Findings, Format
from reconciler.report.json_report import dump

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HELP = (
    "`reconciler policies` lists every rule; those of taste can be set or turned off in reconciler.yaml under `rules`."
)
_PROJECT = SourceRange("reconciler.yaml", 1, 1)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif_document(diagnostics: Sequence[Diagnostic], *, version: str, root: str = "") -> dict[str, Any]:
    """One run with all findings; `root` goes before file names. A finding without a place stands at the project file:
    code hosts drop what has none."""
    found = {item.rule: item for item in reversed(diagnostics)}
    order = {rule: at for at, rule in enumerate(sorted(found))}
    driver = {"name": "mist-reconciler", "version": version, "rules": [_rule(found[rule]) for rule in order]}
    results = [{**_result(item, root), "ruleIndex": order[item.rule]} for item in diagnostics]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _rule(item: Diagnostic) -> dict[str, Any]:
    text = {"text": item.summary}
    return {
        "id": item.rule,
        "shortDescription": text,
        "fullDescription": text,
        "help": {"text": f"{item.summary}. {_HELP}"},
        "defaultConfiguration": {"level": _LEVELS[item.severity]},
    }


def _result(item: Diagnostic, root: str) -> dict[str, Any]:
    source = item.source or _PROJECT
    place = {
        "artifactLocation": {"uri": quote(root + source.file)},
        "region": {"startLine": max(1, source.line), "startColumn": max(1, source.column)},
    }
    text = ". ".join(filter(None, (item.summary, message_of(item))))
    return {
        "ruleId": item.rule,
        "level": _LEVELS[item.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }


def _findings(checked: Findings) -> str:
    return dump(sarif_document(checked.diagnostics, version=__version__, root=checked.root))


FORMAT = Format(findings=_findings)
