"""`reconciler import`: what another tool manages, as an inventory. Offline."""

import sys
from pathlib import Path

import click

from reconciler.cli.commands.export import ignored_by_git, write_export
from reconciler.cli.failures import OK
from reconciler.cli.options import joined, json_option, output_options, remembered, shared
from reconciler.cli.screen import Screen
from reconciler.errors import UsageError
from reconciler.export.text import ENV_EXAMPLE, ENV_FILE
from reconciler.pipeline.export import FACTORS, PROFILES
from reconciler.pipeline.imports import Import, import_of
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.json_report import diagnostic_document, dump
from reconciler.report.wording import number

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
