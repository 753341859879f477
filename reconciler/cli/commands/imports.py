"""`reconciler import`: what another tool manages, as an inventory. Offline."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import click

from reconciler.cli.commands.export import ignored_by_git, write_export
from reconciler.cli.commands.onto import write_again
from reconciler.cli.failures import OK
from reconciler.cli.inventory import environment
from reconciler.cli.options import joined, json_option, output_options, remembered, shared
from reconciler.cli.screen import Screen
from reconciler.errors import UsageError
from reconciler.export.start import first_texts
from reconciler.export.text import ENV_EXAMPLE, ENV_FILE
from reconciler.kinds import Kind, kinds
from reconciler.model.project import PROJECT_FILE, Delimiter, Encoding
from reconciler.pipeline.export import FACTORS, PROFILES
from reconciler.pipeline.imports import Import, import_of
from reconciler.pipeline.rows import RowsImport, Spreadsheet, import_rows
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.json_report import diagnostic_document, dump
from reconciler.report.wording import listed, number
from reconciler.settings import for_inventory
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.texts import TextTree

_STDIN = "-"

what_options = joined(
    shared("--host", metavar="HOST", help="API host to write into the project file; else MIST_HOST has to be set."),
    shared("--org", metavar="ID", help="Which organisation is meant, where there are several."),
)


@click.group("import", short_help="Write what another tool manages as an inventory.")
def import_() -> None:
    """Write what another tool manages as an inventory. Offline: nothing is asked of the cloud, or changed there."""


@import_.command(short_help="Write a Terraform state as an inventory.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="Where it goes."
)
@click.option(
    "--factor",
    type=click.Choice(FACTORS),
    default=PROFILES,
    help="What many share, written once: as profiles, or as tables too (full).",
)
@json_option
@what_options
@output_options
@click.pass_context
def terraform(context: click.Context, file: Path, out: Path, factor: str, as_json: bool) -> int:
    """Write a Terraform state (`terraform show -json > state.json`) as an inventory. FILE may be `-`.

    Before a file is written, the result is composed, checked and compared with the state. Each object has its old
    address in a comment; ids become names, and secrets references that example.env lists. What has no place in an
    inventory is told. All files appear or none. Then `reconciler plan DIR` says whether live is as the state has it.
    """
    result = import_of(
        _content(file),
        file=str(file),
        host=remembered(context, "host"),
        org_id=remembered(context, "org") or "",
        factor=factor,
    )
    written = write_export(out, result.export.files, begun=False)
    screen = Screen.of(context)
    if as_json:
        screen.write(dump(_document(result, written)))
    else:
        screen.report(diagnostic_lines(result.export.diagnostics))
        screen.write(_closing(result, out, written))
    return OK


@import_.command("csv", short_help="Write the rows of a spreadsheet as objects of an inventory.")
@click.argument("kind", metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="Where it goes."
)
@shared("--map", multiple=True, metavar="COLUMN=FIELD", help="What a column is: a field (latlng.lat), or nothing.")
@shared("--generate", is_flag=True, help="As a template and a table, with an entry of `generate`.")
@shared("--delimiter", type=click.Choice(get_args(Delimiter)), help="What separates the cells; found out otherwise.")
@shared("--encoding", type=click.Choice(get_args(Encoding)), help="How the file is encoded; found out otherwise.")
@json_option
@what_options
@output_options
@click.pass_context
def csv_(context: click.Context, kind: str, file: Path, out: Path, as_json: bool) -> int:
    """Write the rows of a CSV as objects of a KIND (sites, psks) of the inventory in DIR, or of a new one. Offline.

    A column is the field that its header is called like, with dots for what lies deeper (latlng.lat,
    setting.vars.corp_vlan); --map says what another one is, and `--map COLUMN=` leaves it out. What lies in a site or
    a template names it in a column `site` or `wlantemplate`. A cell is data, whatever it holds; an empty one says
    nothing, and one for a list has `;` between its elements. Secrets become references that example.env lists.

    New objects go where their like are. The inventory is composed and checked with them, and each must come to what its
    row says, before a file is written; all files are written or none.
    """
    sheet = Spreadsheet(
        content=_content(file),
        file=str(file),
        kind=_kind(kind),
        fields=_mapped(remembered(context, "map") or ()),
        delimiter=remembered(context, "delimiter"),
        encoding=remembered(context, "encoding"),
    )
    new = not (out / PROJECT_FILE).exists()
    begun = first_texts(host=remembered(context, "host"), org_id=remembered(context, "org")) if new else {}
    environ = for_inventory(environment(context))
    as_table = bool(remembered(context, "generate"))
    done = import_rows(sheet, TextTree(begun) if new else DirectoryTree(out), environ=environ, as_table=as_table)
    files = {**begun, **done.files}
    if new:
        write_export(out, files, begun=False)
    else:
        write_again(out, files)
    screen = Screen.of(context)
    if as_json:
        screen.write(dump(_rows_document(done, sorted(files))))
    else:
        screen.report(diagnostic_lines(done.diagnostics))
        screen.write(_rows_closing(done, out, sorted(files)))
    return OK


def _kind(word: str) -> Kind:
    found = kinds().find(word)
    if found is None or not found.model or found.singleton or not found.endpoints:
        known = ", ".join(sorted(one.plural for one in kinds() if one.model and one.endpoints and not one.singleton))
        raise UsageError(f"{word} is no kind of which a row can be an object", remedy=f"Give any of {known}")
    return found


def _mapped(words: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        column, equals, field = word.rpartition("=")
        if not equals or not column:
            raise UsageError(f"--map {word} says nothing", remedy="Write --map COLUMN=FIELD")
        found[column.strip()] = field.strip()
    return found


def _rows_closing(done: RowsImport, out: Path, files: list[str]) -> str:
    rows = [
        f"Imported {number(done.objects, 'object')}; {number(len(files), 'file')} written in {out}: {listed(files)}.",
        "Composed and compared with the rows: nothing differs.",
    ]
    if done.secrets:
        rows.append(
            f"{number(len(done.secrets), 'secret')} to set, as {out}/{ENV_EXAMPLE} lists them: the values stand in the "
            "table, and in no file that was written."
        )
    return "\n".join([*rows, f"Next: reconciler plan {out}"]) + "\n"


def _rows_document(done: RowsImport, files: list[str]) -> dict[str, object]:
    return {
        "format_version": "1.0",
        "objects": done.objects,
        "secrets": list(done.secrets),
        "files": files,
        "diagnostics": [diagnostic_document(item) for item in done.diagnostics],
    }


def _content(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == _STDIN else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror or error}", remedy="Give another file") from error


def _closing(result: Import, out: Path, written: list[str]) -> str:
    export = result.export
    rows = [
        f"Imported {number(export.objects, 'object')} of {number(result.resources, 'resource')} into "
        f"{number(len(written), 'file')} in {out}.",
        "Composed and compared with the state: nothing differs.",
    ]
    if export.secrets:
        rows.append(
            f"{number(len(export.secrets), 'secret')} to set: copy {out}/{ENV_EXAMPLE} to {out}/{ENV_FILE}, "
            f"{ignored_by_git(out)}, and fill it."
        )
    left = len(export.diagnostics)
    if left:
        rows.append(f"{number(left, 'finding')} above say{'s' if left == 1 else ''} what was left out, and why.")
    return "\n".join([*rows, f"Next: reconciler plan {out} says whether live is the same."]) + "\n"


def _document(result: Import, written: list[str]) -> dict[str, object]:
    export = result.export
    return {
        "format_version": "1.0",
        "org": {"id": export.org_id, "name": export.org_name},
        "resources": result.resources,
        "objects": export.objects,
        "secrets": sorted(export.secrets),
        "files": written,
        "diagnostics": [diagnostic_document(item) for item in export.diagnostics],
    }
