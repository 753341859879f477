"""Finds declared devices among the claimed ones: at their site, at another one, at none, or not claimed.

A device is neither made nor deleted. Where it is not at its site yet, a `Placement` says how it comes there; where it
can't, a `Refusal` says what to do.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address, device_id, plain_mac
from reconciler.model.change import Placement
from reconciler.model.resource import Claimed, Live, LiveObject, Resource


class Found(Struct, frozen=True, kw_only=True):
    """The live object that a declared device is, how it comes to its site (None: it is there), and others that belong
    to the same device."""

    live: LiveObject
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

    def find(self, resource: Resource, kind: Kind, site_id: str | None) -> Found | Refusal | None:
        """The device that a resource below the site with this id declares (None: the site is made in this run). None
        where nothing is to be done: it shall not be at the site, and is not."""
        mac = resource.key or ""
        device = (self._claimed or {}).get(mac)
        live = self._by_mac.get((kind.name, mac))
        is_here = live is not None and site_id is not None and live.parent_id == site_id
        if device and (problem := _unfit(kind, device)):
            return problem
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
