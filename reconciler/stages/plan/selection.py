"""`--target` and `--exclude`: part of a plan, with what it needs and without what can't go on alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.matching import covers
from reconciler.model.options import Options


@dataclass(frozen=True, slots=True)
class Selection:
    """The changes that stay, and what the person should know about those that don't."""

    changes: list[Change]
    diagnostics: list[Diagnostic]


Needs = Callable[[Change], Iterable[Address]]
"""What must exist for a change to be made."""


def select(changes: list[Change], options: Options, needs: Needs) -> Selection:
    """Keeps what a target names (an address or glob covers what lies below it) with the creates that it needs, drops
    what an exclude names.

    Told are a target that matches no change, since it is most often a typing error, and a create that is left out
    although something kept needs it.
    """
    created = {change.address: change for change in changes if change.action is Action.CREATE}
    chosen = {change.address for change in changes if _is_chosen(change.address, options)}
    todo = [change for change in changes if change.address in chosen]
    for change in todo:
        missing = [address for address in needs(change) if address in created and address not in chosen]
        chosen.update(missing)
        todo += [created[address] for address in dict.fromkeys(missing)]
    kept = [change for change in changes if change.address in chosen and not covers(options.excludes, change.address)]
    there = {change.address for change in kept}
    lacking = [
        _lacking(change, address)
        for change in kept
        for address in dict.fromkeys(needs(change))
        if address in created and address not in there
    ]
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
    return Diagnostic(
        severity=Severity.ERROR,
        rule="excluded-but-needed",
        summary="Something that is left out is needed",
        detail=f"{change.address} needs {address}, which does not exist yet and is excluded: exclude both, or neither",
        address=str(change.address),
        source=change.source,
    )
