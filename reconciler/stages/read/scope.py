"""Which declared objects a narrowed run needs: all resources and a selection in, the chosen ones and their needs out.

One pass, whatever the number of targets: a saved plan of thousands of changes is read for these changes only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconciler.kinds import Kind, Kinds, Reference
from reconciler.kinds.shared.checks import each, split
from reconciler.model.address import Address
from reconciler.model.matching import covers, is_pattern
from reconciler.model.resource import Resource


def in_scope(resources: Sequence[Resource], targets: tuple[str, ...], *, kinds: Kinds) -> tuple[Resource, ...]:
    """What the targets name, with what that may refer to and what holds it; everything where a target names nothing
    that is declared, or something that is to go: what still needs it may stand anywhere."""
    chosen = _chosen(resources, targets)
    if chosen is None or any(item.absent for item in chosen):
        return tuple(resources)
    return tuple(_with_needs(chosen, resources, kinds))


def not_excluded(resources: Sequence[Resource], excludes: tuple[str, ...], *, kinds: Kinds) -> tuple[Resource, ...]:
    """What the excludes don't name, with what that may refer to and what holds it."""
    if any(item.absent for item in resources):
        return tuple(resources)
    kept = [item for item in resources if not covers(excludes, item.address)]
    return tuple(_with_needs(kept, resources, kinds))


def needed_for(resources: Sequence[Resource], addresses: Iterable[str], *, kinds: Kinds) -> tuple[Resource, ...]:
    """The resources of exactly these addresses, with what they may refer to and what holds them."""
    wanted = frozenset(addresses)
    return tuple(_with_needs([item for item in resources if item.address.text in wanted], resources, kinds))


def _with_needs(waiting: list[Resource], resources: Sequence[Resource], kinds: Kinds) -> list[Resource]:
    found = {item.address for item in waiting}
    by_address = {item.address: item for item in resources}
    beside: defaultdict[tuple[str, Address | None], list[Resource]] = defaultdict(list)
    for item in resources:
        beside[item.kind, item.parent].append(item)
    while waiting:
        item = waiting.pop()
        holder = by_address.get(item.parent) if item.parent else None
        needed = [holder] if holder else []
        for target in kinds_named_by(kinds[item.kind], item.body):
            for parent in dict.fromkeys((None, item.parent)):
                needed += beside.pop((target, parent), ())
        for other in needed:
            if other.address not in found:
                found.add(other.address)
                waiting.append(other)
    return [item for item in resources if item.address in found]


def _chosen(resources: Sequence[Resource], targets: tuple[str, ...]) -> list[Resource] | None:
    """The resources that the targets name, or that lie in what they name; None where one of them names nothing."""
    declared = {step.text for item in resources for step in _with_holders(item.address)}
    exact = declared.intersection(targets)
    patterns = tuple(target for target in targets if target not in exact or is_pattern(target))
    chosen = [
        item
        for item in resources
        if any(step.text in exact for step in _with_holders(item.address)) or covers(patterns, item.address)
    ]
    missed = [target for target in patterns if target not in exact]
    if any(not any(covers((target,), item.address) for item in chosen) for target in missed):
        return None
    return chosen


def _with_holders(address: Address) -> Iterable[Address]:
    step: Address | None = address
    while step is not None:
        yield step
        step = step.parent


def kinds_named_by(kind: Kind, body: Mapping[str, Any]) -> Iterable[str]:
    """The kinds that the declared fields of a body refer to."""
    if not kind.may_refer(body):
        return ()
    named = (item for item in kind.references if not item.by_name and not item.itself)
    return sorted({item.kind for item in named if _is_declared(item, body)})


def _is_declared(reference: Reference, body: Mapping[str, Any]) -> bool:
    if reference.root not in body and reference.root != "*":
        return False
    if reference.when is not None and body.get(reference.when[0]) != reference.when[1]:
        return False
    return next(each(body, split(reference.field)), None) is not None
