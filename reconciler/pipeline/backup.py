"""The way in from a backup: what the public scripts read -> the organisation as if it had been read now.

lists of the backup -> live objects -> match (with nothing) -> the same as an export, and its proof against the backup
"""

from collections import defaultdict
from collections.abc import Iterable

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, in_order
from reconciler.imports.backup import ABSENT, Backup
from reconciler.kinds import kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.model.resource import Live
from reconciler.pipeline.collector import paused_collector
from reconciler.pipeline.export import PROFILES, Export, export_of
from reconciler.semantics.together import sealed_together
from reconciler.stages.match import match
from reconciler.stages.read import everything
from reconciler.stages.read.listings import (
    Listed,
    Listing,
    live_objects,
    names_of,
    organisation_listings,
    part_of,
    site_listings,
    unread_of,
    where_listed,
)

_PART = "a backup holds only a part of each"


def import_backup(backup: Backup, *, host: str | None = None, factor: str = PROFILES) -> Export:
    """A backup -> the files of an inventory, proved against it. What the backup has no list of is told, by kind.
    Raises `ReconcilerError` where the proof fails."""
    with paused_collector():
        live, absent = _live(backup)
        matches = sealed_together(match((), live, kinds=with_unmodelled(kinds())))
    export = export_of(matches, host=host, factor=factor)
    return replace(export, diagnostics=in_order((*export.diagnostics, *_told(absent))))


def _live(backup: Backup) -> tuple[Live, list[Listed]]:
    """The organisation, and the lists that the backup lacks."""
    known = with_unmodelled(kinds())
    wants = everything(known)
    top = [_listed(backup, item) for item in organisation_listings(wants, known, backup.org_id)]
    sites = [body for found in top if found.listing.kind.name == "site" for body in found.bodies]
    below = [_listed(backup, item) for item in site_listings(wants, known, sites, backup.org_id)]
    found = [*top, *below]
    objects = live_objects(found, known)
    name = backup.answer(f"orgs/{backup.org_id}", {})[0]
    live = Live(
        org_id=backup.org_id,
        org_name=str(name.get("name") or "") if isinstance(name, dict) else "",
        objects=objects,
        unread=unread_of((item for item in found if item.reason != ABSENT), objects),
        listed=where_listed(found),
        names=names_of(found),
    )
    return live, [item for item in found if item.reason == ABSENT]


def _listed(backup: Backup, listing: Listing) -> Listed:
    endpoint = listing.endpoints[0]
    value, reason = backup.answer(listing.path, endpoint.query)
    if reason or (endpoint.partial and value):
        return Listed(listing=listing, reason=reason or _PART)
    if listing.single:
        return Listed(listing=listing, bodies=[value])
    return part_of(listing, Listed(listing=listing, bodies=value))


def _told(absent: Iterable[Listed]) -> list[Diagnostic]:
    plurals: defaultdict[str, set[str]] = defaultdict(set)
    for item in absent:
        plurals[item.reason].add(item.listing.kind.plural)
    return [
        Diagnostic(
            severity=Severity.WARNING,
            rule="not-in-backup",
            summary="Kinds of which the backup has no list",
            detail=f"nothing is known of {', '.join(sorted(names))}",
        )
        for _, names in sorted(plurals.items())
    ]
