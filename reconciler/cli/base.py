"""`plan --base GITREF` and `--fail-on`: a branch's own changes told from drift, and findings that must not be."""

from contextlib import suppress
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from reconciler.approval.causes import only_config
from reconciler.approval.changed import changed
from reconciler.cli.inventory import Checked, environment
from reconciler.cli.options import flags_of, remembered
from reconciler.cli.records import looked_up, records_of
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Diagnostic, Severity, in_order
from reconciler.errors import StalePlan, UsageError
from reconciler.model.change import Action, Cause, Plan
from reconciler.model.inventory import MISSING_SECRET, Inventory
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.written import Former, Written
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.rollback import filled_in
from reconciler.runs.reading import Run, commits_applied
from reconciler.runs.who import base_of, commit_of
from reconciler.runs.written import written_by
from reconciler.settings import for_inventory, settings
from reconciler.sources.git import GitTree

_BESIDE = ","
"""Between the commits of a plan that is made against several."""
FINDINGS = ("drift", "delete", "stale", "unmanaged")


def unwanted_of(context: click.Context) -> tuple[str, ...]:
    """The findings of --fail-on; raises `UsageError` for words that it does not know."""
    words = tuple(filter(None, (word.strip() for word in str(remembered(context, "fail_on") or "").split(","))))
    unknown = [word for word in words if word not in FINDINGS]
    if unknown:
        raise UsageError(f"--fail-on does not know {unknown[0]!r}", remedy=f"Give any of {', '.join(FINDINGS)}")
    if not remembered(context, "base") and any(word in ("drift", "stale") for word in words):
        raise UsageError(
            "--fail-on drift and stale need --base: without a base, drift can't be told from what the files change",
            remedy="Give --base with the branch that this one goes into, such as origin/main",
        )
    return words


class Base(Struct, frozen=True, kw_only=True):
    """What a plan is made against: the `inventories` at the `commits`, none without one. `problems` say why one is
    missing that should be there; `named`: with --base."""

    inventories: tuple[Inventory, ...] = ()
    commits: tuple[str, ...] = ()
    named: bool = False
    problems: tuple[Diagnostic, ...] = ()

    def options(self, options: Options) -> Options:
        """The options of a plan that is made against it."""
        return replace(options, base=_BESIDE.join(self.commits), causes=self.named)

    def with_problem(self, plan: Plan) -> Plan:
        """The plan, with what was wrong with the base."""
        return replace(plan, diagnostics=in_order([*plan.diagnostics, *self.problems])) if self.problems else plan


def base_of_run(context: click.Context, found: Checked) -> Base:
    """The inventory at the commit that --base names, or else at that of the last complete apply on record, and at those
    of the runs after it, which wrote a part of what theirs declare."""
    revision = remembered(context, "base")
    if revision is not None:
        commit = base_of(found.directory, str(revision)) or str(revision)
        return _read(context, found.directory, (commit,), named=True)
    org_id = settings(found.inventory.project, environment(context), flags_of(context)).org_id
    records = looked_up(context, found, org_id)
    commits = [base_of(found.directory, commit) for commit in commits_applied(records, org_id=org_id)]
    now = commit_of(found.directory) if any(commits) else None
    if now is None:
        return Base()
    there = (commit for commit in commits if commit and now != {"id": commit, "changed": False})
    return _read(context, found.directory, tuple(dict.fromkeys(there)), named=False)


def written_in(context: click.Context, found: Checked, past: Run, org_id: str) -> tuple[Written, ...]:
    """What a recorded run wrote, with the secrets that the inventories before it and in it have, as far as git knows
    these commits here. Raises as `written_by`."""
    written, at = written_by(past, org_id=org_id), past.header.get("commit") or {}
    commits = commits_applied(records_of(found), org_id=org_id, before=past.run_id)
    own = () if at.get("changed") or not at.get("id") else (str(at["id"]),)
    before, after = (_resources(context, found.directory, side) for side in (commits, own))
    return filled_in(written, before=before, after=after)


def _resources(context: click.Context, directory: Path, commits: tuple[str, ...]) -> Former:
    found: list[tuple[Resource, ...]] = []
    for commit in commits:
        with suppress(UsageError):
            found += [item.resources for item in _read(context, directory, (commit,), named=False).inventories]
    return tuple(found)


