"""Finds declared devices among the claimed ones: at their site, at another one, at none, or not claimed.

A device is neither made nor deleted. Where it is not at its site yet, a `Placement` says how it comes there; where it
can't, a `Refusal` says what to do. So it is with what the organisation has and assigns to sites (`Kind.assigning`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address, device_id, plain_mac
from reconciler.model.change import Placement
from reconciler.model.resource import Claimed, Live, LiveObject, Resource
from reconciler.stages.match.identity import live_name

Free = Callable[[LiveObject], bool]
"""Whether nothing declared is a live object yet."""


class Found(Struct, frozen=True, kw_only=True):
    """The live object that a declared device is, how it comes to its site (None: it is there), and others that belong
    to the same device."""

    live: LiveObject | None
    placement: Placement | None = None
    also: tuple[LiveObject, ...] = ()


class Refusal(Struct, frozen=True):
    """Why a declared device is none that could be configured."""

    rule: str
    summary: str
    detail: str


def with_unclaimed(live: Live, resources: Iterable[Resource], kinds: Kinds) -> Live:
    """`live`, and an object for each declared device that is to be claimed. Its id is known: it is made of the MAC."""
    if live.claimed is None:
        return live
    new = [
        LiveObject(kind=item.kind, id=device_id(item.key), body={"id": device_id(item.key), "mac": item.key})
        for item in resources
        if kinds[item.kind].hardware and item.key and item.key not in live.claimed and _has_code(item)
    ]
    return replace(live, objects=(*live.objects, *new)) if new else live


def _has_code(resource: Resource) -> bool:
    return resource.body.get("claim_code") is not None


class Devices:
    """The devices of an organisation by MAC address."""

    def __init__(self, live: Live, kinds: Kinds, sites: Mapping[str, Address]) -> None:
        self._claimed = live.claimed
        self._sites = sites
        self._by_mac = {
            (item.kind, plain_mac(str(item.body.get("mac")))): item
            for item in live.objects
            if kinds[item.kind].hardware
        }

    def find(
        self, resource: Resource, kind: Kind, site_id: str | None, *, declared: set[Address]
    ) -> Found | Refusal | None:
        """The device that a resource below the site with this id declares (None: the site is made in this run). None
        where nothing is to be done: it shall not be at the site, and is not. `declared` are all addresses."""
        mac = resource.key or ""
        device = (self._claimed or {}).get(mac)
        live = self._by_mac.get((kind.name, mac))
        is_here = live is not None and site_id is not None and live.parent_id == site_id
        if device and (problem := _unfit(kind, device)):
            return problem
        if self._claimed and (apart := self._apart(resource, device, site_id, declared)):
            return apart
        if resource.body.get("unassign") is True:
            before = Placement(before=resource.parent, site_id=site_id, leaves=True)
            return Found(live=live, placement=before) if live and is_here else None
        if live and is_here:
            return Found(live=live)
        if self._claimed is None:
            return Refusal("unread", "The live state could not be read", "the claimed devices could not be read")
        if old := self._replaced(resource, kind, site_id):
            return self._replacing(resource, old, live, device)
        if live is None:
            return _absent(resource, device)
        before = Placement(before=self._sites.get(live.parent_id or ""), site_id=live.parent_id, claims=device is None)
        return Found(live=live, placement=before)

    def _apart(
        self, resource: Resource, device: Claimed | None, site_id: str | None, declared: set[Address]
    ) -> Refusal | None:
        """Members of the virtual chassis, or the cluster, that are claimed and at another site. One that goes where the
        others are, because it is declared there, or with the chassis, is not apart."""
        here = {None, site_id, device.site_id if device else None}
        joined = {item.mac for item in self._members.get(resource.key or "", ())}
        wanted = set(_declared_members(resource))
        for mac in sorted(joined | wanted):
            member = (self._claimed or {}).get(mac)
            comes = Address.of(resource.kind, mac, parent=resource.parent) in declared
            if member and member.site_id not in here and not comes:
                at = self._sites.get(member.site_id or "", member.site_id)
                detail = f"its member {mac} is at {at}, and all members are at one site: assign it to this one first"
                return Refusal("members-apart", "Members of one virtual chassis are not together", detail)
        return None

    @cached_property
    def _members(self) -> Mapping[str, Sequence[Claimed]]:
        """The claimed devices of each virtual chassis, or cluster."""
        found: defaultdict[str, list[Claimed]] = defaultdict(list)
        for item in (self._claimed or {}).values():
            if item.chassis not in ("", item.mac):
                found[item.chassis].append(item)
        return found

    def _replaced(self, resource: Resource, kind: Kind, site_id: str | None) -> LiveObject | None:
        """The device at the same site that a declared one replaces."""
        old = resource.body.get("replaces")
        found = self._by_mac.get((kind.name, plain_mac(old))) if isinstance(old, str) else None
        return found if found and site_id and found.parent_id == site_id else None

    def _replacing(
        self, resource: Resource, old: LiveObject, live: LiveObject | None, device: Claimed | None
    ) -> Found | Refusal:
        if device and device.site_id:
            at = self._sites.get(device.site_id, device.site_id)
            detail = f"{resource.key} is at {at}; a replacement is claimed and at no site: unassign it first"
            return Refusal("device-elsewhere", "A replacement is at a site already", detail)
        if live is None:
            return _absent(resource, device)
        placement = Placement(
            before=resource.parent,
            site_id=old.parent_id,
            claims=device is None,
            replaces=plain_mac(str(old.body.get("mac"))),
        )
        return Found(live=old, placement=placement, also=(live,))


def _declared_members(resource: Resource) -> Iterator[str]:
    """The MAC addresses that a switch says are its members."""
    chassis = resource.body.get("virtual_chassis")
    members = chassis.get("members") if isinstance(chassis, Mapping) else None
    for member in members if isinstance(members, list) else ():
        if isinstance(member, Mapping) and isinstance(member.get("mac"), str):
            yield plain_mac(member["mac"])


def _unfit(kind: Kind, device: Claimed) -> Refusal | None:
    if device.chassis not in ("", device.mac):
        detail = f"{device.mac} is a member of the virtual chassis {device.chassis}: declare that one"
        return Refusal("device-member", "A member of a virtual chassis has no configuration of its own", detail)
    if device.type != kind.hardware:
        model = f" ({device.model})" if device.model else ""
        detail = f"{device.mac}{model} is of type {device.type}: declare it under the key for that type"
        return Refusal("device-type", "A device is of another type", detail)
    return None


def _absent(resource: Resource, device: Claimed | None) -> Refusal:
    if device is not None:
        detail = f"{resource.key} is at the site {device.site_id}, whose devices could not be read"
        return Refusal("unread", "The live state could not be read", detail)
    detail = (
        f"no claimed device has the MAC address {resource.key}: correct it, claim the device in the portal "
        "(Organization > Inventory), or let this tool claim it with `claim_code: !secret env:NAME`"
    )
    return Refusal("not-claimed", "The device is not claimed", detail)


class Assigned:
    """What the organisation has and assigns to sites. Its names tell it apart in one place only: from one site to
    another goes what the inventory itself says is the same."""

    def __init__(self, live: Live, kinds: Kinds, sites: Mapping[str, Address]) -> None:
        self._live = live
        self._kinds = kinds
        self._sites = sites

    def find(
        self, resource: Resource, here: LiveObject | None, site_id: str | None, *, free: Free, declared: set[Address]
    ) -> Found | Refusal | None:
        """What a resource of the organisation (no `site_id`), or below the site of this id, declares: where it is, how
        it comes there, or that it is to be claimed. `here` is what it is by its name, an alias or its `id:`; `free`
        says of a live object that nothing declared is it yet, and `declared` are all addresses. None where nothing is
        to be done: it shall not be at the site, and is not."""
        kind, leaves = self._kinds[resource.kind], resource.body.get("unassign") is True and resource.parent is not None
        if here is not None and here.parent_id == site_id:
            away = Placement(before=resource.parent, site_id=site_id, leaves=True)
            return Found(live=here, placement=away if leaves else None)
        if leaves:
            return None
        if resource.absent:
            return Found(live=None)
        if here is None and (why := self._unread(kind)):
            return Refusal("unread", "The live state could not be read", why)
        if here is None and resource.parent:
            others = [item for item in self._live.objects if item.kind == kind.name and item.parent_id != site_id]
            others = [item for item in others if free(item) and self._address(item, kind) not in declared]
            found = self._coming(resource, kind, others)
            if isinstance(found, Refusal):
                return found
            here = found
        if here is None:
            return self._claimed(resource, kind)
        before = self._sites.get(here.parent_id or "")
        return Found(live=here, placement=Placement(before=before, site_id=here.parent_id))

    def pinned(self, resource: Resource) -> Sequence[LiveObject]:
        """The live object of a resource's `id:`, wherever it is, of a kind that comes to sites so."""
        if not self._kinds[resource.kind].assigning or not resource.api_id:
            return ()
        wanted = resource.api_id.lower()
        return [item for item in self._live.objects if item.kind == resource.kind and item.id.lower() == wanted]

    def namesakes(self, resource: Resource, place: str | None) -> Sequence[LiveObject]:
        """The live objects of a resource's name in other places than this one."""
        kind = self._kinds[resource.kind]
        others = (item for item in self._live.objects if item.kind == kind.name and item.parent_id != place)
        return [item for item in others if live_name(kind, item) == resource.key]

    def _address(self, item: LiveObject, kind: Kind) -> Address:
        parent = self._sites.get(item.parent_id) if item.parent_id else None
        return Address.of(kind.name, live_name(kind, item) or item.id, parent=parent)

    def _coming(self, resource: Resource, kind: Kind, others: Sequence[LiveObject]) -> LiveObject | Refusal | None:
        """The one of other places that comes to the site: what the address was before, of its MAC address, or of its
        name and at no site."""
        mac = resource.body.get("mac")
        same = [item for item in others if item.id == resource.known_id] or [
            item for item in others if isinstance(mac, str) and _mac_of(item) == plain_mac(mac)
        ]
        named = [item for item in others if live_name(kind, item) == resource.key and self._may_be(item, mac)]
        found = same or [item for item in named if item.parent_id is None]
        if len(found) > 1:
            ids = " and ".join(f"id {item.id}" for item in found)
            detail = f"it could be {ids}: pin the one that you mean with `id:`"
            return Refusal("ambiguous-live", "Two live objects have the same name", detail)
        if found or not named:
            return found[0] if found else None
        return self._at_another(resource, kind, named[0])

    def _may_be(self, item: LiveObject, mac: object) -> bool:
        """Whether a live object may have a declared MAC address."""
        return not isinstance(mac, str) or _mac_of(item) in ("", plain_mac(mac))

    def _at_another(self, resource: Resource, kind: Kind, item: LiveObject) -> Refusal:
        at = self._sites.get(item.parent_id or "", item.parent_id)
        detail = (
            f"one of that name is at {at} (id {item.id}). If it is the one that you mean, it moves here with "
            f"`aliases: [{at}/{kind.name}.{resource.key}]`, or with its `mac`"
        )
        return Refusal("not-at-site", f"A {kind.title} is at another site", detail)

    def _claimed(self, resource: Resource, kind: Kind) -> Found | Refusal:
        """What is nowhere yet: it is claimed, or made where the organisation makes them."""
        if others := [] if resource.parent else self.namesakes(resource, None):
            at = self._sites.get(others[0].parent_id or "", others[0].parent_id)
            detail = (
                f"it is at {at}, so that it would be made twice. Declare it there; or take it from there with "
                f"`aliases: [{at}/{kind.name}.{resource.key}]`"
            )
            return Refusal("not-here", f"A {kind.title} is at a site", detail)
        if _has_code(resource):
            return Found(live=None, placement=Placement(claims=True))
        if resource.parent is None:
            return Found(live=None)
        detail = (
            f"the organisation has no {kind.title} of that name at no site: correct the name, claim it in the portal, "
            "or let this tool claim it with `claim_code: !secret env:NAME`"
        )
        return Refusal("not-claimed", f"The {kind.title} is not claimed", detail)

    def _unread(self, kind: Kind) -> str:
        return next((miss.reason for miss in self._live.unread if (miss.kind, miss.parent_id) == (kind.name, None)), "")


def _mac_of(item: LiveObject) -> str:
    return plain_mac(str(item.body.get("mac") or ""))
