"""`reconciler export`: a live organisation as an inventory that plans to nothing."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

from reconciler.cli.commands.onto import onto
from reconciler.cli.failures import FAILED, OK
from reconciler.cli.inventory import load, load_valid, without_secrets
from reconciler.cli.options import connection_options, joined, json_option, output_options, remembered, shared
from reconciler.cli.organisation import organisation_id, to_cloud
from reconciler.cli.progress import forecasting, shown_progress
from reconciler.cli.screen import Screen
from reconciler.diagnostics import has_errors
from reconciler.errors import UsageError
from reconciler.export.items import Selection
from reconciler.export.text import ENV_EXAMPLE, ENV_FILE
from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.pipeline.again import into_project
from reconciler.pipeline.export import FACTORS, PROFILES, Export, export_of, read_everything
from reconciler.pipeline.online import guard_organisation
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.json_report import diagnostic_document, dump
from reconciler.report.wording import number
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.writing import write_files
from reconciler.transport.route import is_loopback

GITIGNORE = ".gitignore"


what_options = joined(
    shared("--kinds", multiple=True, metavar="KIND", help="Only this kind, such as wlans; may be repeated."),
    shared("--sites", metavar="GLOB", help="Only what lies in the sites of these names, and the organisation's own."),
    shared("--objects", multiple=True, metavar="ADDR", help="Only this address or glob, and what lies in it."),
)
"""What of the live organisation is meant."""


@click.command(short_help="Write a live organisation as an inventory.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="Where it goes."
)
@what_options
@click.option(
    "--factor",
    type=click.Choice(FACTORS),
    default=PROFILES,
    help="What many share, written once: as profiles, or as tables too (full).",
)
@click.option("--full", is_flag=True, help="Keep the values that are the cloud's defaults.")
@shared("--remove", is_flag=True, help="Onto an inventory: take out what is not live any more.")
@shared("--check", is_flag=True, help="Onto an inventory: write nothing; exit 2 if something would change.")
@json_option
@connection_options
@output_options
@click.pass_context
def export(context: click.Context, out: Path, full: bool, factor: str, as_json: bool) -> int:
    """Write a live organisation as an inventory that plans to nothing. Reads only; nothing is changed in the cloud.

    Before a file is written, the result is composed, checked and compared with what was read; what can't be declared
    as it is live is left out, and told. All files appear or none. Secrets become references: example.env lists what to
    set. Exit 1 when a list could not be read, so that something may be missing.

    Onto an inventory: what changed live changes there, in place, comments kept; new objects go where their like are;
    what is gone is told, and taken out with --remove. --check writes nothing, and exits with 2 when something would
    change.
    """
    screen = Screen.of(context)
    selection = selection_of(context)
    found = _inventory_at(context, out)
    project = found.project if found else Project(version=1)
    with to_cloud(context, project) as (chosen, client), shown_progress(screen.output, context.obj) as shown:
        org_id = organisation_id(chosen, client)
        matches = read_everything(client, org_id=org_id, selection=selection, progress=forecasting(screen, shown))
    guard_organisation(matches.live, project.org.name)
    if found and found.resources:
        return onto(context, out, matches, selection, as_json=as_json)
    result = export_of(matches, host=shown_host(chosen.host), selection=selection, full=full, factor=factor)
    files = into_project(DirectoryTree(out), result) if found else result.files
    written = write_export(out, files, begun=found is not None)
    if as_json:
        screen.write(dump(_document(result, written)))
    else:
        screen.report(diagnostic_lines(result.diagnostics))
        screen.write(_closing(result, out, written))
    return FAILED if any(item.rule == "unread" for item in result.diagnostics) else OK


def _inventory_at(context: click.Context, out: Path) -> Inventory | None:
    """The inventory that is there already; raises `InventoryError` for one with mistakes. A secret without a value is
    none: a nightly job has no use for them."""
    if not (out / PROJECT_FILE).exists():
        return None
    found = load(context, out).inventory
    if has_errors(without_secrets(found.diagnostics)):
        load_valid(context, out, online=False)
    return found


def selection_of(context: click.Context) -> Selection:
    """What `what_options` say."""
    return Selection(
        kinds=_kinds(remembered(context, "kinds") or ()),
        sites=remembered(context, "sites"),
        objects=tuple(remembered(context, "objects") or ()),
    )


def _kinds(words: Iterable[str]) -> frozenset[str]:
    found = set()
    for word in words:
        kind = kinds().find(word)
        if kind is None or not kind.fields or kind.composed_only:
            known = ", ".join(sorted(item.plural for item in kinds() if item.model and item.endpoints))
            raise UsageError(f"--kinds {word} is no kind that can be exported", remedy=f"Give any of {known}")
        found.add(kind.name)
    return frozenset(found)


def shown_host(url: str) -> str:
    """The host as a project file has it: the name alone, and a URL only for loopback, where it says http."""
    return url if is_loopback(url) else urlsplit(url).netloc


def write_export(out: Path, files: Mapping[str, str], *, begun: bool) -> list[str]:
    """Writes what is new; a `.gitignore` that is there stays, and the project file of an inventory that has `begun` is
    replaced. Raises `UsageError` for any other file in the way."""
    wanted = not_in_the_way(out, files, begun=begun)
    try:
        write_files(out, wanted)
    except OSError as error:
        where = error.filename or out
        raise UsageError(
            f"{where} can't be written: {error.strerror or error}; nothing was written",
            remedy="Make room, or choose another directory with --out",
        ) from error
    return sorted(wanted)


def not_in_the_way(out: Path, files: Mapping[str, str], *, begun: bool) -> dict[str, str]:
    """The files that can be written; raises `UsageError` where one is there already."""
    wanted = {name: text for name, text in files.items() if name != GITIGNORE or not (out / name).exists()}
    ours = {PROJECT_FILE} if begun else set()
    taken = sorted(name for name in wanted if ((out / name).exists() or (out / name).is_symlink()) and name not in ours)
    if taken:
        more = f" and {len(taken) - 5:,} more" if len(taken) > 5 else ""
        raise UsageError(
            f"{out} has files in the way: {', '.join(taken[:5])}{more}; nothing was written",
            remedy="Choose an empty directory with --out",
        )
    return wanted


def _closing(result: Export, out: Path, written: list[str]) -> str:
    rows = [
        f"Exported {result.objects:,} of {number(result.live, 'live object')} of {result.org_name} into "
        f"{number(len(written), 'file')} in {out}.",
        "Composed and compared with what was read: it plans to nothing.",
    ]
    if result.secrets:
        rows.append(
            f"{number(len(result.secrets), 'secret')} to set: copy {out}/{ENV_EXAMPLE} to {out}/{ENV_FILE}, "
            f"{ignored_by_git(out)}, and fill it."
        )
    left = sum(item.rule != "not-modelled" for item in result.diagnostics)
    if left:
        rows.append(f"{number(left, 'finding')} above say{'s' if left == 1 else ''} what was left out, and why.")
    return "\n".join([*rows, f"{number(result.calls, 'call')} read."]) + "\n"


def ignored_by_git(out: Path) -> str:
    """Whether git leaves the secrets' file alone."""
    known = (out / GITIGNORE).read_text("utf-8", errors="replace").splitlines()
    return "which git ignores" if ENV_FILE in known else f"add that to {out / GITIGNORE}"


def _document(result: Export, written: list[str]) -> dict[str, object]:
    return {
        "format_version": "1.0",
        "org": {"id": result.org_id, "name": result.org_name},
        "objects": result.objects,
        "live": result.live,
        "calls": result.calls,
        "secrets": sorted(result.secrets),
        "files": written,
        "diagnostics": [diagnostic_document(item) for item in result.diagnostics],
    }
