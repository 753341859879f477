"""`reconciler fmt`: the inventory's files in their canonical form."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from reconciler.cli.failures import CHANGES, INVALID, OK
from reconciler.cli.inventory import inventory_of, shown_root
from reconciler.cli.options import inventory_option, json_option, output_options
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Diagnostic, has_errors, in_order
from reconciler.errors import UsageError
from reconciler.model.inventory import WITHOUT_OBJECTS
from reconciler.model.matching import is_meant
from reconciler.model.project import PROJECT_FILE
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.json_report import diagnostic_document, dump
from reconciler.sources.directory import DirectoryTree
from reconciler.yamltext.edit.files import write_back
from reconciler.yamltext.edit.formatting import formatted
from reconciler.yamltext.events import parse

_YAML = (".yaml", ".yml")


class File(Struct, frozen=True):
    """One file to format: where it is, and how it is called in messages."""

    path: Path
    name: str
    tree: DirectoryTree | None = None

    def read(self) -> bytes:
        """Its content; in a directory by the directory's rules, so that no link leads out of it."""
        if self.tree is None:
            return self.path.read_bytes()
        return self.tree.read(self.path.relative_to(self.tree.root).as_posix())


@click.command(short_help="Put the inventory's files into their canonical form.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@inventory_option
@click.option("--check", is_flag=True, help="Write nothing; exit 2 if a file would change.")
@json_option
@output_options
@click.pass_context
def fmt(context: click.Context, paths: tuple[Path, ...], check: bool, as_json: bool) -> int:
    """Put YAML files, or all those of a directory (else of the inventory), into their canonical form: the natural key
    first, then the fields in the order of the model, children last; quotes only where some reader of YAML needs them.

    Comments, anchors, blank lines and indents stay. Templates (*.j2) are left alone, and so are files with mistakes:
    those exit with 3.
    """
    screen = Screen.of(context)
    changed: list[str] = []
    diagnostics: list[Diagnostic] = []
    count = 0
    for file in files_of(paths or (inventory_of(context),)):
        count += 1
        did, found = _format(file, check=check)
        diagnostics += found
        changed += [file.name] if did else []
    ordered = in_order(diagnostics)
    if as_json:
        document = {"format_version": "1.0", "files": count, "changed": changed, "check": check}
        screen.write(dump({**document, "diagnostics": [diagnostic_document(item) for item in ordered]}))
    else:
        screen.write("".join(f"{name}\n" for name in changed))
        screen.report(diagnostic_lines(ordered))
        verb = "would change" if check else "changed"
        screen.note(f"{len(changed):,} of {count:,} file{'' if count == 1 else 's'} {verb}.")
    if has_errors(ordered):
        return INVALID
    return CHANGES if check and changed else OK


def files_of(paths: tuple[Path, ...]) -> Iterator[File]:
    """The YAML files that are named, and those of the directories that are; each once."""
    seen: set[str] = set()
    for path in paths:
        if path.is_dir():
            found = list(_inside(path))
        elif path.name.endswith(".j2"):
            found = []
        elif path.is_file() and path.suffix in _YAML:
            found = [File(path, str(path))]
        else:
            what = "is no YAML file" if path.exists() else "does not exist"
            raise UsageError(f"{path} {what}", remedy="Name directories, or files that end in .yaml or .yml")
        for file in found:
            real = os.path.realpath(file.path)
            if real not in seen:
                seen.add(real)
                yield file


def _inside(root: Path) -> Iterator[File]:

    excluded = _excluded(root)
    tree = DirectoryTree(root)
    for name in tree.paths():
        wanted = name.endswith(_YAML) and not name.startswith(WITHOUT_OBJECTS)
        if wanted and not any(is_meant(name, glob) for glob in excluded):
            yield File(Path(tree.root) / name, f"{shown_root(root)}{name}", tree)


def _excluded(root: Path) -> list[str]:
    """What `exclude` in a directory's reconciler.yaml names."""
    project = root / PROJECT_FILE
    value: Any = parse(project.read_bytes(), PROJECT_FILE).value if project.is_file() else None
    globs = value.get("exclude") if isinstance(value, dict) else None
    return [glob for glob in globs if isinstance(glob, str)] if isinstance(globs, list) else []


def _format(file: File, *, check: bool) -> tuple[bool, tuple[Diagnostic, ...]]:
    """Whether the file changes (or would), and what is wrong with it."""
    try:
        content = file.read()
        old = content.decode("utf-8").removeprefix("\ufeff")
        new, diagnostics = formatted(old, file.name)
        if new != old and not check:
            write_back(file.path, old, new)
    except UnicodeDecodeError:
        return False, parse(content, file.name).diagnostics
    except OSError as error:
        raise UsageError(
            f"{file.name}: {error.strerror or error}", remedy="Check the file and its permissions"
        ) from error
    return new != old, diagnostics
