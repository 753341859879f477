"""A device profile for WAN edges.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import NamedNetworks, Toggle
from reconciler.kinds.shared.gateway import (
    DhcpdConfig,
    GatewayIpConfig,
    GatewayMatching,
    GatewayOobIpConfig,
    PathPreferences,
)
from reconciler.kinds.shared.gateway_networks import Network
from reconciler.kinds.shared.gateway_policies import IdpProfile, ServicePolicy
from reconciler.kinds.shared.gateway_ports import GatewayPort
from reconciler.kinds.shared.gateway_tunnels import TunnelConfig, TunnelProviderOptions
from reconciler.kinds.shared.routing import BgpConfig, Ipv4Route, Ipv6Route, RoutingPolicy
from reconciler.kinds.shared.types import Host, IpAddress


class GatewayProfile(Model):
    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands), applied last"
    )
    bgp_config: dict[str, BgpConfig] | None = Field(None, description="BGP groups by name")
    dhcpd_config: DhcpdConfig | None = None
    dns_override: Annotated[bool, Default(False)] | None = Field(None, alias="dnsOverride")
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    extra_routes: dict[str, Ipv4Route] | None = Field(None, description="Static IPv4 routes; keys are destinations")
    extra_routes6: dict[str, Ipv6Route] | None = Field(None, description="Static IPv6 routes; keys are destinations")
    gateway_matching: GatewayMatching | None = None
    idp_profiles: dict[str, IdpProfile] | None = None
    ip_configs: dict[str, GatewayIpConfig] | None = None
    name: str = Field(min_length=1)
    networks: Annotated[list[Network], KeyedBy("name", ordered=False)] | None = None
    ntp_override: Annotated[bool, Default(False)] | None = Field(None, alias="ntpOverride")
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    oob_ip_config: GatewayOobIpConfig | None = None
    path_preferences: dict[str, PathPreferences] | None = None
    port_config: dict[str, GatewayPort] | None = None
    router_id: str | None = None
    routing_policies: dict[str, RoutingPolicy] | None = Field(None, description="Routing policies by name")
    service_policies: Annotated[list[ServicePolicy], KeyedBy("name", "servicepolicy")] | None = None
    ssr_additional_config_cmds: list[str] | None = None
    tunnel_configs: dict[str, TunnelConfig] | None = None
    tunnel_provider_options: TunnelProviderOptions | None = None
    url_filtering_deny_msg: str | None = None
    vrf_config: Toggle | None = Field(None, description="Whether routing instances are used")
    vrf_instances: dict[str, NamedNetworks] | None = Field(None, description="Routing instances by name")
