"""The way in from Terraform: a state -> an inventory that is what the state says.

resources -> bodies as the API has them -> match (with nothing) -> the same as an export, and its proof

The proof is against the state, offline; whether live is the same, a plan says.
"""

from msgspec import Struct
from msgspec.structs import replace

from reconciler.diagnostics import in_order
from reconciler.errors import ReconcilerError
from reconciler.imports.comments import with_comments
from reconciler.imports.state import resources_in
from reconciler.imports.terraform import imported, with_addresses
from reconciler.kinds import kinds
from reconciler.pipeline.collector import paused_collector
from reconciler.pipeline.export import PROFILES, Export, composition_of, export_of
from reconciler.pipeline.offline import load_inventory
from reconciler.semantics.together import sealed_together
from reconciler.sources.texts import TextTree
from reconciler.stages.match import match


class Import(Struct, frozen=True, kw_only=True):
    """What an export would be, of a state; `resources` is how many of the provider it holds."""

    export: Export
    resources: int


def import_of(
    content: bytes, *, file: str, host: str | None = None, org_id: str = "", factor: str = PROFILES
) -> Import:
    """The JSON of a state -> the files of an inventory, proved against it.

    Raises `UsageError` for what is no state, and `ReconcilerError` where the proof fails."""
    resources = resources_in(content, file=file)
    found = imported(resources, kinds(), org_id=org_id)
    with paused_collector():
        matches = sealed_together(match((), found.live, kinds=kinds()))
    former = with_addresses(found, matches.live.objects)
    export = export_of(matches, host=host, factor=factor)
    environ = {name: secret.reveal() for name, secret in export.secrets.items()}
    before = load_inventory(TextTree(export.files), environ=environ)
    files = with_comments(export.files, before.resources, former)
    if composition_of(load_inventory(TextTree(files), environ=environ)) != composition_of(before):
        raise ReconcilerError(
            "The import could not be proved: with the old addresses it is composed to something else; nothing was "
            "written",
            remedy="This is a mistake in reconciler itself",
        )
    told = in_order((*found.diagnostics, *export.diagnostics))
    return Import(
        export=replace(export, files=files, diagnostics=told),
        resources=sum(1 for item in resources if not item.data),
    )
