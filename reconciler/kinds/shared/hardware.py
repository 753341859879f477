"""What the entries of devices and of their profiles say alike.

Facts: the vendor's OpenAPI document (the devices of a site, the organisation's inventory, device profiles). A device is
known by its MAC address. It is claimed, assigned to a site and configured there; its profile is given by a call of its
own.
"""

from typing import Final

from reconciler.kinds.kind import Endpoint, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD

DEVICE_ROOTS: Final = MADE_BY_CLOUD | {"image1_url", "image2_url", "image3_url", "model", "serial", "type"}
"""Roots of a device that nobody writes."""


def devices_of_site(device_type: str) -> Endpoint:
    """The devices of one type at each site: one list holds them all, and lists access points only unless asked."""
    return Endpoint(
        collection="sites/{parent_id}/devices",
        item="sites/{parent_id}/devices/{id}",
        parent="site",
        query={"type": "all"},
        only={"type": device_type},
    )


def profiles_of(device_type: str) -> Endpoint:
    """The device profiles for one type of device; a list has one type."""
    return Endpoint(
        collection="orgs/{org_id}/deviceprofiles",
        item="orgs/{org_id}/deviceprofiles/{id}",
        query={"type": device_type},
        only={"type": device_type},
    )


def device_references(device_type: str) -> tuple[Reference, ...]:
    """What a device names: its profile, and the map that it hangs on."""
    return (
        Reference(
            field="deviceprofile",
            api="deviceprofile_id",
            kind=f"deviceprofile_{device_type}",
            assigned="orgs/{org_id}/deviceprofiles/{id}",
        ),
        Reference(field="map", api="map_id", kind="map"),
    )
