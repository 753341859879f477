"""From a finding to a diagnostic: the place is looked up in the body's marks."""

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.kinds import Finding
from reconciler.kinds.shared.rules import RULES
from reconciler.model.resource import Resource
from reconciler.model.values import YamlMap, mark_of

PROJECT = SourceRange("reconciler.yaml", 1, 1)


def at_field(resource: Resource, body: YamlMap, found: Finding) -> Diagnostic:
    """A finding inside a body, at the line of its path, else where the object is declared."""
    return Diagnostic(
        severity=Severity.WARNING if found.warning else Severity.ERROR,
        rule=found.rule,
        summary=found.summary,
        detail=found.detail,
        address=str(resource.address),
        source=(mark_of(body, found.path) if found.path else None) or resource.source or mark_of(body, ()),
    )


def at_object(resource: Resource, rule: str, detail: str) -> Diagnostic:
    """A problem of an object as a whole, where it is declared."""
    return Diagnostic(
        severity=RULES[rule].severity,
        rule=rule,
        summary=RULES[rule].title,
        detail=detail,
        address=str(resource.address),
        source=resource.source,
    )


def at_project(rule: str, detail: str, source: SourceRange = PROJECT) -> Diagnostic:
    """A problem of the project file."""
    return Diagnostic(severity=RULES[rule].severity, rule=rule, summary=RULES[rule].title, detail=detail, source=source)
