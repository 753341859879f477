"""Rules that mean nothing, and those that mean more than one may think: addresses in, a warning for each one out. What
was not read can't be told apart from what is not there, and is left alone."""

from collections.abc import Iterable, Iterator

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.matching import is_meant, is_pattern, literal
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Live

_PLACE = SourceRange("reconciler.yaml", 1, 1)


def idle_rules(project: Project, declared: Iterable[Address], live: Live, kinds: Kinds) -> Iterator[Diagnostic]:
    """A warning for every address under `protect`, `ignore` and `manage: scope` that means no object."""
    rules = _rules_of(project)
    if not rules:
        return
    known = _known(declared, live)
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


def wide_rules(project: Project, options: Options, declared: Iterable[Address], live: Live) -> Iterator[Diagnostic]:
    """A warning for every rule that is the address of one object and, as a pattern, means others too."""
    rules: list[tuple[str, str, SourceRange | None]] = [
        *((f"{section}:", text, _PLACE) for section, text in _rules_of(project)),
        *(("--target", text, None) for text in options.targets),
        *(("--exclude", text, None) for text in options.excludes),
    ]
    patterns = [rule for rule in dict.fromkeys(rules) if is_pattern(rule[1])]
    known = _known(declared, live) if patterns else frozenset()
    for section, text, place in patterns:
        others = sum(is_meant(address, text) for address in known) - 1 if text in known else 0
        if others:
            detail = (
                f"`{section} {text}` is the address of one object and, as a pattern, means {others:,} more: "
                f"`{literal(text)}` means that one alone"
            )
            yield Diagnostic(
                severity=Severity.WARNING,
                rule="wide-rule",
                summary="A rule means more than one object of that very name",
                detail=detail,
                source=place,
            )


def _rules_of(project: Project) -> list[tuple[str, str]]:
    rules = [("protect", text) for text in project.protect]
    rules += [("ignore", item.address) for item in project.ignore]
    rules += [("manage", text) for word in sorted(project.manage) for text in project.manage[word].scope]
    return rules


def _known(declared: Iterable[Address], live: Live) -> frozenset[str]:
    return frozenset(
        {address.text for address in declared} | {item.address.text for item in live.objects if item.address}
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
