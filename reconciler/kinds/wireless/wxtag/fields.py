"""A WxLAN tag, by which WLANs and WxLAN rules pick clients, applications and resources.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Mac, MacOrText, Protocol, Subnet, VlanId


class WxTagSpec(Model):
    hostnames: Annotated[list[str], AsSet()] | None = None
    port_range: Annotated[str, Default("0")] | None = None
    protocol: Annotated[Protocol, Default("any")] | None = None
    subnets: Annotated[list[Subnet], AsSet()] | None = None


class WxTag(Model):
    """A WxLAN tag."""

    mac: Mac | None = Field(None, description="The client's MAC address, for type client")
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
            "radius_vendor",
            "sdkclient_uuid",
            "wlan_id",
        ]
        | None
    ) = Field(None, description="What `values` are, for type match")
    name: str = Field(min_length=1, description="How the tag is called")
    op: Annotated[Literal["in", "not_in"], Default("in")] | None = Field(
        None, description="Whether the values select or exclude"
    )
    resource_mac: Mac | None = None
    services: Annotated[list[str], AsSet()] | None = None
    specs: Annotated[list[WxTagSpec], AsSet()] | None = Field(
        None, description="Destinations by protocol, port and subnet, for type spec"
    )
    subnet: Subnet | None = None
    type: Literal["client", "match", "resource", "spec", "subnet", "vlan"] | None = Field(
        None, description="What the tag selects by"
    )
    values: Annotated[list[MacOrText], AsSet()] | None = Field(
        None, description="What to match; WLANs by name where match is wlan_id"
    )
    vlan_id: VlanId | None = Field(None, description="The VLAN, for type vlan")
