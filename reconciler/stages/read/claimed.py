"""The claimed devices of the organisation: what they are and at which site. Wants in, claimed devices and live objects
for those at no site out.

Facts: the organisation's inventory in the vendor's OpenAPI document; members of a virtual chassis are listed on
request.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.kinds import Kind, Kinds
from reconciler.mist.client import MistClient
from reconciler.model.address import plain_mac
from reconciler.model.memory import Asked, Memory
from reconciler.model.resource import Claimed, LiveObject, Unread
from reconciler.stages.read.listings import ONE_LISTING
from reconciler.stages.read.wants import Wants

INVENTORY = "orgs/{org_id}/inventory"
QUERY = {"vc": "true"}


def read_claimed(
    client: MistClient, wants: Wants, kinds: Kinds, org_id: str, *, memory: Memory
) -> tuple[Mapping[str, Claimed] | None, tuple[Unread, ...]]:
    """Every claimed device by MAC address, where a kind of devices is wanted; what could not be read."""
    if not is_listed(wants, kinds):
        return None, ()
    asked = INVENTORY.format(org_id=org_id), tuple(sorted(QUERY.items()))
    try:
        items = memory.answer(asked)
        if items is None:
            items = [] if memory.alone else client.list(asked[0], query=QUERY)
            memory.learn(asked, items)
    except ONE_LISTING as error:
        return None, tuple(
            Unread(kind=kind.name, parent_id=None, reason=str(error)) for kind in _wanted(wants, kinds) if kind.hardware
        )
    found = (claimed_of(item) for item in items)
    return {item.mac: item for item in sorted(found, key=lambda item: item.mac)}, ()


def is_listed(wants: Wants, kinds: Kinds) -> bool:
    """Whether the claimed devices are asked for."""
    return any(kind.hardware for kind in _wanted(wants, kinds))


def moved(memory: Memory, claimed: Mapping[str, Claimed] | None) -> list[Asked]:
    """The recalled lists of devices that are not those which a site has now: the log names one end of a move."""
    at: dict[str, set[str]] = {}
    for device in (claimed or {}).values():
        if device.site_id and device.chassis in ("", device.mac):
            at.setdefault(device.site_id, set()).add(device.mac)
    found = []
    for asked in sorted(memory.recalled):
        head, _, rest = asked[0].partition("/")
        site_id, _, what = rest.partition("/")
        if (head, what) == ("sites", "devices"):
            held = {plain_mac(str(body.get("mac") or "")) for body in memory.answers[asked]}
            if claimed is None or held != at.get(site_id, set()):
                found.append(asked)
    return found


def claimed_of(item: Mapping[str, Any]) -> Claimed:
    """One entry of the inventory."""
    mac = plain_mac(str(item.get("mac") or ""))
    return Claimed(
        mac=mac,
        id=str(item.get("id") or f"00000000-0000-0000-1000-{mac}"),
        type=str(item.get("type") or "ap"),
        model=str(item.get("model") or ""),
        site_id=item.get("site_id") or None,
        chassis=plain_mac(str(item.get("vc_mac") or "")),
    )


def where_they_are(wants: Wants, claimed: Mapping[str, Claimed] | None, kinds: Kinds) -> Wants:
    """The wants, and for each declared device the list of the site that it is at now."""
    by_type = {kind.hardware: kind.name for kind in kinds if kind.hardware}
    below = dict(wants.below)
    for mac in sorted(wants.devices) if claimed else ():
        device = claimed.get(mac) if claimed else None
        name = by_type.get(device.type) if device else None
        if device and device.site_id and name in below:
            below[name] = replace(below[name], ids=below[name].ids | {device.site_id})
    return replace(wants, below=below)


def unassigned(wants: Wants, claimed: Mapping[str, Claimed] | None, kinds: Kinds) -> Iterable[LiveObject]:
    """The claimed devices of the wanted kinds that are at no site: nothing holds them, and nothing is configured."""
    by_type = {kind.hardware: kind.name for kind in _wanted(wants, kinds) if kind.hardware}
    for device in (claimed or {}).values():
        if device.site_id is None and device.type in by_type and device.chassis in ("", device.mac):
            body = {"id": device.id, "mac": device.mac, "type": device.type}
            yield LiveObject(kind=by_type[device.type], id=device.id, body=body)


def _wanted(wants: Wants, kinds: Kinds) -> tuple[Kind, ...]:
    return tuple(kind for kind in kinds if kind.name in wants.below)
