"""Exceptions with a date: the rules of `ignore` and what was compared in, each rule with what it hides now out."""

from collections.abc import Iterable, Iterator
from datetime import date

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Differences, FieldChange
from reconciler.model.drift import DriftException, Hidden
from reconciler.model.matching import is_meant
from reconciler.model.project import Ignore


def expired(rule: Ignore, today: date) -> bool:
    """Whether the last day of a rule has passed."""
    return rule.until is not None and rule.until < today.isoformat()


def exceptions_of(
    rules: Iterable[Ignore],
    everything: Differences,
    found: Differences,
    *,
    today: date,
    accepted: Iterable[Address] = (),
) -> tuple[DriftException, ...]:
    """Every rule in its order, with the `accepted` objects that nobody declared. `everything` was compared without the
    rules, `found` with them; a difference that only the first has is hidden by the first rule in force that names it.
    """
    listed = list(rules)
    hidden: dict[int, list[Hidden]] = {}
    hiding = {item.address: item for item in _missing(everything, found) if not item.path}
    more = [Hidden(address=address) for address in accepted if address not in hiding]
    for item in (*_missing(everything, found), *more):
        at = next((at for at, rule in enumerate(listed) if not expired(rule, today) and _covers(rule, item)), None)
        if at is not None:
            hidden.setdefault(at, []).append(item)
    return tuple(
        DriftException(
            address=rule.address,
            field=rule.field,
            reason=rule.reason,
            until=rule.until,
            expired=expired(rule, today),
            hides=tuple(hidden.get(at, ())),
        )
        for at, rule in enumerate(listed)
    )


def expired_diagnostics(exceptions: Iterable[DriftException]) -> list[Diagnostic]:
    """A warning for each exception whose date has passed: it hides nothing any more."""
    return [
        Diagnostic(
            severity=Severity.WARNING,
            rule="expired-exception",
            summary="An exception has expired",
            detail=f"`ignore` in reconciler.yaml: {item.address}{f' {item.field}' if item.field else ''} was to end on "
            f"{item.until}; adopt the live value, revert it, or give the exception a new date",
            address=item.address,
        )
        for item in exceptions
        if item.expired
    ]


def _missing(everything: Differences, found: Differences) -> Iterator[Hidden]:
    shown = {change.address: {item.path for item in change.fields} for change in found.changes}
    for change in everything.changes:
        if change.address not in shown:
            yield from _all_of(change)
        else:
            rest = shown[change.address]
            yield from (_hidden(change.address, item) for item in change.fields if item.path not in rest)


def _all_of(change: Change) -> Iterator[Hidden]:
    if change.action is Action.UPDATE:
        yield from (_hidden(change.address, item) for item in change.fields)
    else:
        yield Hidden(address=change.address)


def _hidden(address: Address, item: FieldChange) -> Hidden:
    return Hidden(address=address, path=item.path, declared=item.after, live=item.before)


def _covers(rule: Ignore, item: Hidden) -> bool:
    if not is_meant(item.address.text, rule.address):
        return False
    return is_path(rule.field, item.path)


def is_path(field: str | None, path: str) -> bool:
    """Whether the field of a rule names a path, or something that it lies in; no field names all."""
    return field in (None, "*") or any(is_meant(step, field or "*") for step in _steps(path))


def _steps(path: str) -> Iterator[str]:
    """A path and everything that it lies in: `a.b[c]` -> `a.b[c]`, `a.b`, `a`."""
    yield path
    for at in range(len(path) - 1, 0, -1):
        if path[at] in ".[":
            yield path[:at]
