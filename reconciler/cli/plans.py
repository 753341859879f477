"""`reconciler plan` and `show`: what would change."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.base import approvable, base_inventory, base_options, left_out, unwanted_of, with_unwanted
from reconciler.cli.failures import CHANGES, OK, REFUSED
from reconciler.cli.options import (
    connection_options,
    inventory_argument,
    json_option,
    markdown_option,
    options_of,
    output_options,
    policy_option,
    selection_options,
)
from reconciler.cli.screen import Screen
from reconciler.cli.steps import environment, load_valid, planned, refusal, with_findings, with_policies
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.model.change import Outcome, Plan
    from reconciler.model.options import Options


@click.command(short_help="Show what apply would change.")
@inventory_argument
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save it for `apply FILE`."
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@json_option
@markdown_option
@base_options
@selection_options
@policy_option
@connection_options
@output_options
@click.pass_context
def plan(
    context: click.Context, inventory: Path, out: Path | None, detailed_exitcode: bool, as_json: bool, as_markdown: bool
) -> int:
    """Show what apply would change. Reads only.

    With --base, each change says whether it comes from this branch or from drift that was there before, and --out
    saves only what the branch changes (--with-drift saves all).
    """
    style = format_of(as_json, as_markdown)
    unwanted = unwanted_of(context)
    found = load_valid(context, inventory, online=True)
    base = base_inventory(context, inventory)
    result = with_findings(planned(context, found.inventory, base=base), found.inventory)
    result = with_policies(result, found.inventory, applying=False)
    result = with_unwanted(result, unwanted)
    screen = Screen.of(context)
    refused = refusal(result)
    if out and not refused:
        save(context, approvable(context, result), out, inventory, whole=result)
    show_plan(screen, result, options=options_of(context), style=style)
    if out and not refused:
        screen.note(f"Saved to {out}. Apply exactly this: reconciler apply {out}" + left_out(context, result))
    if refused:
        screen.note("This plan is refused as it is: see its errors." + (" It was not saved." if out else ""))
        return refused
    return CHANGES if detailed_exitcode and result.changes else OK


@click.command()
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path))
@json_option
@markdown_option
@output_options
@click.pass_context
def show(context: click.Context, file: Path, as_json: bool, as_markdown: bool) -> int:
    """Show a saved plan."""
    from reconciler.approval.saved import load_plan
    from reconciler.report.json_report import dump
    from reconciler.report.reading import plan_of

    style = format_of(as_json, as_markdown)
    document = load_plan(file).document
    screen = Screen.of(context)
    try:
        saved = plan_of(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{file} is no plan file, or was edited", remedy="Make one with `plan --out FILE`") from error
    if style == "json":
        screen.write(dump(document))
    else:
        show_plan(screen, saved, style=style)
    return OK


def format_of(as_json: bool, as_markdown: bool) -> str:
    """`text`, `json` or `markdown`."""
    if as_json and as_markdown:
        raise UsageError("--json and --markdown exclude each other", remedy="Give one of them")
    return "json" if as_json else "markdown" if as_markdown else "text"


def show_plan(screen: Screen, result: "Plan", *, options: "Options | None" = None, style: str = "text") -> None:
    """A plan as a result in one of its formats."""
    if style == "json":
        screen.write(plan_json(result, options))
    elif style == "markdown":
        from reconciler.report.markdown import plan_markdown

        screen.write(plan_markdown(result))
    else:
        from reconciler.report.text import plan_text

        screen.show(plan_text(result, verbose=screen.output.verbose))


def plan_json(result: "Plan", options: "Options | None", *, outcomes: "Sequence[Outcome] | None" = None) -> str:
    """A plan as its one JSON document: with outcomes after an apply, with an error when it is refused."""
    from reconciler.report.json_report import apply_document, dump, plan_document

    document = plan_document(result, options=options)
    if outcomes is not None:
        document = apply_document(result, outcomes, options=options)
    code = refusal(result)
    if code:
        document["error"] = {
            "type": "GuardRefusal" if code == REFUSED else "PlanError",
            "message": "The plan is refused as it is, see its diagnostics; nothing was written",
            "remedy": "",
            "exit_code": code,
        }
    return dump(document)


def save(context: click.Context, result: "Plan", out: Path, inventory: Path, *, whole: "Plan | None" = None) -> None:
    """Saves a plan as an approval, under the key that `apply` will have; `whole` is what a reviewer sees with it."""
    from reconciler.approval.saved import Shown, plan_key, save_plan
    from reconciler.kinds import kinds
    from reconciler.report.json_report import plan_document
    from reconciler.settings import api_token

    variables = environment(context)
    seen = None if whole is None or whole.changes == result.changes else plan_document(whole)
    save_plan(
        result,
        out,
        document=Shown(document=plan_document(result, options=options_of(context)), seen=seen),
        key=plan_key(variables, api_token(variables)),
        kinds=kinds(),
        inventory=inventory.as_posix(),
    )
