"""What a plan saw of the objects that it updates at sites: kept in its file, so that its apply reads each of them once,
right before its write, and not also all of them before the first.

Kept are the declared leaves of the roots that a change sends, as they were live, and the object's id. Nothing of it
decides what is written: the change is recomputed from it and compared with the approval as from a fresh read, and the
read before the write refuses what is no longer so.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.kinds import Kinds
from reconciler.model.change import Action, Change
from reconciler.model.resource import LiveObject, Resource
from reconciler.model.values import Secret, SecretRef
from reconciler.semantics.overlay import project

Seen = Mapping[str, Any]


def seen_of(change: Change, kinds: Kinds) -> Seen | None:
    """What is kept of a change; None where the object has to be read again before the first write: it is no update,
    is one of the organisation (whose lists are read whatever happens), or has to do with a secret."""
    kind, declared, live = kinds[change.kind], change.declared, change.live
    if declared is None or live is None or live.parent_id is None or change.action is not Action.UPDATE:
        return None
    holder = change.address.parent
    if change.placement or kind.hardware or holder is None or holder.kind != "site" or change.deferred:
        return None
    roots = sorted((*change.replaces, *change.clears))
    was = {
        root: project(live.body.get(root), declared.body.get(root), kind.shape.below(root))
        for root in roots
        if root in live.body
    }
    if _holds_any_secret([was, *(declared.body.get(root) for root in roots)]):
        return None
    return {"id": live.id, "holder": live.parent_id, "roots": roots, "was": json.loads(json.dumps(was))}


def _holds_any_secret(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_any_secret, value.values()))
    if isinstance(value, list):
        return any(map(_holds_any_secret, value))
    return isinstance(value, Secret | SecretRef)


def objects_seen(seen: Mapping[str, Seen], resources: Iterable[Resource]) -> tuple[LiveObject, ...]:
    """The live objects that a file's plan saw, by address, as far as their resources are still declared. Of the roots
    that the plan didn't send each is as declared: they are neither compared nor sent."""
    found = []
    for item in resources:
        was = seen.get(item.address.text)
        if was is None:
            continue
        others = {root: value for root, value in item.body.items() if value is not None and root not in was["roots"]}
        found.append(
            LiveObject(
                kind=item.kind,
                id=str(was["id"]),
                parent_id=str(was["holder"]),
                body={**others, **was["was"]},
                address=item.address,
            )
        )
    return tuple(found)
