"""The way in: a live organisation -> an inventory that plans to nothing.

read -> match (with nothing) -> draft -> files -> compose, validate, match, diff -> what can't be declared goes -> again

What was read once is what the result is proved against: the files are composed, checked and compared with the same
objects, and whatever would still differ is left out and told.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from reconciler.diagnostics import Diagnostic, has_errors, in_order
from reconciler.errors import ReconcilerError
from reconciler.export.factoring import Factored, factored
from reconciler.export.items import EVERYTHING, Draft, Item, Selection, is_wanted
from reconciler.export.layout import trees_of
from reconciler.export.objects import draft_of, refuse_unknown
from reconciler.export.proof import faults_of, without_faults
from reconciler.export.references import with_names
from reconciler.export.secrets import Secrets, with_references
from reconciler.export.start import IGNORED
from reconciler.export.tables import Tables, tables_of
from reconciler.export.text import ENV_EXAMPLE, ENV_FILE, env_example, project_text, texts_of
from reconciler.kinds import Kinds, kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.inventory import Inventory
from reconciler.model.match import Matches
from reconciler.model.options import Progress, no_progress
from reconciler.model.project import PROJECT_FILE
from reconciler.model.resource import Live
from reconciler.model.values import Secret
from reconciler.pipeline.collector import paused_collector
from reconciler.pipeline.offline import load_inventory
from reconciler.semantics.together import sealed_together, secrets_of
from reconciler.sources.texts import TextTree
from reconciler.stages.diff import diff
from reconciler.stages.match import match
from reconciler.stages.read import Wants, everything, read

NONE, PROFILES, FULL = FACTORS = ("none", "profiles", "full")
"""How much of what objects share is written once."""

_ROUNDS = 8
"""How often what was found wrong is left out and the rest tried again; every round takes something away."""


class Export(Struct, frozen=True, kw_only=True):
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
    client: MistClient,
    *,
    org_id: str,
    selection: Selection = EVERYTHING,
    named: bool = True,
    progress: Progress = no_progress,
) -> Matches:
    """Everything live that a selection needs, with addresses and names; secrets are sealed, and known to the client.
    Without `named`, what the objects name is not read for it.
    Raises `UsageError` for a selection that means nothing."""
    known = with_unmodelled(kinds())
    wants: Wants = everything(known, chosen=selection.kinds, sites=selection.sites, named=named)
    live = read(client, wants, org_id=org_id, kinds=known, progress=progress)
    with paused_collector():
        matches = sealed_together(match((), live, kinds=known))
    refuse_unknown(matches, selection)
    client.know(secrets_of(matches))
    return matches


def export_of(
    matches: Matches,
    *,
    host: str | None,
    selection: Selection = EVERYTHING,
    full: bool = False,
    factor: str = PROFILES,
) -> Export:
    """What was read -> the files of an inventory, proved against it. Raises `ReconcilerError` where that fails.

    `full` keeps the cloud's defaults; `factor` is one of `FACTORS`. Factoring is proved too: what it makes is composed
    to the same objects as what it was made of."""
    known = with_unmodelled(kinds())
    with paused_collector():
        draft = draft_of(matches, known, selection=selection, full=full)
        draft = with_names(draft, known, known=matches.live.names)
        for _ in range(_ROUNDS):
            items, secrets = with_references(draft.items, field_first=factor == FULL)
            written = _Written(draft, matches.live, host, secrets)
            plain = written.files(Factored(items=items))
            inventory = load_inventory(TextTree(plain), environ=secrets.values)
            faults = _faults(inventory, matches, known)
            if not faults:
                files = plain if factor == NONE else _shared(items, written, inventory, full=factor == FULL)
                return _export(files, draft, matches, secrets, selection)
            draft = without_faults(draft, faults, known)
            draft = with_names(draft, known, known=matches.live.names)
    raise _unproved("after every attempt something in it still differs from what was read")


def _shared(items: Sequence[Item], written: "_Written", plain: Inventory, *, full: bool) -> dict[str, str]:
    """The files with what objects share written once: it changes where a value is written, and no value. With `full`,
    in templates and tables too; what a table would change stays out of it."""
    known, wanted = with_unmodelled(kinds()), composition_of(plain)
    apart: set[Address] = set()
    for _ in range(_ROUNDS if full else 1):
        tables = tables_of(items, known, apart=apart) if full else Tables(items=tuple(items))
        shared = factored(tables.items, known, partial=tables.kinds)
        files = written.files(shared, tables)
        composed = load_inventory(TextTree(files), environ=written.secrets.values)
        found = composition_of(composed)
        different = {address for address in wanted.keys() | found.keys() if wanted.get(address) != found.get(address)}
        if not different and not has_errors(composed.diagnostics):
            return files
        apart |= {above for address in different for above in _with_holders(Address(address))}
    raise _unproved("with what is shared it is composed to something else. --factor none leaves that out")


def _with_holders(address: Address) -> Iterator[Address]:
    yield address
    if address.parent:
        yield from _with_holders(address.parent)


def composition_of(inventory: Inventory) -> dict[str, object]:
    """What an inventory comes to, wherever it is written."""
    return {item.address.text: (item.body, item.api_id) for item in inventory.resources}


def _unproved(why: str) -> ReconcilerError:
    return ReconcilerError(
        f"The export could not be proved: {why}; nothing was written",
        remedy="This is a mistake in reconciler itself; export a part with --kinds, --sites or --objects",
    )


def _faults(inventory: Inventory, matches: Matches, known: Kinds) -> tuple[Any, ...]:
    paired = sealed_together(match(inventory.resources, matches.live, kinds=known))
    declared = tuple(item for item in paired.matches if item.declared)
    return faults_of(inventory, diff(declared, kinds=known), paired.diagnostics)


class _Written(Struct, frozen=True):
    """What the files of an export have besides its objects."""

    draft: Draft
    live: Live
    host: str | None
    secrets: Secrets

    def files(self, shared: Factored, tables: Tables | None = None) -> dict[str, str]:
        """The texts, by path."""
        known = kinds()
        files = {**texts_of(trees_of(shared.items, known, profiles=shared.named)), **(tables.files if tables else {})}
        external = {
            known[kind].plural if kind in known else kind: sorted(names)
            for kind, names in self.draft.external.items()
            if names
        }
        project = {
            "version": 1,
            "org": {**({"name": self.live.org_name} if self.live.org_name else {}), "id": self.live.org_id},
            "host": self.host,
            "defaults": {known[kind].plural: dict(found) for kind, found in shared.defaults.items()},
            "profiles": {known[kind].plural: dict(found) for kind, found in shared.profiles.items()},
            "generate": [dict(entry) for entry in tables.generate] if tables else [],
            "external": external,
            "secrets": {"env_file": ENV_FILE} if self.secrets.places else {},
        }
        files[PROJECT_FILE] = project_text({key: value for key, value in project.items() if value})
        if self.secrets.places:
            files[ENV_EXAMPLE] = env_example(self.secrets)
            files[".gitignore"] = IGNORED
        return dict(sorted(files.items()))


def _export(files: Mapping[str, str], draft: Draft, matches: Matches, secrets: Secrets, selection: Selection) -> Export:
    known = with_unmodelled(kinds())
    meant = [item for item in matches.live.objects if item.address and is_wanted(item.address, selection)]
    return Export(
        files=files,
        org_id=matches.live.org_id,
        org_name=matches.live.org_name,
        objects=sum(1 for item in draft.items if not known[item.kind].singleton),
        live=sum(1 for item in meant if not known[item.kind].singleton),
        calls=matches.live.calls,
        secrets={name: Secret(value, origin="live") for name, value in secrets.values.items()},
        diagnostics=in_order(draft.diagnostics),
    )
