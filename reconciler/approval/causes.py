"""Why something would change: this branch, somebody's hand, or both.

The inventory is composed at the base commit too, and compared with the same live state. What the base would change
in just the same way is drift; what it would not change comes from the files; what it would change otherwise, from both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.model.address import Address
from reconciler.model.change import Action, Cause, Change, FieldChange, Plan


def with_causes(planned: Plan, base_changes: Iterable[Change]) -> Plan:
    """The plan with the cause of every field and change. `base_changes` are those of the base commit's inventory."""
    before = {change.address: change for change in base_changes}
    return replace(planned, changes=tuple(_caused(change, before.get(change.address)) for change in planned.changes))


def _caused(change: Change, base: Change | None) -> Change:
    if change.cause is Cause.RELEASED:
        return change
    if base is None or base.action is not change.action:
        fields = tuple(replace(field, cause=field.cause or Cause.CONFIG) for field in change.fields)
        return replace(change, fields=fields, cause=Cause.CONFIG)
    if change.action is Action.DELETE:
        return replace(change, cause=Cause.DRIFT)
    known = {field.path: field for field in base.fields}
    fields = tuple(
        replace(field, cause=field.cause or _field_cause(field, known.get(field.path), change, base))
        for field in change.fields
    )
    causes = {Cause.CONFIG if field.cause is Cause.RELEASED else field.cause for field in fields}
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
        moved_from=change.moved_from if change.moved_from and Address(change.moved_from).kind in chosen else None,
    )
