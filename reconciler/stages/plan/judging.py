"""What only live can tell about a declared object: changes in, findings and the changes that may be planned out.

A kind's own function judges the object that a write would leave. A change with an error is not planned, and neither
is one that needs it: a mistake that is seen here never reaches the network.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds import Kind, Kinds
from reconciler.kinds.findings import at_field
from reconciler.kinds.shared.conditional import has_certain_rows, lacking
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Resulting
from reconciler.model.values import Secret
from reconciler.semantics.overlay import overlay

_MISSING = object()


class Judged(Struct, frozen=True):
    """The changes that may be planned, and what was found."""

    changes: list[Change]
    diagnostics: list[Diagnostic]


def judge(changes: Iterable[Change], kinds: Kinds, needs: Callable[[Change], Iterable[Address]]) -> Judged:
    """Judges every create and update: by the kind's own check, and by what the cloud requires."""
    listed = list(changes)
    found: list[Diagnostic] = []
    refused: set[Address] = set()
    for change in listed:
        check, resource = kinds[change.kind].check_planned, change.declared
        if resource is None or change.action is Action.DELETE or not (check or has_certain_rows(change.kind)):
            continue
        live, result = dict(change.live.body) if change.live else None, result_of(change, kinds)
        violations = [*(check(resource, result, live) if check else ()), *lacking(change.kind, result, live)]
        problems = [at_field(resource, resource.body, one) for one in violations]
        found += problems
        if any(problem.severity is Severity.ERROR for problem in problems):
            refused.add(change.address)
    kept, blocked = _without(listed, refused, needs)
    return Judged([_with_results(change, kinds[change.kind]) for change in kept], [*found, *blocked])


def result_of(change: Change, kinds: Kinds) -> dict[str, Any]:
    """The object that a write would leave: live with the declared values laid over it."""
    declared = dict(change.declared.body) if change.declared else {}
    laid: dict[str, Any] = overlay(declared, dict(change.live.body) if change.live else {}, kinds[change.kind].shape)
    return laid


def _without(
    changes: list[Change], refused: set[Address], needs: Callable[[Change], Iterable[Address]]
) -> tuple[list[Change], list[Diagnostic]]:
    """The changes without the refused ones, and without those that need an object that is not made now."""
    missing = {change.address for change in changes if change.action is Action.CREATE} & refused
    kept = [change for change in changes if change.address not in refused]
    blocked: list[Diagnostic] = []
    while missing:
        stopped = [
            (change, lack) for change in kept if (lack := next((it for it in needs(change) if it in missing), None))
        ]
        blocked += [_blocked(change, lack) for change, lack in stopped]
        gone = {change.address for change, _ in stopped}
        kept = [change for change in kept if change.address not in gone]
        missing = {change.address for change, _ in stopped if change.action is Action.CREATE}
    return kept, blocked


def _blocked(change: Change, lack: Address) -> Diagnostic:
    return Diagnostic(
        severity=Severity.ERROR,
        rule="refused-but-needed",
        summary="Something that is refused is needed",
        detail=f"{change.address} needs {lack}, which is not made because of the error it has",
        address=str(change.address),
        source=change.source,
    )


def _with_results(change: Change, kind: Kind) -> Change:
    """The change with the deciding values that it touches, or leaves to the cloud, without declaring them."""
    if change.declared is None or not kind.decisive:
        return change
    body, live = change.declared.body, change.live.body if change.live else None
    found = tuple(item for path in kind.decisive if (item := _resulting(path, body, live, kind)) is not None)
    return replace(change, results=found)


def _resulting(path: str, body: Mapping[str, Any], live: Mapping[str, Any] | None, kind: Kind) -> Resulting | None:
    root = path.partition(".")[0]
    if _at(body, path) is not _MISSING or (live is not None and root not in body):
        return None
    shape = kind.shape
    for step in path.split("."):
        shape = shape.below(step)
    value = _at(live or {}, path)
    was_live = value is not _MISSING and value is not None
    shown = value if was_live else next(iter(shape.defaults), None)
    return None if shown is None or isinstance(shown, Secret) else Resulting(path=path, value=shown, live=was_live)


def _at(body: Mapping[str, Any], path: str) -> Any:
    value: Any = body
    for step in path.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return _MISSING
        value = value[step]
    return value
