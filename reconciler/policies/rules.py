"""Every rule there is, and what a project's `rules:` makes of it.

    rules:
      plain-secret: error       # stricter
      acl-one-way: off          # not ours

Rules of taste can be turned off or given another severity. What guards correctness can't: without unique names, known
references and readable files nobody could say what a plan would do. Those are `FIXED`.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.kinds.shared.checks import did_you_mean
from reconciler.kinds.shared.rules import RULES
from reconciler.model.policy import Policy
from reconciler.model.values import YamlMap, mark_of
from reconciler.policies.problems import TITLES, problem

OFF = "off"
PROJECT = SourceRange("reconciler.yaml", 1, 1)

FIXED: Final = frozenset(
    {
        "acl-policy-name",
        "acl-unknown-tag",
        "alias-collision",
        "duplicate-id",
        "duplicate-object",
        "missing-key",
        "new-object-incomplete",
        "raw-known-field",
        "similar-names",
        "switch-rule-name",
        "unknown-key",
        "unknown-kind",
        "unknown-parent",
        "unknown-reference",
        "wlan-auth-unused",
        "wlan-type-missing",
        "wrong-type",
    }
)
"""Rules that nothing can change: names, references, the shape of objects, and how a WLAN is protected. Those of values
(`bad-enum`, `out-of-range`, ...) are not among them: the cloud may take what this release does not know yet."""

STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # files
        "alias-expansion": "Aliases make the file too large",
        "bad-merge": "`<<` takes a mapping",
        "bad-secret-reference": "This is not a reference to a secret",
        "bad-table": "A table can't be used",
        "cut-text": "A comment cuts a text",
        "duplicate-key": "A key is written twice",
        "empty-value": "Nothing stands where a value should",
        "encoding": "The file is not valid YAML",
        "file-too-large": "The file is too large",
        "key-not-text": "A key must be plain text",
        "many-documents": "A file holds one document",
        "nested-project-file": "A second project file",
        "no-project-file": "The directory is not an inventory",
        "not-a-mapping": "The file is not a mapping",
        "too-deep": "The file is nested too deeply",
        "too-many-files": "The inventory has too many files",
        "unknown-anchor": "An alias has no anchor",
        "unknown-tag": "A tag is not known here",
        "unquoted-variable": "A Mist variable must be quoted",
        "unreadable-file": "A file can't be read",
        "yaml-syntax": "The file is not valid YAML",
        "yaml-tab": "The file is not valid YAML",
        # composition
        "bad-absent": "An object can't be absent so",
        "bad-aliases": "The aliases are not a list of names",
        "bad-id": "An id is not a UUID",
        "bad-key": "A key is a text",
        "bad-insert": "A value can't be inserted",
        "bad-parent": "An object's parent is not a name",
        "bad-column": "A column can't be used",
        "bad-profiles": "The profiles are not a list",
        "bad-project": "The project file has a wrong value",
        "bad-secret-name": "A secret can't be named like that",
        "computed-field": "A field's name can't be inserted",
        "missing-secret": "A secret has no value",
        "no-name": "An object has no name",
        "no-parent": "An object has no parent",
        "not-a-list": "Objects stand in a list",
        "not-an-object": "An object is a mapping",
        "not-in-layers": "A key can't be set for many objects",
        "project-version": "The version of the project file is not known",
        "template": "A template can't be rendered",
        "two-parents": "An object names two parents",
        "two-spellings": "A reference is written twice",
        "unknown-profile": "A profile is not known",
        "unknown-table": "There is no such table",
        "unknown-template": "There is no such template",
        # live and the plan
        "alias-elsewhere": "An alias lies in another place",
        "not-here": "An object is at a site",
        "acknowledged-deletes": "The plan deletes another number of objects than was acknowledged",
        "bad-row": "A row is left out",
        "ambiguous-live": "Two live objects have the same name",
        "case-differs": "The live name differs only in upper and lower case, or in blanks",
        "changed-since": "Something was changed after the run",
        "emptied-inventory": "The inventory is empty",
        "excluded-but-needed": "Something that is left out is needed",
        "limit-changes": "The plan makes more changes than the limit",
        "limit-deletes": "The plan deletes more than the limit",
        "not-at-site": "An object is not at its site",
        "not-in-cloud": "A name is neither declared nor in the cloud",
        "not-in-record": "Something is not in the record",
        "pinned-id-missing": "The pinned id is not in the cloud",
        "refused-but-needed": "Something that is refused is needed",
        "taken-name": "Another live object has the name of a renamed one",
        "unwanted-finding": "The plan has a finding that --fail-on names",
        "unread": "The live state could not be read",
        "unread-belongings": "What goes with a delete could not be read",
        "waits-for-left-out": "Something that is left out is needed",
    }
)
"""Errors of the other stages; none can be changed. Limits have their own section in the project file."""

NOTES: Final[Mapping[str, tuple[str, Severity]]] = MappingProxyType(
    {
        "base-invalid": ("The base can't be compared with", Severity.WARNING),
        "column-in-braces": ("A column is written as a variable of Mist", Severity.WARNING),
        "external": ("Names that nothing declares", Severity.WARNING),
        "empty-cell": ("A cell is empty where a text is needed", Severity.WARNING),
        "expired-exception": ("An exception has expired", Severity.WARNING),
        "guessed-delimiter": ("How a table is written was guessed", Severity.INFO),
        "guessed-encoding": ("How a table is written was guessed", Severity.WARNING),
        "idle-rule": ("A rule means nothing", Severity.WARNING),
        "maybe-renamed": ("A new object may be a live one that was renamed", Severity.WARNING),
        "wide-rule": ("A rule means more than one object of that very name", Severity.WARNING),
        "another-object": ("A live object is another one than before", Severity.WARNING),
        "ids-not-used": ("The ids of earlier runs are not used", Severity.WARNING),
        "twin-elsewhere": ("A live object of the same name lies elsewhere", Severity.WARNING),
        "namesake": ("Another live object has the same name", Severity.WARNING),
        "names-unchecked": ("Names could not be checked", Severity.INFO),
        "not-refreshed": ("The plan was not compared with live", Severity.WARNING),
        "not-in-backup": ("Kinds of which the backup has no list", Severity.WARNING),
        "not-pruned": ("Something is not deleted", Severity.WARNING),
        "no-longer-declared": ("A field or object is no longer declared", Severity.INFO),
        "policies-not-run": (TITLES["policies-not-run"], Severity.INFO),
        "policies-of-base": (TITLES["policies-of-base"], Severity.INFO),
        "protected": ("A protected object is no longer declared", Severity.WARNING),
        "renamed-live": ("A live object was renamed", Severity.WARNING),
        "snapshot-not-used": ("The snapshot was not used", Severity.INFO),
        "released-but-changed": ("Something that is no longer declared was changed in the cloud", Severity.WARNING),
        "released-object": ("An object that is no longer declared stays", Severity.WARNING),
        "other-organisation": ("Ids of another organisation are not looked for", Severity.WARNING),
        "not-looked-at": ("Not everything that may refer to what is made again was read", Severity.WARNING),
        "stays-created": ("An object that the run made stays", Severity.WARNING),
        "target-without-change": ("A target names nothing that would change", Severity.WARNING),
    }
)
"""What the other stages tell without refusing anything; can be changed."""


class Listed(Struct, frozen=True, kw_only=True):
    """One rule as `reconciler policies` lists it: `severity` is None when it is off, `default` what it is by itself.
    `over` says what it looks at: `inventory` or `plan`; `source` is the place of an organisation's own."""

    id: str
    title: str
    severity: Severity | None
    default: Severity
    changeable: bool
    over: str = "inventory"
    source: SourceRange | None = None


