"""Objects that a saved plan saw: their lists need not be read, and they count as read all the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.resource import ListId, Live, LiveObject, Resource
from reconciler.stages.read.scope import kinds_named_by


def lists_seen(seen: Iterable[LiveObject], resources: Iterable[Resource], *, kinds: Kinds) -> frozenset[ListId]:
    """The lists of sites in which nothing else is needed: `resources` are all that the run needs."""
    known = {item.address for item in seen}
    others: set[tuple[str, Address | None]] = set()
    for item in resources:
        if item.address not in known:
            others.add((item.kind, item.parent))
        others.update((name, item.parent) for name in kinds_named_by(kinds[item.kind], item.body))
    return frozenset(
        (item.kind, item.parent_id) for item in seen if item.address and (item.kind, item.address.parent) not in others
    )


def with_seen(live: Live, seen: Sequence[LiveObject], *, kinds: Kinds) -> Live:
    """What was read, and the objects that were seen before: those of lists that were not asked for, in sites that are
    still there."""
    there = {item.id for item in live.objects}
    more = [item for item in seen if item.parent_id in there and not live.was_listed(item.kind, item.parent_id)]
    if not more:
        return live
    order: defaultdict[str, int] = defaultdict(int, {kind.name: at for at, kind in enumerate(kinds)})
    objects = sorted((*live.objects, *more), key=lambda item: (order[item.kind], item.parent_id or "", item.id))
    return replace(live, objects=tuple(objects))
