"""From a finding of a kind's rule to a diagnostic: the place is looked up in the body's marks."""

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds.kind import Violation
from reconciler.model.resource import Resource
from reconciler.model.values import YamlMap, mark_of


def at_field(resource: Resource, body: YamlMap, found: Violation) -> Diagnostic:
    """A finding inside a body, at the line of its path, else where the object is declared."""
    return Diagnostic(
        severity=Severity.WARNING if found.warning else Severity.ERROR,
        rule=found.rule,
        summary=found.summary,
        detail=found.detail,
        address=resource.address.text,
        source=(mark_of(body, found.path) if found.path else None) or resource.source or mark_of(body, ()),
    )