def catalogue(levels: Mapping[str, str], policies: Iterable[Policy] = ()) -> tuple[Listed, ...]:
    """Every rule, the built-in ones first, each group by id, with what `rules:` makes of it."""
    own = [_own(item, levels) for item in sorted(policies, key=lambda item: item.id)]
    return (*(_listed(name, levels) for name in sorted(built_in())), *own)


def built_in() -> frozenset[str]:
    """The ids of all built-in rules."""
    return frozenset({*RULES, *STAGES, *NOTES, *TITLES})


def _listed(name: str, levels: Mapping[str, str]) -> Listed:
    if name in RULES:
        title, default = RULES[name]
    elif name in NOTES:
        title, default = NOTES[name]
    else:
        title, default = STAGES.get(name) or TITLES[name], Severity.ERROR
    changeable = _changeable(name)
    severity = _level(name, default, levels) if changeable else default
    over = "plan" if name in _OF_PLANS else "inventory"
    return Listed(id=name, title=title, severity=severity, default=default, changeable=changeable, over=over)


_OF_FILES = frozenset(
    {
        "column-in-braces", "empty-cell", "guessed-delimiter", "guessed-encoding", "names-unchecked",
        "policies-not-run", "policies-of-base",
    }
)  # fmt: skip

_OF_PLANS = (frozenset(NOTES) - _OF_FILES) | {
    "acknowledged-deletes",
    "alias-elsewhere",
    "not-here",
    "ambiguous-live",
    "case-differs",
    "emptied-inventory",
    "excluded-but-needed",
    "limit-changes",
    "limit-deletes",
    "not-in-cloud",
    "new-object-incomplete",
    "pinned-id-missing",
    "refused-but-needed",
    "taken-name",
    "unread",
    "unwanted-finding",
}


