"""Where devices are, and which profile they have: what two resource types say of objects that others may configure.

`mist_org_inventory` has every claimed device with its site, `mist_org_deviceprofile_assign` the MAC addresses that a
profile is assigned to. A device at a site is an object of an inventory though nothing else is written of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.imports.state import StateResource
from reconciler.kinds import Kinds
from reconciler.model.address import plain_mac
from reconciler.model.resource import LiveObject

INVENTORY, ASSIGNMENT = TYPES = ("mist_org_inventory", "mist_org_deviceprofile_assign")
_PROFILE = "deviceprofile_id"


class Placed(Struct, frozen=True):
    """A device as a resource has it."""

    resource: StateResource
    found: LiveObject


class Loose(Struct, frozen=True):
    """A device of which nothing can be declared, and why."""

    resource: StateResource
    mac: str
    why: str


def placed_devices(resource: StateResource, kinds: Kinds) -> Iterator[Placed | Loose]:
    """The devices of a `mist_org_inventory`: at their sites, or at none."""
    by_type = {kind.hardware: kind.name for kind in kinds if kind.hardware}
    entries = resource.values.get("inventory")
    for key, entry in sorted(entries.items()) if isinstance(entries, Mapping) else ():
        mac = _text(entry, "mac")
        kind = by_type.get(_text(entry, "type"))
        if kind is None or _text(entry, "vc_mac") not in ("", mac):
            continue  # a Mist Edge has a resource of its own, and a member is configured with its chassis
        site, device = _text(entry, "site_id"), _text(entry, "id")
        if not (mac and site and device):
            yield Loose(resource, mac or str(key), "they are at no site, or the state does not say at which")
            continue
        body = {"id": device, "mac": plain_mac(mac)}
        yield Placed(resource, LiveObject(kind=kind, id=device, parent_id=site, body=body))


def with_profile(resource: StateResource, objects: Iterable[LiveObject]) -> Iterator[Placed | Loose]:
    """The devices among the objects that a `mist_org_deviceprofile_assign` gives a profile, with it."""
    by_mac = {plain_mac(str(item.body.get("mac"))): item for item in objects if item.body.get("mac")}
    profile, listed = _text(resource.values, _PROFILE), resource.values.get("macs")
    for mac in listed if isinstance(listed, list) and profile else ():
        found = by_mac.get(plain_mac(str(mac)))
        if found is None:
            yield Loose(resource, str(mac), "the state does not say at which site they are")
        else:
            yield Placed(resource, replace(found, body={**found.body, _PROFILE: profile}))


def _text(values: Any, key: str) -> str:
    value = values.get(key) if isinstance(values, Mapping) else None
    return value if isinstance(value, str) else ""
