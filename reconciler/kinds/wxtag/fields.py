"""A WxLAN tag, by which WLANs and WxLAN rules pick clients, applications and resources.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Mac, Protocol, Subnet, VlanId


class WxTagSpec(Model):
    port_range: str | None = None
    protocol: Protocol | None = None
    subnets: Annotated[list[Subnet], AsSet()] | None = None


class WxTag(Model):
    mac: Mac | None = None
    match: (
        Literal[
            "ap_id",
            "app",
            "asset_mac",
            "client_mac",
            "hostname",
            "ip_range_subnet",
            "port",
            "psk_name",
            "psk_role",
            "radius_attr",
            "radius_class",
            "radius_group",
            "radius_username",
            "sdkclient_uuid",
            "wlan_id",
        ]
        | None
    ) = None
    name: str = Field(min_length=1)
    op: Literal["in", "not_in"] | None = None
    resource_mac: Mac | None = None
    services: Annotated[list[str], AsSet()] | None = None
    specs: Annotated[list[WxTagSpec], AsSet()] | None = None
    subnet: Subnet | None = None
    type: Literal["client", "match", "resource", "spec", "subnet", "vlan"] | None = None
    values: Annotated[list[str], AsSet()] | None = None
    vlan_id: VlanId | None = None
