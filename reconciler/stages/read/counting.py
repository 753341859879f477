"""How many calls a read takes: wants and what is live in, a number out. No network."""

from collections import Counter

from reconciler.kinds import Kinds
from reconciler.model.memory import Asked
from reconciler.model.resource import ListId, Live
from reconciler.semantics.bulk import pages_of
from reconciler.stages.read.claimed import is_listed, where_they_are
from reconciler.stages.read.listings import organisation_listings, site_listings
from reconciler.stages.read.wants import SITE, Wants


def calls_to_read(wants: Wants, live: Live, kinds: Kinds) -> int:
    """The calls for these lists, where each of them is as long as it was read; without the organisation's name."""
    sites = [{"id": item.id, "name": item.body.get("name", "")} for item in live.objects if item.kind == SITE]
    ids = {site["id"] for site in sites}
    held: Counter[ListId] = Counter(
        (item.kind, item.parent_id if item.parent_id in ids else None) for item in live.objects
    )
    asked: Counter[Asked] = Counter()
    for listing in organisation_listings(wants, kinds, live.org_id):
        asked[listing.asked] += held[listing.kind.name, None]
    for listing in site_listings(where_they_are(wants, live.claimed, kinds), kinds, sites, live.org_id):
        asked[listing.asked] += held[listing.kind.name, listing.holder]
    claimed = pages_of(len(live.claimed or ())) if is_listed(wants, kinds) else 0
    return claimed + sum(map(pages_of, asked.values()))
