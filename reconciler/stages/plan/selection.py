"""`--target` and `--exclude`: part of a plan, with what it needs and without what can't go on alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.matching import covers
from reconciler.model.options import Options


class Selection(Struct, frozen=True):
    """The changes that stay, and what the person should know about those that don't."""

    changes: list[Change]
    diagnostics: list[Diagnostic]


Needs = Callable[[Change], Iterable[Address]]
"""What must exist for a change to be made."""


def select(
    changes: list[Change], options: Options, needs: Needs, moving: Mapping[Address, Sequence[Address]]
) -> Selection:
    """Keeps what a target names (an address or glob covers what lies below it) with the creates that it needs, and
    with what is moved (`moving`) out of something that is deleted; drops what an exclude names.

    Told are a target that matches no change, since it is most often a typing error, and a change that is left out
    although something kept needs it.
    """
    known = {change.address: change for change in changes}

    def first(change: Change) -> list[Address]:
        if change.action is Action.DELETE:
            return [address for address in moving.get(change.address, ()) if address in known]
        wanted = dict.fromkeys(needs(change))
        return [address for address in wanted if address in known and known[address].action is Action.CREATE]

    chosen = {change.address for change in changes if _is_chosen(change.address, options)}
    todo = [change for change in changes if change.address in chosen]
    for change in todo:
        missing = [address for address in first(change) if address not in chosen]
        chosen.update(missing)
        todo += [known[address] for address in missing]
    kept = [change for change in changes if change.address in chosen and not covers(options.excludes, change.address)]
    there = {change.address for change in kept}
    lacking = [_lacking(change, address) for change in kept for address in first(change) if address not in there]
    idle = [glob for glob in options.targets if not any(covers((glob,), change.address) for change in changes)]
    return Selection(kept, [*map(_idle, idle), *lacking])


def concerns(diagnostic: Diagnostic, options: Options) -> bool:
    """Whether a finding is about something that is not left out."""
    if diagnostic.address is None:
        return True
    address = Address(diagnostic.address)
    return not covers(options.excludes, address) and _is_chosen(address, options)


def _is_chosen(address: Address, options: Options) -> bool:
    if options.changed is not None and address.text not in options.changed:
        return False
    return not options.targets or covers(options.targets, address)


def _idle(glob: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="target-without-change",
        summary="A target names nothing that would change",
        detail=f"--target {glob}: no change has that address",
    )


def _lacking(change: Change, address: Address) -> Diagnostic:
    why = f"needs {address}, which does not exist yet"
    if change.action is Action.DELETE:
        why = f"is deleted when {address} is moved out of it, which would be a change"
    return Diagnostic(
        severity=Severity.ERROR,
        rule="excluded-but-needed",
        summary="Something that is left out is needed",
        detail=f"{change.address} {why} and is excluded: exclude both, or neither",
        address=str(change.address),
        source=change.source,
    )
