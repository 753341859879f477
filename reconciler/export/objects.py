"""Live objects to be declared: what was read and paired with nothing in, items out, and what can't be one.

Objects that share their name are told apart by their ids, under keys of their own; so is, by its id alone, one whose
name differs from another's only in case or blanks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.diagnostics import Diagnostic
from reconciler.errors import UsageError
from reconciler.export.fields import declared_fields
from reconciler.export.items import SITE, Draft, Item, Selection, is_wanted, left_out, within
from reconciler.export.namesakes import labels_of, namesakes, relabelled
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.match import Matches
from reconciler.model.matching import covers, is_meant, nearest
from reconciler.model.resource import Live, LiveObject
from reconciler.semantics.naming import alike


def draft_of(matches: Matches, kinds: Kinds, *, selection: Selection, full: bool = False) -> Draft:
    """What of the live organisation is to be declared. `matches` pairs what is declared already."""
    live = matches.live
    modelled = [item for item in live.objects if kinds[item.kind].model and not _is_unassigned(item, kinds)]
    chosen = [item for item in modelled if item.address and is_wanted(item.address, selection)]
    paired = {(item.kind, item.live.id) for item in matches.matches if item.declared and item.live}
    labels = labels_of(modelled, kinds, {item.live.id for item in matches.matches if item.live and not item.declared})
    twins = {
        address: ids
        for item, address, ids in _twins(modelled, kinds)
        if item.id not in labels and (item.kind, item.id) not in paired
    }
    pins = _pins(modelled, kinds)
    items, found = [], []
    for item in sorted(chosen, key=lambda one: one.address or Address("")):
        address = item.address
        assert address is not None  # noqa: S101 - chosen by it
        kind = kinds[item.kind]
        if address in twins:
            found.append(_twin(address, item, twins[address]))
        elif not kind.singleton and kind.name_in(item.answer or item.body) is None:
            found.append(_nameless(address, item, kind.key))
        elif within(address, twins):
            continue  # what holds it is told
        else:
            body = declared_fields(kind, item.body, full=full)
            if body or not kind.singleton:
                pin = item.id if item.id in pins else None
                items.append(Item(address=address, kind=item.kind, id=item.id, body=body, pin=pin))
    items = relabelled(items, labels, kinds, beside=bool(paired))
    return Draft(items=tuple(items), diagnostics=(*found, *_not_declarable(live, kinds, selection)))


def refuse_unknown(matches: Matches, selection: Selection) -> None:
    """Raises `UsageError` for a glob or an address that means nothing live: most often it is a typing error."""
    live = [item.address for item in matches.live.objects if item.address]
    sites = [address.name or "" for address in live if address.kind == SITE]
    if selection.sites is not None and not any(is_meant(name, selection.sites) for name in sites):
        raise UsageError(f"--sites {selection.sites} means no live site", remedy=_hint(selection.sites, sites))
    for rule in selection.objects:
        if not any(covers((rule,), address) for address in live):
            near = [address.text for address in live]
            raise UsageError(f"--objects {rule} names nothing that is live", remedy=_hint(rule, near))


def _hint(rule: str, known: Iterable[str]) -> str:
    near = nearest(rule, known)
    return f"Did you mean {' or '.join(near)}?" if near else "`reconciler list` shows the addresses"


def _is_unassigned(item: LiveObject, kinds: Kinds) -> bool:
    """Whether it is a claimed device at no site: it has no configuration yet."""
    return item.parent_id is None and bool(kinds[item.kind].hardware)


def _twins(objects: Iterable[LiveObject], kinds: Kinds) -> Iterator[tuple[LiveObject, Address, list[str]]]:
    """Objects below one parent that share their name, each with the ids of all of them."""
    for group in namesakes(objects, kinds):
        ids = sorted(one.id for one in group)
        yield from ((item, item.address, ids) for item in group if item.address)


def _pins(objects: Iterable[LiveObject], kinds: Kinds) -> frozenset[str]:
    """The ids of objects that people could take for one another by their names."""
    named: list[tuple[tuple[str, str | None, str], str]] = []
    for item in objects:
        kind = kinds[item.kind]
        if not kind.singleton:
            name = kind.name_in(item.answer or item.body) or item.id
            named.append(((item.kind, item.parent_id, alike(name)), item.id))
    counts = Counter(slot for slot, _ in named)
    return frozenset(object_id for slot, object_id in named if counts[slot] > 1)


def _twin(address: Address, item: LiveObject, ids: list[str]) -> Diagnostic:
    others = " and ".join(other for other in ids if other != item.id)
    return left_out(
        "ambiguous-live",
        "Live objects have the same name",
        f"{address} is not exported: the object with the id {others} has the same name. Rename one of them",
        address,
    )


def _nameless(address: Address, item: LiveObject, key: str) -> Diagnostic:
    return left_out(
        "no-name",
        "A live object has no name",
        f"the {item.kind} with the id {item.id} is not exported: its `{key}` is empty. Give it one in the portal",
        address,
    )


def _not_declarable(live: Live, kinds: Kinds, selection: Selection) -> list[Diagnostic]:
    """What was read and has no place in an inventory, and what could not be read."""
    if selection.objects:
        return []
    return [
        *_unmodelled(live, kinds),
        *_unassigned(live, kinds),
        *unread_lists(live),
        *([] if selection.kinds else _homeless(live)),
    ]


def _unmodelled(live: Live, kinds: Kinds) -> list[Diagnostic]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for item in live.objects:
        if not kinds[item.kind].model:
            names[kinds[item.kind].plural].append(_shown(item))
    return [
        left_out(
            "not-modelled",
            "Objects of a kind that can't be declared",
            f"{plural}: {', '.join(sorted(found)[:8])}{_more(len(found) - 8)}",
        )
        for plural, found in sorted(names.items())
    ]


def _unassigned(live: Live, kinds: Kinds) -> list[Diagnostic]:
    names = sorted(_shown(item) for item in live.objects if _is_unassigned(item, kinds))
    if not names:
        return []
    named = f"{', '.join(names[:8])}{_more(len(names) - 8)}"
    return [left_out("not-assigned", "Claimed devices are at no site", f"{named}: there is nothing to declare of them")]


def _homeless(live: Live) -> list[Diagnostic]:
    known = {item.id for item in live.objects}
    lost = sorted(name for object_id, name in live.names.items() if object_id not in known)
    if not lost:
        return []
    named = f"{', '.join(lost[:8])}{_more(len(lost) - 8)}"
    detail = f"{named}: they belong to no template and to no site, so that an inventory has no place for them"
    return [left_out("no-place", "Live objects without a parent", detail)]


def unread_lists(live: Live) -> list[Diagnostic]:
    """The lists that could not be read, each with the reason."""
    sites = {item.id: str(item.body.get("name", item.id)) for item in live.objects if item.kind == SITE}
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for miss in live.unread:
        groups[miss.kind, miss.reason].append(sites.get(miss.parent_id or "", ""))
    return [
        left_out(
            "unread",
            "The live state could not be read",
            f"nothing is known of the {kind} objects{_at(places)}, because reading their list failed: {reason}",
        )
        for (kind, reason), places in sorted(groups.items())
    ]


def _at(places: list[str]) -> str:
    named = sorted({place for place in places if place})
    return f" of {', '.join(named[:5])}{_more(len(named) - 5)}" if named else ""


def _more(count: int) -> str:
    return f" and {count:,} more" if count > 0 else ""


def _shown(item: LiveObject) -> str:
    name: Any = item.address.name if item.address else None
    return str(name or item.id)
