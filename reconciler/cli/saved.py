"""`reconciler apply PLAN`: a saved plan is an approval. The inventory is composed and live is read again, and only what
comes to the same as was approved is written."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from reconciler.approval.comparing import Approval, approved
from reconciler.approval.saved import KEY_VARIABLE, SavedPlan, check_saved, is_proven, load_plan, plan_key
from reconciler.cli.base import base_at, written_in
from reconciler.cli.cloud import connected, refusal, with_findings, with_policies
from reconciler.cli.devices import foresee_with_devices, report_with_devices
from reconciler.cli.failures import STALE
from reconciler.cli.inventory import Checked, about_part, environment, load_valid
from reconciler.cli.known import with_known_ids
from reconciler.cli.options import applying_options, remember, remembered
from reconciler.cli.progress import shown_progress
from reconciler.cli.recording import PLAN_FILE, let_lists_catch_up, locked
from reconciler.cli.records import records_of
from reconciler.cli.screen import Screen
from reconciler.cli.showing import show_plan
from reconciler.cli.spans import age
from reconciler.cli.writing import note_done, report, write
from reconciler.diagnostics import Diagnostic, Severity
from reconciler.errors import GuardRefusal, UsageError
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Action, Cause, Outcome, Plan, Status
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.pipeline.online import make_plan
from reconciler.pipeline.reads import options_of_file
from reconciler.pipeline.rollback import make_rollback
from reconciler.report.json_report import plan_json
from reconciler.report.lines import BLANK, line
from reconciler.runs.reading import find_run
from reconciler.settings import api_token


def apply_saved(context: click.Context, file: Path, inventory: Path | None, *, as_json: bool) -> int:
    """Applies the plan in `file`; refuses what is no longer what was approved."""
    _must_be_whole(context)
    oldest = age(remembered(context, "max_age"))
    saved = load_plan(file)
    _must_be_refreshed(file, saved)
    remember(context, PLAN_FILE, file.resolve())
    variables = environment(context)
    key = plan_key(variables, api_token(variables))
    now = datetime.now(UTC)
    # The seal is checked before anything that the file says is used, the inventory's path included.
    other = not variables.get(KEY_VARIABLE)
    check_saved(saved, org_id=saved.org_id, key=key, max_age=oldest, now=now, other_token=other)
    options = saved_options(saved.document, applying_options(context))
    screen = Screen.of(context)
    if not is_proven(saved, key):
        screen.note(
            f"{file} was made with another token: whether it was edited can't be proven. It changes no secret and "
            f"deletes nothing, and it is compared with the inventory here. {KEY_VARIABLE} makes it provable."
        )
        inventory = inventory or _inside(Path(saved.inventory))
    elif not remembered(context, "host"):
        remember(context, "host", (saved.document.get("options") or {}).get("host"))
    found = load_valid(context, inventory or Path(saved.inventory), online=True, about=about_part(options))
    found = with_known_ids(context, found)
    options = narrowed(options, saved, found.inventory, proven=is_proven(saved, key))
    with connected(context, found.inventory) as (chosen, client), locked(context, chosen, found):
        check_saved(saved, org_id=chosen.org_id, key=key, max_age=oldest, now=now, other_token=other)
        let_lists_catch_up(context, client, chosen, found)
        client.self_()  # it is asked for the token's role in any case, and knows the organisation's name
        plan, declared = _planned(context, saved, found, client, options)
        refused = refusal(plan)
        if refused:
            return _refuse(screen, plan, options, as_json=as_json, code=refused)
        approval = approved(saved, plan, declared=declared, key=key, kinds=kinds())
        if approval.stale and options.seen and not approval.rewritten:  # what it comes to now takes a look at all
            options = replace(options, seen=())
            plan, declared = _planned(context, saved, found, client, options)
            approval = approved(saved, plan, declared=declared, key=key, kinds=kinds())
        if approval.rewritten or (approval.stale and (options.refuse_any_stale or not approval.plan.changes)):
            return _stale(context, plan, approval, options, as_json=as_json)
        checked = with_policies(approval.plan, found.inventory, applying=True)
        refused = refusal(checked)
        if refused:
            return _refuse(screen, checked, options, as_json=as_json, code=refused)
        plan = _with_left_out(approval.plan, saved.document)
        if plan.changes:
            foresee_with_devices(context, plan, client)
        since = client.age
        outcomes = write(context, plan, client, options, found) if plan.changes else ()
        if not plan.changes:
            note_done(context, plan, options, found)
        told = (*outcomes, *approval.settled)
        return report_with_devices(context, plan, told, client, options=options, since=since, as_json=as_json)


def narrowed(options: Options, saved: SavedPlan, inventory: Inventory, *, proven: bool) -> Options:
    """The options with what has to be read for the changes of this file, and what of it is known from it."""
    return options_of_file(
        options,
        inventory,
        actions={change["address"]: Action(change["action"]) for change in saved.document["changes"]},
        seen={address: change.seen for address, change in saved.changes.items() if change.seen is not None},
        sure=proven and not _releases(saved),
    )


def _planned(
    context: click.Context, saved: SavedPlan, found: Checked, client: MistClient, options: Options
) -> tuple[Plan, frozenset[str]]:
    """What the approved changes come to now, and the addresses that are declared."""
    org_id, inventory = saved.org_id, found.inventory
    with shown_progress(Screen.of(context).output, context.obj) as progress:
        if options.rollback:
            past = find_run(records_of(found), options.rollback)
            written = written_in(context, found, past, org_id)
            plan = make_rollback(inventory, written, client, org_id=org_id, options=options, progress=progress)
            return plan, frozenset(str(item.address) for item in written if item.action is not Action.CREATE)
        bases = base_at(context, found.directory, options.base).inventories if _releases(saved) else ()
        plan = make_plan(inventory, client, org_id=org_id, options=options, progress=progress, bases=bases)
        return with_findings(plan, inventory), frozenset(str(item.address) for item in inventory.resources)


def _with_left_out(plan: Plan, document: Mapping[str, Any]) -> Plan:
    """The plan with the errors for which the approved one left something out: what they are about is not read again."""
    there = {(item.rule, item.address) for item in plan.errors}
    left_out = tuple(
        Diagnostic(
            severity=Severity.ERROR,
            rule=item["rule"],
            summary=item["summary"],
            detail=item["detail"],
            address=item["address"],
        )
        for item in document["diagnostics"]
        if item["severity"] == Severity.ERROR and (item["rule"], item["address"]) not in there
    )
    return replace(plan, diagnostics=(*plan.diagnostics, *left_out)) if left_out else plan


def _releases(saved: SavedPlan) -> bool:
    """Whether the plan was made against a base, and has something that only that one declares."""
    changes = saved.document["changes"]
    fields = [field for change in changes for field in change["fields"]]
    return any(item.get("cause") == Cause.RELEASED for item in (*changes, *fields))


def _inside(path: Path) -> Path:
    """The path of an inventory from a file that may have been edited: it may not lead out of this directory."""
    if not path.resolve().is_relative_to(Path.cwd()):
        raise UsageError(f"The plan file names an inventory elsewhere: {path}", remedy="Name it with --inventory DIR")
    return path


def _must_be_refreshed(file: Path, saved: SavedPlan) -> None:
    """What was never compared with live is nobody's approval."""
    if (saved.document.get("options") or {}).get("refreshed") is False:
        raise GuardRefusal(
            f"{file} was made with --no-refresh: it was not compared with live, and nothing was written",
            remedy="plan again without --no-refresh",
        )


