"""Names of kinds in the project file: a rule that names no kind would protect, ignore or prune nothing."""

import re
from collections.abc import Iterator

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import Kinds
from reconciler.kinds.shared.checks import any_of, did_you_mean
from reconciler.model.project import Project
from reconciler.validation.problem import at_project

NAME_ONLY = frozenset({"networks", "port_usages"})
"""Words that `external` takes besides kinds: names inside switch configuration."""

_GLOB = re.compile(r"[*?\[]")


def project_problems(project: Project, kinds: Kinds) -> Iterator[Diagnostic]:
    """A diagnostic for every kind that does not exist in `manage`, `limits`, `external`, `protect` and `ignore`."""
    for section, words in (
        ("manage", project.manage),
        ("limits.kinds", project.limits.kinds),
        ("external", {word for word in project.external if word not in NAME_ONLY}),
    ):
        for word in sorted(words):
            if kinds.find(word) is None:
                yield _unknown(f"`{section}` names", word, kinds)
    for section, globs in (("protect", project.protect), ("ignore", [item.address for item in project.ignore])):
        for text in globs:
            for word in _kinds_of(text):
                if word not in kinds:
                    yield _unknown(f"`{section}: {text}` names", word, kinds)


def external_names(project: Project, kinds: Kinds) -> dict[str, frozenset[str]]:
    """What lives only in the cloud, by kind name and by plural."""
    found: dict[str, frozenset[str]] = {}
    for word, names in project.external.items():
        kind = kinds.find(word)
        for key in {kind.name, kind.plural} if kind else {word}:
            found[key] = found.get(key, frozenset()) | frozenset(names)
    return found


def _kinds_of(text: str) -> Iterator[str]:
    """The kinds that an address glob names literally: `site.*/wlan.Lab` names two."""
    for segment in text.split("/"):
        word, dot, _ = segment.partition(".")
        if word and not _GLOB.search(word) and (dot or not _GLOB.search(segment)):
            yield word


def _unknown(where: str, word: str, kinds: Kinds) -> Diagnostic:
    names = [kind.name for kind in kinds]
    hint = did_you_mean(word, names) or f" There are {any_of(names).replace(' or ', ' and ')}."
    return at_project("unknown-kind", f"{where} {word!r}, which is no kind.{hint}")
