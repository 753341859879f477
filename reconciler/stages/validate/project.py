"""Kinds in the project file's address globs: a glob that names no kind would protect or ignore nothing."""

import re
from collections.abc import Iterator, Mapping

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import Kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.kinds.shared.checks import any_of, did_you_mean
from reconciler.model.address import nfc
from reconciler.model.project import Project
from reconciler.model.shape import UNKNOWN, ListAs
from reconciler.stages.validate.problem import at_project

_GLOB = re.compile(r"[*?\[]")
_STEP = re.compile(r"[^.\[\]]+|\[[^\]]*\]")
"""A step of a field path: a key, or an element in brackets."""


def project_problems(project: Project, kinds: Kinds) -> Iterator[Diagnostic]:
    """A diagnostic for every kind that does not exist in `protect`, `ignore`, `strict` and the scopes of `manage`. Keys
    that are kinds (`manage`, `limits`, `external`, ...) are compose's business."""
    globs = [("protect", text) for text in project.protect]
    globs += [("ignore", item.address) for item in project.ignore]
    globs += [("strict", text) for text in project.strict if kinds.find(text) is None]
    globs += [("manage", text) for word in sorted(project.manage) for text in project.manage[word].scope]
    looked_at = with_unmodelled(kinds)
    for section, text in globs:
        for word in _kinds_of(text):
            if word not in kinds and not (section == "ignore" and word in looked_at):
                names = [kind.name for kind in kinds]
                hint = did_you_mean(word, names) or f" There are {any_of(names).replace(' or ', ' and ')}."
                yield at_project("unknown-kind", f"`{section}: {text}` names {word!r}, which is no kind.{hint}")


def ignore_problems(project: Project, kinds: Kinds) -> Iterator[Diagnostic]:
    """An error for every exception about a part of an element of a list whose elements nothing tells apart."""
    for item in project.ignore:
        word = item.address.rpartition("/")[2].partition(".")[0]
        kind = kinds.find(word) if item.field and "[" in item.field else None
        steps = _STEP.findall(item.field or "")
        shape = kind.shape if kind else UNKNOWN
        for at, step in enumerate(steps[:-1]):
            if step.startswith("[") and shape is not UNKNOWN and shape.list_as is not ListAs.KEYED:
                where = "".join(one if one.startswith("[") else f".{one}" for one in steps[:at]).lstrip(".")
                detail = (
                    f"`ignore: {item.address} {item.field}`: nothing tells the elements of `{where}` apart, so that no "
                    "part of one can be left out. Ignore the whole list."
                )
                yield at_project("ignored-part", detail)
                break
            shape = shape.below(0 if step.startswith("[") else step)


def prune_problems(project: Project, kinds: Kinds) -> Iterator[Diagnostic]:
    """A warning for every kind under `manage` that can't be pruned, whatever is said."""
    for word in sorted(project.manage):
        kind = kinds.find(word)
        if kind is None or not project.manage[word].prune:
            continue
        if kind.hardware:
            why = "a device is never deleted; `unassign: true` in it takes it from its site"
        elif kind.singleton:
            why = f"a {kind.title} goes with its parent"
        elif kind.composed_only:
            why = "it is a part of what uses it, and goes from there"
        else:
            continue
        yield at_project("never-pruned", f"`manage: {kind.plural}: prune` does nothing: {why}.")


def drift_problems(project: Project, kinds: Kinds) -> Iterator[Diagnostic]:
    """A diagnostic for every kind under `drift: kinds` that can't be read on sites."""
    for word in project.drift.kinds:
        kind = kinds.find(word)
        if kind is None or not kind.endpoint("site"):
            names = [kind.plural for kind in kinds if kind.endpoint("site")]
            hint = did_you_mean(word, names) or f" There are {any_of(names).replace(' or ', ' and ')}."
            yield at_project("unknown-kind", f"`drift: kinds` names {word!r}, which is no kind of a site.{hint}")


def external_names(project: Project, kinds: Kinds) -> Mapping[str, frozenset[str]]:
    """What lives only in the cloud, by kind name and by plural."""
    found: dict[str, frozenset[str]] = {}
    for word, names in project.external.items():
        kind = kinds.find(word)
        for key in sorted({kind.name, kind.plural} if kind else {word}):
            found[key] = found.get(key, frozenset()) | frozenset(map(nfc, names))
    return found


def _kinds_of(text: str) -> Iterator[str]:
    """The kinds that an address glob names literally: `site.*/wlan.Lab` names two."""
    for segment in text.split("/"):
        word, dot, _ = segment.partition(".")
        if word and not _GLOB.search(word) and (dot or not _GLOB.search(segment)):
            yield word
