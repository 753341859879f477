"""Networks of WAN edges.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.types import Ipv4Address, Ipv6Address, VlanId


class InternetDestinationNat(Model):
    internal_ip: str | None = None
    name: str | None = None
    port: str | None = None
    wan_name: str | None = None


class InternetStaticNat(Model):
    internal_ip: str | None = None
    name: str | None = None
    wan_name: str | None = None


class MulticastGroup(Model):
    rp_ip: str | None = None


class NetworkTenant(Model):
    addresses: Annotated[list[str], AsSet()] | None = None


class SourceNat(Model):
    external_ip: str | None = None


class VpnDestinationNat(Model):
    internal_ip: str | None = None
    name: str | None = None
    port: str | None = None


class VpnStaticNat(Model):
    internal_ip: str | None = None
    name: str | None = None


class InternetAccess(Model):
    create_simple_service_policy: Annotated[bool, Default(False)] | None = None
    destination_nat: dict[str, InternetDestinationNat] | None = None
    enabled: bool | None = None
    restricted: Annotated[bool, Default(False)] | None = None
    static_nat: dict[str, InternetStaticNat] | None = None


class Multicast(Model):
    disable_igmp: Annotated[bool, Default(False)] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    groups: dict[str, MulticastGroup] | None = None


class VpnAccess(Model):
    advertised_subnet: str | None = None
    allow_ping: bool | None = None
    destination_nat: dict[str, VpnDestinationNat] | None = None
    nat_pool: str | None = None
    no_readvertise_to_lan_bgp: Annotated[bool, Default(False)] | None = None
    no_readvertise_to_lan_ospf: Annotated[bool, Default(False)] | None = None
    no_readvertise_to_overlay: bool | None = None
    other_vrfs: Annotated[list[str], AsSet()] | None = None
    routed: bool | None = None
    source_nat: SourceNat | None = None
    static_nat: dict[str, VpnStaticNat] | None = None
    summarized_subnet: str | None = None
    summarized_subnet_to_lan_bgp: str | None = None
    summarized_subnet_to_lan_ospf: str | None = None


class Network(Model):
    disallow_mist_services: Annotated[bool, Default(False)] | None = None
    gateway: Ipv4Address | None = None
    gateway6: Ipv6Address | None = None
    internal_access: Toggle | None = None
    internet_access: InternetAccess | None = None
    isolation: bool | None = None
    multicast: Multicast | None = None
    name: str | None = None
    routed_for_networks: Annotated[list[str], AsSet()] | None = None
    subnet: str | None = None
    subnet6: str | None = None
    tenants: dict[str, NetworkTenant] | None = None
    vlan_id: VlanId | None = None
    vpn_access: dict[str, VpnAccess] | None = None
