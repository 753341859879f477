"""`reconciler list`: what is live, declared or not."""

from collections.abc import Iterable
from pathlib import Path

import click

from reconciler.cli.cloud import connected
from reconciler.cli.failures import FAILED, OK
from reconciler.cli.inventory import inventory_of, load_valid, named_inventory
from reconciler.cli.options import connection_options, inventory_option, json_option, output_options
from reconciler.cli.organisation import organisation_id, to_cloud
from reconciler.cli.progress import forecasting, shown_progress
from reconciler.cli.screen import Screen
from reconciler.errors import UsageError
from reconciler.kinds import kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.model.listing import Listing
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.pipeline.listing import list_live
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.json_report import dump
from reconciler.report.listing import badge, listing_document, listing_lines
from reconciler.sources.writing import write_file


@click.command("list", short_help="List live objects, declared or not.")
@click.argument("words", metavar="[KIND]...", nargs=-1)
@inventory_option
@click.option("--undeclared", is_flag=True, help="Only what nothing declares.")
@click.option(
    "--badge",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also an SVG for a README.",
)
@json_option
@connection_options
@output_options
@click.pass_context
def list_(context: click.Context, words: tuple[str, ...], undeclared: bool, picture: Path | None, as_json: bool) -> int:
    """List live objects by kind, with their last change and its author, all or those of some KINDs (wlans, sites).

    With an inventory it says which of them are declared, and how much of the whole that is. Reads only. Exit 1 when a
    list could not be read.
    """
    wanted = _wanted(words)
    screen = Screen.of(context)
    found = _listed(context, wanted, screen)
    if (undeclared or picture) and found.whole is None:
        raise UsageError("There is no inventory here to compare with", remedy="Name one with --inventory DIR")
    if picture and found.whole is not None:
        write_file(picture, badge(found.whole))
    if as_json:
        screen.write(dump(listing_document(found, undeclared=undeclared)))
    else:
        screen.report(diagnostic_lines(found.diagnostics))
        plurals = {kind.name: kind.plural for kind in with_unmodelled(kinds())}
        screen.show(listing_lines(found, plurals=plurals, undeclared=undeclared))
    return FAILED if found.diagnostics else OK


def _listed(context: click.Context, wanted: frozenset[str], screen: Screen) -> Listing:
    directory = inventory_of(context)
    if named_inventory(context) or (directory / PROJECT_FILE).is_file():
        inventory = load_valid(context, directory, online=False).inventory
        with connected(context, inventory) as (settings, client), shown_progress(screen.output, context.obj) as shown:
            return list_live(
                client, org_id=settings.org_id, inventory=inventory, wanted=wanted, progress=forecasting(screen, shown)
            )
    with to_cloud(context, Project(version=1)) as (chosen, client), shown_progress(screen.output, context.obj) as shown:
        org_id = organisation_id(chosen, client)
        return list_live(client, org_id=org_id, inventory=None, wanted=wanted, progress=forecasting(screen, shown))


def _wanted(words: Iterable[str]) -> frozenset[str]:
    known = with_unmodelled(kinds())
    found = set()
    for word in words:
        kind = known.find(word)
        if kind is None or not kind.endpoints or kind.singleton:
            names = ", ".join(sorted(one.plural for one in known if one.endpoints and not one.singleton))
            raise UsageError(f"{word} is no kind that can be listed", remedy=f"Give any of {names}")
        found.add(kind.name)
    return frozenset(found)
