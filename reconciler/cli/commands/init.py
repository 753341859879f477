"""`reconciler init`: the first files of an inventory, from a token."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from reconciler.cli.commands.export import shown_host
from reconciler.cli.failures import OK
from reconciler.cli.options import connection_options, output_options
from reconciler.cli.organisation import to_cloud
from reconciler.cli.screen import Screen
from reconciler.demo import examples
from reconciler.errors import UsageError
from reconciler.export.organisations import Organisation, organisations_of, the_only_one
from reconciler.export.start import first_files, pipeline_text
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.sources.writing import write_files

GITHUB, GITLAB, NONE = "github", "gitlab", "none"
_SCHEMAS = ("inventory.schema.json", "project.schema.json")


@click.command(short_help="Begin an inventory, from a token.")
@click.argument("directory", metavar="[DIR]", default=Path(), type=click.Path(path_type=Path, file_okay=False))
@click.option("--ci", type=click.Choice((GITHUB, GITLAB, NONE)), help="The pipeline files to write as well (none).")
@connection_options
@output_options
@click.pass_context
def init(context: click.Context, directory: Path, ci: str | None) -> int:
    """Begin an inventory in DIR: reconciler.yaml for the organisation that the token sees, what git ignores, what an
    editor needs, and a pipeline where one is wanted. Nothing in the cloud is changed.

    In a terminal it asks what no option says; elsewhere a token that sees several organisations needs --org.
    """
    _refuse_existing(directory)
    screen = Screen.of(context)
    with to_cloud(context, Project(version=1)) as (chosen, client):
        organisation = _chosen(organisations_of(client.self_()), chosen.org_id)
        host = shown_host(chosen.host)
    wanted = ci or (_asked("Pipeline files to write", (GITHUB, GITLAB, NONE), NONE) if _askable() else NONE)
    root = _root_of(directory)
    inventory = Path(os.path.relpath(directory.resolve(), root)).as_posix()
    below = "" if inventory == "." else f"{inventory}/"
    files = {f"{below}{name}": text for name, text in first_files(organisation, host).items()}
    schemas = examples().parent / "schemas"
    files |= {f"{below}schemas/{name}": (schemas / name).read_text("utf-8") for name in _SCHEMAS}
    files |= _pipelines(wanted, inventory, organisation.id)
    kept = _write(root, files)
    screen.write(_closing(organisation, directory, sorted(set(files) - set(kept)), kept))
    return OK


def _refuse_existing(directory: Path) -> None:
    if (directory / PROJECT_FILE).exists():
        raise UsageError(
            f"{directory / PROJECT_FILE} exists: this is an inventory already; nothing was written",
            remedy="Name another directory, or go on with `reconciler export`",
        )


def _chosen(found: Sequence[Organisation], org_id: str) -> Organisation:
    """The organisation that is named, the only one, or the one that a person picks."""
    if org_id:
        named = next((item for item in found if item.id == org_id), None)
        if named is None:
            seen = ", ".join(f"{item.name} ({item.id})" for item in found) or "none"
            raise UsageError(f"This token does not see the organisation {org_id}", remedy=f"It sees: {seen}")
        return named
    if len(found) < 2 or not _askable():
        return the_only_one(tuple(found))
    rows = "\n".join(f"  {at}  {item.name}  {item.id}" for at, item in enumerate(found, 1))
    click.echo(f"This token sees {len(found)} organisations:\n{rows}", err=True)
    numbers = [str(at) for at in range(1, len(found) + 1)]
    return found[int(_asked("Which one", numbers, numbers[0])) - 1]


def _askable() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _asked(question: str, answers: Sequence[str], default: str) -> str:
    answer: str = click.prompt(question, type=click.Choice(answers), default=default, err=True)
    return answer


def _root_of(directory: Path) -> Path:
    """The root of the repository that a directory lies in, else the directory itself."""
    own = directory.resolve()
    return next((path for path in (own, *own.parents) if (path / ".git").exists()), own)


def _pipelines(wanted: str, inventory: str, org_id: str) -> dict[str, str]:
    source = examples() / "ci"
    if wanted == GITHUB:
        found = {f".github/workflows/{path.name}": path for path in sorted((source / "github").glob("*.yml"))}
    else:
        found = {".gitlab-ci.yml": source / "gitlab-ci.yml"} if wanted == GITLAB else {}
    return {
        name: pipeline_text(path.read_text("utf-8"), inventory=inventory, org_id=org_id) for name, path in found.items()
    }


def _write(root: Path, files: dict[str, str]) -> list[str]:
    """Writes what is not there yet; names what stays as it is."""
    kept = sorted(name for name in files if (root / name).exists())
    try:
        root.mkdir(parents=True, exist_ok=True)
        write_files(root, {name: text for name, text in files.items() if name not in kept})
    except OSError as error:
        raise UsageError(
            f"{error.filename or root} can't be written: {error.strerror or error}; nothing was written",
            remedy="Choose another directory",
        ) from error
    return kept


def _closing(organisation: Organisation, directory: Path, written: list[str], kept: list[str]) -> str:
    rows = [f"{organisation.name}: an inventory begins in {directory}.", *(f"  {name}" for name in written)]
    rows += [f"  {name} was there, and stays as it is" for name in kept]
    rows.append(f"Next: reconciler export --out {directory}")
    return "\n".join(rows) + "\n"
