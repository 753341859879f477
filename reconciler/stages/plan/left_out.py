"""What is left out of a plan because something is wrong with it: ordered changes in, those that can go on alone out."""

from collections.abc import Iterable, Sequence

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.match import Belongings


def without_broken(ordered: Sequence[Change], problems: Iterable[Diagnostic]) -> tuple[list[Change], list[Diagnostic]]:
    """The changes that none of the problems is about and that wait for none of those; of the latter, which."""
    broken = {Address(item.address) for item in problems if item.address and item.severity is Severity.ERROR}
    kept: list[Change] = []
    found: list[Diagnostic] = []
    for change in ordered:
        waiting = next((item for item in change.depends_on if item in broken), None)
        if change.address in broken:
            continue
        if waiting is None:
            kept.append(change)
            continue
        broken.add(change.address)
        found.append(_waits(change, waiting))
    return kept, found


def unknown_belongings(changes: Iterable[Change], belongings: Belongings) -> list[Diagnostic]:
    """The deletes of which nobody can tell what they would take along."""
    return [
        Diagnostic(
            severity=Severity.ERROR,
            rule="unread-belongings",
            summary="What goes with a delete could not be read",
            detail=f"{change.address} is not deleted: {belongings.unread[change.live.id]}",
            address=str(change.address),
        )
        for change in changes
        if change.action is Action.DELETE and change.live and change.live.id in belongings.unread
    ]


def _waits(change: Change, waiting: Address) -> Diagnostic:
    return Diagnostic(
        severity=Severity.ERROR,
        rule="waits-for-left-out",
        summary="An object waits for one that is left out",
        detail=f"{change.address} is left out of the plan, because it needs {waiting}, with which something is wrong",
        address=str(change.address),
        source=change.source,
    )
