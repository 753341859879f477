"""Why something would change: this branch, somebody's hand, or both.

The inventory is composed at the base commit too, and compared with the same live state. What the base would change
in just the same way is drift; what it would not change comes from the files; what it would change otherwise, from both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.change import Action, Cause, Change, FieldChange, Plan
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, mark_of


def with_causes(planned: Plan, base_changes: Iterable[Change]) -> Plan:
    """The plan with the cause of every field and change. `base_changes` are those of the base commit's inventory."""
    before = {change.address: change for change in base_changes}
    return replace(planned, changes=tuple(_caused(change, before.get(change.address)) for change in planned.changes))


def _caused(change: Change, base: Change | None) -> Change:
    if base is None or base.action is not change.action:
        fields = tuple(replace(field, cause=Cause.CONFIG) for field in change.fields)
        return replace(change, fields=fields, cause=Cause.CONFIG)
    if change.action is Action.DELETE:
        return replace(change, cause=Cause.DRIFT)
    known = {field.path: field for field in base.fields}
    fields = tuple(
        replace(field, cause=_field_cause(field, known.get(field.path), change, base)) for field in change.fields
    )
    causes = {field.cause for field in fields}
    return replace(change, fields=fields, cause=causes.pop() if len(causes) == 1 else Cause.BOTH)


def _field_cause(field: FieldChange, base: FieldChange | None, change: Change, before: Change) -> Cause:
    if base is None:
        return Cause.CONFIG
    if field.sensitive:
        return Cause.DRIFT if _declared_root(change, field) == _declared_root(before, field) else Cause.BOTH
    return Cause.DRIFT if (field.before, field.after) == (base.before, base.after) else Cause.BOTH


def _declared_root(change: Change, field: FieldChange) -> Any:
    """The declared root that holds a secret, whose own values no field shows."""
    return change.declared.body.get(field.root) if change.declared else None


def counts(changes: Iterable[Change]) -> Mapping[Cause, int]:
    """How many changes have each cause."""
    return Counter(change.cause for change in changes if change.cause)


def only_config(planned: Plan) -> Plan:
    """The part of the plan that this branch makes: drift that was there before stays out, root by root.

    A root that the branch changes is sent whole, with the drift in it.
    """
    kept = [narrowed for change in planned.changes if (narrowed := _without_drift(change))]
    going = {change.address for change in kept}
    writes = sum(2 if change.deferred else 1 for change in kept)
    depending = [replace(change, depends_on=tuple(x for x in change.depends_on if x in going)) for change in kept]
    return replace(planned, changes=tuple(depending), writes=writes)


def _without_drift(change: Change) -> Change | None:
    if change.cause is Cause.DRIFT:
        return None
    if change.cause is not Cause.BOTH or change.action is not Action.UPDATE:
        return change
    roots = {field.root for field in change.fields if field.cause is not Cause.DRIFT}
    return narrow(change, roots)


def narrow(change: Change, roots: Iterable[str]) -> Change | None:
    """An update reduced to some of its roots; None when none of them changes."""
    chosen = set(roots)
    fields = tuple(field for field in change.fields if field.root in chosen)
    if not fields:
        return None
    return replace(
        change,
        fields=fields,
        replaces=tuple(root for root in change.replaces if root in chosen),
        clears=tuple(root for root in change.clears if root in chosen),
        deferred=tuple(root for root in change.deferred if root in chosen),
        roots=tuple(summary for summary in change.roots if summary.root in chosen),
    )


def no_longer_declared(head: Iterable[Resource], base: Iterable[Resource]) -> list[Diagnostic]:
    """What the base declared and the head does not: it keeps its live value, which a reviewer may not expect."""
    now = {resource.address: resource for resource in head}
    renamed = {(resource.kind, resource.parent, alias) for resource in now.values() for alias in resource.aliases}
    found: list[Diagnostic] = []
    for resource in base:
        present = now.get(resource.address)
        if present is None:
            if (resource.kind, resource.parent, resource.key) not in renamed:
                found.append(_dropped_object(resource))
            continue
        found += [_dropped_field(present, path) for path in _dropped(resource.body, present.body)]
    return found


def _dropped(before: Any, now: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    for key, value in before.items():
        if value is None:
            continue
        if key not in now:
            yield (*path, key)
        elif isinstance(value, dict) and isinstance(now[key], dict) and not isinstance(value, Secret):
            yield from _dropped(value, now[key], (*path, key))


def _dropped_field(resource: Resource, path: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        severity=Severity.INFO,
        rule="no-longer-declared",
        summary="A field is no longer declared",
        detail=f"{resource.address}: `{'.'.join(path)}` keeps its live value; write null to clear it",
        address=str(resource.address),
        source=mark_of(resource.body, path[:-1]) or resource.source,
    )


def _dropped_object(resource: Resource) -> Diagnostic:
    return Diagnostic(
        severity=Severity.INFO,
        rule="no-longer-declared",
        summary="An object is no longer declared",
        detail=f"{resource.address} stays in the cloud as it is, unless its kind is pruned",
        address=str(resource.address),
    )
