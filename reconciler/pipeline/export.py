"""The way in: a live organisation -> an inventory that plans to nothing.

read -> match (with nothing) -> draft -> files -> compose, validate, match, diff -> what can't be declared goes -> again

What was read once is what the result is proved against: the files are composed, checked and compared with the same
objects, and whatever would still differ is left out and told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.diagnostics import Diagnostic, in_order
from reconciler.errors import ReconcilerError
from reconciler.export.items import EVERYTHING, Draft, Selection
from reconciler.export.layout import trees_of
from reconciler.export.objects import draft_of
from reconciler.export.proof import faults_of, without_faults
from reconciler.export.references import with_names
from reconciler.export.secrets import Secrets, with_references
from reconciler.export.text import ENV_EXAMPLE, ENV_FILE, env_example, project_text, texts_of
from reconciler.kinds import Kinds, kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.mist.client import MistClient
from reconciler.model.inventory import Inventory
from reconciler.model.match import Matches
from reconciler.model.options import Progress, no_progress
from reconciler.model.project import PROJECT_FILE
from reconciler.model.resource import Live
from reconciler.model.values import Secret
from reconciler.pipeline.collector import paused_collector
from reconciler.pipeline.offline import load_inventory
from reconciler.semantics.sealing import sealed_together, secrets_of
from reconciler.sources.texts import TextTree
from reconciler.stages.diff import diff
from reconciler.stages.match import match
from reconciler.stages.read import Wants, everything, read

_ROUNDS = 8
"""How often what was found wrong is left out and the rest tried again; every round takes something away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Files by path, below the inventory's root; `objects` are declared in them, of `live` that were read with
    `calls`. `diagnostics` say what was left out, and why."""

    files: Mapping[str, str]
    org_id: str
    org_name: str
    objects: int
    live: int
    calls: int
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def read_everything(
    client: MistClient, *, org_id: str, selection: Selection = EVERYTHING, progress: Progress = no_progress
) -> Matches:
    """Everything live that a selection needs, with addresses and names; secrets are sealed, and known to the client."""
    known = with_unmodelled(kinds())
    wants: Wants = everything(known, chosen=selection.kinds, sites=selection.sites)
    live = read(client, wants, org_id=org_id, kinds=known, progress=progress)
    with paused_collector():
        matches = sealed_together(match((), live, kinds=known))
    client.know(secrets_of(matches))
    return matches


def export_of(matches: Matches, *, host: str, selection: Selection = EVERYTHING, full: bool = False) -> Export:
    """What was read -> the files of an inventory, proved against it. Raises `ReconcilerError` where that fails."""
    known = with_unmodelled(kinds())
    with paused_collector():
        draft = draft_of(matches, known, selection=selection, full=full)
        draft = with_names(draft, known, known=matches.live.names)
        for _ in range(_ROUNDS):
            files, secrets = _written(draft, matches.live, host, known)
            inventory = load_inventory(TextTree(files), environ=secrets.values)
            faults = _faults(inventory, matches, known)
            if not faults:
                return _export(files, draft, matches, secrets, known)
            draft = without_faults(draft, faults, known)
            draft = with_names(draft, known, known=matches.live.names)
    raise ReconcilerError(
        "The export could not be proved: after every attempt something in it still differs from what was read",
        remedy="This is a mistake in reconciler itself; export a part with --kinds, --sites or --objects",
    )


def _faults(inventory: Inventory, matches: Matches, known: Kinds) -> tuple[Any, ...]:
    paired = sealed_together(match(inventory.resources, matches.live, kinds=known))
    declared = tuple(item for item in paired.matches if item.declared)
    return faults_of(inventory, diff(declared, kinds=known), paired.diagnostics)


def _written(draft: Draft, live: Live, host: str, known: Kinds) -> tuple[dict[str, str], Secrets]:
    items, secrets = with_references(draft.items)
    files = texts_of(trees_of(items, known))
    files[PROJECT_FILE] = project_text(_project(draft, live, host, known, secrets=bool(secrets.places)))
    if secrets.places:
        files[ENV_EXAMPLE] = env_example(secrets)
        files[".gitignore"] = f"{ENV_FILE}\n.reconciler/\n"
    return dict(sorted(files.items())), secrets


def _project(draft: Draft, live: Live, host: str, known: Kinds, *, secrets: bool) -> dict[str, Any]:
    external = {
        known[kind].plural if kind in known else kind: sorted(names) for kind, names in draft.external.items() if names
    }
    return {
        "version": 1,
        "org": {"name": live.org_name, "id": live.org_id},
        "host": host,
        **({"external": external} if external else {}),
        **({"secrets": {"env_file": ENV_FILE}} if secrets else {}),
    }


def _export(files: Mapping[str, str], draft: Draft, matches: Matches, secrets: Secrets, known: Kinds) -> Export:
    return Export(
        files=files,
        org_id=matches.live.org_id,
        org_name=matches.live.org_name,
        objects=sum(1 for item in draft.items if not known[item.kind].singleton),
        live=sum(1 for item in matches.live.objects if not known[item.kind].singleton),
        calls=matches.live.calls,
        secrets={name: Secret(value, origin="live") for name, value in secrets.values.items()},
        diagnostics=in_order(draft.diagnostics),
    )
