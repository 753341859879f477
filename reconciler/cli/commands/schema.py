"""`reconciler schema`: JSON Schemas for editors, the field reference, and the audit of the models against the vendor's
document."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from reconciler.cli.failures import FAILED, OK
from reconciler.errors import UsageError
from reconciler.schema import FACTS, audit, export_pages, export_schemas
from reconciler.sources.writing import write_file


@click.command(short_help="Print JSON Schemas for editors and CI.")
@click.argument("names", metavar="[KIND | audit FILE]", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every schema, into the directory of -o.")
@click.option("--docs", is_flag=True, help="The field reference as Markdown pages, into the directory of -o.")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where to write.")
def schema(names: tuple[str, ...], every: bool, docs: bool, output: Path | None) -> int:
    """Print the JSON Schema of a KIND, `inventory`, `project` or `plan`; without KIND list them.

    `--all` writes every schema into a directory (schemas), `--docs` the pages of the field reference (docs/kinds).

    `reconciler schema audit [FILE]` compares the models with the vendor's OpenAPI document, or with the facts of it
    that came with this version.
    """
    if names[:1] == ("audit",):
        return _audit(names[1:])
    if len(names) > 1:
        raise UsageError("One KIND at a time", remedy="For all of them: reconciler schema --all -o DIR")
    if every and docs:
        raise UsageError("--all and --docs write into different directories", remedy="Give one of them at a time")
    if every:
        return _write(export_schemas(), output or Path("schemas"), "schemas")
    if docs:
        return _write(export_pages(), output or Path("docs/kinds"), "pages")

    texts = {name.removesuffix(".schema.json"): text for name, text in export_schemas().items()}
    if not names:
        click.echo("\n".join(sorted(texts)))
        return OK
    if names[0] not in texts:
        raise UsageError(f"There is no schema {names[0]!r}", remedy=f"There are: {', '.join(sorted(texts))}")
    click.echo(texts[names[0]], nl=False)
    return OK


def _write(texts: Mapping[str, str], directory: Path, what: str) -> int:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(texts.items()):
            write_file(directory / name, text)
    except OSError as error:
        raise UsageError(f"{directory} can't be written: {error.strerror}", remedy="Choose another with -o") from error
    click.echo(f"{len(texts)} {what} in {directory}", err=True)
    return OK


def _audit(files: tuple[str, ...]) -> int:
    if len(files) > 1:
        raise UsageError("Audit takes one file", remedy="reconciler schema audit OPENAPI_FILE")
    if not files:
        files = (str(FACTS),)
    try:
        document = json.loads(Path(files[0]).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{files[0]} can't be read: {error.strerror}", remedy="Name a JSON file") from error
    except ValueError as error:
        raise UsageError(f"{files[0]} is no JSON document", remedy="Name the vendor's OpenAPI document") from error
    if not isinstance(document, dict) or "components" not in document:
        raise UsageError(f"{files[0]} is no OpenAPI document", remedy="Name the vendor's OpenAPI document")
    differences = audit(document)
    for difference in differences:
        click.echo(str(difference))
    click.echo(f"{len(differences)} differences that are not in the reviewed list", err=True)
    return FAILED if differences else OK
