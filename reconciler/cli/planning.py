"""What `reconciler plan` and `show` do."""

from collections.abc import Mapping
from pathlib import Path

import click
from msgspec.structs import replace

from reconciler.approval.saved import KEY_VARIABLE, load_plan, plan_key, was_edited
from reconciler.cli.base import (
    approvable,
    base_of_run,
    left_out,
    saves_the_branch,
    unwanted_of,
    with_changed,
    with_unwanted,
)
from reconciler.cli.cloud import planned, refusal, with_findings, with_policies
from reconciler.cli.failures import CHANGES, FAILED, OK, STALE
from reconciler.cli.formats import format_of
from reconciler.cli.inventory import about_part, environment, inventory_of, load_valid
from reconciler.cli.known import with_known_ids
from reconciler.cli.options import applying_options
from reconciler.cli.screen import Screen
from reconciler.cli.showing import save, show_plan
from reconciler.errors import UsageError
from reconciler.model.options import ANEW, BRANCH, FILE
from reconciler.model.values import Secret
from reconciler.report import json_report
from reconciler.report.reading import plan_of
from reconciler.settings import api_token


def make(context: click.Context, inventory: Path | None, *, out: Path | None, detailed_exitcode: bool) -> int:
    """Plans, shows the plan, and saves it in `out`; returns the exit code."""
    style = format_of(context)
    unwanted = unwanted_of(context)
    directory = inventory_of(context, inventory)
    screen = Screen.of(context)
    forecast = ANEW if out is None else BRANCH if saves_the_branch(context) else FILE
    chosen = replace(applying_options(context), members=screen.output.verbose, forecast=forecast)
    found = with_known_ids(context, load_valid(context, directory, online=True, about=about_part(chosen)))
    base = base_of_run(context, found)
    options = base.options(with_changed(context, found, chosen))
    result, options = planned(context, found.inventory, options, bases=base.inventories)
    result = with_findings(result, found.inventory)
    result = base.with_problem(result)
    result = with_policies(result, found.inventory, applying=False)
    result = with_unwanted(result, unwanted)
    refused = refusal(result)
    if out and not refused:
        save(context, approvable(context, result), out, directory, whole=result, options=options)
    show_plan(screen, result, options=options, style=style)
    if out and not refused:
        screen.note(f"Saved to {out}. Apply exactly this: reconciler apply {out}" + left_out(context, result))
    if refused:
        screen.note("This plan is refused as it is: see its errors." + (" It was not saved." if out else ""))
        return refused
    if result.errors:
        screen.note("Something is left out of this plan: see its errors.")
        return FAILED
    return CHANGES if detailed_exitcode and result.changes else OK


def show(context: click.Context, file: Path) -> int:
    """Shows a saved plan; returns the exit code."""
    style = format_of(context)
    loaded = load_plan(file)
    document, screen = loaded.document, Screen.of(context)
    try:
        saved = plan_of(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{file} is no plan file, or was edited", remedy="Make one with `plan --out FILE`") from error
    if style is json_report.FORMAT:  # as it was saved, to the letter
        screen.write(json_report.dump(document))
    else:
        show_plan(screen, saved, style=style)
    if was_edited(loaded, _key_at_hand(environment(context))):
        screen.note(f"{file} was edited after it was made: this is not what was planned, and `apply` refuses it.")
        return STALE
    return OK


def _key_at_hand(variables: Mapping[str, str]) -> bytes | None:
    """The key of saved plans, where the environment has what it is made of: to look at one takes none."""
    try:
        return plan_key(variables, api_token(variables))
    except UsageError:
        return plan_key(variables, Secret("", origin="plain")) if variables.get(KEY_VARIABLE) else None
