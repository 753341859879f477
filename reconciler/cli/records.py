"""Where the records of an inventory's runs are, and what several machines share of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from msgspec.structs import replace

from reconciler.cli.inventory import Checked, environment
from reconciler.cli.options import remember, remembered
from reconciler.cli.screen import Screen
from reconciler.errors import GuardRefusal
from reconciler.model.inventory import Inventory
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.pipeline.offline import load_inventory
from reconciler.runs.lock import machine_of, state_directory
from reconciler.runs.record import DIRECTORY
from reconciler.runs.ref import RemoteRef
from reconciler.runs.sharing import Share, Span, bring_down, kept
from reconciler.runs.who import who
from reconciler.sources.directory import DirectoryTree

_SHARE = "share"


class _OnlyProject:
    """A directory as if nothing but its project file were in it."""

    def __init__(self, directory: Path) -> None:
        self._tree = DirectoryTree(directory)

    def paths(self) -> tuple[str, ...]:
        """Its one file."""
        return tuple(path for path in self._tree.paths() if path == PROJECT_FILE)

    def read(self, path: str) -> bytes:
        """Its content."""
        return self._tree.read(path)


def with_project(directory: Path) -> Checked:
    """An inventory of which only the project file is read: whatever is wrong with the others, runs can be looked up."""
    if not (directory / PROJECT_FILE).is_file():
        return Checked(Inventory(project=Project(version=1), resources=()), "", 0, directory)
    read = load_inventory(_OnlyProject(directory), environ=None)
    return Checked(replace(read, diagnostics=()), "", 1, directory)


def records_of(found: Checked) -> Path:
    """The directory with the records of an inventory's runs."""
    named = found.inventory.project.records.directory
    return found.directory / os.path.expanduser(named) if named else found.directory / DIRECTORY


def ref_of(found: Checked, org_id: str) -> RemoteRef | None:
    """What an organisation's runs share through the repository's remote; None where the project file has nothing of
    it."""
    project = found.inventory.project
    ref = project.records.git or (project.lock.git and project.lock.ref)
    return RemoteRef(found.directory, ref, org_id.lower()) if ref else None


def looked_up(context: click.Context, found: Checked, org_id: str) -> Path:
    """The directory with the records, those of other machines included. Where these can't be read, that is told."""
    records = records_of(found)
    if found.inventory.project.records.git and remembered(context, _SHARE) is None:
        ref = ref_of(found, org_id)
        try:
            if ref is not None:
                bring_down(ref, records)
        except GuardRefusal as error:
            Screen.of(context).note(f"Only the records of this machine are known: {error.message}")
    return records


@contextmanager
def shared(context: click.Context, found: Checked, org_id: str, *, timeout: float) -> Iterator[None]:
    """Holds the lease, and sends the record while a run is under way, as far as the project file asks for it."""
    project, ref = found.inventory.project, ref_of(found, org_id)
    unrecorded = remembered(context, "no_record") and not project.lock.git
    if ref is None or unrecorded:
        yield
        return
    span, tell = Span(), Screen.of(context).note
    records = records_of(found) if project.records.git else None
    variables = environment(context)
    facts = {**who(variables), "machine": machine_of(state_directory(variables))}
    share = Share(ref, records, facts, leased=project.lock.git, span=span)
    share.take(timeout=timeout, tell=tell)
    with kept(share, span, tell=tell):
        remember(context, _SHARE, share)
        yield


def share_of(context: click.Context) -> Share | None:
    """What this run shares with other machines; None where nothing is shared."""
    found: Share | None = remembered(context, _SHARE)
    return found