def _must_be_whole(context: click.Context) -> None:
    """A selection given here would change what was approved: what it leaves out would look as if it were done."""
    given = [
        f"--{name}"
        for name in ("target", "exclude", "changed-since", "prune")
        if remembered(context, name.replace("-", "_"))
    ]
    if given:
        raise UsageError(
            f"{given[0]} can't be given for a saved plan, which is applied as it was approved",
            remedy=f"make a plan with it: `reconciler plan {given[0]} ... --out FILE`",
        )


def saved_options(document: Mapping[str, Any], options: Options) -> Options:
    """The options that the plan was made with, with this command line's way to apply it."""
    made = document.get("options") or {}
    ack = made.get("ack_deletes")
    return replace(
        options,
        targets=tuple(made.get("targets") or ()),
        excludes=tuple(made.get("excludes") or ()),
        prune=bool(made.get("prune")),
        ack_deletes=ack if isinstance(ack, int) else options.ack_deletes,
        repeated=True,
        base=str(made.get("base") or ""),
        causes=False,
        rollback=str(made.get("rollback") or ""),
        delete_created=bool(made.get("delete_created")),
        changed_since=str(made.get("changed_since") or ""),
    )


def _refuse(screen: Screen, plan: Plan, options: Options, *, as_json: bool, code: int) -> int:
    if as_json:
        screen.write(plan_json(plan, options=options))
    else:
        show_plan(screen, plan, options=options)
        screen.note("This plan is refused as it is: see the errors above. Nothing was written.")
    return code


def _stale(context: click.Context, plan: Plan, approval: Approval, options: Options, *, as_json: bool) -> int:
    """Nothing is written: what was approved, and what it would be now."""
    screen = Screen.of(context)
    waiting = tuple(
        Outcome(address=item.address, action=item.action, status=Status.BLOCKED, detail="the plan is stale")
        for item in approval.plan.changes
    )
    report(context, plan, (*approval.settled, *waiting), options=options, as_json=as_json)
    if not as_json:
        stale = {item.address for item in approval.stale}
        changes = tuple(item for item in plan.changes if item.address in stale)
        screen.show([BLANK, line("What they come to now:"), BLANK])
        show_plan(screen, replace(plan, changes=changes, diagnostics=(), unmanaged=()), options=options)
        screen.note("The saved plan is stale: nothing was written. Plan again, and have it approved again.")
    return STALE
