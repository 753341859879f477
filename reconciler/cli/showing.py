"""A plan in each of its formats, and as a file."""

from pathlib import Path

import click

from reconciler.approval.saved import Shown, plan_key, save_plan
from reconciler.cli.inventory import environment
from reconciler.cli.options import options_of
from reconciler.cli.screen import Screen
from reconciler.kinds import kinds
from reconciler.model.change import Plan
from reconciler.model.options import Options
from reconciler.report import text
from reconciler.report.format import Format, View
from reconciler.report.json_report import plan_document
from reconciler.settings import api_token


def show_plan(screen: Screen, result: Plan, *, options: Options | None = None, style: Format = text.FORMAT) -> None:
    """A plan as a result in one of its formats."""
    if style.plan:
        screen.result(
            style.plan(result, View(verbose=screen.output.verbose, summary=screen.output.summary, options=options))
        )


def save(
    context: click.Context,
    result: Plan,
    out: Path,
    inventory: Path,
    *,
    whole: Plan | None = None,
    options: Options | None = None,
) -> None:
    """Saves a plan as an approval, under the key that `apply` will have; `whole` is what a reviewer sees with it,
    `options` are those that it was made with, where they are not just the command line's."""
    variables = environment(context)
    seen = None if whole is None or whole.changes == result.changes else plan_document(whole)
    save_plan(
        result,
        out,
        document=Shown(document=plan_document(result, options=options or options_of(context)), seen=seen),
        key=plan_key(variables, api_token(variables)),
        kinds=kinds(),
        inventory=inventory.as_posix(),
    )
