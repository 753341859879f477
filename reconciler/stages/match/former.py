"""Who an object was: aliases that are addresses, and live objects of a new one's name in other places. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address, former_address
from reconciler.model.match import Match
from reconciler.model.resource import Live, LiveObject, Resource
from reconciler.model.values import YamlMap
from reconciler.semantics.naming import alike
from reconciler.stages.match.devices import Refusal
from reconciler.stages.match.identity import live_name

Named = Mapping[Address, Sequence[LiveObject]]
"""The live objects by their address under live names."""
Free = Callable[[LiveObject], bool]
"""Whether nothing declared is a live object yet."""


def former_names(resource: Resource, ids: Mapping[Address, str | None], named: Named) -> Iterator[str]:
    """The aliases, and the names of those that are addresses in the same place as now. `ids` are the live ids of what
    is matched already: of what holds the resource, too."""
    parent_id = ids.get(resource.parent) if resource.parent else None
    for alias in resource.aliases:
        yield alias
        former = former_address(alias, resource.kind)
        if former and former.name and _id_of_holder(former, ids, named) == parent_id:
            yield former.name


def _id_of_holder(address: Address, ids: Mapping[Address, str | None], named: Named) -> str | None:
    """The live id of what holds an address, by its declared name or the one that is live."""
    if address.parent is None:
        return None
    return ids.get(address.parent) or next((item.id for item in named.get(address.parent, ())), None)


class Elsewhere(Struct, frozen=True):
    """The live objects of other places that declared ones were, by aliases that are addresses. `buckets` and `named`
    are all by place and name and by address, `ids` the live ids of what is matched so far, `unclear` the kind
    and id of what nobody may delete, `declared` all addresses, `moved` those of what comes from another place."""

    live: Live
    kinds: Kinds
    buckets: Mapping[tuple[str, str | None], Mapping[str, Sequence[LiveObject]]]
    named: Named
    ids: Mapping[Address, str | None]
    unclear: set[tuple[str, str]]
    declared: set[Address] = field(default_factory=set)
    moved: set[Address] = field(default_factory=set)

    def find(self, resource: Resource, free: Free) -> Sequence[LiveObject] | Refusal:
        """What the resource was and shall be no more, of what is still free: nothing, one, or several of one name. A
        refusal where the API can't move it from there, or where nobody knows what lies there."""
        kind = self.kinds[resource.kind]
        for former, held_by in self._places(resource):
            if miss := self._miss(kind, former, held_by):
                return _unread(former, miss)
            there = self.buckets.get((kind.name, held_by), {}).get(alike(former.name or ""), ())
            found = [item for item in there if live_name(kind, item) == former.name and free(item)]
            if resource.api_id:
                found = [item for item in found if item.id.lower() == resource.api_id.lower()]
            if found and not can_move(kind, former, resource):
                self.unclear.update((item.kind, item.id) for item in found)
                return _stuck(former, found[0])
            if found:
                self.moved.update((resource.address,) if len(found) == 1 else ())
                return found
        return ()

    def _places(self, resource: Resource) -> Iterator[tuple[Address, str | None]]:
        """The addresses in other places than now, each with the live id of what holds it (None: the organisation)."""
        here = self.ids.get(resource.parent) if resource.parent else None
        for former in map(partial(former_address, kind=resource.kind), resource.aliases):
            if former is None or former in self.declared or former.parent == resource.parent:
                continue
            held_by = _id_of_holder(former, self.ids, self.named)
            if bool(held_by) == bool(former.parent) and (held_by is None or held_by != here):
                yield former, held_by

    def _miss(self, kind: Kind, former: Address, held_by: str | None) -> str:
        """Why the list in which an object lay is not known; "" where it is, or where the kind can't live there."""
        endpoint = kind.endpoint(former.parent.kind if former.parent else None)
        place = held_by if endpoint and endpoint.parent and not endpoint.parent_field and not kind.assigning else None
        if endpoint is None or (kind.name, held_by) in self.buckets:
            return ""
        reasons = (
            miss.reason for miss in self.live.unread if miss.kind == kind.name and miss.parent_id in (held_by, place)
        )
        return next(reasons, "" if self.live.was_listed(kind.name, place) else "this run did not read it")

    def marked(self, match: Match) -> Match:
        """The match, of what is moved with what shall hold it as a declared field."""
        holder, declared = self.kinds[match.kind].holder, match.declared
        if match.address not in self.moved or not holder or not declared or not declared.parent:
            return match
        body = {holder.field: declared.parent.text, **declared.body}
        marked = YamlMap(body, marks=declared.body.marks, mark=declared.body.mark)
        return replace(match, declared=replace(declared, body=marked))

    def saying(self, matches: Iterable[Match]) -> set[tuple[str, str]]:
        """The kind and id of the live objects whose declared bodies have what shall hold them."""
        return {
            (item.kind, item.live.id)
            for item in matches
            if item.live and item.declared and (end := self.kinds[item.kind].holder) and end.field in item.declared.body
        }


def can_move(kind: Kind, former: Address, resource: Resource) -> bool:
    """Whether the API can move an object from one address to another: where what holds it is a field of its own, or
    it comes to a site by a call of its own."""
    before = kind.endpoint(former.parent.kind if former.parent else None)
    now = kind.endpoint(resource.parent.kind if resource.parent else None)
    if kind.assigning:
        return before is not None and now is not None and not resource.absent
    return before is not None and before is now and bool(now.parent_field) and not resource.absent


def _unread(former: Address, reason: str) -> Refusal:
    words = f"it was {former} by its alias, and the list that would hold that could not be looked at: {reason}"
    return Refusal("unread", "The live state could not be read", words)


def _stuck(former: Address, found: LiveObject) -> Refusal:
    words = (
        f"it was {former} (id {found.id}), and the API can't move it from there: take the alias out to make a new one "
        "here, with what you declare of it, and delete that one with `absent: true`. The rest goes on"
    )
    return Refusal("alias-elsewhere", "An alias lies in another place", words)


def twins_elsewhere(
    matches: Iterable[Match], unmanaged: Iterable[Match], kinds: Kinds, name_of: Callable[[LiveObject], str]
) -> Iterator[tuple[Resource, str]]:
    """What is to be made while live objects of its name, which nobody declared, lie in other places, and what to say of
    them: of kinds whose objects templates hold, so that both reach the same sites."""
    found: defaultdict[tuple[str, str], list[Match]] = defaultdict(list)
    for item in unmanaged:
        if item.live and any(end.parent_field for end in kinds[item.kind].endpoints):
            found[item.kind, alike(name_of(item.live))].append(item)
    for item in matches if found else ():
        made = item.declared if item.live is None else None
        twins = found.get((item.kind, alike(made.key or ""))) if made and not made.absent else None
        if made and twins:
            more = f" and {len(twins) - 1:,} more" if len(twins) > 1 else ""
            detail = (
                f"{item.address} is made anew, and {twins[0].address}{more} of the same name stays live beside it: "
                f"nobody declares it. {_remedy(kinds[item.kind], twins[0].address, made)}"
            )
            yield made, detail


def _remedy(kind: Kind, twin: Address, made: Resource) -> str:
    if can_move(kind, twin, made):
        return f"To move that one here, write `aliases: [{twin}]`"
    return "If it was moved, delete that one with `absent: true`"
