"""What is live, and what of it an inventory declares: read -> match -> a list, each object with its last edit."""

from collections.abc import Sequence

from msgspec.structs import replace

from reconciler.drift.attribution import Log, edits_of
from reconciler.drift.log import DAYS, read_log
from reconciler.export.objects import unread_lists
from reconciler.kinds import Kinds, kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.mist.client import MistClient
from reconciler.model.inventory import Inventory
from reconciler.model.listing import Listed, Listing, shares_of
from reconciler.model.match import Matches
from reconciler.model.options import Progress, no_progress
from reconciler.model.resource import LiveObject
from reconciler.pipeline.online import guard_organisation
from reconciler.semantics.together import sealed_together, secrets_of
from reconciler.stages.match import match
from reconciler.stages.read import Below, everything, read


def list_live(
    client: MistClient,
    *,
    org_id: str,
    inventory: Inventory | None,
    wanted: frozenset[str] = frozenset(),
    progress: Progress = no_progress,
) -> Listing:
    """Every live object of the `wanted` kinds (of all when empty). Singletons, which come and go with what holds them,
    are not counted. The audit log is asked for who changed what, one call per 1,000 entries."""
    before = client.calls.total
    known = with_unmodelled(kinds())
    matches = _read(client, org_id, known, wanted, progress)
    if inventory is not None:
        guard_organisation(matches.live, inventory.project.org.name)
        matches = match(inventory.resources, matches.live, kinds=known)
    objects = _with_edits(_objects(matches, known, wanted, told=inventory is not None), client, org_id, known)
    return Listing(
        org_id=org_id,
        org_name=matches.live.org_name,
        objects=tuple(objects),
        shares=shares_of((known[one.kind].plural, bool(one.declared)) for one in objects)
        if inventory is not None
        else {},
        diagnostics=tuple(unread_lists(matches.live)),
        calls=client.calls.total - before,
    )


def _read(client: MistClient, org_id: str, known: Kinds, wanted: frozenset[str], progress: Progress) -> Matches:
    """What counts, with addresses: no singleton, and of devices no more than the organisation's one list of them."""
    chosen = wanted or {kind.name for kind in known if kind.endpoints and not kind.singleton}
    wants = everything(known, chosen=frozenset(chosen), named=False)
    below = {name: Below() if known[name].hardware else asked for name, asked in wants.below.items()}
    live = read(client, replace(wants, below=below), org_id=org_id, kinds=known, progress=progress)
    assigned = [
        LiveObject(kind=kind.name, id=device.id, parent_id=device.site_id, body={"id": device.id, "mac": device.mac})
        for device in (live.claimed or {}).values()
        for kind in known
        if kind.hardware == device.type and kind.name in below and device.site_id
        if device.chassis in ("", device.mac)
    ]
    matches = sealed_together(match((), replace(live, objects=(*live.objects, *assigned)), kinds=known))
    client.know(secrets_of(matches))
    return matches


def _objects(matches: Matches, known: Kinds, wanted: frozenset[str], *, told: bool) -> list[Listed]:
    declared = {(item.kind, item.live.id) for item in matches.matches if item.declared and item.live}
    order = {kind.name: at for at, kind in enumerate(sorted(known, key=lambda kind: kind.plural))}
    found = [
        Listed(
            address=item.address,
            kind=item.kind,
            id=item.id,
            declared=(item.kind, item.id) in declared if told else None,
            modified=item.modified_time,
        )
        for item in matches.live.objects
        if item.address and not known[item.kind].singleton and (not wanted or item.kind in wanted)
    ]
    return sorted(found, key=lambda one: (order[one.kind], one.address))


def _with_edits(objects: Sequence[Listed], client: MistClient, org_id: str, known: Kinds) -> list[Listed]:
    log = Log(
        read_log(client, org_id, days=DAYS).events, kinds=known, ids={item.address.text: item.id for item in objects}
    )
    edits = edits_of((item.address for item in objects), log, {item.address.text: item.id for item in objects})
    return [replace(item, edited=edit.edited) for item, edit in zip(objects, edits, strict=True)]
