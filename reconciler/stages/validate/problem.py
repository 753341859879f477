"""From a finding to a diagnostic: the place is looked up in the body's marks."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.kinds import Kinds, Violation
from reconciler.kinds.shared.checks import path_text
from reconciler.kinds.shared.rules import RULES
from reconciler.model.resource import Resource
from reconciler.model.values import Path

PROJECT = SourceRange("reconciler.yaml", 1, 1)


Again = Callable[[], Iterable[Violation]]


def discreet(found: Iterable[Violation], secrets: frozenset[str], without: Again) -> Iterator[Violation]:
    """Findings that say less where their text repeats a secret: a name, a topic, an enum's value may be one.

    A text may hold the words of a secret by chance (`alarm`). `without` finds again in a body whose secrets are other
    texts of the same length: what is found there as well comes from no secret.
    """
    harmless: set[tuple[Path, str]] | None = None
    for one in found:
        if any(secret in one.detail for secret in secrets):
            if harmless is None:
                harmless = {(item.path, item.detail) for item in without()}
            if (one.path, one.detail) not in harmless:
                detail = (
                    f"`{path_text(one.path)}` does not fit here. It comes from a secret, so that no more can be said."
                )
                yield replace(one, detail=detail)
                continue
        yield one


def at_object(resource: Resource, rule: str, detail: str) -> Diagnostic:
    """A problem of an object as a whole, where it is declared."""
    return Diagnostic(
        severity=RULES[rule].severity,
        rule=rule,
        summary=RULES[rule].title,
        detail=detail,
        address=str(resource.address),
        source=resource.source,
    )


def at_project(rule: str, detail: str, source: SourceRange = PROJECT) -> Diagnostic:
    """A problem of the project file."""
    return Diagnostic(severity=RULES[rule].severity, rule=rule, summary=RULES[rule].title, detail=detail, source=source)


_UNREAD = frozenset(
    {
        "alias-expansion", "bad-merge", "bad-table", "encoding", "file-too-large", "key-not-text", "many-documents",
        "not-a-mapping", "template", "too-deep", "too-many-files", "unknown-anchor", "unknown-table", "unknown-tag",
        "unknown-template", "unquoted-variable", "unreadable-file", "yaml-syntax", "yaml-tab",
    }
)  # fmt: skip
"""What keeps a file, or an object in it, from being read."""

_OF_NAMES = frozenset(
    {
        "acl-unknown-tag", "undefined-variable", "unknown-name", "unknown-network", "unknown-parent",
        "unknown-port-usage", "unknown-profile", "unknown-reference",
    }
)  # fmt: skip
"""What is said of a name because nothing that was read has it."""


def without_consequences(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings without those that only say that a name means nothing, where a file could not be read: it may be
    declared there. How many were left out is told in their place, at the first such file."""
    unread = sorted({item.source.file for item in found if item.rule in _UNREAD and item.source})
    left_out = sum(item.rule in _OF_NAMES for item in found) if unread else 0
    if not left_out:
        yield from found
        return
    yield from (item for item in found if item.rule not in _OF_NAMES)
    files = f"{unread[0]} could" if len(unread) == 1 else f"{unread[0]} and {len(unread) - 1} more could"
    what = "one name means" if left_out == 1 else f"{left_out:,} names mean"
    detail = f"{what} nothing that was read, and may be declared where {files} not be read. They are checked after that"
    yield Diagnostic(
        severity=Severity.INFO,
        rule="names-unchecked",
        summary="Names could not be checked",
        detail=detail,
        source=SourceRange(unread[0], 1, 1),
    )


def once_per_place(problems: Iterable[Diagnostic], kinds: Kinds) -> Iterator[Diagnostic]:
    """The same problem at the same line once: a field of a profile is in many objects, and a shared definition in all
    that use it. The first object's address stays, and the text tells how many more there are."""
    composed = {kind.name for kind in kinds if kind.composed_only}
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    defined: set[tuple[object, ...]] = set()
    for problem in problems:
        groups.setdefault((problem.rule, problem.source, problem.detail), []).append(problem)
        if problem.address and problem.address.partition(".")[0] in composed:
            defined.add((problem.rule, problem.source))
    for group in groups.values():
        first, more = group[0], len({item.address for item in group}) - 1 if len(group) > 1 else 0
        copied = defined and first.address and first.address.partition(".")[0] not in composed
        if copied and first.source and (first.rule, first.source) in defined:
            continue
        yield replace(first, detail=f"{first.detail} (So in {more} more objects.)") if more else first
