"""Which deletes may happen: all changes in, those that stay and what is left alone out."""

from collections.abc import Iterable
from shlex import quote

from msgspec import Struct

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address, nfc
from reconciler.model.change import Action, Cause, Change
from reconciler.model.matching import is_meant, literal, reaches_into
from reconciler.model.project import Project


class Standing(Struct, frozen=True, kw_only=True):
    """What an inventory says of live objects: the `declared` addresses, those `needed` by something declared, the lists
    (kind and parent) in which it is `unclear` what a declared object is, the kinds that are `holders` of others, and
    those that are `never` deleted."""

    declared: set[Address]
    needed: set[Address]
    unclear: set[tuple[str, Address | None]]
    holders: frozenset[str]
    never: frozenset[str] = frozenset()


class Split(Struct, frozen=True):
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
    going: set[Address] = set()
    deletes = [change for change in changes if change.action is Action.DELETE]
    for change in sorted(deletes, key=lambda item: item.address.text.count("/")):
        address = change.address
        if _lies_in(address, going):
            continue
        can_go = prune and address.kind not in standing.never
        released = change.cause is Cause.RELEASED
        meant = {*kinds_declared, address.kind} if released else kinds_declared
        if change.declared is None and not (can_go and _prunable(address, project, meant, standing.declared)):
            if address.kind in kinds_declared or address.kind in project.manage or released:
                unmanaged.append(address)
            diagnostics += [_released_note(address, project, standing.never)] if released else []
            continue
        stays, notes = _held_back(change, standing, project)
        diagnostics += notes
        if stays:
            unmanaged.append(address)
        else:
            going.add(address)
    if prune:
        emptied = {
            item.address.kind for item in deletes if item.declared is None and item.cause is not Cause.RELEASED
        } - kinds_declared
        diagnostics += [_emptied_note(kind) for kind in sorted(emptied) if _pruned(kind, project)]
    kept = [change for change in changes if change.action is not Action.DELETE or change.address in going]
    return Split(kept, tuple(sorted(unmanaged)), diagnostics)


def _held_back(change: Change, standing: Standing, project: Project) -> tuple[bool, list[Diagnostic]]:
    """Whether an object that may go stays after all, and what to tell."""
    address = change.address
    if change.declared is None:
        if _listed_as_external(change, project) or address in standing.needed:
            return True, []
        if (address.kind, address.parent) in standing.unclear:
            return True, [_unclear_note(address)]
    else:
        inside = sorted(item for item in standing.declared if _lies_in(item, {address}))
        if address in standing.needed or inside:
            return True, [_needed_note(change, inside)]
    if _protected(change, project.protect, standing.holders):
        return True, [_protected_note(address)]
    return False, []


def _lies_in(address: Address, going: set[Address]) -> bool:
    step = address.parent
    while step is not None and step not in going:
        step = step.parent
    return step is not None


def _prunable(address: Address, project: Project, kinds_declared: set[str], declared: set[Address]) -> bool:
    if not _pruned(address.kind, project) or address.kind not in kinds_declared:
        return False
    if address.parent is not None and address.parent not in declared:
        return False
    return any(is_meant(address.text, rule) for rule in project.manage[address.kind].scope)


def _pruned(kind: str, project: Project) -> bool:
    return kind in project.manage and project.manage[kind].prune


def _live_name(change: Change) -> str:
    """The name without the id that tells twins apart."""
    name = change.address.name or ""
    return name.removesuffix(f"#{change.live.id}") if change.live else name


def _listed_as_external(change: Change, project: Project) -> bool:
    return nfc(_live_name(change)) in map(nfc, project.external.get(change.kind, ()))


def _protected(change: Change, globs: Iterable[str], holders: frozenset[str]) -> bool:
    address = Address.of(change.kind, _live_name(change), parent=change.address.parent)
    holds = address.kind in holders
    return any(is_meant(address.text, glob) or (holds and reaches_into(glob, f"{address.text}/")) for glob in globs)


def _released_note(address: Address, project: Project, never: frozenset[str]) -> Diagnostic:
    """What is no longer declared stays: loudly, with the command that removes it."""
    command = f"`reconciler apply --prune --target {quote(literal(address.text))}` deletes it"
    if not _pruned(address.kind, project):
        command += f", once `manage: {{{address.kind}: {{prune: true}}}}` in reconciler.yaml allows it"
    ways = "" if address.kind in never else f"; {command}"
    return Diagnostic(
        severity=Severity.WARNING,
        rule="released-object",
        summary="An object that is no longer declared stays",
        detail=f"{address} was declared in the base and is not any more; it stays in the cloud as it is. Declared "
        f"again with `absent: true` it goes{ways}",
        address=str(address),
    )


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


def _needed_note(change: Change, inside: list[Address]) -> Diagnostic:
    why = f"{inside[0]} in it is declared" if inside else "something declared refers to it"
    return Diagnostic(
        severity=Severity.WARNING,
        rule="not-pruned",
        summary="Something is not deleted",
        detail=f"{change.address} is {'`absent: true`' if change.source else 'to be deleted'}, and stays: {why}",
        address=str(change.address),
        source=change.source,
    )


def _emptied_note(kind: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="not-pruned",
        summary="Something is not deleted",
        detail=f"the inventory declares no {kind} at all, so --prune leaves the live ones alone; the last one "
        "goes with `absent: true`",
    )
