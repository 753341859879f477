"""Diagnostics as SARIF 2.1.0, which code hosts show beside the lines of a pull request."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.report.diagnostics import message_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif_document(diagnostics: Sequence[Diagnostic], *, version: str, root: str = "") -> dict[str, Any]:
    """One run with all findings; `root` goes before file names."""
    rules = {item.rule: item.summary for item in reversed(diagnostics)}
    driver = {
        "name": "mist-reconciler",
        "version": version,
        "rules": [{"id": rule, "shortDescription": {"text": rules[rule]}} for rule in sorted(rules)],
    }
    results = [_result(item, root) for item in diagnostics]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _result(item: Diagnostic, root: str) -> dict[str, Any]:
    text = ". ".join(filter(None, (item.summary, message_of(item))))
    result: dict[str, Any] = {"ruleId": item.rule, "level": _LEVELS[item.severity], "message": {"text": text}}
    if item.source:
        place = {
            "artifactLocation": {"uri": quote(root + item.source.file)},
            "region": {"startLine": max(1, item.source.line), "startColumn": max(1, item.source.column)},
        }
        result["locations"] = [{"physicalLocation": place}]
    return result