def _own(item: Policy, levels: Mapping[str, str]) -> Listed:
    return Listed(
        id=item.id,
        title=item.title,
        severity=_level(item.id, item.severity, levels),
        default=item.severity,
        changeable=True,
        over="plan" if item.over_plan else "inventory",
        source=item.source,
    )


def _changeable(name: str) -> bool:
    return name in NOTES or (name in RULES and name not in FIXED)


def _level(name: str, default: Severity, levels: Mapping[str, str]) -> Severity | None:
    said = levels.get(name)
    return default if said is None else None if said == OFF else Severity(said)


def is_off(name: str, levels: Mapping[str, str]) -> bool:
    """Whether a rule is turned off."""
    return levels.get(name) == OFF


def adjusted(found: Iterable[Diagnostic], levels: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """The findings with the severities that a project gives its rules; those of rules that are off are gone."""
    if not levels:
        return tuple(found)
    fixed = built_in()
    counting = {name: said for name, said in levels.items() if _changeable(name) or name not in fixed}
    kept = (item for item in found if counting.get(item.rule) != OFF)
    return tuple(
        replace(item, severity=Severity(counting[item.rule])) if item.rule in counting else item for item in kept
    )


def rule_problems(
    levels: Mapping[str, str], project: YamlMap, *, own: Iterable[str], all_known: bool
) -> Sequence[Diagnostic]:
    """What is wrong with `rules:`: ids that don't exist (unless policies were not run, so that not all are known) and
    rules that can't be changed. `project` is the project file as written, for the places."""
    ours, known = frozenset(own), built_in()
    found = []
    for name in levels:
        place = mark_of(project, ("rules", name)) or PROJECT
        if name in known and not _changeable(name):
            detail = f"{name} guards correctness: without it nobody could say what a plan would do. Remove the line."
            found.append(problem("rule-fixed", detail, place))
        elif name not in known and name not in ours and all_known:
            hint = did_you_mean(name, sorted(known | ours)) or " `reconciler policies` lists all rules."
            found.append(problem("unknown-rule", f"{name!r} is no rule.{hint}", place))
    return found
