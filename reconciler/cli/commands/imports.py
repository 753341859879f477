"""`reconciler import`: what another tool manages or has saved, as an inventory."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import get_args

import click
from msgspec import Struct

from reconciler.cli.commands.beside_live import Beside, beside_live
from reconciler.cli.commands.export import ignored_by_git, not_in_the_way, write_export
from reconciler.cli.commands.onto import write_again
from reconciler.cli.failures import OK
from reconciler.cli.inventory import environment
from reconciler.cli.options import joined, json_option, output_options, remembered, shared
from reconciler.cli.screen import Screen
from reconciler.errors import UsageError
from reconciler.export.start import first_texts
from reconciler.export.text import ENV_EXAMPLE, ENV_FILE
from reconciler.imports.backup import CONF_FILE, INVENTORY_FILE, backup_in
from reconciler.kinds import Kind, kinds
from reconciler.model.project import PROJECT_FILE, Delimiter, Encoding
from reconciler.pipeline.backup import import_backup
from reconciler.pipeline.export import FACTORS, PROFILES, Export
from reconciler.pipeline.imports import import_of
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
    """Write what another tool manages or has saved as an inventory. Nothing is changed in the cloud."""


from_options = joined(
    click.option(
        "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=True, help="Where it goes."
    ),
    click.option(
        "--factor",
        type=click.Choice(FACTORS),
        default=PROFILES,
        help="What many share, written once: as profiles, or as tables too (full).",
    ),
    shared("--offline", is_flag=True, help="Compare nothing with live, though there is a token."),
)


@import_.command(short_help="Write a Terraform state as an inventory.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@from_options
@json_option
@what_options
@output_options
@click.pass_context
def terraform(context: click.Context, file: Path, out: Path, factor: str, as_json: bool) -> int:
    """Write a Terraform state (`terraform show -json > state.json`) as an inventory. FILE may be `-`.

    Before a file is written, the result is composed, checked and compared with the state. Each object has its old
    address in a comment; ids become names, and secrets references that example.env lists. What has no place in an
    inventory is told. All files appear or none. Where there is a token, it is compared with what is live, too.
    """
    found = import_of(
        _content(file),
        file=str(file),
        host=remembered(context, "host"),
        org_id=remembered(context, "org") or "",
        factor=factor,
    )
    done = _Done(export=found.export, out=out, source="state", of=number(found.resources, "resource"))
    return _finished(context, done, {"resources": found.resources}, as_json=as_json)


@import_.command(short_help="Write the JSON of a backup as an inventory.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@from_options
@json_option
@what_options
@output_options
@click.pass_context
def backup(context: click.Context, directory: Path, out: Path, factor: str, as_json: bool) -> int:
    """Write what org_conf_backup.py of tmunzer/mist_library has saved in DIR as an inventory.

    With the file of org_inventory_backup.py beside it, the devices of the sites as well. Before a file is written, the
    result is composed, checked and compared with the backup; secrets become references that example.env lists. What the
    backup has no list of is told. All files appear or none. Where there is a token, it is compared with what is live,
    too.
    """
    conf, inventory = _backup_files(directory)
    found = backup_in(_content(conf), _content(inventory) if inventory else None, file=str(conf))
    if (wanted := remembered(context, "org")) and wanted != found.org_id:
        raise UsageError(f"{conf} is of the organisation {found.org_id}, not of {wanted}", remedy="Give another backup")
    export = import_backup(found, host=remembered(context, "host"), factor=factor)
    done = _Done(export=export, out=out, source="backup", of=f"{export.live:,} in the backup")
    return _finished(context, done, {}, as_json=as_json)


def _backup_files(directory: Path) -> tuple[Path, Path | None]:
    """The files of the scripts; these make a directory of the organisation's name in the one that they are given."""
    found = [path for path in (directory / CONF_FILE, *sorted(directory.glob(f"*/{CONF_FILE}"))) if path.is_file()]
    if len(found) > 1:
        named = ", ".join(str(path.parent) for path in found[:5])
        raise UsageError(f"{directory} holds {len(found)} backups: {named}", remedy="Give the directory of one")
    if not found:
        raise UsageError(
            f"{directory} holds no backup: there is no {CONF_FILE}",
            remedy="org_conf_backup.py of tmunzer/mist_library writes one; an encrypted one is decrypted first",
        )
    inventory = found[0].parent / INVENTORY_FILE
    return found[0], inventory if inventory.is_file() else None


class _Done(Struct, frozen=True, kw_only=True):
    """An import before its files are written: what it is `of`, in words."""

    export: Export
    out: Path
    source: str
    of: str


def _finished(context: click.Context, done: _Done, more: Mapping[str, object], *, as_json: bool) -> int:
    """Compares with live where that can be, writes, and says what came of it."""
    export, screen = done.export, Screen.of(context)
    not_in_the_way(done.out, export.files, begun=False)
    beside = beside_live(context, export)
    written = write_export(done.out, export.files, begun=False)
    if as_json:
        document = {
            "format_version": "1.0",
            "org": {"id": export.org_id, "name": export.org_name},
            **more,
            "objects": export.objects,
            "secrets": sorted(export.secrets),
            "files": written,
            "live": beside.document(),
            "diagnostics": [diagnostic_document(item) for item in export.diagnostics],
        }
        screen.write(dump(document))
    else:
        screen.report(diagnostic_lines(export.diagnostics))
        screen.write(_closing(done, written, beside))
    return OK


def _closing(done: _Done, written: list[str], beside: Beside) -> str:
    export, out = done.export, done.out
    rows = [
        f"Imported {number(export.objects, 'object')} of {done.of} into {number(len(written), 'file')} in {out}.",
        f"Composed and compared with the {done.source}: nothing differs.",
    ]
    if export.secrets:
        rows.append(
            f"{number(len(export.secrets), 'secret')} to set: copy {out}/{ENV_EXAMPLE} to {out}/{ENV_FILE}, "
            f"{ignored_by_git(out)}, and fill it."
        )
    left = len(export.diagnostics)
    if left:
        rows.append(f"{number(left, 'finding')} above say{'s' if left == 1 else ''} what was left out, and why.")
    return "\n".join([*rows, beside.line(out)]) + "\n"


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
