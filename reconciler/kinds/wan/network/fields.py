"""A network of the organisation, which WAN edges offer and protect.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.gateway_networks import InternetAccess, Multicast, NetworkTenant, VpnAccess
from reconciler.kinds.shared.types import Ipv4Address, Ipv6Address, VlanId


class OrgNetwork(Model):
    """A network that WAN edges offer to clients and other sites."""

    disallow_mist_services: Annotated[bool, Default(False)] | None = None
    gateway: Ipv4Address | None = None
    gateway6: Ipv6Address | None = None
    internal_access: Toggle | None = None
    internet_access: InternetAccess | None = None
    isolation: bool | None = None
    multicast: Multicast | None = None
    name: str = Field(min_length=1, description="Unique within the organisation")
    routed_for_networks: Annotated[list[str], AsSet()] | None = None
    subnet: str | None = Field(None, description="Its addresses, may hold variables")
    subnet6: str | None = None
    tenants: dict[str, NetworkTenant] | None = Field(None, description="Users of the network by name")
    vlan_id: VlanId | None = Field(None, description="VLAN of the network, or a site variable")
    vpn_access: dict[str, VpnAccess] | None = Field(
        None, description="How it is reached over a VPN; keys are VPNs by name"
    )
