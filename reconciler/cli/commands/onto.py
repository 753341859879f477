"""`reconciler export` onto an inventory that is there: what changed live changes in its files, in place."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from reconciler.cli.failures import CHANGES, FAILED, OK, REFUSED
from reconciler.cli.inventory import environment
from reconciler.cli.options import remembered
from reconciler.cli.screen import Screen
from reconciler.errors import UsageError
from reconciler.export.items import Selection
from reconciler.model.match import Matches
from reconciler.pipeline.again import Again, export_again
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.json_report import diagnostic_document, dump
from reconciler.report.wording import listed, number
from reconciler.settings import for_inventory
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.writing import write_files


def onto(context: click.Context, out: Path, matches: Matches, selection: Selection, *, as_json: bool) -> int:
    """Edits the files at `out`, or says what would change there; the exit code."""
    check = bool(remembered(context, "check"))
    again = export_again(
        DirectoryTree(out),
        matches,
        environ=for_inventory(environment(context)),
        selection=selection,
        remove=bool(remembered(context, "remove")),
    )
    if not check:
        write_again(out, again.files, removed=again.removed)
    screen = Screen.of(context)
    if as_json:
        screen.write(dump(_document(again, check=check)))
    else:
        screen.report(diagnostic_lines(again.diagnostics))
        screen.write(_told(again, check=check))
    if any(item.rule == "unread" for item in again.diagnostics):
        return FAILED
    return CHANGES if check and (again.files or again.removed) else OK


def adopt_new(
    context: click.Context,
    directory: Path,
    matches: Matches,
    addresses: tuple[str, ...],
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Writes live objects that nothing declares into the files where their like are; the exit code."""
    again = export_again(
        DirectoryTree(directory),
        matches,
        environ=for_inventory(environment(context)),
        selection=Selection(objects=addresses),
        only_new=True,
    )
    if not dry_run:
        write_again(directory, again.files, removed=again.removed)
    screen = Screen.of(context)
    if as_json:
        screen.write(dump(_document(again, check=dry_run)))
    else:
        screen.report(diagnostic_lines(again.diagnostics))
        screen.write(_told(again, check=dry_run))
    if not again.new:
        return REFUSED
    return CHANGES if dry_run else OK


def undeclared_among(matches: Matches, targets: Iterable[str]) -> tuple[str, ...]:
    """The targets that are the address of a live object that nothing declares."""
    declared = {item.address.text for item in matches.matches if item.declared}
    live = {item.address.text for item in matches.live.objects if item.address}
    return tuple(target for target in targets if target in live and target not in declared)


def write_again(out: Path, files: Mapping[str, str | bytes], *, removed: Iterable[str] = ()) -> None:
    """Writes all files of an inventory that change, and removes others, or does nothing of that."""
    try:
        write_files(out, files, removed=removed)
    except OSError as error:
        raise UsageError(
            f"{error.filename or out} can't be written: {error.strerror or error}; nothing was written",
            remedy="Make room, or check the rights of the directory",
        ) from error


def _told(again: Again, *, check: bool) -> str:
    if not again.files and not again.removed:
        return f"Nothing changed: the files say what is live.\n{number(again.calls, 'call')} read.\n"
    verb = "would be" if check else "were" if len(again.files) > 1 else "was"
    rows = [f"  changed: {item.address} {item.path}" for item in again.fields]
    rows += [f"  new: {address}" for address in again.new]
    rows += [f"  gone: {address}" for address in again.gone]
    rows += [f"  {file} removed" for file in again.removed]
    rows.append(f"{number(len(again.files), 'file')} {verb} written: {listed(sorted(again.files))}.")
    return "\n".join([*rows, f"{number(again.calls, 'call')} read."]) + "\n"


def _document(again: Again, *, check: bool) -> dict[str, object]:
    return {
        "format_version": "1.0",
        "check": check,
        "files": sorted(again.files),
        "removed": list(again.removed),
        "changed": [{"address": item.address.text, "path": item.path} for item in again.fields],
        "new": [address.text for address in again.new],
        "gone": [address.text for address in again.gone],
        "calls": again.calls,
        "diagnostics": [diagnostic_document(item) for item in again.diagnostics],
    }
