"""The live organisation, as far as it is wanted: `Wants` in (`wants_of` makes them of an inventory), `Live` out.

Reads the organisation itself, every organisation-level list that is declared, pruned or referenced, and below each
site only what is declared (or pruned) there. S sites that have a setting and WLANs take exactly
1 + organisation lists (one call per 1,000 objects) + 2 S calls. Where devices are declared, the claimed ones are
listed too, and the devices of each site that a declared one is at now. A list that can't be read becomes an `Unread`,
never an empty list; nor is one that holds nothing while an object that was in it is still there. A refused token, an
unreachable host, an exhausted budget or an unknown organisation end the run.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.errors import BadAnswer
from reconciler.kinds import Kinds
from reconciler.mist.client import MistClient
from reconciler.model.memory import Asked, Memory, named_by
from reconciler.model.options import Progress, no_progress
from reconciler.model.resource import Live
from reconciler.stages.read.belongings import read_belongings
from reconciler.stages.read.claimed import moved, read_claimed, unassigned, where_they_are
from reconciler.stages.read.counting import calls_to_read
from reconciler.stages.read.late import wait_until_listed
from reconciler.stages.read.listings import (
    asked_below,
    live_objects,
    names_of,
    organisation_listings,
    read_listings,
    site_listings,
    unread_of,
    where_listed,
)
from reconciler.stages.read.scope import needed_for, not_excluded
from reconciler.stages.read.seen import lists_seen, with_seen
from reconciler.stages.read.wants import SITE, Below, Wants, everything, wants_of, with_beside

__all__ = [
    "Below",
    "Wants",
    "asked_below",
    "calls_to_read",
    "everything",
    "lists_seen",
    "needed_for",
    "not_excluded",
    "read",
    "read_belongings",
    "wait_until_listed",
    "wants_of",
    "with_beside",
    "with_seen",
]


def read(
    client: MistClient,
    wants: Wants,
    *,
    kinds: Kinds,
    org_id: str,
    progress: Progress = no_progress,
    memory: Memory | None = None,
) -> Live:
    """Everything live that `wants` names, bodies as the API answered. What `memory` has is not read again. A look at
    the token that came first counts as a part of it."""
    told = client.name_of_organisation(org_id) if memory is None else None
    before, memory = 0 if told else client.calls.total, Memory() if memory is None else memory
    org_name = told or _name_of(_organisation(client, org_id, memory), org_id)
    listings = organisation_listings(wants, kinds, org_id)
    known = wants.remembered
    top = read_listings(client, listings, "reading the organisation", progress, memory=memory, remembered=known)
    sites = [body for found in top if found.listing.kind.name == SITE for body in found.bodies]
    claimed, unlisted = read_claimed(client, wants, kinds, org_id, memory=memory)
    memory.forget(moved(memory, claimed))
    wants = where_they_are(wants, claimed, kinds)
    wanted = site_listings(wants, kinds, sites, org_id)
    below = read_listings(client, wanted, "reading sites", progress, memory=memory, remembered=known)
    found = (*top, *below)
    objects = live_objects(found, kinds, more=unassigned(wants, claimed, kinds))
    return Live(
        org_id=org_id,
        org_name=org_name,
        objects=objects,
        unread=(*unread_of(found, objects), *unlisted),
        calls=client.calls.total - before,
        listed=where_listed(found),
        names=names_of(found),
        claimed=claimed,
        token_known=told is not None,
    )


def _organisation(client: MistClient, org_id: str, memory: Memory) -> Mapping[str, Any]:
    whole: Asked = (f"orgs/{org_id}", ())
    held = memory.answer(named_by(org_id))
    if held is None:
        if memory.alone:
            return {}
        name = client.name_of_organisation(org_id)
        if not name:
            memory.learn(whole, (client.get(whole[0]),))
        held = ({"id": org_id, "name": name},) if name else memory.answers[whole]
        memory.learn(named_by(org_id), held)
    return held[0]


def _name_of(organisation: Mapping[str, Any], org_id: str) -> str:
    name = organisation.get("name")
    if not isinstance(name, str):
        raise BadAnswer(f"The answer to GET orgs/{org_id} holds no name", method="GET", path=f"orgs/{org_id}")
    return name
