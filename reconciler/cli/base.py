"""`plan --base GITREF` and `--fail-on`: a branch's own changes told from drift, and findings that must not be."""

from dataclasses import replace
from pathlib import Path

import click

from reconciler.approval.causes import only_config
from reconciler.cli.inventory import environment
from reconciler.cli.options import remembered, shared
from reconciler.diagnostics import Diagnostic, Severity, in_order
from reconciler.errors import UsageError
from reconciler.model.change import Action, Cause, Plan
from reconciler.model.inventory import Inventory
from reconciler.pipeline.offline import load_inventory
from reconciler.settings import for_inventory
from reconciler.sources.git import GitTree

FINDINGS = ("drift", "delete", "stale", "unmanaged")
_FINDINGS_HELP = (
    "Exit with 5 for any of drift, delete, stale (changed by hand where this branch changes it too), unmanaged; "
    "comma-separated."
)


def base_options(command: click.Command) -> click.Command:
    """The options of this module."""
    for option in (
        shared("--fail-on", metavar="FINDINGS", help=_FINDINGS_HELP),
        shared("--with-drift", is_flag=True, help="With --base: --out saves what drifted as well."),
        shared("--base", metavar="GITREF", help="Tell this branch's changes from drift, against this commit."),
    ):
        command = option(command)
    return command


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


def base_inventory(context: click.Context, path: Path) -> Inventory | None:
    """The inventory at the commit that --base names; its own mistakes are not reported again."""
    revision = remembered(context, "base")
    if revision is None:
        return None

    return load_inventory(GitTree(path, str(revision)), environ=for_inventory(environment(context)))


def approvable(context: click.Context, plan: Plan) -> Plan:
    """What --out saves: with --base only what the branch changes, unless --with-drift is given."""
    if remembered(context, "base") is None or remembered(context, "with_drift"):
        return plan

    return only_config(plan)


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
