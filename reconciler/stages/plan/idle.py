"""Rules of the project file that mean nothing: addresses in, a warning for each one that neither a declared nor a live
object has. What was not read can't be told apart from what is not there, and is left alone."""

from collections.abc import Iterable, Iterator

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.matching import is_meant
from reconciler.model.project import Project
from reconciler.model.resource import Live

_PLACE = SourceRange("reconciler.yaml", 1, 1)


def idle_rules(project: Project, declared: Iterable[Address], live: Live, kinds: Kinds) -> Iterator[Diagnostic]:
    """A warning for every address under `protect`, `ignore` and `manage: scope` that means no object."""
    rules = [("protect", text) for text in project.protect]
    rules += [("ignore", item.address) for item in project.ignore]
    rules += [("manage", text) for word in sorted(project.manage) for text in project.manage[word].scope]
    if not rules:
        return
    known = {address.text for address in declared} | {item.address.text for item in live.objects if item.address}
    holders = [(item.address.text, item.id) for item in live.objects if item.address]
    unread = {miss.kind for miss in live.unread}
    for section, text in dict.fromkeys(rules):
        steps = _kinds_of(text)
        told = unread.isdisjoint(steps) and all(step in kinds for step in steps) and _was_looked_at(text, live, holders)
        if told and not any(is_meant(address, text) for address in known):
            detail = (
                f"`{section}: {text}` in reconciler.yaml means no declared and no live object: correct it, or remove it"
            )
            yield Diagnostic(
                severity=Severity.WARNING,
                rule="idle-rule",
                summary="A rule means nothing",
                detail=detail,
                source=_PLACE,
            )


def _was_looked_at(text: str, live: Live, holders: list[tuple[str, str]]) -> bool:
    """Whether the lists were read in which an object of this address would be: its own, and those of what holds it."""
    parent, _, own = text.rpartition("/")
    if not parent:
        return live.was_listed(_kinds_of(own)[0], None)
    return _was_looked_at(parent, live, holders) and all(
        live.was_listed(_kinds_of(own)[0], holder_id) for holder, holder_id in holders if is_meant(holder, parent)
    )


def _kinds_of(text: str) -> tuple[str, ...]:
    """The kinds of an address, outermost first."""
    return tuple(step.partition(".")[0] for step in text.split("/"))
