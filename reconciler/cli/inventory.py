"""From a path to a checked inventory: what every command begins with. Offline."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from reconciler.cli.options import remembered
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Diagnostic, Severity, SourceRange, in_order
from reconciler.errors import GuardRefusal, InventoryError, UsageError
from reconciler.model.address import Address
from reconciler.model.inventory import MISSING_SECRET, FileTree, Inventory
from reconciler.model.options import Options, concerns
from reconciler.model.project import PROJECT_FILE
from reconciler.model.rows import BAD_ROW
from reconciler.pipeline.offline import load_inventory
from reconciler.policies.problems import problem
from reconciler.policies.rules import NOTES, adjusted
from reconciler.policies.trust import is_allowed, is_untrusted, why_not
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.runs.who import base_of
from reconciler.settings import for_inventory, read_environment
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.git import GitTree

VARIABLE = "RECONCILER_INVENTORY"


class Checked(Struct, frozen=True):
    """A checked inventory, and where its files stand as seen from the working directory (`examples/inventory/`)."""

    inventory: Inventory
    root: str
    files: int
    directory: Path = Path()


def inventory_of(context: click.Context, given: Path | None = None) -> Path:
    """Which inventory a command is about: the one that is `given` or named, or that of the nearest directory from here
    up; a directory above is told on stderr. Here, where there is none."""
    named = named_inventory(context, given)
    if named:
        return named
    here = Path.cwd()
    found = next((path for path in upwards(here) if (path / PROJECT_FILE).is_file()), here)
    if found == here:
        return Path()
    directory = Path(os.path.relpath(found, here))
    Screen.of(context).note(f"The inventory is {directory.as_posix()}, where the nearest {PROJECT_FILE} is.")
    return directory


def named_inventory(context: click.Context, given: Path | None = None) -> Path | None:
    """The inventory that is `given` or that --inventory or RECONCILER_INVENTORY name, in this order."""
    option: Path | None = remembered(context, "inventory_option")
    if given and option:
        raise UsageError(f"Two inventories: {given} and --inventory {option}", remedy="Give one of them")
    variable = environment(context).get(VARIABLE, "").strip()
    return given or option or (Path(variable) if variable else None)


def inventory_and_words(context: click.Context, words: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """The same for commands that take words: a directory in front of them is the inventory."""
    if words and not remembered(context, "inventory_option") and Path(words[0]).is_dir():
        return Path(words[0]), words[1:]
    return inventory_of(context), words


def _owner(path: Path) -> int:
    return path.stat().st_uid


def upwards(here: Path, *, owner_of: Callable[[Path], int] = _owner) -> Iterator[Path]:
    """A directory and those above, up to the root of the repository; none that belongs to somebody else, who could
    have put policies there to be run."""
    owner = owner_of(here)
    for path in (here, *here.parents):
        if owner_of(path) != owner:
            return
        yield path
        if (path / ".git").exists():
            return


def load(context: click.Context, path: Path) -> Checked:
    """Loads, composes and checks the inventory at `path`; what is wrong with it is in its diagnostics."""
    if not path.is_dir():
        what = "is not a directory" if path.exists() else "does not exist"
        raise UsageError(
            f"The inventory {path} {what}", remedy="Name the directory that holds reconciler.yaml, such as `.`"
        )
    if not (path / PROJECT_FILE).exists():
        raise _no_inventory(path)
    tree = DirectoryTree(path)
    variables = environment(context)
    untrusted = remembered(context, "untrusted") or is_untrusted(variables)
    code, runs = _code_of_base(context, path, variables), runs_policies(context, variables)
    loaded = load_inventory(tree, environ=None if untrusted else for_inventory(variables), run_policies=runs, code=code)
    inventory = noted_unless_run(context, loaded, variables)
    if runs and code is not None and _python_of(code) != _python_of(tree):
        detail = f"--base says so: those of commit {code.commit[:10]}; RECONCILER_POLICIES=on runs those of the files"
        inventory = _with_note(inventory, "policies-of-base", detail)
    if untrusted and remembered(context, "untrusted") is not None:  # an offline command has no use for secrets
        kept = tuple(item for item in inventory.diagnostics if item.rule != MISSING_SECRET)
        inventory = replace(inventory, diagnostics=kept)
    files = sum(name.endswith((".yaml", ".yml", ".j2", ".csv")) for name in tree.paths())
    if inventory.diagnostics is not loaded.diagnostics:
        inventory = replace(inventory, diagnostics=in_order(inventory.diagnostics))
    return Checked(inventory, shown_root(path), files, path)


def _no_inventory(path: Path) -> InventoryError:
    """Told at once: every other YAML file of a directory that is no inventory would only add noise."""
    near = sorted(f"{found.parent}" for depth in ("*", "*/*") for found in path.glob(f"{depth}/{PROJECT_FILE}"))[:3]
    hint = f"did you mean {' or '.join(near)}?" if near else "create it; its first line is `version: 1`"
    item = Diagnostic(
        severity=Severity.ERROR,
        rule="no-project-file",
        summary="The directory is not an inventory",
        detail=f"{path.resolve()} has no {PROJECT_FILE}: {hint}",
    )
    return InventoryError(f"{path} is not an inventory", diagnostics=(item,))


Concerns = Callable[[Diagnostic], bool]
"""Whether a finding is about the part of the inventory that a command is asked about."""


def _nothing(_item: Diagnostic) -> bool:
    return False


def about_part(options: Options) -> Concerns:
    """Whether a finding is about what --target and --exclude leave, or a saved plan holds."""

    def is_about(item: Diagnostic) -> bool:
        if item.address is None:
            return True
        return item.address in options.reads if options.reads else concerns(Address(item.address), options)

    return is_about


def load_valid(context: click.Context, path: Path, *, online: bool, about: Concerns | None = None) -> Checked:
    """The same, but an inventory with errors is an `InventoryError`, other than those of rows that are left out;
    warnings are told on stderr, or, by a command that is `online`, in its plan.

    Commands that are not `online` have no use for secrets: a missing one is only a warning. So it is to those that are,
    unless it is what they are asked `about`; the others tell only such warnings.
    """
    found = load(context, path)
    needed = about if online else _nothing
    diagnostics = without_secrets(found.inventory.diagnostics, needed=needed)
    found = replace(found, inventory=replace(found.inventory, diagnostics=diagnostics))
    count = sum(item.severity is Severity.ERROR and item.rule != BAD_ROW for item in diagnostics)
    if count:
        raise InventoryError(
            f"The inventory {path} has {count} error{'' if count == 1 else 's'}; nothing was written",
            diagnostics=tuple(_placed(item, found.root) for item in diagnostics),
            remedy="`reconciler validate` checks it without touching the network",
        )
    told = [item for item in diagnostics if online or about is None or about(item)]
    if told and not online and not remembered(context, "quiet"):
        Screen.of(context).report(diagnostic_lines(told, root=found.root))
    return found


def without_secrets(diagnostics: Sequence[Diagnostic], *, needed: Concerns | None = _nothing) -> tuple[Diagnostic, ...]:
    """The findings with missing secrets as warnings, but for those that are `needed` (None: all of them)."""
    return tuple(
        replace(item, severity=Severity.WARNING)
        if item.rule == MISSING_SECRET and needed is not None and not needed(item)
        else item
        for item in diagnostics
    )


def environment(context: click.Context) -> dict[str, str]:
    """The process environment and the env file."""
    return read_environment(os.environ, remembered(context, "env_file"))


def shown_root(path: Path) -> str:
    """What goes before file names so that they can be opened from here: `` or `examples/inventory/`."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive of Windows
        return f"{path.as_posix()}/"
    if relative == ".":
        return ""
    shown = str(path) if relative.startswith("..") and path.is_absolute() else relative
    return f"{Path(shown).as_posix()}/"


