"""Which deletes may happen: all changes in, those that stay and what is left alone out."""

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address, nfc
from reconciler.model.change import Action, Change
from reconciler.model.matching import is_meant, reaches_into
from reconciler.model.project import Manage, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an inventory says of live objects: the `declared` addresses, those `needed` by something declared, the lists
    (kind and parent) in which it is `unclear` what a declared object is, and the kinds that are `holders` of others."""

    declared: set[Address]
    needed: set[Address]
    unclear: set[tuple[str, Address | None]]
    holders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Split:
    """Changes that may happen, live objects left alone because nothing declares them, and what to tell."""

    changes: list[Change]
    unmanaged: tuple[Address, ...]
    diagnostics: list[Diagnostic]


def split_deletes(changes: list[Change], standing: Standing, *, project: Project, prune: bool) -> Split:
    """Lets a delete through only with `prune` for its kind, inside its scope, below a declared parent, for a kind that
    the inventory declares; never for what `protect` names or reaches into (a holder takes its children along), what is
    needed by something declared, what `external` lists, or where a declared object of the kind is unclear.

    What lies in an object that goes is no object of its own here: it goes with it."""
    kinds_declared = {address.kind for address in standing.declared}
    unmanaged: list[Address] = []
    diagnostics: list[Diagnostic] = []
    external = {kind: frozenset(map(nfc, names)) for kind, names in project.external.items()}
    going: set[Address] = set()
    emptied: set[str] = set()
    for change in sorted(changes, key=lambda item: item.address.text.count("/")):
        address = change.address
        if change.action is not Action.DELETE or _lies_in(address, going):
            continue
        if change.declared is not None:
            _let_go(change, standing, project, going, unmanaged, diagnostics)
            continue
        manage = project.manage.get(address.kind)
        if prune and manage is not None and manage.prune and address.kind not in kinds_declared:
            emptied.add(address.kind)
        if not prune or not _prunable(address, manage, kinds_declared, standing.declared):
            if address.kind in kinds_declared or manage is not None:
                unmanaged.append(address)
        elif nfc(_live_name(change)) in external.get(change.kind, ()):
            unmanaged.append(address)
        elif (address.kind, address.parent) in standing.unclear:
            unmanaged.append(address)
            diagnostics.append(_unclear_note(address))
        else:
            _let_go(change, standing, project, going, unmanaged, diagnostics)
    diagnostics += [_emptied_note(kind) for kind in sorted(emptied)]
    kept = [change for change in changes if change.action is not Action.DELETE or change.address in going]
    return Split(kept, tuple(sorted(unmanaged)), diagnostics)


def _let_go(
    change: Change,
    standing: Standing,
    project: Project,
    going: set[Address],
    unmanaged: list[Address],
    diagnostics: list[Diagnostic],
) -> None:
    """Lets an object go, unless something still needs it or `protect` keeps it."""
    address = change.address
    if address in standing.needed:
        unmanaged.append(address)
    elif _protected(change, project.protect, standing.holders):
        unmanaged.append(address)
        diagnostics.append(_protected_note(address))
    else:
        going.add(address)


def _lies_in(address: Address, going: set[Address]) -> bool:
    step = address.parent
    while step is not None and step not in going:
        step = step.parent
    return step is not None


def _prunable(address: Address, manage: Manage | None, kinds_declared: set[str], declared: set[Address]) -> bool:
    if manage is None or not manage.prune or address.kind not in kinds_declared:
        return False
    if address.parent is not None and address.parent not in declared:
        return False
    return any(is_meant(address.text, rule) for rule in manage.scope)


def _live_name(change: Change) -> str:
    """The name without the id that tells twins apart."""
    name = change.address.name or ""
    return name.removesuffix(f"#{change.live.id}") if change.live else name


def _protected(change: Change, globs: Iterable[str], holders: frozenset[str]) -> bool:
    address = Address.of(change.kind, _live_name(change), parent=change.address.parent)
    holds = address.kind in holders
    return any(is_meant(address.text, glob) or (holds and reaches_into(glob, f"{address.text}/")) for glob in globs)


def _protected_note(address: Address) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="protected",
        summary="A protected object is no longer declared",
        detail=f"{address} stays: `protect` in reconciler.yaml names it, or something in it",
        address=str(address),
    )


def _unclear_note(address: Address) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="not-pruned",
        summary="Something is not deleted",
        detail=f"{address} stays: which of the live objects beside it a declared one is, is unclear (see the errors)",
        address=str(address),
    )


def _emptied_note(kind: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="not-pruned",
        summary="Something is not deleted",
        detail=f"the inventory declares no {kind} at all, so --prune leaves the live ones alone; delete the last one "
        "in the portal",
    )