def with_changed(context: click.Context, found: Checked, options: Options) -> Options:
    """The options of a run that is only about what changed since the commit of --changed-since.

    Raises `UsageError` where the inventory at that commit can't be compared with."""
    revision = remembered(context, "changed_since")
    if revision is None:
        return options
    commit = base_of(found.directory, str(revision)) or str(revision)
    before = _read_one(context, found.directory, commit)
    if isinstance(before, Diagnostic):
        why = before.detail
        raise UsageError(f"What changed since {revision} can't be told: {why}", remedy="Name another commit")
    addresses = changed(found.inventory.resources, before.resources)
    gone = addresses - {item.address.text for item in found.inventory.resources}
    note = f"--changed-since {revision}: {_many(len(addresses) - len(gone))} changed."
    if gone:
        note += f" {_many(len(gone))} no longer declared: this is seen without --changed-since, or with --base."
    Screen.of(context).note(note)
    return replace(options, changed=addresses, changed_since=commit)


def _many(count: int) -> str:
    return "1 object is" if count == 1 else f"{count:,} objects are"


def base_at(context: click.Context, directory: Path, commit: str) -> Base:
    """The base that a saved plan was made against. Raises `StalePlan` where it can't be read."""
    try:
        base = _read(context, directory, tuple(commit.split(_BESIDE)), named=False)
    except UsageError as error:
        raise StalePlan(
            f"The plan releases what commit {commit[:10]} declares, and git does not know that commit here",
            remedy="fetch it (a shallow clone has only one commit), or plan again",
        ) from error
    if base.problems:
        raise StalePlan(base.problems[0].detail, remedy="plan again")
    return base


def _read(context: click.Context, path: Path, commits: tuple[str, ...], *, named: bool) -> Base:
    found = [(commit, _read_one(context, path, commit)) for commit in commits]
    there = [(commit, item) for commit, item in found if isinstance(item, Inventory)]
    return Base(
        inventories=tuple(item for _, item in there),
        commits=tuple(commit for commit, _ in there),
        named=named,
        problems=tuple(item for _, item in found if isinstance(item, Diagnostic)),
    )


def _read_one(context: click.Context, path: Path, commit: str) -> Inventory | Diagnostic:
    """Its own mistakes are not reported again; one that has errors says too little to release anything."""
    inventory = load_inventory(GitTree(path, commit), environ=for_inventory(environment(context)))
    errors = [item for item in inventory.diagnostics if item.severity is Severity.ERROR and item.rule != MISSING_SECRET]
    if not errors:
        clean = tuple(item for item in inventory.diagnostics if item.severity is not Severity.ERROR)
        return replace(inventory, diagnostics=clean)
    return Diagnostic(
        severity=Severity.WARNING,
        rule="base-invalid",
        summary="The base can't be compared with",
        detail=f"the inventory at commit {commit[:10]} has {len(errors)} "
        f"error{'' if len(errors) == 1 else 's'} ({_said(errors[0])}): nothing is released, and no cause is told",
    )


def _said(item: Diagnostic) -> str:
    place = f"{item.source.file}:{item.source.line}: " if item.source else ""
    return f"{place}{item.detail}"


def approvable(context: click.Context, plan: Plan) -> Plan:
    """What --out saves: with --base only what the branch changes, unless --with-drift is given."""
    return only_config(plan) if saves_the_branch(context) else plan


def saves_the_branch(context: click.Context) -> bool:
    """Whether a plan file holds only what the branch changes, and not what is drift."""
    return remembered(context, "base") is not None and not remembered(context, "with_drift")


def left_out(context: click.Context, plan: Plan) -> str:
    """A note about drift that is shown, but not saved."""
    count = len(plan.changes) - len(approvable(context, plan).changes)
    what = "1 change that is only drift is" if count == 1 else f"{count:,} changes that are only drift are"
    return f"\nNot in it: {what} left as live (--with-drift saves all)." if count else ""


def with_unwanted(plan: Plan, unwanted: tuple[str, ...]) -> Plan:
    """The plan with an error for each finding of --fail-on that it has."""
    errors = [
        Diagnostic(
            severity=Severity.ERROR,
            rule="unwanted-finding",
            summary="The plan has a finding that --fail-on names",
            detail=f"{word}: {', '.join(found[:5])}{f' and {len(found) - 5:,} more' if len(found) > 5 else ''}",
        )
        for word in unwanted
        if (found := _found(plan, word))
    ]
    return replace(plan, diagnostics=in_order([*plan.diagnostics, *errors])) if errors else plan


def _found(plan: Plan, word: str) -> list[str]:
    """The addresses that a finding is about."""
    if word == "unmanaged":
        return [str(address) for address in plan.unmanaged]
    if word == "delete":
        return [str(change.address) for change in plan.changes if change.action is Action.DELETE]
    wanted = Cause.DRIFT if word == "drift" else Cause.BOTH
    return [
        str(change.address)
        for change in plan.changes
        if (change.cause is wanted and not change.fields) or any(field.cause is wanted for field in change.fields)
    ]
