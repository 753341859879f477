"""`--target` and `--exclude`: part of a plan, with what it needs and without what can't go on alone."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.options import Options


@dataclass(frozen=True, slots=True)
class Selection:
    """The changes that stay, and what the person should know about those that don't."""

    changes: list[Change]
    diagnostics: list[Diagnostic]


def select(changes: list[Change], options: Options) -> Selection:
    """Keeps what a target names (an address or glob covers what lies below it), drops what an exclude names.

    A target that matches no change is told, since it is most often a typing error.
    """
    kept = changes
    if options.targets:
        chosen = {change.address for change in changes if _named(change.address, options.targets)}
        chosen |= {address for change in changes if change.address in chosen for address in _holders(change, changes)}
        kept = [change for change in changes if change.address in chosen]
    kept = [change for change in kept if not _named(change.address, options.excludes)]
    idle = [glob for glob in options.targets if not any(_named(change.address, (glob,)) for change in changes)]
    return Selection(kept, [_idle(glob) for glob in idle])


def _named(address: Address, globs: tuple[str, ...]) -> bool:
    chain, step = [address.text], address.parent
    while step:
        chain.append(step.text)
        step = step.parent
    return any(text == glob or fnmatchcase(text, glob) for glob in globs for text in chain)


def _holders(change: Change, changes: list[Change]) -> list[Address]:
    """Parents that this run would create, without which the change can't be made."""
    created = {other.address for other in changes if other.action is Action.CREATE}
    found, step = [], change.address.parent
    while step:
        found += [step] if step in created else []
        step = step.parent
    return found


def _idle(glob: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="target-without-change",
        summary="A target names nothing that would change",
        detail=f"--target {glob}: no change has that address",
    )
