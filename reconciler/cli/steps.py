"""Steps that several commands share: from a path to a checked inventory, from there to a client and a plan."""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.failures import FAILED, OK, REFUSED
from reconciler.cli.options import flags_of, options_of, remembered
from reconciler.cli.policies import runs_policies, told_unless_run
from reconciler.cli.progress import Listeners, shown_progress
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Diagnostic, Severity, has_errors, in_order
from reconciler.errors import InventoryError, UsageError
from reconciler.model.project import PROJECT_FILE

if TYPE_CHECKING:
    from reconciler.mist.client import MistClient
    from reconciler.model.change import Plan
    from reconciler.model.inventory import Inventory
    from reconciler.settings import Settings

MISSING_SECRET = "missing-secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Found:
    """An inventory, and where its files stand as seen from the working directory (`examples/inventory/`)."""

    inventory: "Inventory"
    root: str
    files: int
    directory: Path = Path()


def load(context: click.Context, path: Path) -> Found:
    """Loads, composes and checks the inventory at `path`; what is wrong with it is in its diagnostics."""
    from reconciler.pipeline.offline import load_inventory
    from reconciler.policies.trust import is_untrusted
    from reconciler.settings import for_inventory
    from reconciler.sources.directory import DirectoryTree

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
    loaded = load_inventory(
        tree,
        environ=None if untrusted else for_inventory(variables),
        run_policies=runs_policies(context, variables),
    )
    inventory = told_unless_run(context, loaded, variables)
    if untrusted and remembered(context, "untrusted") is not None:  # an offline command has no use for secrets
        kept = tuple(item for item in inventory.diagnostics if item.rule != MISSING_SECRET)
        inventory = replace(inventory, diagnostics=kept)
    files = sum(name.endswith((".yaml", ".yml", ".j2", ".csv")) for name in tree.paths())
    return Found(replace(inventory, diagnostics=in_order(inventory.diagnostics)), shown_root(path), files, path)


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


def load_valid(context: click.Context, path: Path, *, online: bool) -> Found:
    """The same, but an inventory with errors is an `InventoryError`; warnings are told on stderr, or, by a command
    that is `online`, in its plan.

    Commands that are not `online` have no use for secrets: a missing one is only a warning.
    """
    found = load(context, path)
    diagnostics = found.inventory.diagnostics if online else without_secrets(found.inventory.diagnostics)
    if has_errors(diagnostics):
        count = sum(item.severity is Severity.ERROR for item in diagnostics)
        raise InventoryError(
            f"The inventory {path} has {count} error{'' if count == 1 else 's'}; nothing was written",
            diagnostics=tuple(_placed(item, found.root) for item in diagnostics),
            remedy="`reconciler validate` checks it without touching the network",
        )
    if diagnostics and not online and not remembered(context, "quiet"):
        from reconciler.report.diagnostics import diagnostic_lines

        Screen.of(context).tell(diagnostic_lines(diagnostics, root=found.root))
    return found


def without_secrets(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings with missing secrets as warnings."""
    return tuple(
        replace(item, severity=Severity.WARNING) if item.rule == MISSING_SECRET else item for item in diagnostics
    )


def environment(context: click.Context) -> dict[str, str]:
    """The process environment and the env file."""
    from reconciler.settings import read_environment

    return read_environment(os.environ, remembered(context, "env_file"))


@contextmanager
def connected(context: click.Context, inventory: "Inventory") -> Iterator[tuple["Settings", "MistClient"]]:
    """The settings and a client; its connections are closed at the end."""
    from reconciler.mist.client import connect
    from reconciler.settings import settings

    chosen = settings(inventory.project, environment(context), flags_of(context))
    heard: Listeners = context.obj.listeners
    client = connect(replace(chosen.connection(), on_request=heard.request, on_wait=heard.wait))
    try:
        with logged_requests(wanted=bool(remembered(context, "debug_http"))):
            yield chosen, client
    finally:
        client.close()


def planned(context: click.Context, inventory: "Inventory", *, base: "Inventory | None" = None) -> "Plan":
    """Reads the organisation and plans, with progress on stderr; with `base`, each change gets its cause."""
    from reconciler.pipeline.online import make_plan

    screen = Screen.of(context)
    with connected(context, inventory) as (chosen, client), shown_progress(screen.output, context.obj) as progress:
        return make_plan(
            inventory, client, org_id=chosen.org_id, options=options_of(context), progress=progress, base=base
        )


def with_findings(plan: "Plan", inventory: "Inventory") -> "Plan":
    """The plan with the inventory's own warnings beside its findings: a reviewer sees them in one place."""
    return replace(plan, diagnostics=in_order([*inventory.diagnostics, *plan.diagnostics]))


def with_policies(plan: "Plan", inventory: "Inventory", *, applying: bool) -> "Plan":
    """The plan with what the inventory's own policies find in it."""
    from reconciler.kinds import kinds
    from reconciler.policies.checking import check_plan

    return check_plan(plan, inventory, kinds=kinds(), now=datetime.now(UTC), applying=applying)


def refusal(plan: "Plan") -> int:
    """The exit code that a plan's own errors ask for: 5 when a guard refused it, 1 for other errors, 0 for none."""
    from reconciler.stages.plan.guards import GUARD_RULES

    errors = [item.rule for item in plan.diagnostics if item.severity is Severity.ERROR]
    if not errors:
        return OK
    return REFUSED if any(rule in GUARD_RULES or rule in plan.policies for rule in errors) else FAILED


def shown_root(path: Path) -> str:
    """What goes before file names so that they can be opened from here: `` or `examples/inventory/`."""
    relative = os.path.relpath(path)
    if relative == ".":
        return ""
    shown = str(path) if relative.startswith("..") and path.is_absolute() else relative
    return f"{Path(shown).as_posix()}/"


@contextmanager
def logged_requests(*, wanted: bool) -> Iterator[None]:
    """While it lasts, the HTTP edge's own log, which holds no secret, goes to stderr."""
    logger = logging.getLogger("reconciler.mist")
    handler, level = logging.StreamHandler(sys.stderr), logger.level
    handler.setFormatter(logging.Formatter("http: %(message)s"))
    if wanted:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _placed(item: Diagnostic, root: str) -> Diagnostic:
    if not item.source or not root:
        return item
    return replace(item, source=item.source._replace(file=root + item.source.file))