def _placed(item: Diagnostic, root: str) -> Diagnostic:
    if not item.source or not root:
        return item
    return replace(item, source=item.source._replace(file=root + item.source.file))


WRITING = ("apply", "rollback")


def _code_of_base(context: click.Context, path: Path, environ: Mapping[str, str]) -> GitTree | None:
    """Where policies come from with --base: from there, so that no branch brings its own to be run with the token, or
    does away with those that are. `RECONCILER_POLICIES=on` runs those of the files."""
    revision = remembered(context, "base")
    if revision is None or is_allowed(environ):
        return None
    commit = base_of(path, str(revision))
    return GitTree(path, commit) if commit else None


def runs_policies(context: click.Context, environ: Mapping[str, str]) -> bool:
    """Whether this command runs policies: one that has no use for them never does."""
    return remembered(context, "no_policies") is not None and not _why_not(context, environ)


def _why_not(context: click.Context, environ: Mapping[str, str]) -> str:

    if remembered(context, "untrusted"):
        return "--untrusted was given"
    return why_not(environ, no_policies=bool(remembered(context, "no_policies")))


def noted_unless_run(context: click.Context, inventory: Inventory, environ: Mapping[str, str]) -> Inventory:
    """The inventory, with a note when it has policies that were not run.

    Apply does without them only when its own flag says so: raises `GuardRefusal` when the environment does.
    """
    flag = remembered(context, "no_policies")
    reason = _why_not(context, environ) if flag is not None else ""
    if not reason or not inventory.project.policies:
        return inventory
    if context.command.name in WRITING and not flag:
        raise GuardRefusal(
            f"This inventory has policies, and they are not run here: {reason}",
            remedy="Set RECONCILER_POLICIES=on, or apply without them with --no-policies; nothing was written",
        )
    return _with_note(inventory, "policies-not-run", f"{', '.join(inventory.project.policies)}: {reason}")


def _python_of(tree: FileTree) -> dict[str, bytes]:
    """The Python files of an inventory."""
    return {path: tree.read(path) for path in tree.paths() if path.endswith(".py")}


def _with_note(inventory: Inventory, rule: str, detail: str) -> Inventory:
    note = problem(rule, detail, SourceRange("reconciler.yaml", 1, 1), severity=NOTES[rule][1])
    return replace(inventory, diagnostics=(*inventory.diagnostics, *adjusted([note], inventory.project.rules)))
